import { describe, expect, it } from 'vitest';
import { addDays, DAY, toInstant, toMillis } from '../../domain/calendar.ts';
import type { HoldKind } from '../../domain/model.ts';
import { recordHoldPlaced, recordHoldReleased } from '../../domain/record/bank-facts.ts';
import { slotsOf } from '../../domain/words/slots.ts';
import { anAccount } from '../builders/account.ts';
import type { CaseDriver } from './case-driver.ts';
import { onceOnCall, patientDesk } from './desks.ts';
import { drive } from './drive.ts';

const WORDS = { bankName: 'Bank', hotline: '1', paymentLink: 'https://pay.example' };
const documents = (driver: CaseDriver) => driver.sent.filter(({ template }) => template === 'hardship-documents');

function hold(driver: CaseDriver, holdId: string, kind: HoldKind): void {
  driver.tell((journal) => recordHoldPlaced(journal, { holdId, kind, placedAt: toInstant(driver.now) }));
}

function release(driver: CaseDriver, holdId: string): void {
  driver.tell((journal) => recordHoldReleased(journal, { holdId, releasedAt: toInstant(driver.now) }));
}

describe('a customer who says that they cannot pay', () => {
  it('is asked for papers once, by a day, and for nothing else while a person looks at it', () => {
    // Act: the first call brings it; nothing else is said for as long as the review takes.
    const driver = drive(anAccount().overdueBy(12), onceOnCall({ outcome: 'hardship', reasonForArrears: 'illness' })).runDays(25);
    // Assess
    driver.check();
    const told = driver.entriesOf('HardshipReported')[0]?.at ?? '';
    const after = driver.sent.filter(({ at }) => at > told);
    expect(after.map(({ template, purpose }) => [template, purpose])).toEqual([['hardship-documents', 'reply']]);
    const slots = slotsOf(driver.world(), 'hardship-documents', 'Wang', WORDS);
    expect(slots.deadline).toBe(addDays(driver.world().today, 14));
  });

  it('is not answered at night: whoever said it in the evening hears of it the next day', () => {
    // Prepare: 19:45 in Shanghai; an hour later no message goes any more.
    const driver = drive(anAccount().overdueBy(12).at('2026-03-02T11:45:00Z'), () => undefined);
    driver.runTo('2026-03-02T11:45:00Z');
    // Act
    hold(driver, 'h-1', 'hardship-review');
    driver.runDays(3);
    // Assess
    driver.check();
    const [answer] = documents(driver);
    const hour = (toMillis(answer?.at ?? '') / 3_600_000 + 8) % 24;
    expect(hour).toBeGreaterThanOrEqual(9);
    expect(hour).toBeLessThan(20.5);
    expect(toMillis(answer?.at ?? '')).toBeGreaterThan(toMillis('2026-03-02T16:00:00Z'));
  });

  it('has a person decide after 30 days, and counts as in hardship afterwards', () => {
    const driver = drive(anAccount().overdueBy(12), onceOnCall({ outcome: 'hardship' })).runDays(60);
    driver.check();
    const told = toMillis(driver.entriesOf('HardshipReported')[0]?.at ?? '');
    const [review] = driver.entriesOf('TaskOpened').filter(({ objective }) => objective === 'review-hold');
    expect((toMillis(review?.at ?? '') - told) / DAY).toBeCloseTo(30, 0);
    expect(driver.world().track).toBe('hardship');
  });

  it('is asked anew for a new hold, and not where something else stops contact too', () => {
    // Prepare
    const driver = drive(anAccount().overdueBy(12), () => undefined).runDays(1);
    // Act
    hold(driver, 'h-1', 'hardship-review');
    driver.runDays(3);
    const first = documents(driver).length;
    release(driver, 'h-1');
    hold(driver, 'h-2', 'hardship-review');
    driver.runDays(3);
    const second = documents(driver).length;
    release(driver, 'h-2');
    hold(driver, 'h-3', 'hardship-review');
    hold(driver, 'h-4', 'cease-contact');
    driver.runDays(3);
    // Assess
    driver.check();
    expect([first, second, documents(driver).length]).toEqual([1, 2, 2]);
  });

  it('whom only the bank’s model holds unable to pay is not visited before a named person agreed either', () => {
    const risk = { willingness: 'willing', ability: 'unable', timesOverdueLast12Months: 2 };
    const driver = drive(anAccount().overdueBy(70).with({ risk }), patientDesk()).runDays(120);
    driver.check();
    const asked = driver.entriesOf('TaskOpened').map(({ objective }) => objective);
    expect(asked).toContain('review-field-visit');
    expect(asked.indexOf('review-field-visit')).toBeLessThan(asked.indexOf('approve-visit'));
  });

  it('does not count as pressed by what answers them', () => {
    const driver = drive(anAccount().overdueBy(12), () => undefined).runDays(1);
    const before = { contacts: driver.case.contactCount ?? 0, demands: driver.case.writtenDemands, sent: driver.case.sentByStage };
    hold(driver, 'h-1', 'hardship-review');
    driver.runDays(3);
    expect(documents(driver)).toHaveLength(1);
    expect({ contacts: driver.case.contactCount ?? 0, demands: driver.case.writtenDemands, sent: driver.case.sentByStage }).toEqual(before);
  });
});
