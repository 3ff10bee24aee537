import { describe, expect, it } from 'vitest';
import type { Statement } from '../../../domain/account-facts.ts';
import { toMillis } from '../../../domain/calendar.ts';
import { balanceMinor, isStatementPaid, overdueMinor } from '../../../domain/ledger.ts';
import type { Account } from '../../../domain/model.ts';
import { nextPreDue } from '../../../domain/notices/pre-due.ts';
import {
  recordBalanceUpdated,
  recordPaymentReceived,
  recordPaymentReversed,
  recordStatementIssued,
} from '../../../domain/record/bank-facts.ts';
import { Contradiction, Journal } from '../../../domain/record/journal.ts';
import { emptyAccount } from '../../../domain/reducer/account.ts';
import { anAccount, cny } from '../../builders/account.ts';
import { aCustomer } from '../../builders/customer.ts';
import { aSetting } from '../../builders/setting.ts';

const NOW = '2026-03-10T02:00:00Z';

type StatementFact = Parameters<typeof recordStatementIssued>[1];

function aStatement(change: Partial<StatementFact> = {}): StatementFact {
  return {
    statementId: 'st-1',
    customerId: 'cus-1',
    statementBalance: cny('3000.00'),
    minimumDue: cny('300.00'),
    dueDate: '2026-03-25',
    issuedAt: '2026-03-05T00:00:00Z',
    autopay: false,
    ...change,
  };
}

function having(account: Account, ...records: ((journal: Journal) => void)[]): Account {
  const journal = new Journal(account, aSetting({ now: NOW, governor: aCustomer().build() }));
  for (const record of records) record(journal);
  return journal.account;
}

const issue =
  (change: Partial<StatementFact> = {}) =>
  (journal: Journal) =>
    recordStatementIssued(journal, aStatement(change));
const pay =
  (paymentId: string, amount: string, postedAt = '2026-03-07T00:00:00Z', state: 'posted' | 'pending' = 'posted') =>
  (journal: Journal) =>
    recordPaymentReceived(journal, { paymentId, amount: cny(amount), paidAt: postedAt, postedAt, state });
const reverse = (paymentId: string, amount: string) => (journal: Journal) =>
  recordPaymentReversed(journal, {
    paymentId,
    reversedAt: '2026-03-08T00:00:00Z',
    payment: { amount: cny(amount), paidAt: '2026-03-07T00:00:00Z', postedAt: '2026-03-07T00:00:00Z', state: 'posted' },
  });

const statementOf = (account: Account): Statement => {
  if (account.statement === undefined) throw new Error('The account has no statement');
  return account.statement;
};

describe('a statement', () => {
  const empty = emptyAccount('acc-1');

  it('opens no case and makes nothing overdue', () => {
    const account = having(empty, issue());
    expect(account.case).toBeUndefined();
    expect(overdueMinor(account)).toBe(0);
    expect(account.timeZone).toBe('Asia/Shanghai');
  });

  it('is paid by what is booked after it was issued, pending or posted, whichever came first', () => {
    expect(isStatementPaid(statementOf(having(empty, issue())))).toBe(false);
    expect(isStatementPaid(statementOf(having(empty, issue(), pay('p', '299.99'))))).toBe(false);
    expect(isStatementPaid(statementOf(having(empty, issue(), pay('p', '300.00'))))).toBe(true);
    expect(isStatementPaid(statementOf(having(empty, pay('p', '300.00'), issue())))).toBe(true);
    expect(isStatementPaid(statementOf(having(empty, issue(), pay('p', '300.00', '2026-03-07T00:00:00Z', 'pending'))))).toBe(true);
    expect(isStatementPaid(statementOf(having(empty, issue(), pay('p', '300.00', '2026-03-04T00:00:00Z'))))).toBe(false);
  });

  it('counts a payment once, however often it is told', () => {
    const account = having(empty, issue(), pay('p', '200.00', '2026-03-07T00:00:00Z', 'pending'), pay('p', '200.00'), pay('p', '200.00'));
    expect(isStatementPaid(statementOf(account))).toBe(false);
  });

  it('is unpaid again by a reversal', () => {
    expect(isStatementPaid(statementOf(having(empty, issue(), pay('p', '300.00'), reverse('p', '300.00'))))).toBe(false);
  });

  it('stays paid when a core figure that includes the payment replaces the ledger’s own list', () => {
    const account = having(empty, issue(), pay('p', '300.00'), (journal) =>
      recordBalanceUpdated(journal, { overdue: cny('0.00'), balance: cny('2700.00'), asOf: '2026-03-09T00:00:00Z' }),
    );
    expect(account.payments).toEqual({});
    expect(isStatementPaid(statementOf(account))).toBe(true);
  });

  it('gives way to a newer one and never to an older one', () => {
    const newer = issue({ statementId: 'st-2', issuedAt: '2026-03-09T00:00:00Z' });
    expect(statementOf(having(empty, issue(), newer)).statementId).toBe('st-2');
    expect(statementOf(having(empty, newer, issue())).statementId).toBe('st-2');
  });

  it('updates the balance of an account with a case, less what was booked since, and nothing that is overdue', () => {
    const account = anAccount().build();
    const before = overdueMinor(account);
    const stated = having(account, issue({ issuedAt: '2026-03-05T00:00:00Z' }));
    expect([overdueMinor(stated), balanceMinor(stated)]).toEqual([before, 300_000]);
    expect(balanceMinor(having(stated, pay('p', '100.00')))).toBe(290_000);
    expect(balanceMinor(having(stated, pay('p', '100.00', '2026-03-04T00:00:00Z')))).toBe(300_000);
  });

  it('in another currency than the account’s is a contradiction', () => {
    const foreign = { amount: '1.00', currency: 'USD' };
    expect(() => having(anAccount().build(), issue({ statementBalance: foreign, minimumDue: foreign }))).toThrow(Contradiction);
  });
});

describe('reminders before the due date', () => {
  const account = { accountId: 'acc-1', timeZone: 'Asia/Shanghai' };
  const due = { dueDate: '2026-03-25', minimumDueMinor: 30_000 };
  const at = (text: string) => toMillis(text);

  it('come three days before and on the day', () => {
    expect(nextPreDue(account, due, at(NOW))).toMatchObject({ days: 3, date: '2026-03-22' });
    expect(nextPreDue(account, due, at(NOW), 3)).toMatchObject({ days: 0, date: '2026-03-25' });
    expect(nextPreDue(account, due, at(NOW), 0)).toBeUndefined();
  });

  it('of a statement that came late are the ones still ahead, on the day itself at once', () => {
    expect(nextPreDue(account, due, at('2026-03-23T02:00:00Z'))).toMatchObject({ days: 0 });
    const late = at('2026-03-25T11:00:00Z');
    expect(nextPreDue(account, due, late)).toEqual({ days: 0, date: '2026-03-25', at: late });
    expect(nextPreDue(account, due, at('2026-03-26T02:00:00Z'))).toBeUndefined();
  });

  it('are none where nothing is asked for', () => {
    expect(nextPreDue(account, { ...due, minimumDueMinor: 0 }, at(NOW))).toBeUndefined();
  });

  it('of 100,000 accounts spread over the day: no minute has much more than its share', () => {
    const minutes = new Map<number, number>();
    for (let index = 0; index < 100_000; index += 1) {
      const slot = nextPreDue({ ...account, accountId: `acc-${index}` }, due, at(NOW));
      const minute = Math.floor((slot?.at ?? 0) / 60_000);
      minutes.set(minute, (minutes.get(minute) ?? 0) + 1);
    }
    expect(minutes.size).toBe(420);
    expect(Math.max(...minutes.values())).toBeLessThan(340);
  });
});
