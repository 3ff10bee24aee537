import { type LocalTime, localTime } from './clock.ts';
import type { Contact } from './facts.ts';
import { binds, type Hearing, isAbout } from './hearing.ts';
import * as house from './house.ts';
import type { CountRule, PauseRule, Seen } from './rules.ts';

/** How often, and how soon after another: one number after the other, from the contacts themselves. */
export function checkCounts(hearing: Hearing): void {
  const { pack, setting, contact, now, local, rule } = hearing;
  // Whoever begins a call or sets out does not know yet whether somebody will answer.
  const begun: Seen = { contact, at: now, unanswered: true, answered: contact.channel === 'voice' || contact.channel === 'visit' };
  for (const count of [...pack.counts, ...(setting.house ? house.COUNTS : [])]) {
    if (!binds(count, hearing) || !count.counts(begun)) continue;
    if (count.exceptWithDirectConsent && hasDirectConsent(now, hearing)) continue;
    const number = Math.max(...local.map((place) => numberOf(count, begun, place, hearing)));
    const span = count.days === 'calendar-month' ? 'in a month' : count.days === 1 ? 'on one day' : `in ${count.days} days`;
    rule(count.name, number > count.max ? `number ${number} ${span}, at most ${count.max}` : undefined);
  }
  for (const pause of [...pack.pauses, ...(setting.house ? house.PAUSES : [])]) {
    if (!binds(pause, hearing) || !pause.concerns(contact)) continue;
    if (pause.exceptWithDirectConsent && hasDirectConsent(now, hearing)) continue;
    rule(pause.name, sayPause(pause, hearing));
  }
}

/** Which number the contact has among those that the rule counts, by the dates of one place. */
function numberOf(count: CountRule, begun: Seen, here: LocalTime, hearing: Hearing): number {
  const approvals = (hearing.record.pressureApprovals ?? []).map(({ at }) => Date.parse(at)).filter((at) => at <= hearing.now);
  const counted = [...hearing.earlier, begun].filter((seen) => {
    if (!count.counts(seen) || !areOfOne(count.per, seen.contact, begun.contact)) return false;
    if (count.exceptWithDirectConsent && hasDirectConsent(seen.at, hearing)) return false;
    if (count.untilApproved && approvals.some((at) => seen.at < at)) return false;
    const there = localTime(seen.at, here.zone);
    return count.days === 'calendar-month' ? there.month === here.month : here.day - there.day < count.days;
  });
  return counted.length;
}

function sayPause({ after, per, days, minutes }: PauseRule, { earlier, contact, local, now }: Hearing): string | undefined {
  for (const other of earlier.filter((seen) => after(seen) && areOfOne(per, seen.contact, contact))) {
    if (minutes !== undefined && now - other.at < minutes * 60_000) return `less than ${minutes} minutes after ${other.contact.id}`;
    const early = local.find((here) => days !== undefined && here.day - localTime(other.at, here.zone).day < days);
    if (early !== undefined) return `within ${days} days of ${other.contact.id}, by the dates of ${early.zone}`;
  }
  return undefined;
}

/** Whether two contacts are about one account or went to one address; what nobody said may be any. */
function areOfOne(per: CountRule['per'], one: Contact, other: Contact): boolean {
  if (per === 'customer') return true;
  if (per === 'address') return one.addressKey === undefined || other.addressKey === undefined || one.addressKey === other.addressKey;
  if (other.accountId === undefined) return true;
  return [other.accountId, ...(other.alsoAbout ?? [])].some((accountId) => isAbout(one, accountId));
}

/** Consent given to the collector itself lasts for seven days, the day it was given on being the first. */
function hasDirectConsent(at: number, { record, local }: Hearing): boolean {
  return (record.directConsents ?? []).some(
    (given) => Date.parse(given) <= at && local.every(({ zone }) => localTime(at, zone).day - localTime(Date.parse(given), zone).day < 7),
  );
}
