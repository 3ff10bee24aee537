import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { toInstant } from '../../domain/calendar.ts';
import type { Account } from '../../domain/model.ts';
import { noticeZone } from '../../domain/notices/facts.ts';
import { nextPreDue, type PreDueSlot } from '../../domain/notices/pre-due.ts';
import { recordStatementIssued } from '../../domain/record/bank-facts.ts';
import { type Item, keyItem, N, S, type Table } from '../adapters/table.ts';
import type { Inbound } from '../contract/inbound-events.ts';
import { diesAt, unsettledAfter } from '../notices/planned.ts';
import { bankFactKey, preDueKey, preDueShard } from '../protocol/items.ts';
import { type Ports, type Signalled, signal } from '../protocol/signal.ts';

/** As long as a payment is told from its repeat: longer than the bus archive keeps events. */
const STATEMENT_KEPT_SECONDS = 400 * 86_400;

/** A statement: what will fall due, and when. Opens no case; its reminders are sent by `send-notices`. */
export function takeStatementIssued(ports: Ports, event: Inbound<'StatementIssued'>): Promise<Signalled> {
  const { accountId, ...fact } = event;
  return signal(ports, {
    accountId,
    customerId: event.customerId,
    fact: {
      key: bankFactKey('statement', event.statementId),
      content: event,
      expiresAt: Math.floor(ports.now / 1000) + STATEMENT_KEPT_SECONDS,
    },
    related: [preDueKey(accountId)],
    apply: ({ journal, governor, related: [planned] }) => {
      recordStatementIssued(journal, fact);
      const { account } = journal;
      const { statement } = account;
      // An older statement that comes late moves no reminder.
      if (statement?.statementId !== event.statementId) return {};
      const slot = nextPreDue({ accountId, timeZone: noticeZone(account, governor) }, statement, ports.now);
      return slot === undefined ? {} : { items: [preDuePut(ports.table, account, statement.statementId, slot, planned)] };
    },
  });
}

/**
 * The account's next reminder, in the index by its time; one of an older statement gives way. Where that one is reserved, its sender may
 * have died over it: the item takes it over, and comes up as soon as that is known. Whoever reserves moves the head, and so this picture.
 */
function preDuePut(table: Table, account: Account, statementId: string, slot: PreDueSlot, planned: Item | undefined): TransactWriteItem {
  const { accountId, customerId } = account;
  const unsettled = unsettledAfter(accountId, planned);
  const at = Math.min(slot.at, ...unsettled.map(diesAt));
  return {
    Put: {
      TableName: table.name,
      Item: {
        ...keyItem(preDueKey(accountId)),
        accountId: S(accountId),
        customerId: S(customerId ?? ''),
        statementId: S(statementId),
        daysBefore: N(slot.days),
        reminderDate: S(slot.date),
        sweepShard: S(preDueShard(accountId)),
        sweepAt: S(toInstant(at)),
        ...(unsettled.length === 0 ? {} : { unsettled: S(JSON.stringify(unsettled)) }),
      },
    },
  };
}
