import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { DAY, toInstant } from '../../domain/calendar.ts';
import { openCase } from '../../domain/case-status.ts';
import { paymentMethodCode, reversalReasonCode } from '../../domain/codes.ts';
import type { Account } from '../../domain/model.ts';
import {
  recordAccountOverdue,
  recordBalanceUpdated,
  recordPaymentReceived,
  recordPaymentReversed,
} from '../../domain/record/bank-facts.ts';
import { type Item, keyItem, N, S, text } from '../adapters/table.ts';
import type { Inbound } from '../contract/inbound-events.ts';
import { acknowledgementKey, bankFactKey, paymentNotes, subjectFactKey } from '../protocol/items.ts';
import { type Ports, ReusedId, type Signalled, signal } from '../protocol/signal.ts';
import { answersPuts } from './answered-for.ts';
import { notesPut, wordsBeside } from './notes.ts';

/** Figures and payments: what the bank says about the account's money. */

/** The core's figure for an account; opens a case where more than the tolerance is overdue and none is open. */
export function takeAccountOverdue(ports: Ports, event: Inbound<'AccountOverdue'>): Promise<Signalled> {
  return signal(ports, {
    accountId: event.accountId,
    customerId: event.customerId,
    fact: { key: subjectFactKey(`ACCOUNT#${event.accountId}`, 'AccountOverdue', event.asOf), content: event },
    apply: ({ journal }) => {
      recordAccountOverdue(journal, withoutAccount(defined(event)));
      return { items: answersPuts(ports, event.accountId, event.parties) };
    },
  });
}

/** The core's figure without a due date: opens a case only where one is known, else it is recorded. */
export function takeBalanceUpdated(ports: Ports, event: Inbound<'BalanceUpdated'>): Promise<Signalled> {
  return signal(ports, {
    accountId: event.accountId,
    fact: { key: subjectFactKey(`ACCOUNT#${event.accountId}`, 'BalanceUpdated', event.asOf), content: event },
    apply: ({ journal }) => {
      recordBalanceUpdated(journal, withoutAccount(defined(event)));
      return {};
    },
  });
}

/** Longer than the bus archive keeps events: one that is replayed meets the fact and counts once. */
const PAYMENT_KEPT_SECONDS = 400 * 86_400;

/** A payment, counted once under its id and state; one that comes before its account is kept for 120 days. */
export function takePaymentReceived(ports: Ports, event: Inbound<'PaymentReceived'>): Promise<Signalled> {
  const { paymentId, accountId, amount, paidAt, state } = event;
  const postedAt = event.postedAt ?? paidAt;
  const method = event.method === undefined ? {} : { method: paymentMethodCode(event.method) };
  const words = wordsBeside({ method: event.method }, method);
  const notesRef = paymentNotes(state, paymentId);
  return signal(ports, {
    accountId,
    fact: {
      key: bankFactKey(`payment-${state}`, paymentId),
      content: { ...event, postedAt },
      body: { ...event, ...method, postedAt },
      expiresAt: Math.floor(ports.now / 1000) + PAYMENT_KEPT_SECONDS,
    },
    related: [
      bankFactKey('payment-reversed', paymentId),
      bankFactKey(state === 'posted' ? 'payment-pending' : 'payment-posted', paymentId),
    ],
    apply: ({ journal, head, related: [reversal, other] }) => {
      sameAccount(reversal, accountId);
      sameAccount(other, accountId);
      // Once a payment: its other state, or its reversal, has been here before. Without a case the bank's own receipt is enough.
      const thanked = openCase(head.account) === undefined || other !== undefined || reversal !== undefined;
      const reversedAt = bodyOf<{ reversedAt: string }>(reversal)?.reversedAt;
      recordPaymentReceived(journal, {
        paymentId,
        amount,
        paidAt,
        postedAt,
        state,
        ...method,
        ...(words === undefined ? {} : { notesRef }),
        ...(reversedAt === undefined ? {} : { reversedAt }),
      });
      const said = words === undefined ? [] : [notesPut(ports, journal, notesRef, words)];
      return { items: thanked ? said : [...said, acknowledgementPut(ports, journal.account, event)] };
    },
  });
}

const ACKNOWLEDGEMENT_KEPT_DAYS = 90;

/** The payment is to be acknowledged: the stream takes the item to `send-notices`, which sends within a minute or not at all. */
function acknowledgementPut(ports: Ports, account: Account, payment: Inbound<'PaymentReceived'>): TransactWriteItem {
  const { paymentId, amount, paidAt } = payment;
  return {
    Put: {
      TableName: ports.table.name,
      Item: {
        ...keyItem(acknowledgementKey(account.accountId, paymentId)),
        accountId: S(account.accountId),
        customerId: S(account.customerId ?? ''),
        paymentId: S(paymentId),
        amount: S(JSON.stringify(amount)),
        paidAt: S(paidAt),
        acceptedAt: S(toInstant(ports.now)),
        noticeStatus: S('due'),
        expiresAt: N(Math.floor((ports.now + ACKNOWLEDGEMENT_KEPT_DAYS * DAY) / 1000)),
      },
    },
  };
}

/** Undoes exactly one payment, also where the payment itself comes later. */
export function takePaymentReversed(ports: Ports, event: Inbound<'PaymentReversed'>): Promise<Signalled> {
  const { paymentId, accountId, reversedAt } = event;
  const reason = event.reason === undefined ? undefined : reversalReasonCode(event.reason);
  const words = reason === undefined ? undefined : wordsBeside({ reason: event.reason }, { reason });
  const notesRef = `reversal#${paymentId}`;
  return signal(ports, {
    accountId,
    fact: {
      key: bankFactKey('payment-reversed', paymentId),
      content: event,
      body: { paymentId, accountId, reversedAt },
      expiresAt: Math.floor(ports.now / 1000) + PAYMENT_KEPT_SECONDS,
    },
    related: [bankFactKey('payment-posted', paymentId), bankFactKey('payment-pending', paymentId)],
    apply: ({ journal, related: [posted, pending] }) => {
      sameAccount(posted, accountId);
      sameAccount(pending, accountId);
      const payment = bodyOf<Inbound<'PaymentReceived'> & { postedAt: string }>(posted ?? pending);
      recordPaymentReversed(journal, {
        paymentId,
        reversedAt,
        ...(reason === undefined ? {} : { reason }),
        ...(words === undefined ? {} : { notesRef }),
        ...(payment === undefined
          ? {}
          : { payment: { amount: payment.amount, paidAt: payment.paidAt, postedAt: payment.postedAt, state: payment.state } }),
      });
      return words === undefined ? {} : { items: [notesPut(ports, journal, notesRef, words)] };
    },
  });
}

function bodyOf<T>(item: Item | undefined): T | undefined {
  const body = text(item, 'body');
  return body === undefined ? undefined : (JSON.parse(body) as T);
}

function sameAccount(item: Item | undefined, accountId: string): void {
  if (item !== undefined && text(item, 'accountId') !== accountId) throw new ReusedId('this payment belongs to another account');
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** Absent rather than undefined: optional members of a checked event. */
function defined<T extends object>(event: T): Defined<T> {
  return Object.fromEntries(Object.entries(event).filter(([, value]) => value !== undefined)) as Defined<T>;
}

function withoutAccount<T extends { accountId: string }>(event: T): Omit<T, 'accountId'> {
  const { accountId: _subject, ...rest } = event;
  return rest;
}
