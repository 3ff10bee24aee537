import { html } from 'hono/html';
import type { ActivityView } from '../../services/states/activity-views.ts';
import { badge, count, type Html, instant, NOTHING, path, table } from '../html.ts';
import type { Asked, Page } from '../page.ts';

const STATUSES = ['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'] as const;

type StatusCounts = Readonly<Partial<Record<(typeof STATUSES)[number], number>>>;

/** All state machines and activities. */
export function machinesPage({ cloud }: Asked): Page {
  const { activityViews, machineViews, views } = cloud.services.states;
  const counts = views.counts();
  return {
    title: 'Machines',
    main: html`<section><h2>State machines</h2>${table(
      'State machines and their executions by status',
      ['Machine', 'Type', ...statusHeads(), 'Versions', 'Aliases'],
      machineViews
        .all()
        .map(({ arn, name, type, versions, aliases }) => [
          html`<a href="${path('machine', { name })}">${name}</a>`,
          type.toLowerCase(),
          ...statusCells(counts.get(arn) ?? {}, name),
          count(versions),
          count(aliases),
        ]),
      'The stacks have no state machine.',
    )}</section>
<section><h2>Activities</h2>${activityTable(activityViews.all())}</section>`,
  };
}

function activityTable(activities: readonly ActivityView[]): Html {
  return table(
    'Activities and the tasks that wait for a worker',
    ['Activity', 'Waiting tasks', 'Workers seen', 'Last poll'],
    activities.map(({ name, waiting, workers }) => [
      html`<a href="${path('activity', { name })}">${name}</a>`,
      // Work that waits while nobody asks for it is what a person looks for.
      waiting > 0 && workers.length === 0 ? html`<span class="problem">${count(waiting)}</span>` : count(waiting),
      count(workers.length),
      workers[0] === undefined ? '' : instant(workers[0].polledAt),
    ]),
    'There is no activity.',
  );
}

/** The heads of a table with a column for each status. */
export function statusHeads(): Html[] {
  return STATUSES.map((status) => badge(status));
}

/** How many executions stand in each status, as links to them. */
export function statusCells(counts: StatusCounts, machine: string): Html[] {
  return STATUSES.map((status) => {
    const number = counts[status] ?? 0;
    return number === 0
      ? html`<span class="zero">0</span>`
      : html`<a href="${path('executions', { machine, status })}">${count(number)}</a>`;
  });
}

/** The tags of a resource; nothing where it has none. */
export function tagsOf(tags: readonly { readonly key: string; readonly value: string }[]): Html {
  if (tags.length === 0) return NOTHING;
  return html`<section><h2>Tags</h2>${table(
    'Tags',
    ['Key', 'Value'],
    tags.map(({ key, value }) => [html`<code>${key}</code>`, html`<code>${value}</code>`]),
    '',
  )}</section>`;
}
