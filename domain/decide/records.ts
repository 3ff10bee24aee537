import { toInstant, toMillis } from '../calendar.ts';
import type { Draft } from '../entries.ts';
import { activeHold, hasLapsed } from '../holds.ts';
import { planRecords, promiseRecords } from './arrangement.ts';
import { cannotCall } from './calls.ts';
import { servedAt } from './legal.ts';
import { firstMessageImpossible } from './messages.ts';
import type { World } from './world.ts';

/** What time alone has brought and nobody has written down yet. */
export function dueRecords(world: World): Draft[] {
  return [
    ...lapsedHolds(world),
    ...expiredTasks(world),
    ...promiseRecords(world),
    ...planRecords(world),
    ...servedNotices(world),
    ...impossibleMinimum(world),
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
  const stillHeld = activeHold(world.account.holds, world.now) !== undefined;
  if (world.current.held && !stillHeld) drafts.push({ type: 'JourneyResumed', why: 'The last hold ended' });
  return drafts;
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
  const served = servedAt(world);
  if (served === undefined || served > world.now) return [];
  const notices = current.contacts.filter((contact) => contact.purpose === 'formal-notice' && contact.sentAt !== undefined);
  return [{ type: 'LegalNoticeServed', contactIds: notices.map((contact) => `${current.caseId}-${contact.key}`), how: 'elapsed' }];
}

/** The stage's minimum cannot be met for want of a contact point: recorded, so that the case may go on. */
function impossibleMinimum(world: World): Draft[] {
  const { account, current } = world;
  if (!account.customerKnown || world.hold !== undefined || current.curedAt !== undefined || current.plan?.status === 'active') return [];
  if (world.daysPastDue <= world.setting.ladder.graceDays || current.messageImpossibleAt[current.stage] !== undefined) return [];
  if (current.quietUntil !== undefined && toMillis(current.quietUntil) > world.now) return [];
  if (current.promises.some((promise) => promise.status === 'open')) return [];
  const { stage } = current;
  if (stage === 'call' && current.tasks.every((task) => task.queue !== 'call') && cannotCall(world)) {
    return [{ type: 'MessageImpossible', stage, why: 'no number may be called' }];
  }
  return firstMessageImpossible(world) ? [{ type: 'MessageImpossible', stage, why: 'no own contact point can carry a message' }] : [];
}
