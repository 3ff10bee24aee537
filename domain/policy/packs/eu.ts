import { CHANNELS } from '../../model.ts';
import { ALL_BUT_LETTERS, ANSWERS, CHOSEN, MESSAGES, NOT_COLLECTION, remembered, stopsOf } from './common.ts';
import {
  CALENDAR_DAY,
  type CountProvision,
  type Duties,
  type HoursProvision,
  type Pack,
  rollingDays,
  type StopProvision,
  WORKDAYS,
} from './pack.ts';

const GDPR = 'Regulation (EU) 2016/679';
const CCD2 = 'Directive (EU) 2023/2225';

const DUTIES: Duties = {
  actorScope: {
    ...remembered('law', `${GDPR}; Directive (EU) 2021/2167`),
    rule: 'EU.SCOPE',
    text: 'Lenders, credit servicers and agencies',
  },
  identityCheck: {
    ...CHOSEN,
    rule: 'EU.IDENTITY',
    text: 'Who it is is made sure of before any fact of the debt; it follows from data law',
  },
  disclosures: [
    {
      ...remembered('law', 'Directive (EU) 2021/2167, art. 10'),
      rule: 'EU.DISCLOSE.TRANSFER',
      text: 'A change of creditor or servicer is told; nothing is unclear or misleading',
      channels: CHANNELS,
      on: 'first',
    },
  ],
  noticeDays: [],
  limitation: {
    ...CHOSEN,
    rule: 'EU.LIMITATION',
    text: 'Three years, as short as it is in many Member States; an agreement or a suit starts them anew',
    source: 'the law of each Member State, e.g. BGB §§ 195, 199, 212 (three years from the end of the year; second hand); chosen',
    years: 3,
    interruptedBy: ['agreement', 'written-agreement', 'suit'],
  },
  retentionDays: {
    ...CHOSEN,
    rule: 'EU.RETENTION',
    text: 'As short as the purpose allows; no number, five years',
    days: 5 * 365,
    from: 'item',
  },
};

function stopsIn(prefix: string, own: readonly StopProvision[] = []): readonly StopProvision[] {
  return stopsOf(prefix, [
    ...own,
    {
      ...CHOSEN,
      rule: `${prefix}.AGENCY.NOTICE`,
      text: 'The customer is told of a transfer before the new creditor or servicer collects',
      source: 'Directive (EU) 2021/2167, art. 10 (from memory); the stop is chosen',
      roles: ['third-party'],
      when: ['agency-unannounced'],
      ends: 'when the customer has been told',
    },
  ]);
}

const ONE_A_DAY: CountProvision = {
  ...CHOSEN,
  rule: 'EU.FREQ.DAY',
  text: 'At most one contact a day',
  limits: CHANNELS,
  counts: [{ channels: CHANNELS, tally: 'placed' }],
  scope: 'perPerson',
  uncounted: ['formal-notice'],
  window: CALENDAR_DAY,
  max: 1,
};

/** The base for states without a pack of their own: the Union publishes no hours and no counts. */
const EU_BASE: Pack = {
  id: 'EU',
  prefix: 'EU',
  version: 'eu/1',
  effectiveFrom: '2018-05-25',
  homeZone: 'Europe/Brussels',
  zones: { ...CHOSEN, rule: 'EU.ZONE', text: 'The clock of the customer; without one no contact' },
  calendar: 'EU',
  notCollection: NOT_COLLECTION,
  uncounted: ANSWERS,
  hours: [
    {
      ...CHOSEN,
      rule: 'EU.HOURS',
      text: 'Monday to Saturday 09:00 to 19:00, not on Sundays and public holidays',
      channels: ALL_BUT_LETTERS,
      openings: [{ weekdays: [...WORKDAYS, 6], from: '09:00', to: '19:00' }],
      onHolidays: [],
    },
  ],
  counts: [ONE_A_DAY],
  spacings: [],
  thirdParties: {
    ...remembered('law', GDPR),
    rule: 'EU.THIRD_PARTY',
    text: 'Others must not learn of the debt',
    likeCustomer: ['guarantor', 'executor', 'administrator'],
  },
  stops: stopsIn('EU'),
  duties: DUTIES,
};

/** With the second consumer credit directive: forbearance before enforcement. */
const EU_2026: Pack = {
  ...EU_BASE,
  version: 'eu/2',
  effectiveFrom: '2026-11-20',
  duties: {
    ...DUTIES,
    plan: {
      ...remembered('law', `${CCD2}, art. 35`),
      rule: 'EU.FORBEARANCE',
      text: 'Reasonable forbearance is tried before enforcement, where it fits the circumstances of the customer',
    },
  },
};

export const EU: readonly Pack[] = [EU_BASE, EU_2026];

const GREEK_LAW = { force: 'law', mark: 'N', source: 'Greece, Law 3758/2009' } as const;
const GREEK_HOURS: HoursProvision = {
  ...GREEK_LAW,
  rule: 'GR.HOURS',
  text: 'Monday to Friday 09:00 to 20:00',
  channels: ['voice'],
  openings: [{ weekdays: WORKDAYS, from: '09:00', to: '20:00' }],
};

export const EU_GR: Pack = {
  ...EU_BASE,
  id: 'EU-GR',
  prefix: 'GR',
  version: 'eu-gr/1',
  effectiveFrom: '2009-05-05',
  homeZone: 'Europe/Athens',
  zones: {
    ...CHOSEN,
    rule: 'GR.ZONE',
    text: 'The clock of the customer, that of Athens where nothing else is known',
    unknown: ['Europe/Athens'],
  },
  calendar: 'GR',
  grace: { ...GREEK_LAW, rule: 'GR.GRACE', text: 'No contact in the first ten days past due', days: 10 },
  hours: [
    GREEK_HOURS,
    {
      ...GREEK_HOURS,
      ...CHOSEN,
      rule: 'GR.HOURS.OTHER',
      text: 'Messages and visits within the hours of calls',
      channels: [...MESSAGES, 'visit'],
    },
  ],
  counts: [
    {
      ...GREEK_LAW,
      rule: 'GR.FREQ',
      text: 'At most one call in two days, by the calendar',
      limits: ['voice'],
      counts: [{ channels: ['voice'], tally: 'placed' }],
      scope: 'perPerson',
      window: rollingDays(2),
      max: 1,
    },
  ],
  thirdParties: { ...EU_BASE.thirdParties, rule: 'GR.THIRD_PARTY' },
  stops: stopsIn('GR', [
    {
      ...GREEK_LAW,
      rule: 'GR.WORK',
      text: 'A number at work only where there is no other',
      when: [],
      unless: ['work-number-only', 'contact-requested'],
      channels: ['voice', 'sms'],
      atWork: true,
      ends: 'where it is the only number',
    },
  ]),
  duties: {
    ...DUTIES,
    disclosures: [
      { ...GREEK_LAW, rule: 'GR.DISCLOSE.CALLER', text: 'The number of the caller is shown', channels: ['voice'], on: 'every' },
    ],
    limitation: {
      force: 'law',
      mark: 'N',
      rule: 'GR.LIMITATION',
      text: 'Five years for instalments and interest, twenty for a loan that was called in; the shorter counts',
      source: 'Greece, Civil Code arts. 249, 250 (read in part), 253, 261 (second hand); 250 no. 15, 260 (not read again)',
      years: 5,
      interruptedBy: ['agreement', 'written-agreement', 'suit'],
    },
    retentionDays: { ...GREEK_LAW, rule: 'GR.RETENTION', text: 'Recordings are kept one year', days: 366, from: 'item', leastDays: 366 },
  },
};

const ROMANIAN_CODE = { force: 'guidance', mark: 'N', source: 'Romania, AMCC code of conduct (older)' } as const;
const ROMANIAN_HOURS: HoursProvision = {
  ...ROMANIAN_CODE,
  rule: 'RO.HOURS',
  text: 'Monday to Friday 08:00 to 21:00, Saturday 09:00 to 14:00',
  channels: ['voice'],
  openings: [
    { weekdays: WORKDAYS, from: '08:00', to: '21:00' },
    { weekdays: [6], from: '09:00', to: '14:00' },
  ],
};

export const EU_RO: Pack = {
  ...EU_BASE,
  id: 'EU-RO',
  prefix: 'RO',
  version: 'eu-ro/1',
  duties: {
    ...DUTIES,
    limitation: {
      force: 'law',
      mark: 'N',
      rule: 'RO.LIMITATION',
      text: 'Three years; a payment, an agreement or a suit starts them anew. A demand does so by its own conditions, so it is not counted',
      source: 'Romania, Civil Code arts. 2537, 2538 (read), 2517 (second hand)',
      years: 3,
      interruptedBy: ['payment', 'agreement', 'written-agreement', 'suit'],
    },
  },
  homeZone: 'Europe/Bucharest',
  zones: {
    ...CHOSEN,
    rule: 'RO.ZONE',
    text: 'The clock of the customer, that of Bucharest where nothing else is known',
    unknown: ['Europe/Bucharest'],
  },
  calendar: 'RO',
  hours: [
    ROMANIAN_HOURS,
    {
      ...ROMANIAN_HOURS,
      ...CHOSEN,
      rule: 'RO.HOURS.OTHER',
      text: 'Messages and visits within the hours of calls',
      channels: [...MESSAGES, 'visit'],
    },
  ],
  counts: [{ ...ONE_A_DAY, rule: 'RO.FREQ.DAY' }],
  thirdParties: { ...EU_BASE.thirdParties, rule: 'RO.THIRD_PARTY' },
  stops: stopsIn('RO'),
};
