import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOUR, toInstant, toMillis, weekday } from '../../domain/calendar.ts';
import { STAGES, type Stage } from '../../domain/model.ts';
import { recordAccountOverdue, recordPaymentReceived, recordPaymentReversed } from '../../domain/record/bank-facts.ts';
import { recordCaseImported } from '../../domain/record/imports.ts';
import { brokenOccasions } from '../../domain/record/promise-limits.ts';
import type { CaseImport } from '../../domain/take-over/import.ts';
import { anAccount, cny } from '../builders/account.ts';
import { anImport, call, day, daysAgo, demand, offer, plan, sms } from '../builders/case-import.ts';
import { START } from '../builders/setting.ts';
import { CaseDriver } from './case-driver.ts';

/** What a case of ours makes of one that ran elsewhere. */

/** The import first, then the figure that opens the case. */
function takenOver(imported: CaseImport, daysPastDue: number, accountId = 'acc-1'): CaseDriver {
  const driver = new CaseDriver({ accountId });
  driver.tell((journal) => recordCaseImported(journal, imported));
  return driver.tell((journal) => recordAccountOverdue(journal, anAccount().overdueBy(daysPastDue).fact()));
}

describe('the stage of a case that is taken over', () => {
  const supporting = { contacts: [sms(60), call(50)], notices: [offer(20)] };

  it.each<[Stage, number, Partial<CaseImport>, Stage]>([
    ['call', 20, { contacts: [sms(10)] }, 'call'],
    ['plan', 45, { contacts: [sms(30), call(20)] }, 'plan'],
    ['field-visit', 70, supporting, 'field-visit'],
    ['legal', 120, supporting, 'legal'],
    ['reminder', 120, supporting, 'reminder'],
  ])('is the one named, %s, where %i days past due and its acts support it', (stage, days, change, expected) => {
    const driver = takenOver(anImport({ stage, ...change }), days);

    expect(driver.case).toMatchObject({ stage: expected, takenOver: { claimed: stage, importId: 'imp-1' } });
    expect(driver.entriesOf('StageEntered').at(-1)?.why).toMatch(/support it$/);
    driver.check();
  });

  it.each<[string, Stage, number, Partial<CaseImport>, Stage, RegExp]>([
    ['days past due', 'legal', 70, supporting, 'field-visit', /70 days past due allow no more$/],
    ['a message', 'legal', 120, {}, 'reminder', /one reminder must have gone$/],
    ['a call', 'legal', 120, { contacts: [sms(60)] }, 'call', /one call task must have been worked/],
    ['an offer', 'legal', 120, { contacts: [sms(60), call(50)] }, 'plan', /an arrangement must have been offered$/],
    ['days to answer it', 'legal', 120, { ...supporting, notices: [offer(1)] }, 'plan', /has 3 days to answer the offer$/],
    ['a call of ours', 'plan', 45, { contacts: [sms(30), call(2, { direction: 'inbound' })] }, 'call', /one call task/],
  ])('is lowered for want of %s, with the reason', (_what, stage, days, change, expected, why) => {
    const driver = takenOver(anImport({ stage, ...change }), days);

    expect(driver.case.stage).toBe(expected);
    expect(driver.case.takenOver?.why).toMatch(why);
    expect(driver.entriesOf('StageEntered').at(-1)).toMatchObject({ stage: expected, rise: false });
  });

  it('does not rise on the day of the take-over, and never by more than one stage a day', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...STAGES),
        fc.integer({ min: 4, max: 200 }),
        fc.array(fc.integer({ min: 1, max: 80 }), { maxLength: 6 }),
        fc.boolean(),
        (stage, days, at, offered) => {
          const contacts = at.map((ago, index) => (index % 2 === 0 ? sms(ago) : call(ago)));
          const driver = takenOver(anImport({ stage, contacts, notices: offered ? [offer(10)] : [] }), days);
          const entered = driver.case.stage;
          driver.runDays(30);
          driver.check();
          const rises = driver.entriesOf('StageEntered').filter(({ rise }) => rise);
          let from = entered;
          for (const rise of rises) {
            expect(STAGES.indexOf(rise.stage)).toBe(STAGES.indexOf(from) + 1);
            expect(rise.onDate > day(0)).toBe(true);
            from = rise.stage;
          }
          expect(STAGES.indexOf(entered)).toBeLessThanOrEqual(STAGES.indexOf(stage));
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('what was done before', () => {
  it('counts as if it had been done here', () => {
    const contacts = [
      sms(40),
      call(30),
      call(20, { kind: 'conversation', outcome: 'refused' }),
      call(10),
      call(5, { channel: 'visit', outcome: 'not-home' }),
      call(4, { direction: 'inbound', kind: 'conversation' }),
    ];
    // What was only said is no written demand.
    const notices = [demand(40), { ...demand(40), how: 'voice' } as const, demand(1), offer(15)];
    const { case: current } = takenOver(anImport({ contacts, notices, stage: 'plan' }), 100);

    expect(current).toMatchObject({
      contactCount: 5,
      conversationCount: 2,
      refusalCount: 1,
      inboundCount: 1,
      sentByStage: { reminder: 2 },
      callsWorkedByStage: { call: 3 },
      // The one of yesterday may still come back.
      writtenDemands: 1,
      lastMessageAt: daysAgo(1),
      lastCallEndedAt: daysAgo(10),
      lastConversationAt: daysAgo(4),
      planOfferedAt: daysAgo(15),
      visits: [{ taskId: 'imported', at: daysAgo(5), outcome: 'not-home' }],
      tries: { voice: { days: 3, firstDate: day(-30), lastDate: day(-10) } },
    });
  });

  it('arrived where that is known', () => {
    const contacts = [sms(40), { ...sms(30), outcome: 'delivered' } as const];
    const { case: current } = takenOver(anImport({ contacts }), 100);

    expect(current.contacts.map(({ delivery }) => delivery)).toEqual([undefined, { status: 'delivered', at: daysAgo(30) }]);
  });

  it('is forgotten from the account once a case has it, and the head stays small', () => {
    const contacts = Array.from({ length: 300 }, (_, index) => (index % 2 === 0 ? sms(index / 4) : call(index / 4)));
    const driver = takenOver(anImport({ contacts }), 100);

    expect(driver.account.import).toBeUndefined();
    expect(driver.case.contacts).toHaveLength(8);
    expect(JSON.stringify(driver.account).length).toBeLessThan(8000);
  });

  it('is taken over whichever comes first', () => {
    const imported = anImport({
      stage: 'plan',
      contacts: [sms(30), call(20)],
      promises: [{ amount: cny('100.00'), date: day(9), recordedAt: daysAgo(2) }],
    });
    const first = takenOver(imported, 45);
    const second = new CaseDriver()
      .tell((journal) => recordAccountOverdue(journal, anAccount().overdueBy(45).fact()))
      .tell((journal) => recordCaseImported(journal, imported));

    expect(second.case).toEqual(first.case);
    second.check();
  });
});

describe('a promise that was made before', () => {
  const promise = (offset: number, recorded: number) => ({ amount: cny('3000.00'), date: day(offset), recordedAt: daysAgo(recorded) });

  it('is awaited until its day, and reminded of', () => {
    const driver = takenOver(anImport({ stage: 'call', contacts: [sms(20)], promises: [promise(6, 3)] }), 20);

    driver.runDays(5.5);
    expect(driver.case.promises).toMatchObject([{ status: 'open', recordedAt: daysAgo(3) }]);
    expect(driver.sent.map(({ template }) => template)).toEqual(['promise-tomorrow']);
    driver.runDays(3);
    expect(driver.case.promises).toMatchObject([{ status: 'broken' }]);
    driver.check();
  });

  it('counts as one with the others of its time, and gives way to a plan', () => {
    const promises = [promise(5, 3), promise(6, 3), promise(-5, 12)];
    const broken = takenOver(anImport({ promises: promises.map((row) => ({ ...row, date: day(-2) })) }), 40);
    expect(broken.case.promises.map(({ status }) => status)).toEqual(['broken', 'broken', 'broken']);
    expect(brokenOccasions(broken.case.promises)).toBe(2);

    const arranged = takenOver(anImport({ stage: 'plan', promises, ...plan([10, 40]) }), 80);
    expect(arranged.case.promises.map(({ status }) => status)).toEqual(['broken', 'ended', 'ended']);
    arranged.check();
  });

  it.each([
    ['broken', undefined, undefined, 'posted', 'broken'],
    ['kept by what the bank says was paid', '3000.00', undefined, 'posted', 'kept'],
    ['part-kept', '1000.00', undefined, 'posted', 'part-kept'],
    ['kept by a payment that the ledger has', undefined, '3000.00', 'posted', 'kept'],
    ['part-kept by money that both tell of', '1500.00', '1500.00', 'posted', 'part-kept'],
    ['broken beside a payment on its way', undefined, '3000.00', 'pending', 'broken'],
    ['broken by a payment that came back', undefined, '3000.00', 'reversed', 'broken'],
  ] as const)('is %s where its day has passed', (_what, paid, ledger, state, status) => {
    const driver = new CaseDriver();
    const promises = [{ ...promise(-5, 12), ...(paid === undefined ? {} : { paid: cny(paid) }) }];
    if (ledger !== undefined) {
      const paidAt = daysAgo(6);
      // Booked by the core only now: its figure does not have it.
      driver.tell((journal) =>
        recordPaymentReceived(journal, {
          paymentId: 'p-1',
          amount: cny(ledger),
          paidAt,
          postedAt: START,
          state: state === 'pending' ? 'pending' : 'posted',
        }),
      );
      if (state === 'reversed') driver.tell((journal) => recordPaymentReversed(journal, { paymentId: 'p-1', reversedAt: START }));
    }
    driver.tell((journal) => recordCaseImported(journal, anImport({ promises })));
    driver.tell((journal) => recordAccountOverdue(journal, anAccount().overdueBy(40).fact()));

    expect(driver.case.promises).toMatchObject([{ status }]);
    driver.check();
  });

  it('is found kept by a payment that is told later', () => {
    const driver = takenOver(anImport({ promises: [promise(-5, 12)] }), 40);
    const paidAt = daysAgo(6);
    driver.tell((journal) =>
      recordPaymentReceived(journal, { paymentId: 'p-1', amount: cny('3000.00'), paidAt, postedAt: paidAt, state: 'posted' }),
    );

    expect(driver.case.promises).toMatchObject([{ status: 'kept' }]);
  });
});

describe('a plan that ran before', () => {
  it('runs on, booked, with what was paid', () => {
    const driver = takenOver(anImport({ stage: 'plan', ...plan([10, 40]) }), 80);

    expect(driver.case.plan).toMatchObject({
      planId: 'plan-77',
      status: 'active',
      totalMinor: 800_000,
      carriedMinor: 400_000,
      bookedAt: daysAgo(70),
    });
    expect(driver.case.plan?.instalments.map(({ status }) => status)).toEqual(['paid', 'paid', 'open', 'open']);
    driver.runDays(9);
    driver.tell((journal) =>
      recordPaymentReceived(journal, {
        paymentId: 'p-1',
        amount: cny('2000.00'),
        paidAt: toInstant(driver.now),
        postedAt: toInstant(driver.now),
        state: 'posted',
      }),
    );
    expect(driver.case.plan?.instalments.map(({ status }) => status)).toEqual(['paid', 'paid', 'paid', 'open']);
    expect(driver.entriesOf('TaskOpened')).toEqual([]);
    driver.check();
  });

  it.each([
    ['settlement', '14600.00'],
    ['waiver', '2250.00'],
  ] as const)(
    'and gives something up, a %s, leaves the rest alone once it is paid, until a person knows of the booking',
    (kind, waived) => {
      const agreed = plan([10, 40]).plan;
      if (agreed === undefined) throw new Error('There is a plan');
      const driver = takenOver(anImport({ stage: 'plan', plan: { ...agreed, kind } }), 80);
      const paid = { amount: cny('4000.00'), paidAt: toInstant(driver.now), postedAt: toInstant(driver.now), state: 'posted' } as const;
      driver.tell((journal) => recordPaymentReceived(journal, { paymentId: 'p-1', ...paid }));

      expect(driver.entriesOf('PlanCompleted')).toMatchObject([{ waived: cny(waived), quietUntil: expect.any(String) }]);
      driver.runDays(20);
      expect(driver.sent).toEqual([]);
      expect(driver.entriesOf('TaskOpened').map(({ objective }) => objective)).toEqual(['confirm-booking']);
      driver.check();
    },
  );

  it('does not count a payment twice that was in what it brought along', () => {
    const driver = takenOver(anImport({ stage: 'plan', ...plan([10, 40]) }), 80);
    const paidAt = daysAgo(29);
    driver.tell((journal) =>
      recordPaymentReceived(journal, { paymentId: 'p-1', amount: cny('2000.00'), paidAt, postedAt: paidAt, state: 'posted' }),
    );

    expect(driver.case.plan?.instalments.map(({ status }) => status)).toEqual(['paid', 'paid', 'open', 'open']);
  });

  it('is not broken by the take-over: an instalment that was due before can be made good from the first day of contact', () => {
    const driver = takenOver(anImport({ stage: 'plan', ...plan([-20, 10]) }), 80);
    const first = driver.case.takenOver?.contactsFrom ?? '';

    driver.runTo(toMillis(`${first}T00:00:00Z`) - 9 * HOUR);
    expect(driver.case.plan?.instalments[2]?.status).not.toBe('missed');
    expect(driver.sent).toEqual([]);
    driver.runDays(2);
    expect(driver.case.plan).toMatchObject({ status: 'active' });
    expect(driver.sent.map(({ template }) => template)).toEqual(['plan-instalment-missed']);
    driver.runDays(6);
    expect(driver.case.plan).toMatchObject({ status: 'broken' });
  });
});

describe('the first contacts of a book', () => {
  it('are spread over business days, the same for the same account, none of them today', () => {
    const dates = Array.from({ length: 1000 }, (_, index) => takenOver(anImport(), 20, `acc-${index}`).case.takenOver?.contactsFrom ?? '');
    const byDate = new Map<string, number>();
    for (const date of dates) byDate.set(date, (byDate.get(date) ?? 0) + 1);

    expect(Math.max(...byDate.values())).toBeLessThanOrEqual(100);
    expect(byDate.size).toBe(15);
    expect([...byDate.keys()].every((date) => date > day(0) && weekday(date) <= 5)).toBe(true);
    expect(takenOver(anImport(), 99, 'acc-7').case.takenOver?.contactsFrom).toBe(dates[7]);
  });

  it('wait for the day of the case: nothing goes and no task opens before', () => {
    const driver = takenOver(anImport({ stage: 'call', contacts: [sms(20), call(9)] }), 20);
    const first = driver.case.takenOver?.contactsFrom ?? '';

    driver.runTo(toMillis(`${first}T00:00:00Z`) - 8 * HOUR - 1);
    expect([driver.sent, driver.entriesOf('TaskOpened')]).toEqual([[], []]);
    expect(driver.decision().next).toMatchObject({ why: expect.stringContaining('first contacts of the book are spread') as string });
    driver.runDays(3);
    expect(driver.entriesOf('TaskOpened').length).toBeGreaterThan(0);
    driver.check();
  });
});
