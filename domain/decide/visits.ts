import { addDays, DAY, localDate, startOfDay, toInstant, toMillis } from '../calendar.ts';
import { needsNamedApproval } from '../case-status.ts';
import { findingOn } from '../contact-points/health.ts';
import { overdueMinor } from '../ledger.ts';
import type { Case, Objective } from '../model.ts';
import { stepOf } from '../reducer/contacts.ts';
import { messageChannels } from '../strategy/channels.ts';
import { treatmentOf } from '../strategy/flags.ts';
import { proposeMessage } from './messages.ts';
import { messageEnds, missingFrom, proofOf } from './visit-proof.ts';
import { gateVerdict, ownPoints, type Proposal, plannedInstant, type World, whenAllowed } from './world.ts';

/** Field visits: requested only when everything else was tried, and each step of that is on the timeline. */

/** What stands between this case and a visit, as sentences; empty when nothing does. */
export function missingForVisit(world: World): string[] {
  const { account, current, setting } = world;
  const rules = setting.ladder.fieldVisit;
  const missing: string[] = [];
  if (!setting.deployment.visits) missing.push('field visits are switched off');
  const minimum = rules.minimumOverdueMinor[account.currency ?? ''] ?? 0;
  if (overdueMinor(account) < minimum) missing.push('the overdue amount is below the minimum for a visit');
  if (ownPoints(world, 'visit').every((point) => findingOn(world.governor?.findings ?? {}, point) !== undefined))
    missing.push('no registered address is valid');
  const flagged = treatmentOf(account, 'visit');
  if (flagged.treatment === 'never') missing.push('the account is flagged: no visit is made');
  missing.push(...missingFrom(proofOf(world), rules, world.today));
  if (current.visits.length >= rules.visitsMax) missing.push(`${rules.visitsMax} visits were made already`);
  const last = lastVisitAt(world);
  if (last !== undefined && world.now - last < rules.everyDays * DAY)
    missing.push(`the last visit was less than ${rules.everyDays} days ago`);
  if (current.visitRefusedAt !== undefined && world.now - toMillis(current.visitRefusedAt) < rules.everyDays * DAY)
    missing.push('the visit was not approved');
  if (current.visitReview !== undefined) missing.push(`the last visit was ${WORDS[current.visitReview]}, and no person decided to go on`);
  if (current.refusals.includes(VISITS)) missing.push('a person decided against further visits');
  if (missing.length === 0 && !mayBeVisited(world)) missing.push("the rules of the place or the customer's wishes allow no visit");
  return missing;
}

/** Whether the gate would let anybody go there once a visit is approved: nobody is asked to approve what cannot be made. */
function mayBeVisited(world: World): boolean {
  const { account, current, now } = world;
  const approved = { ...current, visitApprovedAt: toInstant(now) };
  const asked = { ...world, account: { ...account, case: approved }, current: approved };
  return ownPoints(world, 'visit').some((point) => gateVerdict(asked, 'visit', point, 'collection', now).decision !== 'deny');
}

const WORDS: Readonly<Record<NonNullable<Case['visitReview']>, string>> = {
  unsafe: 'unsafe for those who made it',
  'not-reported': 'never reported on',
};

/** What a review of visits is about. */
const VISITS = 'visits';

/** The last visit to the customer: for whichever account, in whichever case, whoever made it. */
function lastVisitAt({ current, governor }: World): number | undefined {
  const told = (governor?.contacts ?? []).filter(
    (row) => row.channel === 'visit' && row.direction !== 'inbound' && row.pendingUntil === undefined,
  );
  const all = [...told, ...current.visits].map(({ at }) => toMillis(at));
  return all.length === 0 ? undefined : Math.max(...all);
}

/** When time alone has taken away what stands between this case and a visit; undefined where more than time is missing. */
function possibleFrom(world: World): number | undefined {
  const { current, setting, account, now } = world;
  const { everyDays, quietDaysAfterConversation } = setting.ladder.fieldVisit;
  const { lastConversationOn: spokenOn } = proofOf(world);
  const last = lastVisitAt(world);
  const ends = [
    ...(last === undefined ? [] : [last + everyDays * DAY]),
    ...(current.visitRefusedAt === undefined ? [] : [toMillis(current.visitRefusedAt) + everyDays * DAY]),
    ...(spokenOn === undefined ? [] : [startOfDay(addDays(spokenOn, quietDaysAfterConversation), account.timeZone)]),
    ...current.contacts.flatMap((contact) => messageEnds(world, contact) ?? []),
  ];
  const instants = [now, ...ends.filter((at) => at > now).sort((one, other) => one - other)];
  return instants.find((at) => missingForVisit({ ...world, now: at, today: localDate(at, account.timeZone) }).length === 0);
}

/** Somebody looks at what became of the last visit before another is asked for. */
function proposeVisitReview(world: World): Proposal | undefined {
  const { visitReview } = world.current;
  if (visitReview === undefined) return undefined;
  return {
    kind: 'task',
    act: 'open-review',
    at: world.now,
    why: `The last visit was ${WORDS[visitReview]}`,
    task: { queue: 'case-review', objective: 'review-visit', subject: VISITS },
  };
}

/** An approval was given on what was known then: it holds for some days. Negative infinity where there is none. */
function approvalEnds({ current, setting }: Pick<World, 'current' | 'setting'>): number {
  const { visitApprovedAt } = current;
  return visitApprovedAt === undefined
    ? Number.NEGATIVE_INFINITY
    : toMillis(visitApprovedAt) + setting.ladder.fieldVisit.approvalDays * DAY;
}

/** Whether a visit asks for a named person's word first, and has none. */
export function lacksNamedApproval({ account, current, track }: World): boolean {
  return needsNamedApproval(account, current, track) && !current.approvals.includes('field-visit');
}

const REVIEWS: readonly Objective[] = ['review-field-visit', 'review-visit'];

export function proposeVisit(world: World): Proposal | undefined {
  const { current } = world;
  if (current.tasks.some((task) => task.queue === 'field-visit' || REVIEWS.includes(task.objective))) return undefined;
  const review = proposeVisitReview(world);
  if (review !== undefined) return review;
  const at = possibleFrom(world);
  if (at === undefined) return undefined;
  if (lacksNamedApproval(world)) {
    if (current.refusals.includes('field-visit')) return undefined;
    return {
      kind: 'task',
      act: 'open-review',
      at,
      why: 'A named person decides whether a visit may be requested',
      task: { queue: 'case-review', objective: 'review-field-visit', subject: 'field-visit' },
    };
  }
  const ends = approvalEnds(world);
  if (at < ends) {
    const visit = proposeAnnouncement(world, at) ?? proposeApprovedVisit(world, Math.max(at, announcedFor(world)?.from ?? at));
    if (visit === undefined || visit.at < ends) return visit;
  }
  return {
    kind: 'task',
    act: 'ask-for-approval',
    // What can only be done after the approval has ended needs a new one then.
    at: Math.max(at, ends),
    why: 'The remote channels are exhausted',
    task: { queue: 'field-visit', objective: 'approve-visit' },
  };
}

/** An approval has one announcement. */
function announcementStep({ account, current }: World): string {
  return `visit-${localDate(toMillis(current.visitApprovedAt ?? current.openedAt), account.timeZone)}`;
}

/** The days on which the customer expects the visit; undefined where no message said so. Epoch milliseconds, the end not included. */
export function announcedFor(world: World): { readonly from: number; readonly until: number } | undefined {
  const { current, account, setting } = world;
  const sentAt = current.contacts.find((contact) => stepOf(contact.key) === announcementStep(world))?.sentAt;
  if (sentAt === undefined) return undefined;
  const { noticeDays, announcedDays } = setting.ladder.fieldVisit;
  const first = addDays(localDate(toMillis(sentAt), account.timeZone), noticeDays);
  return { from: startOfDay(first, account.timeZone), until: startOfDay(addDays(first, announcedDays), account.timeZone) };
}

/** A visit is announced, so that the customer can choose another day or decline. Where no message can say so it goes without. */
function proposeAnnouncement(world: World, notBefore: number): Proposal | undefined {
  const { visitApprovedAt } = world.current;
  if (visitApprovedAt === undefined || announcedFor(world) !== undefined) return undefined;
  return proposeMessage(world, {
    step: announcementStep(world),
    template: 'visit-before',
    purpose: 'collection',
    act: 'send-message',
    // From the approval on, not from now: the hour that the gate gives it must not move.
    from: notBefore > world.now ? notBefore : toMillis(visitApprovedAt),
    why: 'The visit was approved, and is announced first',
    channels: messageChannels(world),
  });
}

/** A visit for which there were too few people is looked at again the day after. */
function nextDayOfPeople({ account, current }: World): number {
  const { visitForgoneAt } = current;
  return visitForgoneAt === undefined ? 0 : startOfDay(addDays(localDate(toMillis(visitForgoneAt), account.timeZone), 1), account.timeZone);
}

function proposeApprovedVisit(world: World, notBefore: number): Proposal | undefined {
  const soonest = Math.max(notBefore, nextDayOfPeople(world));
  const from = Math.max(soonest, plannedInstant(world, localDate(soonest, world.account.timeZone), 'visit'));
  const [reachable] = ownPoints(world, 'visit').flatMap((address) => whenAllowed(world, 'visit', address, 'collection', from) ?? []);
  if (reachable === undefined) return undefined;
  return {
    kind: 'task',
    act: 'assign-visit',
    at: reachable.at,
    why: 'The visit was approved',
    task: { queue: 'field-visit', objective: 'visit', contactPointId: reachable.point.id },
  };
}
