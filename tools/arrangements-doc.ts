import { ARRANGEMENTS, type Authority, type OfferRule } from '../domain/policy/arrangements.ts';
import { NOTE, table } from './markdown.ts';

/** The catalogue of arrangements as a page: who is offered what, who approves it, and why. */
export function arrangementsDocument(): string {
  const { referral } = ARRANGEMENTS;
  return `${[
    '# Arrangements',
    `${NOTE} Source: \`domain/policy/arrangements.ts\` (\`${ARRANGEMENTS.version}\`); the rest of a plan's life: [ladder.md](ladder.md), \`plan.*\`. How amounts are computed: [decision 47](adr/0047-plans-of-sixty-months.md).`,
    '## The catalogue',
    table(['line', 'kind', 'instalments', 'rate', 'of', 'gives up', 'whom', 'approval', 'why'], ARRANGEMENTS.rules.map(ruleRow)),
    'Instalments of a deferral are the months until its one payment. Rate: per cent of the contract’s; without `terms` a plan is interest-free. *Gives up*: per cent of penalty interest and fees, once the rest is paid; never of the principal.',
    '## Who approves what is given up',
    table(['currency', 'up to, minor units', 'by'], authorityRows()),
    `Interest that a reduced rate forgoes counts. Nobody approves what they asked for; of two approvers the second is somebody else. An approval holds for ${ARRANGEMENTS.grantDays} days, and so does that of one person where two are needed. No offer may be agreed when an approval that it rests on has ended, whatever day it was made on.`,
    '## Limits',
    table(['what', 'value'], limitRows()),
    `A customer is told where a credit is to be had that would replace the debt up to ${referral.untilDaysPastDue} days past due, where ability is ${referral.ability.join(' or ')}: a referral only.`,
  ].join('\n\n')}\n`;
}

function ruleRow(rule: OfferRule): string[] {
  return [
    `\`${rule.id}\``,
    rule.kind,
    rule.months.join(', '),
    rule.ratePercent === 0 ? 'none' : `${rule.ratePercent} %`,
    rule.covers === 'overdue' ? 'what is overdue' : 'the balance',
    rule.waivesPercent === 0 ? '–' : `${rule.waivesPercent} %`,
    whom(rule),
    approvalOf(rule),
    rule.why,
  ];
}

function whom(rule: OfferRule): string {
  const parts = [
    ...(rule.tracks === undefined ? [] : [`tracks ${rule.tracks.join(', ')}`]),
    ...(rule.willingness.length === 4 ? [] : [`willingness ${rule.willingness.join(', ')}`]),
    ...(rule.ability.length === 4 ? [] : [`ability ${rule.ability.join(', ')}`]),
    ...(rule.beyondAbility === undefined
      ? []
      : [`only where the amount ${rule.beyondAbility ? 'exceeds' : 'is not known to exceed'} the ability to pay`]),
    ...(rule.needsTerms ? ['only at interest'] : []),
    ...(rule.fromDaysPastDue === undefined ? [] : [`from ${rule.fromDaysPastDue} days past due`]),
    ...(rule.products === undefined ? [] : [`products ${rule.products.join(', ')}`]),
  ];
  return parts.length === 0 ? 'anybody' : parts.join('; ');
}

function approvalOf(rule: OfferRule): string {
  if (rule.waivesPercent > 0 || (rule.ratePercent > 0 && rule.ratePercent < 100)) return 'by what is given up';
  return rule.reviewed ? named(ARRANGEMENTS.ofReview) : 'none';
}

function named({ role, people }: Authority): string {
  return people === 1 ? role : `${people} of role ${role}`;
}

function authorityRows(): string[][] {
  const rows = Object.entries(ARRANGEMENTS.authority).flatMap(([currency, steps]) =>
    steps.map(({ upToMinor, by }) => [currency, String(upToMinor), named(by)]),
  );
  return [
    ...rows,
    ['any', 'above, and in all other currencies', named(ARRANGEMENTS.aboveAll)],
    ['any', 'principal', named(ARRANGEMENTS.ofPrincipal)],
  ];
}

function limitRows(): string[][] {
  const names = [
    'rateMaxMicros',
    'smallestInstalmentMinor',
    'settlementDays',
    'plansMax',
    'replanAfterDays',
    'affordablePercent',
    'bookingBusinessDays',
    'bookingAgainBusinessDays',
    'waiverBookingBusinessDays',
  ] as const;
  return [
    ...names.map((name) => [`\`${name}\``, String(ARRANGEMENTS[name])]),
    ...ARRANGEMENTS.rules.flatMap(({ id, validDays }) =>
      validDays === undefined ? [] : [[`\`validDays\` of \`${id}\``, String(validDays)]],
    ),
    ['`requests.max` in `requests.everyDays`, of a customer’s own', `${ARRANGEMENTS.requests.max} in ${ARRANGEMENTS.requests.everyDays}`],
    ['`noneWhileHeld`', ARRANGEMENTS.noneWhileHeld.join(', ')],
    ['`noAnswerOnceHeld`', ARRANGEMENTS.noAnswerOnceHeld.join(', ')],
    ['`oralChannels`', ARRANGEMENTS.oralChannels.join(', ')],
    ...Object.entries(ARRANGEMENTS.proof).map(([name, value]) => [`\`proof.${name}\``, String(value)]),
  ];
}
