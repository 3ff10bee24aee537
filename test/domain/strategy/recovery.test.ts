import { describe, expect, it } from 'vitest';
import { recoveryOf } from '../../../domain/strategy/recovery.ts';
import { anAccount } from '../../builders/account.ts';
import { aSetting } from '../../builders/setting.ts';

const REPORTED = { reportsToBureau: true, reportingDay: 25, suspendsCard: false, placesWithAgencies: false };

/** An account that opened on a date, as it stands at an instant, in Shanghai. */
function recovery(openedOn: string, now: string, curedAt?: string, products: Record<string, typeof REPORTED> = { '*': REPORTED }) {
  const setting = aSetting({ now, deployment: { products } });
  return recoveryOf(anAccount().build(), { openedOn, ...(curedAt === undefined ? {} : { curedAt }) }, setting);
}

describe('the way back of a credit record', () => {
  it.each([
    ['before the first report', '2026-03-02', '2026-03-20T02:00:00Z', undefined, { reported: false, nextReportOn: '2026-03-25' }],
    ['on the day of the report', '2026-03-02', '2026-03-25T02:00:00Z', undefined, { reported: false, nextReportOn: '2026-03-25' }],
    ['the day after', '2026-03-02', '2026-03-26T02:00:00Z', undefined, { reported: true, nextReportOn: '2026-04-25' }],
    ['cured in time', '2026-03-02', '2026-06-01T02:00:00Z', '2026-03-24T02:00:00Z', { reported: false, nextReportOn: '2026-03-25' }],
    [
      'cured too late',
      '2026-03-02',
      '2026-06-01T02:00:00Z',
      '2026-03-26T02:00:00Z',
      { reported: true, nextReportOn: '2026-04-25', endsOn: '2031-03-26' },
    ],
    [
      'cured on a leap day',
      '2028-01-02',
      '2028-03-01T02:00:00Z',
      '2028-02-29T02:00:00Z',
      { reported: true, nextReportOn: '2028-03-25', endsOn: '2033-02-28' },
    ],
  ])('%s', (_when, openedOn, now, curedAt, expected) => {
    const found = recovery(openedOn, now, curedAt);
    expect(found).toMatchObject(expected);
    expect(Object.hasOwn(found ?? {}, 'endsOn')).toBe('endsOn' in expected);
    expect(found?.steps.length).toBeGreaterThan(0);
  });

  it('is not spoken of where the product is not reported', () => {
    expect(recovery('2026-03-02', '2026-03-20T02:00:00Z', undefined, {})).toBeUndefined();
    expect(recovery('2026-03-02', '2026-03-20T02:00:00Z', undefined, { '*': { ...REPORTED, reportsToBureau: false } })).toBeUndefined();
  });

  it('names dates in the order in which they help', () => {
    const cured = recovery('2026-03-02', '2026-06-01T02:00:00Z', '2026-03-26T02:00:00Z');
    expect(cured?.steps[0]).toContain('2026-04-25');
    expect(cured?.steps[1]).toContain('2031-03-26');
    expect(recovery('2026-03-02', '2026-03-20T02:00:00Z')?.steps[0]).toContain('Paid by 2026-03-25');
  });
});
