import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { Statement } from '../../domain/account-facts.ts';
import { daysBetween, localDate, MINUTE, toInstant } from '../../domain/calendar.ts';
import { openCase } from '../../domain/case-status.ts';
import { hasEndedSince } from '../../domain/endings.ts';
import { isStatementPaid } from '../../domain/ledger.ts';
import type { MessageChannel } from '../../domain/model.ts';
import { NO_CURRENCY } from '../../domain/money.ts';
import { noticeFacts, noticeZone } from '../../domain/notices/facts.ts';
import { nextPreDue } from '../../domain/notices/pre-due.ts';
import { type Way, wayFor } from '../../domain/notices/way.ts';
import { type Item, keyItem, N, number, S, text } from '../adapters/table.ts';
import { type GovernorRecord, governorKey, type Head, headKey, preDueKey, profileKey, readGovernor, readHead } from '../protocol/items.ts';
import { byOpenWay, commonSlots, handOverNotice, type NoticePorts, type OutgoingNotice, settleNotice } from './hand-over.ts';
import { diesAt, type Planned, plannedOf, reminderNamed, unsettledOf } from './planned.ts';

const CHANNELS: readonly MessageChannel[] = ['sms', 'email', 'push', 'in-app', 'im'];
/** A reminder that its provider would not take is tried again the same day, so often. */
const ATTEMPTS_MAX = 4;
const AGAIN_MILLIS = 15 * MINUTE;

export type Reminded = 'sent' | 'not-sent' | 'put-off' | 'moved';

/**
 * Sends an account's reminder before its due date if it is still of use: the statement is the newest, nothing was paid towards it that
 * meets it, no case is open, and the gate lets it through on its own day. Then the next one is planned, or none.
 */
export async function remindBeforeDue(ports: NoticePorts, accountId: string): Promise<Reminded> {
  const [item, headItem] = await ports.table.snapshot([preDueKey(accountId), headKey(accountId)]);
  const head = readHead(accountId, headItem);
  const customerId = text(item, 'customerId') ?? '';
  const [governorItem, profile] = await ports.table.snapshot([governorKey(customerId), profileKey(customerId)]);
  const governor = readGovernor(customerId, governorItem);
  const planned = plannedOf(item, noticeZone(head.account, governor.governor));
  const { statement } = head.account;
  if (planned === undefined || statement === undefined) return 'moved';
  if (unsettledOf(planned.item).length > 0) return settleOlder(ports, head, statement, planned);
  const named = reminderNamed(accountId, planned);
  const reservedAt = number(planned.item, 'reservedAt');
  if (reservedAt !== undefined) {
    // Another run holds it, or died over it.
    if (diesAt({ reservedAt }) > ports.now) return 'moved';
    await settleNotice(ports, accountId, { type: 'ContactLost', ...named });
    return advance(ports, head, planned, 'not-sent', true);
  }
  if (!isOfUse(head, statement, planned, ports.now)) return advance(ports, head, planned, 'not-sent');
  const early = tooEarly(head, statement, planned, ports.now);
  if (early !== undefined) return putOff(ports, head, planned, early, planned.attempt);
  const ended = await byOpenWay(
    (barred) => wayOf(ports, head, governor, ports.now, barred),
    (way) => handOverNotice(ports, { ...outgoing(ports, head, statement, governor, profile, way, planned), ...named }),
  );
  if (typeof ended !== 'string')
    return ended.kind === 'none'
      ? advance(ports, head, planned, 'not-sent')
      : putOff(ports, head, planned, ended.notBefore, planned.attempt);
  if (ended === 'blocked' || ended === 'barred') return putOff(ports, head, planned, ports.now + AGAIN_MILLIS, planned.attempt);
  if (ended === 'not-taken' && planned.attempt < ATTEMPTS_MAX)
    return putOff(ports, head, planned, ports.now + AGAIN_MILLIS, planned.attempt + 1, true);
  if (ended === 'moved') return 'moved';
  return advance(ports, head, planned, ended === 'sent' || ended === 'shadow' ? 'sent' : 'not-sent', true);
}

/** Reminders of statements that have given way, whose senders died: each ends as lost, and the newest statement's comes in its own time. */
async function settleOlder(ports: NoticePorts, head: Head, statement: Statement, planned: Planned): Promise<Reminded> {
  const unsettled = unsettledOf(planned.item);
  if (unsettled.some((row) => diesAt(row) > ports.now)) return 'moved';
  for (const { contactId, key, notice } of unsettled)
    await settleNotice(ports, head.accountId, { type: 'ContactLost', contactId, key, notice });
  const own = { accountId: head.accountId, timeZone: planned.zone };
  const at = nextPreDue(own, statement, ports.now, planned.days === 0 ? 3 : undefined)?.at ?? ports.now;
  const values = { ':at': S(toInstant(at)) };
  await ports.table.write([planUpdate(ports, head, planned, 'SET sweepAt = :at REMOVE unsettled', values, false)]);
  return 'put-off';
}

function isOfUse(head: Head, statement: Statement, planned: Planned, now: number): boolean {
  if (statement.statementId !== planned.statementId || isStatementPaid(statement)) return false;
  if (hasEndedSince(head.account, statement.issuedAt)) return false;
  return localDate(now, planned.zone) <= planned.date && openCase(head.account) === undefined;
}

/** When the day of a reminder comes that was planned in a zone further east; undefined where it is there. */
function tooEarly(head: Head, statement: Statement, planned: Planned, now: number): number | undefined {
  if (localDate(now, planned.zone) === planned.date) return undefined;
  return nextPreDue({ accountId: head.accountId, timeZone: planned.zone }, statement, now, planned.days === 0 ? 3 : undefined)?.at;
}

function wayOf(ports: NoticePorts, head: Head, governor: GovernorRecord, at: number, barred: readonly MessageChannel[] = []): Way {
  const facts = noticeFacts(head.account, governor.governor, ports.deployment, at, 'pre-due');
  const channels = CHANNELS.filter((channel) => ports.deployment.channels.includes(channel) && !barred.includes(channel));
  return wayFor(governor.governor, facts, { accountId: head.accountId, purpose: 'pre-due', channels }, at);
}

function outgoing(
  ports: NoticePorts,
  head: Head,
  statement: Statement,
  governor: GovernorRecord,
  profile: Item | undefined,
  way: Extract<Way, { kind: 'open' }>,
  planned: Planned,
): Omit<OutgoingNotice, 'contactId' | 'key' | 'notice'> {
  const currency = head.account.currency ?? NO_CURRENCY;
  const { dueDate, autopay, balanceMinor, minimumDueMinor } = statement;
  return {
    head,
    governor,
    profile,
    template: 'pre-due',
    purpose: 'pre-due',
    stage: 'reminder',
    channel: way.channel,
    point: way.point,
    rule: way.rule,
    slots: {
      ...commonSlots(ports, head, profile),
      statementBalance: { amountMinor: balanceMinor, currency },
      minimumDue: { amountMinor: minimumDueMinor, currency },
      dueDate,
      daysToDue: daysBetween(localDate(ports.now, planned.zone), dueDate),
      autopay,
    },
    marking: [planUpdate(ports, head, planned, 'SET reservedAt = :now', { ':now': N(ports.now) }, false)],
    allows: (at) => wayOf(ports, head, governor, at).kind === 'open',
  };
}

/**
 * A change of the plan as long as nobody else changed it: a newer statement replaces the item as a whole, and a reservation is changed by
 * whoever made it, or settled it.
 */
function planUpdate(ports: NoticePorts, head: Head, planned: Planned, change: string, values: Item, reserved: boolean): TransactWriteItem {
  return {
    Update: {
      TableName: ports.table.name,
      Key: keyItem(preDueKey(head.accountId)),
      ConditionExpression: `statementId = :statement AND daysBefore = :days${reserved ? '' : ' AND attribute_not_exists(reservedAt)'}`,
      UpdateExpression: change,
      ExpressionAttributeValues: { ':statement': S(planned.statementId), ':days': N(planned.days), ...values },
    },
  };
}

/** To the next reminder of the statement, or out of the index: the item itself stays as what was last planned. */
async function advance(ports: NoticePorts, head: Head, planned: Planned, result: 'sent' | 'not-sent', reserved = false): Promise<Reminded> {
  const { statement } = head.account;
  const own = { accountId: head.accountId, timeZone: planned.zone };
  const next = statement?.statementId === planned.statementId ? nextPreDue(own, statement, ports.now, planned.days) : undefined;
  const change =
    next === undefined
      ? planUpdate(ports, head, planned, 'REMOVE sweepShard, sweepAt, reservedAt', {}, reserved)
      : planUpdate(
          ports,
          head,
          planned,
          'SET daysBefore = :next, reminderDate = :date, sweepAt = :at, attempt = :first REMOVE reservedAt',
          { ':next': N(next.days), ':date': S(next.date), ':at': S(toInstant(next.at)), ':first': N(1) },
          reserved,
        );
  await ports.table.write([change]);
  return result;
}

/** The same reminder later: on its own day, or it is of no use any more. */
async function putOff(ports: NoticePorts, head: Head, planned: Planned, at: number, attempt: number, reserved = false): Promise<Reminded> {
  if (localDate(at, planned.zone) !== planned.date) return advance(ports, head, planned, 'not-sent', reserved);
  const values = { ':at': S(toInstant(at)), ':attempt': N(attempt) };
  await ports.table.write([planUpdate(ports, head, planned, 'SET sweepAt = :at, attempt = :attempt REMOVE reservedAt', values, reserved)]);
  return 'put-off';
}
