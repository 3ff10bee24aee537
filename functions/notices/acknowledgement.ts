import { localDate, MINUTE, toMillis } from '../../domain/calendar.ts';
import { openCase } from '../../domain/case-status.ts';
import { overdueMinor } from '../../domain/ledger.ts';
import type { MessageChannel } from '../../domain/model.ts';
import { type Money, toMinor } from '../../domain/money.ts';
import { noticeFacts } from '../../domain/notices/facts.ts';
import { type Way, wayFor } from '../../domain/notices/way.ts';
import { sha256 } from '../../domain/timeline.ts';
import { type Item, type Key, keyItem, S, text } from '../adapters/table.ts';
import {
  acknowledgementKey,
  type GovernorRecord,
  governorKey,
  type Head,
  headKey,
  profileKey,
  readGovernor,
  readHead,
} from '../protocol/items.ts';
import {
  byOpenWay,
  commonSlots,
  handOverNotice,
  type NoticeEnd,
  type NoticePorts,
  type OutgoingNotice,
  settleNotice,
} from './hand-over.ts';

/** An answer is worth something at once: within a minute of the payment's acceptance or not at all. */
const WORTH_SENDING_MILLIS = MINUTE;
const CHANNELS: readonly MessageChannel[] = ['sms', 'email', 'push', 'in-app', 'im'];
const TRIES_MAX = 3;

/** `late`: more than a minute has passed. `no-way`: not now, or by no address. `settled`: an earlier sender died over it. */
export type Acknowledged = NoticeEnd | 'late' | 'no-way' | 'settled' | 'done';

/**
 * Tells the customer that a payment has come, once. The stream may bring the item again: one that was being sent is settled as lost,
 * because nobody knows whether it left, and is not sent again.
 */
export async function acknowledgePayment(ports: NoticePorts, accountId: string, paymentId: string): Promise<Acknowledged> {
  const itemKey = acknowledgementKey(accountId, paymentId);
  const named = {
    contactId: `n-${sha256(`${accountId}|acknowledgement|${paymentId}`).slice(0, 40)}`,
    key: `acknowledgement-${sha256(paymentId).slice(0, 16)}_1`,
    notice: { kind: 'payment-acknowledgement', about: paymentId },
  } as const;
  for (let attempt = 1; attempt <= TRIES_MAX; attempt += 1) {
    const [item, headItem] = await ports.table.snapshot([itemKey, headKey(accountId)]);
    if (item === undefined) return 'done';
    if (text(item, 'noticeStatus') !== 'due')
      return (await settleNotice(ports, accountId, { ...named, type: 'ContactLost' })) ? 'settled' : 'done';
    if (ports.now - toMillis(text(item, 'acceptedAt') ?? '') > WORTH_SENDING_MILLIS) {
      if (await markLate(ports, itemKey)) return 'late';
      continue;
    }
    const head = readHead(accountId, headItem);
    const customerId = text(item, 'customerId') ?? '';
    const [governorItem, profile] = await ports.table.snapshot([governorKey(customerId), profileKey(customerId)]);
    const governor = readGovernor(customerId, governorItem);
    const ended = await byOpenWay(
      (barred) => wayOf(ports, head, governor, ports.now, barred),
      (way) => handOverNotice(ports, { ...named, ...outgoing(ports, head, governor, item, profile, way) }),
    );
    if (typeof ended !== 'string') return 'no-way';
    if (ended !== 'moved') return ended;
  }
  return 'moved';
}

/** The payment's own record says that it was not acknowledged. @returns false where somebody else has it in hand */
function markLate(ports: NoticePorts, itemKey: Key): Promise<boolean> {
  return ports.table.update(itemKey, {
    ConditionExpression: 'noticeStatus = :due',
    UpdateExpression: 'SET noticeStatus = :late',
    ExpressionAttributeValues: { ':due': S('due'), ':late': S('late') },
  });
}

function factsOf(ports: NoticePorts, head: Head, governor: GovernorRecord) {
  return noticeFacts(head.account, governor.governor, ports.deployment, ports.now, 'payment-acknowledgement');
}

function wayOf(ports: NoticePorts, head: Head, governor: GovernorRecord, now: number, barred: readonly MessageChannel[] = []): Way {
  const channels = CHANNELS.filter((channel) => ports.deployment.channels.includes(channel) && !barred.includes(channel));
  const message = { accountId: head.accountId, purpose: 'payment-acknowledgement', channels } as const;
  return wayFor(governor.governor, factsOf(ports, head, governor), message, now);
}

function outgoing(
  ports: NoticePorts,
  head: Head,
  governor: GovernorRecord,
  item: Item,
  profile: Item | undefined,
  way: Extract<Way, { kind: 'open' }>,
): Omit<OutgoingNotice, 'contactId' | 'key' | 'notice'> {
  const { account, accountId } = head;
  const amount = JSON.parse(text(item, 'amount') ?? 'null') as Money;
  const { currency } = amount;
  const paidAt = toMillis(text(item, 'paidAt') ?? '');
  return {
    head,
    governor,
    profile,
    template: 'payment-received',
    purpose: 'payment-acknowledgement',
    stage: openCase(account)?.stage ?? 'reminder',
    channel: way.channel,
    point: way.point,
    rule: way.rule,
    slots: {
      ...commonSlots(ports, head, profile),
      received: { amountMinor: toMinor(amount), currency },
      receivedDate: localDate(paidAt, account.timeZone),
      overdue: { amountMinor: overdueMinor(account), currency },
    },
    marking: [
      {
        Update: {
          TableName: ports.table.name,
          Key: keyItem(acknowledgementKey(accountId, text(item, 'paymentId') ?? '')),
          ConditionExpression: 'noticeStatus = :due',
          UpdateExpression: 'SET noticeStatus = :reserved',
          ExpressionAttributeValues: { ':due': S('due'), ':reserved': S('reserved') },
        },
      },
    ],
    allows: (at) => wayOf(ports, head, governor, at).kind === 'open',
  };
}
