import { CHANNELS } from '../../model.ts';
import { ALL_BUT_LETTERS, ANSWERS, CHOSEN, NOT_COLLECTION, stopsOf } from './common.ts';
import { CALENDAR_DAY, type Duties, EVERY_DAY, type Pack, type StopProvision } from './pack.ts';

const ACT = { force: 'law', mark: 'R', source: 'Debt Collection Act 2022' } as const;

const LICENCE: StopProvision = {
  ...ACT,
  rule: 'SG.AGENCY.LICENCE',
  text: 'Agencies need a licence since 1 March 2024',
  roles: ['third-party'],
  when: ['agency-unlicensed'],
  ends: 'when the agency has a licence',
};

const DUTIES: Duties = {
  actorScope: {
    ...ACT,
    rule: 'SG.SCOPE',
    text: 'Agencies are licensed; banks and card issuers work under a class licence, with employees of their own and fit persons',
    source: 'Debt Collection Act 2022; S 725/2023',
  },
  identityCheck: { ...CHOSEN, rule: 'SG.IDENTITY', text: 'Who it is is made sure of before any fact of the debt' },
  disclosures: [{ ...CHOSEN, rule: 'SG.DISCLOSE', text: 'Who calls, and for whom', channels: CHANNELS, on: 'first' }],
  noticeDays: [],
  limitation: {
    force: 'law',
    mark: 'N',
    rule: 'SG.LIMITATION',
    text: 'Six years; a payment or a signed acknowledgement starts them anew',
    source: 'Limitation Act 1959 ss. 6, 26-27 (summaries of the Act; Chuan & Co v Ong Soon Huat [2003] SGCA 15)',
    years: 6,
    interruptedBy: ['payment', 'written-agreement', 'suit'],
  },
  retentionDays: { ...CHOSEN, rule: 'SG.RETENTION', text: 'No length is published; five years', days: 5 * 365, from: 'item' },
};

/** Singapore. No statutory hour or count was found: all numbers are chosen. */
const SG_2024: Pack = {
  id: 'SG',
  prefix: 'SG',
  version: 'sg/2',
  effectiveFrom: '2024-03-01',
  homeZone: 'Asia/Singapore',
  zones: {
    ...CHOSEN,
    rule: 'SG.ZONE',
    text: 'The clock of the customer, that of Singapore where nothing else is known',
    unknown: ['Asia/Singapore'],
  },
  calendar: 'SG',
  notCollection: NOT_COLLECTION,
  uncounted: ANSWERS,
  hours: [
    {
      ...CHOSEN,
      rule: 'SG.HOURS',
      text: '08:00 to 21:00, not on public holidays',
      channels: ALL_BUT_LETTERS,
      openings: [{ weekdays: EVERY_DAY, from: '08:00', to: '21:00' }],
      onHolidays: [],
    },
  ],
  counts: [
    {
      ...CHOSEN,
      rule: 'SG.FREQ.DAY',
      text: 'At most three calls a day',
      limits: ['voice'],
      counts: [{ channels: ['voice'], tally: 'placed' }],
      scope: 'perPerson',
      window: CALENDAR_DAY,
      max: 3,
    },
  ],
  spacings: [],
  thirdParties: {
    ...CHOSEN,
    rule: 'SG.THIRD_PARTY',
    text: 'Nobody else is contacted about the debt',
    likeCustomer: ['guarantor', 'executor', 'administrator'],
  },
  stops: stopsOf('SG', [LICENCE]),
  duties: DUTIES,
};

/** The act was in force, licences were not yet compulsory. */
const SG_2023: Pack = { ...SG_2024, version: 'sg/1', effectiveFrom: '2023-12-01', stops: stopsOf('SG', [], ['AGENCY.LICENCE']) };

export const SG: readonly Pack[] = [SG_2023, SG_2024];
