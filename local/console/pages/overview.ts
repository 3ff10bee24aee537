import { html } from 'hono/html';
import { beginning, count, type Html, instant, nameOf, path, span, table } from '../html.ts';
import type { Asked, Page } from '../page.ts';
import { timerSubject } from '../timers.ts';
import { functionTable } from './functions.ts';
import { statusCells, statusHeads } from './machines.ts';

const TIMERS_SHOWN = 5;
const FAILURES_SHOWN = 20;
const FAILURE_LENGTH_MAX = 500;

/** What there is in this cloud, and how it goes. */
export function overviewPage({ cloud }: Asked): Page {
  return {
    title: 'Overview',
    main: html`${failures(cloud.kernel.failures())}
<section><h2>State machines</h2>${machines(cloud)}</section>
<div class="columns"><div><section><h2>Queues</h2>${queues(cloud)}</section>
<section><h2>Tables</h2>${tables(cloud)}</section>
<section><h2>What falls due next</h2>${timers(cloud)}</section></div>
<div><section><h2>Functions</h2>${functionTable(cloud)}</section>
<section><h2>Outputs of the stacks</h2>${outputs(cloud)}</section></div></div>`,
  };
}

type Cloud = Asked['cloud'];

function machines(cloud: Cloud): Html {
  const counts = cloud.services.states.views.counts();
  return table(
    'State machines and their executions by status',
    ['Machine', ...statusHeads()],
    cloud.services.states.views
      .machines()
      .map(({ arn, name }) => [html`<a href="${path('machine', { name })}">${name}</a>`, ...statusCells(counts.get(arn) ?? {}, name)]),
    'The stacks have no state machine.',
  );
}

function queues(cloud: Cloud): Html {
  return table(
    'Queues and what lies in them',
    ['Queue', 'Visible', 'In flight', 'Delayed'],
    cloud.services.sqs
      .overview()
      .map(({ definition: { name }, counts, deadLettersOf }) => [
        html`<a href="${path('queue', { name })}">${name}</a>${deadLettersOf.length > 0 ? html` <span class="tag">dead letters</span>` : ''}`,
        counts.visible > 0 && deadLettersOf.length > 0
          ? html`<span class="problem">${count(counts.visible)}</span>`
          : count(counts.visible),
        count(counts.hidden),
        count(counts.delayed),
      ]),
    'The stacks have no queue.',
  );
}

function tables(cloud: Cloud): Html {
  return table(
    'Tables and their items',
    ['Table', 'Items', 'Indexes', 'Stream'],
    cloud.services.dynamodb
      .overview()
      .map(({ table: { name, indexes, stream }, items }) => [
        html`<a href="${path('table', { name })}">${name}</a>`,
        count(items),
        count(indexes.length),
        stream === undefined ? 'off' : 'on',
      ]),
    'The stacks have no table.',
  );
}

function timers(cloud: Cloud): Html {
  return table(
    'The next timers',
    ['When', 'In', 'What'],
    cloud.kernel.timers(TIMERS_SHOWN).map((timer) => [instant(timer.at), span(timer.at - cloud.now()), timerSubject(cloud, timer)]),
    'No timer is set.',
  );
}

/** What CDK exports from one stack to another is nothing that people use. */
function outputs(cloud: Cloud): Html {
  return table(
    'Outputs of the stacks',
    ['Output', 'Value'],
    Object.entries(cloud.outputs())
      .filter(([key]) => !key.startsWith('ExportsOutput'))
      .map(([key, value]) => [key, html`<code>${value}</code>`]),
    'The stacks have no output.',
  );
}

function failures(failed: readonly { readonly label: string; readonly error: unknown }[]): Html {
  if (failed.length === 0) return html``;
  return html`<section class="alarm"><h2>Failed jobs</h2><p>A failed job is a defect of this cloud or of the application. ${count(failed.length)} so far; the first are:</p>
<ul>${failed.slice(0, FAILURES_SHOWN).map(({ label, error }) => html`<li><strong>${nameOf(label)}</strong>: ${messageOf(error)}</li>`)}</ul></section>`;
}

/** The message alone: where in the code it came from is in the server's own output. */
function messageOf(error: unknown): string {
  return beginning(error instanceof Error ? error.message : String(error), FAILURE_LENGTH_MAX);
}
