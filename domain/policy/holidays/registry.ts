import { CN, HK, IN, SG } from './asia.ts';
import { type HolidayCalendar, type HolidayList, holidayCalendar } from './calendar.ts';
import { EU, GR, RO, UK } from './europe.ts';
import { AU, US } from './overseas.ts';

const LISTS: readonly HolidayList[] = [CN, US, UK, AU, IN, HK, SG, EU, GR, RO];

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
