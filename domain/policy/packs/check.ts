import { epochDay, isTimeZone } from '../../calendar.ts';
import { calendarOf } from '../holidays/registry.ts';
import type { CountProvision, HoursProvision, LimitationProvision, Pack, Provision, RetentionProvision, RuleSet } from './pack.ts';

/** What cannot be right in a set of rules, whoever wrote it: found when it is loaded, with the name of the rule. */

const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

function isClosing(to: string): boolean {
  return TIME.test(to) || to === '24:00';
}

function markProblem({ mark, force, verified, text, source }: Provision): string | undefined {
  if (text === '' || source === '') return 'must have a text and a source';
  if ((mark === 'H') !== (force === 'house')) return 'is marked H exactly where its force is house';
  return (mark === 'M') === (verified === false) ? undefined : 'is marked M exactly where it is not verified';
}

function hoursProblem({ openings, onHolidays, channels, zone }: HoursProvision): string | undefined {
  if (channels.length === 0 || openings.length === 0) return 'must name channels and openings';
  for (const { from, to } of [...openings, ...(onHolidays ?? [])]) {
    if (!TIME.test(from) || !isClosing(to) || from >= to) return `openings must be HH:MM to a later HH:MM, got ${from} to ${to}`;
  }
  const days = openings.flatMap(({ weekdays }) => weekdays);
  if (!days.every((day) => Number.isInteger(day) && day >= 1 && day <= 7)) return 'weekdays are 1 (Monday) to 7';
  return zone === undefined || isTimeZone(zone) ? undefined : `${zone} is no time zone`;
}

function countProblem({ max, window, limits, counts, consentDays }: CountProvision): string | undefined {
  if (!(Number.isInteger(max) && max >= 1)) return 'max must be at least 1: a cap of nothing would never pass';
  if (window.kind === 'rollingDays' && !(Number.isInteger(window.days) && window.days >= 1)) return 'a window must be of 1 day at least';
  if (consentDays !== undefined && consentDays < 1) return 'a consent lasts 1 day at least';
  return limits.length > 0 && counts.some(({ channels }) => channels.length > 0) ? undefined : 'must limit and count channels';
}

/** What all sets of rules have. */
function ruleSetProblems(rules: RuleSet): (readonly [Provision, string | undefined])[] {
  return [
    ...rules.hours.map((provision) => [provision, hoursProblem(provision)] as const),
    ...rules.counts.map((provision) => [provision, countProblem(provision)] as const),
    ...rules.spacings.map((provision) => [provision, provision.minutes > 0 ? undefined : 'must be more than 0 minutes'] as const),
    ...(rules.grace === undefined ? [] : [[rules.grace, rules.grace.days >= 1 ? undefined : 'must be of 1 day at least'] as const]),
    ...(rules.closingMargin === undefined ? [] : [[rules.closingMargin, undefined] as const]),
  ];
}

function refuseFirst(version: string, problems: readonly (readonly [Provision, string | undefined])[]): void {
  const seen = new Set<string>();
  for (const [provision, own] of problems) {
    const problem = own ?? markProblem(provision) ?? (seen.has(provision.rule) ? 'is named twice' : undefined);
    if (problem !== undefined) throw new RangeError(`Pack ${version}, rule ${provision.rule}: ${problem}`);
    seen.add(provision.rule);
  }
}

/** @throws RangeError naming the version and the rule that cannot be right. */
export function checkRules(rules: RuleSet): void {
  refuseFirst(rules.version, ruleSetProblems(rules));
}

/** @throws RangeError naming the version and the rule that cannot be right. */
export function checkPack(pack: Pack): void {
  const { version, zones, stops, duties, thirdParties } = pack;
  epochDay(pack.effectiveFrom);
  if (pack.effectiveTo !== undefined && epochDay(pack.effectiveTo) <= epochDay(pack.effectiveFrom)) {
    throw new RangeError(`Pack ${version}: effectiveTo must be later than effectiveFrom`);
  }
  const stray = [pack.homeZone, ...(zones.unknown ?? []), ...(zones.together?.need ?? [])].find((zone) => !isTimeZone(zone));
  if (stray !== undefined) throw new RangeError(`Pack ${version}, rule ${zones.rule}: ${stray} is no time zone`);
  calendarOf(pack.calendar);
  const { actorScope, identityCheck, disclosures, noticeDays, limitation, retentionDays, emailUnsubscribe, plan, visit } = duties;
  const optional = [emailUnsubscribe, plan, visit].filter((provision) => provision !== undefined);
  refuseFirst(version, [
    ...ruleSetProblems(pack),
    [zones, undefined],
    [thirdParties, undefined],
    ...stops.map((stop) => [stop, stop.days === undefined || stop.days >= 1 ? undefined : 'must last 1 day at least'] as const),
    ...[actorScope, identityCheck, ...disclosures, ...optional].map((provision) => [provision, undefined] as const),
    [limitation, limitationProblem(limitation)] as const,
    ...noticeDays.map((provision) => [provision, provision.days >= 1 ? undefined : 'must be of 1 day at least'] as const),
    [retentionDays, retentionProblem(retentionDays)] as const,
  ]);
}

function retentionProblem({ days, leastDays = 1 }: RetentionProvision): string | undefined {
  if (days < 1 || leastDays < 1) return 'must be of 1 day at least';
  return leastDays <= days ? undefined : 'must not be less than what a bank may shorten it to';
}

function limitationProblem({ years, fewerIn }: LimitationProvision): string | undefined {
  if (!Number.isInteger(years) || years < 1) return 'must be of 1 year at least';
  if (fewerIn === undefined) return undefined;
  if (!Number.isInteger(fewerIn.years) || fewerIn.years < 1 || fewerIn.years >= years) return `must have fewer than ${years} years there`;
  const stray = fewerIn.zones.find((zone) => !isTimeZone(zone));
  return stray === undefined ? undefined : `${stray} is no time zone`;
}
