import { caseNow, recallFor } from '../advice.ts';
import { addBusinessDays, addDays, DAY, localDate, localMinutes, startOfDay, toInstant, toMillis } from '../calendar.ts';
import { openCase } from '../case-status.ts';
import { CALL_OUTCOMES, type ReasonForArrears, VISIT_OUTCOMES } from '../codes.ts';
import type { HoldKind, Instant, Queue, Task } from '../model.ts';
import { whyMayNotApprove } from '../persons.ts';
import { HARDSHIP_FOUND } from '../policy/hardship.ts';
import type { EvidenceItem } from '../visits.ts';
import { CONTACT_QUEUES, closeTasks, drawConsequences } from './consequences.ts';
import { type Journal, Refusal } from './journal.ts';
import { followPlanReview } from './plans.ts';
import { checkPromises, type PromisedPart } from './promise-limits.ts';
import { asksForWriting, holdOfReason, tellsHardship } from './reasons.ts';
import { checkVisitReport, recordVisitReported } from './visits.ts';

/** What people report of their tasks, and where each outcome leads. */

/** The outcomes that belong to a task (contract section 4). */
export function outcomesOf(task: Pick<Task, 'queue' | 'objective'>): readonly string[] {
  switch (task.queue) {
    case 'call':
      return CALL_OUTCOMES;
    case 'field-visit':
      return task.objective === 'approve-visit' ? ['approve', 'reject'] : VISIT_OUTCOMES;
    case 'legal-review':
      return task.objective === 'confirm-intent' ? ['intent-confirmed', 'return', 'reject'] : ['approve', 'return', 'reject'];
    case 'data-quality':
      return ['fixed', 'unreachable'];
    case 'plan-review':
    case 'case-review':
      return ['approve', 'reject'];
  }
}

export interface Outcome {
  readonly taskId: string;
  readonly outcome: string;
  readonly by: string;
  readonly at: string;
  /** The reservation under which it was made, with its contact point. */
  readonly attempt?: { readonly attemptId: string; readonly contactPointId: string } | undefined;
  readonly contactPointId?: string | undefined;
  readonly notesRef?: string | undefined;
  readonly reasonForArrears?: ReasonForArrears | undefined;
  readonly promises?: readonly PromisedPart[] | undefined;
  readonly callBackAt?: string | undefined;
  readonly planOfferId?: string | undefined;
  readonly recordingRef?: string | undefined;
  readonly evidence?: readonly (string | EvidenceItem)[] | undefined;
}

/** Outcomes that place a hold by what they say; the ladder waits until it is reviewed. */
const HOLDS: Readonly<Record<string, HoldKind>> = {
  hardship: 'hardship-review',
  dispute: 'dispute',
  complaint: 'complaint',
  deceased: 'deceased',
  vulnerable: 'manual',
};

export function holdKindOf(outcome: string): HoldKind | undefined {
  return HOLDS[outcome];
}

/** The hold an outcome places, with its id: derived from the task, so that a repeat places none twice. */
export function holdOfOutcome(
  outcome: Pick<Outcome, 'taskId' | 'outcome'>,
): { holdId: string; kind: HoldKind; customerWide: boolean } | undefined {
  const kind = holdKindOf(outcome.outcome);
  return kind === undefined ? undefined : { holdId: `${outcome.taskId}-${kind}`, kind, customerWide: kind === 'deceased' };
}

/** Whether a contact attempt was made: on calls and visits always, on reviews never. */
export function isContactOutcome(queue: Queue, outcome: string): boolean {
  return queue === 'call' || (queue === 'field-visit' && outcome !== 'approve' && outcome !== 'reject');
}

export function saysPaid(outcome: string): boolean {
  return outcome === 'paid-already' || outcome === 'met-paid';
}

/** Until when the word that it is paid stops contact: three full business days (docs/ladder.md). */
export function quietAfter({ account, setting }: Pick<Journal, 'account' | 'setting'>, at: number): Instant {
  const day = addBusinessDays(localDate(at, account.timeZone), setting.ladder.pendingPaymentBusinessDays);
  return toInstant(startOfDay(addDays(day, 1), account.timeZone));
}

/**
 * Records an outcome. A task that closed meanwhile is recorded as a contact and changes nothing else.
 *
 * @throws Refusal 422 where the outcome does not belong to the task or its details break a rule
 */
export function recordOutcome(
  journal: Journal,
  task: Pick<Task, 'taskId' | 'queue' | 'objective' | 'contactPointId' | 'subject'>,
  outcome: Outcome,
): void {
  if (!outcomesOf(task).includes(outcome.outcome)) {
    throw new Refusal(
      422,
      `must be an outcome of a ${task.queue} task (${task.objective}): one of ${outcomesOf(task).join(', ')}`,
      'outcome',
    );
  }
  const known = openCase(journal.account)?.tasks.find((row) => row.taskId === task.taskId);
  const open = known !== undefined;
  if (open) {
    checkDetails(journal, outcome);
    checkVisitReport(outcome);
    checkApprover(journal, task, outcome);
  }
  addReport(journal, task, outcome, open);
  if (known === undefined) {
    if (isContactOutcome(task.queue, outcome.outcome) && task.objective === 'visit')
      recordVisitReported(journal, task.taskId, outcome.outcome, false);
    return;
  }
  journal.add({
    type: 'TaskClosed',
    taskId: task.taskId,
    queue: task.queue,
    objective: task.objective,
    reason: 'outcome',
    outcome: outcome.outcome,
  });
  follow(journal, known, outcome);
  drawConsequences(journal);
}

/** The names that the timeline knows: with a token they are the token's, else those that were given. */
function checkApprover({ account, setting }: Journal, task: Pick<Task, 'queue' | 'objective'>, { outcome, by }: Outcome): void {
  const current = openCase(account);
  const broken = current === undefined || outcome !== 'approve' ? undefined : whyMayNotApprove(current, task, by, setting.now);
  if (broken !== undefined) throw new Refusal(422, broken.why, 'by', broken.rule);
}

function checkDetails(journal: Journal, outcome: Outcome): void {
  const { setting } = journal;
  const { daysAheadMax } = setting.ladder.promise;
  checkPromises(journal, outcome.outcome, outcome.promises);
  if (outcome.outcome === 'call-back' && outcome.callBackAt === undefined)
    throw new Refusal(422, 'a call-back needs the time that was asked for', 'callBackAt');
  if (outcome.callBackAt !== undefined && toMillis(outcome.callBackAt) <= setting.now)
    throw new Refusal(422, 'the call-back lies ahead', 'callBackAt');
  if (outcome.callBackAt !== undefined && toMillis(outcome.callBackAt) > setting.now + daysAheadMax * DAY)
    throw new Refusal(422, `a call-back lies at most ${daysAheadMax} days ahead`, 'callBackAt');
}

function addReport(journal: Journal, task: Pick<Task, 'queue' | 'contactPointId'>, outcome: Outcome, open: boolean): void {
  const { account, setting } = journal;
  const at = toMillis(outcome.at);
  const contact = isContactOutcome(task.queue, outcome.outcome);
  const { attempt } = outcome;
  const contactPointId = contact ? (outcome.contactPointId ?? attempt?.contactPointId ?? task.contactPointId) : undefined;
  const gated = attempt !== undefined && attempt.contactPointId === contactPointId;
  journal.add({
    type: 'TaskOutcomeReported',
    taskId: outcome.taskId,
    outcome: outcome.outcome,
    by: outcome.by,
    reportedAt: outcome.at,
    onDate: localDate(at, account.timeZone),
    minutesOfDay: localMinutes(at, account.timeZone),
    ...(contactPointId === undefined ? {} : { contactPointId }),
    ...(outcome.notesRef === undefined ? {} : { notesRef: outcome.notesRef }),
    ...(outcome.reasonForArrears === undefined ? {} : { reasonForArrears: outcome.reasonForArrears }),
    ...(open && asksForWriting(journal, outcome) ? { writeNext: true as const } : {}),
    ...(outcome.recordingRef === undefined ? {} : { recordingRef: outcome.recordingRef }),
    ...(outcome.evidence === undefined ? {} : { evidence: outcome.evidence }),
    ...(outcome.callBackAt === undefined ? {} : { callBackAt: outcome.callBackAt }),
    ...(outcome.planOfferId === undefined ? {} : { planOfferId: outcome.planOfferId }),
    ...(saysPaid(outcome.outcome) ? { quietUntil: quietAfter(journal, setting.now) } : {}),
    ...(attempt === undefined ? {} : { attemptId: attempt.attemptId }),
    ...(open ? {} : { late: true }),
    ...(contact && !gated ? { ungated: true } : {}),
  });
}

function follow(journal: Journal, task: Task, outcome: Outcome): void {
  const { taskId } = task;
  const { by } = outcome;
  const at = toInstant(journal.setting.now);
  for (const [index, part] of (outcome.promises ?? []).entries()) {
    journal.add({ type: 'PromiseRecorded', promiseId: `${taskId}-p${index + 1}`, taskId, amount: part.amount, date: part.date });
  }
  // While a promise is open only its reminder goes: nobody sets out meanwhile (docs/ladder.md).
  if ((outcome.promises?.length ?? 0) > 0) closeTasks(journal, 'promised', CONTACT_QUEUES);
  if (outcome.outcome === 'hardship' || tellsHardship(journal, outcome)) journal.add({ type: 'HardshipReported', taskId });
  if (outcome.outcome === 'vulnerable') journal.add({ type: 'FlagRaised', flag: 'vulnerable', taskId });
  const hold = holdOfOutcome(outcome) ?? holdOfReason(journal, outcome);
  if (hold !== undefined) {
    const { holdId, kind, customerWide } = { customerWide: false, ...hold };
    journal.add({
      type: 'HoldPlaced',
      holdId,
      kind,
      placedAt: at,
      taskId,
      reason: 'task-outcome',
      ...(customerWide ? { customerWide: true } : {}),
    });
  }
  if (task.queue === 'field-visit') followVisit(journal, task, outcome);
  if (task.queue === 'legal-review') followLegal(journal, task, outcome);
  if (task.queue === 'case-review') followReview(journal, task, outcome);
  if (task.queue === 'plan-review') followPlanReview(journal, task, outcome);
  if (task.queue === 'data-quality' && task.subject === undefined && outcome.outcome === 'unreachable') {
    const stage = openCase(journal.account)?.stage ?? 'reminder';
    journal.add({ type: 'MessageImpossible', stage, why: `no contact data found, says ${by}` });
  }
}

function followVisit(journal: Journal, task: Pick<Task, 'taskId' | 'objective'>, { outcome, by }: Outcome): void {
  if (task.objective !== 'approve-visit') recordVisitReported(journal, task.taskId, outcome, true);
  else journal.add({ type: outcome === 'approve' ? 'VisitApproved' : 'VisitRefused', taskId: task.taskId, by });
}

function followLegal(journal: Journal, task: Pick<Task, 'taskId' | 'objective'>, { outcome, by }: Outcome): void {
  const { taskId } = task;
  if (outcome === 'intent-confirmed') journal.add({ type: 'IntentConfirmed', taskId, by });
  else if (outcome === 'approve') journal.add({ type: 'ReferralApproved', taskId, by });
  else if (task.objective === 'confirm-intent')
    journal.add({ type: 'IntentDeclined', taskId, by, how: outcome === 'reject' ? 'reject' : 'return' });
  else journal.add({ type: 'ReferralReturned', taskId, by, how: outcome === 'reject' ? 'reject' : 'return' });
}

/** What was only claimed until then: whoever ends such a hold in another way finds nothing. */
function isHardshipReview({ account }: Journal, holdId: string): boolean {
  return account.holds.some((hold) => hold.holdId === holdId && hold.kind === 'hardship-review');
}

/** `approve` grants what the task asks: to lift the hold, to go on contacting, to let the ladder reach visits or legal. */
function followReview(journal: Journal, task: Pick<Task, 'taskId' | 'objective' | 'subject'>, { outcome, by }: Outcome): void {
  const { taskId, objective } = task;
  if (objective === 'review-hold') {
    const holdId = task.subject ?? '';
    if (outcome === 'approve') {
      if (isHardshipReview(journal, holdId)) journal.add({ type: 'Approved', subject: HARDSHIP_FOUND, by, taskId });
      journal.add({ type: 'HoldReleased', holdId, releasedAt: toInstant(journal.setting.now) });
    } else journal.add({ type: 'HoldReviewed', holdId });
    return;
  }
  if (objective === 'review-placement') {
    const current = openCase(journal.account);
    const isWanted = outcome === 'approve' && current !== undefined;
    const recall = isWanted ? recallFor(caseNow(journal.account, current, journal.setting), 'A person decided so', true) : undefined;
    if (recall !== undefined) journal.add(recall);
    journal.add({ type: 'HoldReviewed', holdId: task.subject ?? '' });
    return;
  }
  journal.add({ type: outcome === 'approve' ? 'Approved' : 'Refused', subject: task.subject ?? objective, by, taskId });
  if (objective === 'review-pressure' && outcome === 'reject') closeTasks(journal, 'pressure', ['call', 'field-visit']);
}
