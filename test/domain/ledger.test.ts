import { describe, expect, it } from 'vitest';
import { toMillis } from '../../domain/calendar.ts';
import { isCured, statusOf } from '../../domain/case-status.ts';
import { balanceMinor, overdueMinor, remainingArrears } from '../../domain/ledger.ts';
import type { Account } from '../../domain/model.ts';
import { LADDER } from '../../domain/policy/ladder.ts';
import {
  recordAccountOverdue,
  recordBalanceUpdated,
  recordPaymentReceived,
  recordPaymentReversed,
} from '../../domain/record/bank-facts.ts';
import { Contradiction, Journal } from '../../domain/record/journal.ts';
import { emptyAccount } from '../../domain/reducer/account.ts';
import { anAccount, anOverdueFact, cny } from '../builders/account.ts';
import { aCustomer } from '../builders/customer.ts';
import { aSetting } from '../builders/setting.ts';

const NOW = '2026-03-20T04:00:00Z';

function having(account: Account, record: (journal: Journal) => void, now = NOW): Account {
  const journal = new Journal(account, aSetting({ now, governor: aCustomer().build() }));
  record(journal);
  return journal.account;
}

const pay =
  (paymentId: string, text: string, at = '2026-03-05T04:00:00Z', state: 'posted' | 'pending' = 'posted') =>
  (journal: Journal) =>
    recordPaymentReceived(journal, { paymentId, amount: cny(text), paidAt: at, postedAt: at, state });

describe('arrears', () => {
  const arrears = [
    { dueDate: '2026-01-18', amount: cny('1000.00') },
    { dueDate: '2026-02-18', amount: cny('500.00') },
  ];
  const account = anAccount()
    .with({ overdue: cny('1500.00'), arrears, dueDate: '2026-01-18' })
    .build();

  it('are cleared oldest first; what remains of the oldest still counts the days', () => {
    expect(remainingArrears(having(account, pay('p', '999.99')))).toEqual([
      { dueDate: '2026-01-18', amountMinor: 1 },
      { dueDate: '2026-02-18', amountMinor: 50_000 },
    ]);
    expect(remainingArrears(having(account, pay('p', '1000.00')))).toEqual([{ dueDate: '2026-02-18', amountMinor: 50_000 }]);
    expect(remainingArrears(having(account, pay('p', '1200.00')))).toEqual([{ dueDate: '2026-02-18', amountMinor: 30_000 }]);
  });

  it('come back with a reversal', () => {
    const paid = having(account, pay('p', '1200.00'));
    const reversed = having(paid, (journal) => recordPaymentReversed(journal, { paymentId: 'p', reversedAt: '2026-03-06T00:00:00Z' }));
    expect(remainingArrears(reversed)).toEqual(remainingArrears(account));
  });
});

describe('what is owed', () => {
  it('leaves an overpayment in the balance and nothing overdue', () => {
    const account = having(anAccount().owing('100.00', '100.00').build(), pay('p', '150.00'));
    expect(overdueMinor(account)).toBe(0);
    expect(balanceMinor(account)).toBe(-5000);
    expect(account.case?.curedBy).toBe('payment');
  });

  it.each([
    ['CNY', '1000.00', '990.00', true],
    ['CNY', '1000.00', '989.99', false],
    ['TWD', '1000.00', '999.99', false],
    ['TWD', '1000.00', '1000.00', true],
  ])('in %s, %s overdue less %s is cured: %s', (currency, overdue, paid, cured) => {
    const account = anAccount().owing(overdue, '2000.00', currency).build();
    const paidAccount = having(account, (journal) =>
      recordPaymentReceived(journal, { paymentId: 'p', amount: { amount: paid, currency }, paidAt: NOW, postedAt: NOW, state: 'posted' }),
    );
    expect(isCured(paidAccount, LADDER)).toBe(cured);
    expect(statusOf(paidAccount, LADDER, toMillis(NOW))).toBe(cured ? 'cured' : 'open');
  });

  it('ignores a pending payment until it is posted', () => {
    const pending = having(anAccount().build(), pay('p', '6250.00', NOW, 'pending'));
    expect(overdueMinor(pending)).toBe(625_000);
    expect(overdueMinor(having(pending, pay('p', '6250.00')))).toBe(0);
  });

  it('does not hush a case for a pending payment that is known to be posted', () => {
    const posted = having(anAccount().build(), pay('p', '100.00'));
    const figure = having(posted, (journal) =>
      recordBalanceUpdated(journal, { overdue: cny('6150.00'), balance: cny('18500.00'), asOf: '2026-03-06T00:00:00Z' }),
    );
    expect(having(figure, pay('p', '100.00', '2026-03-05T04:00:00Z', 'pending')).payments).toEqual({});
  });

  it('forgets what a newer figure includes and a pending payment that never came', () => {
    const account = having(having(anAccount().build(), pay('p', '1.00')), pay('q', '1.00', '2026-03-05T04:00:00Z', 'pending'));
    const later = (asOf: string) => (journal: Journal) =>
      recordBalanceUpdated(journal, { overdue: cny('6249.00'), balance: cny('18599.00'), asOf });
    expect(Object.keys(having(account, later('2026-03-06T00:00:00Z')).payments)).toEqual(['q']);
    expect(Object.keys(having(account, later('2026-04-06T00:00:00Z'), '2026-04-06T01:00:00Z').payments)).toEqual([]);
  });
});

describe('contradictions', () => {
  it.each([
    ['overdue.amount', (journal: Journal) => recordAccountOverdue(journal, anOverdueFact({ overdue: cny('0.00') }))],
    [
      'overdue.currency',
      (journal: Journal) =>
        recordAccountOverdue(journal, anOverdueFact({ overdue: { amount: '5.00', currency: 'TWD' }, asOf: '2026-03-03T00:00:00Z' })),
    ],
    [
      'overdue.currency',
      (journal: Journal) =>
        recordBalanceUpdated(journal, { overdue: { amount: '5.00', currency: 'TWD' }, balance: cny('5.00'), asOf: NOW }),
    ],
    [
      'amount.currency',
      (journal: Journal) =>
        recordPaymentReceived(journal, {
          paymentId: 'p',
          amount: { amount: '5.00', currency: 'TWD' },
          paidAt: NOW,
          postedAt: NOW,
          state: 'posted',
        }),
    ],
    [
      'arrears',
      (journal: Journal) => recordAccountOverdue(journal, anOverdueFact({ arrears: [{ dueDate: '2026-02-18', amount: cny('1.00') }] })),
    ],
    ['customerId', (journal: Journal) => recordAccountOverdue(journal, anOverdueFact({ customerId: 'cus-2' }))],
    ['dueDate', (journal: Journal) => recordAccountOverdue(journal, anOverdueFact({ dueDate: '2026-03-03' }))],
  ])('are named by their field: %s', (field, record) => {
    const journal = new Journal(anAccount().build(), aSetting());
    expect(() => record(journal)).toThrow(Contradiction);
    expect(() => record(journal)).toThrow(field);
    expect(journal.drafts).toEqual([]);
  });

  it.each([
    ['which its first figure would count', '2026-03-01T03:00:00Z'],
    ['since its first figure', '2026-03-02T03:00:00Z'],
  ])('found later: payments in another currency that came before the account was known, %s', (_when, postedAt) => {
    const early = having(emptyAccount('acc-1'), (journal) =>
      recordPaymentReceived(journal, {
        paymentId: 'p',
        amount: { amount: '5.00', currency: 'TWD' },
        paidAt: postedAt,
        postedAt,
        state: 'posted',
      }),
    );
    const journal = new Journal(early, aSetting());
    recordAccountOverdue(journal, anOverdueFact());
    const rejected = journal.drafts.filter((draft) => draft.type === 'PaymentRejected');
    expect(rejected.map((draft) => draft.paymentId)).toEqual(['p']);
    expect(journal.account.payments).toEqual({});
    expect(overdueMinor(journal.account)).toBe(625_000);
  });
});
