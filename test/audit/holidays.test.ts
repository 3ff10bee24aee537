import { describe, expect, it } from 'vitest';
import { isHoliday, isYearKnown } from '../../audit/holidays.ts';
import { calendarOf } from '../../domain/policy/holidays/registry.ts';
import { allPacks } from '../../domain/policy/packs/registry.ts';

const packs = [...new Map(allPacks().map(({ id, calendar }) => [id, calendar]))].map(([id, calendar]) => ({ id, calendar }));
const DAY = 86_400_000;

describe('the holidays that the audit knows', () => {
  it.each(packs)('of $id are those of the gate, and end with the same year', ({ id, calendar }) => {
    const { firstYear, lastYear, days } = calendarOf(calendar);
    const listed: number[] = [];
    for (let day = Date.UTC(firstYear, 0, 1) / DAY; day < Date.UTC(lastYear + 1, 0, 1) / DAY; day += 1) {
      if (isHoliday(id, new Date(day * DAY).toISOString().slice(0, 10))) listed.push(day);
    }

    expect(listed).toEqual([...days]);
    expect([isYearKnown(id, lastYear), isYearKnown(id, lastYear + 1)]).toEqual([true, false]);
  });
});
