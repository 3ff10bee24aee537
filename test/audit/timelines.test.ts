import { describe, expect, it } from 'vitest';
import { audit } from '../../audit/report.ts';
import type { Deployment } from '../../audit/timelines.ts';
import type { Draft } from '../../domain/entries.ts';
import { attempt, message, outcome, overdue, payment, reported, TableBuilder } from './table.ts';

/** What an audit makes of timelines, told in the application's own entries. */

const DEPLOYMENT: Deployment = { jurisdiction: 'CN', role: 'first-party', house: true };
/** Friday 6 March 2026 in Shanghai, unless another day is named. */
const at = (time: string, day = '2026-03-06'): string => new Date(Date.parse(`${day}T${time}:00+08:00`)).toISOString();

interface Told {
  readonly at: string;
  readonly entries: readonly Draft[];
  readonly accountId?: string;
}

const tell = (time: string, ...entries: readonly Draft[]): Told => ({ at: at(time), entries });

/** The account acc-1 of the customer cus-1 from the second of March on, and what is told beside. */
function aTable(...told: readonly Told[]): TableBuilder {
  const table = new TableBuilder().customer('cus-1').entries('acc-1', at('09:30', '2026-03-02'), overdue());
  for (const { at: instant, entries, accountId = 'acc-1' } of told) table.entries(accountId, instant, ...entries);
  return table;
}

const brokenBy = (...told: readonly Told[]): string[] => audit(aTable(...told).build(), DEPLOYMENT).violations.map(({ rule }) => rule);

describe('an audit of a table', () => {
  it('finds nothing against a message at noon, and says how many contacts each rule saw', () => {
    const report = audit(aTable(tell('12:00', message())).build(), DEPLOYMENT);

    expect(report).toMatchObject({ accounts: 1, customers: 1, contacts: 1, unproven: [], violations: [], ungated: [] });
    expect(report.rules).toContainEqual({ rule: 'HOUSE.SMS', checked: 1, violations: 0 });
  });

  it('names the customer, the entry and the rule of a message at night', () => {
    const { violations, rules } = audit(aTable(tell('23:00', message())).build(), DEPLOYMENT);

    expect(violations.map(({ rule, customerId, contactId, at: when }) => ({ rule, customerId, contactId, when }))).toEqual([
      { rule: 'CN.HOURS', customerId: 'cus-1', contactId: 'acc-1:2', when: at('23:00') },
      { rule: 'HOUSE.HOURS', customerId: 'cus-1', contactId: 'acc-1:2', when: at('23:00') },
    ]);
    expect(rules).toContainEqual({ rule: 'CN.HOURS', checked: 1, violations: 1 });
  });

  it('counts the contacts of all accounts of a customer together', () => {
    const second = { at: at('13:00'), accountId: 'acc-2', entries: [overdue(), message()] };
    const others = { at: at('13:00'), accountId: 'acc-3', entries: [overdue({ customerId: 'cus-2' }), message()] };

    expect(brokenBy(tell('12:00', message()), second)).toEqual(['CN.FREQ.SMS', 'HOUSE.SMS']);
    expect(brokenBy(tell('12:00', message()), others)).toEqual([]);
  });

  it.each([
    { name: 'a message that was suppressed', entry: { ...message(), type: 'ContactSuppressed', why: 'shadow', onDate: '2026-03-06' } },
    { name: 'a report of an agency', entry: reported(at('12:00'), { channel: 'sms', contactPointId: 'cp-sms' }) },
  ])('counts $name', ({ entry }) => {
    expect(brokenBy(tell('12:00', entry as Draft), tell('13:00', message()))).toEqual(['CN.FREQ.SMS', 'HOUSE.SMS']);
  });

  it.each([
    { name: 'the customer sent', entry: reported(at('12:00'), { channel: 'sms', direction: 'inbound' }) },
    { name: 'was made with somebody else', entry: reported(at('12:00'), { channel: 'sms', customerId: 'cus-9' }) },
  ])('does not count what $name', ({ entry }) => {
    expect(brokenBy(tell('12:00', entry), tell('13:00', message()))).toEqual([]);
  });

  it('does not count a message that the provider was too busy to take, and counts it once when it went again', () => {
    const first = message({ contactId: 'm' });
    const busy: Draft = { type: 'ContactDeferred', contactId: 'm', key: first.key, error: 'busy', notBefore: at('12:05') };

    expect(brokenBy(tell('12:00', first, busy), tell('12:05', first))).toEqual([]);
    expect(brokenBy(tell('12:00', first), tell('12:05', message()))).toEqual(['CN.FREQ.SMS', 'HOUSE.SMS']);
  });

  it('takes a work number for a voice only, and a neighbour for nobody', () => {
    const neighbour = attempt('a', at('12:10'), { contactPointId: 'cp-other' });

    expect(brokenBy(tell('12:00', message({ channel: 'email', contactPointId: 'cp-work-email' })))).toEqual(['HOUSE.WORK']);
    expect(brokenBy(tell('12:00', neighbour))).toEqual(['CN.THIRD_PARTY']);
  });

  it('takes no address whose use the customer refused', () => {
    expect(brokenBy(tell('12:00', message({ channel: 'email', contactPointId: 'cp-no' })))).toEqual(['ADDRESS']);
  });

  it('judges a message about several accounts by the states of each', () => {
    const hold: Draft = { type: 'HoldPlaced', holdId: 'h', kind: 'dispute', placedAt: at('10:00') };
    const second = { at: at('10:00'), accountId: 'acc-2', entries: [overdue(), hold] };

    expect(brokenBy(second, tell('12:00', message({ alsoAbout: ['acc-2'] })))).toEqual(['STATE.HELD']);
    expect(brokenBy(second, tell('12:00', message()))).toEqual([]);
  });

  it('goes by the wishes in the customer’s record from when it was last told of', () => {
    const wishes = new TableBuilder().customer('cus-1', { windows: ['18:00-20:00'], optedOut: ['email'] });
    const update: Draft = {
      type: 'CustomerUpdated',
      customerId: 'cus-1',
      timeZone: 'Asia/Shanghai',
      locale: 'zh-CN',
      jurisdiction: 'CN',
      contactPoints: 7,
    };
    wishes.entries('acc-1', at('09:30', '2026-03-02'), overdue()).entries('acc-1', at('10:00'), message());
    wishes.entries('acc-1', at('11:00'), update).entries('acc-1', at('12:00'), message({ channel: 'email', contactPointId: 'cp-email' }));

    expect(audit(wishes.build(), DEPLOYMENT).violations.map(({ rule }) => rule)).toEqual(['OPTED_OUT', 'CUSTOMER.WINDOW']);
  });

  describe('by the wishes of its instant', () => {
    const told = (asOf: string, wishes: Partial<NonNullable<Draft<'CustomerUpdated'>['wishes']>>): Draft => ({
      type: 'CustomerUpdated',
      customerId: 'cus-1',
      timeZone: 'Asia/Shanghai',
      locale: 'zh-CN',
      jurisdiction: 'CN',
      contactPoints: 7,
      asOf,
      wishes: { windows: [], inconvenient: [], optedOut: [], ...wishes },
    });

    it('a contact before a wish keeps to it no more than one after the wish was taken back', () => {
      const evenings = told(at('11:00'), { windows: ['18:00-20:00'] });
      const any = told(at('14:00'), {});

      expect(
        brokenBy(
          tell('10:00', message()),
          tell('11:30', evenings),
          tell('14:30', any),
          tell('15:00', message({ contactId: 'c-2', channel: 'email', contactPointId: 'cp-email' })),
        ),
      ).toEqual([]);
    });

    it('one while it stood is judged by it, whatever the customer’s record says now', () => {
      const evenings = told(at('09:00'), { windows: ['18:00-20:00'], optedOut: ['email'] });
      const any = told(at('14:00'), {});
      const mail = message({ channel: 'email', contactPointId: 'cp-email' });

      expect(brokenBy(tell('09:30', evenings), tell('12:00', message()), tell('14:30', any))).toEqual(['CUSTOMER.WINDOW']);
      expect(brokenBy(tell('09:30', evenings), tell('18:30', mail), tell('19:30', told(at('19:00'), {})))).toEqual(['OPTED_OUT']);
    });

    it('one before the account heard of a newer record may have known it', () => {
      const evenings = told(at('09:00'), { windows: ['18:00-20:00'], optedOut: ['email'] });
      const any = told(at('11:00'), {});
      const mail = message({ channel: 'email', contactPointId: 'cp-email' });

      expect(brokenBy(tell('09:30', evenings), tell('12:00', mail), tell('12:01', any))).toEqual([]);
    });
  });

  it('goes by the zone of the account and by the customer’s jurisdiction', () => {
    const india: Draft = {
      type: 'CustomerUpdated',
      customerId: 'cus-1',
      timeZone: 'Asia/Kolkata',
      locale: 'en',
      jurisdiction: 'IN',
      contactPoints: 7,
    };
    // 20:00 in Shanghai is 17:30 in India, and 22:00 is 19:30.
    expect(brokenBy(tell('09:00', india), tell('20:00', message()))).toEqual([]);
    expect(brokenBy(tell('09:00', india), tell('22:00', message()))).toEqual(['IN.HOURS']);
  });
});

describe('calls and visits', () => {
  const task: Draft = {
    type: 'TaskOpened',
    taskId: 't-1',
    queue: 'call',
    objective: 'recover',
    stage: 'call',
    dueAt: at('20:00'),
    priority: 1,
  };
  const ungated = { ungated: true } as const;

  it('lists a call that was made without asking, and does not judge it', () => {
    const report = audit(aTable(tell('10:00', task), tell('22:30', outcome(at('22:20'), ungated))).build(), DEPLOYMENT);

    expect(report.violations).toEqual([]);
    expect(report.ungated).toEqual([
      {
        customerId: 'cus-1',
        contactId: 'acc-1:3',
        at: at('22:20'),
        recordedAt: at('22:30'),
        channel: 'voice',
        outcome: 'no-answer',
        by: 'zhang',
      },
    ]);
  });

  it('lists a contact that somebody else reported, and none that was asked for or was the customer’s', () => {
    const told = [
      reported(at('12:00'), { contactId: 'one' }),
      reported(at('12:01'), { contactId: 'two', direction: 'inbound', ungated: undefined as never }),
    ];
    const { ungated: listed } = audit(aTable(tell('12:05', ...told)).build(), DEPLOYMENT);

    expect(listed.map(({ by, at: when }) => ({ by, when }))).toEqual([{ by: 'agency-1', when: at('12:00') }]);
  });

  it('takes a reservation as a conversation until it is reported or runs out', () => {
    const first = attempt('a1', at('10:10'));
    const second = attempt('a2', at('13:10'), { contactPointId: 'cp-second' });
    const soon = attempt('a2', at('10:15'), { contactPointId: 'cp-second' });

    expect(brokenBy(tell('10:00', first), tell('10:05', soon))).toEqual(['HOUSE.CONVERSATIONS']);
    expect(brokenBy(tell('10:00', first), tell('10:04', outcome(at('10:03'), { attemptId: 'a1' })), tell('10:05', soon))).toEqual([]);
    expect(brokenBy(tell('10:00', first), tell('13:00', second))).toEqual([]);
  });

  it('counts a reserved call for what was reported of it', () => {
    const talked = outcome(at('10:03'), { attemptId: 'a1', outcome: 'refused' });
    const second = attempt('a2', at('13:10'), { contactPointId: 'cp-second' });

    expect(brokenBy(tell('10:00', task, attempt('a1', at('10:10'))), tell('10:04', talked), tell('13:00', second))).toEqual([
      'HOUSE.CONVERSATIONS',
    ]);
  });

  it('counts a call once that a dialler and a person reported', () => {
    const dialled = [attempt('a1', at('10:10'), { contactPointId: 'cp-second' })];
    const both = [
      reported(at('10:01'), { contactId: 'a1', contactPointId: 'cp-second', ungated: undefined as never }),
      outcome(at('10:03'), { attemptId: 'a1', contactPointId: 'cp-second' }),
    ];
    const others = [attempt('a2', at('13:10')), outcome(at('13:01'), { attemptId: 'a2' })];
    const third = attempt('a3', at('16:10'), { contactPointId: 'cp-second' });

    expect(brokenBy(tell('10:00', ...dialled), tell('10:04', ...both), tell('13:00', ...others), tell('16:00', third))).toEqual([]);
  });

  it('does not hold a call against one made before it was reported', () => {
    const late = outcome(at('10:00'), { ...ungated, outcome: 'refused' });

    expect(brokenBy(tell('09:30', task), tell('11:00', late), tell('12:00', attempt('a', at('12:10'))))).toContain('HOUSE.CONVERSATIONS');
    expect(brokenBy(tell('09:30', task), tell('12:00', attempt('a', at('12:10'))), tell('12:30', late))).toEqual([]);
  });

  it('counts contacts that were about no account in particular, and judges them by the account that they suit best', () => {
    const closed: Draft = { type: 'JourneyClosed', reason: 'sold' };
    const table = () => aTable(tell('09:00', closed)).entries('acc-2', at('09:00'), overdue());
    const reserved = (hour: string) => ({
      attemptId: 'x',
      customerId: 'cus-1',
      channel: 'voice',
      contactPointId: 'cp-voice',
      purpose: 'collection',
      actor: 'agency-1',
      reservedAt: at(`${hour}:00`),
      expiresAt: at(`${hour}:10`),
    });

    expect(audit(table().fact('attempt', 'x', reserved('10')).build(), DEPLOYMENT).violations).toEqual([]);
    expect(audit(table().fact('attempt', 'x', reserved('23')).build(), DEPLOYMENT).violations).toMatchObject([
      { rule: 'CN.HOURS', contactId: 'x' },
      { rule: 'HOUSE.HOURS', contactId: 'x' },
    ]);
  });

  it('knows a contact from the customer’s own record where no case was told of it, and once where one was', () => {
    const event = { contactId: 'rep-1', customerId: 'cus-1', channel: 'sms', direction: 'outbound', kind: 'attempt' };
    const fact = { event: { ...event, at: at('09:10'), actor: 'branch', outcome: 'delivered' }, recordedAt: at('09:20'), gated: false };
    const copy = reported(at('09:10'), { channel: 'sms' });

    const report = audit(aTable(tell('09:20', copy), tell('12:00', message())).fact('contact', 'rep-1', fact).build(), DEPLOYMENT);

    expect(report.violations).toMatchObject([{ rule: 'CN.FREQ.SMS' }, { rule: 'HOUSE.SMS' }]);
    expect(report.ungated).toMatchObject([{ contactId: 'rep-1', by: 'branch' }]);
  });
});

describe('states', () => {
  const plan: Draft = {
    type: 'PlanAgreed',
    planId: 'p',
    offerId: 'o',
    kind: 'instalments',
    agreedAt: at('10:00'),
    channel: 'voice',
    total: { amount: '1.00', currency: 'CNY' },
    instalments: [],
  };
  const amount = { amount: '1.00', currency: 'CNY' };
  const hold: Draft = { type: 'HoldPlaced', holdId: 'h', kind: 'dispute', placedAt: at('10:00') };
  const promise: Draft = { type: 'PromiseRecorded', promiseId: 'pr', taskId: 't', amount, date: '2026-03-10' };

  it.each([
    { name: 'a hold', begins: hold, ends: { type: 'HoldReleased', holdId: 'h', releasedAt: at('11:00') }, broken: ['STATE.HELD'] },
    {
      name: 'a kept plan',
      begins: plan,
      ends: { type: 'PlanBroken', planId: 'p', index: 0, paid: amount, short: amount },
      broken: ['STATE.ARRANGED', 'CN.PLAN'],
    },
    {
      name: 'a promise',
      begins: promise,
      ends: { type: 'PromiseBroken', promiseId: 'pr', paid: amount, partKept: false },
      broken: ['STATE.PROMISED'],
    },
    {
      name: 'a cure',
      begins: { type: 'AccountCured', by: 'payment', overdue: amount },
      ends: { type: 'CureReversed', overdue: amount },
      broken: ['STATE.CURED'],
    },
    {
      name: 'an ended case',
      begins: { type: 'JourneyClosed', reason: 'sold' },
      ends: { type: 'JourneyOpened', customerId: 'cus-1', overdue: amount, dueDate: '2026-02-18', onDate: '2026-03-06', policy: 'p' },
      broken: ['STATE.CLOSED'],
    },
    { name: 'a pending payment', begins: payment('pending'), ends: payment('posted'), broken: ['STATE.QUIET'] },
  ] as { name: string; begins: Draft; ends: Draft; broken: string[] }[])(
    '$name stops contact until it ends',
    ({ begins, ends, broken }) => {
      expect(brokenBy(tell('10:00', begins), tell('12:00', message()))).toEqual(broken);
      expect(brokenBy(tell('10:00', begins), tell('11:00', ends), tell('12:00', message()))).toEqual([]);
      expect(brokenBy(tell('12:00', message(), begins))).toEqual([]);
      expect(brokenBy(tell('12:00', begins, ends, message()))).toEqual([]);
    },
  );

  it('a hold ends when it expires, and a pending payment after three business days', () => {
    const expiring: Draft = { ...hold, expiresAt: at('11:30') };
    const pending = tell('10:00', payment('pending', { paidAt: at('10:00') }));
    const later = (time: string, day: string): Told => ({ at: at(time, day), entries: [message()] });

    expect(brokenBy(tell('10:00', expiring), tell('12:00', message()))).toEqual([]);
    // Paid on a Friday: Monday, Tuesday and Wednesday are the three days.
    expect(brokenBy(pending, later('20:00', '2026-03-11'))).toEqual(['STATE.QUIET']);
    expect(brokenBy(pending, later('09:00', '2026-03-12'))).toEqual([]);
  });

  it('an address that was found bad is not used again, on one channel or on any', () => {
    const dead = outcome(at('10:00'), { ungated: true, outcome: 'number-dead' });
    const noCalls = outcome(at('10:00'), { ungated: true, outcome: 'do-not-call' });
    const bounce: Draft = {
      type: 'DeliveryReported',
      contactId: 'm',
      key: 'k_1',
      channel: 'sms',
      status: 'bounced',
      reportedAt: at('10:00'),
      how: 'provider',
      finding: 'bounced',
    };

    expect(brokenBy(tell('10:00', dead), tell('13:00', message()))).toEqual(['ADDRESS']);
    expect(brokenBy(tell('10:00', noCalls), tell('13:00', message()))).toEqual([]);
    expect(brokenBy(tell('10:00', noCalls), tell('13:00', attempt('a', at('13:10'))))).toContain('ADDRESS');
    const before = { at: at('12:00', '2026-03-04'), entries: [message({ contactId: 'm' })] };
    expect(brokenBy(before, tell('10:00', bounce), tell('13:00', message()))).toEqual(['ADDRESS']);
  });

  it('a grace runs from the due date that was known', () => {
    const greece: Deployment = { jurisdiction: 'EU-GR', role: 'first-party', house: false };
    const table = (dueDate: string) =>
      new TableBuilder()
        .entries('acc-1', at('09:30', '2026-03-02'), overdue({ dueDate, timeZone: 'Europe/Athens' }))
        .entries('acc-1', at('18:00'), message())
        .build();

    expect(audit(table('2026-02-24'), greece).violations).toMatchObject([{ rule: 'GR.GRACE' }]);
    expect(audit(table('2026-02-23'), greece).violations).toEqual([]);
  });
});
