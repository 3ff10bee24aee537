import { CHANNELS, type Channel } from '../../model.ts';
import { checkRules } from './check.ts';
import { MESSAGES } from './common.ts';
import { CALENDAR_DAY, type CountProvision, EVERY_DAY, type HoursProvision, type Provision, type RuleSet, rollingDays } from './pack.ts';

const HOUSE = { force: 'house', mark: 'H', source: 'house caps and hours' } as const satisfies Partial<Provision>;

function hours(rule: string, text: string, channels: readonly Channel[], openings: HoursProvision['openings']): HoursProvision {
  return { ...HOUSE, rule, text, channels, openings };
}

function days(count: number): CountProvision['window'] {
  return count === 1 ? CALENDAR_DAY : rollingDays(count);
}

/** A cap on one kind of contact: what it limits is what it counts. */
function cap(rule: string, text: string, channels: readonly Channel[], count: number, max: number): CountProvision {
  return {
    ...HOUSE,
    rule,
    text,
    limits: channels,
    counts: [{ channels, tally: 'placed' }],
    scope: 'institutionPlusAgencies',
    window: days(count),
    max,
  };
}

function conversations(rule: string, text: string, count: number, max: number): CountProvision {
  return {
    ...HOUSE,
    rule,
    text,
    // Only these can turn into a conversation; a message after one stays possible.
    limits: ['voice', 'visit'],
    counts: [{ channels: CHANNELS, tally: 'connected', inbound: true }],
    scope: 'institutionPlusAgencies',
    window: days(count),
    max,
  };
}

/** All channels together. Unanswered calls do not count, but a call may be answered, so calls are limited like the rest. */
function together(rule: string, text: string, count: number, max: number): CountProvision {
  return {
    ...HOUSE,
    rule,
    text,
    limits: CHANNELS,
    counts: [
      { channels: CHANNELS.filter((channel) => channel !== 'voice'), tally: 'placed' },
      { channels: ['voice'], tally: 'connected', inbound: true },
    ],
    scope: 'institutionPlusAgencies',
    window: days(count),
    max,
  };
}

const PUSHED: readonly Channel[] = ['push', 'in-app', 'im'];

/**
 * What the house does less than every pack allows: no text of law asks for these numbers, they keep contact bearable. Days are calendar
 * days by the customer's local date, the day of the contact included; "7 days" is any seven in a row, not a week of the calendar.
 * Notices and confirmations stand outside the caps and spacings, not outside the hours.
 */
export const HOUSE_RULES: RuleSet = {
  version: 'house/2',
  notCollection: [],
  uncounted: ['formal-notice', 'statutory-notice', 'moratorium-notice', 'payment-acknowledgement', 'fraud-alert'],
  grace: { ...HOUSE, rule: 'HOUSE.GRACE', text: 'Nothing is collected on the first three days past due', days: 3 },
  hours: [
    {
      ...hours(
        'HOUSE.HOURS.CALL',
        'Calls Monday to Saturday 09:00 to 20:00, Sundays and public holidays 10:00 to 19:00',
        ['voice'],
        [
          { weekdays: [1, 2, 3, 4, 5, 6], from: '09:00', to: '20:00' },
          { weekdays: [7], from: '10:00', to: '19:00' },
        ],
      ),
      onHolidays: [{ from: '10:00', to: '19:00' }],
    },
    hours('HOUSE.HOURS.MESSAGE', 'Messages from 09:00 to 20:30', MESSAGES, [{ weekdays: EVERY_DAY, from: '09:00', to: '20:30' }]),
    hours('HOUSE.HOURS.VISIT', 'Visits from 09:00 to 19:00', ['visit'], [{ weekdays: EVERY_DAY, from: '09:00', to: '19:00' }]),
  ],
  counts: [
    cap('HOUSE.CALL.DAY', 'At most three calls a day', ['voice'], 1, 3),
    cap('HOUSE.CALL.WEEK', 'At most ten calls in seven days', ['voice'], 7, 10),
    { ...cap('HOUSE.NUMBER.DAY', 'At most two calls a day to the same number', ['voice'], 1, 2), scope: 'perContactPoint' },
    conversations('HOUSE.CONVERSATION.DAY', 'At most one conversation a day', 1, 1),
    conversations('HOUSE.CONVERSATION.WEEK', 'At most three conversations in seven days', 7, 3),
    cap('HOUSE.SMS.DAY', 'At most one text message a day', ['sms'], 1, 1),
    cap('HOUSE.SMS.WEEK', 'At most three text messages in seven days', ['sms'], 7, 3),
    cap('HOUSE.EMAIL.DAY', 'At most one e-mail a day', ['email'], 1, 1),
    cap('HOUSE.EMAIL.WEEK', 'At most two e-mails in seven days', ['email'], 7, 2),
    cap('HOUSE.PUSH.DAY', 'At most one push, in-app or instant message a day', PUSHED, 1, 1),
    cap('HOUSE.PUSH.WEEK', 'At most three push, in-app or instant messages in seven days', PUSHED, 7, 3),
    cap('HOUSE.LETTER', 'At most one letter in 14 days', ['post'], 14, 1),
    cap('HOUSE.VISIT', 'At most one visit in 30 days', ['visit'], 30, 1),
    together('HOUSE.ALL.DAY', 'At most two contacts a day, all channels together', 1, 2),
    together('HOUSE.ALL.WEEK', 'At most six contacts in seven days, all channels together', 7, 6),
    {
      ...together('HOUSE.ALL.QUARTER', 'At most 45 contacts in 90 days, all channels together; then a person decides', 90, 45),
      restartsOnApproval: true,
    },
  ],
  spacings: [
    {
      ...HOUSE,
      rule: 'HOUSE.NUMBER.APART',
      text: 'Two calls to the same number are at least two hours apart',
      limits: ['voice'],
      counts: [{ channels: ['voice'], tally: 'placed' }],
      scope: 'perContactPoint',
      minutes: 120,
    },
  ],
  closingMargin: {
    ...HOUSE,
    rule: 'HOUSE.MARGIN',
    text: 'A message is handed over five minutes before any closing, so that it arrives before it',
    channels: MESSAGES,
    minutes: 5,
  },
};

checkRules(HOUSE_RULES);
