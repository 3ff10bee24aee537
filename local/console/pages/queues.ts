import { html } from 'hono/html';
import type { MessageRow } from '../../services/sqs/messages.ts';
import { nameOfArn } from '../../services/sqs/queue-arn.ts';
import type { QueueOverview } from '../../services/sqs/sqs-service.ts';
import { beginning, count, facts, type Html, instant, jsonText, NOTHING, path, span, table } from '../html.ts';
import { type Asked, PAGE_ROWS, type Page } from '../page.ts';
import { back } from '../shell.ts';

/** So few messages are shown at full length. */
const OPEN_MAX = 10;
const SUMMARY_LENGTH_MAX = 160;

/** All queues; those that hold dead letters say so. */
export function queuesPage({ cloud }: Asked): Page {
  return {
    title: 'Queues',
    main: table(
      'Queues and what lies in them',
      ['Queue', 'Visible', 'In flight', 'Delayed', 'Dead letters go to', 'Is for dead letters of'],
      cloud.services.sqs
        .overview()
        .map(({ definition, counts, deadLettersOf }) => [
          queueLink(definition.name),
          deadLettersOf.length > 0 && counts.visible > 0
            ? html`<span class="problem">${count(counts.visible)}</span>`
            : count(counts.visible),
          count(counts.hidden),
          count(counts.delayed),
          definition.redrive === undefined
            ? ''
            : html`${queueLink(nameOfArn(definition.redrive.deadLetterArn))} after ${definition.redrive.maxReceiveCount}`,
          deadLettersOf.map((name) => html`${queueLink(name)} `),
        ]),
      'The stacks have no queue.',
    ),
  };
}

function queueLink(name: string): Html {
  return html`<a href="${path('queue', { name })}">${name}</a>`;
}

/** One queue and its messages as they lie there: nobody receives one by looking. */
export function queuePage(asked: Asked): Page | undefined {
  const { sqs } = asked.cloud.services;
  const queue = sqs.overview().find(({ definition: { name } }) => name === asked.query('name'));
  if (queue === undefined) return undefined;
  const { definition, counts, deadLettersOf } = queue;
  const after = Number(asked.query('after')) || 0;
  const rows = sqs.peek(definition.name, after, PAGE_ROWS + 1);
  const shown = rows.slice(0, PAGE_ROWS);
  return {
    title: definition.name,
    main: html`${facts([
      ['Visible', count(counts.visible)],
      ['In flight', count(counts.hidden)],
      ['Delayed', count(counts.delayed)],
      ['Visibility timeout', span(definition.visibilityTimeout * 1000)],
      ['Kept for', span(definition.retention * 1000)],
      definition.redrive === undefined
        ? undefined
        : [
            'Dead letters',
            html`to ${queueLink(nameOfArn(definition.redrive.deadLetterArn))} after ${definition.redrive.maxReceiveCount} receives`,
          ],
      deadLettersOf.length === 0 ? undefined : ['Is for dead letters of', deadLettersOf.map((name) => html`${queueLink(name)} `)],
    ])}
<section><h2>Messages</h2>${shown.length === 0 ? html`<p class="none">No message lies here.</p>` : html`<ol class="messages">${shown.map((row) => message(asked, queue, row, shown.length <= OPEN_MAX))}</ol>`}
${rows.length > PAGE_ROWS ? html`<nav class="pager" aria-label="Pages"><a href="${path('queue', { name: definition.name, after: shown.at(-1)?.id })}" rel="next">Next</a></nav>` : ''}</section>`,
  };
}

function message(asked: Asked, queue: QueueOverview, row: MessageRow, open: boolean): Html {
  const now = asked.cloud.now();
  const state = row.visibleAt <= now ? 'visible' : row.receives === 0 ? 'delayed' : 'in flight';
  return html`<li id="message-${row.id}"><details${open ? html` open` : ''}><summary>${summaryOf(row)}</summary>${facts([
    ['Message', html`<code>${row.messageId}</code>`],
    ['State', row.visibleAt <= now ? state : html`${state} until ${instant(row.visibleAt)}`],
    ['Sent', instant(row.sentAt)],
    row.source === null ? undefined : ['Given up by', queueLink(row.source)],
    ['Received', `${count(row.earlierReceives + row.receives)} times`],
    row.firstReceivedAt === null ? undefined : ['First received', instant(row.firstReceivedAt)],
  ])}${moveBack(queue, row)}<h3>Body</h3>${jsonText(row.body, 'Body of the message')}${row.attributes === null ? '' : html`<h3>Attributes</h3>${jsonText(row.attributes, 'Attributes of the message')}`}</details></li>`;
}

/** Only what a queue gave up goes back to it: a function's event or a rule's delivery means nothing there. */
function moveBack({ definition: { name } }: QueueOverview, { id, source }: MessageRow): Html {
  if (source === null) return NOTHING;
  return html`<form method="post" action="/console/queue/move-back" data-live>${back(path('queue', { name }))}<input type="hidden" name="queue" value="${name}"><input type="hidden" name="id" value="${id}"><button>Move back to ${source}</button></form>`;
}

/** What the list says of a message before it is unfolded. */
function summaryOf({ sentAt, body, attributes }: MessageRow): Html {
  return html`${instant(sentAt)} ${whyOf(attributes)}<span class="note">${beginning(body, SUMMARY_LENGTH_MAX)}</span>`;
}

/** Why a message lies here, where Lambda or EventBridge, or whoever sent it, says so. */
function whyOf(attributes: string | null): Html {
  const all =
    attributes === null ? {} : (JSON.parse(attributes) as Readonly<Record<string, { readonly StringValue?: string } | undefined>>);
  const why = (all.ErrorMessage ?? all.ERROR_MESSAGE ?? all.ERROR_CODE)?.StringValue;
  return why === undefined ? NOTHING : html`<span class="problem">${beginning(why, SUMMARY_LENGTH_MAX)}</span> `;
}
