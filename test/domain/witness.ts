import { addDays, DAY, daysBetween, HOUR, isWeekend, localDate, toMillis } from '../../domain/calendar.ts';
import type { Entry } from '../../domain/entries.ts';
import { toMinor } from '../../domain/money.ts';

/**
 * What a timeline proves, read from its entries alone: nothing here asks the decider, the reducer or the policy. It states a second time
 * what must be there before a visit or a referral (docs/ladder.md), so that the two can disagree.
 */

const ZONE = 'Asia/Shanghai';
const dateOf = (at: string) => localDate(toMillis(at), ZONE);

interface Message {
  readonly purpose: string;
  readonly template: string;
  readonly sentAt?: string;
  readonly came?: 'arrived' | 'back';
}

/** A person's or the law's step, by when it was taken. */
type Steps = Readonly<
  Partial<Record<'offer' | 'intent' | 'served' | 'evidence' | 'counsel', { readonly seq: number; readonly at: string }>>
>;

export interface Witness {
  readonly dueDate: string;
  readonly figureMinor: number;
  readonly balanceMinor: number;
  readonly paidMinor: number;
  readonly stage: string;
  readonly legalSince: number;
  readonly first: boolean;
  readonly flags: readonly string[];
  readonly hardship: boolean;
  readonly granted: readonly string[];
  readonly tries: Readonly<Record<string, { readonly dates: readonly string[]; readonly evening: boolean; readonly weekend: boolean }>>;
  readonly gone: readonly string[];
  readonly messages: Readonly<Record<string, Message>>;
  readonly spokenOn?: string;
  readonly holds: Readonly<Record<string, { readonly from: string; readonly to?: string; readonly stops: boolean }>>;
  readonly promises: readonly string[];
  readonly planned: boolean;
  readonly quietUntil?: string;
  readonly approvedAt?: string;
  readonly refusedAt?: string;
  readonly visits: readonly string[];
  readonly looked: boolean;
  readonly noMore: boolean;
  readonly staff: Readonly<Record<string, readonly string[]>>;
  readonly steps: Steps;
}

export const NOTHING: Witness = {
  dueDate: '',
  figureMinor: 0,
  balanceMinor: 0,
  paidMinor: 0,
  stage: '',
  legalSince: 0,
  first: false,
  flags: [],
  hardship: false,
  granted: [],
  tries: {},
  gone: [],
  messages: {},
  holds: {},
  promises: [],
  planned: false,
  visits: [],
  looked: true,
  noMore: false,
  staff: {},
  steps: {},
};

const CLOCK_RUNS = ['cease-contact', 'represented', 'bankruptcy', 'placed'];
const NO_ANSWER = ['no-answer', 'voicemail', 'busy', 'number-dead', 'wrong-number', 'third-party-answered'];
const NOBODY_MET = ['not-home', 'third-party-met', 'moved', 'address-invalid', 'unsafe'];
const DECISIONS = ['approve', 'reject', 'return', 'intent-confirmed', 'fixed', 'unreachable'];
const NO_NUMBER = ['number-dead', 'wrong-number', 'do-not-call'];

/** What is proven after one more entry. */
export function witnessed(known: Witness, entry: Entry): Witness {
  switch (entry.type) {
    case 'AccountOverdue':
      return {
        ...known,
        dueDate: entry.dueDate,
        figureMinor: toMinor(entry.overdue),
        balanceMinor: toMinor(entry.balance),
        paidMinor: 0,
        first: entry.risk?.timesOverdueLast12Months === 0,
        flags: [...known.flags, ...(entry.flags ?? [])],
      };
    case 'PaymentReceived':
      return entry.state === 'posted' ? { ...known, paidMinor: known.paidMinor + toMinor(entry.amount) } : known;
    case 'StageEntered':
      return entered(known, entry);
    case 'HoldPlaced':
      return { ...known, holds: { ...known.holds, [entry.holdId]: holdOf(entry) } };
    case 'HoldReleased': {
      const hold = known.holds[entry.holdId];
      return hold === undefined ? known : { ...known, holds: { ...known.holds, [entry.holdId]: { ...hold, to: entry.releasedAt } } };
    }
    case 'FlagRaised':
      return { ...known, flags: [...known.flags, entry.flag], granted: [] };
    case 'HardshipReported':
      return { ...known, hardship: true, granted: [] };
    case 'Approved':
      return {
        ...known,
        granted: [...known.granted, entry.subject],
        ...(entry.subject === 'visits' ? { looked: true, noMore: false } : {}),
      };
    case 'Refused':
      return {
        ...known,
        granted: known.granted.filter((subject) => subject !== entry.subject),
        ...(entry.subject === 'visits' ? { looked: true, noMore: true } : {}),
      };
    default:
      return contacts(known, entry);
  }
}

function entered(known: Witness, { stage, seq }: Entry<'StageEntered'>): Witness {
  const { approvedAt: _approved, ...rest } = known;
  const later = stage === 'field-visit' || stage === 'legal';
  return { ...(later ? known : rest), stage, ...(stage === 'legal' ? { legalSince: seq } : {}) };
}

function holdOf({ placedAt, expiresAt, kind }: Entry<'HoldPlaced'>): Witness['holds'][string] {
  return { from: placedAt, stops: !CLOCK_RUNS.includes(kind), ...(expiresAt === undefined ? {} : { to: expiresAt }) };
}

function contacts(known: Witness, entry: Entry): Witness {
  switch (entry.type) {
    case 'ContactReserved':
      return {
        ...known,
        messages: { ...known.messages, [entry.contactId]: { purpose: entry.purpose, template: entry.template } },
      };
    case 'ContactSent':
      return withMessage(known, entry.contactId, { sentAt: entry.at });
    case 'DeliveryReported':
      return entry.status === 'accepted'
        ? known
        : withMessage(known, entry.contactId, { came: entry.status === 'delivered' ? 'arrived' : 'back' });
    case 'TaskOutcomeReported':
      return afterOutcome(known, entry);
    case 'ContactReported': {
      const visits = entry.channel === 'visit' && entry.direction === 'outbound' ? [...known.visits, entry.reportedAt] : known.visits;
      const spoken = { ...(entry.kind === 'conversation' ? later(known, entry.onDate) : known), visits };
      const call = entry.channel === 'voice' && entry.direction === 'outbound' && entry.contactPointId !== undefined;
      return call ? withTry(spoken, entry.contactPointId ?? '', entry) : spoken;
    }
    case 'PromiseRecorded':
    case 'PromiseReopened':
      return { ...known, promises: [...known.promises, entry.promiseId] };
    case 'PromiseKept':
    case 'PromiseBroken':
    case 'PromiseEnded':
      return { ...known, promises: known.promises.filter((id) => id !== entry.promiseId) };
    default:
      return acts(known, entry);
  }
}

function withMessage(known: Witness, contactId: string, change: Partial<Message>): Witness {
  const message = known.messages[contactId];
  return message === undefined ? known : { ...known, messages: { ...known.messages, [contactId]: { ...message, ...change } } };
}

function later(known: Witness, date: string): Witness {
  return known.spokenOn !== undefined && known.spokenOn >= date ? known : { ...known, spokenOn: date };
}

function withTry(
  known: Witness,
  number: string,
  { onDate, minutesOfDay }: { readonly onDate: string; readonly minutesOfDay: number },
): Witness {
  const { dates = [], evening = false, weekend = false } = known.tries[number] ?? {};
  const tried = {
    dates: dates.includes(onDate) ? dates : [...dates, onDate].sort(),
    evening: evening || minutesOfDay >= 18 * 60,
    weekend: weekend || isWeekend(onDate),
  };
  return { ...known, tries: { ...known.tries, [number]: tried } };
}

function afterOutcome(known: Witness, entry: Entry<'TaskOutcomeReported'>): Witness {
  const { outcome, contactPointId, onDate, quietUntil } = entry;
  if (DECISIONS.includes(outcome)) return known;
  const met = !NO_ANSWER.includes(outcome) && !NOBODY_MET.includes(outcome);
  const spoken = met && entry.late !== true ? later(known, onDate) : known;
  const tried = contactPointId === undefined || entry.late ? spoken : withTry(spoken, contactPointId, entry);
  return {
    ...tried,
    ...(quietUntil === undefined ? {} : { quietUntil }),
    ...(contactPointId !== undefined && NO_NUMBER.includes(outcome) ? { gone: [...known.gone, contactPointId] } : {}),
  };
}

function acts(known: Witness, entry: Entry): Witness {
  const step = { seq: entry.seq, at: entry.at };
  switch (entry.type) {
    case 'PlanOffered':
      return { ...known, steps: { ...known.steps, offer: step } };
    case 'PlanAgreed':
      return { ...known, planned: true, steps: { ...known.steps, offer: step } };
    case 'PlanBroken':
    case 'PlanCompleted':
    case 'PlanEnded':
    case 'PlanRejected':
      return { ...known, planned: false };
    case 'VisitApproved':
      return { ...known, approvedAt: entry.at };
    case 'VisitRefused':
      return { ...known, refusedAt: entry.at };
    case 'VisitAssigned':
      return { ...known, staff: { ...known.staff, [entry.taskId]: entry.staff } };
    case 'VisitReported': {
      const { approvedAt, ...rest } = known;
      return {
        ...rest,
        ...(entry.late && approvedAt !== undefined ? { approvedAt } : {}),
        visits: [...known.visits, entry.at],
        looked: entry.outcome === 'unsafe' ? false : known.looked,
      };
    }
    case 'TaskClosed': {
      if (entry.objective !== 'visit' || entry.outcome !== undefined) return known;
      const { approvedAt: _unused, ...rest } = known;
      return { ...rest, looked: entry.reason === 'expired' ? false : known.looked };
    }
    case 'IntentConfirmed':
      return { ...known, steps: { ...known.steps, intent: step } };
    case 'LegalNoticeServed':
      return { ...known, steps: { ...known.steps, served: step } };
    case 'EvidenceAssembled':
      return { ...known, steps: { ...known.steps, evidence: step } };
    case 'ReferralApproved':
      return { ...known, steps: { ...known.steps, counsel: step } };
    default:
      return known;
  }
}

// ---- what is unproven --------------------------------------------------------------------------------------------------

/** What an entry does that the timeline before it does not prove; empty for every entry but those of visits and referrals. */
export function unproven(known: Witness, entry: Entry, numbers: readonly string[]): string[] {
  if (entry.type === 'LegalReferred') return [...stopped(known, entry.at), ...unprovenSuit(known, entry.at)];
  if (entry.type === 'TaskOpened' && entry.objective === 'approve-visit') return unprovenVisit(known, entry.at, numbers);
  if (entry.type === 'TaskOpened' && entry.objective === 'visit')
    return [...unprovenVisit(known, entry.at, numbers), ...unapproved(known, entry.at)];
  if (entry.type !== 'AttemptReserved' || entry.channel !== 'visit') return [];
  const people = new Set(known.staff[entry.taskId ?? ''] ?? []).size;
  return [
    ...unprovenVisit(known, entry.at, numbers),
    ...(known.approvedAt === undefined ? ['an approval'] : []),
    ...(people < 2 ? ['two people'] : []),
  ];
}

/** What forbids either while it lasts. */
function stopped(known: Witness, at: string): string[] {
  const found: string[] = [];
  const held = Object.values(known.holds).some(({ from, to }) => from <= at && (to === undefined || to > at));
  if (held) found.push('no hold');
  if (known.planned) found.push('no plan');
  if (known.promises.length > 0) found.push('no open promise');
  if (known.quietUntil !== undefined && known.quietUntil > at) found.push('nothing said to be paid');
  if (owed(known) <= 1000) found.push('anything overdue');
  if (known.flags.some((flag) => ['staff', 'minor', 'test'].includes(flag))) found.push('no flag that forbids it');
  return found;
}

function owed({ figureMinor, paidMinor }: Witness): number {
  return Math.max(0, figureMinor - paidMinor);
}

const needsWord = ({ first, hardship, flags }: Witness) => first || hardship || flags.includes('vulnerable') || flags.includes('vip');

/** Days past due without those of holds that stop the clock. */
function ladderDays({ dueDate, holds }: Witness, at: string): number {
  const stood = new Set<string>();
  for (const { from, to, stops } of Object.values(holds)) {
    if (!stops) continue;
    const end = dateOf(to === undefined || to > at ? at : to);
    for (let date = dateOf(from); date < end; date = addDays(date, 1)) if (date >= dueDate) stood.add(date);
  }
  return daysBetween(dueDate, dateOf(at)) - stood.size;
}

function unprovenVisit(known: Witness, at: string, numbers: readonly string[]): string[] {
  const missing = stopped(known, at);
  if (known.stage !== 'field-visit' && known.stage !== 'legal') missing.push('the stage');
  if (ladderDays(known, at) < 61) missing.push('61 days past due');
  if (owed(known) < 500_000) missing.push('CNY 5,000 overdue');
  for (const number of numbers.filter((id) => !known.gone.includes(id))) {
    const { dates = [], evening = false, weekend = false } = known.tries[number] ?? {};
    if (dates.length < 3) missing.push(`${number}: three days`);
    if (daysBetween(dates[0] ?? '2026-01-01', dates.at(-1) ?? '2026-01-01') < 10) missing.push(`${number}: ten days apart`);
    if (!evening) missing.push(`${number}: an evening`);
    if (!weekend) missing.push(`${number}: a weekend`);
  }
  if (ended(known, at) < 2) missing.push('two messages that arrived or came back');
  if (known.spokenOn !== undefined && daysBetween(known.spokenOn, dateOf(at)) < 14) missing.push('14 days without a conversation');
  if (known.visits.length >= 2) missing.push('fewer than two visits');
  const recent = [known.visits.at(-1), known.refusedAt].some((last) => last !== undefined && toMillis(at) - toMillis(last) < 30 * DAY);
  if (recent) missing.push('30 days since the last visit or refusal');
  if (needsWord(known) && !known.granted.includes('field-visit')) missing.push('a named person’s word');
  if (!known.looked) missing.push('a look at the last visit');
  if (known.noMore) missing.push('no decision against further visits');
  return missing;
}

function ended({ messages }: Witness, at: string): number {
  const known = Object.values(messages).filter(
    ({ sentAt, came }) => sentAt !== undefined && (came !== undefined || toMillis(at) - toMillis(sentAt) >= 72 * HOUR),
  );
  return known.filter(({ purpose }) => purpose !== 'statutory-notice' && purpose !== 'reply').length;
}

/** An approval of this week, and the two days in which the customer could say no, where a message could say so at all. */
function unapproved(known: Witness, at: string): string[] {
  const { approvedAt } = known;
  if (approvedAt === undefined) return ['an approval'];
  const missing = toMillis(at) - toMillis(approvedAt) >= 7 * DAY ? ['an approval of this week'] : [];
  const announced = Object.values(known.messages).flatMap(({ template, sentAt }) =>
    template === 'visit-before' && sentAt !== undefined && sentAt >= approvedAt ? [sentAt] : [],
  );
  const [first] = announced;
  if (first === undefined || daysBetween(dateOf(first), dateOf(at)) < 2) missing.push('two days’ notice');
  return missing;
}

function unprovenSuit(known: Witness, at: string): string[] {
  const { offer, intent, served, evidence, counsel } = known.steps;
  const missing: string[] = [];
  const demands = Object.values(known.messages).filter(
    ({ purpose, sentAt, came }) =>
      (purpose === 'collection' || purpose === 'plan-offer') &&
      sentAt !== undefined &&
      (came === 'arrived' || (came === undefined && toMillis(at) - toMillis(sentAt) >= 72 * HOUR)),
  );
  if (known.stage !== 'legal') missing.push('the stage');
  if (ladderDays(known, at) < 90 || daysBetween(known.dueDate, dateOf(at)) < 90) missing.push('90 days past due');
  if (known.balanceMinor - known.paidMinor < 500_000) missing.push('a balance of CNY 5,000');
  if (demands.length < 2) missing.push('two written demands');
  if (offer === undefined) missing.push('an offer');
  if (intent === undefined || intent.seq < known.legalSince) missing.push('an intent in this suit');
  if (served === undefined || served.seq < (intent?.seq ?? 0)) missing.push('a notice after the intent');
  if (served !== undefined && daysBetween(dateOf(served.at), dateOf(at)) < 15) missing.push('15 days after the notice');
  if (evidence === undefined || evidence.seq < (served?.seq ?? 0)) missing.push('evidence after the notice');
  if (counsel === undefined || counsel.seq < (evidence?.seq ?? 0)) missing.push('an approval of that evidence');
  if (needsWord(known) && !known.granted.includes('legal')) missing.push('a named person’s word');
  return missing;
}
