import { addDays, DAY, HOUR, localDate, startOfDay, toMillis } from '../calendar.ts';
import { needsNamedApproval } from '../case-status.ts';
import { isDelivered, isUndelivered } from '../contact-points/delivery.ts';
import { balanceMinor } from '../ledger.ts';
import { limitationOf } from '../limitation.ts';
import type { Case, Contact } from '../model.ts';
import { packFor } from '../policy/packs/registry.ts';
import { isWrittenDemand } from '../reducer/contacts.ts';
import { deployed } from '../strategy/channels.ts';
import { treatmentOf } from '../strategy/flags.ts';
import { proposeMessage } from './messages.ts';
import type { Proposal, World } from './world.ts';

/** The legal way: intent, notice, waiting period, evidence, counsel, referral. Each step needs the one before it on the timeline. */

/** What stands between this case and a confirmed intent, as sentences (invariant 6). */
export function missingForIntent(world: World): string[] {
  const missing = missingFacts(world);
  if (needsNamedApproval(world.account, world.current, world.track) && !world.current.approvals.includes('legal'))
    missing.push(`${whyApproval(world)}, and no named person approved considering a suit`);
  return missing;
}

function whyApproval({ account, current }: World): string {
  if (current.hardshipAt !== undefined) return 'the customer is in hardship';
  const vulnerable = [...account.facts.flags, ...account.flags].includes('vulnerable');
  return vulnerable ? 'the customer is vulnerable' : 'it is the first time that the customer is overdue';
}

/** Of those what no person's approval can mend. */
function missingFacts(world: World): string[] {
  const { account, current, setting } = world;
  const rules = setting.ladder.legal;
  const missing: string[] = [];
  if (treatmentOf(account, 'legal').treatment === 'never') missing.push('the account is flagged: no suit is considered');
  if (world.daysPastDue < rules.minimumDaysPastDue || world.contractDaysPastDue < rules.minimumDaysPastDue)
    missing.push(`not ${rules.minimumDaysPastDue} days past due`);
  if (balanceMinor(account) < (rules.minimumBalanceMinor[account.currency ?? ''] ?? 0))
    missing.push('the balance is below the minimum for a suit');
  if (isTimeBarred(world)) missing.push(`the debt is time-barred since ${limitationOf(account, setting.deployment, world.now)?.endsOn}`);
  if (world.hold !== undefined)
    missing.push(world.hold.kind === 'deceased' ? 'the customer has died' : `a hold (${world.hold.kind}) stops it`);
  if (current.writtenDemands - youngDemands(world).length < rules.writtenDemands)
    missing.push(`fewer than ${rules.writtenDemands} written demands arrived`);
  if (current.planOfferedAt === undefined) missing.push('no arrangement was offered');
  return missing;
}

/**
 * When each of the latest written demands counts as arrived, the soonest first: none of them has been reported on, and the time in which
 * a provider says that one came back is not over. One that came back never counts.
 */
function youngDemands({ current, setting, now }: World): readonly number[] {
  return current.contacts
    .filter((contact) => isWrittenDemand(contact) && !isDelivered(contact) && !isUndelivered(contact))
    .flatMap(({ sentAt }) => (sentAt === undefined ? [] : [toMillis(sentAt) + setting.ladder.legal.deliveredAfterHours * HOUR]))
    .filter((at) => at > now)
    .sort((one, other) => one - other);
}

/** Where nothing is missing but the arrival of demands that went, the time at which there are enough. */
function untilDemandsArrived(world: World): Proposal | undefined {
  const { current, setting } = world;
  const young = youngDemands(world);
  const at = young[setting.ladder.legal.writtenDemands - (current.writtenDemands - young.length) - 1];
  if (at === undefined || missingFacts(world).length > 1) return undefined;
  return { kind: 'wait', act: 'wait', at, why: 'A written demand counts once it has had the time to come back' };
}

/** What stands between this case and a referral; the referral itself checks it again. */
export function missingForReferral(world: World): string[] {
  const { legal } = world.current;
  const missing = missingForIntent(world);
  if (legal.intentConfirmedBy === undefined) missing.push('nobody confirmed the intent');
  if (legal.noticeServedAt === undefined) missing.push('no formal notice was served');
  else if (noticeEnds(world, legal.noticeServedAt) > world.now) missing.push('the notice period runs');
  if (legal.evidenceHash === undefined) missing.push('no evidence was assembled');
  if (legal.approvedBy === undefined) missing.push('counsel did not approve');
  return missing;
}

/** Whether a suit would come too late: nobody may speak of one any more. */
export function isTimeBarred({ account, setting, now, today }: World): boolean {
  const limitation = limitationOf(account, setting.deployment, now);
  return limitation !== undefined && today > limitation.endsOn;
}

/** Whole local days between a served notice and a referral: the ladder's, or more where the law of the place asks for more. */
export function noticeDays({ account, setting, now }: Pick<World, 'account' | 'setting' | 'now'>): number {
  const pack = packFor(account.jurisdiction ?? setting.deployment.jurisdiction, now);
  return Math.max(setting.ladder.legal.noticeDays, ...(pack?.duties.noticeDays ?? []).map(({ days }) => days));
}

/** The first instant after the waiting period that a served notice starts. */
function noticeEnds(world: World, servedAt: string): number {
  const { timeZone } = world.account;
  return startOfDay(addDays(localDate(toMillis(servedAt), timeZone), noticeDays(world) + 1), timeZone);
}

/** The notices of this suit; those of one that was given up before do not count. */
function sentNotices(current: Case): readonly Contact[] {
  return current.contacts.filter((contact) => current.legal.noticeContactKeys.includes(contact.key));
}

/** Those of them that no report says came back. */
function standingNotices(current: Case): readonly Contact[] {
  return sentNotices(current).filter((contact) => !isUndelivered(contact));
}

/** How and when the notices count as served, and which. */
interface Service {
  readonly at: number;
  readonly how: 'reported' | 'elapsed';
  readonly contacts: readonly Contact[];
}

/**
 * When the notices that went out count as served: a report says that one arrived, or the provider took them and 72 hours passed without
 * one that says otherwise (docs/ladder.md). A notice that can go on another channel within that time goes first.
 */
export function serviceOf(world: World): Service | undefined {
  const { current, setting } = world;
  const contacts = standingNotices(current);
  const last = contacts.at(-1)?.sentAt;
  if (last === undefined) return undefined;
  const elapses = toMillis(last) + setting.ladder.legal.deliveredAfterHours * HOUR;
  // A channel that failed is tried again much later: the other's notice is not kept waiting for it.
  const another = nextNotice(world);
  if (another !== undefined && another.at < elapses) return undefined;
  const arrived = contacts.filter(isDelivered);
  const first = Math.min(...arrived.flatMap(({ delivery }) => (delivery === undefined ? [] : [toMillis(delivery.at)])));
  return first <= elapses ? { at: first, how: 'reported', contacts: arrived } : { at: elapses, how: 'elapsed', contacts };
}

export function proposeLegalStep(world: World): Proposal | undefined {
  const { current, setting } = world;
  const { legal } = current;
  if (legal.referredAt !== undefined || legal.rejectedAt !== undefined) return undefined;
  if (current.tasks.some((task) => task.queue === 'legal-review' || task.objective === 'review-legal')) return undefined;
  if (missingFacts(world).length > 0) return untilDemandsArrived(world);
  if (needsNamedApproval(world.account, current, world.track) && !current.approvals.includes('legal')) {
    if (current.refusals.includes('legal')) return undefined;
    return {
      kind: 'task',
      act: 'open-review',
      at: world.now,
      why: 'A named person decides whether a suit may be considered',
      task: { queue: 'case-review', objective: 'review-legal', subject: 'legal' },
    };
  }
  if (legal.intentConfirmedBy === undefined) {
    const again =
      legal.intentDeclinedAt === undefined ? world.now : toMillis(legal.intentDeclinedAt) + setting.ladder.legal.askAgainDays * DAY;
    return {
      kind: 'task',
      act: 'confirm-intent',
      at: again,
      why: 'A named person confirms that a suit is intended',
      task: { queue: 'legal-review', objective: 'confirm-intent' },
    };
  }
  return legal.noticeServedAt === undefined ? proposeNotice(world) : proposeReferral(world);
}

/** A provider that could not deliver now cannot at once either. */
const NOTICE_AGAIN_HOURS = 24;

/** The next notice on a channel that has none standing, the soonest first. */
function nextNotice(world: World): Proposal | undefined {
  const { account, current, setting } = world;
  const confirmedAt = toMillis(current.legal.intentConfirmedAt ?? current.stageEnteredAt);
  const confirmedOn = localDate(confirmedAt, account.timeZone);
  const channels = deployed(world, setting.ladder.noticeChannels);
  const open = channels.filter((channel) => standingNotices(current).every((contact) => contact.channel !== channel));
  const notices = open.flatMap((channel) => {
    const failed = sentNotices(current).find((contact) => contact.channel === channel)?.delivery;
    const notice = proposeMessage(world, {
      step: `notice-${channel}-${confirmedOn}`,
      template: 'legal-formal-notice',
      purpose: 'formal-notice',
      act: 'serve-notice',
      from: failed?.status === 'failed' ? toMillis(failed.at) + NOTICE_AGAIN_HOURS * HOUR : confirmedAt,
      why: failed === undefined ? 'The intent is confirmed' : 'The formal notice came back',
      channels: [channel],
      againAfterDays: setting.ladder.messageEveryDays.legal,
    });
    return notice ?? [];
  });
  return notices.sort((one, other) => one.at - other.at)[0];
}

/** One notice on every channel that can carry it, then the time in which it is delivered. */
function proposeNotice(world: World): Proposal | undefined {
  return proposeServed(world) ?? nextNotice(world);
}

/** When the notice that went counts as served. */
export function proposeServed(world: World): Proposal | undefined {
  const { stage, legal } = world.current;
  if (stage !== 'legal' || legal.noticeServedAt !== undefined) return undefined;
  const service = serviceOf(world);
  return service && { kind: 'record', act: 'record', at: service.at, why: 'The formal notice counts as served' };
}

function proposeReferral(world: World): Proposal | undefined {
  const { legal } = world.current;
  const noticed = noticeEnds(world, legal.noticeServedAt as string);
  // Counsel who returned the file wants something done first.
  const again = legal.returnedAt === undefined ? noticed : toMillis(legal.returnedAt) + world.setting.ladder.legal.askAgainDays * DAY;
  const after = Math.max(noticed, again);
  if (legal.evidenceHash === undefined) return { kind: 'record', act: 'assemble-evidence', at: after, why: 'The notice period ended' };
  if (legal.approvedBy === undefined)
    return {
      kind: 'task',
      act: 'ask-counsel',
      at: world.now,
      why: 'The evidence is assembled',
      task: { queue: 'legal-review', objective: 'approve-referral' },
    };
  return { kind: 'record', act: 'refer', at: noticed, why: 'Counsel approved' };
}
