import { dayNumber, type LocalTime, localTime } from '../clock.ts';
import type { Line, StoredAccount, StoredCustomer } from '../stored.ts';
import { duesOf, zoneAt } from '../timeline-states.ts';

/** An account's timeline, and what may be asked of it: the acts of the bank and its people that are no contacts. */

/** Notes that a rule was asked about an entry, and what it has against it. */
export type Ask = (rule: string, line: Line, against: string | undefined) => void;

export interface Told {
  readonly account: StoredAccount;
  readonly customer: StoredCustomer | undefined;
}

export const DAY_MILLIS = 86_400_000;

/** The local time at which an entry was recorded, where the account is. */
export function localOf({ account }: Told, line: Line): LocalTime {
  return localTime(Date.parse(line.at), zoneAt(account, line.seq));
}

/** The entries of an entry's case that came before it. */
export function earlierOf({ account }: Told, line: Line): readonly Line[] {
  return account.lines.filter((row) => row.seq < line.seq && row.caseId === line.caseId);
}

/** Kinds of hold that stop the ladder's clock. */
const STOPS_CLOCK = [
  'dispute',
  'complaint',
  'hardship-review',
  'negotiation',
  'breathing-space',
  'deceased',
  'fraud',
  'disaster',
  'manual',
];

/** Days past due at an entry by contract, and how many of them holds have stopped; undefined where nothing is known to have fallen due. */
export function daysPastDue(
  { account }: Told,
  line: Line,
  zone: string,
): { readonly dueDate: string; readonly contract: number; readonly stopped: number } | undefined {
  const dueDate = duesOf(account).findLast(({ from }) => (from.seq ?? 0) < line.seq)?.dueDate;
  if (dueDate === undefined) return undefined;
  const { day } = localTime(Date.parse(line.at), zone);
  const spans = stopsBefore(line, account, zone);
  let stopped = 0;
  for (let past = dayNumber(dueDate); past < day; past += 1)
    if (spans.some(({ begun, ended }) => begun <= past && past < ended)) stopped += 1;
  return { dueDate, contract: day - dayNumber(dueDate), stopped };
}

/**
 * From which day to which the clock stood by what was known at an entry. The clock goes by when a hold was placed and released, not, as
 * contact does, by when that became known: of a release that comes late, the days since count.
 */
function stopsBefore(line: Line, { lines }: StoredAccount, zone: string): readonly { readonly begun: number; readonly ended: number }[] {
  const known = lines.filter((row) => row.seq < line.seq);
  const dayOf = (at: string): number => localTime(Date.parse(at), zone).day;
  return known
    .filter(({ type, kind }) => type === 'HoldPlaced' && STOPS_CLOCK.includes(String(kind)))
    .map(({ holdId, placedAt, expiresAt }) => {
      const release = known.find((row) => row.type === 'HoldReleased' && row.holdId === holdId);
      const ends = [expiresAt, release?.releasedAt].filter((at) => typeof at === 'string');
      return { begun: dayOf(String(placedAt)), ended: Math.min(...ends.map(dayOf), dayOf(line.at)) };
    });
}

/** What is said of work that is no contact: reviews, approvals, data that was looked up. */
const NO_CONTACT = ['approve', 'reject', 'return', 'intent-confirmed', 'fixed', 'unreachable'];
const UNHEARD = [
  ...['no-answer', 'voicemail', 'busy', 'number-dead', 'wrong-number', 'third-party-answered'],
  ...['not-home', 'third-party-met', 'moved', 'address-invalid', 'unsafe'],
];

/** Whether an entry tells of a call or a visit that somebody made for a task. */
export function isWorked({ type, outcome }: Line): boolean {
  return type === 'TaskOutcomeReported' && !NO_CONTACT.includes(String(outcome));
}

/** Whether an entry tells that the account's own customer was spoken to. */
export function isTalk(line: Line, customerId: unknown): boolean {
  if (line.type === 'ContactReported') return line.kind === 'conversation' && line.customerId === customerId;
  return isWorked(line) && !UNHEARD.includes(String(line.outcome));
}

/** Nobody becomes another by a capital letter or a blank. */
export function samePerson(one: unknown, other: unknown): boolean {
  const plain = (name: unknown): string => String(name).normalize('NFKC').trim().toLowerCase();
  return plain(one) === plain(other);
}

export function isNamed(by: unknown): boolean {
  return typeof by === 'string' && by.trim() !== '';
}
