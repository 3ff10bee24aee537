import { DAY, isWeekend, toMillis } from '../calendar.ts';
import type { Entry } from '../entries.ts';
import { isNewer } from '../ledger.ts';
import type { Case, Promise_, Stage, Tries } from '../model.ts';
import { toMinor } from '../money.ts';
import { ENTRY_STAGE, isHigher } from '../transitions.ts';
import { carryOver, onPlanAsked, onPlanRequested, takeBack } from './plans.ts';
import { withReportedVisit } from './visits.ts';

/** How entries about the journey change the case. */

/** More than two years of weekly payments; of those that leave, a running plan keeps the sum. */
const PAYMENTS_KEPT = 150;
const PROMISES_KEPT = 30;
const EVENING_FROM_MINUTES = 18 * 60;

export function openedCase(entry: Entry<'JourneyOpened'>): Case {
  return {
    caseId: entry.caseId ?? '',
    status: 'open',
    openedAt: entry.at,
    openedOn: entry.onDate,
    ...(entry.previousCaseId === undefined ? {} : { previousCaseId: entry.previousCaseId }),
    stage: ENTRY_STAGE,
    stageEnteredAt: entry.at,
    stageEnteredOn: entry.onDate,
    roseOn: entry.onDate,
    deepestStage: ENTRY_STAGE,
    payments: [],
    promises: [],
    tasks: [],
    taskCount: 0,
    contacts: [],
    sentByStage: {},
    writtenDemands: 0,
    messageImpossibleAt: {},
    callsWorkedByStage: {},
    callsSinceMessage: 0,
    tries: {},
    approvals: [],
    refusals: [],
    visits: [],
    legal: { noticeContactKeys: [] },
  };
}

export function onStageEntered(current: Case, entry: Entry<'StageEntered'>): Case {
  // A suit that was given up starts from its first step: an old notice or approval speaks of other amounts.
  const { rejectedAt } = current.legal;
  const given = current.stage === 'legal' && current.legal.referredAt === undefined;
  const legal = { noticeContactKeys: [], ...(rejectedAt === undefined ? {} : { rejectedAt }) };
  // A case that fell has other amounts when it comes back: its visit is approved anew.
  const { visitApprovedAt, ...rest } = current;
  return {
    ...rest,
    ...(visitApprovedAt === undefined || isHigher('field-visit', entry.stage) ? {} : { visitApprovedAt }),
    ...(given ? { legal } : {}),
    stage: entry.stage,
    stageEnteredAt: entry.at,
    stageEnteredOn: entry.onDate,
    roseOn: entry.rise ? entry.onDate : current.roseOn,
    deepestStage: isHigher(entry.stage, current.deepestStage) ? entry.stage : current.deepestStage,
  };
}

// ---- money -----------------------------------------------------------------------------------------------------------

export function onCasePayment(current: Case, entry: Entry<'PaymentReceived'>): Case {
  if (entry.state !== 'posted') return current;
  const payment = {
    paymentId: entry.paymentId,
    amountMinor: toMinor(entry.amount),
    paidAt: entry.paidAt,
    ...(entry.postedAt === entry.paidAt ? {} : { postedAt: entry.postedAt }),
    ...(entry.reversedAt === undefined ? {} : { reversed: true as const }),
  };
  const all = [...current.payments.filter((row) => row.paymentId !== entry.paymentId), payment];
  return { ...carryOver(current, all.slice(0, -PAYMENTS_KEPT)), payments: all.slice(-PAYMENTS_KEPT) };
}

export function onCaseReversal(current: Case, entry: Entry<'PaymentReversed'>): Case {
  return {
    ...takeBack(current, entry),
    payments: current.payments.map((row) => (row.paymentId === entry.paymentId ? { ...row, reversed: true as const } : row)),
  };
}

// ---- tasks -----------------------------------------------------------------------------------------------------------

export function onTaskOpened(current: Case, entry: Entry<'TaskOpened'>): Case {
  const { taskId, queue, objective, stage, dueAt } = entry;
  const task = {
    taskId,
    queue,
    objective,
    stage,
    openedAt: entry.at,
    dueAt,
    ...(entry.contactPointId === undefined ? {} : { contactPointId: entry.contactPointId }),
    ...(entry.subject === undefined ? {} : { subject: entry.subject }),
    ...(entry.asks === undefined ? {} : { asked: { waivedMinor: toMinor(entry.asks.waived), people: entry.asks.people } }),
  };
  const { callBackAt, callForgone, ...rest } = current;
  const keepCallBack = callBackAt !== undefined && objective !== 'call-back';
  return {
    ...onPlanAsked(rest, entry),
    ...(callForgone === undefined || queue === 'call' ? {} : { callForgone }),
    ...(keepCallBack ? { callBackAt } : {}),
    tasks: [...current.tasks, task],
    taskCount: current.taskCount + 1,
    ...(objective === 'review-flag' ? { flagReviewedAt: entry.at } : {}),
    ...(objective === 'review-pressure' ? { pressureReviewedAt: entry.at, pressureReviewedContacts: current.contactCount ?? 0 } : {}),
    ...(queue === 'data-quality' ? { dataAskedAt: entry.at } : {}),
  };
}

/** A call that was due and left out counts as one that nobody worked: the customer is written to instead. */
export function onTaskForgone(current: Case, entry: Entry<'TaskForgone'>): Case {
  if (entry.queue !== 'call') return { ...current, visitForgoneAt: entry.at };
  const { callsWorkedByStage } = current;
  return {
    ...current,
    callsWorkedByStage: { ...callsWorkedByStage, [entry.stage]: (callsWorkedByStage[entry.stage] ?? 0) + 1 },
    lastCallEndedAt: entry.at,
    callForgone: entry.why,
    writeNext: true,
  };
}

export function onTaskClosed(current: Case, entry: Entry<'TaskClosed'>): Case {
  const task = current.tasks.find((row) => row.taskId === entry.taskId);
  if (task === undefined) return current;
  const { visitApprovedAt, ...rest } = current;
  // A visit that nobody made is approved anew: the approval was given on what was known then.
  const unmade = task.objective === 'visit' && entry.reason !== 'outcome';
  const closed: Case = {
    ...rest,
    ...(visitApprovedAt === undefined || unmade ? {} : { visitApprovedAt }),
    ...(unmade && entry.reason === 'expired' ? { visitReview: 'not-reported' as const } : {}),
    tasks: current.tasks.filter((row) => row.taskId !== entry.taskId),
    ...(task.objective === 'review-suit' && entry.reason === 'outcome'
      ? { legal: { ...current.legal, asked: { at: entry.at, known: entry.outcome === 'approve' } } }
      : {}),
  };
  const counts = entry.reason === 'outcome' || entry.reason === 'expired';
  if (entry.queue !== 'call' || !counts) return closed;
  return {
    ...closed,
    callsWorkedByStage: { ...current.callsWorkedByStage, [task.stage]: (current.callsWorkedByStage[task.stage] ?? 0) + 1 },
    lastCallEndedAt: entry.at,
    ...(task.contactPointId === undefined ? {} : { lastCallPointId: task.contactPointId }),
    callsSinceMessage: missedCalls(current.callsSinceMessage, entry.outcome),
  };
}

const NOT_REACHED: ReadonlySet<string> = new Set(['no-answer', 'voicemail', 'busy', 'number-dead', 'wrong-number', 'third-party-answered']);
/** What is said of a task that asks for no contact. */
const NOT_A_CONTACT: ReadonlySet<string> = new Set(['approve', 'reject', 'return', 'intent-confirmed', 'fixed', 'unreachable']);
const NOT_A_CONVERSATION: ReadonlySet<string> = new Set([
  ...NOT_REACHED,
  ...NOT_A_CONTACT,
  'not-home',
  'third-party-met',
  'moved',
  'address-invalid',
  'unsafe',
]);

/** Calls in a row that rang and reached nobody: a conversation ends the row, a task that nobody worked is no call. */
function missedCalls(before: number, outcome: string | undefined): number {
  if (outcome === undefined) return before;
  return NOT_REACHED.has(outcome) ? before + 1 : 0;
}

/** Whether an outcome says that the customer was spoken to. */
export function isConversation(outcome: string): boolean {
  return !NOT_A_CONVERSATION.has(outcome);
}

const REFUSALS: ReadonlySet<string> = new Set(['refused', 'met-refused']);

/** Whether an outcome says that somebody dialled or set out. */
export function isContact(outcome: string): boolean {
  return !NOT_A_CONTACT.has(outcome);
}

/** Counts a call or a visit that was made, whether or not its task was still open. */
export function withAttempt(current: Case, outcome: string): Case {
  return !isContact(outcome) ? current : withContact(current, isConversation(outcome), outcome, true);
}

/** What the customer began themselves is no pressure, but it is a conversation. */
export function withContact(current: Case, conversation: boolean, outcome: string, outbound: boolean): Case {
  return {
    ...current,
    contactCount: (current.contactCount ?? 0) + (outbound ? 1 : 0),
    ...(conversation ? { conversationCount: (current.conversationCount ?? 0) + 1 } : {}),
    ...(REFUSALS.has(outcome) ? { refusalCount: (current.refusalCount ?? 0) + 1 } : {}),
    ...(outbound ? {} : { inboundCount: (current.inboundCount ?? 0) + 1 }),
  };
}

export function onTaskOutcome(current: Case, entry: Entry<'TaskOutcomeReported'>): Case {
  const { contactPointId } = entry;
  const conversation = isConversation(entry.outcome);
  const told = {
    ...current,
    ...(contactPointId === undefined ? {} : { tries: triedOn(current, contactPointId, entry) }),
    ...(conversation && isNewer(entry.reportedAt, current.lastConversationAt) ? { lastConversationAt: entry.reportedAt } : {}),
    ...(entry.callBackAt === undefined ? {} : { callBackAt: entry.callBackAt }),
    ...(entry.reasonForArrears === undefined ? {} : { reasonForArrears: entry.reasonForArrears }),
    ...(entry.writeNext === undefined ? {} : { writeNext: true as const }),
    ...(entry.quietUntil === undefined ? {} : { quietUntil: entry.quietUntil }),
  };
  return onPlanRequested(told, entry);
}

/** A contact that others made. With the account's own customer it is a try, or a conversation, like one of ours. */
export function onContactReported(current: Case, entry: Entry<'ContactReported'>, customerId: string | undefined): Case {
  const { kind, contactPointId, reportedAt, quietUntil } = entry;
  const paid = quietUntil !== undefined && isNewer(quietUntil, current.quietUntil) ? { ...current, quietUntil } : current;
  if (entry.customerId !== customerId) return paid;
  const counts = entry.taskId === undefined;
  const known = counts ? withContact(paid, kind === 'conversation', entry.outcome, entry.direction === 'outbound') : paid;
  const counted = withReportedVisit(known, entry);
  const asked = entry.outcome === 'plan-requested' || entry.outcome === 'met-plan-requested';
  const told = asked ? { ...counted, planRequestedAt: reportedAt } : counted;
  if (kind === 'conversation')
    return {
      ...told,
      callsSinceMessage: 0,
      ...(isNewer(reportedAt, told.lastConversationAt) ? { lastConversationAt: reportedAt } : {}),
      ...(dialled(entry, current) ? { tries: triedOn(told, contactPointId, entry) } : {}),
    };
  if (!dialled(entry, current)) return told;
  return { ...told, callsSinceMessage: told.callsSinceMessage + 1, tries: triedOn(told, contactPointId, entry) };
}

/** A call to the customer in the time of this case, told of by nobody else: what was tried before proves nothing for it. */
function dialled(entry: Entry<'ContactReported'>, current: Case): boolean {
  const call = entry.channel === 'voice' && entry.direction === 'outbound' && entry.taskId === undefined;
  return call && entry.onDate >= current.openedOn;
}

/** More contact points than a customer can have. Whoever dials may name others, and any number of them. */
const TRIES_KEPT = 64;

type Dialled = Pick<Entry<'TaskOutcomeReported'>, 'onDate' | 'minutesOfDay'>;

/** The tries by contact point. Of too many those go that prove least: tried on the fewest days, and longest ago. */
export function triedOn({ tries }: Case, contactPointId: string | undefined, entry: Dialled): Case['tries'] {
  if (contactPointId === undefined) return tries;
  const rows = Object.entries({ ...tries, [contactPointId]: triedAgain(tries[contactPointId], entry) });
  if (rows.length <= TRIES_KEPT) return Object.fromEntries(rows);
  const others = rows.filter(([id]) => id !== contactPointId);
  const [least] = others.sort(([, a], [, b]) => a.days - b.days || (a.lastDate < b.lastDate ? -1 : Number(a.lastDate > b.lastDate)));
  return Object.fromEntries(rows.filter(([id]) => id !== least?.[0]));
}

function triedAgain(earlier: Tries | undefined, entry: Dialled): Tries {
  const evening = entry.minutesOfDay >= EVENING_FROM_MINUTES;
  const weekend = isWeekend(entry.onDate);
  if (earlier === undefined) return { days: 1, firstDate: entry.onDate, lastDate: entry.onDate, evening, weekend };
  return {
    // A day between the first and the last may be one that was counted: it proves nothing more.
    days: earlier.days + (entry.onDate > earlier.lastDate || entry.onDate < earlier.firstDate ? 1 : 0),
    firstDate: entry.onDate < earlier.firstDate ? entry.onDate : earlier.firstDate,
    lastDate: entry.onDate > earlier.lastDate ? entry.onDate : earlier.lastDate,
    evening: earlier.evening || evening,
    weekend: earlier.weekend || weekend,
  };
}

// ---- promises and plans ------------------------------------------------------------------------------------------------

export function onPromiseRecorded(current: Case, entry: Entry<'PromiseRecorded'>): Case {
  const told = entry.recordedAt !== undefined;
  const recent = current.payments.filter(({ paidAt }) => toMillis(entry.at) - toMillis(paidAt) <= DAY);
  const known = told ? [] : recent.map(({ paymentId }) => paymentId);
  const promise: Promise_ = {
    promiseId: entry.promiseId,
    taskId: entry.taskId,
    recordedAt: entry.recordedAt ?? entry.at,
    amountMinor: toMinor(entry.amount),
    date: entry.date,
    status: 'open',
    ...(known.length === 0 ? {} : { knownPayments: known }),
  };
  const open = current.promises.filter((row) => row.status === 'open');
  const settled = current.promises.filter((row) => row.status !== 'open').slice(-PROMISES_KEPT);
  // Whoever names a day knows how to pay.
  const { writeNext: _told, ...rest } = current;
  return { ...rest, promises: [...settled, ...open, promise] };
}

export function onPromiseReopened(current: Case, { promiseId }: Entry<'PromiseReopened'>): Case {
  const promises = current.promises.map((row): Promise_ => {
    const { endedByCure: _cured, ...rest } = row;
    return row.promiseId === promiseId ? { ...rest, status: 'open' } : row;
  });
  return { ...current, promises };
}

export function setPromise(current: Case, promiseId: string, change: Partial<Promise_>): Case {
  return { ...current, promises: current.promises.map((row) => (row.promiseId === promiseId ? { ...row, ...change } : row)) };
}

const APPROVED_UNKNOWING: readonly string[] = ['field-visit', 'legal', 'calls'];

/** What a person approved without knowing of a hardship or a vulnerable customer is to be approved anew. */
export function withoutReviews(current: Case): Case {
  const approvals = current.approvals.filter((subject) => !APPROVED_UNKNOWING.includes(subject));
  return approvals.length === current.approvals.length ? current : { ...current, approvals };
}

export function sentIn(current: Case, stage: Stage): number {
  return current.sentByStage[stage] ?? 0;
}
