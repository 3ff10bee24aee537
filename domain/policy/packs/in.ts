import { CHANNELS } from '../../model.ts';
import { ANSWERS, CHOSEN, MESSAGES, NOT_COLLECTION, remembered, stopsOf } from './common.ts';
import { CALENDAR_DAY, type Duties, EVERY_DAY, type HoursProvision, type Pack } from './pack.ts';

const CIRCULAR = 'RBI circular on recovery agents, 2022-08-12';
const CIRCULAR_2008 = 'RBI circular on recovery agents, 2008';
const DRAFT = 'RBI, draft Second Amendment Directions, 2026-02-12, meant for 2026-07-01';
const NEWS = { force: 'law', mark: 'N', source: CIRCULAR } as const;
const OPEN = [{ weekdays: EVERY_DAY, from: '08:00', to: '19:00' }];

const CALLS: HoursProvision = {
  ...NEWS,
  rule: 'IN.HOURS',
  text: 'No calls before 08:00 and from 19:00 on',
  channels: ['voice'],
  openings: OPEN,
};
const OTHERS: HoursProvision = {
  ...CHOSEN,
  rule: 'IN.HOURS.OTHER',
  text: 'Messages and visits within the hours of calls',
  channels: [...MESSAGES, 'visit'],
  openings: OPEN,
};

const DUTIES: Duties = {
  actorScope: { ...NEWS, rule: 'IN.SCOPE', text: 'Binds banks and their recovery agents' },
  identityCheck: { ...CHOSEN, rule: 'IN.IDENTITY', text: 'Who it is is made sure of before any fact of the debt' },
  disclosures: [
    {
      ...remembered('law', CIRCULAR_2008),
      rule: 'IN.DISCLOSE.AGENT',
      text: 'The agent carries an authority letter, and the bank names the agent beforehand',
      channels: CHANNELS,
      on: 'first',
    },
  ],
  noticeDays: [],
  limitation: {
    force: 'law',
    mark: 'N',
    rule: 'IN.LIMITATION',
    text: 'Three years; an acknowledgement signed within them starts them anew. A payment does so only with a writing, so it is not counted',
    source: 'Limitation Act 1963 s. 19 (read), s. 18, schedule art. 19 (second hand)',
    years: 3,
    interruptedBy: ['written-agreement', 'suit'],
  },
  retentionDays: { ...CHOSEN, rule: 'IN.RETENTION', text: 'No length is published; five years', days: 5 * 365, from: 'item' },
  plan: {
    ...remembered('law', 'RBI framework for compromise settlements, 2023-06-08'),
    rule: 'IN.PLAN.COOLING',
    text: 'By the policy of the board; twelve months of cooling after a compromise settlement',
  },
};

const STOPS = stopsOf('IN', [
  {
    ...NEWS,
    force: 'guidance',
    rule: 'IN.SENSITIVE_OCCASION',
    text: 'No contact at a bereavement, a disaster, a wedding or a festival of the family',
    source: `${CIRCULAR}; banking code`,
    when: ['sensitive-occasion'],
    unless: ['contact-requested'],
    exceptPurposes: ANSWERS,
    ends: 'when a person says that it is over',
  },
  {
    ...remembered('law', CIRCULAR_2008),
    rule: 'IN.OBJECTION',
    text: 'While a complaint is open nothing is passed to agents',
    roles: ['third-party'],
    when: ['objection-pending', 'dispute-written', 'dispute-valid-grounds'],
    unless: ['verification-sent', 'contact-requested'],
    exceptPurposes: ANSWERS,
    ends: 'when the complaint is settled',
  },
  {
    ...remembered('law', CIRCULAR_2008),
    rule: 'IN.AGENCY.NOTICE',
    text: 'The bank names the agent to the customer beforehand',
    roles: ['third-party'],
    when: ['agency-unannounced'],
    ends: 'when the customer has been told',
  },
]);

const IN_2022: Pack = {
  id: 'IN',
  prefix: 'IN',
  version: 'in/1',
  effectiveFrom: '2022-08-12',
  homeZone: 'Asia/Kolkata',
  zones: {
    ...CHOSEN,
    rule: 'IN.ZONE',
    text: 'The clock of the customer, Indian time where nothing else is known',
    unknown: ['Asia/Kolkata'],
  },
  calendar: 'IN',
  notCollection: NOT_COLLECTION,
  uncounted: ANSWERS,
  hours: [CALLS, OTHERS],
  counts: [
    {
      ...CHOSEN,
      rule: 'IN.FREQ.DAY',
      text: 'At most three calls a day; the text bars persistent calling and names no number',
      limits: ['voice'],
      counts: [{ channels: ['voice'], tally: 'placed' }],
      scope: 'institutionPlusAgencies',
      window: CALENDAR_DAY,
      max: 3,
    },
  ],
  spacings: [],
  thirdParties: {
    ...NEWS,
    rule: 'IN.THIRD_PARTY',
    text: 'Family, referees and friends are left alone',
    likeCustomer: ['guarantor'],
  },
  stops: STOPS,
  duties: DUTIES,
};

/** Published for comment: no final text was found, so it is kept for the day it becomes one. */
const IN_2026: Pack = {
  ...IN_2022,
  version: 'in/draft-2026',
  effectiveFrom: '2026-07-01',
  draft: true,
  hours: [
    { ...CALLS, mark: 'R', source: DRAFT, text: 'No calls and visits before 08:00 and from 19:00 on', channels: ['voice', 'visit'] },
    { ...OTHERS, text: 'Messages within the hours of calls', channels: MESSAGES },
  ],
  thirdParties: {
    ...IN_2022.thirdParties,
    mark: 'R',
    source: DRAFT,
    text: 'Borrower and guarantor only',
  },
  duties: {
    ...DUTIES,
    visit: {
      ...NEWS,
      mark: 'R',
      source: DRAFT,
      rule: 'IN.VISIT.CONDUCT',
      text: 'Civil; at the place the borrower chose, then at home, then at work',
    },
  },
};

export const IN: readonly Pack[] = [IN_2022, IN_2026];
