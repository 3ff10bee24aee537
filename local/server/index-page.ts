import type { Cloud } from '../cloud.ts';
import { formatInstant } from '../duration.ts';

/** The page at `/`: what runs here and where to look. */
export function indexPage(cloud: Cloud): string {
  const { functions, outbox, stateTransitions } = cloud.counters();
  const rows = Object.entries(functions).map(
    ([name, { invocations, errors }]) =>
      `<tr><td><a href="/_local/logs?function=${encodeURIComponent(name)}">${escapeHtml(name)}</a></td><td>${invocations}</td><td>${errors}</td></tr>`,
  );
  const outputs = Object.entries(cloud.outputs()).map(
    ([key, value]) => `<tr><td>${escapeHtml(key)}</td><td><code>${escapeHtml(value)}</code></td></tr>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Embedded cloud</title>
<style>body{font:15px/1.5 system-ui,sans-serif;margin:2rem;max-width:60rem}table{border-collapse:collapse}td,th{text-align:left;padding:.2rem 1rem .2rem 0}</style></head>
<body><h1>Embedded cloud</h1>
<p>The clock (${cloud.kernel.clock}) stands at <strong>${formatInstant(cloud.now())}</strong>. State transitions: ${stateTransitions}.</p>
<ul><li><a href="/_local/clock">Clock</a></li><li><a href="/_local/outbox">Outbox</a> (${outbox})</li><li><a href="/_local/events">Events</a></li><li><a href="/_local/delivery">Delivery rules</a></li><li><a href="/_local/health">Health</a></li></ul>
<h2>Functions</h2><table><tr><th>Function</th><th>Runs</th><th>Errors</th></tr>${rows.join('')}</table>
<h2>Outputs</h2><table>${outputs.join('')}</table>
</body></html>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
