import calendars from './holidays.json' with { type: 'json' };

/**
 * Public holidays by jurisdiction and local date, for the rules that ask for them. The lists were drawn from a library of holidays and
 * corrected by hand where it only computes what a government announces; the gate's were typed from the announcements.
 */

interface Calendar {
  /** The last year that it knows; before its first there are no holidays. */
  readonly to: number;
  readonly dates: readonly string[];
}

const CALENDARS: Readonly<Record<string, Calendar>> = calendars;

export function isHoliday(jurisdiction: string, date: string): boolean {
  return CALENDARS[jurisdiction]?.dates.includes(date) ?? false;
}

/** Whether the holidays of a year were announced when the list was made. */
export function isYearKnown(jurisdiction: string, year: number): boolean {
  return year <= (CALENDARS[jurisdiction]?.to ?? Number.POSITIVE_INFINITY);
}
