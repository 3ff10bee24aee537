import { type LocalTime, localTime } from './clock.ts';
import type { Contact } from './facts.ts';
import { binds, type Hearing, isAbout } from './hearing.ts';
import * as house from './house.ts';
import { type CountRule, isAnswerOrNotice, isNoCollection, type PauseRule, type Seen } from './rules.ts';

/** How often, and how soon after another: one number after the other, from the contacts themselves. */
export function checkCounts(hearing: Hearing): void {
  const { pack, setting, contact, now } = hearing;
  // Whoever begins a call or sets out does not know yet whether somebody will answer.
  const begun: Seen = { contact, at: now, unanswered: true, answered: contact.channel === 'voice' || contact.channel === 'visit' };
  const isLeftOut = (one: Contact): boolean => isNoCollection(one) || isAnswerOrNotice(one);
  for (const count of pack.counts) checkCount(count, begun, hearing, isLeftOut);
  if (!setting.house) return;
  for (const count of house.COUNTS) checkCount(count, begun, hearing, house.isUncounted);
  for (const pause of house.PAUSES) checkPause(pause, begun, hearing, house.isUncounted);
}

type LeftOut = (contact: Contact) => boolean;

function checkCount(count: CountRule, begun: Seen, hearing: Hearing, isLeftOut: LeftOut): void {
  const { contact, local, rule } = hearing;
  if (!binds(count, hearing) || isLeftOut(contact) || !count.counts(begun) || count.concerns?.(contact) === false) return;
  if (count.exceptWithDirectConsent && hasDirectConsent(begun.at, hearing)) return;
  const subjects = subjectsOf(count.per, contact);
  const number = Math.max(...local.flatMap((place) => subjects.map((one) => numberOf(count, one, place, hearing, isLeftOut))));
  const span = count.days === 'calendar-month' ? 'in a month' : count.days === 1 ? 'on one day' : `in ${count.days} days`;
  rule(count.name, number > count.max ? `number ${number} ${span}, at most ${count.max}` : undefined);
}

/** A contact about several accounts counts for each, and the limit of each holds. */
function subjectsOf(per: CountRule['per'], contact: Contact): readonly Contact[] {
  const { alsoAbout, ...own } = contact;
  if (per !== 'account' || alsoAbout === undefined) return [contact];
  return [own, ...alsoAbout.map((accountId) => ({ ...own, accountId }))];
}

/** Which number the contact has among those that the rule counts, by the dates of one place. */
function numberOf(count: CountRule, contact: Contact, here: LocalTime, hearing: Hearing, isLeftOut: LeftOut): number {
  const approvals = (hearing.record.pressureApprovals ?? []).map(({ at }) => Date.parse(at)).filter((at) => at <= hearing.now);
  const counted = hearing.earlier.filter((seen) => {
    if (isLeftOut(seen.contact) || !count.counts(seen) || !areOfOne(count.per, seen.contact, contact)) return false;
    if (count.exceptWithDirectConsent && hasDirectConsent(seen.at, hearing)) return false;
    if (count.untilApproved && approvals.some((at) => seen.at < at)) return false;
    const there = localTime(seen.at, here.zone);
    return count.days === 'calendar-month' ? there.month === here.month : here.day - there.day < count.days;
  });
  return counted.length + 1;
}

function checkPause(pause: PauseRule, begun: Seen, { earlier, now, rule }: Hearing, isLeftOut: LeftOut): void {
  if (isLeftOut(begun.contact) || !pause.counts(begun)) return;
  const tooSoon = earlier.find(
    (seen) =>
      !isLeftOut(seen.contact) &&
      pause.counts(seen) &&
      areOfOne(pause.per, seen.contact, begun.contact) &&
      now - seen.at < pause.minutes * 60_000,
  );
  rule(pause.name, tooSoon === undefined ? undefined : `less than ${pause.minutes} minutes after ${tooSoon.contact.id}`);
}

/** Whether two contacts are about one account or went to one address; what nobody said may be any. */
function areOfOne(per: CountRule['per'], one: Contact, other: Contact): boolean {
  if (per === 'customer') return true;
  if (per === 'address') return one.addressKey === undefined || other.addressKey === undefined || one.addressKey === other.addressKey;
  return other.accountId === undefined || isAbout(one, other.accountId);
}

/** Consent given to the collector itself lasts for seven days, the day it was given on being the first. */
function hasDirectConsent(at: number, { record, local }: Hearing): boolean {
  return (record.directConsents ?? []).some(
    (given) => Date.parse(given) <= at && local.every(({ zone }) => localTime(at, zone).day - localTime(Date.parse(given), zone).day < 7),
  );
}
