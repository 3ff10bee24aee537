import { html } from 'hono/html';
import type { HistoryEvent } from '../../services/states/history.ts';
import type { ExecutionView } from '../../services/states/views.ts';
import { beginning, count, type Html, instant, json, path, table } from '../html.ts';
import type { Asked } from '../page.ts';
import { detailsOf } from '../visits.ts';

const EVENTS_SHOWN = 100;
const SUMMARY_LENGTH_MAX = 120;

/** The events of an execution in order, a page of them: the last one where none is asked for. */
export function historyOf(asked: Asked, execution: ExecutionView, stateAt: ReadonlyMap<number, string>): Html {
  const asks = Number(asked.query('from'));
  const from =
    Number.isInteger(asks) && asks >= 1 && asks <= execution.events
      ? asks
      : Math.floor(Math.max(0, execution.events - 1) / EVENTS_SHOWN) * EVENTS_SHOWN + 1;
  const events = asked.cloud.services.states.views.events(execution, from, EVENTS_SHOWN);
  const last = from + events.length - 1;
  return html`<section id="history"><h2>History</h2>
${table(
  `Events ${count(from)} to ${count(last)} of ${count(execution.events)}`,
  ['Event', 'Type', 'State', 'Time', 'Follows', 'Details'],
  events.map((event) => cellsOf(event, stateAt.get(event.id) ?? '')),
  'Nothing has happened yet.',
)}
${pages(asked, execution.events, from)}</section>`;
}

function cellsOf(event: HistoryEvent, state: string): unknown[] {
  const details = detailsOf(event);
  return [event.id, event.type, state, instant(event.timestamp * 1000), event.previousEventId, detailsCell(event.id, details)];
}

function detailsCell(id: number, details: Readonly<Record<string, unknown>>): unknown {
  if (Object.keys(details).length === 0) return '';
  const shown = Object.fromEntries(Object.entries(details).map(([key, value]) => [key, parsed(value)]));
  return html`<details id="event-${id}"><summary>${summaryOf(details)}</summary>${json(shown, `Details of event ${id}`)}</details>`;
}

/** What an event is about beyond its state, in a line. */
function summaryOf(details: Readonly<Record<string, unknown>>): string {
  const parts = [details.error, details.resourceType, details.resource, details.index]
    .filter((part) => typeof part === 'string' || typeof part === 'number')
    .map(String);
  return beginning(parts.length === 0 ? Object.keys(details).join(', ') : parts.join(' · '), SUMMARY_LENGTH_MAX);
}

/** Payloads are JSON in text: a person wants to read what is in them. */
function parsed(value: unknown): unknown {
  if (typeof value !== 'string' || !/^[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function pages(asked: Asked, events: number, from: number): Html {
  if (events <= EVENTS_SHOWN) return html``;
  const link = (to: number, label: string) =>
    to === from || to < 1 || to > events
      ? ''
      : html`<a href="${path('execution', { arn: asked.query('arn'), state: asked.query('state'), from: to })}#history">${label}</a>`;
  const lastPage = Math.floor((events - 1) / EVENTS_SHOWN) * EVENTS_SHOWN + 1;
  return html`<nav class="pager" aria-label="Pages of the history">${link(1, 'First')}${link(from - EVENTS_SHOWN, 'Earlier')}${link(from + EVENTS_SHOWN, 'Later')}${link(lastPage, 'Last')}</nav>`;
}
