import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY, localDate, toInstant } from '../../domain/calendar.ts';
import type { Task } from '../../domain/model.ts';
import { LADDER } from '../../domain/policy/ladder.ts';
import { recordHoldPlaced, recordPaymentReceived } from '../../domain/record/bank-facts.ts';
import { brokenOccasions } from '../../domain/record/promise-limits.ts';
import { anAccount, cny } from '../builders/account.ts';
import type { Desk } from './case-driver.ts';
import { drive } from './drive.ts';
import { unprovenOfReferral, unprovenOfVisit } from './proofs.ts';

const ZONE = 'Asia/Shanghai';

/** The announcement of a visit fails until its approval has ended: somebody is asked anew at that instant. */
const APPROVAL_ENDS: [number[], number, { day: number; hold: boolean }[], boolean] = [
  [1, 544, 28, 1, 0, 0, 0, 1, 809, 10, 157, 0, 0, 0, 256, 568, ...Array.from({ length: 24 }, () => 0)],
  85,
  [
    { day: 57, hold: true },
    { day: 79, hold: false },
  ],
  true,
];

describe('any desk at all', () => {
  const OUTCOMES: Readonly<Record<Task['queue'], readonly string[]>> = {
    call: [
      'refused',
      'no-answer',
      'busy',
      'voicemail',
      'promise',
      'paid-already',
      'plan-requested',
      'hardship',
      'dispute',
      'wrong-number',
      'call-back',
      'do-not-call',
      'vulnerable',
    ],
    'field-visit': ['not-home', 'met-refused', 'met-paid', 'moved'],
    'legal-review': ['approve', 'return', 'reject'],
    'plan-review': ['approve', 'reject'],
    'case-review': ['approve', 'reject'],
    'data-quality': ['fixed', 'unreachable'],
  };

  it('with payments and holds at any time keeps every rule, in a bounded number of turns', () => {
    const pick = fc.array(fc.nat(1000), { minLength: 40, maxLength: 40 });
    const days = fc.integer({ min: 0, max: 130 });
    fc.assert(
      fc.property(
        pick,
        days,
        fc.array(fc.record({ day: fc.integer({ min: 0, max: 150 }), hold: fc.boolean() }), { maxLength: 4 }),
        fc.boolean(),
        (picks, daysPastDue, facts, refuses) => {
          let next = 0;
          const draw = () => picks[next++ % picks.length] ?? 0;
          const desk: Desk = (task, driver) => {
            const number = draw();
            if (number % 9 === 0) return undefined;
            const list =
              task.objective === 'approve-visit'
                ? ['approve', 'reject']
                : task.objective === 'confirm-intent'
                  ? ['intent-confirmed', 'return']
                  : OUTCOMES[task.queue];
            const drawn = list[number % list.length] ?? '';
            const promisesTaken = brokenOccasions(driver.case.promises) < LADDER.promise.brokenMax;
            const outcome = drawn === 'promise' && !promisesTaken ? 'reached-no-commitment' : drawn;
            const afterHours = number % 60;
            const at = driver.now + afterHours * 3_600_000;
            return {
              outcome,
              afterHours,
              ...(outcome === 'promise' ? { promises: [{ amount: cny('50.00'), date: localDate(at + (number % 20) * DAY, ZONE) }] } : {}),
              ...(outcome === 'call-back' ? { callBackAt: toInstant(at + ((number % 5) + 1) * 3_600_000) } : {}),
            };
          };
          const driver = drive(anAccount().overdueBy(daysPastDue), desk);
          driver.provider = () => !(refuses && draw() % 3 === 0);
          for (const [index, { day, hold }] of facts.entries()) {
            const when = driver.now + day * DAY;
            driver.later(when, (journal) => {
              if (hold)
                recordHoldPlaced(journal, {
                  holdId: `h${index}`,
                  kind: 'disaster',
                  placedAt: toInstant(when),
                  expiresAt: toInstant(when + 10 * DAY),
                });
              else
                recordPaymentReceived(journal, {
                  paymentId: `p${index}`,
                  amount: cny('2500.00'),
                  paidAt: toInstant(when),
                  postedAt: toInstant(when),
                  state: index % 2 === 0 ? 'posted' : 'pending',
                });
            });
          }
          driver.runDays(160);
          driver.check();
          if (driver.case.legal.referredAt !== undefined) expect(unprovenOfReferral(driver)).toEqual([]);
          for (const entry of driver.entriesOf('TaskOpened')) {
            if (entry.objective === 'approve-visit') expect(unprovenOfVisit(driver, entry.seq, [])).toEqual([]);
          }
          expect(JSON.stringify(driver.account).length).toBeLessThan(16_000);
        },
      ),
      { numRuns: 100, examples: [APPROVAL_ENDS] },
    );
  });
});
