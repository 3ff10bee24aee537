import { CHANNELS } from '../../model.ts';
import { ALL_BUT_LETTERS, ANSWERS, CHOSEN, NOT_COLLECTION, remembered, stopsOf } from './common.ts';
import { type CountProvision, type Duties, EVERY_DAY, type Pack, type Role, rollingDays, type StopProvision, type Target } from './pack.ts';

const REG_F = 'Regulation F, 12 CFR 1006';
const COLLECTORS: readonly Role[] = ['third-party'];

/** Regulation F binds debt collectors: agencies and buyers of defaulted debt, not a creditor that collects its own. */
const RULE = { force: 'law', mark: 'R', roles: COLLECTORS } as const;
const recalled = (clause: string) => ({ ...remembered('law', clause), roles: COLLECTORS });

/** 1006.6(d)(1)(ii)-(vi): calls to them are not calls to the customer. */
const LISTED: readonly Target[] = ['attorney', 'bureau', 'creditor'];

const COUNTS: readonly CountProvision[] = [
  {
    ...RULE,
    force: 'presumption',
    rule: 'US.FREQ.7IN7',
    text: 'At most seven calls in seven days in a row about one debt',
    source: `${REG_F}.14(b)(2)(i)(A), (b)(3), (b)(4)`,
    limits: ['voice'],
    counts: [{ channels: ['voice'], tally: 'placed' }],
    scope: 'perDebt',
    leavesOutNotConnected: true,
    consentDays: 7,
    exceptTargets: LISTED,
    window: rollingDays(7),
    max: 7,
  },
  {
    ...RULE,
    force: 'presumption',
    rule: 'US.FREQ.POSTCONV',
    text: 'No call for seven days after a telephone conversation about the debt, its own day being the first, whoever began it',
    source: `${REG_F}.14(b)(2)(i)(B)`,
    limits: ['voice'],
    counts: [{ channels: ['voice'], tally: 'connected', inbound: true }],
    scope: 'perDebt',
    consentDays: 7,
    exceptTargets: LISTED,
    window: rollingDays(7),
    max: 1,
  },
];

const OWN_STOPS: readonly StopProvision[] = [
  {
    ...RULE,
    rule: 'US.CEASE',
    text: 'The customer asked in writing to cease contact, or refused in writing to pay',
    source: `${REG_F}.6(c)`,
    when: ['cease-written', 'refuses-to-pay-written'],
    unless: ['contact-requested'],
    // Three exceptions: that efforts end, that a remedy may be invoked, and that it will be.
    exceptPurposes: ['remedy-notice', 'reply'],
    ends: 'when the customer withdraws it',
  },
  {
    ...RULE,
    rule: 'US.ATTORNEY',
    text: 'An attorney represents the customer for this debt',
    source: `${REG_F}.6(b)(2)`,
    when: ['attorney-represented'],
    unless: ['attorney-unresponsive'],
    exceptTargets: ['attorney'],
    ends: 'when the attorney does not answer within a reasonable time',
  },
  {
    ...recalled('12 CFR 1006.6(a)(4); 11 U.S.C. 362'),
    rule: 'US.DECEASED',
    text: 'The customer has died: executor, administrator and spouse only',
    when: ['deceased'],
    exceptTargets: ['executor', 'administrator', 'spouse', 'attorney'],
    ends: 'never; the estate is another person',
  },
  {
    ...remembered('law', '11 U.S.C. 362(a)(6), 524'),
    rule: 'US.BANKRUPTCY',
    text: 'A petition in bankruptcy stays every act to collect',
    when: ['bankruptcy-filed', 'bankruptcy-order'],
    exceptTargets: ['attorney'],
    ends: 'when the stay is lifted; never after a discharge',
  },
  {
    ...RULE,
    rule: 'US.DISPUTE',
    text: 'A dispute in writing within the validation period stops collection until verification is sent',
    source: `${REG_F}.38(d)(2)`,
    when: ['dispute-written'],
    unless: ['verification-sent', 'contact-requested'],
    exceptPurposes: ['verification', 'reply'],
    ends: 'when the verification has been sent',
  },
  {
    ...recalled(`${REG_F}.6(b)(3)`),
    rule: 'US.WORKPLACE',
    text: 'The employer is known to forbid such contact at the place of work',
    when: ['employer-prohibits'],
    atWork: true,
    ends: 'when the employer allows it',
  },
  {
    ...recalled(`${REG_F}.22(f)(3)`),
    rule: 'US.WORK_EMAIL',
    text: 'No e-mail to an address at work without direct consent or use of it by the customer',
    when: [],
    unless: ['direct-consent', 'work-email-used', 'contact-requested'],
    channels: ['email'],
    atWork: true,
    ends: 'with the consent of the customer',
  },
  {
    ...RULE,
    rule: 'US.TIME_BARRED',
    text: 'Nobody sues or threatens to sue on a time-barred debt',
    source: `${REG_F}.26(b)`,
    when: ['time-barred'],
    onlyPurposes: ['legal-threat'],
    ends: 'never',
  },
  {
    ...RULE,
    rule: 'US.PUBLIC',
    text: 'Nothing of a debt is posted where others can read it',
    source: `${REG_F}.22(f)(4)`,
    when: ['public-posting'],
    ends: 'with another medium',
  },
];

const DUTIES: Duties = {
  actorScope: {
    ...RULE,
    rule: 'US.SCOPE',
    text: 'Binds agencies and buyers of defaulted debt; a creditor that collects its own faces other federal and state law',
    source: `${REG_F}.2(i)`,
  },
  identityCheck: {
    ...CHOSEN,
    rule: 'US.IDENTITY',
    text: 'The right party is made sure of before any fact of the debt; it follows from the ban on third parties',
  },
  disclosures: [
    {
      ...RULE,
      rule: 'US.DISCLOSE.FIRST',
      text: 'That this is an attempt to collect a debt and that information will be used for that',
      source: `${REG_F}.18(e)`,
      channels: CHANNELS,
      on: 'first',
    },
    {
      ...RULE,
      rule: 'US.DISCLOSE.COLLECTOR',
      text: 'That the contact is from a debt collector',
      source: `${REG_F}.18(e)`,
      channels: CHANNELS,
      on: 'every',
    },
    {
      ...RULE,
      mark: 'N',
      rule: 'US.DISCLOSE.VALIDATION',
      text: 'Validation information at the first contact or within five days of it',
      source: `${REG_F}.34`,
      channels: CHANNELS,
      on: 'first',
    },
  ],
  noticeDays: [
    {
      ...recalled(`${REG_F}.30(a)`),
      rule: 'US.NOTICE.BUREAU',
      text: 'Before a credit bureau hears of the debt: a conversation, or a letter or e-mail and a reasonable wait',
      days: 14,
    },
  ],
  limitation: {
    ...CHOSEN,
    rule: 'US.LIMITATION',
    text: 'Three years, the short end of what most States have; nothing starts them anew. A State where they are shorter is set by overlay',
    source:
      'CFPB, Ask CFPB 1389 (most 3 to 6 years); N.Y. C.P.L.R. 214-i (3, never revived); 12 CFR 1006.26(b) bars suits after it; chosen; other States not read',
    years: 3,
    interruptedBy: [],
  },
  retentionDays: {
    ...RULE,
    rule: 'US.RETENTION',
    text: 'Records are kept three years after the last act of collection, recordings three years after the call',
    source: `${REG_F}.100`,
    days: 3 * 365 + 1,
    from: 'case-end',
    leastDays: 3 * 365 + 1,
  },
  emailUnsubscribe: {
    ...RULE,
    mark: 'N',
    rule: 'US.OPT_OUT',
    text: 'Every electronic message says how to opt out of messages to that address',
    source: `${REG_F}.6(e)`,
  },
};

/** The United States' federal rules. First parties get the hours as a choice and no counts: no federal number binds them. */
export const US: Pack = {
  id: 'US',
  prefix: 'US',
  version: 'us/1',
  effectiveFrom: '2021-11-30',
  homeZone: 'America/New_York',
  zones: {
    ...RULE,
    rule: 'US.TZ',
    text: 'Local time where the customer is; where the file shows several places, a time that is good at all of them',
    source: `${REG_F}.6(b)(1); commentary; CFPB, Discover order of 2015-07-22`,
  },
  calendar: 'US',
  notCollection: NOT_COLLECTION,
  uncounted: ANSWERS,
  hours: [
    {
      ...RULE,
      rule: 'US.HOURS',
      text: 'No contact before 08:00 and from 21:00 on',
      source: `${REG_F}.6(b)(1)(i); 15 U.S.C. 1692c(a)(1)`,
      channels: CHANNELS,
      openings: [{ weekdays: EVERY_DAY, from: '08:00', to: '21:00' }],
    },
    {
      ...CHOSEN,
      rule: 'US.HOURS.FIRST_PARTY',
      text: 'No contact before 08:00 and from 21:00 on',
      roles: ['first-party'],
      channels: ALL_BUT_LETTERS,
      openings: [{ weekdays: EVERY_DAY, from: '08:00', to: '21:00' }],
    },
  ],
  counts: COUNTS,
  spacings: [],
  thirdParties: {
    ...RULE,
    rule: 'US.THIRD_PARTY',
    text: 'Nobody else is contacted about the debt',
    source: `${REG_F}.6(a), (d), .10`,
    likeCustomer: ['guarantor', 'executor', 'administrator', 'spouse', 'parent', 'guardian', ...LISTED],
    location: {
      text: 'Somebody else may be asked once where the customer is, without a word of the debt',
      when: [],
      unless: ['location-asked-before', 'third-party-refused'],
    },
  },
  stops: stopsOf('US', OWN_STOPS),
  duties: DUTIES,
};

const MASSACHUSETTS = { force: 'law', mark: 'R', source: '940 CMR 7.04(1)(f), 7.05 (read in part)' } as const;

/** Massachusetts on top of the federal rules, creditors included. */
export const US_MA: Pack = {
  ...US,
  id: 'US-MA',
  version: 'us-ma/1',
  zones: { ...US.zones, unknown: ['America/New_York'] },
  hours: [
    ...US.hours,
    {
      ...MASSACHUSETTS,
      rule: 'US-MA.HOURS',
      text: 'Calls in waking hours; where those are not known, 08:00 to 21:00 Eastern time',
      channels: ['voice'],
      openings: [{ weekdays: EVERY_DAY, from: '08:00', to: '21:00' }],
      zone: 'America/New_York',
    },
  ],
  counts: [
    ...US.counts,
    {
      ...MASSACHUSETTS,
      rule: 'US-MA.FREQ.WEEK',
      text: 'At most two calls in seven days about one debt',
      limits: ['voice'],
      counts: [{ channels: ['voice'], tally: 'placed' }],
      scope: 'perDebt',
      leavesOutNotConnected: true,
      place: 'elsewhere',
      window: rollingDays(7),
      max: 2,
    },
    {
      ...MASSACHUSETTS,
      rule: 'US-MA.FREQ.WORK',
      text: 'At most two calls in 30 days to a place of work about one debt',
      limits: ['voice'],
      counts: [{ channels: ['voice'], tally: 'placed' }],
      scope: 'perDebt',
      leavesOutNotConnected: true,
      place: 'work',
      window: rollingDays(30),
      max: 2,
    },
  ],
  duties: {
    ...US.duties,
    limitation: {
      force: 'law',
      mark: 'N',
      rule: 'US-MA.LIMITATION',
      text: 'Six years; a payment or an acknowledgement in writing and signed starts them anew',
      source: 'M.G.L. c. 260 ss. 2, 13 (read), 14 (its title)',
      years: 6,
      interruptedBy: ['payment', 'written-agreement', 'suit'],
    },
    disclosures: [
      ...US.duties.disclosures,
      {
        ...MASSACHUSETTS,
        rule: 'US-MA.DISCLOSE.VALIDATION',
        text: 'Validation within five business days of the first contact',
        source: '940 CMR 7.08',
        channels: CHANNELS,
        on: 'first',
      },
    ],
  },
};
