import { CHANNELS } from '../../model.ts';
import { ALL_BUT_LETTERS, ANSWERS, CHOSEN, NOT_COLLECTION, remembered, stopsOf } from './common.ts';
import { CALENDAR_DAY, type Duties, type Pack, rollingDays, WORKDAYS } from './pack.ts';

const CONC = 'FCA Handbook, CONC 7';
const RESPITE = 'SI 2020/1311, Debt Respite Scheme (England and Wales)';
const READ = { force: 'law', mark: 'R', source: `${CONC}.9` } as const;

const STOPS = stopsOf('UK', [
  {
    force: 'law',
    mark: 'N',
    source: `${RESPITE}, reg. 7, 11, 26`,
    rule: 'UK.BREATHING_SPACE',
    text: 'A breathing space protects the debt for up to 60 days',
    when: ['breathing-space'],
    unless: ['contact-requested'],
    // Regulation 11: the moratorium itself, the customer's own query, notices that statute asks for.
    exceptPurposes: ['moratorium-notice', 'statutory-notice', 'reply'],
    days: 60,
    ends: 'after 60 days, its first day included',
  },
  {
    force: 'law',
    mark: 'R',
    source: `${RESPITE}; government guidance`,
    rule: 'UK.MHC_MORATORIUM',
    text: 'A moratorium protects the debt for the treatment of a mental health crisis and 30 days after it',
    when: ['mental-health-moratorium'],
    unless: ['contact-requested'],
    exceptPurposes: ['moratorium-notice', 'statutory-notice', 'reply'],
    ends: '30 days after the treatment, which nobody can foresee',
  },
  {
    ...remembered('law', `${CONC}.14`),
    rule: 'UK.DISPUTE',
    text: 'A debt that is disputed on valid grounds is not pursued',
    when: ['dispute-valid-grounds'],
    unless: ['verification-sent', 'contact-requested'],
    exceptPurposes: ANSWERS,
    ends: 'when the dispute has been answered',
  },
  {
    ...remembered('law', `${CONC}.15`),
    rule: 'UK.TIME_BARRED.REFUSED',
    text: 'The debt is statute-barred and the customer has said that they will not pay it',
    when: ['refuses-time-barred'],
    unless: ['contact-requested'],
    exceptPurposes: ANSWERS,
    ends: 'when the customer changes their mind',
  },
  {
    ...remembered('law', `${CONC}.3.11-12`),
    rule: 'UK.REPRESENTED',
    text: 'An adviser works on a plan with the customer: a reasonable pause, 30 days and 30 more',
    when: ['represented', 'attorney-represented'],
    unless: ['attorney-unresponsive', 'contact-requested'],
    exceptTargets: ['attorney'],
    exceptPurposes: ANSWERS,
    ends: 'when the adviser answers or the pause is over',
  },
  {
    ...READ,
    rule: 'UK.VISIT.PREPARED',
    text: 'A visit is announced in time and with its purpose',
    source: `${CONC}.9.12-13 (read in part)`,
    when: [],
    unless: ['visit-prepared'],
    channels: ['visit'],
    ends: 'when the visit has been announced',
  },
  {
    ...remembered('law', `${CONC}.9`),
    rule: 'UK.VISIT',
    text: 'Who is asked to leave or not to come does so',
    when: ['visit-refused'],
    channels: ['visit'],
    ends: 'when the customer agrees to a visit',
  },
]);

const DUTIES: Duties = {
  actorScope: { ...READ, rule: 'UK.SCOPE', text: 'Binds lenders and collectors alike', source: CONC },
  identityCheck: {
    ...CHOSEN,
    rule: 'UK.IDENTITY',
    text: 'Who it is is made sure of before anything is disclosed; it follows from CONC 7.9 and data law',
  },
  disclosures: [
    { ...READ, rule: 'UK.DISCLOSE', text: 'Clear identity and purpose; no misleading calling cards', channels: CHANNELS, on: 'every' },
    { ...READ, rule: 'UK.DISCLOSE.ADVICE', text: 'Where free debt advice can be had', channels: CHANNELS, on: 'first' },
  ],
  noticeDays: [
    {
      ...remembered('law', 'Consumer Credit Act 1974 s. 88'),
      rule: 'UK.NOTICE.DEFAULT',
      text: 'A default notice gives 14 days',
      days: 14,
    },
    {
      force: 'law',
      mark: 'N',
      source: 'Pre-Action Protocol for Debt Claims, 2017-10-01',
      rule: 'UK.NOTICE.CLAIM',
      text: 'A letter of claim gives 30 days to answer',
      days: 30,
    },
    {
      ...remembered('law', 'Pre-Action Protocol for Debt Claims, 2017-10-01'),
      rule: 'UK.NOTICE.ISSUE',
      text: 'Where talks fail, 14 days before proceedings are issued',
      days: 14,
    },
  ],
  limitation: {
    force: 'law',
    mark: 'N',
    rule: 'UK.LIMITATION',
    text: 'Six years; a payment or a signed acknowledgement starts them anew, unless they are over. In Scotland five, to be set by overlay: no clock tells that place',
    source:
      'Limitation Act 1980 s. 5 (read), ss. 29(5), 29(7), 30 (chambers, Law Commission); Prescription and Limitation (Scotland) Act 1973 s. 6 (read)',
    years: 6,
    interruptedBy: ['payment', 'written-agreement', 'suit'],
  },
  retentionDays: { ...CHOSEN, rule: 'UK.RETENTION', text: 'Six years, as long as the limitation', days: 6 * 365 + 2, from: 'item' },
  plan: {
    ...READ,
    rule: 'UK.FORBEARANCE',
    text: 'Suspending, reducing or waiving interest and charges, deferring and token payments are considered; nobody is pressed for single or large payments',
    source: `${CONC}.3.10; PS24/2`,
  },
};

/** The United Kingdom. No number is published for hours and counts: contact at unreasonable times and harassment are what is barred. */
export const UK: Pack = {
  id: 'UK',
  prefix: 'UK',
  version: 'uk/1',
  effectiveFrom: '2024-11-04',
  homeZone: 'Europe/London',
  zones: {
    ...CHOSEN,
    rule: 'UK.ZONE',
    text: 'The clock of the customer, that of London where nothing else is known',
    unknown: ['Europe/London'],
  },
  calendar: 'UK',
  notCollection: NOT_COLLECTION,
  uncounted: ANSWERS,
  hours: [
    {
      ...CHOSEN,
      rule: 'UK.HOURS',
      text: 'Monday to Friday 08:00 to 20:00, Saturday 09:00 to 17:00, not on Sundays and bank holidays',
      source: `${CONC}.9.4 asks for reasonable times and names none; chosen`,
      channels: ALL_BUT_LETTERS,
      openings: [
        { weekdays: WORKDAYS, from: '08:00', to: '20:00' },
        { weekdays: [6], from: '09:00', to: '17:00' },
      ],
      onHolidays: [],
    },
  ],
  counts: [
    {
      ...CHOSEN,
      rule: 'UK.FREQ.DAY',
      text: 'At most three calls a day',
      limits: ['voice'],
      counts: [{ channels: ['voice'], tally: 'placed' }],
      scope: 'perPerson',
      window: CALENDAR_DAY,
      max: 3,
    },
    {
      ...CHOSEN,
      rule: 'UK.FREQ.CONVERSATION',
      text: 'At most one conversation in seven days',
      limits: ['voice', 'visit'],
      counts: [{ channels: ['voice', 'visit'], tally: 'connected' }],
      scope: 'perPerson',
      window: rollingDays(7),
      max: 1,
    },
  ],
  spacings: [],
  thirdParties: {
    ...READ,
    rule: 'UK.THIRD_PARTY',
    text: 'Others must not learn of the debt: no demand to an occupier or to somebody of the same name',
    likeCustomer: ['guarantor', 'executor', 'administrator', 'attorney'],
  },
  stops: STOPS,
  duties: DUTIES,
};
