import { CHANNELS } from '../../model.ts';
import { ANSWERS, CHOSEN, NOT_COLLECTION, remembered, stopsOf } from './common.ts';
import { CALENDAR_DAY, type CountProvision, type Duties, EVERY_DAY, type HoursProvision, type Pack, rollingDays } from './pack.ts';

const ORDER_2011 = '《商业银行信用卡业务监督管理办法》, CBRC Order 2011 No. 2';
const GB_T_45251 = 'GB/T 45251-2025 (recommended standard)';
const NIFA_GUIDE = '《互联网金融贷后催收业务指引》, National Internet Finance Association, 2024-05-15';
const CBA_GUIDE = '《金融机构个人消费类贷款催收工作指引(试行)》, China Banking Association, 2026-01-30 (self-regulation of member banks)';

const STANDARD = { force: 'guidance', mark: 'N', source: `${GB_T_45251}; ${NIFA_GUIDE}` } as const;
const GUIDE = { force: 'guidance', mark: 'N', source: CBA_GUIDE } as const;
const ORDER = { force: 'law', mark: 'R', source: ORDER_2011 } as const;

const ALL_DAY_LONG = [{ weekdays: EVERY_DAY, from: '08:00', to: '22:00' }];

const CONNECTED: CountProvision = {
  ...STANDARD,
  rule: 'CN.FREQ.CONNECTED',
  text: 'At most three answered calls a day to one customer, the bank and its agencies together',
  limits: ['voice'],
  counts: [{ channels: ['voice'], tally: 'connected' }],
  scope: 'institutionPlusAgencies',
  window: CALENDAR_DAY,
  max: 3,
};

const UNANSWERED: CountProvision = {
  ...GUIDE,
  rule: 'CN.FREQ.UNANSWERED',
  text: 'At most six unanswered calls a day to the same number',
  limits: ['voice'],
  counts: [{ channels: ['voice'], tally: 'unanswered' }],
  scope: 'perContactPoint',
  window: CALENDAR_DAY,
  max: 6,
};

/** No number is published for text messages. */
const TEXTS: readonly CountProvision[] = [
  {
    ...CHOSEN,
    rule: 'CN.FREQ.SMS.DAY',
    text: 'At most one text message a day',
    limits: ['sms'],
    counts: [{ channels: ['sms'], tally: 'placed' }],
    scope: 'institutionPlusAgencies',
    uncounted: ['formal-notice'],
    window: CALENDAR_DAY,
    max: 1,
  },
  {
    ...CHOSEN,
    rule: 'CN.FREQ.SMS.WEEK',
    text: 'At most three text messages in seven days',
    limits: ['sms'],
    counts: [{ channels: ['sms'], tally: 'placed' }],
    scope: 'institutionPlusAgencies',
    uncounted: ['formal-notice'],
    window: rollingDays(7),
    max: 3,
  },
];

const HOURS: HoursProvision = {
  ...GUIDE,
  rule: 'CN.HOURS',
  text: 'No collection from 22:00 to 08:00 unless the customer agreed',
  // The guide bans "calls, visits and other collection" in this span, so it is read to cover every channel.
  source: `${GB_T_45251}; ${CBA_GUIDE}`,
  channels: CHANNELS,
  openings: ALL_DAY_LONG,
};

const DUTIES: Duties = {
  actorScope: {
    ...GUIDE,
    rule: 'CN.SCOPE',
    text: 'Binds the issuer and its agencies; the issuer answers for its agencies and names them in public',
  },
  identityCheck: { ...CHOSEN, rule: 'CN.IDENTITY', text: 'The name and one more datum are verified before any fact of the debt is told' },
  disclosures: [
    { ...GUIDE, rule: 'CN.DISCLOSE.FIRST', text: 'Say who you are and for whom', channels: CHANNELS, on: 'first' },
    {
      ...ORDER,
      rule: 'CN.DISCLOSE.LETTER',
      text: 'A letter shows name, balance, reason and rules, rights and duties, how to check, object and give evidence, the contact and the seal of the issuer (art. 69)',
      channels: ['post'],
      on: 'every',
    },
  ],
  noticeDays: [{ ...CHOSEN, rule: 'CN.NOTICE.SUIT', text: 'Two documented demands, and 15 days before a suit', days: 15 }],
  limitation: {
    force: 'law',
    mark: 'R',
    rule: 'CN.LIMITATION',
    text: 'Three years from when the creditor knows; a demand that arrived, a part payment, a promise, an agreement or a suit starts them anew',
    years: 3,
    source:
      '《民法典》 arts. 188, 195; 最高人民法院 法释〔2008〕11号 arts. 10, 16 (read), since 法释〔2020〕17号 arts. 8, 14 (new numbers from memory)',
    interruptedBy: ['demand', 'payment', 'promise', 'agreement', 'written-agreement', 'suit'],
  },
  retentionDays: {
    ...CHOSEN,
    rule: 'CN.RETENTION',
    text: 'Records are kept five years; the text asks for two (art. 68), and to settlement for recordings of a plan (art. 70)',
    source: `${ORDER_2011}; 《消费金融公司管理办法》, 2024-04-18`,
    days: 5 * 365,
    from: 'item',
    leastDays: 2 * 365 + 1,
  },
  plan: {
    ...ORDER,
    rule: 'CN.PLAN.TERM',
    text: 'A personalised instalment agreement lasts at most five years (art. 70)',
    termMonthsMax: 60,
  },
  visit: {
    ...GUIDE,
    rule: 'CN.VISIT.CONDUCT',
    text: 'Nobody enters a home without consent, posts notices in public or comes to the place of work',
  },
};

const STOPS = stopsOf('CN', [
  {
    ...ORDER,
    rule: 'CN.PLAN',
    text: 'While a personalised instalment agreement is kept, the issuer and its agencies stop collecting (art. 70)',
    when: ['plan-active'],
    unless: ['plan-breached', 'contact-requested'],
    exceptPurposes: ['plan-servicing', 'promise-reminder', ...ANSWERS],
    ends: 'when the agreement is broken',
  },
  {
    ...CHOSEN,
    rule: 'CN.OBJECTION',
    text: 'An objection is marked and checked at once (art. 69); until it is, nothing is collected',
    source: `${ORDER_2011}; the pause is chosen`,
    when: ['objection-pending', 'dispute-written', 'dispute-valid-grounds'],
    unless: ['verification-sent', 'contact-requested'],
    exceptPurposes: ANSWERS,
    ends: 'when the objection has been checked',
  },
  {
    ...remembered('guidance', CBA_GUIDE),
    rule: 'CN.VISIT.PREPARED',
    text: 'A visit is made by two people, recorded from start to end, and with consent to enter',
    when: [],
    unless: ['visit-prepared'],
    channels: ['visit'],
    ends: 'when the visit is prepared',
  },
  {
    ...GUIDE,
    rule: 'CN.VISIT.WORK',
    text: "No visit in the customer's office area",
    when: [],
    channels: ['visit'],
    atWork: true,
    ends: 'never',
  },
  {
    ...ORDER,
    rule: 'CN.DEVICE',
    text: 'Private phones and social accounts are not used without approval',
    source: `${ORDER_2011}, art. 68; ${CBA_GUIDE}`,
    when: ['private-device'],
    ends: 'with an approved device',
  },
  {
    ...ORDER,
    rule: 'CN.PUBLIC',
    text: 'Nothing of a debt is posted in public',
    source: `${ORDER_2011}, art. 68; ${CBA_GUIDE}`,
    when: ['public-posting'],
    ends: 'with another medium',
  },
  {
    ...GUIDE,
    rule: 'CN.AGENCY.NOTICE',
    text: 'The customer is told of a change of creditor or agency',
    roles: ['third-party'],
    when: ['agency-unannounced'],
    ends: 'when the customer has been told',
  },
]);

/**
 * Mainland China since the banking association's guide. Most of it was read through summaries only, hence the mark N; the articles of
 * the order of 2011 were read.
 */
const CN_2026: Pack = {
  id: 'CN',
  prefix: 'CN',
  version: 'cn/2',
  effectiveFrom: '2026-01-30',
  homeZone: 'Asia/Shanghai',
  zones: {
    ...CHOSEN,
    rule: 'CN.ZONE',
    text: 'Legal time is that of Shanghai; abroad the place of the customer counts, in Xinjiang both clocks must be within the hours',
    unknown: ['Asia/Shanghai'],
    together: { who: ['Asia/Urumqi', 'Asia/Kashgar'], need: ['Asia/Shanghai', 'Asia/Urumqi'] },
  },
  calendar: 'CN',
  notCollection: NOT_COLLECTION,
  uncounted: ANSWERS,
  grace: {
    ...remembered('guidance', '中国银行卡行业自律公约 (2013)'),
    rule: 'CN.GRACE',
    text: 'A payment within three days of the due date counts as on time, so nothing is collected before',
    days: 3,
  },
  hours: [HOURS],
  counts: [CONNECTED, UNANSWERED, ...TEXTS],
  spacings: [],
  thirdParties: {
    ...ORDER,
    rule: 'CN.THIRD_PARTY',
    text: 'Collection is from the customer and the guarantor only (art. 68)',
    source: `${ORDER_2011}; ${CBA_GUIDE}`,
    likeCustomer: ['guarantor'],
    location: {
      text: 'Somebody else may only be asked for contact data, or to pass on a message, and only while the customer is lost and nobody refused',
      when: ['customer-unreachable'],
      unless: ['third-party-refused'],
    },
  },
  stops: STOPS,
  duties: DUTIES,
};

/** Before the guide of 2026 no text named unanswered calls: the same number, as a choice. */
const CN_2025: Pack = {
  ...CN_2026,
  version: 'cn/1',
  effectiveFrom: '2025-02-28',
  counts: [CONNECTED, { ...UNANSWERED, ...CHOSEN }, ...TEXTS],
};

export const CN: readonly Pack[] = [CN_2025, CN_2026];
