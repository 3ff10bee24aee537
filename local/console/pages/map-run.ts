import { html } from 'hono/html';
import type { ChildSummary, MapRunSummary, MapRunView } from '../../services/states/map-run-views.ts';
import { badge, count, facts, type Html, instant, json, NOTHING, nameOf, path, span, table } from '../html.ts';
import { type Asked, PAGE_ROWS, type Page } from '../page.ts';
import { back } from '../shell.ts';

type Counts = MapRunView['items'];

const SHOWN = {
  RUNNING: 'running',
  SUCCEEDED: 'succeeded',
  FAILED: 'failed',
  TIMED_OUT: 'timedOut',
  ABORTED: 'aborted',
} as const;
const STATUSES = Object.keys(SHOWN) as (keyof typeof SHOWN)[];
/** Of the executions that failed so many stand at the top. */
const FAILURES_SHOWN = 10;

/** One Map Run: how far it is, what it reads and writes, and its executions. Undefined where there is none. */
export function mapRunPage(asked: Asked): Page | undefined {
  const { mapRunViews } = asked.cloud.services.states;
  const arn = asked.query('arn') ?? '';
  const run = mapRunViews.find(arn);
  if (run === undefined) return undefined;
  const now = asked.cloud.now();
  return {
    title: `Map Run of ${run.state ?? run.label}`,
    main: html`${heading(run, now)}${redriveForm(run)}
<section><h2>Progress</h2>${progress(run)}${countTable(run)}</section>
${failuresOf(asked, run, now)}
<section id="executions"><h2>Executions</h2>${childList(asked, run, now)}</section>
<div class="columns"><section><h2>Where the items come from</h2>${sourceOf(run)}</section>
<section><h2>Where the results go</h2>${resultsOf(run)}</section></div>`,
  };
}

function heading(run: MapRunView, now: number): Html {
  const { status, executionArn, state, machine, express, startedAt, stoppedAt, concurrency, redrives, redrivenAt, label, arn } = run;
  return facts([
    ['Status', badge(status)],
    [
      'Execution',
      executionArn === undefined
        ? 'is gone'
        : html`<a href="${path('execution', { arn: executionArn, state })}">${nameOf(executionArn)}</a>`,
    ],
    ['Machine', html`<a href="${path('machine', { name: nameOf(machine) })}">${nameOf(machine)}</a>`],
    ['Executions are', express ? 'express' : 'standard'],
    ['Started', instant(startedAt)],
    stoppedAt === undefined ? undefined : ['Stopped', instant(stoppedAt)],
    [stoppedAt === undefined ? 'Runs for' : 'Took', span((stoppedAt ?? now) - startedAt)],
    ['At once', concurrency === 0 ? 'as many as may be' : count(concurrency)],
    ['Tolerates', toleranceOf(run)],
    redrives === 0
      ? undefined
      : ['Redriven', html`${count(redrives)}${redrivenAt === undefined ? '' : html`, last ${instant(redrivenAt)}`}`],
    ['Label', html`<code>${label}</code>`],
    ['ARN', html`<code>${arn}</code>`],
  ]);
}

function toleranceOf({ toleratedCount, toleratedPercentage }: MapRunView): string {
  const limits = [
    ...(toleratedCount === undefined ? [] : [`${count(toleratedCount)} failed items`]),
    ...(toleratedPercentage === undefined ? [] : [`${toleratedPercentage} % of the items failed`]),
  ];
  return limits.length === 0 ? 'no failure' : limits.join(' and ');
}

/** A run is redriven with its execution. */
function redriveForm({ redrivable, executionArn, arn }: MapRunView): Html {
  if (!redrivable || executionArn === undefined) return NOTHING;
  return html`<form method="post" action="/console/execution/redrive" data-live class="actions">${back(path('map-run', { arn }))}<input type="hidden" name="arn" value="${executionArn}"><button id="redrive">Redrive from what did not succeed</button></form>`;
}

function progress({ planned, status, executions }: MapRunView): Html {
  if (!planned)
    return html`<p class="note">${status === 'RUNNING' ? 'The items are being read.' : 'The items were not read: no execution was started.'}</p>`;
  const over = executions.total - executions.pending - executions.running;
  return html`<p class="progress"><label for="run-progress">Executions that have ended</label> <progress id="run-progress" max="${Math.max(1, executions.total)}" value="${over}"></progress> ${count(over)} of ${count(executions.total)}</p>`;
}

function countTable({ arn, executions, items }: MapRunView): Html {
  const cell = (counts: Counts, status: (typeof STATUSES)[number], link: boolean) => {
    const number = counts[SHOWN[status]];
    if (number === 0) return html`<span class="zero">0</span>`;
    return link ? html`<a href="${path('map-run', { arn, status })}#executions">${count(number)}</a>` : count(number);
  };
  const row = (name: string, counts: Counts, link: boolean) => [
    name,
    count(counts.total),
    count(counts.pending),
    ...STATUSES.map((status) => cell(counts, status, link)),
    count(counts.pendingRedrive),
    count(counts.failuresNotRedrivable),
  ];
  return table(
    'Executions and items by status',
    ['Of', 'All', 'Not started', ...STATUSES.map((status) => badge(status)), 'Wait for redrive', 'Beyond redrive'],
    [row('Executions', executions, true), row('Items', items, false)],
    '',
  );
}

/** What a person most likely came for. */
function failuresOf(asked: Asked, run: MapRunView, now: number): Html {
  const { failed, timedOut } = run.executions;
  if (failed + timedOut === 0) return NOTHING;
  const rows = asked.cloud.services.states.mapRunViews.children(run, ['FAILED', 'TIMED_OUT'], -1, FAILURES_SHOWN);
  return html`<section id="failures"><h2>Failures</h2>${childTable(`The first ${count(rows.length)} of ${count(failed + timedOut)} executions that failed`, rows, now, true)}</section>`;
}

function childList(asked: Asked, run: MapRunView, now: number): Html {
  const { arn } = run;
  const status = STATUSES.find((candidate) => candidate === asked.query('status'));
  const text = asked.query('after') ?? '';
  const after = /^\d{1,15}$/.test(text) ? Number(text) : -1;
  const rows = asked.cloud.services.states.mapRunViews.children(run, status === undefined ? [] : [status], after, PAGE_ROWS + 1);
  const shown = rows.slice(0, PAGE_ROWS);
  const choice = (value: (typeof STATUSES)[number] | undefined, label: unknown) =>
    html`<a href="${path('map-run', { arn, status: value })}#executions"${value === status ? html` aria-current="true"` : ''}>${label}</a>`;
  return html`<nav class="visits" aria-label="Executions by status">${choice(undefined, 'all')} ${STATUSES.map((value) => html`${choice(value, badge(value))} `)}</nav>
${childTable('Executions in the order of their items', shown, now)}
<nav class="pager" aria-label="Pages">${after < 0 ? '' : html`<a href="${path('map-run', { arn, status })}#executions">First</a>`}
${rows.length > PAGE_ROWS ? html`<a href="${path('map-run', { arn, status, after: shown.at(-1)?.position })}#executions" rel="next">Next</a>` : ''}</nav>`;
}

function childTable(caption: string, rows: readonly ChildSummary[], now: number, causes = false): Html {
  // A column that says nothing takes the place of one that does.
  const failed = rows.some(({ error, cause }) => error !== undefined || cause !== undefined);
  const batched = rows.some(({ items }) => items !== 1);
  return table(
    caption,
    ['Execution', 'Status', ...(failed ? ['Error'] : []), 'No.', ...(batched ? ['Items'] : []), 'Input', 'Started', 'Took'],
    rows.map((row) => [
      html`<a href="${path('execution', { arn: row.arn })}">${row.name}</a>`,
      badge(row.status),
      ...(failed ? [errorOf(row, causes)] : []),
      count(row.position + 1),
      ...(batched ? [count(row.items)] : []),
      html`<code class="excerpt">${row.input}</code>`,
      instant(row.startedAt),
      span((row.stoppedAt ?? now) - row.startedAt),
    ]),
    'No execution fits.',
  );
}

function errorOf({ error, cause }: ChildSummary, causes: boolean): Html {
  if (error === undefined && cause === undefined) return NOTHING;
  return html`<span class="problem">${error ?? 'No name was given.'}</span>${cause === undefined || !causes ? '' : html` <span class="excerpt">${cause}</span>`}`;
}

function sourceOf({ source }: MapRunView): Html {
  if (Object.keys(source).length === 0) return html`<p>The items are the state’s input.</p>`;
  return json(source, 'Where the items come from, as the definition has it');
}

function resultsOf({ results, status }: MapRunView): Html {
  if (results === undefined) return html`<p>They are the state’s own result.</p>`;
  const { bucket, manifest, written } = results;
  return html`<p>To the bucket <code>${bucket}</code>, with this manifest: <code>${manifest}</code></p>
<p class="note">${written ? 'They are written.' : status === 'RUNNING' ? 'They are written when all executions have ended.' : 'They are not written.'}</p>`;
}

/** The Map Runs of an execution; nothing where it has none. */
export function mapRunTable(runs: readonly MapRunSummary[]): Html {
  if (runs.length === 0) return NOTHING;
  return html`<section id="map-runs"><h2>Map Runs</h2>${table(
    'Map Runs, latest first',
    ['Map Run', 'Status', 'Executions', 'Not started', ...STATUSES.map((status) => badge(status)), 'Started'],
    runs.map(({ arn, state, label, status, executions, startedAt }) => [
      html`<a href="${path('map-run', { arn })}">${state ?? label}</a>`,
      badge(status),
      count(executions.total),
      count(executions.pending),
      ...STATUSES.map((one) =>
        one === 'FAILED' && executions.failed > 0
          ? html`<a href="${path('map-run', { arn, status: one })}#executions">${count(executions.failed)}</a>`
          : count(executions[SHOWN[one]]),
      ),
      instant(startedAt),
    ]),
    '',
  )}</section>`;
}

/** What the graph says of a Map state with a run. */
export function mapRunNote({ executions: { total, pending, running, failed, timedOut } }: MapRunSummary): string {
  const ended = `${count(total - pending - running)} of ${count(total)} ended`;
  return failed + timedOut === 0 ? ended : `${ended}, ${count(failed + timedOut)} failed`;
}
