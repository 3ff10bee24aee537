import { CHANNELS, type Channel } from '../../model.ts';
import { ALL_BUT_LETTERS, ANSWERS, CHOSEN, MESSAGES, NOT_COLLECTION, remembered, stopsOf } from './common.ts';
import { CALENDAR_MONTH, type CountProvision, type Duties, EVERY_DAY, type Pack, rollingDays, WORKDAYS } from './pack.ts';

const RG_96 = 'ACCC/ASIC Debt collection guideline (RG 96), April 2021';
const CODE = 'National Credit Code';
const READ = { force: 'guidance', mark: 'R', source: RG_96 } as const;
const LAW = { force: 'law', mark: 'R', source: CODE } as const;

const WEEK = [
  { weekdays: WORKDAYS, from: '07:30', to: '21:00' },
  { weekdays: [6, 7], from: '09:00', to: '21:00' },
];
const REMOTE: readonly Channel[] = CHANNELS.filter((channel) => channel !== 'visit');

/** Week and month are not defined there: read as days in a row, and the month both ways, so that the stricter holds. */
function contacts(rule: string, text: string, window: CountProvision['window'], max: number): CountProvision {
  return { ...READ, rule, text, limits: REMOTE, counts: [{ channels: REMOTE, tally: 'contact' }], scope: 'perDebt', window, max };
}

function visits(rule: string, text: string, window: CountProvision['window']): CountProvision {
  const counts = [{ channels: ['visit'], tally: 'placed' }] as const;
  return { ...remembered('guidance', RG_96), rule, text, limits: ['visit'], counts, scope: 'perPerson', window, max: 1 };
}

const STOPS = stopsOf('AU', [
  {
    ...READ,
    rule: 'AU.PLAN',
    text: 'No contact while an arrangement is in place and kept (s. 15)',
    when: ['plan-active'],
    unless: ['plan-breached', 'contact-requested'],
    exceptPurposes: ['plan-servicing', 'promise-reminder', ...ANSWERS],
    ends: 'when the arrangement is broken',
  },
  {
    ...READ,
    rule: 'AU.REPRESENTED',
    text: 'Who is represented is not contacted directly, unless the representative does not answer or the customer asks for it (s. 9)',
    when: ['represented', 'attorney-represented'],
    unless: ['attorney-unresponsive', 'contact-requested'],
    exceptTargets: ['attorney'],
    exceptPurposes: ANSWERS,
    ends: 'when the representation ends or does not answer',
  },
  {
    ...READ,
    mark: 'N',
    rule: 'AU.BANKRUPTCY',
    text: 'An unsecured debt of a bankrupt customer is not pursued (s. 16; its heading was read)',
    when: ['bankruptcy-filed', 'bankruptcy-order'],
    exceptTargets: ['attorney'],
    ends: 'when the bankruptcy ends',
  },
  {
    ...READ,
    rule: 'AU.VISIT',
    text: 'A visit that was refused is not made (s. 7)',
    when: ['visit-refused'],
    channels: ['visit'],
    ends: 'when the customer agrees to one',
  },
  {
    ...READ,
    rule: 'AU.VISIT.PREPARED',
    text: 'A visit is the last resort, and asked for first (s. 7)',
    when: [],
    unless: ['visit-prepared'],
    channels: ['visit'],
    ends: 'when everything else was tried and the visit was asked for',
  },
]);

const DUTIES: Duties = {
  actorScope: { ...READ, rule: 'AU.SCOPE', text: 'For creditors and collectors alike; guidance, and the yardstick of enforcement' },
  identityCheck: {
    ...READ,
    rule: 'AU.IDENTITY',
    text: 'Every time it is made sure that it is the customer before anything of the debt is said (s. 1)',
  },
  disclosures: [{ ...READ, rule: 'AU.DISCLOSE', text: 'Who calls, for whom, and why', channels: CHANNELS, on: 'every' }],
  noticeDays: [
    { ...LAW, rule: 'AU.NOTICE.DEFAULT', text: 'A default notice gives 30 days', source: `${CODE} s. 88`, days: 30 },
    {
      ...LAW,
      rule: 'AU.NOTICE.HARDSHIP',
      text: 'A hardship notice is answered within 21 days, later only where data were asked for',
      source: `${CODE} s. 72`,
      days: 21,
    },
    {
      ...LAW,
      rule: 'AU.NOTICE.PROCEEDINGS',
      text: 'After a hardship notice no proceedings until it is refused and 14 days have passed, the day of the notice being the first',
      source: `${CODE} s. 89A`,
      days: 14,
    },
  ],
  limitation: {
    // The years were read; what starts them anew was not.
    ...remembered(
      'law',
      'Limitation Act 1969 (NSW) ss. 14, 63 (read), 54 (not read); Limitation Act 1981 (NT) s. 12 (read); other States not read',
    ),
    rule: 'AU.LIMITATION',
    text: 'Six years, three in the Northern Territory; a payment or an acknowledgement in writing starts them anew',
    years: 6,
    fewerIn: { zones: ['Australia/Darwin'], years: 3 },
    interruptedBy: ['payment', 'written-agreement', 'suit'],
  },
  retentionDays: {
    ...CHOSEN,
    rule: 'AU.RETENTION',
    text: 'Full records of contacts are asked for, no number; seven years',
    days: 7 * 365 + 2,
    from: 'item',
  },
  visit: { ...READ, rule: 'AU.VISIT.CONDUCT', text: 'Last resort; asked for first; home before work; a refusal binds' },
};

/** Australia. Contact made counts, not attempts: an answered call, a voicemail, a written message. */
export const AU: Pack = {
  id: 'AU',
  prefix: 'AU',
  version: 'au/1',
  effectiveFrom: '2021-04-13',
  homeZone: 'Australia/Sydney',
  zones: { ...READ, rule: 'AU.ZONE', text: 'Local time of the state or territory of the customer (s. 4)' },
  calendar: 'AU',
  notCollection: NOT_COLLECTION,
  uncounted: ANSWERS,
  hours: [
    {
      ...READ,
      rule: 'AU.HOURS',
      text: 'Calls Monday to Friday 07:30 to 21:00, at weekends 09:00 to 21:00, not on national public holidays (s. 4)',
      channels: ['voice'],
      openings: WEEK,
      onHolidays: [],
    },
    {
      ...READ,
      rule: 'AU.HOURS.VISIT',
      text: 'Face to face 09:00 to 21:00, not on national public holidays (s. 4)',
      channels: ['visit'],
      openings: [{ weekdays: EVERY_DAY, from: '09:00', to: '21:00' }],
      onHolidays: [],
    },
    {
      ...READ,
      rule: 'AU.HOURS.WORKPLACE',
      text: 'At a place of work in the usual working hours; where those are not known, weekdays 09:00 to 17:00 (s. 4)',
      channels: ALL_BUT_LETTERS,
      openings: [{ weekdays: WORKDAYS, from: '09:00', to: '17:00' }],
      atWork: true,
    },
    {
      ...CHOSEN,
      rule: 'AU.HOURS.WRITTEN',
      text: 'Messages within the hours of calls',
      channels: MESSAGES,
      openings: WEEK,
      onHolidays: [],
    },
  ],
  counts: [
    contacts('AU.FREQ.WEEK', 'At most three contacts in seven days for one account (s. 5)', rollingDays(7), 3),
    contacts('AU.FREQ.MONTH', 'At most ten contacts in 30 days for one account (s. 5)', rollingDays(30), 10),
    contacts('AU.FREQ.CALENDAR_MONTH', 'At most ten contacts in a calendar month for one account (s. 5)', CALENDAR_MONTH, 10),
    visits('AU.FREQ.VISIT', 'At most one visit in 30 days', rollingDays(30)),
    visits('AU.FREQ.VISIT.CALENDAR_MONTH', 'At most one visit in a calendar month', CALENDAR_MONTH),
  ],
  spacings: [],
  thirdParties: {
    ...READ,
    rule: 'AU.THIRD_PARTY',
    text: 'Duties of privacy, and no pressure on family: nobody else is contacted about the debt',
    likeCustomer: ['guarantor', 'executor', 'administrator', 'attorney'],
  },
  stops: STOPS,
  duties: DUTIES,
};
