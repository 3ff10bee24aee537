import { MINUTE } from '../../domain/calendar.ts';
import type { Notice } from '../../domain/entries.ts';
import type { PreDueDays } from '../../domain/notices/pre-due.ts';
import { sha256 } from '../../domain/timeline.ts';
import { type Item, number, text } from '../adapters/table.ts';

/** An account's next reminder before a due date, as its item has it, and the reminders that its senders left open. */

/** A reservation younger than this may still be in the hands of another run: the function's timeout and a margin. */
const SENDER_MILLIS_MAX = 6 * MINUTE;
/** More senders do not die between two runs that settle. */
const UNSETTLED_MAX = 8;

/** The next reminder of a statement. */
export interface Planned {
  readonly item: Item;
  readonly statementId: string;
  readonly days: PreDueDays;
  readonly date: string;
  readonly attempt: number;
  /** The account's zone by now: the customer may have moved, or become known, since the reminder was planned. */
  readonly zone: string;
}

/** By what a reminder is known: on the timeline, in the ledger, and to its provider. */
export interface NamedReminder {
  readonly contactId: string;
  readonly key: string;
  readonly notice: Notice;
}

/** A reminder whose sender was not heard of when a newer statement took its place. */
export interface Unsettled extends NamedReminder {
  /** Epoch milliseconds. */
  readonly reservedAt: number;
}

export function plannedOf(item: Item | undefined, zone: string): Planned | undefined {
  const statementId = text(item, 'statementId');
  if (item === undefined || statementId === undefined || item.sweepAt === undefined) return undefined;
  return { item, statementId, days: daysOf(item), date: text(item, 'reminderDate') ?? '', attempt: attemptOf(item), zone };
}

/** The same attempt at the same reminder has the same name, whoever makes it. */
export function reminderNamed(
  accountId: string,
  { statementId, days, attempt }: Pick<Planned, 'statementId' | 'days' | 'attempt'>,
): NamedReminder {
  const key = `pre-due-${days}-${sha256(statementId).slice(0, 16)}_${attempt}`;
  const contactId = `n-${sha256(`${accountId}|${statementId}|${key}`).slice(0, 40)}`;
  return { contactId, key, notice: { kind: 'pre-due', about: statementId } };
}

/** From when on nobody sends a reserved reminder any more. Epoch milliseconds. */
export function diesAt({ reservedAt }: { readonly reservedAt: number }): number {
  return reservedAt + SENDER_MILLIS_MAX;
}

export function unsettledOf(item: Item | undefined): readonly Unsettled[] {
  return JSON.parse(text(item, 'unsettled') ?? '[]') as Unsettled[];
}

/** What a newer statement's item takes over from the one before it: what that one had taken over, and its own reservation. */
export function unsettledAfter(accountId: string, item: Item | undefined): readonly Unsettled[] {
  const before = unsettledOf(item);
  const [reservedAt, statementId] = [number(item, 'reservedAt'), text(item, 'statementId')];
  if (item === undefined || reservedAt === undefined || statementId === undefined) return before;
  const own = reminderNamed(accountId, { statementId, days: daysOf(item), attempt: attemptOf(item) });
  return [...before, { ...own, reservedAt }].slice(-UNSETTLED_MAX);
}

function daysOf(item: Item): PreDueDays {
  return number(item, 'daysBefore') === 0 ? 0 : 3;
}

function attemptOf(item: Item): number {
  return number(item, 'attempt') ?? 1;
}
