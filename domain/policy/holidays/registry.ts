import { type HolidayCalendar, type HolidayList, holidayCalendar } from './calendar.ts';
import { CN } from './cn.ts';

const LISTS: readonly HolidayList[] = [CN];

const CALENDARS: ReadonlyMap<string, HolidayCalendar> = new Map(LISTS.map((list) => [list.id, holidayCalendar(list)]));

/** @throws RangeError for an id without a calendar. */
export function calendarOf(id: string): HolidayCalendar {
  const found = CALENDARS.get(id);
  if (found === undefined) throw new RangeError(`There is no holiday calendar ${id}`);
  return found;
}

export function allCalendars(): readonly HolidayCalendar[] {
  return [...CALENDARS.values()];
}
