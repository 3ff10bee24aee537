import { describe, expect, it } from 'vitest';
import { addDays } from '../../../domain/calendar.ts';
import { decide } from '../../../domain/decide/decide.ts';
import { dueRecords } from '../../../domain/decide/records.ts';
import { openedTask } from '../../../domain/decide/task-opened.ts';
import { worldOf } from '../../../domain/decide/world.ts';
import type { Account, Task } from '../../../domain/model.ts';
import { recordPlanAgreed } from '../../../domain/plans/agreement.ts';
import { catalogueOn, givenUpMinor, offersOn } from '../../../domain/plans/offers.ts';
import { pendingRequest } from '../../../domain/plans/request.ts';
import { ARRANGEMENTS } from '../../../domain/policy/arrangements.ts';
import { LADDER } from '../../../domain/policy/ladder.ts';
import { recordAccountOverdue } from '../../../domain/record/bank-facts.ts';
import { Journal, Refusal } from '../../../domain/record/journal.ts';
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
  readonly #daysPastDue: number;

  constructor(key: string, interest: string, owed: string, daysPastDue = 70) {
    this.key = key;
    this.#daysPastDue = daysPastDue;
    this.account = anAccount()
      .at(`${TODAY}T01:30:00Z`)
      .overdueBy(daysPastDue)
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
      .overdueBy(this.#daysPastDue)
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

  offer(day: number) {
    return catalogueOn(this.account, this.#setting(day), addDays(TODAY, day)).find((row) => row.key === this.key);
  }

  /** Whether an offer is taken as an agreement on a day. */
  agrees(offerId: string | undefined, day: number): boolean {
    const journal = new Journal(this.account, this.#setting(day));
    try {
      recordPlanAgreed(journal, { offerId: offerId ?? '', agreedAt: `${addDays(TODAY, day)}T12:00:00Z`, channel: 'app' });
      return true;
    } catch (error) {
      if (error instanceof Refusal && error.field === 'offerId') return false;
      throw error;
    }
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

  it('ends every offer that rests on it, whatever day that was made on', () => {
    const wish = new Wish('waiver-1', '300.00', '6000.00').ask(0).approve('supervisor-1', 0);
    const until = ARRANGEMENTS.grantDays;
    const last = wish.offer(until);

    expect([wish.offer(0)?.validUntil, last?.validUntil]).toEqual([addDays(TODAY, until), addDays(TODAY, until)]);
    expect(wish.agrees(last?.offerId, until)).toBe(true);
    expect(wish.agrees(last?.offerId, until + 1)).toBe(false);
    expect(wish.offer(until + 1)?.needs).toBeDefined();
  });

  it('leaves an offer that rests on none its own days', () => {
    const wish = new Wish('waiver-1', '300.00', '6000.00').ask(0).approve('supervisor-1', 0);
    const free = offersOn(wish.account, aSetting({ now: `${addDays(TODAY, 10)}T12:00:00Z` }), addDays(TODAY, 10));
    const ends = free.filter(({ key }) => key.startsWith('instalments')).map(({ validUntil }) => validUntil);
    expect(new Set(ends)).toEqual(new Set([addDays(TODAY, 10 + LADDER.plan.offerValidDays)]));
  });

  it('of a settlement does not make its own days longer', () => {
    const wish = new Wish('settlement-1', '300.00', '6000.00', 100).ask(0).approve('supervisor-1', 0);
    const first = wish.offer(0);

    expect(first?.validUntil).toBe(addDays(TODAY, 7));
    expect([wish.agrees(first?.offerId, 7), wish.agrees(first?.offerId, 8)]).toEqual([true, false]);
    // As long as the approval holds a new one of the day may be had, and then none.
    expect(wish.agrees(wish.offer(8)?.offerId, 8)).toBe(true);
    expect(wish.offer(13)?.validUntil).toBe(addDays(TODAY, ARRANGEMENTS.grantDays));
  });

  it('of a settlement that is not what it was when a figure moved, is asked anew', () => {
    const wish = new Wish('settlement-1', '300.00', '6000.00', 100).ask(0).approve('supervisor-1', 0);
    const { offerId } = wish.offer(0) ?? {};
    wish.figure(1, '900.00', '6000.00');
    expect([wish.agrees(offerId, 1), wish.offer(1)?.needs !== undefined]).toEqual([false, true]);
  });

  it('of a second arrangement ends all offers of it', () => {
    const journal = new Journal(anAccount().at(`${TODAY}T01:30:00Z`).overdueBy(70).build(), aSetting({ now: `${TODAY}T12:00:00Z` }));
    const [first] = offersOn(journal.account, journal.setting, TODAY);
    const planId = recordPlanAgreed(journal, { offerId: first?.offerId ?? '', agreedAt: `${TODAY}T12:00:00Z`, channel: 'app' });
    journal.add({ type: 'PlanBroken', planId, index: 0, paid: cny('0.00'), short: cny('100.00') });
    const until = addDays(TODAY, 5);
    const word = { by: 'supervisor-1', taskId: 't-1', waived: cny('0.00'), until, granted: true };
    journal.add({ type: 'PlanApproved', key: 'new-plan', ...word });

    const again = offersOn(journal.account, journal.setting, TODAY);
    expect(again.length).toBeGreaterThan(0);
    expect(new Set(again.map(({ validUntil }) => validUntil))).toEqual(new Set([until]));
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
