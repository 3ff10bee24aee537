import { CHANNELS } from '../../model.ts';
import { ALL_BUT_LETTERS, ANSWERS, CHOSEN, NOT_COLLECTION, remembered, stopsOf } from './common.ts';
import { type Duties, EVERY_DAY, type Pack } from './pack.ts';

const CODE = 'Code of Banking Practice (HKAB/DTCA), recovery of loans (older edition read)';
const READ = { force: 'guidance', mark: 'R', source: CODE } as const;
const NEWS = { force: 'guidance', mark: 'N', source: CODE } as const;

const STOPS = stopsOf('HK', [
  {
    ...NEWS,
    rule: 'HK.BANKRUPTCY',
    text: 'Collection stops with a bankruptcy',
    when: ['bankruptcy-filed', 'bankruptcy-order'],
    ends: 'when the bankruptcy ends',
  },
  {
    ...NEWS,
    rule: 'HK.AGENCY.NOTICE',
    text: 'Before an agency collects, the customer is told in writing: amount, time in default, phone of the lender, costs, how to report abuse',
    roles: ['third-party'],
    when: ['agency-unannounced'],
    ends: 'when the notice has been given',
  },
]);

const DUTIES: Duties = {
  actorScope: {
    ...NEWS,
    rule: 'HK.SCOPE',
    text: 'A voluntary code that the HKMA supervises; the bank answers for its agency as principal',
  },
  identityCheck: { ...CHOSEN, rule: 'HK.IDENTITY', text: 'Who it is is made sure of before any fact of the debt' },
  disclosures: [
    {
      ...NEWS,
      rule: 'HK.DISCLOSE.AGENCY',
      text: 'The notice before an agency is used names amount, time in default, phone of the lender, costs and how to report abuse',
      channels: CHANNELS,
      on: 'first',
    },
  ],
  noticeDays: [],
  limitation: {
    // The years are confirmed by law firms; how an acknowledgement must look was not read.
    ...remembered('law', 'Limitation Ordinance (Cap. 347) ss. 4(1)(a), 23(3) (law firms and a judgment), 24 (not read)'),
    rule: 'HK.LIMITATION',
    text: 'Six years; a payment or a signed acknowledgement starts them anew',
    years: 6,
    interruptedBy: ['payment', 'written-agreement', 'suit'],
  },
  retentionDays: {
    ...remembered('guidance', CODE),
    rule: 'HK.RETENTION',
    text: 'Recordings of agency calls are kept at least 14 days; records of contacts here seven years',
    days: 7 * 365 + 2,
    from: 'item',
    leastDays: 14,
  },
};

/** Hong Kong. The code bars contact at unreasonable hours and persistent calls, and names no number. */
export const HK: Pack = {
  id: 'HK',
  prefix: 'HK',
  version: 'hk/1',
  // The year of the HKMA's guideline; the day is not known, and the first version applies to all earlier instants anyway.
  effectiveFrom: '1996-01-01',
  homeZone: 'Asia/Hong_Kong',
  zones: {
    ...CHOSEN,
    rule: 'HK.ZONE',
    text: 'The clock of the customer, that of Hong Kong where nothing else is known',
    unknown: ['Asia/Hong_Kong'],
  },
  calendar: 'HK',
  notCollection: NOT_COLLECTION,
  uncounted: ANSWERS,
  hours: [
    {
      ...CHOSEN,
      rule: 'HK.HOURS',
      text: '08:00 to 21:00',
      source: `${CODE} bars unreasonable hours and names none; chosen`,
      channels: ALL_BUT_LETTERS,
      openings: [{ weekdays: EVERY_DAY, from: '08:00', to: '21:00' }],
    },
  ],
  counts: [],
  spacings: [],
  thirdParties: {
    ...READ,
    rule: 'HK.THIRD_PARTY',
    text: 'Never from referees, family or friends without a signed guarantee',
    likeCustomer: ['guarantor', 'executor', 'administrator'],
  },
  stops: STOPS,
  duties: DUTIES,
};
