import { describe, expect, it } from 'vitest';
import { judge } from '../../../domain/gate/gate.ts';
import { byZone, firstOpen, wishedHours } from '../../../domain/gate/hours.ts';
import type { GateFacts } from '../../../domain/gate/types.ts';
import type { Channel } from '../../../domain/model.ts';
import { aRequest, aRow, shanghai, someFacts } from './builders.ts';

const LAW = someFacts({ house: false });
const HOUSE = someFacts();

function expectOpen(channel: Channel, facts: GateFacts, at: string): void {
  expect(judge(aRequest(channel), facts, Date.parse(at))).toMatchObject({ decision: 'allow' });
}

function expectShut(channel: Channel, facts: GateFacts, at: string, rule: string, notBefore: string): void {
  expect(judge(aRequest(channel), facts, Date.parse(at))).toMatchObject({ decision: 'defer', rule, notBefore: Date.parse(notBefore) });
}

const withWishes = (wishes: Partial<GateFacts['wishes']>, change: Parameters<typeof someFacts>[0] = {}): GateFacts =>
  someFacts({ ...change, wishes: { windows: [], inconvenient: [], optedOut: [], ...wishes } });

describe('the published hours, 08:00 to 22:00', () => {
  it.each(['sms', 'email', 'push', 'in-app', 'im', 'voice', 'post', 'visit'] as const)(
    '%s opens at 08:00:00 and is shut at 22:00:00',
    (channel) => {
      expectShut(channel, LAW, shanghai('2026-04-11T07:59:59'), 'CN.HOURS', shanghai('2026-04-11T08:00'));
      expectOpen(channel, LAW, shanghai('2026-04-11T08:00'));
      expectOpen(channel, LAW, shanghai('2026-04-11T21:59:59'));
      expectShut(channel, LAW, shanghai('2026-04-11T22:00'), 'CN.HOURS', shanghai('2026-04-12T08:00'));
    },
  );

  it('after midnight the same morning is next', () => {
    expectShut('voice', LAW, shanghai('2026-04-11T00:30'), 'CN.HOURS', shanghai('2026-04-11T08:00'));
  });

  it('makes no difference on a Sunday', () => {
    expectOpen('voice', LAW, shanghai('2026-04-12T08:00'));
  });
});

describe('the house hours', () => {
  it.each([
    { channel: 'voice', day: '2026-04-11', opens: '09:00', shuts: '20:00', next: '2026-04-12T10:00', rule: 'HOUSE.HOURS.CALL' },
    { channel: 'voice', day: '2026-04-12', opens: '10:00', shuts: '19:00', next: '2026-04-13T09:00', rule: 'HOUSE.HOURS.CALL' },
    { channel: 'sms', day: '2026-04-12', opens: '09:00', shuts: '20:25', next: '2026-04-13T09:00', rule: 'HOUSE.HOURS.MESSAGE' },
    { channel: 'email', day: '2026-04-13', opens: '09:00', shuts: '20:25', next: '2026-04-14T09:00', rule: 'HOUSE.HOURS.MESSAGE' },
    { channel: 'visit', day: '2026-04-12', opens: '09:00', shuts: '19:00', next: '2026-04-13T09:00', rule: 'HOUSE.HOURS.VISIT' },
    { channel: 'post', day: '2026-04-12', opens: '08:00', shuts: '22:00', next: '2026-04-13T08:00', rule: 'CN.HOURS' },
  ] as const)('$channel on $day: $opens to $shuts', ({ channel, day, opens, shuts, next, rule }) => {
    const beforeOpening = new Date(Date.parse(shanghai(`${day}T${opens}`)) - 1000).toISOString();
    const justInside = new Date(Date.parse(shanghai(`${day}T${shuts}`)) - 1000).toISOString();

    expectShut(channel, HOUSE, beforeOpening, rule, shanghai(`${day}T${opens}`));
    expectOpen(channel, HOUSE, shanghai(`${day}T${opens}`));
    expectOpen(channel, HOUSE, justInside);
    expectShut(channel, HOUSE, shanghai(`${day}T${shuts}`), rule, shanghai(next));
  });

  it('hold for formal notices too', () => {
    const verdict = judge(aRequest('sms', { purpose: 'formal-notice' }), HOUSE, Date.parse(shanghai('2026-04-15T20:30')));

    expect(verdict).toMatchObject({ decision: 'defer', rule: 'HOUSE.HOURS.MESSAGE', notBefore: Date.parse(shanghai('2026-04-16T09:00')) });
  });
});

describe('the margin for what waits at a carrier', () => {
  it.each(['sms', 'email', 'push', 'in-app', 'im'] as const)(
    '%s shuts five minutes early, also before a closing the customer named',
    (channel) => {
      expectOpen(channel, HOUSE, shanghai('2026-04-15T20:24:59'));
      expectShut(channel, HOUSE, shanghai('2026-04-15T20:25'), 'HOUSE.HOURS.MESSAGE', shanghai('2026-04-16T09:00'));
      expectShut(
        channel,
        withWishes({ windows: ['18:00-21:00'] }),
        shanghai('2026-04-15T20:55'),
        'CN.CUSTOMER_WINDOW',
        shanghai('2026-04-16T18:00'),
      );
      expectShut(
        channel,
        withWishes({ inconvenient: ['12:00-14:00'] }),
        shanghai('2026-04-15T11:55'),
        'CN.CUSTOMER_INCONVENIENT',
        shanghai('2026-04-15T14:00'),
      );
    },
  );

  it('does not shut anything at midnight in a window that lasts over it', () => {
    const facts = withWishes({ windows: ['22:00-00:30'] }, { consentOutsideHours: true });

    expectOpen('sms', facts, shanghai('2026-04-15T23:59:59'));
    expectOpen('sms', facts, shanghai('2026-04-16T00:24:59'));
    expectShut('sms', facts, shanghai('2026-04-16T00:25'), 'CN.CUSTOMER_WINDOW', shanghai('2026-04-16T22:00'));
  });

  it('looks over midnight where the window ends just after it', () => {
    const facts = withWishes({ windows: ['22:00-00:03'] }, { consentOutsideHours: true });

    expectOpen('sms', facts, shanghai('2026-04-15T23:57:59'));
    expectShut('sms', facts, shanghai('2026-04-15T23:58'), 'CN.CUSTOMER_WINDOW', shanghai('2026-04-16T22:00'));
  });

  it('is for messages: a call may be made to the last second', () => {
    expectOpen('voice', HOUSE, shanghai('2026-04-15T19:59:59'));
  });
});

describe("the customer's own times", () => {
  it('a window replaces the house hours', () => {
    const facts = withWishes({ windows: ['20:00-21:30'] });

    expectOpen('voice', facts, shanghai('2026-04-15T21:00'));
    expectShut('voice', facts, shanghai('2026-04-15T12:00'), 'CN.CUSTOMER_WINDOW', shanghai('2026-04-15T20:00'));
    expectShut('voice', facts, shanghai('2026-04-15T21:30'), 'CN.CUSTOMER_WINDOW', shanghai('2026-04-16T20:00'));
  });

  it('a window does not open what the published hours close', () => {
    const facts = withWishes({ windows: ['21:00-09:00'] });

    expectShut('voice', facts, shanghai('2026-04-15T22:00'), 'CN.HOURS', shanghai('2026-04-16T08:00'));
    expectOpen('voice', facts, shanghai('2026-04-16T08:59:59'));
    expectShut('voice', facts, shanghai('2026-04-16T09:00'), 'CN.CUSTOMER_WINDOW', shanghai('2026-04-16T21:00'));
  });

  it('a window up to 24:00 and two that touch are one', () => {
    const facts = withWishes({ windows: ['20:00-24:00', '18:00-20:00'] });

    expectShut('sms', facts, shanghai('2026-04-15T17:59:59'), 'CN.CUSTOMER_WINDOW', shanghai('2026-04-15T18:00'));
    expectOpen('sms', facts, shanghai('2026-04-15T20:00'));
  });

  it('an inconvenient time over midnight closes both its ends', () => {
    const facts = withWishes({ inconvenient: ['19:00-11:00'] });

    expectShut('voice', facts, shanghai('2026-04-15T19:00'), 'CN.CUSTOMER_INCONVENIENT', shanghai('2026-04-16T11:00'));
    expectShut('voice', facts, shanghai('2026-04-15T10:59:59'), 'CN.CUSTOMER_INCONVENIENT', shanghai('2026-04-15T11:00'));
    expectOpen('voice', facts, shanghai('2026-04-15T18:59:59'));
  });

  it('no time that is left open is a denial, not an endless wait', () => {
    const facts = withWishes({ windows: ['12:00-13:00'], inconvenient: ['11:00-14:00'] });

    expect(judge(aRequest('sms'), facts, Date.parse(shanghai('2026-04-15T12:30')))).toMatchObject({
      decision: 'deny',
      rule: 'HOURS.NEVER',
    });
  });
});

describe('a quiet time', () => {
  it('ends at its instant, in the daytime', () => {
    const facts = someFacts({ standing: { quietUntil: shanghai('2026-04-15T12:00') } });

    expectShut('sms', facts, shanghai('2026-04-15T11:59:59'), 'STATE.QUIET', shanghai('2026-04-15T12:00'));
    expectOpen('sms', facts, shanghai('2026-04-15T12:00'));
  });

  it('that ends at night is followed by the next opening', () => {
    const facts = someFacts({ standing: { quietUntil: shanghai('2026-04-16T00:00') } });

    expectShut('sms', facts, shanghai('2026-04-15T12:00'), 'STATE.QUIET', shanghai('2026-04-16T09:00'));
  });

  it('and a full count combine to the later of the two', () => {
    const ledger = [aRow(shanghai('2026-04-15T09:30'), 'sms')];
    const facts = someFacts({ ledger, standing: { quietUntil: shanghai('2026-04-15T15:00') } });

    expectShut('sms', facts, shanghai('2026-04-15T12:00'), 'STATE.QUIET', shanghai('2026-04-16T09:00'));
  });
});

describe('zones and clock changes', () => {
  const inZones = (...timeZones: string[]): GateFacts => someFacts({ house: false, timeZones });

  it('all zones must be open', () => {
    const facts = inZones('Asia/Shanghai', 'Asia/Urumqi');

    expectShut('voice', facts, shanghai('2026-04-15T09:00'), 'CN.HOURS', shanghai('2026-04-15T10:00'));
    expectOpen('voice', facts, shanghai('2026-04-15T10:00'));
    expectShut('voice', facts, shanghai('2026-04-15T22:00'), 'CN.HOURS', shanghai('2026-04-16T10:00'));
  });

  it('zones whose hours never meet deny', () => {
    const facts = withWishes({ windows: ['08:00-10:00'] }, { timeZones: ['Asia/Shanghai', 'America/New_York'] });

    expect(judge(aRequest('sms'), facts, Date.parse(shanghai('2026-04-15T09:00')))).toMatchObject({
      decision: 'deny',
      rule: 'HOURS.NEVER',
    });
  });

  it('keeps to the quarter hours of Kathmandu', () => {
    expectShut('sms', inZones('Asia/Kathmandu'), '2026-04-15T02:14:59Z', 'CN.HOURS', '2026-04-15T02:15:00Z');
    expectOpen('sms', inZones('Asia/Kathmandu'), '2026-04-15T02:15:00Z');
  });

  it('opens at 08:00 by the wall clock on the morning after a change, not 24 hours later', () => {
    expectShut('sms', inZones('America/New_York'), '2026-03-08T04:00:00Z', 'CN.HOURS', '2026-03-08T12:00:00Z');
    expectShut('sms', inZones('America/New_York'), '2026-11-01T04:00:00Z', 'CN.HOURS', '2026-11-01T13:00:00Z');
  });

  it('a date that the zone skipped does not count as a day of waiting', () => {
    // Samoa went from 29 December 2011 straight to the 31st, at 10:00 UTC.
    const facts = someFacts({ timeZones: ['Pacific/Apia'], ledger: [aRow('2011-12-30T01:00:00Z', 'sms')] });

    expectShut('sms', facts, '2011-12-30T02:00:00Z', 'CN.FREQ.SMS.DAY', '2011-12-30T19:00:00Z');
  });

  // No zone changes its clock while the published hours are open, so these ask the hours themselves.
  it.each([
    { name: 'an opening in a gap is at its end', window: '02:10-05:00', from: '2026-10-03T14:00:00Z', opens: '2026-10-03T15:30:00Z' },
    {
      name: 'an opening that comes twice is the first of the two',
      window: '01:40-05:00',
      from: '2026-04-04T13:00:00Z',
      opens: '2026-04-04T14:40:00Z',
    },
    {
      name: 'what closed before the repeated half hour opens again',
      window: '01:30-01:45',
      from: '2026-04-04T14:50:00Z',
      opens: '2026-04-04T15:00:00Z',
    },
    { name: 'what lies in a gap is skipped that day', window: '02:05-02:25', from: '2026-10-03T14:00:00Z', opens: '2026-10-04T15:05:00Z' },
  ])('$name (Lord Howe, half an hour)', ({ window, from, opens }) => {
    const hours = wishedHours('WINDOW', '', [window], true);

    expect(firstOpen(Date.parse(from), byZone(['Australia/Lord_Howe'], hours === undefined ? [] : [hours]))).toBe(Date.parse(opens));
  });
});
