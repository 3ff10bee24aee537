import { describe, expect, it } from 'vitest';
import { anAccount } from '../../builders/account.ts';
import { drive } from '../drive.ts';

describe('a case whose holiday calendar has ended', () => {
  it('waits for the calendar in its stage: it does not rise as if nobody could be called', () => {
    // Prepare: the year after the last that the calendar of mainland China knows.
    const now = '2028-01-04T02:00:00Z';
    const driver = drive(anAccount().at(now).overdueBy(4), undefined, { now });
    // Act
    driver.runDays(60);
    // Assess
    expect(driver.case.stage).toBe('call');
    expect(driver.entriesOf('MessageImpossible')).toEqual([]);
  });
});
