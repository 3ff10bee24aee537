import type { Contact } from './facts.ts';
import {
  type BanRule,
  type CountRule,
  type GraceRule,
  type HoursRule,
  hasPurpose,
  isCall,
  isMessage,
  isOutbound,
  isPlacedCall,
  isVisit,
  type PauseRule,
  type Seen,
} from './rules.ts';

/** The house's own hours and caps, laid over every pack. */

export const HOURS: readonly HoursRule[] = [
  {
    name: 'HOUSE.HOURS',
    mark: 'H',
    concerns: isCall,
    weekdays: ['09:00', '20:00'],
    sunday: ['10:00', '19:00'],
    holiday: ['10:00', '19:00'],
  },
  { name: 'HOUSE.HOURS', mark: 'H', concerns: isMessage, weekdays: ['09:00', '20:30'] },
  { name: 'HOUSE.HOURS', mark: 'H', concerns: isVisit, weekdays: ['09:00', '19:00'] },
];

/** A message may wait at a carrier: it is handed over so long before any closing. */
export const MARGIN_MINUTES = 5;

/** The first days past due are the customer's. */
export const GRACE: GraceRule = { name: 'HOUSE.GRACE', mark: 'H', days: 3 };

/** Notices and confirmations stand outside all of the counts, not outside the hours. */
export const isUncounted = hasPurpose('formal-notice', 'statutory-notice', 'moratorium-notice', 'payment-acknowledgement', 'fraud-alert');

const by =
  (...channels: Contact['channel'][]) =>
  ({ contact }: Seen): boolean =>
    isOutbound(contact) && channels.includes(contact.channel);
const mayTalk = (contact: Contact): boolean => isCall(contact) || isVisit(contact);
/** Who began a conversation does not matter, nor by what: the customer has talked with us. */
const isConversation = ({ answered }: Seen): boolean => answered;
/** All channels together. A call counts when it was answered, whoever made it; of the others what we sent. */
const isTogether = (seen: Seen): boolean => (isCall(seen.contact) ? seen.answered : isOutbound(seen.contact));

function cap(name: string, counts: (seen: Seen) => boolean, max: number, days: number): CountRule {
  return { name: `HOUSE.${name}`, mark: 'H', counts, max, days, per: 'customer' };
}

export const COUNTS: readonly CountRule[] = [
  cap('CALLS', by('voice'), 3, 1),
  cap('CALLS', by('voice'), 10, 7),
  { ...cap('NUMBER', by('voice'), 2, 1), per: 'address' },
  { ...cap('CONVERSATIONS', isConversation, 1, 1), concerns: mayTalk },
  { ...cap('CONVERSATIONS', isConversation, 3, 7), concerns: mayTalk },
  cap('SMS', by('sms'), 1, 1),
  cap('SMS', by('sms'), 3, 7),
  cap('EMAIL', by('email'), 1, 1),
  cap('EMAIL', by('email'), 2, 7),
  cap('PUSH', by('push', 'in-app', 'im'), 1, 1),
  cap('PUSH', by('push', 'in-app', 'im'), 3, 7),
  cap('LETTERS', by('post'), 1, 14),
  cap('VISITS', by('visit'), 1, 30),
  cap('TOGETHER', isTogether, 2, 1),
  cap('TOGETHER', isTogether, 6, 7),
  { ...cap('PRESSURE', isTogether, 45, 90), untilApproved: true },
];

export const PAUSES: readonly PauseRule[] = [{ name: 'HOUSE.APART', mark: 'H', counts: isPlacedCall, minutes: 120, per: 'address' }];

export const BANS: readonly BanRule[] = [
  {
    name: 'HOUSE.WORK',
    mark: 'H',
    concerns: (contact) => contact.atWork === true && !isCall(contact),
    why: "work numbers are for a person's voice only",
  },
];
