import { describe, expect, it } from 'vitest';
import { DAY, toInstant, toMillis } from '../../domain/calendar.ts';
import type { AdvisedAction } from '../../domain/model.ts';
import { recordPlanAgreed } from '../../domain/plans/agreement.ts';
import { offersOn } from '../../domain/plans/offers.ts';
import { recordHoldPlaced, recordPaymentReceived, recordPaymentReversed } from '../../domain/record/bank-facts.ts';
import { recordAccountStatus, recordClosing } from '../../domain/record/endings.ts';
import type { ProductFacts } from '../../domain/record/journal.ts';
import { anAccount, cny } from '../builders/account.ts';
import type { CaseDriver } from './case-driver.ts';
import { patientDesk } from './desks.ts';
import { drive } from './drive.ts';

const NOTHING: ProductFacts = { reportsToBureau: false, suspendsCard: false, placesWithAgencies: false };
const product = (change: Partial<ProductFacts>) => ({ deployment: { products: { '*': { ...NOTHING, ...change } } } });

const advised = (driver: CaseDriver, ...actions: readonly AdvisedAction[]) =>
  driver.entriesOf('AccountActionAdvised').filter(({ action }) => actions.includes(action));
const pay = (driver: CaseDriver, paymentId = 'p', amount = '6250.00') =>
  driver.tell((journal) =>
    recordPaymentReceived(journal, {
      paymentId,
      amount: cny(amount),
      paidAt: toInstant(driver.now),
      postedAt: toInstant(driver.now),
      state: 'posted',
    }),
  );
const place = (driver: CaseDriver) =>
  driver.tell((journal) => recordAccountStatus(journal, { status: 'placed', changedAt: toInstant(driver.now), reference: 'agency-3' }));

describe('a card', () => {
  it('is blocked on day 31, at its midnight, unblocked on the cure, and blocked anew where the payment came back', () => {
    const driver = drive(anAccount().overdueBy(12), patientDesk(), product({ suspendsCard: true })).runDays(40);
    const [block] = advised(driver, 'block-card');
    expect(block).toMatchObject({ daysPastDue: 31, at: '2026-03-20T16:00:00Z' });
    pay(driver);
    expect(advised(driver, 'block-card', 'unblock-card').map(({ action }) => action)).toEqual(['block-card', 'unblock-card']);
    driver.runDays(1);
    driver.tell((journal) => recordPaymentReversed(journal, { paymentId: 'p', reversedAt: toInstant(driver.now) }));
    driver.runDays(30);
    expect(advised(driver, 'block-card', 'unblock-card').map(({ action }) => action)).toEqual(['block-card', 'unblock-card', 'block-card']);
    driver.check();
  });

  it('is not blocked before the customer has heard of it, however late the case came', () => {
    const driver = drive(anAccount().overdueBy(70), patientDesk(), product({ suspendsCard: true })).runDays(5);
    const [block] = advised(driver, 'block-card');
    expect(driver.sent[0]?.template).toBe('reminder-first');
    expect(toMillis(block?.at ?? '')).toBeGreaterThan(toMillis(driver.sent[0]?.at ?? ''));
    driver.check();
  });

  it.each([
    ['of a product whose cards are not suspended', {}, () => undefined],
    [
      'under a hold',
      { suspendsCard: true },
      (driver: CaseDriver) =>
        driver.tell((journal) => recordHoldPlaced(journal, { holdId: 'h', kind: 'dispute', placedAt: toInstant(driver.now) })),
    ],
  ] as const)('%s is not blocked', (_name, facts, before) => {
    const driver = drive(anAccount().overdueBy(12), patientDesk(), product(facts)).runDays(4);
    before(driver);
    driver.runDays(25);
    expect(advised(driver, 'block-card', 'unblock-card')).toEqual([]);
    driver.check();
  });
});

it('a card is unblocked as often as it was blocked, also within one case', () => {
  const driver = drive(anAccount().overdueBy(40), patientDesk(), product({ suspendsCard: true })).runDays(5);
  for (const paymentId of ['p1', 'p2']) {
    pay(driver, paymentId);
    driver.tell((journal) => recordPaymentReversed(journal, { paymentId, reversedAt: toInstant(driver.now) }));
    driver.runTo(driver.now + 1000);
  }
  expect(driver.account.caseCount).toBe(1);
  expect(advised(driver, 'block-card', 'unblock-card').map(({ action }) => action)).toEqual([
    'block-card',
    'unblock-card',
    'block-card',
    'unblock-card',
    'block-card',
  ]);
  driver.check();
});

describe('a charge-off review', () => {
  it('is advised once, 180 days past due by contract, also while a hold stops the ladder', () => {
    const driver = drive(anAccount().overdueBy(100)).runDays(4);
    driver.tell((journal) => recordHoldPlaced(journal, { holdId: 'h', kind: 'dispute', placedAt: toInstant(driver.now) }));
    driver.runDays(100);
    expect(advised(driver, 'charge-off-review')).toMatchObject([{ daysPastDue: 180, caseId: driver.case.caseId }]);
    driver.check();
  });
});

describe('a placement', () => {
  const agencies = product({ placesWithAgencies: true, placementDays: 70 });

  it('is advised on the day of the product, once a case, and not where no day is given', () => {
    const driver = drive(anAccount().overdueBy(12), patientDesk(), agencies).runDays(65);
    expect(advised(driver, 'place-with-agency')).toMatchObject([{ daysPastDue: 70 }]);
    place(driver).runDays(3);
    driver.tell((journal) => recordAccountStatus(journal, { status: 'recalled', changedAt: toInstant(driver.now), reference: 'agency-3' }));
    driver.runDays(20);
    expect(advised(driver, 'place-with-agency')).toHaveLength(1);
    const off = drive(anAccount().overdueBy(12), patientDesk(), product({ placesWithAgencies: true })).runDays(65);
    expect(advised(off, 'place-with-agency')).toEqual([]);
    driver.check();
  });

  it.each([
    ['a first-timer', anAccount().overdueBy(65).firstTimer()],
    ['a vulnerable customer', anAccount().overdueBy(65).flagged('vulnerable')],
    ['a colleague', anAccount().overdueBy(65).flagged('staff')],
    ['a customer whom a named team looks after', anAccount().overdueBy(65).flagged('vip')],
    ['a test account', anAccount().overdueBy(65).flagged('test')],
  ])('is never advised of %s', (_name, account) => {
    const driver = drive(account, patientDesk(), agencies).runDays(20);
    expect(advised(driver, 'place-with-agency')).toEqual([]);
  });

  it.each(['dispute', 'complaint', 'hardship-review', 'deceased', 'bankruptcy'] as const)(
    'is called back at once on a hold: %s',
    (kind) => {
      const driver = drive(anAccount().overdueBy(20)).runDays(4);
      place(driver).runDays(2);
      driver.tell((journal) => recordHoldPlaced(journal, { holdId: 'h', kind, placedAt: toInstant(driver.now) }));
      expect(advised(driver, 'recall-from-agency')).toMatchObject([{ at: toInstant(driver.now), reference: 'agency-3' }]);
      // Until a person finds out why the core has not answered.
      driver.runDays(4);
      expect(advised(driver, 'recall-from-agency')).toHaveLength(1);
      driver.check();
    },
  );

  it('that the core does not end on our advice is asked after, and advised again by a person’s word, while there is no answer', () => {
    // Prepare: placed on a Friday, disputed on the Monday.
    const answers = ['approve', 'reject', 'approve'];
    const desk = patientDesk(({ objective }) => (objective === 'review-placement' ? { outcome: answers.shift() ?? 'reject' } : 'lies'));
    const driver = drive(anAccount().overdueBy(20), desk).runDays(4);
    place(driver).runTo('2026-03-09T02:00:00Z');
    driver.tell((journal) => recordHoldPlaced(journal, { holdId: 'h', kind: 'dispute', placedAt: toInstant(driver.now) }));
    // Act
    driver.runDays(25);
    // Assess: five business days, then as many from each answer.
    const asked = driver.entriesOf('TaskOpened').filter(({ objective }) => objective === 'review-placement');
    expect(asked.map(({ at }) => at.slice(0, 10))).toEqual(['2026-03-16', '2026-03-24', '2026-04-01']);
    expect(advised(driver, 'recall-from-agency').map(({ at }) => at.slice(0, 10))).toEqual(['2026-03-09', '2026-03-16', '2026-04-01']);
    driver.tell((journal) => recordAccountStatus(journal, { status: 'recalled', changedAt: toInstant(driver.now), reference: 'agency-3' }));
    driver.runDays(20);
    expect(driver.entriesOf('TaskOpened').filter(({ objective }) => objective === 'review-placement')).toHaveLength(3);
    driver.check();
  });

  it('is called back at once on a hold that was there before it, and on one that begins later', () => {
    const driver = drive(anAccount().overdueBy(20)).runDays(4);
    driver.tell((journal) => recordHoldPlaced(journal, { holdId: 'h', kind: 'dispute', placedAt: toInstant(driver.now) }));
    place(driver);
    expect(advised(driver, 'recall-from-agency')).toHaveLength(1);
    const other = drive(anAccount().overdueBy(20)).runDays(4);
    place(other);
    const begins = toInstant(other.now + DAY / 2);
    other.tell((journal) => recordHoldPlaced(journal, { holdId: 'h', kind: 'dispute', placedAt: begins }));
    expect(advised(other, 'recall-from-agency')).toEqual([]);
    other.runDays(1);
    expect(advised(other, 'recall-from-agency')).toMatchObject([{ at: begins }]);
    other.check();
  });

  it('is called back when the customer agrees a plan', () => {
    const driver = drive(anAccount().overdueBy(20)).runDays(4);
    place(driver);
    const offerId = offersOn(driver.account, driver.setting, driver.today)[0]?.offerId ?? '';
    driver.tell((journal) => recordPlanAgreed(journal, { offerId, agreedAt: toInstant(driver.now), channel: 'voice' }));
    expect(advised(driver, 'recall-from-agency')).toMatchObject([{ at: toInstant(driver.now) }]);
    driver.check();
  });

  it('is called back on the cure and on an end by a person, and not on the word of the core itself', () => {
    const cured = drive(anAccount().overdueBy(20)).runDays(4);
    place(cured);
    pay(cured);
    expect(advised(cured, 'recall-from-agency')).toHaveLength(1);
    const ended = drive(anAccount().overdueBy(20)).runDays(4);
    place(ended);
    const endedAt = toInstant(ended.now);
    ended.tell((journal) => recordClosing(journal, ended.case.caseId, { reason: 'deceased', endedAt, reference: 'memo-1' }));
    expect(advised(ended, 'recall-from-agency')).toHaveLength(1);
    const sold = drive(anAccount().overdueBy(20)).runDays(4);
    place(sold).runDays(1);
    sold.tell((journal) => recordAccountStatus(journal, { status: 'sold', changedAt: toInstant(sold.now), reference: 'deal-1' }));
    expect(advised(sold, 'recall-from-agency')).toEqual([]);
  });
});
