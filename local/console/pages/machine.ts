import { html } from 'hono/html';
import type { MachineView } from '../../services/states/machine-views.ts';
import { drawingOf } from '../graph/drawing.ts';
import { statesOf } from '../graph/model.ts';
import { graphSvg } from '../graph/svg.ts';
import { count, facts, type Html, instant, json, jsonText, NOTHING, path, table } from '../html.ts';
import type { Asked, Page } from '../page.ts';
import { statusCells, statusHeads, tagsOf } from './machines.ts';

/** One state machine: its executions by status, versions, aliases, tags, and its definition. Undefined where there is none. */
export function machinePage(asked: Asked): Page | undefined {
  const { machineViews, views } = asked.cloud.services.states;
  const machine = machineViews.find(asked.query('name') ?? '');
  if (machine === undefined) return undefined;
  const chosen = asked.query('state');
  const { name, arn, versions, aliases, tags, definition } = machine;
  return {
    title: name,
    main: html`${heading(machine)}${machine.type === 'EXPRESS' ? expressNote() : NOTHING}
<section><h2>Executions</h2>${table(
      'Executions by status',
      ['Of', ...statusHeads()],
      [[html`<a href="${path('executions', { machine: name })}">all</a>`, ...statusCells(views.counts().get(arn) ?? {}, name)]],
      '',
    )}</section>
${versions.length + aliases.length === 0 ? NOTHING : html`<section id="aliases"><h2>Aliases</h2>${aliasTable(machine)}</section><section id="versions"><h2>Versions</h2>${versionTable(machine)}</section>`}
${tagsOf(tags)}
${graphSection(machine, chosen)}${stateSection(machine, chosen)}
<section><h2>Definition</h2><details id="definition"><summary>The definition as text</summary>${jsonText(definition, 'Definition')}</details></section>`,
  };
}

function heading({ type, arn, roleArn, createdAt, deleting, revision }: MachineView): Html {
  return facts([
    ['Type', type.toLowerCase()],
    deleting
      ? ['Deletion', html`<span class="problem">is under way: executions that run fail at what would be their next event</span>`]
      : undefined,
    ['Created', instant(createdAt)],
    ['Present revision', revision === undefined ? 'the first' : html`<code>${revision}</code>`],
    ['Role', html`<code>${roleArn}</code>`],
    ['ARN', html`<code>${arn}</code>`],
  ]);
}

/** What an Express workflow's executions are to whoever comes from AWS. */
export function expressNote(): Html {
  return html`<p class="note">Express: an execution ends after five minutes at the latest, is neither stopped nor redriven, and its changes of status are no events on the bus. On AWS no call tells of it, and what it did is in the logs alone, as far as they are turned on. Here the same calls tell nothing, and this console keeps input, output and history for 90 days; no log is written.</p>`;
}

function aliasTable({ name, aliases }: MachineView): Html {
  return table(
    'Aliases, and the versions that they lead to',
    ['Alias', 'Leads to', ...statusHeads(), 'Updated', 'Description'],
    aliases.map((alias) => [
      alias.name,
      alias.routes.map(({ version, weight }, index) => html`${index === 0 ? '' : ', '}version ${version}: ${weight} %`),
      ...statusCells(alias.executions, `${name}:${alias.name}`),
      instant(alias.updated),
      alias.description ?? '',
    ]),
    'No alias leads to a version.',
  );
}

function versionTable({ name, versions }: MachineView): Html {
  return table(
    'Versions, newest first',
    ['Version', 'Revision', ...statusHeads(), 'Published', 'Description'],
    versions.map((version) => [
      count(version.number),
      version.current ? 'the present one' : 'an earlier one',
      ...statusCells(version.executions, `${name}:${version.number}`),
      instant(version.created),
      version.description ?? '',
    ]),
    'No version is published.',
  );
}

function graphSection({ name, definition }: MachineView, chosen: string | undefined): Html {
  return html`<section><h2>Graph</h2><div class="scroll graph-box" role="region" aria-label="Graph" tabindex="0">${graphSvg(
    drawingOf(definition).placed,
    {
      label: `Graph of ${name}`,
      summaries: new Map(),
      notes: new Map(),
      moves: undefined,
      chosen,
      linkOf: (state) => `${path('machine', { name, state })}#state`,
    },
  )}</div></section>`;
}

function stateSection({ definition }: MachineView, chosen: string | undefined): Html {
  const state = statesOf(drawingOf(definition).graph).find(({ name }) => name === chosen);
  if (state === undefined) return NOTHING;
  return html`<section id="state"><h2>State: ${state.name}</h2>${json(state.fields, 'Definition of the state')}</section>`;
}
