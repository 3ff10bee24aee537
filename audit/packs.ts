import {
  type CountRule,
  type HoursRule,
  isCall,
  isLetter,
  isMessage,
  isOutbound,
  isPlacedCall,
  isVisit,
  type Pack,
  type Seen,
} from './rules.ts';
import * as stops from './stops.ts';

/**
 * The published limits by jurisdiction: a second reading of them, made without looking at the policy packs of the gate. Where the text
 * leaves a reading open the comment says which one is taken. Chosen hours (mark H) bind no letters: nobody hears one arrive.
 */

const isAnsweredCall = (seen: Seen): boolean => isPlacedCall(seen) && seen.answered;
const isUnansweredCall = (seen: Seen): boolean => isPlacedCall(seen) && seen.unanswered;
const isPlacedVisit = ({ contact }: Seen): boolean => isVisit(contact) && isOutbound(contact);
/** A number out of service is not put through: no call by the United States' rules. */
const isConnectedCall = (seen: Seen): boolean => isPlacedCall(seen) && seen.contact.outcome !== 'not-connected';
/** A conversation by telephone, whoever began it. */
const isTelephoneConversation = ({ contact, answered }: Seen): boolean => isCall(contact) && answered;

const isNotice = ({ contact }: Seen): boolean => contact.purpose === 'formal-notice';
const threeCallsADay = (name: string): CountRule => ({ name, mark: 'H', counts: isPlacedCall, max: 3, days: 1, per: 'customer' });

const CN: Pack = {
  // S2, S4: none from 22:00 to 08:00, by calls, visits or in other ways.
  hours: [{ name: 'CN.HOURS', mark: 'N', weekdays: ['08:00', '22:00'] }],
  counts: [
    // S2, S3: answered calls to one person, the issuer and all its agencies together, by the calendar day.
    { name: 'CN.FREQ.CONNECTED', mark: 'N', counts: isAnsweredCall, max: 3, days: 1, per: 'customer' },
    // S4: unanswered attempts to the same number.
    { name: 'CN.FREQ.UNANSWERED', mark: 'N', counts: isUnansweredCall, max: 6, days: 1, per: 'address' },
    ...[{ max: 1, days: 1 } as const, { max: 3, days: 7 } as const].map(
      (limit): CountRule => ({
        name: 'CN.FREQ.SMS',
        mark: 'H',
        counts: (seen) => seen.contact.channel === 'sms' && isOutbound(seen.contact) && !isNotice(seen),
        per: 'customer',
        ...limit,
      }),
    ),
  ],
  // Bank card convention of 2013: paid within three days is paid on time.
  grace: { name: 'CN.GRACE', mark: 'M', days: 3 },
  stops: stops.CN,
  // S4: not in the customer's office area.
  bans: [{ name: 'CN.VISIT.WORK', mark: 'N', concerns: (contact) => isVisit(contact) && contact.atWork === true, why: 'a visit at work' }],
  // S1 art. 68: only the customer and the guarantor.
  persons: ['guarantor'],
  thirdParties: { name: 'CN.THIRD_PARTY', mark: 'N', mayHelpFind: 'when-unreachable' },
  // Legal time is Beijing's everywhere; in Xinjiang people live two hours later.
  legalZones: { 'Asia/Urumqi': ['Asia/Shanghai'], 'Asia/Kashgar': ['Asia/Shanghai', 'Asia/Urumqi'] },
};

const LISTED = ['attorney', 'creditor', 'bureau'];
/** 1006.14(b)(3)(iii): calls to them are no calls to the customer. */
const isToListed = ({ contact }: Seen): boolean => contact.target !== undefined && LISTED.includes(contact.target);

const US: Pack = {
  // 12 CFR 1006.6(b)(1): at the customer's place, all channels alike, all days alike. It binds collectors; for creditors the same is chosen.
  hours: [
    { name: 'US.HOURS', mark: 'R', weekdays: ['08:00', '21:00'], role: 'third-party' },
    { name: 'US.HOURS', mark: 'H', concerns: (contact) => !isLetter(contact), weekdays: ['08:00', '21:00'], role: 'first-party' },
  ],
  counts: [
    {
      // 1006.14(b)(2)(i)(A): more than seven calls within seven consecutive days about one debt. Local dates, today the seventh day.
      name: 'US.FREQ.7IN7',
      mark: 'R',
      counts: (seen) => isConnectedCall(seen) && !isToListed(seen),
      max: 7,
      days: 7,
      per: 'account',
      role: 'third-party',
      exceptWithDirectConsent: true,
    },
    {
      // 1006.14(b)(2)(i)(B): none for seven days after a conversation, whose own day is the first; so no second one in seven days.
      name: 'US.FREQ.POSTCONV',
      mark: 'R',
      counts: (seen) => isTelephoneConversation(seen) && !isToListed(seen),
      concerns: isCall,
      max: 1,
      days: 7,
      per: 'account',
      role: 'third-party',
      exceptWithDirectConsent: true,
    },
  ],
  stops: stops.US,
  bans: [
    {
      // 1006.22(f)(3).
      name: 'US.WORK_EMAIL',
      mark: 'M',
      concerns: ({ channel, atWork }) => channel === 'email' && atWork === true,
      why: 'an e-mail to a place of work',
      role: 'third-party',
      unlessInvited: true,
    },
  ],
  // 1006.6(a).
  persons: ['guarantor', 'spouse', 'parent', 'guardian', 'executor', 'administrator', ...LISTED],
  thirdParties: { name: 'US.THIRD_PARTY', mark: 'R', mayHelpFind: 'once' },
};

const US_MA: Pack = {
  ...US,
  // 940 CMR 7.04(1)(f), creditors included: Eastern time, because the customer's waking hours are not known.
  hours: [...US.hours, { name: 'US-MA.HOURS', mark: 'R', concerns: isCall, weekdays: ['08:00', '21:00'], zone: 'America/New_York' }],
  counts: [
    ...US.counts,
    {
      name: 'US-MA.FREQ.2IN7',
      mark: 'R',
      counts: (seen) => isConnectedCall(seen) && seen.contact.atWork !== true,
      max: 2,
      days: 7,
      per: 'account',
    },
    {
      name: 'US-MA.FREQ.2IN30',
      mark: 'R',
      // Nobody said which number it was: it may have been this kind as well.
      counts: (seen) => isConnectedCall(seen) && (seen.contact.atWork === true || seen.contact.addressKey === undefined),
      // The customer's own number is what is rung unless somebody says otherwise.
      concerns: ({ atWork }) => atWork === true,
      max: 2,
      days: 30,
      per: 'account',
    },
  ],
};

const UK: Pack = {
  hours: [
    {
      // CONC 7.9.4 has no number.
      name: 'UK.HOURS',
      mark: 'H',
      concerns: (contact) => !isLetter(contact),
      weekdays: ['08:00', '20:00'],
      saturday: ['09:00', '17:00'],
      sunday: 'closed',
      holiday: 'closed',
    },
  ],
  counts: [
    threeCallsADay('UK.FREQ.ATTEMPTS'),
    {
      // One that the customer began is not ours.
      name: 'UK.FREQ.CONVERSATIONS',
      mark: 'H',
      counts: (seen) => (isAnsweredCall(seen) || isPlacedVisit(seen)) && seen.answered,
      max: 1,
      days: 7,
      per: 'customer',
    },
  ],
  stops: stops.UK,
  bans: [],
  persons: ['guarantor', 'executor', 'administrator', 'attorney'],
  thirdParties: { name: 'UK.THIRD_PARTY', mark: 'R', mayHelpFind: 'never' },
};

/** RG 96: contact made, not tried: a message left counts, an unanswered call does not; face to face is counted apart. */
const isContactMade = ({ contact, answered }: Seen): boolean => {
  if (!isOutbound(contact) || isVisit(contact)) return false;
  if (!isCall(contact)) return contact.outcome !== 'not-connected';
  return answered || contact.outcome === 'voicemail' || contact.outcome === 'limited-message';
};

const AU_DAYS = {
  weekdays: ['07:30', '21:00'],
  saturday: ['09:00', '21:00'],
  sunday: ['09:00', '21:00'],
  holiday: 'closed',
} as const satisfies Partial<HoursRule>;

const AU: Pack = {
  hours: [
    { name: 'AU.HOURS', mark: 'R', concerns: isCall, ...AU_DAYS },
    // No hours of their own for what is written: the same.
    { name: 'AU.HOURS', mark: 'H', concerns: isMessage, ...AU_DAYS },
    { name: 'AU.HOURS.VISIT', mark: 'R', concerns: isVisit, weekdays: ['09:00', '21:00'], holiday: 'closed' },
    {
      // The usual working hours, because the customer's are not known.
      name: 'AU.HOURS.WORKPLACE',
      mark: 'R',
      concerns: (contact) => contact.atWork === true && !isLetter(contact),
      weekdays: ['09:00', '17:00'],
      saturday: 'closed',
      sunday: 'closed',
    },
  ],
  // The week and the month are not defined: rolling days, and the calendar month too.
  counts: [
    { name: 'AU.FREQ.WEEK', mark: 'R', counts: isContactMade, max: 3, days: 7, per: 'account' },
    { name: 'AU.FREQ.MONTH', mark: 'R', counts: isContactMade, max: 10, days: 30, per: 'account' },
    { name: 'AU.FREQ.MONTH', mark: 'R', counts: isContactMade, max: 10, days: 'calendar-month', per: 'account' },
    // About one a month: whatever the visit was about.
    { name: 'AU.FREQ.VISIT', mark: 'M', counts: isPlacedVisit, max: 1, days: 30, per: 'customer' },
    { name: 'AU.FREQ.VISIT', mark: 'M', counts: isPlacedVisit, max: 1, days: 'calendar-month', per: 'customer' },
  ],
  stops: stops.AU,
  bans: [],
  persons: ['guarantor', 'executor', 'administrator', 'attorney'],
  thirdParties: { name: 'AU.THIRD_PARTY', mark: 'R', mayHelpFind: 'never' },
};

const IN: Pack = {
  hours: [
    { name: 'IN.HOURS', mark: 'N', concerns: isCall, weekdays: ['08:00', '19:00'] },
    // The circular has no hours for messages, and the draft that has them for visits is not in force: the same.
    { name: 'IN.HOURS', mark: 'H', concerns: (contact) => isMessage(contact) || isVisit(contact), weekdays: ['08:00', '19:00'] },
  ],
  counts: [threeCallsADay('IN.FREQ.ATTEMPTS')],
  stops: stops.IN,
  bans: [],
  persons: ['guarantor'],
  thirdParties: { name: 'IN.THIRD_PARTY', mark: 'N', mayHelpFind: 'never' },
};

const HK: Pack = {
  hours: [{ name: 'HK.HOURS', mark: 'H', concerns: (contact) => !isLetter(contact), weekdays: ['08:00', '21:00'] }],
  counts: [],
  stops: stops.HK,
  bans: [],
  persons: ['guarantor', 'executor', 'administrator'],
  thirdParties: { name: 'HK.THIRD_PARTY', mark: 'R', mayHelpFind: 'never' },
};

const SG: Pack = {
  hours: [{ name: 'SG.HOURS', mark: 'H', concerns: (contact) => !isLetter(contact), weekdays: ['08:00', '21:00'], holiday: 'closed' }],
  counts: [threeCallsADay('SG.FREQ.ATTEMPTS')],
  stops: stops.SG,
  bans: [],
  persons: ['guarantor', 'executor', 'administrator'],
  thirdParties: { name: 'SG.THIRD_PARTY', mark: 'H', mayHelpFind: 'never' },
};

const oneContactADay = (name: string): CountRule => ({
  name,
  mark: 'H',
  counts: (seen) => isOutbound(seen.contact) && !isNotice(seen),
  max: 1,
  days: 1,
  per: 'customer',
});

/** Where a state is not read: no hours and no counts are the Union's. */
const EU: Pack = {
  hours: [
    {
      name: 'EU.HOURS',
      mark: 'H',
      concerns: (contact) => !isLetter(contact),
      weekdays: ['09:00', '19:00'],
      sunday: 'closed',
      holiday: 'closed',
    },
  ],
  counts: [oneContactADay('EU.FREQ')],
  stops: stops.EU,
  bans: [],
  persons: ['guarantor', 'executor', 'administrator'],
  thirdParties: { name: 'EU.THIRD_PARTY', mark: 'H', mayHelpFind: 'never' },
};

const GR_DAYS = { weekdays: ['09:00', '20:00'], saturday: 'closed', sunday: 'closed' } as const satisfies Partial<HoursRule>;

const EU_GR: Pack = {
  ...EU,
  // Law 3758/2009 names the days; Saturday and Sunday are not among them. It speaks of calls; the rest is chosen.
  hours: [
    { name: 'GR.HOURS', mark: 'N', concerns: isCall, ...GR_DAYS },
    { name: 'GR.HOURS', mark: 'H', concerns: (contact) => isMessage(contact) || isVisit(contact), ...GR_DAYS },
  ],
  // One call every two days: by the calendar, not by 48 hours.
  counts: [{ name: 'GR.FREQ', mark: 'N', counts: isPlacedCall, max: 1, days: 2, per: 'customer' }],
  grace: { name: 'GR.GRACE', mark: 'N', days: 10 },
  stops: stops.GR,
  bans: [
    {
      name: 'GR.WORK',
      mark: 'N',
      concerns: ({ channel, atWork, onlyNumber }) => (channel === 'voice' || channel === 'sms') && atWork === true && onlyNumber !== true,
      why: 'a number at work, and the customer has another',
    },
  ],
};

const RO_DAYS = { weekdays: ['08:00', '21:00'], saturday: ['09:00', '14:00'], sunday: 'closed' } as const satisfies Partial<HoursRule>;

const EU_RO: Pack = {
  ...EU,
  hours: [
    { name: 'RO.HOURS', mark: 'N', concerns: isCall, ...RO_DAYS },
    { name: 'RO.HOURS', mark: 'H', concerns: (contact) => isMessage(contact) || isVisit(contact), ...RO_DAYS },
  ],
  counts: [oneContactADay('RO.FREQ')],
  stops: stops.RO,
};

export const PACKS: Readonly<Record<string, Pack>> = { CN, US, 'US-MA': US_MA, UK, AU, IN, HK, SG, EU, 'EU-GR': EU_GR, 'EU-RO': EU_RO };
