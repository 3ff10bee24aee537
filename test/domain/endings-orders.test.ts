import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOUR, toInstant, toMillis } from '../../domain/calendar.ts';
import { openCase, ownedCase, statusOf } from '../../domain/case-status.ts';
import { isFinal } from '../../domain/endings.ts';
import type { Draft } from '../../domain/entries.ts';
import { overdueMinor } from '../../domain/ledger.ts';
import type { Account, AccountStatus, LegalStatus } from '../../domain/model.ts';
import { ACCOUNT_STATUSES, LEGAL_STATUSES } from '../../domain/model.ts';
import { LADDER } from '../../domain/policy/ladder.ts';
import { recordAccountOverdue, recordPaymentReceived, recordPaymentReversed } from '../../domain/record/bank-facts.ts';
import { recordAccountStatus, recordJourneyClosed, recordLegalStatus, recordStatusRetracted } from '../../domain/record/endings.ts';
import { Journal } from '../../domain/record/journal.ts';
import { emptyAccount } from '../../domain/reducer/account.ts';
import { anOverdueFact, cny } from '../builders/account.ts';
import { aCustomer } from '../builders/customer.ts';
import { aSetting } from '../builders/setting.ts';

const said = (status: AccountStatus, changedAt: string) => (journal: Journal) =>
  recordAccountStatus(journal, { status, changedAt, reference: `core-${status}` });
const takenBack = (status: AccountStatus, retractedAt: string) => (journal: Journal) =>
  recordStatusRetracted(journal, { status, retractedAt, reference: `error-${status}` });
const reported = (status: LegalStatus, reportedAt: string) => (journal: Journal) =>
  recordLegalStatus(journal, { status, reportedAt, reference: 'docket-7' });

/** `known` are the keys of the facts that came before: a payment and its reversal know of each other, whichever comes first. */
type Fact = { readonly key: string; readonly record: (journal: Journal, known: ReadonlySet<string>) => void };
const NOW = '2026-03-20T02:00:00Z';
const atHour = (hour: number) => toInstant(toMillis('2026-03-02T00:00:00Z') + hour * HOUR);

function paid(paymentId: string, units: number, index: number, reversedHour: number | undefined): Fact[] {
  const at = atHour(20 + index);
  const payment = { amount: cny(`${units * 100}.00`), paidAt: at, postedAt: at, state: 'posted' as const };
  const reversedAt = reversedHour === undefined ? undefined : atHour(reversedHour);
  const reversal = (known: ReadonlySet<string>) => (reversedAt !== undefined && known.has(`back ${paymentId}`) ? { reversedAt } : {});
  const pay: Fact = {
    key: `pay ${paymentId}`,
    record: (journal, known) => recordPaymentReceived(journal, { paymentId, ...payment, ...reversal(known) }),
  };
  if (reversedAt === undefined) return [pay];
  const known = (before: ReadonlySet<string>) => (before.has(pay.key) ? { payment } : {});
  return [
    pay,
    { key: `back ${paymentId}`, record: (journal, before) => recordPaymentReversed(journal, { paymentId, reversedAt, ...known(before) }) },
  ];
}

const facts = fc
  .record({
    words: fc.uniqueArray(fc.record({ status: fc.constantFrom(...ACCOUNT_STATUSES), hour: fc.integer({ min: 1, max: 300 }) }), {
      maxLength: 4,
      selector: ({ hour }) => hour,
    }),
    retractions: fc.uniqueArray(
      fc.record({ status: fc.constantFrom(...ACCOUNT_STATUSES.filter(isFinal)), hour: fc.integer({ min: 1, max: 300 }) }),
      { maxLength: 2, selector: ({ hour }) => hour },
    ),
    news: fc.uniqueArray(
      fc.record({
        status: fc.constantFrom(...LEGAL_STATUSES),
        hour: fc.integer({ min: 1, max: 300 }),
      }),
      { maxLength: 3, selector: ({ hour }) => hour },
    ),
    parts: fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 3 }),
    reversals: fc.uniqueArray(fc.record({ part: fc.integer({ min: 0, max: 2 }), hour: fc.integer({ min: 30, max: 300 }) }), {
      maxLength: 2,
      selector: ({ part }) => part,
    }),
  })
  .map(({ words, retractions, news, parts, reversals }): Fact[] => [
    { key: 'figure', record: (journal) => recordAccountOverdue(journal, anOverdueFact()) },
    ...words.map(({ status, hour }) => ({ key: `word ${hour}`, record: said(status, atHour(hour)) })),
    ...retractions.map(({ status, hour }) => ({ key: `error ${hour}`, record: takenBack(status, atHour(hour)) })),
    ...news.map(({ status, hour }) => ({ key: `news ${hour}`, record: reported(status, atHour(hour)) })),
    ...parts.flatMap((units, index) => paid(`p${index}`, units, index, reversals.find(({ part }) => part === index)?.hour)),
  ]);

/** Records facts as they come, each once; `closeAt` says after which ones the machine gets to close what has ended. */
function recordAll(sequence: readonly Fact[], closesAfter: (index: number) => boolean): Account {
  let account = emptyAccount('acc-1');
  const known = new Set<string>();
  const write = (record: (journal: Journal) => void) => {
    const journal = new Journal(account, aSetting({ now: NOW, governor: aCustomer().build() }));
    record(journal);
    const before: readonly Draft['type'][] = journal.drafts.map(({ type }) => type);
    expect(before.filter((type) => type === 'JourneyOpened').length).toBeLessThanOrEqual(1);
    account = journal.account;
  };
  const closeWhatEnded = () => {
    const owned = ownedCase(account);
    if (owned?.ending !== undefined || owned?.curedAt !== undefined) write(recordJourneyClosed);
  };
  for (const [index, { key, record }] of sequence.entries()) {
    if (known.has(key)) continue;
    write((journal) => record(journal, known));
    known.add(key);
    if (closesAfter(index)) closeWhatEnded();
  }
  closeWhatEnded();
  return account;
}

/** What must not depend on the order: whether a case runs, how it stands, what is owed, and that nothing is left open in one that ended. */
function endOf(account: Account): unknown {
  const current = openCase(account);
  return {
    runs: current !== undefined,
    status: current === undefined ? undefined : statusOf(account, LADDER, toMillis(NOW)),
    inCourt: current?.legal.referredAt !== undefined,
    overdue: overdueMinor(account),
    standing: account.standing,
    left:
      current === undefined ? [account.case?.tasks ?? [], (account.case?.promises ?? []).filter(({ status }) => status === 'open')] : [],
  };
}

describe('statuses, news of a suit and payments', () => {
  it('lead to the same end in any order, however often, and whenever the machine closes what has ended', () => {
    fc.assert(
      fc.property(
        facts.chain((all) =>
          fc.tuple(
            fc.constant(all),
            fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2, maxLength: all.length * 2 }),
            fc.array(fc.boolean(), { minLength: all.length * 2, maxLength: all.length * 2 }),
          ),
        ),
        ([all, shuffled, closings]) => {
          const inOrder = recordAll(all, () => true);
          const anyhow = recordAll(shuffled, (index) => closings[index] === true);
          expect(endOf(anyhow)).toEqual(endOf(inOrder));
        },
      ),
      { numRuns: 500 },
    );
  });
});
