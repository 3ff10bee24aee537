import { dayNumber, localTime } from '../clock.ts';
import { contactsIn } from '../imports.ts';
import { type Line, ownerOf } from '../stored.ts';
import { type Ask, DAY_MILLIS, earlierOf, isNamed, isTalk, isWorked, localOf, samePerson, type Told } from './told.ts';

/** Nobody goes to a customer's door before everything else was tried (invariant 6), alone, unapproved, or once too often. */

const TRIED_DAYS = 3;
const TRIED_SPAN_DAYS = 10;
const EVENING_FROM_MINUTES = 18 * 60;
const MESSAGES = 2;
const SILENCE_MILLIS = 72 * 3_600_000;
const QUIET_DAYS = 14;
const APART_DAYS = 30;
const VISITS_MAX = 2;
const APPROVAL_DAYS = 7;
const VISITORS = 2;

export function checkVisits(told: Told, ask: Ask): void {
  for (const line of told.account.lines) {
    const isTask = line.type === 'TaskOpened' && line.queue === 'field-visit';
    const isOut = line.type === 'AttemptReserved' && line.channel === 'visit' && line.taskId !== undefined;
    if (!isTask && !isOut) continue;
    const before = earlierOf(told, line);
    const made = visitsIn(before, told);
    ask('VISIT.TWICE', line, made.length < VISITS_MAX ? undefined : `${made.length} visits were made in this case`);
    ask('VISIT.APART', line, sayApart(line, made, before));
    ask('VISIT.EXHAUSTED', line, sayUntried(line, before, told));
    ask('VISIT.HARDSHIP', line, sayUnreviewed('field-visit', before, told.account.lines, line));
    if (line.objective === 'visit' || isOut) ask('VISIT.APPROVED', line, sayUnapproved(line, before));
    if (isOut) ask('VISIT.TWO_PERSONS', line, sayAlone(line, before));
  }
}

/** The instants of the visits of a case, whoever made them. */
function visitsIn(before: readonly Line[], told: Told): readonly number[] {
  const reported = before.filter(
    (row) =>
      row.type === 'VisitReported' ||
      (row.type === 'ContactReported' && row.channel === 'visit' && row.direction === 'outbound' && row.taskId === undefined),
  );
  const brought = importedInto(before, told).filter(({ channel, direction }) => channel === 'visit' && direction === undefined);
  return [...reported.map((row) => Date.parse(String(row.reportedAt ?? row.at))), ...brought.map(({ at }) => Date.parse(at))];
}

/** The contacts that a case brought along from elsewhere. */
function importedInto(before: readonly Line[], { account }: Told) {
  const taken = before.find(({ type }) => type === 'CaseTakenOver');
  const line = account.lines.find(({ type, importId }) => taken !== undefined && type === 'CaseImported' && importId === taken.importId);
  return line === undefined ? [] : contactsIn(line);
}

function sayApart(line: Line, made: readonly number[], before: readonly Line[]): string | undefined {
  const now = Date.parse(line.at);
  const last = Math.max(...made);
  if (now - last < APART_DAYS * DAY_MILLIS) return `the last visit was on ${new Date(last).toISOString()}`;
  const refused = before.findLast(({ type }) => type === 'VisitRefused');
  const isSettled = refused === undefined || now - Date.parse(refused.at) >= APART_DAYS * DAY_MILLIS;
  return isSettled ? undefined : `a visit was refused on ${refused.at}`;
}

interface Try {
  readonly date: string;
  readonly minutes: number;
}

/** Every call to a number, by whoever worked the case. */
function triesOf(before: readonly Line[], told: Told, line: Line): ReadonlyMap<string, readonly Try[]> {
  const tries = new Map<string, Try[]>();
  const add = (point: unknown, one: Try): void => void tries.set(String(point), [...(tries.get(String(point)) ?? []), one]);
  const { zone } = localOf(told, line);
  for (const { channel, direction, at, contactPointId } of importedInto(before, told)) {
    const { date, time } = localTime(Date.parse(at), zone);
    if (channel === 'voice' && direction === undefined) add(contactPointId, { date, minutes: minutesOf(time) });
  }
  for (const row of before) {
    const isCall =
      row.type === 'ContactReported' && row.channel === 'voice' && row.direction === 'outbound' && row.customerId === ownerOf(told.account);
    if ((!isCall && !isWorked(row)) || row.contactPointId === undefined) continue;
    add(row.contactPointId, { date: String(row.onDate), minutes: Number(row.minutesOfDay) });
  }
  return tries;
}

const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));

/** By the numbers that were put before whoever approves, and by the customer's record where it has not changed since. */
function sayUntried(line: Line, before: readonly Line[], told: Told): string | undefined {
  const asked =
    line.objective === 'approve-visit'
      ? line
      : before.findLast(({ type, objective }) => type === 'TaskOpened' && objective === 'approve-visit');
  const proof = asked?.proof as { readonly numbers?: readonly { readonly contactPointId: string }[] } | undefined;
  if (proof === undefined) return 'no proof was put before whoever approves';
  const numbers = (proof.numbers ?? []).map(({ contactPointId }) => contactPointId);
  const unusable = Object.keys((proof as { readonly unusable?: object }).unusable ?? {});
  const { customer } = told;
  const isUnchanged = customer?.asOf !== undefined && Date.parse(customer.asOf) <= Date.parse(asked?.at ?? '');
  const own = isUnchanged
    ? customer.points.filter(({ channel, owner, consent }) => channel === 'voice' && owner === 'self' && consent !== false)
    : [];
  const hidden = own.find(({ id }) => !numbers.includes(id) && !unusable.includes(id));
  if (hidden !== undefined) return `the number ${hidden.id} is not in the proof`;
  const tries = triesOf(before, told, line);
  for (const number of numbers) {
    const against = sayTries(tries.get(number) ?? []);
    if (against !== undefined) return `the number ${number} ${against}`;
  }
  return sayMessages(line, before, told) ?? sayTalk(line, before, told);
}

function sayTries(tries: readonly Try[]): string | undefined {
  const dates = [...new Set(tries.map(({ date }) => date))].sort();
  const span = dayNumber(dates.at(-1) ?? '') - dayNumber(dates[0] ?? '');
  if (dates.length < TRIED_DAYS) return `was tried on ${dates.length} days`;
  if (span < TRIED_SPAN_DAYS) return `was tried on days that span ${span}`;
  if (!tries.some(({ minutes }) => minutes >= EVENING_FROM_MINUTES)) return 'was never tried in the evening';
  return dates.some((date) => (dayNumber(date) + 3) % 7 >= 5) ? undefined : 'was never tried at a weekend';
}

/** Messages that arrived or came back, or had the time to. */
function sayMessages(line: Line, before: readonly Line[], told: Told): string | undefined {
  const now = Date.parse(line.at);
  const ended = before.filter(
    (row) =>
      ['ContactSent', 'ContactSuppressed', 'ContactLost', 'ContactShared'].includes(row.type) &&
      row.role === undefined &&
      (now - Date.parse(String(row.sentAt ?? row.at)) >= SILENCE_MILLIS ||
        before.some((report) => report.type === 'DeliveryReported' && report.contactId === row.contactId && report.status !== 'accepted')),
  );
  const brought = importedInto(before, told).filter(
    ({ channel, direction }) => channel !== 'voice' && channel !== 'visit' && direction === undefined,
  );
  const taken = before.find(({ type }) => type === 'CaseTakenOver');
  const count = ended.length + Math.max(brought.length, Number(taken?.writtenDemands ?? 0));
  return count >= MESSAGES ? undefined : `${count} messages had arrived or come back`;
}

function sayTalk(line: Line, before: readonly Line[], told: Told): string | undefined {
  const customerId = ownerOf(told.account);
  const { day, zone } = localOf(told, line);
  const talk = before.find((row) => isTalk(row, customerId) && day - localTime(Date.parse(String(row.reportedAt)), zone).day < QUIET_DAYS);
  return talk === undefined ? undefined : `the customer was spoken to on ${String(talk.reportedAt)}`;
}

/** A visit uses its approval up, and one that nobody made needs a new one. */
function sayUnapproved(line: Line, before: readonly Line[]): string | undefined {
  const approved = before.findLast(({ type }) => type === 'VisitApproved');
  if (approved === undefined) return 'nobody approved a visit';
  const used = before.some((row) => row.seq > approved.seq && row.type === 'VisitReported' && row.late !== true);
  if (used) return 'the approval was used for another visit';
  const isInTime = line.type !== 'TaskOpened' || Date.parse(line.at) - Date.parse(approved.at) < APPROVAL_DAYS * DAY_MILLIS;
  return isInTime ? undefined : `the approval was given on ${approved.at}`;
}

function sayAlone(line: Line, before: readonly Line[]): string | undefined {
  const staff = before.findLast((row) => row.type === 'VisitAssigned' && row.taskId === line.taskId)?.staff;
  const people = (Array.isArray(staff) ? staff : []).filter(isNamed);
  const different = people.filter((one, index) => !people.slice(0, index).some((other) => samePerson(one, other)));
  if (different.length < VISITORS) return `${different.length} people were named for it`;
  return line.by === undefined || different.some((one) => samePerson(one, line.by)) ? undefined : `${String(line.by)} was not sent`;
}

/** Hardship, vulnerable customers and first-timers: a named person decides before a visit or a suit is asked for. */
export function sayUnreviewed(
  subject: 'field-visit' | 'legal',
  before: readonly Line[],
  lines: readonly Line[],
  line: Line,
): string | undefined {
  const figures = lines.filter((row) => row.type === 'AccountOverdue' && row.seq < line.seq);
  const facts = figures.toSorted((one, other) => Date.parse(String(one.asOf)) - Date.parse(String(other.asOf))).at(-1);
  const flags = Array.isArray(facts?.flags) ? facts.flags : [];
  const risk = facts?.risk as { readonly timesOverdueLast12Months?: number } | undefined;
  const isGentle =
    flags.includes('vulnerable') ||
    risk?.timesOverdueLast12Months === 0 ||
    before.some(({ type, flag }) => type === 'HardshipReported' || (type === 'FlagRaised' && flag === 'vulnerable'));
  if (!isGentle) return undefined;
  const word = before.findLast((row) => (row.type === 'Approved' || row.type === 'Refused') && row.subject === subject);
  return word?.type === 'Approved' ? undefined : 'no named person decided on this customer first';
}
