import { CHANNELS } from '../domain/model.ts';
import type { HolidayCalendar } from '../domain/policy/holidays/calendar.ts';
import { allCalendars } from '../domain/policy/holidays/registry.ts';
import { HOUSE_RULES } from '../domain/policy/packs/house.ts';
import type {
  CountProvision,
  Duties,
  HoursProvision,
  LimitationProvision,
  Pack,
  Provision,
  RetentionProvision,
  RuleSet,
  SpacingProvision,
  StopProvision,
} from '../domain/policy/packs/pack.ts';
import { allPacks, draftPacks } from '../domain/policy/packs/registry.ts';
import { NOTE, table } from './markdown.ts';

type Row = readonly string[];

/** Every policy pack, the house's rules and the holiday calendars, as tables drawn from the data. */
export function packsDocument(): string {
  return [
    '# The policy packs',
    `${NOTE} Source: \`domain/policy/packs/\` and \`domain/policy/holidays/\`.`,
    "A pack encodes the published limits of a jurisdiction as far as we know them. It is no legal advice and makes nobody's conduct lawful: have local counsel read a pack before it goes live.",
    '**Force** is what stands behind a value: `law`, `presumption` (of a breach), `guidance` (a regulator or an association), or `house` (chosen). **Mark** is how well it is known: `R` the rule itself was read, `N` a news item or a summary, `M` from memory and **not verified**, `H` chosen because no number is published. Hours are wall-clock times, closed at their end; days are calendar days by the local date of the customer.',
    'A contact is judged by the version in force at its instant; the first version of a pack applies to all earlier instants.',
    rulesSection(`On top of every pack: ${HOUSE_RULES.version} (\`houseOverlay\`)`, '##', HOUSE_RULES, []),
    ...allPacks().map(packSection),
    ...draftPacks().map((pack) => `${packSection(pack)}\n\n**Draft: published for comment, never in force here.**`),
    '## Public holidays',
    'Asked only by rules that treat holidays apart. A year before the first has no holidays; in a year after the last such a rule denies every contact with `CALENDAR_HORIZON`, until the calendar is extended.',
    table(['calendar', 'of', 'first year', 'last year', 'days', 'source'], allCalendars().map(calendarRow)),
    '',
  ]
    .join('\n\n')
    .replace(/\n+$/, '\n');
}

function calendarRow({ id, name, firstYear, lastYear, days, source }: HolidayCalendar): Row {
  return [id, name, String(firstYear), String(lastYear), String(days.size), source];
}

function packSection(pack: Pack): string {
  const { zones, thirdParties, stops, duties } = pack;
  const unknown = zones.unknown === undefined ? 'unknown place: no contact' : `unknown place: ${zones.unknown.join(' and ')}`;
  const together = zones.together === undefined ? '' : `; in ${zones.together.who.join(' or ')}: ${zones.together.need.join(' and ')}`;
  const to = pack.effectiveTo === undefined ? '' : ` until ${pack.effectiveTo}`;
  return [
    rulesSection(`${pack.id}: ${pack.version}, from ${pack.effectiveFrom}${to} (${pack.homeZone})`, '##', pack, [
      row(zones, `${unknown}${together}`),
      row(thirdParties, thirdPartyOf(thirdParties)),
    ]),
    '### What stops contact',
    table(
      HEAD,
      stops.map((stop) => row(stop, stopOf(stop))),
    ),
    '### What the gate does not ask',
    table(HEAD, dutyRows(duties)),
  ].join('\n\n');
}

const HEAD = ['rule', 'in words', 'as data', 'force', 'mark', 'source'];

function row(provision: Provision, limit: string): Row {
  const roles = provision.roles === undefined ? '' : `${provision.roles.join(', ')}: `;
  const mark = provision.verified === false ? `${provision.mark} (not verified)` : provision.mark;
  return [`\`${provision.rule}\``, provision.text, `${roles}${limit}`, provision.force, mark, provision.source];
}

function rulesSection(title: string, level: string, rules: RuleSet, more: readonly Row[]): string {
  const rows = [
    ...(rules.grace === undefined ? [] : [row(rules.grace, `${rules.grace.days} days`)]),
    ...rules.hours.map((provision) => row(provision, hoursOf(provision))),
    ...rules.counts.map((provision) => row(provision, countOf(provision))),
    ...rules.spacings.map((provision) => row(provision, spacingOf(provision))),
    ...(rules.closingMargin === undefined
      ? []
      : [row(rules.closingMargin, `${channelsOf(rules.closingMargin.channels)}: ${rules.closingMargin.minutes} minutes`)]),
    ...more,
  ];
  const listed = (text: string, purposes: readonly string[]): string =>
    purposes.length === 0 ? '' : `\n\n${text}: ${purposes.join(', ')}.`;
  const notes = `${listed('No collection, so outside all of these rules', rules.notCollection)}${listed('Neither limited by a count nor counted', rules.uncounted)}`;
  return `${level} ${title}\n\n${table(HEAD, rows)}${notes}`;
}

function channelsOf(channels: readonly string[]): string {
  return channels.length === CHANNELS.length ? 'all channels' : channels.join(' ');
}

function hoursOf({ channels, openings, onHolidays, atWork, zone }: HoursProvision): string {
  const times = openings.map(({ weekdays, from, to }) => `${weekdays.length === 7 ? '' : `weekdays ${weekdays.join('')} `}${from}–${to}`);
  const holidays = onHolidays?.map(({ from, to }) => `${from}–${to}`);
  const parts = [
    ...times,
    ...(holidays === undefined ? [] : [`holidays ${holidays.length === 0 ? 'closed' : holidays.join(', ')}`]),
    ...(zone === undefined ? [] : [`by the clock of ${zone}`]),
  ];
  return `${channelsOf(channels)}${atWork ? ' at work' : ''}: ${parts.join('; ')}`;
}

function countOf(provision: CountProvision): string {
  const { limits, scope, window, max, counts, place, leavesOutNotConnected, consentDays } = provision;
  const span =
    window.kind === 'rollingDays' ? `${window.days} days` : window.kind === 'calendarDay' ? 'a calendar day' : 'a calendar month';
  const counted = counts.map(({ channels, tally, inbound }) => `${tally}${inbound ? ', inbound too,' : ''} by ${channelsOf(channels)}`);
  const notes = [
    ...(place === undefined ? [] : [place === 'work' ? 'at work' : 'not at work']),
    ...(leavesOutNotConnected ? ['not those that could not be put through'] : []),
    ...(consentDays === undefined ? [] : [`not within ${consentDays} days of a direct consent`]),
    ...(provision.uncounted === undefined ? [] : [`not ${provision.uncounted.join(', ')}`]),
  ];
  return `${channelsOf(limits)}: ${max} in ${span}, ${scope}; counted: ${[...counted, ...notes].join(', ')}`;
}

function spacingOf({ limits, scope, minutes }: SpacingProvision): string {
  return `${channelsOf(limits)}: ${minutes} minutes apart, ${scope}`;
}

function thirdPartyOf({ likeCustomer, location }: Pack['thirdParties']): string {
  const others =
    location === undefined
      ? 'nobody else'
      : [
          'others for location only',
          ...location.when.map((fact) => `when ${fact}`),
          ...location.unless.map((fact) => `unless ${fact}`),
        ].join(', ');
  return `${likeCustomer.length === 0 ? '' : `${likeCustomer.join(', ')} like the customer; `}${others}`;
}

function stopOf(stop: StopProvision): string {
  const parts = [
    stop.when.length === 0 ? 'always' : stop.when.join(' or '),
    ...(stop.channels === undefined ? [] : [`by ${stop.channels.join(' ')}`]),
    ...(stop.atWork ? ['at work'] : []),
    ...(stop.onlyPurposes === undefined ? [] : [`for ${stop.onlyPurposes.join(', ')}`]),
    ...(stop.unless === undefined ? [] : [`unless ${stop.unless.join(' or ')}`]),
    ...(stop.exceptPurposes === undefined ? [] : [`not for ${stop.exceptPurposes.join(', ')}`]),
    ...(stop.exceptTargets === undefined ? [] : [`not to ${stop.exceptTargets.join(', ')}`]),
  ];
  return `${parts.join('; ')}. Ends ${stop.ends}`;
}

function dutyRows(duties: Duties): readonly Row[] {
  const { plan, emailUnsubscribe, visit } = duties;
  return [
    row(duties.actorScope, ''),
    row(duties.identityCheck, ''),
    ...duties.disclosures.map((disclosure) => row(disclosure, `${channelsOf(disclosure.channels)}: ${disclosure.on} contact`)),
    ...(emailUnsubscribe === undefined ? [] : [row(emailUnsubscribe, '')]),
    ...duties.noticeDays.map((notice) => row(notice, `${notice.days} days`)),
    row(duties.limitation, limitationText(duties.limitation)),
    row(duties.retentionDays, retentionText(duties.retentionDays)),
    ...(plan === undefined ? [] : [row(plan, planOf(plan))]),
    ...(visit === undefined ? [] : [row(visit, '')]),
  ];
}

function retentionText({ days, from, leastDays }: RetentionProvision): string {
  const least = leastDays === undefined ? '' : `; a bank may shorten it to ${leastDays}`;
  return `${days} days from ${from === 'item' ? 'each text and note' : 'the end of the case'}${leastDays === days ? '; no bank may shorten it' : least}`;
}

function limitationText({ years, fewerIn, interruptedBy }: LimitationProvision): string {
  const fewer = fewerIn === undefined ? '' : `, ${fewerIn.years} in ${fewerIn.zones.join(', ')}`;
  return `${years} years${fewer}; anew by ${interruptedBy.join(', ') || 'nothing'}`;
}

function planOf({ termMonthsMax, plansMax }: NonNullable<Duties['plan']>): string {
  return [
    ...(termMonthsMax === undefined ? [] : [`at most ${termMonthsMax} months`]),
    ...(plansMax === undefined ? [] : [`at most ${plansMax} plans`]),
  ].join(', ');
}
