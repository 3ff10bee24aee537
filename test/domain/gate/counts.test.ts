import { describe, expect, it } from 'vitest';
import type { ContactRow } from '../../../domain/customer.ts';
import { judge, ledgerHorizonMillis } from '../../../domain/gate/gate.ts';
import type { ContactRequest, GateFacts } from '../../../domain/gate/types.ts';
import type { Channel } from '../../../domain/model.ts';
import { aConversation, aRequest, aRow, shanghai, someFacts } from './builders.ts';

const DAY = 86_400_000;

function verdictOf(ledger: readonly ContactRow[], request: ContactRequest, at: string, change: Partial<GateFacts> = {}) {
  return judge(request, someFacts({ ...change, ledger }), Date.parse(at));
}

/** `count` rows on consecutive days at noon, the last of them on `last`. */
function daily(count: number, last: string, make: (at: string) => ContactRow): ContactRow[] {
  return Array.from({ length: count }, (_, index) => make(new Date(Date.parse(last) - index * DAY).toISOString()));
}

describe('the published counts', () => {
  const call = aRequest('voice', { point: { addressKey: 'n1' } });
  const law = { house: false };
  const answered = (at: string): ContactRow => aConversation(shanghai(at), 'voice', { addressKey: 'n2' });
  const unanswered = (at: string, addressKey = 'n1'): ContactRow => aRow(shanghai(at), 'voice', { addressKey });

  it('three answered calls a day, whatever the number; free again at the next opening', () => {
    const two = [answered('2026-04-15T09:00'), answered('2026-04-15T10:00')];

    expect(verdictOf(two, call, shanghai('2026-04-15T12:00'), law)).toMatchObject({ decision: 'allow' });
    expect(verdictOf([...two, answered('2026-04-15T11:00')], call, shanghai('2026-04-15T12:00'), law)).toMatchObject({
      decision: 'defer',
      rule: 'CN.FREQ.CONNECTED',
      notBefore: Date.parse(shanghai('2026-04-16T08:00')),
    });
  });

  it('by the calendar day, not by 24 hours', () => {
    const evening = [answered('2026-04-14T19:00'), answered('2026-04-14T20:00'), answered('2026-04-14T21:30')];

    expect(verdictOf(evening, call, shanghai('2026-04-15T08:30'), law)).toMatchObject({ decision: 'allow' });
  });

  it('six unanswered calls a day to one number', () => {
    const five = ['08:00', '09:00', '10:00', '11:00', '12:00'].map((time) => unanswered(`2026-04-15T${time}`));
    const sixth = unanswered('2026-04-15T13:00');

    expect(verdictOf(five, call, shanghai('2026-04-15T14:00'), law)).toMatchObject({ decision: 'allow' });
    expect(verdictOf([...five, sixth], call, shanghai('2026-04-15T14:00'), law)).toMatchObject({
      rule: 'CN.FREQ.UNANSWERED',
      decision: 'defer',
    });
    expect(verdictOf([...five, unanswered('2026-04-15T13:00', 'n2')], call, shanghai('2026-04-15T14:00'), law)).toMatchObject({
      decision: 'allow',
    });
  });

  it('answered and unanswered calls are counted apart, messages not at all', () => {
    const ledger = [
      ...['08:00', '09:00', '10:00', '11:00', '12:00'].map((time) => unanswered(`2026-04-15T${time}`)),
      aConversation(shanghai('2026-04-15T08:30'), 'voice', { addressKey: 'n1' }),
      aConversation(shanghai('2026-04-15T09:30'), 'voice', { addressKey: 'n1' }),
      aRow(shanghai('2026-04-15T09:40'), 'sms', { addressKey: 'n1' }),
    ];

    expect(verdictOf(ledger, call, shanghai('2026-04-15T14:00'), law)).toMatchObject({ decision: 'allow' });
  });

  it('the local date counts, in the zone where the day is longer if there are several', () => {
    const ledger = [answered('2026-04-15T21:00'), answered('2026-04-15T21:10'), answered('2026-04-15T21:20')];

    expect(verdictOf(ledger, call, shanghai('2026-04-15T21:30'), { ...law, timeZones: ['Asia/Shanghai', 'Asia/Kolkata'] })).toMatchObject({
      decision: 'defer',
      rule: 'CN.FREQ.CONNECTED',
      // 08:00 in Kolkata.
      notBefore: Date.parse('2026-04-16T02:30:00Z'),
    });
  });
});

describe('the house caps of one kind', () => {
  const noon = (date: string): string => shanghai(`${date}T12:00`);
  const someNumber = aRequest('voice', { point: { addressKey: 'n9' } });

  it.each([
    { channel: 'sms', perDay: 1, days: 7, perDays: 3, day: 'HOUSE.SMS.DAY', week: 'HOUSE.SMS.WEEK' },
    { channel: 'email', perDay: 1, days: 7, perDays: 2, day: 'HOUSE.EMAIL.DAY', week: 'HOUSE.EMAIL.WEEK' },
    { channel: 'push', perDay: 1, days: 7, perDays: 3, day: 'HOUSE.PUSH.DAY', week: 'HOUSE.PUSH.WEEK' },
    { channel: 'im', perDay: 1, days: 7, perDays: 3, day: 'HOUSE.PUSH.DAY', week: 'HOUSE.PUSH.WEEK' },
    { channel: 'post', perDay: 1, days: 14, perDays: 1, day: 'HOUSE.LETTER', week: 'HOUSE.LETTER' },
    { channel: 'visit', perDay: 1, days: 30, perDays: 1, day: 'HOUSE.VISIT', week: 'HOUSE.VISIT' },
  ] as const)('$channel: $perDay a day, $perDays in $days days', ({ channel, perDays, days, day, week }) => {
    const make = (at: string): ContactRow => aRow(at, channel);
    const today = verdictOf([make(noon('2026-04-15'))], aRequest(channel), shanghai('2026-04-15T13:00'));
    const full = daily(perDays, noon('2026-04-14'), make);
    const freed = Date.parse(full.at(-1)?.at ?? '') + days * DAY;

    expect(today).toMatchObject({ decision: 'defer', rules: expect.arrayContaining([day]) });
    expect(verdictOf(full.slice(1), aRequest(channel), noon('2026-04-15'))).toMatchObject({ decision: 'allow' });
    expect(verdictOf(full, aRequest(channel), noon('2026-04-15'))).toMatchObject({
      decision: 'defer',
      rules: expect.arrayContaining([week]),
    });
    // Free from the morning of the day on which the oldest has left the window, not from the hour it was made.
    const opening = channel === 'post' ? 8 : 9;
    expect(verdictOf(full, aRequest(channel), noon('2026-04-15'))).toMatchObject({ notBefore: freed - (12 - opening) * 3_600_000 });
  });

  it('push, in-app and instant messages share one cap', () => {
    expect(verdictOf([aRow(noon('2026-04-15'), 'push')], aRequest('im'), shanghai('2026-04-15T13:00'))).toMatchObject({
      rule: 'HOUSE.PUSH.DAY',
    });
  });

  it('three calls a day over all numbers, answered or not', () => {
    const calls = ['09:00', '10:00', '11:00'].map((time, index) =>
      aRow(shanghai(`2026-04-15T${time}`), 'voice', { addressKey: `n${index}` }),
    );

    expect(verdictOf(calls.slice(1), someNumber, noon('2026-04-15'))).toMatchObject({ decision: 'allow' });
    expect(verdictOf(calls, someNumber, noon('2026-04-15'))).toMatchObject({
      decision: 'defer',
      rule: 'HOUSE.CALL.DAY',
      notBefore: Date.parse(shanghai('2026-04-16T09:00')),
    });
  });

  it('ten calls in seven days', () => {
    const calls = [0, 1].flatMap((hour) =>
      daily(5, shanghai(`2026-04-14T1${hour}:00`), (at) => aRow(at, 'voice', { addressKey: `n${hour}` })),
    );

    expect(verdictOf(calls.slice(1), someNumber, noon('2026-04-15'))).toMatchObject({ decision: 'allow' });
    // The first five days are 10 to 14 April: the tenth newest call leaves with the 17th.
    expect(verdictOf(calls, someNumber, noon('2026-04-15'))).toMatchObject({
      decision: 'defer',
      rule: 'HOUSE.CALL.WEEK',
      notBefore: Date.parse(shanghai('2026-04-17T09:00')),
    });
  });

  it('the same number twice a day', () => {
    const calls = ['09:00', '11:00'].map((time) => aRow(shanghai(`2026-04-15T${time}`), 'voice', { addressKey: 'n9' }));

    expect(verdictOf(calls, someNumber, shanghai('2026-04-15T14:00'))).toMatchObject({ decision: 'defer', rule: 'HOUSE.NUMBER.DAY' });
    expect(verdictOf(calls, aRequest('voice', { point: { addressKey: 'n8' } }), shanghai('2026-04-15T14:00'))).toMatchObject({
      decision: 'allow',
    });
  });

  it('the same number two hours apart, to the second', () => {
    const first = [aRow(shanghai('2026-04-15T10:00:30'), 'voice', { addressKey: 'n9' })];

    expect(verdictOf(first, someNumber, shanghai('2026-04-15T12:00:29'))).toMatchObject({
      decision: 'defer',
      rule: 'HOUSE.NUMBER.APART',
      notBefore: Date.parse(shanghai('2026-04-15T12:00:30')),
    });
    expect(verdictOf(first, someNumber, shanghai('2026-04-15T12:00:30'))).toMatchObject({ decision: 'allow' });
    expect(verdictOf(first, aRequest('voice', { point: { addressKey: 'n8' } }), shanghai('2026-04-15T10:01'))).toMatchObject({
      decision: 'allow',
    });
  });

  it('two hours apart that end after closing wait for the next morning', () => {
    const first = [aRow(shanghai('2026-04-18T18:30'), 'voice', { addressKey: 'n9' })];

    expect(verdictOf(first, someNumber, shanghai('2026-04-18T19:00'))).toMatchObject({
      notBefore: Date.parse(shanghai('2026-04-19T10:00')),
    });
  });
});

describe('conversations', () => {
  const call = aRequest('voice', { point: { addressKey: 'n9' } });

  it.each(['voice', 'visit'] as const)('one a day: after it no %s', (channel) => {
    const ledger = [aConversation(shanghai('2026-04-15T09:00'), 'voice')];

    expect(verdictOf(ledger, aRequest(channel, { point: { addressKey: 'n9' } }), shanghai('2026-04-15T12:00'))).toMatchObject({
      decision: 'defer',
      rule: 'HOUSE.CONVERSATION.DAY',
      notBefore: Date.parse(shanghai('2026-04-16T09:00')),
    });
  });

  it('a message may follow one', () => {
    expect(verdictOf([aConversation(shanghai('2026-04-15T09:00'))], aRequest('sms'), shanghai('2026-04-15T12:00'))).toMatchObject({
      decision: 'allow',
    });
  });

  it('three in seven days, a person met counting as one', () => {
    const ledger = [
      aConversation(shanghai('2026-04-10T12:00'), 'visit'),
      aConversation(shanghai('2026-04-12T12:00')),
      aConversation(shanghai('2026-04-13T12:00')),
    ];

    expect(verdictOf(ledger.slice(1), call, shanghai('2026-04-15T12:00'))).toMatchObject({ decision: 'allow' });
    expect(verdictOf(ledger, call, shanghai('2026-04-15T12:00'))).toMatchObject({
      decision: 'defer',
      rule: 'HOUSE.CONVERSATION.WEEK',
      notBefore: Date.parse(shanghai('2026-04-17T09:00')),
    });
  });
});

describe('all channels together', () => {
  const others: readonly Channel[] = ['email', 'push', 'voice'];

  it.each(others)('two a day stop a third by %s', (channel) => {
    const ledger = [aRow(shanghai('2026-04-15T09:00'), 'sms'), aRow(shanghai('2026-04-15T10:00'), 'post')];

    expect(verdictOf(ledger, aRequest(channel), shanghai('2026-04-15T12:00'))).toMatchObject({ decision: 'defer', rule: 'HOUSE.ALL.DAY' });
    expect(verdictOf(ledger.slice(1), aRequest(channel), shanghai('2026-04-15T12:00'))).toMatchObject({ decision: 'allow' });
  });

  it('unanswered calls stand apart, answered ones do not', () => {
    const sms = aRow(shanghai('2026-04-15T09:00'), 'sms');

    expect(verdictOf([sms, aRow(shanghai('2026-04-15T10:00'), 'voice')], aRequest('email'), shanghai('2026-04-15T12:00'))).toMatchObject({
      decision: 'allow',
    });
    expect(verdictOf([sms, aConversation(shanghai('2026-04-15T10:00'))], aRequest('email'), shanghai('2026-04-15T12:00'))).toMatchObject({
      rule: 'HOUSE.ALL.DAY',
    });
  });

  it('six in seven days', () => {
    const ledger = daily(6, shanghai('2026-04-14T12:00'), (at) => aRow(at, 'post'));

    expect(verdictOf(ledger.slice(1), aRequest('sms'), shanghai('2026-04-15T12:00'))).toMatchObject({ decision: 'allow' });
    expect(verdictOf(ledger, aRequest('sms'), shanghai('2026-04-15T12:00'))).toMatchObject({
      decision: 'defer',
      rule: 'HOUSE.ALL.WEEK',
      notBefore: Date.parse(shanghai('2026-04-16T09:00')),
    });
  });

  it('45 in 90 days', () => {
    const ledger = Array.from({ length: 45 }, (_, index) =>
      aRow(new Date(Date.parse(shanghai('2026-04-14T12:00')) - index * 2 * DAY).toISOString(), 'post'),
    );

    expect(verdictOf(ledger.slice(1), aRequest('sms'), shanghai('2026-04-15T12:00'))).toMatchObject({ decision: 'allow' });
    // The oldest was made 88 days before the 14th, on 16 January, and leaves the window with 16 April.
    expect(verdictOf(ledger, aRequest('sms'), shanghai('2026-04-15T12:00'))).toMatchObject({
      decision: 'defer',
      rule: 'HOUSE.ALL.QUARTER',
      notBefore: Date.parse(shanghai('2026-04-16T09:00')),
    });
  });

  it('no rule looks further back than the horizon', () => {
    expect(ledgerHorizonMillis()).toBe(92 * DAY);
  });
});

describe('purposes', () => {
  const full = [aRow(shanghai('2026-04-15T09:00'), 'sms'), aRow(shanghai('2026-04-15T09:30'), 'email')];

  it('formal notices stand outside the house caps, and do not fill them', () => {
    const notices = full.map((row) => ({ ...row, purpose: 'formal-notice' as const }));

    expect(verdictOf(full, aRequest('sms', { purpose: 'formal-notice' }), shanghai('2026-04-15T12:00'))).toMatchObject({
      decision: 'allow',
    });
    expect(verdictOf(notices, aRequest('sms'), shanghai('2026-04-15T12:00'))).toMatchObject({ decision: 'allow' });
  });

  it.each(['collection', 'plan-offer', 'promise-reminder', 'plan-servicing'] as const)('%s keeps to them', (purpose) => {
    expect(verdictOf(full, aRequest('sms', { purpose }), shanghai('2026-04-15T12:00'))).toMatchObject({
      decision: 'defer',
      rules: expect.arrayContaining(['CN.FREQ.SMS.DAY', 'HOUSE.SMS.DAY']),
    });
  });
});

describe('what is planned', () => {
  it('counts like what was made', () => {
    const reserved = [aRow(shanghai('2026-04-15T15:00'), 'sms')];

    expect(verdictOf(reserved, aRequest('sms'), shanghai('2026-04-15T12:00'))).toMatchObject({
      decision: 'defer',
      rules: expect.arrayContaining(['CN.FREQ.SMS.DAY', 'HOUSE.SMS.DAY']),
      notBefore: Date.parse(shanghai('2026-04-16T09:00')),
    });
  });
});
