import { epochDay } from '../../calendar.ts';

/** A jurisdiction's public holidays as published, substitute days included. */
export interface HolidayList {
  readonly id: string;
  readonly name: string;
  /** Who published the dates, or by which law they follow. */
  readonly source: string;
  /** By year, without gaps, `MM-DD` with blanks between: the first and the last year are what the calendar knows. */
  readonly years: Readonly<Record<string, string>>;
}

/** The same, as rules ask it. Before its first year there are no holidays; after its last nothing is known. */
export interface HolidayCalendar {
  readonly id: string;
  readonly name: string;
  readonly source: string;
  readonly firstYear: number;
  readonly lastYear: number;
  /** Epoch days. */
  readonly days: ReadonlySet<number>;
  /** The last epoch day that it knows. */
  readonly lastDay: number;
}

/**
 * Reads a list.
 *
 * @throws RangeError naming the calendar, for a year that is missing, a date that is none, or dates out of order.
 */
export function holidayCalendar({ id, name, source, years }: HolidayList): HolidayCalendar {
  const known = Object.keys(years).map(Number);
  const firstYear = known[0] ?? Number.NaN;
  const lastYear = known.at(-1) ?? Number.NaN;
  if (!known.every((year, index) => year === firstYear + index))
    throw new RangeError(`Holidays of ${id}: the years must follow each other`);
  const days = Object.entries(years).flatMap(([year, dates]) => dates.split(' ').map((date) => epochDay(`${year}-${date}`)));
  const unordered = days.findIndex((day, index) => day <= (days[index - 1] ?? Number.NEGATIVE_INFINITY));
  if (unordered >= 0) throw new RangeError(`Holidays of ${id}: date number ${unordered + 1} must be later than the one before it`);
  return { id, name, source, firstYear, lastYear, days: new Set(days), lastDay: epochDay(`${lastYear}-12-31`) };
}
