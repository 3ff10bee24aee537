import { DAY, localDate, localMinutes, toInstant, toMillis } from '../calendar.ts';
import type { ActorCode, ReportedOutcome } from '../codes.ts';
import { ANSWERED_BY_ANOTHER, isAnotherPersons, withFinding as learn } from '../contact-points/health.ts';
import type { AddressFinding, ContactPoint, ContactRow, Governor } from '../customer.ts';
import { ledgerHorizonMillis } from '../gate/gate.ts';
import type { Channel, Instant } from '../model.ts';
import { sha256 } from '../timeline.ts';
import { drawConsequences } from './consequences.ts';
import type { Journal } from './journal.ts';
import { holdKindOf, quietAfter, saysPaid } from './outcome.ts';

/** The customer's ledger of contacts, and contacts that others made and report. */

// ---- the ledger --------------------------------------------------------------------------------------------------------

/**
 * No rule counts further than its cap: of rows that no rule tells apart, older ones than so many decide nothing. More than any cap of
 * any pack.
 */
const ALIKE_KEPT = 64;
/**
 * What an item of 400 KB can hold beside points, findings and holds, however long the ids of others are. Reached only by dozens of
 * agencies at once; the oldest go then.
 */
const ROWS_KEPT = 1000;
const BYTES_KEPT = 256_000;

/**
 * The ledger with further rows. A row of a known id takes that one's place. What has aged out of every window goes, reservations that
 * ran out unreported go, and of rows that are alike the newest stay.
 */
export function withContactRows(governor: Governor, rows: readonly ContactRow[], now: number): Governor {
  const oldest = now - ledgerHorizonMillis() - DAY;
  const replaced = new Set(rows.map((row) => row.id));
  const all = [...governor.contacts.filter((row) => !replaced.has(row.id)), ...rows].filter(
    (row) => toMillis(row.at) >= oldest && (row.pendingUntil === undefined || toMillis(row.pendingUntil) > now),
  );
  return { ...governor, contacts: all.length <= ALIKE_KEPT ? all : newest(all) };
}

function newest(rows: readonly ContactRow[]): readonly ContactRow[] {
  const counts = new Map<string, number>();
  let bytes = 0;
  const kept = rows
    .map((row, index) => ({ row, index, at: toMillis(row.at) }))
    .sort((one, other) => other.at - one.at)
    .filter(({ row }) => {
      const count = (counts.get(kindOf(row)) ?? 0) + 1;
      counts.set(kindOf(row), count);
      return row.pendingUntil !== undefined || count <= ALIKE_KEPT;
    })
    .slice(0, ROWS_KEPT)
    .filter(({ row }) => {
      bytes += new TextEncoder().encode(JSON.stringify(row)).length;
      return bytes <= BYTES_KEPT;
    });
  return kept.sort((one, other) => one.index - other.index).map(({ row }) => row);
}

/** Everything of a row that a rule may ask for, its time and id apart. */
function kindOf(row: ContactRow): string {
  const { id: _id, at: _at, pendingUntil: _until, contactPointId: _point, ...rest } = row;
  return JSON.stringify(Object.entries(rest).sort(([one], [other]) => (one < other ? -1 : 1)));
}

// ---- what was learnt of an address ----------------------------------------------------------------------------------------

const FINDINGS: Readonly<Record<string, AddressFinding>> = {
  'number-dead': 'number-dead',
  'wrong-number': 'wrong-number',
  'do-not-call': 'opted-out',
  moved: 'moved',
  'address-invalid': 'address-invalid',
};

/** Whether an outcome may say something of the address that was used. */
export function mayTeach(outcome: string): boolean {
  return FINDINGS[outcome] !== undefined || outcome === 'third-party-answered';
}

/**
 * What an outcome says of the address that was used, on the channel that was used or on all. Who wants no calls is not asked which number
 * was meant: where none is named it holds for all of the channel.
 *
 * @param governor with the contact already in its ledger
 */
export function withFinding(
  governor: Governor,
  contact: { readonly outcome: string; readonly channel: Channel; readonly contactPointId?: string | undefined },
): Governor {
  const { outcome, channel, contactPointId } = contact;
  const meant = governor.points.filter((point) =>
    contactPointId === undefined ? FINDINGS[outcome] === 'opted-out' && point.channel === channel : point.id === contactPointId,
  );
  return meant.reduce((learnt, point) => {
    const finding = FINDINGS[outcome] ?? (outcome === 'third-party-answered' ? ofAnsweringStranger(learnt, point) : undefined);
    return finding === undefined ? learnt : learn(learnt, { channel, addressKey: point.addressKey }, finding);
  }, governor);
}

function ofAnsweringStranger(governor: Governor, point: ContactPoint): AddressFinding | undefined {
  return isAnotherPersons(governor.contacts, point) ? 'wrong-number' : undefined;
}

/** The few outcomes by which a rule tells contacts apart, in the words of the ledger. */
const TOLD_APART: Readonly<Record<string, string>> = {
  'not-connected': 'not-connected',
  not_connected: 'not-connected',
  'number-dead': 'not-connected',
  voicemail: 'voicemail',
  'limited-message': 'limited-message',
  voicemail_lcm: 'limited-message',
  delivered: 'delivered',
  'third-party-answered': ANSWERED_BY_ANOTHER,
};

export function outcomeInLedger(outcome: string): Pick<ContactRow, 'outcome'> {
  const told = TOLD_APART[outcome];
  return told === undefined ? {} : { outcome: told };
}

// ---- contacts that others report -----------------------------------------------------------------------------------------

/** A contact that a dialler, a branch or an agency made, or that the customer made with them. */
export interface ReportedContact {
  readonly contactId: string;
  /** Who was contacted: the account's own customer, or another party to it. */
  readonly customerId: string;
  readonly channel: Channel;
  readonly direction: 'inbound' | 'outbound';
  readonly kind: ContactRow['kind'];
  readonly at: Instant;
  readonly actor: ActorCode;
  readonly outcome: ReportedOutcome;
  /** Where the words of whoever reported it lie, if they said more than the codes. */
  readonly notesRef?: string | undefined;
  readonly contactPointId?: string | undefined;
  /** The task for which it was reserved, where it was for one. */
  readonly taskId?: string | undefined;
  /** The gate had let it pass, for this contact point. */
  readonly gated: boolean;
}

/** The hold that a reported contact places, under an id that follows from it. */
export function holdOfContact(report: Pick<ReportedContact, 'contactId' | 'outcome'>) {
  const kind = holdKindOf(report.outcome);
  return kind === undefined ? undefined : { holdId: `h-${sha256(report.contactId).slice(0, 24)}-${kind}`, kind };
}

/**
 * Puts a reported contact on an account's timeline, with what follows from what was said. A death is the customer's, not the account's:
 * it is placed there, for all accounts.
 */
export function recordContactReported(journal: Journal, report: ReportedContact): void {
  const { account, setting } = journal;
  const { contactId, customerId, channel, direction, kind, at, actor, outcome, contactPointId, taskId, gated, notesRef } = report;
  const said = Math.min(toMillis(at), setting.now);
  journal.add({
    type: 'ContactReported',
    contactId,
    customerId,
    channel,
    direction,
    kind,
    reportedAt: at,
    onDate: localDate(toMillis(at), account.timeZone),
    minutesOfDay: localMinutes(toMillis(at), account.timeZone),
    actor,
    outcome,
    ...(notesRef === undefined ? {} : { notesRef }),
    ...(contactPointId === undefined ? {} : { contactPointId }),
    ...(saysPaid(outcome) ? { quietUntil: quietAfter(journal, said) } : {}),
    ...(taskId === undefined ? {} : { taskId }),
    ...(direction === 'outbound' && !gated ? { ungated: true } : {}),
  });
  if (outcome === 'hardship') journal.add({ type: 'HardshipReported', contactId });
  if (outcome === 'vulnerable') journal.add({ type: 'FlagRaised', flag: 'vulnerable', contactId });
  const hold = holdOfContact(report);
  if (hold !== undefined && hold.kind !== 'deceased')
    journal.add({ ...hold, type: 'HoldPlaced', placedAt: toInstant(said), reason: 'contact-outcome', contactId });
  drawConsequences(journal);
}
