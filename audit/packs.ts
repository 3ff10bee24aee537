import { isCall, isOutbound, isPlacedCall, isVisit, isWritten, type Pack, type Seen } from './rules.ts';
import * as stops from './stops.ts';

/**
 * The published limits by jurisdiction: a second reading of them, made without looking at the policy packs of the gate. Where the text
 * leaves a reading open the comment says which one is taken.
 */

const isAnsweredCall = (seen: Seen): boolean => isPlacedCall(seen) && seen.answered;
const isUnansweredCall = (seen: Seen): boolean => isPlacedCall(seen) && seen.unanswered;
/** A conversation by voice, whoever began it. */
const isTelephoneConversation = ({ contact, answered }: Seen): boolean => isCall(contact) && answered;

const CN: Pack = {
  // S2, S4: none from 22:00 to 08:00, by calls, visits or in other ways.
  hours: [{ name: 'CN.HOURS', mark: 'N', weekdays: ['08:00', '22:00'] }],
  counts: [
    // S2, S3: answered calls to one person, the issuer and all its agencies together, by the calendar day.
    { name: 'CN.FREQ.CONNECTED', mark: 'N', counts: isAnsweredCall, max: 3, days: 1, per: 'customer' },
    // S4: unanswered attempts to the same number.
    { name: 'CN.FREQ.UNANSWERED', mark: 'N', counts: isUnansweredCall, max: 6, days: 1, per: 'address' },
  ],
  pauses: [],
  stops: stops.CN,
  bans: [],
  // S1 art. 68: only the customer and the guarantor.
  persons: ['guarantor'],
  thirdParties: { name: 'CN.THIRD_PARTY', mark: 'N', mayHelpFind: 'when-unreachable' },
  // Legal time is Beijing's everywhere; in Xinjiang people live two hours later.
  legalZones: { 'Asia/Urumqi': 'Asia/Shanghai', 'Asia/Kashgar': 'Asia/Shanghai' },
};

const US: Pack = {
  // 12 CFR 1006.6(b)(1): at the customer's place, all channels alike, all days alike.
  hours: [{ name: 'US.HOURS', mark: 'R', weekdays: ['08:00', '21:00'], role: 'third-party' }],
  counts: [
    {
      // 1006.14(b)(2)(i)(A): more than seven calls within seven consecutive days about one debt; (b)(3)(ii): calls that were not
      // put through are no calls. Local dates, today the seventh day.
      name: 'US.FREQ.7IN7',
      mark: 'R',
      counts: (seen) => isPlacedCall(seen) && seen.contact.outcome !== 'not-connected',
      max: 7,
      days: 7,
      per: 'account',
      role: 'third-party',
      exceptWithDirectConsent: true,
    },
  ],
  pauses: [
    {
      // 1006.14(b)(2)(i)(B): the day of the conversation is the first of seven; who called does not matter.
      name: 'US.FREQ.POSTCONV',
      mark: 'R',
      concerns: isCall,
      after: isTelephoneConversation,
      days: 7,
      per: 'account',
      role: 'third-party',
      exceptWithDirectConsent: true,
    },
  ],
  stops: stops.US,
  // 1006.22(f)(3).
  bans: [
    {
      name: 'US.WORK_EMAIL',
      mark: 'M',
      concerns: ({ channel, atWork }) => channel === 'email' && atWork === true,
      why: 'an e-mail to a place of work',
    },
  ],
  // 1006.6(a).
  persons: ['spouse', 'parent', 'guardian', 'executor', 'administrator'],
  thirdParties: { name: 'US.THIRD_PARTY', mark: 'R', mayHelpFind: 'once' },
};

const US_MA: Pack = {
  ...US,
  // 940 CMR 7.04(1)(f), creditors included: Eastern time where the customer's waking hours are not known.
  hours: [...US.hours, { name: 'US-MA.HOURS', mark: 'R', weekdays: ['08:00', '21:00'], zone: 'America/New_York' }],
  counts: [
    ...US.counts,
    {
      name: 'US-MA.FREQ.2IN7',
      mark: 'R',
      counts: (seen) => isPlacedCall(seen) && seen.contact.atWork !== true,
      max: 2,
      days: 7,
      per: 'account',
    },
    {
      name: 'US-MA.FREQ.2IN30',
      mark: 'R',
      counts: (seen) => isPlacedCall(seen) && seen.contact.atWork === true,
      max: 2,
      days: 30,
      per: 'account',
    },
  ],
};

const UK: Pack = {
  // CONC 7.9.4 has no number: the house's.
  hours: [{ name: 'UK.HOURS', mark: 'H', weekdays: ['08:00', '20:00'], saturday: ['09:00', '17:00'], sunday: 'closed', holiday: 'closed' }],
  counts: [
    { name: 'UK.FREQ.ATTEMPTS', mark: 'H', counts: isPlacedCall, max: 3, days: 1, per: 'customer' },
    { name: 'UK.FREQ.CONVERSATIONS', mark: 'H', counts: isTelephoneConversation, max: 1, days: 7, per: 'customer' },
  ],
  pauses: [],
  stops: stops.UK,
  bans: [],
  persons: ['guarantor', 'executor', 'administrator'],
  thirdParties: { name: 'UK.THIRD_PARTY', mark: 'R', mayHelpFind: 'never' },
};

/** RG 96: contact made, not tried: a message left counts, an unanswered call does not; face to face is counted apart. */
const isContactMade = ({ contact, answered }: Seen): boolean => {
  if (!isOutbound(contact)) return false;
  if (isCall(contact)) return answered || contact.outcome === 'voicemail' || contact.outcome === 'limited-message';
  return isWritten(contact);
};
const isPlacedVisit = ({ contact }: Seen): boolean => isVisit(contact) && isOutbound(contact);

const AU: Pack = {
  hours: [
    {
      name: 'AU.HOURS',
      mark: 'R',
      concerns: isCall,
      weekdays: ['07:30', '21:00'],
      saturday: ['09:00', '21:00'],
      sunday: ['09:00', '21:00'],
      holiday: 'closed',
    },
    {
      // No hours of their own for what is written: the same.
      name: 'AU.HOURS',
      mark: 'H',
      concerns: isWritten,
      weekdays: ['07:30', '21:00'],
      saturday: ['09:00', '21:00'],
      sunday: ['09:00', '21:00'],
      holiday: 'closed',
    },
    { name: 'AU.HOURS.VISIT', mark: 'R', concerns: isVisit, weekdays: ['09:00', '21:00'], holiday: 'closed' },
    {
      name: 'AU.HOURS.WORKPLACE',
      mark: 'R',
      concerns: (contact) => contact.atWork === true && !isWritten(contact),
      weekdays: ['09:00', '17:00'],
      saturday: 'closed',
      sunday: 'closed',
      holiday: 'closed',
    },
  ],
  // The week and the month are not defined: rolling days, and the calendar month too.
  counts: [
    { name: 'AU.FREQ.WEEK', mark: 'R', counts: isContactMade, max: 3, days: 7, per: 'account' },
    { name: 'AU.FREQ.MONTH', mark: 'R', counts: isContactMade, max: 10, days: 30, per: 'account' },
    { name: 'AU.FREQ.MONTH', mark: 'R', counts: isContactMade, max: 10, days: 'calendar-month', per: 'account' },
    { name: 'AU.FREQ.VISIT', mark: 'M', counts: isPlacedVisit, max: 1, days: 30, per: 'account' },
    { name: 'AU.FREQ.VISIT', mark: 'M', counts: isPlacedVisit, max: 1, days: 'calendar-month', per: 'account' },
  ],
  pauses: [],
  stops: stops.AU,
  bans: [],
  persons: ['guarantor', 'executor', 'administrator'],
  thirdParties: { name: 'AU.THIRD_PARTY', mark: 'R', mayHelpFind: 'never' },
};

const IN: Pack = {
  hours: [
    { name: 'IN.HOURS', mark: 'N', concerns: isCall, weekdays: ['08:00', '19:00'] },
    // The circular has no hours for messages, and the draft that has them for visits is not in force: the same.
    { name: 'IN.HOURS', mark: 'H', concerns: (contact) => !isCall(contact), weekdays: ['08:00', '19:00'] },
  ],
  counts: [{ name: 'IN.FREQ.ATTEMPTS', mark: 'H', counts: isPlacedCall, max: 3, days: 1, per: 'customer' }],
  pauses: [],
  stops: stops.IN,
  bans: [],
  persons: ['guarantor'],
  thirdParties: { name: 'IN.THIRD_PARTY', mark: 'N', mayHelpFind: 'never' },
};

const HK: Pack = {
  hours: [{ name: 'HK.HOURS', mark: 'H', weekdays: ['08:00', '21:00'] }],
  counts: [],
  pauses: [],
  stops: stops.HK,
  bans: [],
  persons: ['guarantor'],
  thirdParties: { name: 'HK.THIRD_PARTY', mark: 'R', mayHelpFind: 'never' },
};

const SG: Pack = {
  hours: [{ name: 'SG.HOURS', mark: 'H', weekdays: ['08:00', '21:00'], holiday: 'closed' }],
  counts: [{ name: 'SG.FREQ.ATTEMPTS', mark: 'H', counts: isPlacedCall, max: 3, days: 1, per: 'customer' }],
  pauses: [],
  stops: stops.SG,
  bans: [],
  persons: ['guarantor'],
  thirdParties: { name: 'SG.THIRD_PARTY', mark: 'H', mayHelpFind: 'never' },
};

const EU: Pack = {
  hours: [{ name: 'EU.HOURS', mark: 'H', weekdays: ['09:00', '19:00'], sunday: 'closed', holiday: 'closed' }],
  counts: [{ name: 'EU.FREQ', mark: 'H', counts: ({ contact }) => isOutbound(contact), max: 1, days: 1, per: 'customer' }],
  pauses: [],
  stops: stops.EU,
  bans: [],
  persons: ['guarantor'],
  thirdParties: { name: 'EU.THIRD_PARTY', mark: 'H', mayHelpFind: 'never' },
};

const EU_GR: Pack = {
  ...EU,
  // Law 3758/2009 names the days; Saturday and Sunday are not among them.
  hours: [{ name: 'GR.HOURS', mark: 'N', weekdays: ['09:00', '20:00'], saturday: 'closed', sunday: 'closed' }],
  // One call every two days: by the calendar, not by 48 hours.
  counts: [{ name: 'GR.FREQ', mark: 'N', counts: isPlacedCall, max: 1, days: 2, per: 'customer' }],
  grace: { name: 'GR.GRACE', mark: 'N', days: 10 },
};

export const PACKS: Readonly<Record<string, Pack>> = { CN, US, 'US-MA': US_MA, UK, AU, IN, HK, SG, EU, 'EU-GR': EU_GR };
