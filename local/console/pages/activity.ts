import { html } from 'hono/html';
import type { Worker } from '../../services/states/activities.ts';
import type { WaitingTask } from '../../services/states/activity-views.ts';
import { count, facts, type Html, instant, jsonText, NOTHING, path, span, table } from '../html.ts';
import { type Asked, PAGE_ROWS, type Page } from '../page.ts';
import { tagsOf } from './machines.ts';

/** One activity: the tasks that no worker has taken, and the workers that asked. Undefined where there is none. */
export function activityPage(asked: Asked): Page | undefined {
  const { activityViews, machineViews } = asked.cloud.services.states;
  const activity = activityViews.all().find(({ name }) => name === asked.query('name'));
  if (activity === undefined) return undefined;
  const { name, arn, created, waiting, workers } = activity;
  const after = Number(asked.query('after')) || 0;
  const tasks = activityViews.tasks(arn, after, PAGE_ROWS + 1);
  const shown = tasks.slice(0, PAGE_ROWS);
  return {
    title: name,
    main: html`${facts([
      ['Waiting tasks', count(waiting)],
      ['Created', instant(created)],
      ['ARN', html`<code>${arn}</code>`],
    ])}
<section><h2>Tasks that wait for a worker</h2>${taskTable(shown, asked.cloud.now())}
${tasks.length > PAGE_ROWS ? html`<nav class="pager" aria-label="Pages"><a href="${path('activity', { name, after: shown.at(-1)?.id })}" rel="next">Next</a></nav>` : NOTHING}</section>
<section><h2>Workers</h2>${workerTable(workers, waiting)}</section>
${tagsOf(machineViews.tags(arn))}`,
  };
}

function taskTable(tasks: readonly WaitingTask[], now: number): Html {
  return table(
    'Tasks in the order in which they are handed out',
    ['Execution', 'State', 'Since', 'Waits for', 'Input'],
    tasks.map(({ id, executionArn, executionName, standing, input }) => [
      html`<a href="${path('execution', { arn: executionArn, state: standing?.state })}">${executionName}</a>`,
      standing?.state ?? 'has gone on: no worker will get this task',
      standing === undefined ? '' : instant(standing.since),
      standing === undefined ? '' : span(now - standing.since),
      html`<details id="task-${id}"><summary>Input</summary>${jsonText(input, `Input of task ${id}`)}</details>`,
    ]),
    'No task waits.',
  );
}

function workerTable(workers: readonly Worker[], waiting: number): Html {
  if (workers.length === 0)
    return html`<p class="${waiting > 0 ? 'problem' : 'none'}">No worker has polled since this process started${waiting > 0 ? ': nobody takes the tasks that wait' : ''}.</p>`;
  return html`${table(
    'Workers since this process started, the latest poll first',
    ['Worker', 'Last poll', 'Took a task last', 'Now'],
    workers.map(({ name, polledAt, tookAt, waits }) => [
      name ?? 'without a name',
      instant(polledAt),
      tookAt === undefined ? '' : instant(tookAt),
      waits ? 'waits for a task' : 'does not poll',
    ]),
    '',
  )}`;
}
