import { describe, expect, it } from 'vitest';
import { openCase, ownedCase } from '../../domain/case-status.ts';
import { recordBalanceUpdated, recordPaymentReceived, recordPaymentReversed } from '../../domain/record/bank-facts.ts';
import { recordAccountStatus, recordJourneyClosed } from '../../domain/record/endings.ts';
import { Journal } from '../../domain/record/journal.ts';
import { anAccount, cny } from '../builders/account.ts';
import { aSetting } from '../builders/setting.ts';

const PAID = { amount: cny('600.00'), paidAt: '2026-03-03T01:00:00Z', postedAt: '2026-03-03T01:00:00Z', state: 'posted' as const };

/** What is said of an account of CNY 1,000.00 overdue that is paid and settled on the 3rd; on the 5th the payment bounces. */
const FACTS = {
  paid: (journal: Journal) => recordPaymentReceived(journal, { paymentId: 'p', ...PAID }),
  settled: (journal: Journal) =>
    recordAccountStatus(journal, { status: 'settled', changedAt: '2026-03-03T02:00:00Z', reference: 'core-1' }),
  refreshed: (journal: Journal) =>
    recordBalanceUpdated(journal, { overdue: cny('0.00'), balance: cny('0.00'), asOf: '2026-03-03T03:00:00Z' }),
  bounced: (journal: Journal) => recordPaymentReversed(journal, { paymentId: 'p', reversedAt: '2026-03-05T01:00:00Z', payment: PAID }),
  raised: (journal: Journal) =>
    recordBalanceUpdated(journal, { overdue: cny('600.00'), balance: cny('600.00'), asOf: '2026-03-06T01:00:00Z' }),
};

/** Whether a case runs once all was said in this order, each case closed as soon as it ended. */
function runsAfter(...order: readonly (keyof typeof FACTS)[]): boolean {
  let { account } = anAccount().owing('1000.00').journal();
  for (const name of order) {
    const journal = new Journal(account, aSetting({ now: '2026-03-07T01:00:00Z' }));
    FACTS[name](journal);
    if (ownedCase(journal.account)?.ending !== undefined) recordJourneyClosed(journal);
    account = journal.account;
  }
  return openCase(account) !== undefined;
}

describe('a settlement whose money came back', () => {
  it.each([
    [['paid', 'settled', 'refreshed', 'bounced', 'raised']],
    [['paid', 'settled', 'refreshed', 'raised', 'bounced']],
    [['paid', 'refreshed', 'bounced', 'raised', 'settled']],
    [['paid', 'bounced', 'raised', 'settled']],
    [['bounced', 'paid', 'settled', 'raised']],
  ] as const)('is undone also where a figure counts the reversal already: %s', (order) => {
    expect(runsAfter(...order)).toBe(true);
  });

  it('stands while nothing came back', () => {
    expect(runsAfter('paid', 'settled', 'raised')).toBe(false);
  });
});
