import type { Contact } from './facts.ts';
import {
  type BanRule,
  type CountRule,
  type HoursRule,
  isCall,
  isOutbound,
  isPlacedCall,
  isVisit,
  isWritten,
  type PauseRule,
  type Seen,
} from './rules.ts';

/** The house's own hours and caps, laid over every pack. Formal notices stand outside all of its counts. */

export const HOURS: readonly HoursRule[] = [
  {
    name: 'HOUSE.HOURS',
    mark: 'H',
    concerns: isCall,
    weekdays: ['09:00', '20:00'],
    saturday: ['09:00', '20:00'],
    sunday: ['10:00', '19:00'],
    holiday: ['10:00', '19:00'],
  },
  // A letter rings nobody's bell at the hour at which it is posted.
  { name: 'HOUSE.HOURS', mark: 'H', concerns: (contact) => isWritten(contact) && contact.channel !== 'post', weekdays: ['09:00', '20:30'] },
  { name: 'HOUSE.HOURS', mark: 'H', concerns: isVisit, weekdays: ['09:00', '19:00'] },
];

const NOTICES = ['formal-notice', 'statutory-notice'];
const notNotice = (seen: Seen): boolean => !NOTICES.includes(seen.contact.purpose);
/** The bank's own contacts by these channels, notices apart. */
const by =
  (...channels: Contact['channel'][]) =>
  (seen: Seen): boolean =>
    isOutbound(seen.contact) && channels.includes(seen.contact.channel) && notNotice(seen);
const isConversation = (seen: Seen): boolean => (isCall(seen.contact) || isVisit(seen.contact)) && seen.answered && notNotice(seen);
/** All channels together; a call that nobody answered is not among them. */
const isAnyButUnanswered = (seen: Seen): boolean => isOutbound(seen.contact) && notNotice(seen) && (!isCall(seen.contact) || seen.answered);

function cap(name: string, counts: (seen: Seen) => boolean, max: number, days: number): CountRule {
  return { name: `HOUSE.${name}`, mark: 'H', counts, max, days, per: 'customer' };
}

export const COUNTS: readonly CountRule[] = [
  cap('CALLS', by('voice'), 3, 1),
  cap('CALLS', by('voice'), 10, 7),
  { ...cap('NUMBER', by('voice'), 2, 1), per: 'address' },
  cap('CONVERSATIONS', isConversation, 1, 1),
  cap('CONVERSATIONS', isConversation, 3, 7),
  cap('SMS', by('sms'), 1, 1),
  cap('SMS', by('sms'), 3, 7),
  cap('EMAIL', by('email'), 1, 1),
  cap('EMAIL', by('email'), 2, 7),
  cap('PUSH', by('push', 'in-app', 'im'), 1, 1),
  cap('PUSH', by('push', 'in-app', 'im'), 3, 7),
  cap('LETTERS', by('post'), 1, 14),
  cap('VISITS', by('visit'), 1, 30),
  cap('TOGETHER', isAnyButUnanswered, 2, 1),
  cap('TOGETHER', isAnyButUnanswered, 6, 7),
  { ...cap('PRESSURE', isAnyButUnanswered, 45, 90), untilApproved: true },
];

export const PAUSES: readonly PauseRule[] = [
  {
    name: 'HOUSE.APART',
    mark: 'H',
    concerns: (contact) => isCall(contact) && !NOTICES.includes(contact.purpose),
    after: (seen) => isPlacedCall(seen) && notNotice(seen),
    minutes: 120,
    per: 'address',
  },
];

export const BANS: readonly BanRule[] = [
  {
    name: 'HOUSE.WORK',
    mark: 'H',
    concerns: (contact) => contact.atWork === true && !isCall(contact),
    why: "work numbers are for a person's voice only",
  },
];
