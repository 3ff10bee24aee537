import { describe, expect, it } from 'vitest';
import { judge } from '../../../domain/gate/gate.ts';
import type { ContactRequest, GateFacts } from '../../../domain/gate/types.ts';
import type { AddressFinding } from '../../../domain/model.ts';
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
