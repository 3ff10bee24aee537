import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { DAY } from '../../domain/calendar.ts';
import { daysPastDue } from '../../domain/case-status.ts';
import type { Entry } from '../../domain/entries.ts';
import { balanceMinor, overdueMinor } from '../../domain/ledger.ts';
import type { Account } from '../../domain/model.ts';
import { toMoney } from '../../domain/money.ts';
import { keyItem, N, S, type Table } from '../adapters/table.ts';
import { contactKey, taskKey } from './items.ts';

/** Items that follow from an entry and are read by their own keys: tasks for the queues, contacts for the sender. */

const CLOSED_TASK_KEPT_DAYS = 730;

/** The items that go with an entry, in its transaction: the task it opens or closes, the contact it reserves or settles. */
export function itemsOfEntry(table: Table, account: Account, entry: Entry, now: number): TransactWriteItem[] {
  switch (entry.type) {
    case 'TaskOpened':
      return [taskPut(table, account, entry, now)];
    case 'TaskClosed':
      return [taskClosed(table, entry, now)];
    case 'ContactReserved':
      return [contactPut(table, account, entry)];
    case 'ContactSent':
      return [contactSet(table, account, entry, 'sent', entry.providerRef)];
    case 'ContactFailed':
      return [contactSet(table, account, entry, 'failed')];
    case 'ContactDeferred':
      return [contactSet(table, account, entry, 'deferred')];
    case 'ContactLost':
      return [contactSet(table, account, entry, 'lost')];
    default:
      return [];
  }
}

export function taskQueue(queue: string, status: 'open' | 'closed'): string {
  return `${queue}#${status}`;
}

function taskPut(table: Table, account: Account, entry: Entry<'TaskOpened'>, now: number): TransactWriteItem {
  const facts = {
    stage: entry.stage,
    daysPastDue: daysPastDue(account, now),
    overdue: toMoney(overdueMinor(account), account.currency ?? 'XXX'),
    balance: toMoney(balanceMinor(account), account.currency ?? 'XXX'),
    ...(entry.contactPointId === undefined ? {} : { contactPointId: entry.contactPointId }),
    ...(entry.subject === undefined ? {} : { subject: entry.subject }),
  };
  return {
    Put: {
      TableName: table.name,
      ConditionExpression: 'attribute_not_exists(pk)',
      Item: {
        ...keyItem(taskKey(entry.taskId)),
        taskId: S(entry.taskId),
        taskStatus: S('open'),
        accountId: S(account.accountId),
        customerId: S(account.customerId ?? ''),
        caseId: S(entry.caseId ?? ''),
        queue: S(entry.queue),
        objective: S(entry.objective),
        openedAt: S(entry.at),
        dueAt: S(entry.dueAt),
        priority: N(entry.priority),
        facts: S(JSON.stringify(facts)),
        taskQueue: S(taskQueue(entry.queue, 'open')),
        taskOrder: S(`${String(entry.priority).padStart(3, '0')}#${entry.dueAt}#${entry.taskId}`),
      },
    },
  };
}

function taskClosed(table: Table, entry: Entry<'TaskClosed'>, now: number): TransactWriteItem {
  return {
    Update: {
      TableName: table.name,
      Key: keyItem(taskKey(entry.taskId)),
      ConditionExpression: 'attribute_exists(pk)',
      UpdateExpression: 'SET taskStatus = :closed, taskQueue = :queue, closedAt = :at, closeReason = :reason, expiresAt = :expires',
      ExpressionAttributeValues: {
        ':closed': S('closed'),
        ':queue': S(taskQueue(entry.queue, 'closed')),
        ':at': S(entry.at),
        ':reason': S(entry.outcome ?? entry.reason),
        ':expires': N(Math.floor((now + CLOSED_TASK_KEPT_DAYS * DAY) / 1000)),
      },
    },
  };
}

function contactPut(table: Table, account: Account, entry: Entry<'ContactReserved'>): TransactWriteItem {
  return {
    Put: {
      TableName: table.name,
      // Reserved anew after a deferral, and only then: of everything else it is not known that nothing left.
      ConditionExpression: 'attribute_not_exists(sk) OR contactStatus = :deferred',
      ExpressionAttributeValues: { ':deferred': S('deferred') },
      Item: {
        ...keyItem(contactKey(account.accountId, entry.caseId ?? '', entry.key)),
        contactId: S(entry.contactId),
        contactStatus: S('reserved'),
        reservedAt: S(entry.at),
      },
    },
  };
}

function contactSet(
  table: Table,
  account: Account,
  entry: Entry<'ContactSent' | 'ContactFailed' | 'ContactDeferred' | 'ContactLost'>,
  status: string,
  providerRef?: string,
): TransactWriteItem {
  return {
    Update: {
      TableName: table.name,
      Key: keyItem(contactKey(account.accountId, entry.caseId ?? '', entry.key)),
      ConditionExpression: 'contactStatus = :reserved',
      UpdateExpression: `SET contactStatus = :status, settledAt = :at${providerRef === undefined ? '' : ', providerRef = :ref'}`,
      ExpressionAttributeValues: {
        ':reserved': S('reserved'),
        ':status': S(status),
        ':at': S(entry.at),
        ...(providerRef === undefined ? {} : { ':ref': S(providerRef) }),
      },
    },
  };
}
