import { describe, expect, it } from 'vitest';
import { addDays } from '../../../domain/calendar.ts';
import { decide } from '../../../domain/decide/decide.ts';
import { dueRecords } from '../../../domain/decide/records.ts';
import { openedTask } from '../../../domain/decide/task-opened.ts';
import { worldOf } from '../../../domain/decide/world.ts';
import type { Account, Task } from '../../../domain/model.ts';
import { catalogueOn, givenUpMinor, offersOn } from '../../../domain/plans/offers.ts';
import { pendingRequest } from '../../../domain/plans/request.ts';
import { ARRANGEMENTS } from '../../../domain/policy/arrangements.ts';
import { LADDER } from '../../../domain/policy/ladder.ts';
import { recordAccountOverdue } from '../../../domain/record/bank-facts.ts';
import { Journal } from '../../../domain/record/journal.ts';
import { recordOutcome } from '../../../domain/record/outcome.ts';
import { anAccount, cny } from '../../builders/account.ts';
import { aCustomer } from '../../builders/customer.ts';
import { aSetting } from '../../builders/setting.ts';

/** A week before the days on which months end on another: amounts by actual days differ from day to day. */
const TODAY = '2026-03-16';
const KNOWN = {
  terms: { annualRate: '0.1825', dayCount: 'ACT/365' },
  risk: { timesOverdueLast12Months: 2, willingness: 'willing', ability: 'unable' },
};

/** A customer whose wish for one line of the catalogue was put before a person, at noon UTC of so many days from the first. */
class Wish {
  account: Account;
  readonly key: string;

  constructor(key: string, interest: string, owed: string) {
    this.key = key;
    this.account = anAccount()
      .at(`${TODAY}T01:30:00Z`)
      .overdueBy(70)
      .owing(owed, '99000.00')
      .with({ ...KNOWN, ...parts(interest) })
      .build();
    const offer = catalogueOn(this.account, this.#setting(0), TODAY).find((row) => row.key === key);
    this.#tell(0, (journal) =>
      journal.add({
        type: 'TaskOutcomeReported',
        taskId: 'call-1',
        outcome: 'plan-requested',
        by: 'collector-1',
        reportedAt: `${TODAY}T11:00:00Z`,
        onDate: TODAY,
        minutesOfDay: 1140,
        ...(offer === undefined ? {} : { planOfferId: offer.offerId }),
      }),
    );
  }

  get task(): Task {
    const task = this.account.case?.tasks.find(({ queue }) => queue === 'plan-review');
    if (task === undefined) throw new Error('Nobody is asked');
    return task;
  }

  ask(day: number): this {
    if (this.account.case === undefined) throw new Error('No case');
    const world = worldOf(this.account, this.account.case, aCustomer().build(), this.#setting(day));
    const { proposal } = decide(world);
    if (proposal.kind !== 'task') throw new Error(`Nobody is to be asked: ${proposal.why}`);
    this.#tell(day, (journal) => journal.add(openedTask(world, proposal.task)));
    return this;
  }

  /** What time has brought by then, written down. */
  record(day: number): this {
    const { case: current } = this.account;
    if (current === undefined) throw new Error('No case');
    const world = worldOf(this.account, current, aCustomer().build(), this.#setting(day));
    return this.#tell(day, (journal) => {
      for (const draft of dueRecords(world)) journal.add(draft);
    });
  }

  approve(by: string, day: number): this {
    const { task } = this;
    return this.#tell(day, (journal) =>
      recordOutcome(journal, task, { taskId: task.taskId, outcome: 'approve', by, at: `${TODAY}T12:00:00Z` }),
    );
  }

  figure(day: number, interest: string, owed: string): this {
    const fact = anAccount()
      .at(`${TODAY}T01:30:00Z`)
      .overdueBy(70)
      .owing(owed, '99000.00')
      .with({ ...KNOWN, ...parts(interest), asOf: `${addDays(TODAY, day)}T11:30:00Z` })
      .fact();
    return this.#tell(day, (journal) => recordAccountOverdue(journal, fact));
  }

  /** Whether an offer of one of the days since may be agreed at once. */
  granted(day: number): boolean {
    const days = Array.from({ length: day + 1 }, (_, index) => addDays(TODAY, index));
    return days.some((date) => offersOn(this.account, this.#setting(day), date).some((row) => row.key === this.key));
  }

  pending(day: number) {
    return pendingRequest(this.account, this.#setting(day));
  }

  givesUp(day: number): number {
    const offer = catalogueOn(this.account, this.#setting(day), addDays(TODAY, day)).find((row) => row.key === this.key);
    return offer === undefined ? 0 : givenUpMinor(offer);
  }

  #setting(day: number) {
    return aSetting({ now: `${addDays(TODAY, day)}T12:00:00Z`, governor: aCustomer().build() });
  }

  #tell(day: number, record: (journal: Journal) => void): this {
    const journal = new Journal(this.account, this.#setting(day));
    record(journal);
    this.account = journal.account;
    return this;
  }
}

function parts(interest: string) {
  const principal = 99_000 - Number(interest) - 100;
  return { components: { principal: cny(`${principal}.00`), interest: cny(interest), fees: cny('100.00') } };
}

describe('an approval', () => {
  it('is for what was asked: more that a newer figure would give up is asked anew', () => {
    const wish = new Wish('waiver-1', '300.00', '6000.00').ask(0).figure(1, '2500.00', '6000.00');
    expect(() => wish.approve('supervisor-1', 1)).toThrow('other amounts');
    expect(wish.granted(1)).toBe(false);
  });

  it('is asked anew for other amounts at once, and the wish is not declined by that', () => {
    const wish = new Wish('waiver-1', '300.00', '6000.00').ask(0);
    const before = wish.task;
    expect(wish.record(1).task).toEqual(before);
    wish.figure(1, '2500.00', '6000.00').record(1);
    expect([wish.account.case?.tasks, wish.account.case?.planRequests?.declined]).toEqual([[], undefined]);
    expect(wish.ask(1).record(1).task.asked?.waivedMinor).toBe(wish.givesUp(1));
    expect(wish.approve('approver-1', 1).granted(1)).toBe(true);
  });

  it('holds for the offer that was made, where a later one gives up a little more', () => {
    const wish = new Wish('reduced-rate-12', '0.00', '6000.00').ask(0);
    expect(wish.givesUp(8)).not.toBe(wish.givesUp(0));
    expect(wish.approve('supervisor-1', 8).granted(8)).toBe(true);
  });

  it('waits as long as an offer is valid, and no longer', () => {
    const wish = new Wish('waiver-1', '300.00', '6000.00').ask(0);
    const days = LADDER.plan.offerValidDays;
    expect([wish.pending(days)?.key, wish.pending(days + 1)]).toEqual(['waiver-1', undefined]);
  });

  it('of two people is for one amount: the first did not agree to more than was put before them', () => {
    const wish = new Wish('waiver-1', '5000.00', '9000.00').ask(0).approve('approver-1', 0);
    wish.figure(1, '7000.00', '9000.00').ask(1).approve('approver-2', 1);
    expect(wish.granted(1)).toBe(false);
    wish.ask(1).approve('approver-1', 1);
    expect(wish.granted(1)).toBe(true);
  });

  it('of one person of two holds no longer than that of both: after that the second is the first', () => {
    const days = ARRANGEMENTS.grantDays;
    const [inTime, late] = [days, days + 1].map((day) => {
      const wish = new Wish('waiver-1', '5000.00', '9000.00').ask(0).approve('approver-1', 0).ask(1);
      return wish.approve('approver-2', day).granted(day);
    });
    expect([inTime, late]).toEqual([true, false]);
    const again = new Wish('waiver-1', '5000.00', '9000.00')
      .ask(0)
      .approve('approver-1', 0)
      .ask(1)
      .approve('approver-2', days + 1);
    expect(
      again
        .ask(days + 1)
        .approve('approver-1', days + 1)
        .granted(days + 1),
    ).toBe(true);
  });

  it('of two people on different days is for the offer that both saw', () => {
    const wish = new Wish('reduced-rate-36', '0.00', '60000.00').ask(0).approve('approver-1', 0).ask(8);
    const [first] = wish.account.case?.planRequests?.approvals ?? [];
    const second = wish.task.asked?.waivedMinor ?? 0;
    expect(first?.waivedMinor).not.toBe(second);
    wish.approve('approver-2', 8);
    expect(wish.granted(8)).toBe(true);
    // No more than either of them agreed to.
    const [grant] = wish.account.case?.planRequests?.grants ?? [];
    expect(grant?.waivedMinor).toBe(Math.min(first?.waivedMinor ?? 0, second));
  });

  it('of two people is not one person’s twice, however they write their name', () => {
    const wish = new Wish('waiver-1', '5000.00', '9000.00').ask(0).approve('approver-1', 0).ask(1);
    for (const by of ['approver-1', 'Approver-1 ']) expect(() => wish.approve(by, 1)).toThrow('must be another person than the first');
    expect(wish.granted(1)).toBe(false);
  });
});
