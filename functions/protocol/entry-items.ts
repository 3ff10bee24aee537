import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { DAY } from '../../domain/calendar.ts';
import { daysPastDue } from '../../domain/case-status.ts';
import type { Entry } from '../../domain/entries.ts';
import { balanceMinor, overdueMinor } from '../../domain/ledger.ts';
import type { Account } from '../../domain/model.ts';
import { moneyOf } from '../../domain/money.ts';
import { LADDER } from '../../domain/policy/ladder.ts';
import { packFor } from '../../domain/policy/packs/registry.ts';
import type { Journal, Setting } from '../../domain/record/journal.ts';
import { takesPromises } from '../../domain/record/promise-limits.ts';
import { isFigureStale } from '../../domain/strategy/figures.ts';
import { flagsOf, isConfidential } from '../../domain/strategy/flags.ts';
import { type Item, keyItem, N, S, type Table } from '../adapters/table.ts';
import { caseKey, contactKey, providerRefKey, taskKey } from './items.ts';

/** Items that follow from an entry and are read by their own keys: tasks for the queues, contacts for the sender. */

const CLOSED_TASK_KEPT_DAYS = 730;

/** The items that go with an entry, in its transaction: the task it opens or closes, the contact it reserves or settles. */
export function itemsOfEntry(table: Table, { account, setting }: Journal, entry: Entry, now: number): TransactWriteItem[] {
  switch (entry.type) {
    case 'JourneyOpened':
      return [casePut(table, account, entry)];
    case 'TaskOpened':
      return [taskPut(table, account, entry, setting)];
    case 'TaskClosed':
      return [taskClosed(table, entry, now)];
    case 'VisitAssigned':
      return [visitAssigned(table, entry)];
    case 'ContactReserved':
      return [contactPut(table, account, entry)];
    case 'ContactSent':
      return [contactSet(table, entry, 'sent', entry.providerRef), ...providerRefPut(table, account, entry, now)];
    case 'ContactFailed':
      return [contactSet(table, entry, 'failed')];
    case 'ContactDeferred':
      return [contactSet(table, entry, 'deferred')];
    case 'ContactLost':
      return [contactSet(table, entry, 'lost')];
    default:
      return [];
  }
}

/** Whoever closes a case knows it by its own id. */
function casePut(table: Table, account: Account, { caseId = '' }: Entry<'JourneyOpened'>): TransactWriteItem {
  const Item = { ...keyItem(caseKey(caseId)), caseId: S(caseId), accountId: S(account.accountId) };
  return { Put: { TableName: table.name, ConditionExpression: 'attribute_not_exists(pk)', Item } };
}

export function taskQueue(queue: string, status: 'open' | 'closed'): string {
  return `${queue}#${status}`;
}

function taskPut(table: Table, account: Account, entry: Entry<'TaskOpened'>, { now, deployment, governor }: Setting): TransactWriteItem {
  const facts = {
    stage: entry.stage,
    daysPastDue: daysPastDue(account, now),
    ...(entry.objective === 'call-back' && isFigureStale(account, deployment, now)
      ? { figureTooOld: account.figure?.asOf }
      : amountsOf(account)),
    track: account.case?.track ?? 'standard',
    ...(isConfidential(account) ? { confidential: true } : {}),
    ...(flagsOf(account).includes('test') ? { test: true } : {}),
    ...historyOf(account),
    ...(entry.priorityWhy === undefined ? {} : { priorityWhy: entry.priorityWhy }),
    ...(entry.worth === undefined ? {} : { worth: entry.worth }),
    ...(entry.contactPointId === undefined ? {} : { contactPointId: entry.contactPointId }),
    ...(entry.subject === undefined ? {} : { subject: entry.subject }),
    ...(entry.objective === 'approve-referral' ? evidenceOf(account) : {}),
    ...(entry.asks === undefined ? {} : { asks: entry.asks }),
    ...(entry.unusable === undefined ? {} : { unusable: entry.unusable }),
    ...(entry.proof === undefined ? {} : { proof: entry.proof }),
    ...(entry.objective === 'visit' ? visitFacts(entry, { now, deployment, governor }) : {}),
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

/** Where the visit goes, as a code, and how it is made: for whoever assigns it. */
function visitFacts(
  { contactPointId }: Entry<'TaskOpened'>,
  { now, deployment, governor }: Pick<Setting, 'now' | 'deployment' | 'governor'>,
): Record<string, unknown> {
  const area = governor?.points.find(({ id }) => id === contactPointId)?.area;
  const conduct = packFor(governor?.jurisdiction ?? deployment.jurisdiction, now)?.duties.visit;
  return {
    ...(area === undefined ? {} : { area }),
    ...(conduct === undefined ? {} : { conduct: { rule: conduct.rule, text: conduct.text } }),
  };
}

/** Those who are assigned take the place of whoever claimed the task. */
function visitAssigned(table: Table, { taskId, staff, windows }: Entry<'VisitAssigned'>): TransactWriteItem {
  const spans = windows === undefined ? {} : { ':windows': S(JSON.stringify(windows)) };
  return {
    Update: {
      TableName: table.name,
      Key: keyItem(taskKey(taskId)),
      ConditionExpression: 'taskStatus = :open',
      UpdateExpression: `SET staff = :staff${windows === undefined ? '' : ', visitWindows = :windows'} REMOVE assignee, claimedAt, claimedUntil${windows === undefined ? ', visitWindows' : ''}`,
      ExpressionAttributeValues: { ':open': S('open'), ':staff': { L: staff.map((person) => S(person)) }, ...spans },
    },
  };
}

/** What counsel decides on: where the evidence lies under lock, and the hash that proves it. */
function evidenceOf({ case: current }: Account): { readonly evidence?: { readonly ref: string; readonly hash: string } } {
  const { evidenceRef: ref, evidenceHash: hash } = current?.legal ?? {};
  return ref === undefined || hash === undefined ? {} : { evidence: { ref, hash } };
}

/** Not told to whoever answers a customer where the figure is too old to collect on. */
function amountsOf(account: Account): Record<string, unknown> {
  return { overdue: moneyOf(account, overdueMinor(account)), balance: moneyOf(account, balanceMinor(account)) };
}

/** What whoever works the task should know was said before. */
function historyOf({ case: current }: Account): Record<string, unknown> {
  const promises = current?.promises ?? [];
  const count = (status: string) => promises.filter((promise) => promise.status === status).length;
  const told = { kept: count('kept'), partKept: count('part-kept'), broken: count('broken') };
  return {
    ...(promises.length === 0 ? {} : { promises: told }),
    ...(takesPromises(promises, LADDER) ? {} : { noMorePromises: true }),
    ...(current?.reasonForArrears === undefined ? {} : { reasonForArrears: current.reasonForArrears }),
    ...(current?.lastConversationAt === undefined ? {} : { lastConversationAt: current.lastConversationAt }),
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
        ...keyItem(contactKey(entry.contactId)),
        ...contactFacts(account, entry),
        contactStatus: S('reserved'),
        reservedAt: S(entry.at),
      },
    },
  };
}

/** Whom the contact is with and where it stands: what a report about it needs. */
function contactFacts(account: Account, entry: Entry<'ContactReserved' | 'ContactSent'>): Item {
  return {
    contactId: S(entry.contactId),
    accountId: S(account.accountId),
    contactKey: S(entry.key),
    channel: S(entry.channel),
    ...recipientOf(account, entry),
    ...(entry.caseId === undefined ? {} : { caseId: S(entry.caseId) }),
  };
}

function recipientOf({ customerId }: Account, { customerId: partys, role }: Entry<'ContactReserved' | 'ContactSent'>): Item {
  if (partys !== undefined && role !== undefined) return { customerId: S(partys), partyRole: S(role) };
  return customerId === undefined ? {} : { customerId: S(customerId) };
}

/** Carriers report within 72 hours. */
const PROVIDER_REF_KEPT_DAYS = 14;

/**
 * SNS reports on a text message by its own id alone, in a log; mail carries our ids as tags, and the gateway answers with them.
 * @see https://docs.aws.amazon.com/sns/latest/dg/sms_stats_cloudwatch.html
 */
function providerRefPut(table: Table, account: Account, entry: Entry<'ContactSent'>, now: number): TransactWriteItem[] {
  if (entry.channel !== 'sms' || entry.providerRef === '') return [];
  const expiresAt = N(Math.floor((now + PROVIDER_REF_KEPT_DAYS * DAY) / 1000));
  return [
    { Put: { TableName: table.name, Item: { ...keyItem(providerRefKey(entry.providerRef)), ...contactFacts(account, entry), expiresAt } } },
  ];
}

function contactSet(
  table: Table,
  entry: Entry<'ContactSent' | 'ContactFailed' | 'ContactDeferred' | 'ContactLost'>,
  status: string,
  providerRef?: string,
): TransactWriteItem {
  return {
    Update: {
      TableName: table.name,
      Key: keyItem(contactKey(entry.contactId)),
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
