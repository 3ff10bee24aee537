import calendars from './holidays.json' with { type: 'json' };

/** Public holidays by jurisdiction and local date, where the rules ask for them. */

interface Calendar {
  readonly from: number;
  readonly to: number;
  readonly dates: readonly string[];
}

const CALENDARS: Readonly<Record<string, Calendar>> = calendars;

export function isHoliday(jurisdiction: string, date: string): boolean {
  return CALENDARS[jurisdiction]?.dates.includes(date) ?? false;
}

/** A year after the last of the calendar is not known; one before its first has no holidays. */
export function isYearKnown(jurisdiction: string, year: number): boolean {
  return year <= (CALENDARS[jurisdiction]?.to ?? Number.POSITIVE_INFINITY);
}
