import { addBusinessDays, addDays, localDate, startOfDay, toMillis } from '../calendar.ts';
import type { Draft } from '../entries.ts';
import type { Account, LocalDate } from '../model.ts';
import { moneyOf } from '../money.ts';
import type { PlanWish } from '../plans/plan.ts';
import { isOnTable, type PlanRequest, pendingRequest, requestOn } from '../plans/request.ts';
import { openWish } from '../plans/wish.ts';
import { ARRANGEMENTS } from '../policy/arrangements.ts';
import { unwaived } from '../record/plans.ts';
import { endOfWait, type Proposal, quietEnds, type World } from './world.ts';

/** What people are asked about arrangements: to approve what gives something up, and whether the core booked what was agreed. */

const APPROVALS: readonly string[] = ['approve-plan', 'approve-waiver'];

/** A task for whoever may approve what the customer asked for; one person at a time where two are needed. */
export function proposePlanReview(world: World): Proposal | undefined {
  const { account, current, setting, today } = world;
  const { approvals, wishes } = current.planRequests ?? {};
  if (current.planRequestedAt === undefined && approvals === undefined && wishes === undefined) return undefined;
  if (current.tasks.some((task) => APPROVALS.includes(task.objective))) return undefined;
  const told = pendingRequest(account, setting);
  const wish = told === undefined ? openWish(account, current, setting) : undefined;
  const request = told ?? (wish === undefined ? undefined : requestOn(account, setting, today, wish.key));
  if (request === undefined) return undefined;
  return {
    kind: 'task',
    act: 'open-review',
    at: world.now,
    why: 'What the customer asked for needs an approval',
    task: {
      queue: 'plan-review',
      objective: request.authority.role === 'supervisor' ? 'approve-plan' : 'approve-waiver',
      subject: request.key,
      asks: asksOf(request, world, wish),
    },
  };
}

/** Nobody can approve what is no longer on the table: the question closes, and is put again as it is now. */
export function overtakenReviews({ account, current, setting, today }: World): Draft<'TaskClosed'>[] {
  return current.tasks.flatMap(({ taskId, queue, objective, subject = '', asked }) => {
    if (!APPROVALS.includes(objective)) return [];
    const request = requestOn(account, setting, today, subject);
    const most = asked?.waivedMinor ?? request?.givenUpMinor ?? 0;
    if (request !== undefined && isOnTable(account, setting, today, request, most)) return [];
    return [{ type: 'TaskClosed' as const, taskId, queue, objective, reason: request === undefined ? 'not-offered' : 'other-amounts' }];
  });
}

function asksOf(request: PlanRequest, { account, current }: World, wish: PlanWish | undefined) {
  const { kind, totalMinor, instalments, givenUpMinor, authority } = request;
  const money = (minor: number) => moneyOf(account, minor);
  const requestedBy = wish === undefined ? current.planRequests?.by : wish.by;
  return {
    kind,
    total: money(totalMinor),
    instalments,
    waived: money(givenUpMinor),
    authority: authority.role,
    people: authority.people,
    ...(requestedBy === undefined ? {} : { requestedBy }),
    ...(wish === undefined ? {} : { requestId: wish.requestId }),
    ...(wish?.reasonForArrears === undefined ? {} : { reasonForArrears: wish.reasonForArrears }),
    ...(wish?.perMonthMinor === undefined ? {} : { perMonth: money(wish.perMonthMinor) }),
  };
}

/** The core answers an agreement; where it does not, a person finds out, and again later where that person does not know either. */
export function proposeBookingCheck(world: World): Proposal | undefined {
  const { account, current } = world;
  const { plan } = current;
  if (plan?.status !== 'active' || plan.bookedAt !== undefined || plan.recordedAt === undefined) return undefined;
  if (current.tasks.some((task) => task.objective === 'confirm-booking')) return undefined;
  const dateOf = (at: string): LocalDate => localDate(toMillis(at), account.timeZone);
  const last =
    plan.bookingAskedAt === undefined
      ? addBusinessDays(dateOf(plan.recordedAt), ARRANGEMENTS.bookingBusinessDays)
      : addBusinessDays(dateOf(plan.bookingAskedAt), ARRANGEMENTS.bookingAgainBusinessDays);
  return {
    kind: 'task',
    act: 'open-review',
    at: startOfDay(addDays(last, 1), account.timeZone),
    why: 'The core has not said whether it booked the arrangement',
    task: { queue: 'plan-review', objective: 'confirm-booking', subject: plan.planId },
  };
}

/** What was agreed by word of mouth has a recording somewhere: somebody says where, and is asked again where nobody found it. */
export function proposeProof(world: World): Proposal | undefined {
  const { account, current } = world;
  const { plan } = current;
  const { againBusinessDays, asksMax } = ARRANGEMENTS.proof;
  if (plan?.status !== 'active' || plan.proofMissing === undefined || (plan.proofAsks ?? 0) >= asksMax) return undefined;
  if (current.tasks.some((task) => task.objective === 'obtain-proof')) return undefined;
  return {
    kind: 'task',
    act: 'open-review',
    at: plan.proofAskedAt === undefined ? world.now : afterBusinessDays(account, toMillis(plan.proofAskedAt), againBusinessDays),
    why: 'The arrangement was agreed by word of mouth, and no recording is named',
    task: { queue: 'plan-review', objective: 'obtain-proof', subject: plan.planId },
  };
}

/** Until when somebody should have said where the recording is. Epoch milliseconds. */
export function proofDueAt({ account, now }: Pick<World, 'account' | 'now'>): number {
  return afterBusinessDays(account, now, ARRANGEMENTS.proof.businessDays);
}

/** The end of a business day so many after an instant. Epoch milliseconds. */
function afterBusinessDays({ timeZone }: Pick<Account, 'timeZone'>, from: number, days: number): number {
  return startOfDay(addDays(addBusinessDays(localDate(from, timeZone), days), 1), timeZone);
}

/**
 * A plan that gives something up was paid, and the core still says that the rest is overdue: nobody is asked for that before a person
 * said that it stands. Undefined where that is not so, or the core still has time.
 */
export function proposeWaiverCheck(world: World): Proposal | undefined {
  const { account, current } = world;
  const { plan } = current;
  if (plan?.status !== 'completed' || plan.waivedMinor === undefined || current.refusals.includes(unwaived(plan.planId))) return undefined;
  if (quietEnds(world) !== undefined) return undefined;
  const why = 'A plan that gives something up was paid: a person finds out whether the core has booked that';
  if (current.tasks.some((task) => task.objective === 'confirm-booking')) return { kind: 'wait', act: 'wait', at: endOfWait(world), why };
  const asked = plan.bookingAskedAt === undefined ? undefined : localDate(toMillis(plan.bookingAskedAt), account.timeZone);
  const again = asked === undefined ? undefined : addDays(addBusinessDays(asked, ARRANGEMENTS.bookingAgainBusinessDays), 1);
  return {
    kind: 'task',
    act: 'open-review',
    at: again === undefined ? world.now : Math.max(world.now, startOfDay(again, account.timeZone)),
    why,
    task: { queue: 'plan-review', objective: 'confirm-booking', subject: plan.planId },
  };
}
