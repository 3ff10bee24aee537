import { html } from 'hono/html';
import type { ExecutionFilter, ExecutionSummary } from '../../services/states/views.ts';
import { badge, type Html, instant, nameOf, pager, path, span, table } from '../html.ts';
import { type Asked, beforeOf, PAGE_ROWS, type Page } from '../page.ts';
import { startedOn } from './execution.ts';

const STATUSES = ['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'] as const;

/** Executions, latest first, by machine, status, and text in name or input. */
export function executionsPage(asked: Asked): Page {
  const { views } = asked.cloud.services.states;
  const machines = views.machines();
  const chosen = { machine: asked.query('machine'), status: asked.query('status'), text: asked.query('text'), runs: asked.query('runs') };
  // `name:1` or `name:live`: those of a version or an alias.
  const [name, qualifier] = chosen.machine?.split(':') ?? [];
  const machine = machines.find((candidate) => candidate.name === name)?.arn;
  const status = STATUSES.find((candidate) => candidate === chosen.status);
  const filter: ExecutionFilter = {
    mapRuns: chosen.runs !== undefined,
    ...(chosen.machine !== undefined && { machine: machine ?? chosen.machine }),
    ...(qualifier !== undefined && { qualifier }),
    ...(status !== undefined && { status }),
    ...(chosen.text !== undefined && { text: chosen.text }),
  };
  const before = beforeOf(asked);
  const { rows, next, cut } = views.page(filter, before, PAGE_ROWS);
  return {
    title: 'Executions',
    main: html`<search><form method="get" action="/console/executions" class="filter">
<label>Machine <select name="machine"><option value="">all</option>${machines.map((one) => option(one.name, chosen.machine))}${qualifier === undefined ? '' : option(chosen.machine ?? '', chosen.machine)}</select></label>
<label>Status <select name="status"><option value="">all</option>${STATUSES.map((one) => option(one, status, one.toLowerCase().replace('_', ' ')))}</select></label>
<label>Name or input contains <input type="search" name="text" value="${chosen.text ?? ''}" maxlength="200"></label>
<label><input type="checkbox" name="runs" value="all"${chosen.runs === undefined ? '' : html` checked`}> also those of Map Runs</label>
<button>Find</button></form></search>
${table(
  'Executions, latest first',
  ['Execution', 'Status', 'Machine', 'Started', 'Stopped', 'Took'],
  rows.map((row) => cellsOf(row, asked.cloud.now())),
  cut ? 'None among those looked at.' : 'No execution fits.',
)}
${cut ? html`<p class="note" role="status">The search was cut: so many executions are gone through at once. “Older” goes on from there.</p>` : ''}
${pager('executions', chosen, next, before === undefined)}`,
  };
}

function option(value: string, chosen: string | undefined, label = value): Html {
  return html`<option value="${value}"${value === chosen ? html` selected` : ''}>${label}</option>`;
}

function cellsOf({ arn, machine, name, status, startedAt, stoppedAt, version, alias }: ExecutionSummary, now: number): unknown[] {
  return [
    html`<a href="${path('execution', { arn })}">${name}</a>`,
    badge(status),
    html`${nameOf(machine)}${version === undefined ? '' : html` <span class="tag">${startedOn(version, alias)}</span>`}`,
    instant(startedAt),
    stoppedAt === undefined ? '' : instant(stoppedAt),
    span((stoppedAt ?? now) - startedAt),
  ];
}
