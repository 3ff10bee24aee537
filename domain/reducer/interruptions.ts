import { localDate, toMillis } from '../calendar.ts';
import { holding } from '../contact-points/delivery.ts';
import type { Entry } from '../entries.ts';
import type { Account, Contact, Instant, Interruption, InterruptionKind, LocalDate } from '../model.ts';
import { ARRANGEMENTS } from '../policy/arrangements.ts';
import { isConversation } from './case.ts';

/** Which entries may let the limitation of the account run anew; whether they do is the law's of the place (`limitation.ts`). */

/** Whoever pays for sixty years has more than a limitation to think of. */
const KEPT_MAX = 120;

/** The account with what an entry says of its limitation. */
export function withInterruption(account: Account, entry: Entry): Account {
  if (entry.type === 'PaymentReversed')
    return without(account, 'payment', entry.payment?.paidAt ?? account.payments[entry.paymentId]?.paidAt);
  if (entry.type === 'DeliveryReported') return withDelivery(account, entry);
  const found = interruptionOf(account, entry);
  return found === undefined ? account : withAdded(account, found);
}

function withAdded(account: Account, found: Interruption): Account {
  const known = account.interruptions ?? [];
  const interruptions = thinned(known, found);
  return interruptions === known ? account : { ...account, interruptions };
}

function interruptionOf(account: Account, entry: Entry): Interruption | undefined {
  const on = (at: Instant): LocalDate => localDate(toMillis(at), account.timeZone);
  switch (entry.type) {
    case 'PaymentReceived':
      return entry.state === 'posted' && entry.reversedAt === undefined ? { kind: 'payment', on: on(entry.paidAt) } : undefined;
    case 'PromiseRecorded':
      return { kind: 'promise', on: on(entry.recordedAt ?? entry.at) };
    case 'PlanAgreed':
      return { kind: isInWriting(entry) ? 'written-agreement' : 'agreement', on: on(entry.agreedAt) };
    case 'LegalStatusReported':
      return entry.status === 'filed' ? { kind: 'suit', on: on(entry.reportedAt) } : undefined;
    case 'LegalNoticeServed':
      return { kind: 'demand', on: on(entry.at) };
    case 'TaskOutcomeReported':
      return entry.contactPointId !== undefined && isSpokenTo(entry.outcome) ? { kind: 'demand', on: entry.onDate } : undefined;
    case 'ContactReported':
      return isSpokenDemand(account, entry) ? { kind: 'demand', on: entry.onDate } : undefined;
    default:
      return undefined;
  }
}

/** No recording of a call is a writing; what was agreed face to face is one where the proof of it is named. */
function isInWriting({ channel, proofRef, takenOver }: Entry<'PlanAgreed'>): boolean {
  if (channel === 'voice' || channel === 'phone') return false;
  return proofRef !== undefined || (takenOver === undefined && !ARRANGEMENTS.oralChannels.includes(channel));
}

/** The purposes of contacts that ask for what is owed. */
export const DEMANDS: ReadonlySet<string> = new Set(['collection', 'plan-offer', 'formal-notice']);

function demandOf({ case: current }: Account, entry: Entry<'DeliveryReported'>): Contact | undefined {
  const contact = entry.caseId === current?.caseId ? current?.contacts.find(({ key }) => key === entry.key) : undefined;
  return contact !== undefined && DEMANDS.has(contact.purpose) ? contact : undefined;
}

/** A demand interrupts when it arrived, and not at all where the report that holds says that it came back. */
function withDelivery(account: Account, entry: Entry<'DeliveryReported'>): Account {
  const demand = demandOf(account, entry);
  if (demand === undefined) return account;
  const { delivery: before } = demand;
  const after = holding(before, { status: entry.status, at: entry.reportedAt });
  if (after === before) return account;
  const rest = before?.status === 'delivered' ? without(account, 'demand', before.at) : account;
  if (after.status !== 'delivered') return rest;
  return withAdded(rest, { kind: 'demand', on: localDate(toMillis(after.at), account.timeZone) });
}

/** A conversation with the customer: one about their death was with somebody else. */
export function isSpokenTo(outcome: string): boolean {
  return isConversation(outcome) && outcome !== 'deceased';
}

function isSpokenDemand({ customerId }: Account, entry: Entry<'ContactReported'>): boolean {
  const { kind, direction, outcome } = entry;
  return entry.customerId === customerId && kind === 'conversation' && direction === 'outbound' && isSpokenTo(outcome);
}

/**
 * Of each kind the first and the last of a year stay: every gap between years stays as long as it was, and within a year no limitation
 * runs out.
 */
function thinned(known: readonly Interruption[], added: Interruption): readonly Interruption[] {
  const year = added.on.slice(0, 4);
  const isPeer = (row: Interruption): boolean => row.kind === added.kind && row.on.startsWith(year);
  const dates = known.filter(isPeer).map(({ on }) => on);
  const [first = added.on, last = first] = dates;
  if (dates.length > 0 && first <= added.on && added.on <= last) return known;
  const kept = [...new Set([added.on < first ? added.on : first, added.on > last ? added.on : last])];
  const rows = [...known.filter((row) => !isPeer(row)), ...kept.map((on) => ({ kind: added.kind, on }))];
  return rows.sort((one, other) => compare(one.on, other.on) || compare(one.kind, other.kind)).slice(-KEPT_MAX);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** What came back was none. Another of its kind and year may go with it: the years then end earlier, never later. */
function without(account: Account, kind: InterruptionKind, at: Instant | undefined): Account {
  if (at === undefined || account.interruptions === undefined) return account;
  const on = localDate(toMillis(at), account.timeZone);
  const interruptions = account.interruptions.filter((row) => row.kind !== kind || row.on !== on);
  return interruptions.length === account.interruptions.length ? account : { ...account, interruptions };
}
