import calendars from './holidays.json' with { type: 'json' };

/**
 * Public holidays by jurisdiction and local date, for the rules that ask for them. The lists were drawn from a library of holidays and
 * corrected by hand where it only computes what a government announces; the gate's were typed from the announcements.
 *
 * Mainland China's arrangement for 2027 was not to be had. That year is worked out: the festivals by the library's lunar calendar, and
 * around them the days that the decree (2024 revision) gives and the State Council's notice of 2024-11-12 makes of them (a Friday's
 * holiday runs to Sunday, a Monday's from Saturday, a Wednesday's is one day; the lunar New Year eight days from its eve, Labour Day
 * five, National Day seven). The arrangement, once out, replaces it.
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
