import { describe, expect, it } from 'vitest';
import { reasonForArrearsCode } from '../../domain/codes.ts';
import { LADDER } from '../../domain/policy/ladder.ts';
import { anAccount } from '../builders/account.ts';
import type { CaseDriver } from './case-driver.ts';
import { emptyDesk, patientDesk } from './desks.ts';
import { drive } from './drive.ts';

function toldBy(reasonForArrears: keyof typeof LADDER.reasons, outcome = 'reached-no-commitment'): CaseDriver {
  const driver = drive(anAccount().overdueBy(12), emptyDesk).runTo('2026-03-03T04:00:00Z');
  driver.answer(driver.case.tasks[0]?.taskId ?? '', { outcome, reasonForArrears });
  return driver;
}

const since = (driver: CaseDriver, type: string) => {
  const from = driver.entries.findIndex((entry) => entry.type === 'TaskOutcomeReported');
  return driver.entries.slice(from).some((entry) => entry.type === type);
};

describe('a reason for arrears', () => {
  it.each(Object.entries(LADDER.reasons))('"%s" leads to: %s', (reason, leadsTo) => {
    const driver = toldBy(reason as keyof typeof LADDER.reasons);
    const sent = driver.sent.length;
    driver.runTo('2026-03-04T12:00:00Z');
    expect({
      hardship: since(driver, 'HardshipReported') && driver.world().track === 'hardship',
      dispute: since(driver, 'JourneyHeld'),
      message: driver.sent.length > sent,
    }).toEqual({ hardship: leadsTo === 'hardship', dispute: leadsTo === 'dispute', message: leadsTo === 'message' });
    driver.check();
  });

  it('brings calls that ask about the hardship', () => {
    let told = false;
    const desk = patientDesk((task) => {
      if (task.queue !== 'call' || told) return undefined;
      told = true;
      return { outcome: 'reached-no-commitment', reasonForArrears: 'unemployment' };
    });
    const driver = drive(anAccount().overdueBy(12), desk).runTo('2026-03-12T10:00:00Z');
    expect(driver.entriesOf('TaskOpened').map(({ objective }) => objective)).toContain('understand-hardship');
    expect(driver.entriesOf('TaskOpened')[0]?.objective).toBe('recover');
  });

  it('says nothing of the customer where somebody else or nobody answered', () => {
    for (const outcome of ['no-answer', 'third-party-answered']) {
      const driver = toldBy('dispute', outcome).runTo('2026-03-04T12:00:00Z');
      expect(since(driver, 'JourneyHeld')).toBe(false);
    }
  });

  it('holds once where the outcome holds already', () => {
    const driver = toldBy('dispute', 'complaint');
    expect(driver.entriesOf('HoldPlaced').map(({ kind }) => kind)).toEqual(['complaint']);
  });

  it('in words has the code "other", and a known code is itself', () => {
    expect(['unemployment', 'his brother has the card', 'constructor'].map(reasonForArrearsCode)).toEqual([
      'unemployment',
      'other',
      'other',
    ]);
  });
});
