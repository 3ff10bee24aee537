import { describe, expect, it } from 'vitest';
import { DAY, toInstant, toMillis } from '../../domain/calendar.ts';
import { decide } from '../../domain/decide/decide.ts';
import { missingForReferral } from '../../domain/decide/legal.ts';
import { type Proposal, worldOf } from '../../domain/decide/world.ts';
import type { Account, Case, LegalProgress } from '../../domain/model.ts';
import { anAccount } from '../builders/account.ts';
import { aCustomer } from '../builders/customer.ts';
import { aSetting } from '../builders/setting.ts';

describe('every small world', () => {
  const NOW = toMillis('2026-06-01T02:00:00Z');
  const base = anAccount().overdueBy(0).build();

  function accountOf(daysPastDue: number, current: Partial<Case>, change: Partial<Account> = {}): Account {
    const [openedAt, dueDate] = ['2026-03-02T01:30:00Z', toInstant(NOW - daysPastDue * DAY).slice(0, 10)];
    if (base.case === undefined || base.figure === undefined) throw new Error('The base account has a case and a figure');
    return {
      ...base,
      ...change,
      figure: { ...base.figure, dueDate },
      case: { ...base.case, openedAt, stage: 'legal', roseOn: '2026-05-01', ...current },
    };
  }

  function proposalOf(account: Account): Proposal {
    if (account.case === undefined) throw new Error('There is a case');
    const governor = aCustomer().build();
    const decision = decide(worldOf(account, account.case, governor, aSetting({ now: NOW, governor })));
    expect(decision.until).toBeGreaterThan(NOW);
    return decision.proposal;
  }

  const at = (daysAgo: number) => toInstant(NOW - daysAgo * DAY);
  const LEGAL: readonly LegalProgress[] = [undefined, 1, 20]
    .flatMap((intent) => [undefined, 3, 20].map((notice) => ({ intent, notice })))
    .flatMap((row) => [undefined, 1].flatMap((evidence) => [undefined, 1].map((approved) => ({ ...row, evidence, approved }))))
    .map(({ intent, notice, evidence, approved }) => ({
      noticeContactKeys: [],
      ...(intent === undefined ? {} : { intentConfirmedBy: 'a', intentConfirmedAt: at(intent) }),
      ...(notice === undefined ? {} : { noticeServedAt: at(notice) }),
      ...(evidence === undefined ? {} : { evidenceHash: 'e', evidenceAt: at(evidence) }),
      ...(approved === undefined ? {} : { approvedBy: 'b', approvedAt: at(approved) }),
    }));

  it('proposes a referral in exactly those that have passed every gate', () => {
    let referred = 0;
    for (const legal of LEGAL) {
      for (const days of [89, 90]) {
        for (const writtenDemands of [1, 2]) {
          for (const offered of [true, false]) {
            for (const timesOverdueLast12Months of [0, 2]) {
              for (const approvals of [[], ['legal']]) {
                const account = accountOf(
                  days,
                  { legal, writtenDemands, approvals, ...(offered ? { planOfferedAt: at(40) } : {}) },
                  { facts: { flags: [], timesOverdueLast12Months } },
                );
                const open =
                  days >= 90 &&
                  writtenDemands >= 2 &&
                  offered &&
                  legal.intentConfirmedBy !== undefined &&
                  legal.noticeServedAt === at(20) &&
                  legal.evidenceHash !== undefined &&
                  legal.approvedBy !== undefined &&
                  (timesOverdueLast12Months > 0 || approvals.includes('legal'));
                const { act } = proposalOf(account);
                expect(act === 'refer').toBe(open);
                if (open) referred += 1;
                if (act === 'confirm-intent')
                  expect(days >= 90 && writtenDemands >= 2 && offered && (timesOverdueLast12Months > 0 || approvals.length > 0)).toBe(true);
              }
            }
          }
        }
      }
    }
    expect(referred).toBe(2 * 3);
  });

  it('proposes none whatever is ready while the case is held, arranged, promised, quiet, cured or referred', () => {
    const legal = LEGAL.at(-1) ?? { noticeContactKeys: [] };
    const ready: Partial<Case> = { legal, writtenDemands: 2, planOfferedAt: at(40) };
    expect(proposalOf(accountOf(100, ready)).act).toBe('refer');
    const plan = {
      planId: 'plan-00000000',
      offerId: 'o',
      kind: 'instalments' as const,
      agreedAt: at(5),
      channel: 'voice',
      status: 'active' as const,
      totalMinor: 3,
      instalments: [{ dueDate: '2026-06-20', amountMinor: 3, status: 'open' as const }],
    };
    const promise = {
      promiseId: 'c-1-t1-p1',
      taskId: 'c-1-t1',
      recordedAt: at(1),
      amountMinor: 5,
      date: '2026-06-05',
      status: 'open' as const,
    };
    const hold = { holdId: 'h', kind: 'bankruptcy' as const, placedAt: at(1) };
    const figure = base.figure === undefined ? {} : { figure: { ...base.figure, overdueMinor: 1000 } };
    const stopped: readonly Account[] = [
      accountOf(100, { ...ready, held: true }, { holds: [hold] }),
      accountOf(100, { ...ready, plan }),
      accountOf(100, { ...ready, promises: [promise] }),
      accountOf(100, { ...ready, quietUntil: toInstant(NOW + DAY) }),
      accountOf(100, { ...ready, legal: { ...legal, referredAt: at(1) } }),
      { ...accountOf(100, ready), ...figure },
      accountOf(100, ready, { customerKnown: false }),
      accountOf(100, { ...ready, ending: { reason: 'sold', endedAt: at(1) } }),
      accountOf(100, { ...ready, held: true }, { holds: [{ holdId: 'placed-1', kind: 'placed', placedAt: at(1) }] }),
    ];
    expect(stopped.map((account) => proposalOf(account).act)).not.toContain('refer');
    expect(stopped.map((account) => proposalOf(account).act)).not.toContain('assign-visit');
  });

  it('names everything that a referral still lacks', () => {
    const account = accountOf(89, {});
    if (account.case === undefined) throw new Error('There is a case');
    expect(missingForReferral(worldOf(account, account.case, undefined, aSetting({ now: NOW })))).toEqual([
      'not 90 days past due',
      'fewer than 2 written demands arrived',
      'no arrangement was offered',
      'nobody confirmed the intent',
      'no formal notice was served',
      'no evidence was assembled',
      'counsel did not approve',
    ]);
  });
});
