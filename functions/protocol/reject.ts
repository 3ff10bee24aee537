import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { DAY, toInstant } from '../../domain/calendar.ts';
import type { Journal } from '../../domain/record/journal.ts';
import { keyItem, N, S, type Table, text } from '../adapters/table.ts';
import { bankFactKey, importNotes, notesKey, paymentNotes, rejectionKey } from './items.ts';

export interface Rejection {
  /** The inbound event's own id. */
  readonly eventId: string;
  readonly detailType: string;
  readonly accountId?: string;
  readonly customerId?: string;
  /** Path in the event's detail. */
  readonly field: string;
  /** The rule it breaks; never the value. */
  readonly rule: string;
  /** The event as it came: goes to the dead-letter queue, and may hold personal data. */
  readonly original: string;
}

const KEPT_DAYS = 14;

/**
 * Writes a rejection down, once however often the event comes. The publisher makes `EventRejected` and the dead letter of it, from
 * the table's stream, so that neither can get lost.
 */
export async function reject(ports: { readonly table: Table; readonly now: number }, rejection: Rejection): Promise<void> {
  await ports.table.write([rejectionPut(ports, rejection)]);
}

/** The same as an item, for a transaction that records more than the rejection. */
function rejectionPut(ports: { readonly table: Table; readonly now: number }, rejection: Rejection): TransactWriteItem {
  const { eventId, detailType, accountId, customerId, field, rule, original } = rejection;
  return {
    Put: {
      TableName: ports.table.name,
      ConditionExpression: 'attribute_not_exists(pk)',
      Item: {
        ...keyItem(rejectionKey(eventId)),
        eventId: S(eventId),
        detailType: S(detailType),
        at: S(toInstant(ports.now)),
        field: S(field),
        rule: S(rule),
        original: S(original),
        expiresAt: N(Math.floor((ports.now + KEPT_DAYS * DAY) / 1000)),
        ...(accountId === undefined ? {} : { accountId: S(accountId) }),
        ...(customerId === undefined ? {} : { customerId: S(customerId) }),
      },
    },
  };
}

/**
 * Payments and an import that a journal finds to contradict the account, or to have waited in vain: each is rejected with its original, in
 * the transaction that puts it on the timeline, whoever writes that.
 */
export async function lateRejections(
  ports: { readonly table: Table; readonly now: number },
  journal: Journal,
): Promise<TransactWriteItem[]> {
  const puts: TransactWriteItem[] = [];
  const { accountId } = journal.account;
  for (const draft of journal.drafts) {
    if (draft.type === 'PaymentRejected') {
      const { paymentId, rule } = draft;
      const original = await paymentAsSent(ports.table, accountId, paymentId);
      const detailType = 'PaymentReceived';
      puts.push(rejectionPut(ports, { eventId: `payment-${paymentId}`, detailType, accountId, field: 'amount.currency', rule, original }));
    } else if (draft.type === 'ImportRejected') {
      const { importId, field, rule } = draft;
      const [asSent] = await ports.table.snapshot([notesKey(accountId, importNotes(importId))]);
      const original = text(asSent, 'notes') ?? JSON.stringify({ importId });
      puts.push(rejectionPut(ports, { eventId: `import-${importId}`, detailType: 'CaseImported', accountId, field, rule, original }));
    }
  }
  return puts;
}

/** The fact keeps codes; the words lie beside it. Of a payment that came as pending and as posted, the latter. */
async function paymentAsSent(table: Table, accountId: string, paymentId: string): Promise<string> {
  for (const state of ['posted', 'pending']) {
    const keys = [bankFactKey(`payment-${state}`, paymentId), notesKey(accountId, paymentNotes(state, paymentId))];
    const [fact, words] = (await table.snapshot(keys)).map((item, index) => text(item, index === 0 ? 'body' : 'notes'));
    if (fact !== undefined) return JSON.stringify({ ...JSON.parse(fact), ...(words === undefined ? {} : JSON.parse(words)) });
  }
  return JSON.stringify({ paymentId });
}
