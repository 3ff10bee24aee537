import { describe, expect, it } from 'vitest';
import type { AddressFinding } from '../../../domain/customer.ts';
import { judge } from '../../../domain/gate/gate.ts';
import type { ContactRequest, GateFacts } from '../../../domain/gate/types.ts';
import { aRequest, aRow, shanghai, someFacts } from './builders.ts';

const NOON = Date.parse(shanghai('2026-04-15T12:00'));
const verdictOf = (request: ContactRequest, facts: GateFacts) => judge(request, facts, NOON);

describe('states', () => {
  it('lets a contact through where nothing stands in the way', () => {
    expect(verdictOf(aRequest('sms'), someFacts())).toMatchObject({ decision: 'allow' });
  });

  it.each([
    { standing: { cured: true }, rule: 'STATE.CURED' },
    { standing: { cured: true, caseOpen: false }, rule: 'STATE.CURED' },
    { standing: { caseOpen: false }, rule: 'STATE.CLOSED' },
    { standing: { heldBy: 'dispute' }, rule: 'STATE.HELD' },
    { standing: { arranged: true }, rule: 'STATE.ARRANGED' },
    { standing: { heldBy: 'dispute', arranged: true }, rule: 'STATE.HELD' },
    { standing: { daysPastDue: 3 }, rule: 'CN.GRACE' },
    { standing: { daysPastDue: 1 }, rule: 'CN.GRACE' },
    { standing: { daysPastDue: -1 }, rule: 'CN.GRACE' },
  ])('$standing denies by $rule', ({ standing, rule }) => {
    expect(verdictOf(aRequest('sms'), someFacts({ standing }))).toMatchObject({ decision: 'deny', rule });
  });

  it('the grace ends with day three', () => {
    expect(verdictOf(aRequest('sms'), someFacts({ standing: { daysPastDue: 4 } }))).toMatchObject({ decision: 'allow' });
  });

  it.each(['cured', 'closed', 'held'])('%s stops every purpose', (state) => {
    const standing = { cured: state === 'cured', caseOpen: state !== 'closed', ...(state === 'held' ? { heldBy: 'fraud' } : {}) };
    for (const purpose of ['collection', 'plan-offer', 'plan-servicing', 'promise-reminder', 'formal-notice'] as const) {
      expect(verdictOf(aRequest('sms', { purpose }), someFacts({ standing }))).toMatchObject({ decision: 'deny' });
    }
  });

  it.each([
    { purpose: 'collection', decision: 'deny' },
    { purpose: 'plan-offer', decision: 'deny' },
    { purpose: 'formal-notice', decision: 'deny' },
    { purpose: 'plan-servicing', decision: 'allow' },
    { purpose: 'promise-reminder', decision: 'allow' },
  ] as const)('while a plan is kept $purpose is: $decision', ({ purpose, decision }) => {
    expect(verdictOf(aRequest('sms', { purpose }), someFacts({ standing: { arranged: true } }))).toMatchObject({ decision });
  });

  it('serves a plan even within the grace', () => {
    const facts = someFacts({ standing: { arranged: true, daysPastDue: 2 } });

    expect(verdictOf(aRequest('sms', { purpose: 'plan-servicing' }), facts)).toMatchObject({ decision: 'allow' });
    expect(verdictOf(aRequest('sms', { purpose: 'promise-reminder' }), facts)).toMatchObject({ decision: 'deny', rule: 'CN.GRACE' });
  });

  it('states come before the time of day', () => {
    const night = Date.parse(shanghai('2026-04-15T23:00'));

    expect(judge(aRequest('sms'), someFacts({ standing: { cured: true } }), night)).toMatchObject({
      decision: 'deny',
      rule: 'STATE.CURED',
    });
  });
});

describe('contact points', () => {
  it.each(['number-dead', 'wrong-number', 'opted-out', 'bounced', 'complained', 'address-invalid', 'moved'] as const)(
    'a finding of %s bars the address',
    (finding: AddressFinding) => {
      expect(verdictOf(aRequest('sms'), someFacts({ findings: { 'a-sms': finding } }))).toMatchObject({
        decision: 'deny',
        rule: 'POINT.FINDING',
      });
    },
  );

  it('a finding on another address does not', () => {
    expect(verdictOf(aRequest('sms'), someFacts({ findings: { 'a-email': 'bounced' } }))).toMatchObject({ decision: 'allow' });
  });

  it('an opted-out channel is closed, the others are not', () => {
    const facts = someFacts({ wishes: { windows: [], inconvenient: [], optedOut: ['email'] } });

    expect(verdictOf(aRequest('email'), facts)).toMatchObject({ decision: 'deny', rule: 'CN.MEDIUM' });
    expect(verdictOf(aRequest('sms'), facts)).toMatchObject({ decision: 'allow' });
  });

  it.each([
    { name: 'a refused consent', channel: 'email', point: { consent: false }, expected: { decision: 'deny', rule: 'POINT.CONSENT' } },
    { name: 'a given consent', channel: 'email', point: { consent: true }, expected: { decision: 'allow' } },
    { name: 'a third party', channel: 'voice', point: { owner: 'third-party' }, expected: { decision: 'deny', rule: 'POINT.THIRD-PARTY' } },
    { name: 'a text to work', channel: 'sms', point: { owner: 'work' }, expected: { decision: 'deny', rule: 'HOUSE.WORK' } },
    { name: 'an e-mail to work', channel: 'email', point: { owner: 'work' }, expected: { decision: 'deny', rule: 'HOUSE.WORK' } },
    { name: 'a call to work', channel: 'voice', point: { owner: 'work' }, expected: { decision: 'allow' } },
    {
      name: 'a point of another channel',
      channel: 'sms',
      point: { channel: 'voice' },
      expected: { decision: 'deny', rule: 'POINT.CHANNEL' },
    },
  ] as const)('$name', ({ channel, point, expected }) => {
    expect(verdictOf(aRequest(channel, { point }), someFacts())).toMatchObject(expected);
  });
});

describe('what the gate cannot know', () => {
  it.each([
    { facts: { jurisdiction: 'XX' }, rule: 'PACK.UNKNOWN' },
    { facts: { jurisdiction: 'constructor' }, rule: 'PACK.UNKNOWN' },
    { facts: { timeZones: ['Asia/Shanghai', 'Mars/Olympus'] }, rule: 'ZONE.UNKNOWN' },
    { facts: { timeZones: ['+08:00'] }, rule: 'ZONE.UNKNOWN' },
    { facts: { wishes: { windows: ['evenings'], inconvenient: [], optedOut: [] } }, rule: 'WISHES.UNREADABLE' },
    { facts: { wishes: { windows: [], inconvenient: ['08:00-08:00'], optedOut: [] } }, rule: 'WISHES.UNREADABLE' },
    { facts: { wishes: { windows: ['08:00-24:30'], inconvenient: [], optedOut: [] } }, rule: 'WISHES.UNREADABLE' },
  ])('$facts denies by $rule', ({ facts, rule }) => {
    expect(verdictOf(aRequest('sms'), someFacts(facts))).toMatchObject({ decision: 'deny', rule });
  });

  it('refuses an instant that is none instead of ignoring the row', () => {
    const facts = someFacts({ ledger: [aRow('2026-04-31T00:00:00Z', 'sms')] });

    expect(() => verdictOf(aRequest('sms'), facts)).toThrow(RangeError);
  });
});

describe('what is no collection', () => {
  const night = Date.parse(shanghai('2026-04-15T23:00'));
  const standings = [{ cured: true }, { caseOpen: false }, { heldBy: 'dispute' }, { arranged: true }, { daysPastDue: 0 }];

  it.each(standings)('a payment is acknowledged, although %o', (standing) => {
    expect(verdictOf(aRequest('sms', { purpose: 'payment-acknowledgement' }), someFacts({ standing }))).toMatchObject({
      decision: 'allow',
    });
  });

  it('a payment on its way does not keep another from being acknowledged', () => {
    const facts = someFacts({ standing: { quietUntil: shanghai('2026-04-18T00:00') } });

    expect(verdictOf(aRequest('sms', { purpose: 'payment-acknowledgement' }), facts)).toMatchObject({ decision: 'allow' });
  });

  it('an acknowledgement neither fills the caps of the house nor is held up by them, but keeps to its hours and to the address', () => {
    const text = aRow(shanghai('2026-04-15T10:00'), 'sms');
    const receipt = aRow(shanghai('2026-04-15T10:00'), 'sms', { purpose: 'payment-acknowledgement' });
    const acknowledge = aRequest('sms', { purpose: 'payment-acknowledgement' });

    expect(verdictOf(acknowledge, someFacts({ ledger: [text] }))).toMatchObject({ decision: 'allow' });
    expect(verdictOf(aRequest('sms'), someFacts({ ledger: [receipt] }))).toMatchObject({ decision: 'allow' });
    expect(judge(acknowledge, someFacts(), night)).toMatchObject({ decision: 'defer', rule: 'HOUSE.HOURS.MESSAGE' });
    expect(judge(acknowledge, someFacts({ house: false }), night)).toMatchObject({ decision: 'allow' });
    expect(verdictOf(acknowledge, someFacts({ findings: { 'a-sms': 'number-dead' } }))).toMatchObject({ rule: 'POINT.FINDING' });
  });

  it('a reminder before the due date needs no case and nothing overdue, and heeds a hold', () => {
    const before = { caseOpen: false, cured: true, daysPastDue: 0 };
    const reminder = aRequest('sms', { purpose: 'pre-due' });

    expect(verdictOf(reminder, someFacts({ standing: before }))).toMatchObject({ decision: 'allow' });
    expect(verdictOf(reminder, someFacts({ standing: { ...before, heldBy: 'deceased' } }))).toMatchObject({ rule: 'STATE.HELD' });
  });

  it.each(['payment-acknowledgement', 'fraud-alert', 'statutory-notice', 'reply'] as const)(
    'a %s does not go to the dead either',
    (purpose) => {
      for (const jurisdiction of ['CN', 'US', 'UK', 'SG'])
        expect(verdictOf(aRequest('sms', { purpose }), someFacts({ jurisdiction, facts: ['deceased'] }))).toMatchObject({
          decision: 'deny',
          rule: expect.stringContaining('.DECEASED') as string,
        });
    },
  );

  it('a notice that statute asks for passes a hold, not a cure', () => {
    const notice = aRequest('email', { purpose: 'statutory-notice' });

    expect(verdictOf(notice, someFacts({ standing: { heldBy: 'dispute' } }))).toMatchObject({ decision: 'allow' });
    expect(verdictOf(notice, someFacts({ standing: { cured: true } }))).toMatchObject({ rule: 'STATE.CURED' });
  });
});

describe('without a contact point', () => {
  const { point: _point, ...anyPoint } = aRequest('voice');

  it('the check is of the channel: hours, counts and wishes, whichever number it will be', () => {
    expect(verdictOf(anyPoint, someFacts())).toMatchObject({ decision: 'allow' });
    expect(verdictOf(anyPoint, someFacts({ wishes: { windows: [], inconvenient: [], optedOut: ['voice'] } }))).toMatchObject({
      rule: 'CN.MEDIUM',
    });
    expect(judge(anyPoint, someFacts(), Date.parse(shanghai('2026-04-15T22:30')))).toMatchObject({ decision: 'defer' });
  });

  it('calls to any number count for the one that nobody named', () => {
    const ledger = ['n1', 'n2'].map((addressKey) => aRow(shanghai('2026-04-15T11:30'), 'voice', { addressKey }));

    expect(verdictOf(anyPoint, someFacts({ ledger }))).toMatchObject({ decision: 'defer', rule: 'HOUSE.NUMBER.APART' });
  });
});

describe('what is known of an address on one channel', () => {
  it('bars that channel and leaves the others', () => {
    const facts = someFacts({ findings: { 'sms|n1': 'opted-out' } });

    expect(verdictOf(aRequest('sms', { point: { addressKey: 'n1' } }), facts)).toMatchObject({ rule: 'POINT.FINDING' });
    expect(verdictOf(aRequest('voice', { point: { addressKey: 'n1' } }), facts)).toMatchObject({ decision: 'allow' });
  });
});

describe('a place of work', () => {
  it('without the rules of the house is judged by the pack alone', () => {
    expect(verdictOf(aRequest('email', { point: { owner: 'work' } }), someFacts({ house: false }))).toMatchObject({ decision: 'allow' });
  });
});
