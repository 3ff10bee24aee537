import { html } from 'hono/html';
import { formatInstant } from '../duration.ts';

/** Text that is safe in a page: whatever was put into it was escaped. */
export type Html = ReturnType<typeof html>;

export const NOTHING: Html = html``;

/** A UUID, and somewhat more. */
const ONE_LINE_BYTES = 40;
/** How much of a text a page shows. */
const SHOWN_MAX = 65_536;

/** An instant in UTC; the whole of it is in the attribute. */
export function instant(at: number): Html {
  const text = formatInstant(at);
  return html`<time datetime="${text}">${text.replace('T', ' ').replace(/\.\d+Z$|Z$/, '')}</time>`;
}

const UNITS: readonly (readonly [milliseconds: number, unit: string])[] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1000, 's'],
];

/** A span of time in its two largest units: `3 d 4 h`. */
export function span(milliseconds: number): string {
  const parts: string[] = [];
  let left = Math.max(0, milliseconds);
  for (const [size, unit] of UNITS) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0) parts.push(`${count}\u00a0${unit}`);
    else if (parts.length > 0) break;
  }
  return parts.length === 0 ? (milliseconds > 0 ? 'less than 1\u00a0s' : '0\u00a0s') : parts.slice(0, 2).join(' ');
}

/** A whole number with its thousands told apart. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** The beginning of a text; a sign tells that there is more, and no character is cut in two. */
export function beginning(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length).replace(/[\ud800-\udbff]$/, '')}…` : text;
}

/** A table of rows, each with as many cells as there are heads; where there is none, a sentence. */
export function table(caption: string, heads: readonly (string | Html)[], rows: readonly (readonly unknown[])[], none: string): Html {
  if (rows.length === 0) return html`<p class="none">${none}</p>`;
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table><caption>${caption}</caption>
<thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>${rows.map((cells) => html`<tr>${cells.map((cell, column) => (column === 0 ? rowHead(cell) : html`<td>${cell}</td>`))}</tr>`)}</tbody></table></div>`;
}

/** An identifier stands in one line; a longer name may break. */
function rowHead(cell: unknown): Html {
  const isLong = Buffer.byteLength(String(cell).replaceAll(/<[^>]*>/g, '')) > ONE_LINE_BYTES;
  return html`<th scope="row">${isLong ? html`<span class="long">${cell}</span>` : cell}</th>`;
}

/** Names and what they are, one under the other. */
export function facts(entries: readonly (readonly [name: string, value: unknown] | undefined)[]): Html {
  return html`<dl class="facts">${entries.map((entry) => (entry === undefined ? '' : html`<div><dt>${entry[0]}</dt><dd>${entry[1]}</dd></div>`))}</dl>`;
}

const MARKS: Readonly<Record<string, readonly [mark: string, tone: string]>> = {
  RUNNING: ['▸', 'running'],
  SUCCEEDED: ['✓', 'done'],
  FAILED: ['✕', 'failed'],
  TIMED_OUT: ['✕', 'failed'],
  ABORTED: ['■', 'stopped'],
  running: ['▸', 'running'],
  waiting: ['◷', 'waiting'],
  done: ['✓', 'done'],
  caught: ['↷', 'caught'],
  failed: ['✕', 'failed'],
  stopped: ['■', 'stopped'],
};

/** The sign of a status: told by mark and tone, so that nobody needs colours. */
export function markOf(status: string): { readonly mark: string; readonly tone: string } {
  const [mark, tone] = MARKS[status] ?? ['○', 'none'];
  return { mark, tone };
}

/** A status as a mark and a word. */
export function badge(status: string): Html {
  const { mark, tone } = markOf(status);
  return html`<span class="badge ${tone}"><span aria-hidden="true">${mark}</span> ${status.toLowerCase().replace('_', ' ')}</span>`;
}

/** A path of the console with those parameters that have a value. */
export function path(page: string, parameters: Readonly<Record<string, string | number | undefined>> = {}): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(parameters)) if (value !== undefined && value !== '') query.set(key, String(value));
  const text = query.toString();
  return `/console/${page}${text === '' ? '' : `?${text}`}`;
}

/** The last part of an ARN. */
export function nameOf(arn: string): string {
  return arn.slice(arn.lastIndexOf(':') + 1);
}

/** The page of a resource of this cloud; undefined for an ARN of anything else. */
export function pageOfArn(arn: string): string | undefined {
  const [, , service, , , kind = '', name = ''] = arn.split(':');
  if (service === 'states') return pageOfStates(arn, kind, name);
  if (service === 'lambda' && kind === 'function') return path('function', { name });
  if (service === 'sqs') return path('queue', { name: kind });
  if (service === 'dynamodb' && /^table\/[^/]+$/.test(kind)) return path('table', { name: kind.slice('table/'.length) });
  return undefined;
}

function pageOfStates(arn: string, kind: string, name: string): string | undefined {
  if (kind === 'execution' || kind === 'express') return path('execution', { arn });
  if (kind === 'mapRun') return path('map-run', { arn });
  if (kind === 'stateMachine') return path('machine', { name: name.split('/')[0] });
  return kind === 'activity' ? path('activity', { name }) : undefined;
}

const TOKENS = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** JSON in a readable form: names, texts and numbers told apart, ARNs of this cloud's resources as links. */
export function json(value: unknown, label: string): Html {
  const text = JSON.stringify(value, null, 2) ?? '';
  return block(text.slice(0, SHOWN_MAX), text.length, label, tokens);
}

/** JSON text in a readable form; text that is none as it is. */
export function jsonText(text: string, label: string): Html {
  try {
    return json(JSON.parse(text), label);
  } catch {
    return plain(text, label);
  }
}

/** Text as it is. */
export function plain(text: string, label: string): Html {
  return block(text.slice(0, SHOWN_MAX), text.length, label, (shown) => [shown]);
}

function block(shown: string, length: number, label: string, parts: (text: string) => unknown[]): Html {
  return html`<pre role="region" aria-label="${label}" tabindex="0"><code>${parts(shown)}</code></pre>${
    length > shown.length ? html`<p class="note">Cut: ${count(shown.length)} of ${count(length)} characters are shown.</p>` : ''
  }`;
}

function tokens(text: string): unknown[] {
  const parts: unknown[] = [];
  let end = 0;
  for (const match of text.matchAll(TOKENS)) {
    const [whole, quoted, colon] = match;
    if (match.index > end) parts.push(text.slice(end, match.index));
    end = match.index + whole.length;
    if (quoted === undefined) parts.push(html`<span class="j-value">${whole}</span>`);
    else if (colon !== undefined) parts.push(html`<span class="j-name">${quoted}</span>${colon}`);
    else parts.push(textToken(quoted));
  }
  parts.push(text.slice(end));
  return parts;
}

function textToken(quoted: string): unknown {
  const page = quoted.startsWith('"arn:') ? pageOfArn(quoted.slice(1, -1)) : undefined;
  return page === undefined ? html`<span class="j-text">${quoted}</span>` : html`<a href="${page}">${quoted}</a>`;
}

/** Links to the page that follows and, behind the first page, back to the first. */
export function pager(
  page: string,
  parameters: Readonly<Record<string, string | undefined>>,
  next: number | undefined,
  first: boolean,
): Html {
  if (next === undefined && first) return NOTHING;
  return html`<nav class="pager" aria-label="Pages">${first ? '' : html`<a href="${path(page, parameters)}">Latest</a>`}
${next === undefined ? '' : html`<a href="${path(page, { ...parameters, before: next })}" rel="next">Older</a>`}</nav>`;
}
