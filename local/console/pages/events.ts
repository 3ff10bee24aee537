import { html } from 'hono/html';
import type { EventFilter, NumberedEvent } from '../../services/events/event-log.ts';
import { beginning, instant, json, pager, table } from '../html.ts';
import { type Asked, beforeOf, PAGE_ROWS, type Page } from '../page.ts';

/** The events that were put on the buses, latest first. */
export function eventsPage(asked: Asked): Page {
  const { events } = asked.cloud.services;
  const chosen = { bus: asked.query('bus'), source: asked.query('source'), type: asked.query('type'), text: asked.query('text') };
  const filter: EventFilter = {
    ...(chosen.bus !== undefined && { bus: chosen.bus }),
    ...(chosen.source !== undefined && { source: chosen.source }),
    ...(chosen.type !== undefined && { detailType: chosen.type }),
    ...(chosen.text !== undefined && { text: chosen.text }),
  };
  const before = beforeOf(asked);
  const { rows, next, cut } = events.log().page(filter, before, PAGE_ROWS);
  const field = (name: keyof typeof chosen, label: string) =>
    html`<label>${label} <input type="search" name="${name}" value="${chosen[name] ?? ''}" maxlength="200"></label>`;
  return {
    title: 'Events',
    main: html`<search><form method="get" action="/console/events" class="filter">
<label>Bus <select name="bus"><option value="">all</option>${events.buses().map((name) => html`<option value="${name}"${name === chosen.bus ? html` selected` : ''}>${name}</option>`)}</select></label>
${field('source', 'Source is')}${field('type', 'Detail type is')}${field('text', 'Event contains')}<button>Find</button></form></search>
${table('Events, latest first', ['Detail type', 'Put', 'Source', 'Bus', 'Event'], rows.map(cellsOf), cut ? 'None among those looked at.' : 'No event fits.')}
${cut ? html`<p class="note" role="status">The search was cut: so many events are gone through at once. “Older” goes on from there.</p>` : ''}
${pager('events', chosen, next, before === undefined)}`,
  };
}

function cellsOf({ number, putAt, eventBusName, ...envelope }: NumberedEvent): unknown[] {
  return [
    envelope['detail-type'],
    instant(putAt),
    envelope.source,
    eventBusName,
    html`<details id="event-${number}"><summary>${lineOf(envelope.detail) || 'no detail'}</summary>${json(envelope, 'The event')}</details>`,
  ];
}

const LINE_LENGTH_MAX = 76;
const VALUE_LENGTH_MAX = 30;

/** The short members of an event's detail in a line. */
function lineOf(detail: Readonly<Record<string, unknown>>): string {
  const shorts = Object.entries(detail).filter(([, value]) => typeof value !== 'object' && String(value).length <= VALUE_LENGTH_MAX);
  const line = shorts.map(([name, value]) => `${name}: ${String(value)}`).join(', ');
  return beginning(line, LINE_LENGTH_MAX);
}
