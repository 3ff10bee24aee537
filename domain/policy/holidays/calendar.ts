import { epochDay } from '../../calendar.ts';
import type { LocalDate } from '../../model.ts';

/** A jurisdiction's public holidays as published, substitute days included. */
export interface HolidayList {
  readonly id: string;
  readonly name: string;
  /** Who published the dates, or by which law they follow. */
  readonly source: string;
  /** By year, without gaps: the first and the last are what the calendar knows. */
  readonly years: Readonly<Record<string, readonly LocalDate[]>>;
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
 * @throws RangeError naming the calendar, for a year that is missing or a date that lies in another year.
 */
export function holidayCalendar({ id, name, source, years }: HolidayList): HolidayCalendar {
  const known = Object.keys(years).map(Number).sort();
  const firstYear = known[0] ?? Number.NaN;
  const lastYear = known.at(-1) ?? Number.NaN;
  if (lastYear - firstYear !== known.length - 1) throw new RangeError(`Holidays of ${id}: the years must follow each other`);
  for (const [year, dates] of Object.entries(years)) {
    const stray = dates.find((date) => !date.startsWith(`${year}-`));
    if (stray !== undefined) throw new RangeError(`Holidays of ${id}: ${stray} is not a date of ${year}`);
  }
  return {
    id,
    name,
    source,
    firstYear,
    lastYear,
    days: new Set(Object.values(years).flat().map(epochDay)),
    lastDay: epochDay(`${lastYear}-12-31`),
  };
}
