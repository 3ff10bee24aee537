import { dueAdvice } from '../advice.ts';
import { toInstant, toMillis } from '../calendar.ts';
import type { Draft } from '../entries.ts';
import { activeHold, hasLapsed } from '../holds.ts';
import type { Hold } from '../model.ts';
import { CONTACT_QUEUES } from '../record/consequences.ts';
import { sharedWith } from '../strategy/accounts.ts';
import { isFigureStale } from '../strategy/figures.ts';
import { planRecords, promiseRecords } from './arrangement.ts';
import { cannotCall } from './calls.ts';
import { serviceOf } from './legal.ts';
import { whyMessageImpossible } from './messages.ts';
import { overtakenReviews } from './plan-reviews.ts';
import { gateVerdict, quietEnds, type World } from './world.ts';

/** What time alone has brought and nobody has written down yet. */
export function dueRecords(world: World): Draft[] {
  return [
    ...lapsedHolds(world),
    ...expiredTasks(world),
    ...promiseRecords(world),
    ...planRecords(world),
    ...overtakenReviews(world),
    ...servedNotices(world),
    ...sharedMessages(world),
    ...impossibleMinimum(world),
    ...dueAdvice(world),
  ];
}

function lapsedHolds(world: World): Draft[] {
  const lapsed = world.account.holds.filter((hold) => hasLapsed(hold, world.now));
  const drafts: Draft[] = lapsed.map((hold) => ({
    type: 'HoldReleased',
    holdId: hold.holdId,
    releasedAt: hold.expiresAt ?? toInstant(world.now),
    lapsed: true,
  }));
  const hold = activeHold(world.account.holds, world.now);
  if (world.current.held && hold === undefined) drafts.push({ type: 'JourneyResumed', why: 'The last hold ended' });
  if (!world.current.held && hold !== undefined) drafts.push(...begunHold(world, hold));
  return drafts;
}

/** A hold that was placed for a later instant has begun. */
function begunHold(world: World, hold: Hold): Draft[] {
  const closed = world.current.tasks.filter((task) => CONTACT_QUEUES.includes(task.queue));
  return [
    { type: 'JourneyHeld', holdId: hold.holdId, kind: hold.kind },
    ...closed.map(({ taskId, queue, objective }): Draft => ({ type: 'TaskClosed', taskId, queue, objective, reason: 'held' })),
  ];
}

function expiredTasks(world: World): Draft[] {
  const { expires } = world.setting.ladder;
  return world.current.tasks
    .filter((task) => expires.includes(task.queue) && toMillis(task.dueAt) <= world.now)
    .map(({ taskId, queue, objective }) => ({ type: 'TaskClosed', taskId, queue, objective, reason: 'expired' }));
}

function servedNotices(world: World): Draft[] {
  const { current } = world;
  if (current.legal.noticeServedAt !== undefined || current.stage !== 'legal') return [];
  const service = serviceOf(world);
  if (service === undefined || service.at > world.now) return [];
  const contactIds = service.contacts.map((contact) => `${current.caseId}-${contact.key}`);
  return [{ type: 'LegalNoticeServed', contactIds, how: service.how }];
}

/** Messages of another account that spoke for this one: each counts once, whenever this case looks next. */
export function sharedMessages(world: World): Draft<'ContactShared'>[] {
  return sharedWith(world).map(({ id, channel, accountId, at }) => ({
    type: 'ContactShared',
    contactId: id,
    channel,
    ledBy: accountId ?? '',
    sentAt: at,
  }));
}

/** The stage's minimum cannot be met for want of a contact point: recorded, so that the case may go on. */
function impossibleMinimum(world: World): Draft[] {
  const { account, current } = world;
  if (!account.customerKnown || world.hold !== undefined || current.curedAt !== undefined || current.plan?.status === 'active') return [];
  if (world.daysPastDue <= world.setting.ladder.graceDays || current.messageImpossibleAt[current.stage] !== undefined) return [];
  if (quietEnds(world) !== undefined || current.legal.referredAt !== undefined) return [];
  if (current.promises.some((promise) => promise.status === 'open')) return [];
  // Nothing may go on a figure that old; that is no fault of the contact points.
  if (isFigureStale(account, world.setting.deployment, world.now)) return [];
  const why = whyMinimumImpossible(world);
  if (why === undefined) return [];
  // Nor is a holiday calendar that ends, which is the operator's to extend: the case waits, it does not rise without its contact. Asked
  // last, because it asks the gate about every contact point.
  const points = world.governor?.points ?? [];
  if (points.some((point) => gateVerdict(world, point.channel, point, 'collection', world.now).rule === 'CALENDAR_HORIZON')) return [];
  return [{ type: 'MessageImpossible', stage: current.stage, why }];
}

function whyMinimumImpossible(world: World): string | undefined {
  const { current } = world;
  if (current.stage !== 'call') return whyMessageImpossible(world);
  return current.tasks.every((task) => task.queue !== 'call') && cannotCall(world) ? 'no number may be called' : undefined;
}
