/** Local time by the zones of the JavaScript engine (ICU). The gate reckons with another library: two readings of one database. */

export interface LocalTime {
  readonly zone: string;
  /** `YYYY-MM-DD` */
  readonly date: string;
  /** `YYYY-MM` */
  readonly month: string;
  /** `HH:MM:SS.mmm`; texts of this form compare like the times themselves. */
  readonly time: string;
  /** The local date as days since 1970-01-01. */
  readonly day: number;
  /** 1 Monday to 7 Sunday. */
  readonly weekday: number;
}

const DAY = 86_400_000;

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Swedish writes dates as ISO 8601 does: `2026-03-08 07:30:00,000`. */
function formatterOf(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
    hourCycle: 'h23',
  });
  formatters.set(zone, made);
  return made;
}

/** @param at epoch milliseconds */
export function localTime(at: number, zone: string): LocalTime {
  const text = formatterOf(zone).format(at);
  const date = text.slice(0, 10);
  const day = dayNumber(date);
  // 1970-01-01 was a Thursday.
  return { zone, date, month: date.slice(0, 7), time: text.slice(11).replace(',', '.'), day, weekday: ((day + 3) % 7) + 1 };
}

/** Days from 1970-01-01 to a local date `YYYY-MM-DD`. */
export function dayNumber(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / DAY;
}

/** Whether a local time lies in `[from, to)`; a span whose end is not after its start goes over midnight. */
export function isWithin(time: string, from: string, to: string): boolean {
  return from < to ? from <= time && time < to : from <= time || time < to;
}
