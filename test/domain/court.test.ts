import { describe, expect, it } from 'vitest';
import { DAY, daysBetween, localDate, toInstant, toMillis } from '../../domain/calendar.ts';
import type { LegalStatus } from '../../domain/model.ts';
import { recordPlanAgreed } from '../../domain/plans/agreement.ts';
import { offersOn } from '../../domain/plans/offers.ts';
import { LADDER } from '../../domain/policy/ladder.ts';
import { recordHoldPlaced, recordPaymentReceived, recordPaymentReversed } from '../../domain/record/bank-facts.ts';
import { recordClosing, recordLegalStatus } from '../../domain/record/endings.ts';
import type { Journal } from '../../domain/record/journal.ts';
import { anAccount, cny } from '../builders/account.ts';
import type { CaseDriver } from './case-driver.ts';
import { patientDesk } from './desks.ts';
import { drive } from './drive.ts';

/** What happens to a case while it is with counsel and the courts. */

const ZONE = 'Asia/Shanghai';
const nowOf = (driver: CaseDriver): string => toInstant(driver.now);
const reported = (status: LegalStatus, reportedAt: string) => (journal: Journal) =>
  recordLegalStatus(journal, { status, reportedAt, reference: 'docket-7' });
const pays = (paymentId: string, amount: string, at: string) => (journal: Journal) =>
  recordPaymentReceived(journal, { paymentId, amount: cny(amount), paidAt: at, postedAt: at, state: 'posted' });
const questions = (driver: CaseDriver) => driver.entriesOf('TaskOpened').filter(({ objective }) => objective === 'review-suit');
const silent = patientDesk((task) => (task.objective === 'review-suit' ? 'lies' : undefined));

/** A case on the day of its referral, all gates kept. */
function referred(desk = silent): CaseDriver {
  const driver = drive(anAccount().overdueBy(95), desk);
  for (let day = 0; driver.case.legal.referredAt === undefined; day += 1) {
    expect(day).toBeLessThan(60);
    driver.runDays(1);
  }
  return driver;
}

/** Referred, and told of by the court, a week between each. */
function inCourt(...news: readonly LegalStatus[]): CaseDriver {
  const driver = referred();
  for (const status of news) driver.runDays(7).tell(reported(status, nowOf(driver)));
  return driver;
}

const COURT: readonly { readonly news: readonly LegalStatus[]; readonly awaited: string; readonly days: number }[] = [
  { news: [], awaited: 'filing', days: 60 },
  { news: ['filed'], awaited: 'judgment', days: 180 },
  { news: ['filed', 'judgment'], awaited: 'enforcement', days: 90 },
  { news: ['filed', 'judgment', 'enforcement'], awaited: 'recovery', days: 180 },
];

describe('where the court stays silent', () => {
  it.each(COURT)('after $news a person finds out about the $awaited, after $days days and not before', ({ news, awaited, days }) => {
    const driver = inCourt(...news);
    const since = driver.account.suit?.at ?? driver.case.legal.referredAt ?? '';
    const { next } = driver.decision();
    expect(next).toMatchObject({ what: 'open-review', notBefore: toInstant(toMillis(since) + days * DAY) });
    expect(next.why).toContain(awaited);
    driver.runTo(toMillis(since) + days * DAY - DAY);
    expect(questions(driver)).toEqual([]);
    driver.runDays(2);
    expect(questions(driver)).toMatchObject([{ queue: 'case-review', subject: awaited }]);
    // Once, however long nobody answers, and nobody contacts the customer meanwhile.
    const sent = driver.sent.length;
    driver.runDays(300);
    expect([questions(driver).length, driver.sent.length]).toEqual([1, sent]);
    driver.check();
  });

  it('whoever knows that the suit goes on is asked again after as long a time, whoever does not, soon', () => {
    for (const [outcome, days] of [
      ['approve', 180],
      ['reject', 14],
    ] as const) {
      const driver = inCourt('filed').runDays(181);
      const [first] = driver.case.tasks;
      expect(first).toMatchObject({ objective: 'review-suit' });
      driver.answer(first?.taskId ?? '', { outcome });
      const answeredAt = driver.now;
      driver.runTo(answeredAt + days * DAY - DAY);
      expect(questions(driver)).toHaveLength(1);
      driver.runDays(2);
      expect(questions(driver)).toHaveLength(2);
      driver.check();
    }
  });

  it('news answer the question, and the next is about what comes then', () => {
    const driver = inCourt('filed').runDays(181);
    driver.tell(reported('judgment', nowOf(driver)));
    expect([driver.case.tasks, driver.entriesOf('TaskClosed').at(-1)]).toMatchObject([
      [],
      { objective: 'review-suit', reason: 'answered' },
    ]);
    driver.runDays(91);
    expect(questions(driver).map(({ subject }) => subject)).toEqual(['judgment', 'enforcement']);
    driver.check();
  });

  it('older news answer nothing', () => {
    const driver = inCourt('filed', 'judgment').runDays(91);
    driver.tell(reported('filed', toInstant(driver.now - 100 * DAY)));
    expect(driver.case.tasks).toMatchObject([{ objective: 'review-suit', subject: 'enforcement' }]);
    driver.check();
  });

  it('a suit that is not filed is asked after more often once its last days have come', () => {
    const driver = referred(patientDesk());
    const { newsAgainDays, newsDays, unfiledDays } = LADDER.legal;
    driver.runDays(3 * 365);
    const dates = questions(driver).map(({ at }) => localDate(toMillis(at), ZONE));
    const gaps = dates.slice(1).map((date, index) => daysBetween(dates[index] ?? '', date));
    // From the due date three years, or from what let them run anew.
    const demand = driver.account.interruptions?.at(-1)?.on ?? '';
    const endsOn = `${Number(demand.slice(0, 4)) + 3}${demand.slice(4)}`;
    const left = dates.map((date) => daysBetween(date, endsOn));
    const late = gaps.filter((_, index) => (left[index] ?? 0) <= unfiledDays);
    const early = gaps.filter((_, index) => (left[index] ?? 0) > unfiledDays + newsDays.referred);
    expect([new Set(early), new Set(late)]).toEqual([new Set([newsDays.referred]), new Set([newsAgainDays])]);
    expect(late.length).toBeGreaterThan(3);
    driver.check();
  });

  it('nobody is asked about a suit that was withdrawn, settled or paid', () => {
    for (const end of ['withdrawn', 'settled', 'paid'] as const) {
      const driver = inCourt('filed').runDays(181);
      if (end === 'paid') driver.tell(pays('p', '6250.00', nowOf(driver)));
      else driver.tell(reported(end, nowOf(driver)));
      expect(driver.case.tasks).toEqual([]);
      // One that was withdrawn may be referred again, and only then be asked after.
      driver.runDays(200);
      const again = driver.entriesOf('LegalReferred')[1]?.seq ?? Number.POSITIVE_INFINITY;
      expect(questions(driver).filter(({ seq }) => seq < again)).toHaveLength(1);
      driver.check();
    }
  });

  it('a hold stops contact with the customer, and no question to counsel', () => {
    const driver = inCourt('filed');
    driver.tell((journal) => recordHoldPlaced(journal, { holdId: 'h', kind: 'bankruptcy', placedAt: nowOf(driver) }));
    driver.runDays(181);
    expect(questions(driver)).toHaveLength(1);
    driver.check();
  });
});

describe('a suit', () => {
  it.each(COURT)('after $news ends with the payment that cures, and with a settlement', ({ news }) => {
    for (const end of ['cured', 'settled'] as const) {
      const driver = inCourt(...news);
      if (end === 'cured') driver.tell(pays('p', '6250.00', nowOf(driver)));
      else driver.tell(reported('settled', nowOf(driver)));
      driver.runDays(1);
      expect([driver.case.status, driver.case.closeReason, driver.case.tasks]).toEqual(['closed', end, []]);
      driver.check();
    }
  });

  it.each(COURT)('after $news goes on after a part of it is paid, and nobody presses the customer', ({ news }) => {
    const driver = inCourt(...news);
    const sent = driver.sent.length;
    driver.tell(pays('p', '5000.00', nowOf(driver))).runDays(30);
    expect([driver.case.status, driver.case.stage, driver.sent.length]).toEqual(['open', 'legal', sent]);
    driver.check();
  });

  it('that was settled comes back as a case of its own where its money comes back, from its first step', () => {
    const driver = inCourt('filed', 'judgment');
    driver.tell(pays('p', '3000.00', nowOf(driver)));
    driver.runDays(1).tell(reported('settled', nowOf(driver)));
    driver.runDays(5);
    const first = driver.case.caseId;
    driver.tell((journal) => recordPaymentReversed(journal, { paymentId: 'p', reversedAt: nowOf(driver) }));
    expect(driver.case).toMatchObject({ status: 'open', stage: 'reminder', previousCaseId: first, legal: { noticeContactKeys: [] } });
    driver.runDays(100);
    expect(driver.entriesOf('LegalReferred')).toHaveLength(2);
    driver.check();
  });

  it('that was withdrawn and is filed anew rests the case again, in whichever order the two are told', () => {
    for (const order of ['as it was', 'the other way round'] as const) {
      const driver = inCourt('filed').runDays(30);
      const withdrawn = reported('withdrawn', nowOf(driver));
      const filed = reported('filed', toInstant(driver.now + DAY));
      driver.runDays(2);
      for (const tell of order === 'as it was' ? [withdrawn, filed] : [filed, withdrawn]) driver.tell(tell);
      const sent = driver.sent.length;
      driver.runDays(60);
      expect([driver.account.suit?.status, driver.sent.length]).toEqual(['filed', sent]);
      expect(driver.case.legal.referredAt).toBeDefined();
      driver.runDays(121);
      expect(questions(driver).map(({ subject }) => subject)).toEqual(['judgment']);
      driver.check();
    }
  });
});

/** The first arrangement on the table is agreed. */
function agree(driver: CaseDriver): void {
  const offer = offersOn(driver.account, driver.setting, driver.today).find(({ key }) => key === 'instalments-3');
  driver.tell((journal) => recordPlanAgreed(journal, { offerId: offer?.offerId ?? '', agreedAt: nowOf(driver), channel: 'app' }));
}

describe('an arrangement that is agreed while a suit runs', () => {
  const suitAdvice = (driver: CaseDriver) =>
    driver.entriesOf('AccountActionAdvised').filter(({ action }) => action === 'stay-suit' || action === 'resume-suit');

  it.each(COURT)(
    'after $news stays the suit, which goes on once it is broken, and the court is asked after all along',
    ({ news, days }) => {
      // Prepare
      const driver = inCourt(...news);
      // Act
      agree(driver);
      const planId = driver.case.plan?.planId;
      const stayed = suitAdvice(driver);
      driver.runDays(5);
      const during = [driver.case.stage, driver.case.tasks.filter(({ queue }) => queue === 'legal-review')];
      // Nothing is paid: the first instalment, and the days to make it good.
      driver.runDays(days);
      // Assess
      expect(stayed).toMatchObject([{ action: 'stay-suit', occasion: planId, ...(news.length === 0 ? {} : { reference: 'docket-7' }) }]);
      expect(during).toEqual(['plan', []]);
      expect(driver.case.plan?.status).toBe('broken');
      expect(suitAdvice(driver).map(({ action }) => action)).toEqual(['stay-suit', 'resume-suit']);
      expect(questions(driver)).toHaveLength(1);
      // From the court's side it is a case in court as before: nobody presses the customer.
      const broken = driver.entriesOf('PlanBroken')[0]?.at ?? '';
      expect(driver.sent.filter(({ at }) => at > broken)).toEqual([]);
      driver.check();
    },
  );

  it('has nothing to resume where the suit was withdrawn meanwhile, or all was paid', () => {
    const withdrawn = inCourt('filed');
    agree(withdrawn);
    withdrawn
      .runDays(2)
      .tell(reported('withdrawn', nowOf(withdrawn)))
      .runDays(40);
    const paid = inCourt('filed');
    agree(paid);
    paid
      .runDays(2)
      .tell(pays('p', '6250.00', nowOf(paid)))
      .runDays(40);
    expect([withdrawn.case.plan?.status, paid.case.closeReason]).toEqual(['broken', 'cured']);
    for (const driver of [withdrawn, paid]) expect(suitAdvice(driver).map(({ action }) => action)).toEqual(['stay-suit']);
  });

  it('stays one that others file while it is kept', () => {
    const driver = drive(anAccount().overdueBy(12), silent).runDays(1);
    agree(driver);
    expect(suitAdvice(driver)).toEqual([]);
    driver
      .runDays(2)
      .tell(reported('filed', nowOf(driver)))
      .runDays(1);
    expect(suitAdvice(driver)).toMatchObject([{ action: 'stay-suit', reference: 'docket-7' }]);
    driver.check();
  });

  it('before the referral keeps every step of a suit from being taken, and counsel sees evidence of afterwards', () => {
    // Prepare: counsel is asked and has not answered yet.
    const driver = drive(
      anAccount().overdueBy(95),
      patientDesk((task) => (task.objective === 'approve-referral' ? 'lies' : undefined)),
    );
    while (!driver.case.tasks.some(({ objective }) => objective === 'approve-referral')) driver.runDays(1);
    const before = driver.entriesOf('EvidenceAssembled').length;
    // Act
    agree(driver);
    const stopped = [driver.case.tasks, driver.case.legal.evidenceHash];
    driver.runDays(10);
    const meanwhile = driver.entriesOf('EvidenceAssembled').length;
    driver.desk = patientDesk();
    driver.runDays(60);
    // Assess
    const brokenSeq = driver.entriesOf('PlanBroken')[0]?.seq ?? 0;
    const [again] = driver.entriesOf('EvidenceAssembled').slice(before);
    expect([before, stopped, meanwhile]).toEqual([1, [[], undefined], 1]);
    expect(again?.seq).toBeGreaterThan(brokenSeq);
    expect(driver.entriesOf('LegalReferred')[0]?.evidenceHash).toBe(again?.manifestHash);
    driver.check();
  });
});

describe('the record of a suit', () => {
  const packs = (driver: CaseDriver) => driver.entriesOf('EvidenceAssembled').map(({ closing, seq }) => [closing === true, seq]);

  it.each(COURT)('after $news goes under lock before the case closes, whatever ends it, and the end names it', ({ news }) => {
    for (const end of ['cured', 'settled', 'written-off'] as const) {
      const driver = inCourt(...news);
      if (end === 'cured') driver.tell(pays('p', '6250.00', nowOf(driver)));
      else if (end === 'settled') driver.tell(reported('settled', nowOf(driver)));
      else
        driver.tell((journal) =>
          recordClosing(journal, driver.case.caseId, { reason: end, endedAt: nowOf(driver), reference: 'memo-1', by: 'approver-1' }),
        );
      driver.runDays(1);
      const closed = driver.entriesOf('JourneyClosed')[0];
      const pack = driver.entriesOf('EvidenceAssembled')[1];
      expect(packs(driver).map(([closing]) => closing)).toEqual([false, true]);
      expect([pack?.upTo, pack?.seq]).toEqual([(closed?.seq ?? 0) - 2, (closed?.seq ?? 0) - 1]);
      expect(closed).toMatchObject({ reason: end, evidenceRef: pack?.packRef, evidenceHash: pack?.manifestHash });
      driver.check();
    }
  });

  it('is assembled anew where the payment that ended the suit came back before the case was closed', () => {
    const driver = inCourt('filed');
    const pack = { upTo: 1, headHash: 'h', manifestHash: 'm', packRef: 's3://evidence/p', lines: 1, bytes: 1, closing: true as const };
    driver.tell(pays('p', '6250.00', nowOf(driver)));
    expect(driver.decision().proposal.act).toBe('assemble-record');
    driver.tell((journal) => journal.add({ type: 'EvidenceAssembled', ...pack }));
    expect(driver.decision().proposal.act).toBe('close');
    driver.tell((journal) => recordPaymentReversed(journal, { paymentId: 'p', reversedAt: nowOf(driver) }));
    driver.runDays(5);
    expect(driver.case).toMatchObject({ status: 'open', stage: 'legal', legal: { evidenceHash: expect.any(String) } });
    driver.tell(pays('q', '6250.00', nowOf(driver)));
    expect(driver.decision().proposal.act).toBe('assemble-record');
    driver.runDays(1);
    expect(driver.case.status).toBe('closed');
    driver.check();
  });

  it('of an arrangement that was agreed in court goes under lock too, where the case is looked after then', () => {
    const driver = inCourt('filed', 'judgment');
    const offer = offersOn(driver.account, driver.setting, driver.today).find(({ key }) => key === 'instalments-3');
    driver.tell((journal) => recordPlanAgreed(journal, { offerId: offer?.offerId ?? '', agreedAt: nowOf(driver), channel: 'app' }));
    driver.runDays(1);
    expect([driver.case.stage, driver.case.legal.referredAt === undefined]).toEqual(['plan', false]);
    driver.tell(pays('p', '6250.00', nowOf(driver))).runDays(1);
    expect([driver.case.closeReason, packs(driver).map(([closing]) => closing)]).toEqual(['cured', [false, true]]);
    driver.check();
  });

  it('goes under lock too where others filed the suit, in whatever stage, or where it was withdrawn', () => {
    const elsewhere = drive(anAccount().overdueBy(12), silent).runDays(1);
    elsewhere.tell(reported('filed', nowOf(elsewhere)));
    const givenUp = drive(anAccount().overdueBy(12), silent).runDays(1);
    givenUp
      .tell(reported('filed', nowOf(givenUp)))
      .runDays(5)
      .tell(reported('withdrawn', nowOf(givenUp)));
    for (const driver of [elsewhere, givenUp, inCourt('filed', 'withdrawn')]) {
      const { stage } = driver.case;
      driver.tell(pays('p', '6250.00', nowOf(driver))).runDays(1);
      expect([driver.case.status, driver.case.stage, packs(driver).at(-1)?.[0]]).toEqual(['closed', stage, true]);
      expect(driver.entriesOf('JourneyClosed')).toMatchObject([{ evidenceRef: 's3://evidence/pack.jsonl' }]);
      driver.check();
    }
  });

  it('is none of a case without a suit, nor of one that opened after its suit was over', () => {
    const without = drive(anAccount().overdueBy(12), silent).runDays(1);
    const after = inCourt('filed');
    after.tell(pays('p', '3000.00', nowOf(after)));
    after
      .runDays(1)
      .tell(reported('settled', nowOf(after)))
      .runDays(5);
    after.tell((journal) => recordPaymentReversed(journal, { paymentId: 'p', reversedAt: nowOf(after) })).runDays(1);
    const before = packs(after).length;
    for (const driver of [without, after]) driver.tell(pays('q', '6250.00', nowOf(driver))).runDays(1);
    expect([without.case.status, packs(without)]).toEqual(['closed', []]);
    expect([after.case.status, packs(after).length]).toEqual(['closed', before]);
  });
});
