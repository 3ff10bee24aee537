import { describe, expect, it } from 'vitest';
import { toInstant } from '../../domain/calendar.ts';
import { decide } from '../../domain/decide/decide.ts';
import { worldOf } from '../../domain/decide/world.ts';
import { recordPlanAgreed } from '../../domain/plans/agreement.ts';
import { offersOn } from '../../domain/plans/offers.ts';
import { recordHoldPlaced } from '../../domain/record/bank-facts.ts';
import { anAccount, cny } from '../builders/account.ts';
import { emptyDesk } from './desks.ts';
import { drive } from './drive.ts';

/** What time alone brings is not slept past, whatever else a case waits for: 3 March 12:00 in Shanghai is when things are agreed here. */

const AGREED = '2026-03-03T04:00:00Z';

describe('a case wakes', () => {
  it('for the end of a promise, also while a hold stops contact for weeks', () => {
    const driver = drive(anAccount().overdueBy(12).owing('2000.00'), emptyDesk).runTo(AGREED);
    const taskId = driver.case.tasks.find((task) => task.queue === 'call')?.taskId ?? '';
    driver.answer(taskId, { outcome: 'promise', promises: [{ amount: cny('500.00'), date: '2026-03-06' }] });
    const free = driver.decision();
    driver.tell((journal) => recordHoldPlaced(journal, { holdId: 'h-1', kind: 'negotiation', placedAt: AGREED }));

    driver.runTo('2026-03-16T04:00:00Z');

    expect(toInstant(free.until) < '2026-03-16').toBe(true);
    expect(driver.case.promises.map(({ status }) => status)).toEqual(['broken']);
  });

  it('for an instalment that is missed, also while nobody knows the customer', () => {
    const driver = drive(anAccount().overdueBy(12).owing('2000.00'), emptyDesk).runTo(AGREED);
    const [offer] = offersOn(driver.account, driver.setting, driver.today);
    driver.tell((journal) => recordPlanAgreed(journal, { offerId: offer?.offerId ?? '', agreedAt: AGREED, channel: 'app' }));
    const { account, current, governor, setting } = driver.world();

    const known = decide(worldOf(account, current, governor, setting));
    const unknown = decide(worldOf({ ...account, customerKnown: false }, current, governor, setting));

    expect(toInstant(unknown.until) <= '2026-03-10T00:00:00Z').toBe(true);
    expect(unknown.until).toBeGreaterThanOrEqual(known.until);
  });
});
