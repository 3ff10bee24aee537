import { DAY, daysBetween, isWeekend, localDate, toInstant, toMillis } from '../../domain/calendar.ts';
import { decide } from '../../domain/decide/decide.ts';
import { dueRecords } from '../../domain/decide/records.ts';
import { worldOf } from '../../domain/decide/world.ts';
import { LADDER } from '../../domain/policy/ladder.ts';
import type { CaseDriver } from './case-driver.ts';

const ZONE = 'Asia/Shanghai';
const dateOf = (at: string) => localDate(toMillis(at), ZONE);

/** What invariant 6 asks of a referral, read off the timeline alone. Answers what is not there. */
export function unprovenOfReferral(driver: CaseDriver): string[] {
  const referral = driver.entriesOf('LegalReferred')[0];
  if (referral === undefined) return ['a referral'];
  const before = driver.entries.filter((entry) => entry.seq < referral.seq);
  const last = (type: string) => before.findLast((entry) => entry.type === type);
  const demands = before.filter(
    (entry) =>
      entry.type === 'ContactReserved' &&
      (entry.purpose === 'collection' || entry.purpose === 'plan-offer') &&
      before.some((sent) => sent.type === 'ContactSent' && sent.contactId === entry.contactId),
  );
  const [intent, served, evidence, approval] = [
    last('IntentConfirmed'),
    last('LegalNoticeServed'),
    last('EvidenceAssembled'),
    last('ReferralApproved'),
  ];
  const entered = before.findLast((entry) => entry.type === 'StageEntered' && entry.stage === 'legal');
  const unproven: string[] = [];
  if (demands.length < 2) unproven.push('two written demands');
  if (last('PlanOffered') === undefined && last('PlanAgreed') === undefined) unproven.push('an offer');
  if (entered === undefined || intent === undefined || intent.seq < entered.seq) unproven.push('an intent in this suit');
  if (served === undefined || intent === undefined || served.seq < intent.seq) unproven.push('a notice after the intent');
  if (served !== undefined && daysBetween(dateOf(served.at), dateOf(referral.at)) < 15) unproven.push('15 days after the notice');
  if (evidence === undefined || served === undefined || evidence.seq < served.seq) unproven.push('evidence after the notice');
  if (approval === undefined || evidence === undefined || approval.seq < evidence.seq) unproven.push('an approval of that evidence');
  return unproven;
}

/** What must be on the timeline before somebody is asked for a visit: recomputed from the outcomes themselves. */
export function unprovenOfVisit(driver: CaseDriver, seq: number, numbers: readonly string[]): string[] {
  const before = driver.entries.filter((entry) => entry.seq < seq);
  const unproven: string[] = [];
  for (const number of numbers) {
    const tries = before.flatMap((entry) => (entry.type === 'TaskOutcomeReported' && entry.contactPointId === number ? [entry] : []));
    const dates = [...new Set(tries.map((entry) => entry.onDate))].sort();
    if (dates.length < 3) unproven.push(`${number}: three days`);
    if (daysBetween(dates[0] ?? '2026-01-01', dates.at(-1) ?? '2026-01-01') < 10) unproven.push(`${number}: ten days apart`);
    if (!tries.some((entry) => entry.minutesOfDay >= 18 * 60)) unproven.push(`${number}: an evening`);
    if (!dates.some(isWeekend)) unproven.push(`${number}: a weekend`);
  }
  const at = toMillis(driver.entries[seq - 1]?.at ?? '');
  const taken = before.filter((entry) => entry.type === 'ContactSent' && toMillis(entry.at) <= at - 3 * DAY);
  if (taken.length < 2) unproven.push('two messages, three days old');
  return unproven;
}

/** What would be due to whoever looks at the case before it wakes: it would wait for another thing's wake-up. */
export function dueBefore(driver: CaseDriver, wakes: number): string | undefined {
  const { account, current, governor, setting } = driver.world();
  const between = driver.now + Math.floor((wakes - driver.now) * 0.6);
  for (const now of [between, Math.max(between, wakes - 1000)]) {
    const world = worldOf(account, current, governor, { ...setting, now });
    const { proposal } = decide(world);
    const records = dueRecords(world).map(({ type }) => type);
    if (proposal.kind !== 'wait') return `${[proposal.act, ...records].join(', ')} at ${toInstant(now)}: ${proposal.why}`;
  }
  return undefined;
}

/**
 * The texts that went twice in one case, by what was sent, whatever the case remembers of it: same words, way, amount and part of the
 * ladder. The announcement of a visit names a day of its own.
 */
export function textsSaidTwice(driver: CaseDriver): string[] {
  const texts = driver.sent
    .filter((message) => message.purpose === 'collection' && message.template !== 'visit-before')
    .map((message) => {
      const days = LADDER.datedTexts.includes(message.template) ? Math.floor(message.daysPastDue / LADDER.textDays) : '';
      return [message.caseId, message.template, message.channel, message.contactPointId, message.overdueMinor, days].join(' ');
    });
  return texts.filter((text, index) => texts.indexOf(text) !== index);
}
