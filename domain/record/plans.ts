import { addDays, localDate, toInstant, toMillis } from '../calendar.ts';
import { openCase } from '../case-status.ts';
import type { PlanRejection } from '../codes.ts';
import { isNewer } from '../ledger.ts';
import type { Task } from '../model.ts';
import { moneyOf } from '../money.ts';
import { isSamePerson } from '../persons.ts';
import { halfApprovals, isOnTable, requestOn } from '../plans/request.ts';
import { forbiddingHold } from '../plans/standing.ts';
import { ARRANGEMENTS } from '../policy/arrangements.ts';
import { closeTasksAbout, drawConsequences, restForPlan } from './consequences.ts';
import { type Journal, Refusal } from './journal.ts';
import type { Outcome } from './outcome.ts';

/** What people and the core say of arrangements, recorded with what follows. */

/**
 * A person approves or rejects what a plan-review task asks.
 *
 * @throws Refusal 409 where what was asked for is off the table, 422 where a second approval is the same person's, or a proof is not named
 */
export function followPlanReview(
  journal: Journal,
  task: Pick<Task, 'taskId' | 'objective' | 'subject' | 'asked'>,
  said: Pick<Outcome, 'outcome' | 'by' | 'recordingRef' | 'evidence'>,
): void {
  const { taskId, subject = '' } = task;
  const { outcome, by } = said;
  if (task.objective === 'obtain-proof') {
    if (outcome === 'approve') journal.add({ type: 'PlanProven', planId: subject, proofRef: proofIn(said), by, taskId });
    else journal.add({ type: 'PlanUnproven', planId: subject, by, taskId });
    return;
  }
  if (task.objective === 'confirm-booking') {
    const bookedAt = toInstant(journal.setting.now);
    if (outcome === 'approve') journal.add({ type: 'PlanBooked', planId: subject, bookedAt, by });
    else journal.add({ type: 'Refused', subject: isPaid(journal, subject) ? unwaived(subject) : subject, by, taskId });
    return;
  }
  if (outcome === 'approve') approve(journal, task, by);
  else journal.add({ type: 'PlanDeclined', key: subject, by, taskId });
}

/** A recording, or the first of what was handed in: a letter that the customer signed. */
function proofIn({ recordingRef, evidence = [] }: Pick<Outcome, 'recordingRef' | 'evidence'>): string {
  const [first] = evidence;
  const ref = recordingRef ?? (typeof first === 'object' ? first.ref : first);
  if (ref === undefined)
    throw new Refusal(422, 'must say where the recording is, or evidence where the letter is', 'recordingRef', 'PLAN.PROOF');
  return ref;
}

function isPaid({ account }: Journal, planId: string): boolean {
  const plan = openCase(account)?.plan;
  return plan?.planId === planId && plan.status === 'completed';
}

/** What a person refuses who says that the rest of a paid plan still stands. */
export function unwaived(planId: string): string {
  return `waived-${planId}`;
}

/** An approval is for the amount that was put before a person; of two persons for one that both saw. */
function approve(journal: Journal, { taskId, subject: key = '', asked }: Parameters<typeof followPlanReview>[1], by: string): void {
  const { account, setting } = journal;
  const today = localDate(setting.now, account.timeZone);
  const request = requestOn(account, setting, today, key);
  const { waivedMinor, people } = asked ?? { waivedMinor: request?.givenUpMinor ?? 0, people: request?.authority.people ?? 1 };
  if (request === undefined || !isOnTable(account, setting, today, request, waivedMinor))
    throw new Refusal(409, 'what was asked for is no longer on the table: other amounts, or another arrangement');
  const others = halfApprovals(openCase(account) ?? {}, today).filter(
    (row) => row.key === key && isOnTable(account, setting, today, request, row.waivedMinor),
  );
  if (others.some((row) => isSamePerson(row.by, by))) throw new Refusal(422, 'must be another person than the first to approve', 'by');
  journal.add({
    type: 'PlanApproved',
    key,
    by,
    taskId,
    waived: moneyOf(account, Math.min(waivedMinor, ...others.map((row) => row.waivedMinor))),
    until: addDays(today, ARRANGEMENTS.grantDays),
    granted: others.length + 1 >= people,
  });
}

/** The core's answer to an agreement; `notesRef` is where its words are kept. */
interface CoreAnswer {
  readonly planId: string;
  readonly at: string;
  readonly notesRef?: string | undefined;
}

/**
 * The core booked what was agreed. A plan that a rejection of before had ended runs again where nothing stands against it: its case is
 * open, still overdue and not in court, no other was agreed since, and no hold forbids any. Of another that has ended it is recorded only.
 */
export function recordPlanBooked(journal: Journal, { planId, at, notesRef }: CoreAnswer): void {
  const noted = notesRef === undefined ? {} : { notesRef };
  const bookedAt = toInstant(toMillis(at));
  const revived = mayRunAgain(journal, planId, bookedAt);
  journal.add({ type: 'PlanBooked', planId, bookedAt, ...noted });
  closeTasksAbout(journal, 'confirm-booking', planId, 'answered');
  if (!revived) return;
  journal.add({ type: 'PlanReopened', planId });
  restForPlan(journal);
  drawConsequences(journal);
}

function mayRunAgain({ account, setting }: Journal, planId: string, bookedAt: string): boolean {
  const current = openCase(account);
  const { plan } = current ?? {};
  if (current === undefined || plan?.planId !== planId || plan.status !== 'ended' || plan.rejection?.endedIt !== true) return false;
  const overruled = isNewer(bookedAt, plan.bookedAt) && !isNewer(plan.rejection.at, bookedAt);
  return (
    overruled && current.curedAt === undefined && current.legal.referredAt === undefined && forbiddingHold(account, setting) === undefined
  );
}

/**
 * The core would not book it, or took its booking back: the plan ends and collection goes on. A rejection older than the booking is
 * recorded and changes nothing.
 */
export function recordPlanRejected(
  journal: Journal,
  { planId, at, notesRef, reason }: CoreAnswer & { readonly reason?: PlanRejection | undefined },
): void {
  const plan = openCase(journal.account)?.plan;
  const stands = plan?.planId === planId && plan.status === 'active' && isNewer(at, plan.bookedAt);
  const rejectedAt = toInstant(toMillis(at));
  const said = { ...(reason === undefined ? {} : { reason }), ...(notesRef === undefined ? {} : { notesRef }) };
  journal.add({ type: 'PlanRejected', planId, rejectedAt, ...said });
  closeTasksAbout(journal, 'confirm-booking', planId, 'answered');
  if (stands) journal.add({ type: 'PlanEnded', planId, why: 'The core did not book it' });
}
