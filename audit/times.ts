import { isWithin, type LocalTime, localTime } from './clock.ts';
import type { Contact, Wishes } from './facts.ts';
import { binds, type Hearing } from './hearing.ts';
import { isHoliday, isYearKnown } from './holidays.ts';
import * as house from './house.ts';
import { type HoursRule, isMessage, isNoCollection, type Span } from './rules.ts';

/** The hours of the law, the house and the customer, at every place where the customer may be. */
export function checkTimes(hearing: Hearing): void {
  const { contact, now, setting } = hearing;
  checkTimesAt(now, hearing);
  if (!setting.house || !isMessage(contact)) return;
  const rule: Hearing['rule'] = (name, against) =>
    hearing.rule(name, against === undefined ? undefined : `it may arrive ${house.MARGIN_MINUTES} minutes later: ${against}`);
  checkTimesAt(now + house.MARGIN_MINUTES * 60_000, { ...hearing, rule });
}

function checkTimesAt(at: number, hearing: Hearing): void {
  const { contact, wishes, local, rule } = hearing;
  for (const { zone } of local) {
    rule('CUSTOMER.WINDOW', sayWindow(wishes?.windows ?? [], localTime(at, zone)));
    rule('CUSTOMER.INCONVENIENT', sayInconvenient(wishes?.inconvenient ?? [], localTime(at, zone)));
  }
  for (const hours of hoursOf(hearing, contact)) {
    if (!binds(hours, hearing) || hours.concerns?.(contact) === false || isWaived(hours, wishes)) continue;
    const zones = hours.zone === undefined ? local.map(({ zone }) => zone) : [hours.zone];
    for (const zone of zones) rule(hours.name, sayHours(hours, localTime(at, zone), hearing));
  }
}

function hoursOf({ pack, setting }: Hearing, contact: Contact): readonly HoursRule[] {
  return [...(isNoCollection(contact) ? [] : pack.hours), ...(setting.house ? house.HOURS : [])];
}

const contains = (window: string, time: string): boolean => isWithin(time, window.slice(0, 5), window.slice(6));

function sayWindow(windows: readonly string[], { time, zone }: LocalTime): string | undefined {
  if (windows.length === 0 || windows.some((window) => contains(window, time))) return undefined;
  return `${time} in ${zone} is in none of the times that the customer wants, ${windows.join(', ')}`;
}

function sayInconvenient(windows: readonly string[], { time, zone }: LocalTime): string | undefined {
  const window = windows.find((row) => contains(row, time));
  return window === undefined ? undefined : `${time} in ${zone} is in ${window}, which does not suit the customer`;
}

/** The customer's own times stand in for hours of the house; a law's they open only with consent. */
function isWaived(hours: HoursRule, wishes: Wishes | undefined): boolean {
  return wishes?.outsideHours === true || (hours.mark === 'H' && (wishes?.windows.length ?? 0) > 0);
}

function sayHours(hours: HoursRule, { date, weekday, time, zone }: LocalTime, { record, setting }: Hearing): string | undefined {
  const year = Number(date.slice(0, 4));
  if (hours.holiday !== undefined && !isYearKnown(setting.jurisdiction, year)) return `nobody knows the holidays of ${year}`;
  const isFree = isHoliday(setting.jurisdiction, date) || (record.holidays?.includes(date) ?? false);
  const span = spanOf(hours, weekday, isFree);
  if (span === 'closed') return `${date} in ${zone} is a day without contact`;
  return isWithin(time, ...span) ? undefined : `${time} on ${date} in ${zone}, and the hours are ${span.join('-')}`;
}

function spanOf(hours: HoursRule, weekday: number, isFree: boolean): Span | 'closed' {
  if (isFree && hours.holiday !== undefined) return hours.holiday;
  if (weekday === 7) return hours.sunday ?? hours.weekdays;
  if (weekday === 6) return hours.saturday ?? hours.weekdays;
  return hours.weekdays;
}
