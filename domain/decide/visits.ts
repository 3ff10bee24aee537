import { addDays, DAY, daysBetween, HOUR, localDate, startOfDay, toMillis } from '../calendar.ts';
import { needsNamedApproval } from '../case-status.ts';
import { isDelivered, isUndelivered } from '../contact-points/delivery.ts';
import { findingOn } from '../contact-points/health.ts';
import { overdueMinor } from '../ledger.ts';
import type { Contact } from '../model.ts';
import { stepOf } from '../reducer/contacts.ts';
import { messageChannels } from '../strategy/channels.ts';
import { treatmentOf } from '../strategy/flags.ts';
import { proposeMessage } from './messages.ts';
import { ownPoints, type Proposal, plannedInstant, type World, whenAllowed } from './world.ts';

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
  missing.push(...missingForExhaustion(world));
  if (current.visits.length >= rules.visitsMax) missing.push(`${rules.visitsMax} visits were made already`);
  const last = current.visits.at(-1);
  if (last !== undefined && world.now - toMillis(last.at) < rules.everyDays * DAY)
    missing.push(`the last visit was less than ${rules.everyDays} days ago`);
  if (current.visitRefusedAt !== undefined && world.now - toMillis(current.visitRefusedAt) < rules.everyDays * DAY)
    missing.push('the visit was not approved');
  return missing;
}

/** The proof that the remote channels are exhausted (docs/ladder.md). */
function missingForExhaustion(world: World): string[] {
  const { account, current, setting, today } = world;
  const rules = setting.ladder.fieldVisit;
  const missing: string[] = [];
  const findings = world.governor?.findings ?? {};
  for (const point of ownPoints(world, 'voice').filter((row) => findingOn(findings, row) === undefined)) {
    const tries = current.tries[point.id];
    if (tries === undefined || tries.days < rules.triedDays) missing.push(`number ${point.id} was not tried on ${rules.triedDays} days`);
    else if (daysBetween(tries.firstDate, tries.lastDate) < rules.triedSpanDays)
      missing.push(`the tries of number ${point.id} do not span ${rules.triedSpanDays} days`);
    else if (!tries.evening) missing.push(`number ${point.id} was not tried in the evening`);
    else if (!tries.weekend) missing.push(`number ${point.id} was not tried at a weekend`);
  }
  if (deliveredMessages(world) < rules.messages) missing.push(`fewer than ${rules.messages} messages were delivered or came back`);
  const spoken = current.lastConversationAt;
  if (spoken !== undefined && daysBetween(localDate(toMillis(spoken), account.timeZone), today) < rules.quietDaysAfterConversation) {
    missing.push(`the customer was spoken to in the last ${rules.quietDaysAfterConversation} days`);
  }
  return missing;
}

/** Messages whose end is known: reported as delivered or come back, or taken by the provider 72 hours ago without a report. */
function deliveredMessages(world: World): number {
  const counted = world.current.contacts.filter((contact) => contact.purpose !== 'statutory-notice');
  const tooYoung = counted.filter((contact) => (endKnown(world, contact) ?? 0) > world.now).length;
  const sent = Object.values(world.current.sentByStage).reduce((sum, count) => sum + count, 0);
  return sent - tooYoung;
}

/** From when on the end of a message is known; undefined for one that was not sent. */
function endKnown(world: World, contact: Contact): number | undefined {
  if (contact.sentAt === undefined) return undefined;
  if (isDelivered(contact) || isUndelivered(contact)) return toMillis(contact.sentAt);
  return toMillis(contact.sentAt) + world.setting.ladder.legal.deliveredAfterHours * HOUR;
}

/** When time alone has taken away what stands between this case and a visit; undefined where more than time is missing. */
function possibleFrom(world: World): number | undefined {
  const { current, setting, account, now } = world;
  const { everyDays, quietDaysAfterConversation } = setting.ladder.fieldVisit;
  const spokenOn = current.lastConversationAt === undefined ? undefined : localDate(toMillis(current.lastConversationAt), account.timeZone);
  const ends = [
    ...[current.visits.at(-1)?.at, current.visitRefusedAt].flatMap((at) => (at === undefined ? [] : [toMillis(at) + everyDays * DAY])),
    ...(spokenOn === undefined ? [] : [startOfDay(addDays(spokenOn, quietDaysAfterConversation), account.timeZone)]),
    ...current.contacts.flatMap((contact) => endKnown(world, contact) ?? []),
  ];
  const instants = [now, ...ends.filter((at) => at > now).sort((one, other) => one - other)];
  return instants.find((at) => missingForVisit({ ...world, now: at, today: localDate(at, account.timeZone) }).length === 0);
}

export function proposeVisit(world: World): Proposal | undefined {
  const { current } = world;
  if (current.tasks.some((task) => task.queue === 'field-visit' || task.objective === 'review-field-visit')) return undefined;
  const at = possibleFrom(world);
  if (at === undefined) return undefined;
  if (needsNamedApproval(world.account, current, world.track) && !current.approvals.includes('field-visit')) {
    if (current.refusals.includes('field-visit')) return undefined;
    return {
      kind: 'task',
      act: 'open-review',
      at,
      why: 'A named person decides whether a visit may be requested',
      task: { queue: 'case-review', objective: 'review-field-visit', subject: 'field-visit' },
    };
  }
  if (current.visitApprovedAt === undefined) {
    return {
      kind: 'task',
      act: 'ask-for-approval',
      at,
      why: 'The remote channels are exhausted',
      task: { queue: 'field-visit', objective: 'approve-visit' },
    };
  }
  return proposeAnnouncement(world, at) ?? proposeApprovedVisit(world, Math.max(at, announcedFrom(world) ?? at));
}

/** An approval has one announcement. */
function announcementStep({ account, current }: World): string {
  return `visit-${localDate(toMillis(current.visitApprovedAt ?? current.openedAt), account.timeZone)}`;
}

/** From when on the customer expects the visit; undefined where no message said so. */
function announcedFrom(world: World): number | undefined {
  const { current, account, setting } = world;
  const sentAt = current.contacts.find((contact) => stepOf(contact.key) === announcementStep(world))?.sentAt;
  if (sentAt === undefined) return undefined;
  return startOfDay(addDays(localDate(toMillis(sentAt), account.timeZone), setting.ladder.fieldVisit.noticeDays), account.timeZone);
}

/** A visit is announced, so that the customer can choose another day or decline. Where no message can say so it goes without. */
function proposeAnnouncement(world: World, notBefore: number): Proposal | undefined {
  const { visitApprovedAt } = world.current;
  if (visitApprovedAt === undefined || announcedFrom(world) !== undefined) return undefined;
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
