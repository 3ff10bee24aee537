import { describe, expect, it } from 'vitest';
import { checkCustomer } from '../../audit/check.ts';
import type { Contact, CustomerRecord, State } from '../../audit/facts.ts';
import { PACKS } from '../../audit/packs.ts';
import { aContact, aRecord, shanghai as at } from './records.ts';

const LAW = { setting: { house: false } };

const rulesBroken = (record: CustomerRecord): string[] => checkCustomer(record).violations.map(({ rule }) => rule);
const calls = (times: readonly string[], change: Partial<Contact> = {}): Contact[] =>
  times.map((time, index) => aContact(at(time), 'voice', { addressKey: `n${index}`, ...change }));
const answered = { kind: 'conversation' } as const;

describe('the checker', () => {
  it('is silent about a week of contacts that keep the rules', () => {
    const contacts = [
      aContact(at('09:00', '2026-04-13'), 'sms'),
      aContact(at('10:00', '2026-04-13'), 'voice', { addressKey: 'n1' }),
      aContact(at('12:00', '2026-04-13'), 'voice', { addressKey: 'n1' }),
      aContact(at('13:00', '2026-04-13'), 'voice', { addressKey: 'n2', ...answered }),
      aContact(at('09:00', '2026-04-14'), 'email'),
      aContact(at('20:24:59', '2026-04-14'), 'push'),
      aContact(at('10:00', '2026-04-19'), 'voice', { addressKey: 'n1' }),
    ];

    expect(checkCustomer(aRecord(contacts)).violations).toEqual([]);
  });

  it('says the rule, the contact, the instant and why, and how many contacts each rule was asked about', () => {
    const texts = [aContact(at('09:00'), 'email', { id: 'one' }), aContact(at('22:00'), 'email', { id: 'two' })];

    const { violations, checked } = checkCustomer(aRecord(texts, LAW));

    expect(violations).toEqual([
      {
        rule: 'CN.HOURS',
        contactId: 'two',
        at: at('22:00'),
        why: '22:00:00.000 on 2026-04-15 in Asia/Shanghai, and the hours are 08:00-22:00',
      },
    ]);
    expect(checked.get('CN.HOURS')).toBe(2);
    expect(checked.get('CN.FREQ.CONNECTED')).toBeUndefined();
  });

  it.each([
    { name: 'a text at 22:00', contacts: [aContact(at('22:00'), 'sms')], change: LAW, broken: ['CN.HOURS'] },
    { name: 'a call at 07:59:59', contacts: [aContact(at('07:59:59'), 'voice')], change: LAW, broken: ['CN.HOURS'] },
    {
      name: 'a fourth call after three answered ones',
      contacts: calls(['09:00', '10:00', '11:00', '12:00'], answered),
      change: LAW,
      broken: ['CN.FREQ.CONNECTED'],
    },
    {
      name: 'a seventh unanswered call to a number',
      contacts: calls(['09:00', '10:00', '11:00', '12:00', '13:00', '14:00', '15:00'], { addressKey: 'n1' }),
      change: LAW,
      broken: ['CN.FREQ.UNANSWERED'],
    },
    { name: 'a call on a Sunday at 09:30', contacts: [aContact(at('09:30', '2026-04-12'), 'voice')], broken: ['HOUSE.HOURS'] },
    { name: 'a call at 20:00', contacts: [aContact(at('20:00'), 'voice')], broken: ['HOUSE.HOURS'] },
    { name: 'a text at 20:25, which may arrive at 20:30', contacts: [aContact(at('20:25'), 'sms')], broken: ['HOUSE.HOURS'] },
    {
      name: 'a call within the first three days',
      contacts: [aContact(at('12:00'), 'voice')],
      change: { dues: [{ accountId: 'acc-1', from: { at: at('08:00') }, dueDate: '2026-04-12' }] },
      broken: ['CN.GRACE', 'HOUSE.GRACE'],
    },
    { name: 'a visit at 19:00', contacts: [aContact(at('19:00'), 'visit')], broken: ['HOUSE.HOURS'] },
    { name: 'a fourth call', contacts: calls(['09:00', '10:00', '11:00', '12:00']), broken: ['HOUSE.CALLS'] },
    { name: 'a number too soon', contacts: calls(['09:00', '10:59:59'], { addressKey: 'n1' }), broken: ['HOUSE.APART'] },
    { name: 'a number three times', contacts: calls(['09:00', '12:00', '15:00'], { addressKey: 'n1' }), broken: ['HOUSE.NUMBER'] },
    { name: 'a call after a conversation', contacts: calls(['09:00', '12:00'], answered), broken: ['HOUSE.CONVERSATIONS'] },
    {
      name: 'two texts a day',
      contacts: [aContact(at('09:00'), 'sms'), aContact(at('18:00'), 'sms')],
      broken: ['CN.FREQ.SMS', 'HOUSE.SMS'],
    },
    {
      name: 'three e-mails in seven days',
      contacts: ['2026-04-09', '2026-04-12', '2026-04-15'].map((day) => aContact(at('12:00', day), 'email')),
      broken: ['HOUSE.EMAIL'],
    },
    {
      name: 'a third contact on one day',
      contacts: [aContact(at('09:00'), 'sms'), aContact(at('10:00'), 'email'), aContact(at('11:00'), 'push')],
      broken: ['HOUSE.TOGETHER'],
    },
    {
      name: 'a letter after 13 days',
      contacts: [aContact(at('12:00', '2026-04-02'), 'post'), aContact(at('12:00'), 'post')],
      broken: ['HOUSE.LETTERS'],
    },
    {
      name: 'a visit after 29 days',
      contacts: [aContact(at('12:00', '2026-03-17'), 'visit'), aContact(at('12:00'), 'visit')],
      broken: ['HOUSE.VISITS'],
    },
    {
      name: 'another country',
      contacts: [aContact(at('12:00'), 'sms')],
      change: { setting: { jurisdiction: 'XX' } },
      broken: ['PACK.UNKNOWN'],
    },
    {
      name: 'a customer nobody knows the place of',
      contacts: [aContact(at('12:00'), 'sms')],
      change: { setting: { zones: [] } },
      broken: ['ZONE.UNKNOWN'],
    },
    {
      name: 'Xinjiang, where Beijing’s clock is two hours ahead',
      contacts: [aContact(at('22:30'), 'sms')],
      change: { setting: { house: false, zones: ['Asia/Urumqi'] } },
      broken: ['CN.HOURS'],
    },
    { name: 'a text to work', contacts: [aContact(at('12:00'), 'sms', { atWork: true })], broken: ['HOUSE.WORK'] },
    { name: 'somebody else', contacts: [aContact(at('12:00'), 'voice', { target: 'third-party' })], broken: ['CN.THIRD_PARTY'] },
  ])('sees $name', ({ contacts, change = {}, broken }) => {
    expect(rulesBroken(aRecord(contacts, change))).toEqual(broken);
  });

  it.each([
    { name: 'the day before', contacts: [aContact(at('23:00', '2026-04-14'), 'sms', { reported: true }), aContact(at('09:00'), 'sms')] },
    {
      name: 'seven days before',
      contacts: ['2026-04-08', '2026-04-12', '2026-04-15'].map((day) => aContact(at('12:00', day), 'email')),
    },
    {
      name: 'a formal notice',
      contacts: [aContact(at('10:00'), 'sms', { purpose: 'formal-notice' }), aContact(at('11:00'), 'sms')],
    },
    { name: 'two hours before', contacts: calls(['09:00', '11:00'], { addressKey: 'n1' }) },
    { name: 'what the customer sent', contacts: [aContact(at('09:00'), 'sms', { direction: 'inbound' }), aContact(at('11:00'), 'sms')] },
  ])('does not count against a contact: $name', ({ contacts }) => {
    expect(rulesBroken(aRecord(contacts))).toEqual([]);
  });

  it('counts what was reported, and does not judge it', () => {
    const reported = aContact(at('08:10'), 'sms', { reported: true, ungated: true });

    expect(checkCustomer(aRecord([aContact(at('12:00'), 'sms', { id: 'ours' }), reported])).violations).toMatchObject([
      { rule: 'CN.FREQ.SMS', contactId: 'ours' },
      { rule: 'HOUSE.SMS', contactId: 'ours' },
    ]);
  });
});

describe('what was known', () => {
  const noon = aContact(at('12:00'), 'sms');

  it('does not hold a contact against one that was made before it was reported', () => {
    const late = (recordedAt: string) => aContact(at('10:00'), 'sms', { reported: true, recordedAt: at(recordedAt) });

    expect(rulesBroken(aRecord([noon, late('11:59')]))).toEqual(['CN.FREQ.SMS', 'HOUSE.SMS']);
    expect(rulesBroken(aRecord([noon, late('12:01')]))).toEqual([]);
  });

  it.each([
    { name: 'runs', contacts: { pendingUntil: at('10:10') }, call: '10:05', broken: ['HOUSE.CONVERSATIONS'] },
    { name: 'ran out', contacts: { pendingUntil: at('10:10') }, call: '10:10', broken: [] },
    { name: 'was reported', contacts: { pendingUntil: at('10:10'), recordedAt: at('10:04') }, call: '10:05', broken: [] },
  ])('takes a reservation for the worst that it may become until it is known: it $name', ({ contacts, call, broken }) => {
    const reserved = aContact(at('10:00'), 'voice', { addressKey: 'n1', reservedAt: at('10:00'), ...contacts });

    expect(rulesBroken(aRecord([reserved, aContact(at(call), 'voice', { addressKey: 'n2' })]))).toEqual(broken);
  });

  it('judges a call at the instant at which permission was taken', () => {
    const call = aContact(at('20:03'), 'voice', { reservedAt: at('19:58'), pendingUntil: at('20:08'), recordedAt: at('20:05') });

    expect(rulesBroken(aRecord([call]))).toEqual([]);
  });

  it('goes by where the customer was known to be, and what was wished, at the time', () => {
    const morning = aContact(at('08:30'), 'sms');
    const settings = [
      { jurisdiction: 'CN', zones: ['Asia/Shanghai'], role: 'first-party', house: false } as const,
      { from: { at: at('10:00') }, jurisdiction: 'IN', zones: ['Asia/Kolkata'], role: 'first-party', house: false } as const,
    ];
    const wishes = [{ from: { at: at('10:00') }, windows: ['18:00-21:00'], inconvenient: [], outsideHours: false }];

    expect(rulesBroken({ ...aRecord([morning]), settings, wishes })).toEqual([]);
    // 09:30 in India: no longer night, but not what the customer wishes.
    expect(rulesBroken({ ...aRecord([noon]), settings, wishes })).toEqual(['CUSTOMER.WINDOW']);
  });
});

describe('a state', () => {
  const contact = aContact(at('12:00'), 'sms', { seq: 10 });
  const state = (change: Partial<State>): State => ({ name: 'held', accountId: 'acc-1', from: { at: at('09:00') }, ...change });

  it.each([
    { name: 'arranged', purpose: 'plan-servicing', broken: [] },
    { name: 'arranged', purpose: 'collection', broken: ['STATE.ARRANGED'] },
    { name: 'held', purpose: 'plan-servicing', broken: ['STATE.HELD'] },
    { name: 'promised', purpose: 'promise-reminder', broken: [] },
    { name: 'promised', purpose: 'collection', broken: ['STATE.PROMISED'] },
    { name: 'quiet', purpose: 'promise-reminder', broken: ['STATE.QUIET'] },
  ] as const)('$name lets $purpose through or not: $broken', ({ name, purpose, broken }) => {
    expect(rulesBroken(aRecord([{ ...contact, purpose }], { states: [state({ name })] }))).toEqual(broken);
  });

  it.each([
    { why: 'it is another account’s', change: { accountId: 'acc-2' } },
    { why: 'it is of another channel', change: { channel: 'email' } },
    { why: 'it is of another address', change: { addressKey: 'other' } },
    { why: 'it ended', change: { to: { at: at('12:00') } } },
    { why: 'it had not begun', change: { from: { at: at('12:01') } } },
    { why: 'it came later in the same instant', change: { from: { at: at('12:00'), accountId: 'acc-1', seq: 11 } } },
    { why: 'it was known in the same instant, by another timeline', change: { from: { at: at('12:00'), accountId: 'acc-2', seq: 9 } } },
  ] as const)('does not count: $why', ({ change }) => {
    expect(rulesBroken(aRecord([contact], { states: [state(change)] }))).toEqual([]);
  });

  it.each([
    { why: 'it came earlier in the same instant', change: { from: { at: at('12:00'), accountId: 'acc-1', seq: 9 } } },
    { why: 'it ended later in the same instant', change: { to: { at: at('12:00'), accountId: 'acc-1', seq: 11 } } },
    { why: 'it is of no account in particular', change: { accountId: undefined } },
  ])('counts: $why', ({ change }) => {
    expect(rulesBroken(aRecord([contact], { states: [{ ...state({}), ...change } as State] }))).toEqual(['STATE.HELD']);
  });
});

describe('the table of rules', () => {
  it('has a pack for every jurisdiction that was read', () => {
    expect(Object.keys(PACKS).sort()).toEqual(['AU', 'CN', 'EU', 'EU-GR', 'EU-RO', 'HK', 'IN', 'SG', 'UK', 'US', 'US-MA']);
  });

  it('never names an hour that is none', () => {
    const spans = Object.values(PACKS).flatMap((pack) =>
      pack.hours.flatMap(({ weekdays, saturday, sunday, holiday }) => [weekdays, saturday, sunday, holiday]),
    );
    for (const span of spans) {
      if (span !== undefined && span !== 'closed') expect(span.join()).toMatch(/^([01]\d|2[0-3]):[0-5]\d,([01]\d|2[0-3]):[0-5]\d$/);
    }
  });
});
