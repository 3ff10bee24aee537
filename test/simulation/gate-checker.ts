import { Temporal } from 'temporal-polyfill';
import type { Channel, ContactRow, Purpose } from '../../domain/model.ts';

/**
 * Recomputes from the ledger alone whether every contact made kept the rules. Written from the text of the rules (mainland China's
 * published limits, the house caps and hours), by brute force, and without a line of the gate, its calendar or its policy data: where
 * the two disagree, one of them has misread the text.
 */

/** A time during which a state forbade contact. */
export interface Stop {
  /** Absent: all accounts of the customer. */
  readonly accountId?: string;
  readonly from: string;
  /** Exclusive; absent: to this day. */
  readonly to?: string;
  readonly why: 'closed' | 'cured' | 'held' | 'arranged' | 'grace' | 'quiet';
}

export interface CheckContext {
  readonly jurisdiction: string;
  readonly timeZones: readonly string[];
  readonly house: boolean;
  readonly windows?: readonly string[];
  readonly inconvenient?: readonly string[];
  readonly optedOut?: readonly Channel[];
  readonly stops?: readonly Stop[];
  /** Addresses that must not be used from an instant on: dead, wrong, opted out, a third party's. */
  readonly barred?: readonly { readonly addressKey: string; readonly from: string }[];
  /** Addresses at a place of work. */
  readonly work?: readonly string[];
  /** Rows for which it is false were made without asking the gate: they count, but nobody is to blame for them. */
  readonly judged?: (row: ContactRow) => boolean;
}

export interface Violation {
  readonly rule: string;
  readonly rowId: string;
  readonly at: string;
  readonly why: string;
}

interface Local {
  readonly zone: string;
  /** Days since 1970-01-01. */
  readonly day: number;
  readonly sunday: boolean;
  readonly time: string;
}

interface Seen {
  readonly row: ContactRow;
  readonly at: Temporal.Instant;
  readonly local: readonly Local[];
}

type Complain = (rule: string, seen: Seen, why: string) => void;

const MESSAGES: readonly Channel[] = ['sms', 'email', 'push', 'in-app', 'im'];
const PUSH: readonly Channel[] = ['push', 'in-app', 'im'];

const FIRST_DAY = Temporal.PlainDate.from('1970-01-01');

function see(row: ContactRow, zones: readonly string[]): Seen {
  const at = Temporal.Instant.from(row.at);
  const local = zones.map((zone) => {
    const there = at.toZonedDateTimeISO(zone);
    // Text of one form compares like the times themselves: 09:00:00.000 < 20:30:00.000.
    const day = FIRST_DAY.until(there.toPlainDate()).days;
    return { zone, day, sunday: there.dayOfWeek === 7, time: there.toPlainTime().toString({ smallestUnit: 'millisecond' }) };
  });
  return { row, at, local };
}

function within(time: string, from: string, to: string): boolean {
  return from < to ? from <= time && time < to : from <= time || time < to;
}

function checkHours(seen: Seen, context: CheckContext, complain: Complain): void {
  const { channel } = seen.row;
  for (const { zone, sunday, time } of seen.local) {
    if (!within(time, '08:00', '22:00')) complain('CN.HOURS', seen, `${time} in ${zone}`);
    const windows = context.windows ?? [];
    if (windows.length > 0 && !windows.some((window) => within(time, window.slice(0, 5), window.slice(6)))) {
      complain('WINDOW', seen, `${time} in ${zone} is in none of ${windows.join(' ')}`);
    }
    for (const window of context.inconvenient ?? []) {
      if (within(time, window.slice(0, 5), window.slice(6))) complain('INCONVENIENT', seen, `${time} in ${zone} is in ${window}`);
    }
    if (!context.house || windows.length > 0) continue;
    if (channel === 'voice' && !within(time, sunday ? '10:00' : '09:00', sunday ? '19:00' : '20:00')) {
      complain('HOUSE.HOURS', seen, `a call at ${time} on ${sunday ? 'a Sunday' : 'a weekday'} in ${zone}`);
    }
    if (MESSAGES.includes(channel) && !within(time, '09:00', '20:30')) complain('HOUSE.HOURS', seen, `a message at ${time} in ${zone}`);
    if (channel === 'visit' && !within(time, '09:00', '19:00')) complain('HOUSE.HOURS', seen, `a visit at ${time} in ${zone}`);
  }
}

/** How many of the rows up to this one, which come in order of time, fall on its own local date or the `days - 1` before. */
function countTo(seen: Seen, earlier: readonly Seen[], days: number, which: (row: ContactRow) => boolean): number {
  const counts = seen.local.map(({ day }, zone) => {
    const inWindow = (other: Seen): boolean => (other.local[zone]?.day ?? Number.NaN) > day - days;
    return [...earlier, seen].filter((other) => which(other.row) && inWindow(other)).length;
  });
  return Math.max(...counts);
}

function checkLaw(seen: Seen, earlier: readonly Seen[], complain: Complain): void {
  const { row } = seen;
  if (row.channel !== 'voice') return;
  const answered = countTo(seen, earlier, 1, (other) => other.channel === 'voice' && other.kind === 'conversation');
  if (row.kind === 'conversation' && answered > 3) complain('CN.FREQ.CONNECTED', seen, `${answered} answered calls on one day`);
  const unanswered = countTo(
    seen,
    earlier,
    1,
    (other) => other.channel === 'voice' && other.kind === 'attempt' && other.addressKey === row.addressKey,
  );
  if (row.kind === 'attempt' && unanswered > 6)
    complain('CN.FREQ.UNANSWERED', seen, `${unanswered} unanswered calls to one number on one day`);
}

interface Cap {
  readonly name: string;
  readonly max: number;
  readonly days: number;
  readonly which: (row: ContactRow) => boolean;
}

function capsOf(row: ContactRow): Cap[] {
  const call = (other: ContactRow): boolean => other.channel === 'voice';
  const sameNumber = (other: ContactRow): boolean => call(other) && other.addressKey === row.addressKey;
  const conversation = (other: ContactRow): boolean => other.kind === 'conversation';
  const on =
    (...channels: Channel[]) =>
    (other: ContactRow): boolean =>
      channels.includes(other.channel);
  const counted = (other: ContactRow): boolean => !(other.channel === 'voice' && other.kind === 'attempt');
  const caps: Cap[] = [
    { name: 'CALLS', max: 3, days: 1, which: call },
    { name: 'CALLS', max: 10, days: 7, which: call },
    { name: 'NUMBER', max: 2, days: 1, which: sameNumber },
    { name: 'CONVERSATIONS', max: 1, days: 1, which: conversation },
    { name: 'CONVERSATIONS', max: 3, days: 7, which: conversation },
    { name: 'SMS', max: 1, days: 1, which: on('sms') },
    { name: 'SMS', max: 3, days: 7, which: on('sms') },
    { name: 'EMAIL', max: 1, days: 1, which: on('email') },
    { name: 'EMAIL', max: 2, days: 7, which: on('email') },
    { name: 'PUSH', max: 1, days: 1, which: on(...PUSH) },
    { name: 'PUSH', max: 3, days: 7, which: on(...PUSH) },
    { name: 'LETTERS', max: 1, days: 14, which: on('post') },
    { name: 'VISITS', max: 1, days: 30, which: on('visit') },
    { name: 'TOGETHER', max: 2, days: 1, which: counted },
    { name: 'TOGETHER', max: 6, days: 7, which: counted },
    { name: 'TOGETHER', max: 45, days: 90, which: counted },
  ];
  // A contact can only break a cap that it counts towards.
  return caps.filter((cap) => cap.which(row));
}

function checkHouse(seen: Seen, earlier: readonly Seen[], complain: Complain): void {
  const { row } = seen;
  if (row.purpose === 'formal-notice') return;
  for (const { name, max, days, which } of capsOf(row)) {
    const count = countTo(seen, earlier, days, (other) => other.purpose !== 'formal-notice' && which(other));
    // Messages do not become conversations: one that the customer answered is not the message's fault.
    if (name === 'CONVERSATIONS' && row.channel !== 'voice' && row.channel !== 'visit') continue;
    if (count > max) complain(`HOUSE.${name}`, seen, `${count} in ${days} days, at most ${max}`);
  }
  if (row.channel !== 'voice') return;
  for (const other of earlier) {
    if (other.row.channel !== 'voice' || other.row.addressKey !== row.addressKey || other.row.purpose === 'formal-notice') continue;
    if (seen.at.since(other.at).total('minutes') < 120) complain('HOUSE.APART', seen, `less than two hours after ${other.row.id}`);
  }
}

const SERVES_THE_CUSTOMER: Readonly<Record<Stop['why'], readonly Purpose[]>> = {
  closed: [],
  cured: [],
  held: [],
  quiet: [],
  grace: ['plan-servicing'],
  arranged: ['plan-servicing', 'promise-reminder'],
};

function checkStates(seen: Seen, context: CheckContext, complain: Complain): void {
  const { row, at } = seen;
  const from = (instant: string): boolean => Temporal.Instant.compare(at, Temporal.Instant.from(instant)) >= 0;
  for (const stop of context.stops ?? []) {
    const concerned = stop.accountId === undefined || stop.accountId === row.accountId;
    const during = from(stop.from) && (stop.to === undefined || !from(stop.to));
    if (concerned && during && !SERVES_THE_CUSTOMER[stop.why].includes(row.purpose)) complain(`STATE.${stop.why}`, seen, row.purpose);
  }
  if (context.barred?.some((barred) => barred.addressKey === row.addressKey && from(barred.from)))
    complain('ADDRESS', seen, row.contactPointId ?? 'unnamed');
  if (context.optedOut?.includes(row.channel)) complain('OPTED-OUT', seen, row.channel);
  if (row.channel !== 'voice' && context.work?.includes(row.addressKey ?? '')) complain('WORK', seen, row.channel);
}

/** Everything that was wrong with the contacts of one customer's ledger, in order of time; empty when nothing was. */
export function checkLedger(rows: readonly ContactRow[], context: CheckContext): Violation[] {
  const violations: Violation[] = [];
  const complain: Complain = (rule, { row }, why) => violations.push({ rule, rowId: row.id, at: row.at, why });
  const all = rows.map((row) => see(row, context.timeZones)).sort((one, other) => Temporal.Instant.compare(one.at, other.at));
  for (const [index, seen] of all.entries()) {
    if (context.judged !== undefined && !context.judged(seen.row)) continue;
    const earlier = all.slice(0, index);
    checkStates(seen, context, complain);
    if (context.jurisdiction !== 'CN') {
      complain('PACK.UNKNOWN', seen, context.jurisdiction);
      continue;
    }
    checkHours(seen, context, complain);
    checkLaw(seen, earlier, complain);
    if (context.house) checkHouse(seen, earlier, complain);
  }
  return violations;
}
