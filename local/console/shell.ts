import { html, raw } from 'hono/html';
import type { Cloud } from '../cloud.ts';
import type { ClockMover } from './clock.ts';
import { count, type Html, instant, NOTHING, path, span } from './html.ts';
import { timerSubject } from './timers.ts';

interface Shell {
  readonly cloud: Cloud;
  readonly mover: ClockMover;
  readonly title: string;
  readonly main: Html;
  /** The path and query of this page: where a form leads back to. */
  readonly here: string;
  /** A number that is another one once anything has changed. */
  readonly changes: string;
  /** What came of the reader's last wish, where it came to nothing. */
  readonly notice?: string;
}

const PAGES: readonly (readonly [href: string, name: string, also: readonly string[]])[] = [
  ['/', 'Overview', []],
  [path('machines'), 'Machines', [path('machine'), path('activity')]],
  [path('executions'), 'Executions', [path('execution'), path('map-run')]],
  [path('tables'), 'Tables', [path('table')]],
  [path('inbox'), 'Inbox', [path('message')]],
  [path('queues'), 'Queues', [path('queue')]],
  [path('events'), 'Events', []],
  [path('functions'), 'Functions', [path('function')]],
];

const STYLES = ['console', 'content', 'graph'];

/** A whole page: what stands around `main` on each of them. */
export function shell({ cloud, mover, title, main, here, changes, notice }: Shell): Html {
  const at = here.split('?')[0] ?? here;
  return html`${raw('<!doctype html>')}
<html lang="en" data-changes="${changes}">
<head><meta charset="utf-8"><title>${title} · Embedded cloud</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<link rel="icon" href="/console/assets/icon.svg" type="image/svg+xml">
${STYLES.map((name) => html`<link rel="stylesheet" href="/console/assets/${name}.css">`)}<script type="module" src="/console/assets/console.js"></script>
${mover.moving ? html`<noscript><meta http-equiv="refresh" content="1"></noscript>` : ''}</head>
<body>
<a class="skip" href="#main">Skip to content</a>
<header>
<nav aria-label="Pages of the console"><a class="brand" href="/" tabindex="-1" aria-hidden="true">☁</a>${PAGES.map(
    ([href, name, also]) => html`<a href="${href}"${at === href || also.includes(at) ? html` aria-current="page"` : ''}>${name}</a>`,
  )}</nav>
${clockBar(cloud, mover, here)}
</header>
<p id="notice" role="alert"${notice === undefined ? html` hidden` : ''}>${notice ?? ''}</p>
<main id="main" tabindex="-1">
<h1>${title}</h1>
${main}
</main>
<footer>All times are UTC.</footer>
</body></html>`;
}

const MOVES: readonly (readonly [wish: string, label: string])[] = [
  ['PT1H', '+1 hour'],
  ['P1D', '+1 day'],
  ['next', 'Next event'],
  ['quiet', 'Run until quiet'],
];

function clockBar(cloud: Cloud, mover: ClockMover, here: string): Html {
  const now = cloud.now();
  const real = cloud.kernel.clock === 'real';
  // A clock that runs by itself would be read out every second.
  return html`<section id="clock" aria-label="Clock"><p><strong aria-live="${real ? 'off' : 'polite'}" id="now">${instant(now)}</strong></p>
${real ? html`<p class="note">The clock is the machine's own (CLOCK=real): it cannot be moved. With CLOCK=virtual it can.</p>` : mover.moving ? moving(mover, now, here) : moveForms(cloud, mover, here)}${next(cloud, now)}</section>`;
}

function next(cloud: Cloud, now: number): Html {
  const [timer] = cloud.kernel.timers(1);
  if (timer === undefined) return html`<p class="next">No timer is set: nothing is due.</p>`;
  return html`<p class="next">Next: ${instant(timer.at)} (in ${span(timer.at - now)}), ${timerSubject(cloud, timer)}</p>`;
}

function moveForms(cloud: Cloud, mover: ClockMover, here: string): Html {
  const idle = cloud.kernel.nextTimerAt() === undefined;
  return html`<form method="post" action="/console/clock" data-live>${back(here)}${MOVES.map(
    ([wish, label]) =>
      html`<button name="move" value="${wish}" id="move-${wish}"${wish === 'next' && idle ? html` disabled` : ''}>${label}</button>`,
  )}</form>
<form method="post" action="/console/clock" data-live>${back(here)}<label for="move-by">Move by or to</label>
<input id="move-by" name="move" required maxlength="40" placeholder="P3DT4H or 2026-03-05T00:00Z" autocomplete="off" spellcheck="false"><button id="move-go">Move</button></form>${last(mover)}`;
}

function moving(mover: ClockMover, now: number, here: string): Html {
  const { from = now, to = now, fired = 0 } = mover.move ?? {};
  return html`<form method="post" action="/console/clock/stop" data-live>${back(here)}<label for="progress">Moving to ${instant(to)}</label>
<progress id="progress" max="${Math.max(1, to - from)}" value="${now - from}"></progress> <span>${count(fired)} timers fired</span> <button id="move-stop">Stop here</button></form>`;
}

function last({ move }: ClockMover): Html {
  if (move?.state === 'failed') return html`<p class="note problem">The last move failed: ${move.problem}</p>`;
  if (move === undefined || move.to === move.from) return NOTHING;
  return html`<p class="note">${move.state === 'stopped' ? 'The last move was stopped' : `The last move: ${span(move.to - move.from)}`}, ${count(move.fired)} timers fired</p>`;
}

/** Where a form leads back to. */
export function back(here: string): Html {
  return html`<input type="hidden" name="back" value="${here}">`;
}
