import Holidays from 'date-holidays';
import { describe, expect, it } from 'vitest';
import { epochDay } from '../../../domain/calendar.ts';
import { type HolidayList, holidayCalendar } from '../../../domain/policy/holidays/calendar.ts';
import { allCalendars, calendarOf } from '../../../domain/policy/holidays/registry.ts';

type Place = readonly [string, string?];

function library([country, region]: Place): Holidays {
  return region === undefined ? new Holidays(country) : new Holidays(country, region);
}

/** The public holidays of a year as a library computes them, which knows nothing of announcements. */
function computed(country: Place, year: number): string[] {
  const dates = library(country)
    .getHolidays(year)
    .filter(({ type }) => type === 'public')
    .map(({ date }) => date.slice(0, 10));
  return [...new Set(dates)].filter((date) => date.startsWith(`${year}-`)).sort();
}

function listed(id: string, year: number): string[] {
  return [...calendarOf(id).days]
    .map((day) => new Date(day * 86_400_000).toISOString().slice(0, 10))
    .filter((date) => date.startsWith(`${year}-`));
}

describe('the holiday calendars', () => {
  it.each(allCalendars().map(({ id, firstYear, lastYear }) => ({ id, firstYear, lastYear })))(
    '$id knows 2024 to 2027 at least',
    (calendar) => {
      expect(calendar.firstYear).toBeLessThanOrEqual(2024);
      expect(calendar.lastYear).toBeGreaterThanOrEqual(2027);
    },
  );

  it.each([
    { id: 'UK', country: ['GB', 'ENG'], years: [2024, 2025, 2026, 2027] },
    { id: 'US', country: ['US'], years: [2024, 2025, 2026, 2027] },
    { id: 'HK', country: ['HK'], years: [2024, 2025, 2026, 2027] },
    { id: 'GR', country: ['GR'], years: [2024, 2025, 2026, 2027] },
  ] as const)('$id agrees with a library that computes the dates', ({ id, country, years }) => {
    for (const year of years) expect(listed(id, year)).toEqual(computed(country, year));
  });

  it('of Singapore differs from computed dates only where the ministry moved a day by sight of the moon, or an election was held', () => {
    const differing = [2024, 2025, 2026, 2027].flatMap((year) => {
      const [own, other] = [listed('SG', year), computed(['SG'], year)];
      return [...own.filter((date) => !other.includes(date)), ...other.filter((date) => !own.includes(date)).map((date) => `not ${date}`)];
    });

    expect(differing).toEqual([
      '2024-06-17', // Hari Raya Haji
      'not 2024-06-16',
      '2025-05-03', // polling day
      '2027-03-10', // Hari Raya Puasa
      '2027-05-17', // Hari Raya Haji
      '2027-05-20', // Vesak Day, which the library does not compute for that year
      'not 2027-03-09',
      'not 2027-05-16',
    ]);
  });

  it('of Australia holds what all states share: no Easter Saturday or Sunday, no days of single states', () => {
    for (const year of [2024, 2025, 2026, 2027]) {
      const easter = new Holidays('AU')
        .getHolidays(year)
        .filter(({ name }) => /^Easter (Saturday|Sunday)$/.test(name))
        .map(({ date }) => date.slice(0, 10));
      expect(listed('AU', year)).toEqual(computed(['AU'], year).filter((date) => !easter.includes(date)));
    }
  });

  it('of mainland China holds the arranged days, which no library computes', () => {
    expect(listed('CN', 2026)).toContain('2026-02-23');
    // A Sunday that is worked in exchange is no holiday; that it is a Sunday is another rule's business.
    expect(listed('CN', 2026)).not.toContain('2026-01-04');
    expect(listed('CN', 2026).filter((date) => date.startsWith('2026-10'))).toHaveLength(7);
    // The eve of the lunar year and seven days after it, where the arrangement is not known yet.
    expect(listed('CN', 2027).filter((date) => date.startsWith('2027-02'))).toHaveLength(8);
  });

  it('of Romania has the second of January beside what a library computes', () => {
    for (const year of [2024, 2025, 2026, 2027]) expect(listed('RO', year)).toEqual([...computed(['RO'], year), `${year}-01-02`].sort());
  });
});

describe('a list', () => {
  const list = (years: HolidayList['years']): HolidayList => ({ id: 'XX', name: 'nowhere', source: 'nobody', years });

  it('is read with its horizon', () => {
    const calendar = holidayCalendar(list({ 2026: '01-01', 2027: '01-01 12-25' }));

    expect(calendar).toMatchObject({ firstYear: 2026, lastYear: 2027, lastDay: epochDay('2027-12-31') });
    expect(calendar.days).toEqual(new Set(['2026-01-01', '2027-01-01', '2027-12-25'].map(epochDay)));
  });

  it.each([
    { name: 'a year that is missing', years: { 2024: '01-01', 2026: '01-01' } },
    { name: 'a date that is none', years: { 2026: '02-30' } },
    { name: 'dates out of order', years: { 2026: '05-01 01-01' } },
    { name: 'a date twice', years: { 2026: '05-01 05-01' } },
  ])('with $name is refused', ({ years }) => {
    expect(() => holidayCalendar(list(years))).toThrow(RangeError);
  });

  it('that is not there is named', () => {
    expect(() => calendarOf('XX')).toThrow('XX');
  });
});
