import { html } from 'hono/html';
import type { MapRunSummary } from '../../services/states/map-run-views.ts';
import type { ExecutionView, Standing } from '../../services/states/views.ts';
import { drawingOf } from '../graph/drawing.ts';
import { type GraphContainer, statesOf } from '../graph/model.ts';
import { graphSvg, wordsOf } from '../graph/svg.ts';
import {
  badge,
  beginning,
  count,
  facts,
  type Html,
  instant,
  jsonText,
  markOf,
  NOTHING,
  nameOf,
  path,
  plain,
  span,
  table,
} from '../html.ts';
import type { Asked, Page } from '../page.ts';
import { isObject } from '../shape.ts';
import { back } from '../shell.ts';
import { type StateSummary, summaries, type Visit, visitsOf } from '../visits.ts';
import { historyOf } from './history.ts';
import { expressNote } from './machine.ts';
import { mapRunNote, mapRunTable } from './map-run.ts';

/** The most events that a history has. */
const EVENTS_MAX = 25_000;
const VISITS_SHOWN = 20;
const CAUSE_LENGTH_MAX = 200;
/** Step Functions' own key for the execution that started another. https://docs.aws.amazon.com/step-functions/latest/dg/concepts-nested-workflows.html */
const STARTED_BY = 'AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID';

/** One execution: its graph, its states with input and output, its history. Undefined where there is none. */
export function executionPage(asked: Asked): Page | undefined {
  const { cloud } = asked;
  const { views } = cloud.services.states;
  const arn = asked.query('arn') ?? '';
  const execution = views.find(arn);
  if (execution === undefined) return undefined;
  const visits = visitsOf(views.events(execution, 1, EVENTS_MAX));
  const states = summaries(execution, visits.all);
  const { graph, placed } = drawingOf(execution.definition);
  const chosen = asked.query('state') ?? stateOfInterest(execution, visits.all);
  const runs = cloud.services.states.mapRunViews.ofExecution(execution.id);
  const linkOf = (state: string) => `${path('execution', { arn, state, from: asked.query('from') })}#state`;
  return {
    title: execution.name,
    main: html`${heading(execution, cloud.now())}${execution.express ? expressNote() : NOTHING}${actions(execution, path('execution', { arn }))}
<section><h2>Graph</h2>${legend()}<div class="scroll graph-box" role="region" aria-label="Graph" tabindex="0">${graphSvg(placed, {
      label: `Graph of ${nameOf(execution.machine)}`,
      summaries: states,
      notes: notesOf(runs),
      moves: visits.moves,
      chosen,
      linkOf,
    })}</div>
<details id="states"><summary>The states as a list</summary>${stateList(graph, states, linkOf)}</details></section>
${mapRunTable(runs)}
<div class="columns"><section id="state">${chosen === undefined ? html`<h2>State</h2><p class="none">No state was entered yet.</p>` : stateDetail(asked, chosen, states.get(chosen), visits.all, runs)}</section>
<section><h2>Input and output</h2><h3>Input</h3>${jsonText(execution.input, 'Input of the execution')}${endOf(execution)}</section></div>
${historyOf(asked, execution, visits.stateAt)}`,
  };
}

/** The state that a person most likely came for: where it stands, or where it ended. */
function stateOfInterest(execution: ExecutionView, visits: readonly Visit[]): string | undefined {
  const inside = execution.standings.filter(({ phase }) => phase !== 'inner');
  return inside.at(-1)?.state ?? visits.findLast(({ ended }) => ended === 'failed')?.state ?? visits.at(-1)?.state;
}

/** The latest run of each Map state: what the graph says of it. */
function notesOf(runs: readonly MapRunSummary[]): Map<string, string> {
  return new Map([...runs].reverse().map((run) => [run.state ?? run.label, mapRunNote(run)]));
}

function heading(execution: ExecutionView, now: number): Html {
  const { status, startedAt, stoppedAt, redrives, arn, mapRun } = execution;
  const parent = execution.parentArn ?? startedBy(execution.input);
  return facts([
    ['Status', badge(status)],
    ['Machine', machineOf(execution)],
    mapRun === undefined ? undefined : ['Map Run', html`<a href="${path('map-run', { arn: mapRun.arn })}">${mapRun.state}</a>`],
    ['Started', instant(startedAt)],
    stoppedAt === undefined ? undefined : ['Stopped', instant(stoppedAt)],
    [stoppedAt === undefined ? 'Runs for' : 'Took', span((stoppedAt ?? now) - startedAt)],
    parent === undefined ? undefined : ['Started by', html`<a href="${path('execution', { arn: parent })}">${nameOf(parent)}</a>`],
    redrives === 0 ? undefined : ['Redriven', count(redrives)],
    ['Events', count(execution.events)],
    errorFact(execution),
    ['ARN', html`<code>${arn}</code>`],
  ]);
}

/** Why it failed, above the graph: a large one leaves no room for it in the window. */
function errorFact({ error, cause }: ExecutionView): readonly [string, Html] | undefined {
  if (error === undefined && cause === undefined) return undefined;
  const [line = ''] = messageOf(cause ?? '').split('\n');
  return ['Error', html`<a href="#state" class="problem">${error ?? 'No name was given.'}</a> ${beginning(line, CAUSE_LENGTH_MAX)}`];
}

/** What a person reads of a cause: of a function's error, which is JSON, the message. */
function messageOf(cause: string): string {
  try {
    const value: unknown = JSON.parse(cause);
    return isObject(value) && typeof value.errorMessage === 'string' ? value.errorMessage : cause;
  } catch {
    return cause;
  }
}

function machineOf({ machine, version, alias, outdated }: ExecutionView): Html {
  const [name = ''] = nameOf(machine).split('/');
  const started = version === undefined ? '' : ` (${startedOn(version, alias)})`;
  return html`<a href="${path('machine', { name })}">${name}</a>${started}${outdated ? ' (runs on an earlier revision)' : ''}`;
}

/** By what an execution came to its version. */
export function startedOn(version: number, alias: string | undefined): string {
  return alias === undefined ? `version ${version}` : `alias ${alias}, version ${version}`;
}

function startedBy(input: string): string | undefined {
  const found = new RegExp(`"${STARTED_BY}"\\s*:\\s*"(arn:[^"\\\\]+)"`).exec(input)?.[1];
  return found;
}

function actions({ arn, stoppable, redrivable }: ExecutionView, here: string): Html {
  if (!stoppable && !redrivable) return NOTHING;
  const [action, label] = stoppable ? ['stop', 'Stop'] : ['redrive', 'Redrive from where it failed'];
  return html`<form method="post" action="/console/execution/${action}" data-live class="actions">${back(here)}<input type="hidden" name="arn" value="${arn}"><button>${label}</button></form>`;
}

function legend(): Html {
  const shown = ['done', 'running', 'waiting', 'caught', 'failed', 'stopped', 'none'] as const;
  return html`<ul class="legend" aria-label="Signs of the graph">${shown.map((status) => {
    const { mark, tone } = markOf(status);
    return html`<li class="${tone}"><span aria-hidden="true">${mark}</span> ${wordsOf(status)}</li>`;
  })}</ul>`;
}

function stateList(graph: GraphContainer, states: ReadonlyMap<string, StateSummary>, linkOf: (state: string) => string): Html {
  return table(
    'States of the machine',
    ['State', 'Type', 'Status', 'Entered', 'Last entered'],
    statesOf(graph).map(({ name, type }) => {
      const summary = states.get(name);
      return [
        html`<a href="${linkOf(name)}">${name}</a>`,
        type,
        statusWord(summary),
        count(summary?.visits ?? 0),
        summary?.last === undefined ? '' : instant(summary.last.enteredAt),
      ];
    }),
    'The machine has no states.',
  );
}

function statusWord(summary: StateSummary | undefined): Html {
  const status = summary?.status ?? 'none';
  const { mark, tone } = markOf(status);
  return html`<span class="badge ${tone}"><span aria-hidden="true">${mark}</span> ${wordsOf(status)}</span>`;
}

function stateDetail(
  asked: Asked,
  state: string,
  summary: StateSummary | undefined,
  all: readonly Visit[],
  runs: readonly MapRunSummary[],
): Html {
  const own = all.filter((visit) => visit.state === state);
  const wanted = Number(asked.query('visit'));
  const visit = own.find(({ id }) => id === wanted) ?? own.at(-1);
  const number = visit === undefined ? 0 : own.indexOf(visit) + 1;
  const here = { arn: asked.query('arn'), state, from: asked.query('from') };
  return html`<h2>State: ${state}</h2>${statusWord(summary)}
${standings(asked, summary?.standings ?? [])}
${runs.filter((run) => run.state === state).map((run) => html`<p>Its <a href="${path('map-run', { arn: run.arn })}">Map Run</a>: ${mapRunNote(run)}.</p>`)}
${own.length < 2 ? '' : html`<nav class="visits" aria-label="Visits to ${state}">Visit ${own.slice(-VISITS_SHOWN).map((other) => html`<a href="${path('execution', { ...here, visit: other.id })}#state"${other === visit ? html` aria-current="true"` : ''}>${own.indexOf(other) + 1}</a>`)} of ${count(own.length)}</nav>`}
${visit === undefined ? html`<p class="none">The state was not entered.</p>` : visitDetail(visit, number)}`;
}

function standings(asked: Asked, all: readonly Standing[]): Html {
  const now = asked.cloud.now();
  if (all.length === 0) return NOTHING;
  return html`<ul class="standings">${all.slice(0, VISITS_SHOWN).map(({ phase, since, until }) => {
    const by = until === undefined ? '' : html` ${instant(until)} (in ${span(until - now)})`;
    return html`<li>${WAITS[phase]?.[0] ?? 'Working'} since ${instant(since)}${until === undefined ? '' : html`, ${WAITS[phase]?.[1] ?? 'until'}${by}`}</li>`;
  })}</ul>`;
}

const WAITS: Readonly<Record<string, readonly [does: string, until: string]>> = {
  timer: ['Waits', 'until'],
  retry: ['Waits for its next attempt', 'at'],
  token: ['Waits for its task token', 'times out or misses a heartbeat at'],
  child: ['Waits for the execution that it started', 'times out at'],
  running: ['The call takes time', 'until'],
  inner: ['Waits for what is inside it', 'until'],
  mapping: ['Reads the items of its Map Run', 'until'],
  map: ['Waits for the executions of its Map Run', 'until'],
  writing: ['Writes the results of its Map Run', 'until'],
};

function visitDetail(visit: Visit, number: number): Html {
  const { enteredAt, leftAt, attempts, error, input, output, assigned, type } = visit;
  return html`${facts([
    ['Type', type],
    ['Visit', count(number)],
    ['Entered', instant(enteredAt)],
    leftAt === undefined ? undefined : ['Left', instant(leftAt)],
    leftAt === undefined ? undefined : ['Took', span(leftAt - enteredAt)],
    attempts < 2 ? undefined : ['Attempts', count(attempts)],
    error === undefined ? undefined : ['Error', html`<span class="problem">${error.error}</span>`],
  ])}
${error === undefined || error.cause === '' ? '' : html`<h3>Cause</h3>${jsonText(error.cause, 'Cause of the error')}`}
${input === undefined ? '' : html`<h3>Input</h3>${jsonText(input, 'Input of the state')}`}
${output === undefined ? '' : html`<h3>Output</h3>${jsonText(output, 'Output of the state')}`}
${
  assigned === undefined
    ? ''
    : html`<h3>Variables assigned</h3>${plain(
        Object.entries(assigned)
          .map(([name, value]) => `${name} = ${value}`)
          .join('\n'),
        'Variables assigned',
      )}`
}`;
}

function endOf({ output, error, cause }: ExecutionView): Html {
  return html`${output === undefined ? '' : html`<h3>Output</h3>${jsonText(output, 'Output of the execution')}`}${
    error === undefined && cause === undefined
      ? ''
      : html`<h3>Error</h3><p class="problem">${error ?? 'No name was given.'}</p>${cause === undefined ? '' : jsonText(cause, 'Cause of the error')}`
  }`;
}
