import { describe, expect, it } from 'vitest';
import { audit } from '../../audit/report.ts';
import type { Party } from '../../domain/account-facts.ts';
import type { Draft } from '../../domain/entries.ts';
import { message, overdue, TableBuilder } from './table.ts';

/** What an audit says of contacts with those who are beside an account's customer, from timelines written by hand. */

const DEPLOYMENT = { jurisdiction: 'CN', role: 'first-party', house: true } as const;
const CASE = { caseId: 'acc-1-1' };
const NOON = 'T04:00:00Z';
const GUARANTOR: Party = { customerId: 'cus-2', role: 'guarantor', liable: true };
const RECORD = { timeZone: 'Asia/Shanghai', jurisdiction: 'CN', asOf: '2026-03-01T00:00:00Z' };
const NO_WISHES = { windows: [], inconvenient: [], optedOut: [] };

type Told = readonly (readonly [day: string, draft: Draft])[];

/** A demand to the customer that left on a day. */
function demand(day: string): Told {
  const reserved = message({ ...CASE, key: `d-${day}`, contactId: `d-${day}` });
  const sent: Draft = {
    ...CASE,
    type: 'ContactSent',
    contactId: reserved.contactId,
    key: reserved.key,
    channel: 'sms',
    template: 'reminder-first@2',
    locale: 'zh-CN',
    bodyHash: '',
    providerRef: '',
    onDate: day,
  };
  return [
    [day, reserved],
    [day, sent],
  ];
}

const stage = (day: string, to: 'call' | 'plan'): Told => [
  [day, { ...CASE, type: 'StageEntered', stage: to, why: 'due', onDate: day, rise: true }],
];
const offer = (day: string): Told => [[day, { ...CASE, type: 'PlanOffered', offerIds: [], how: 'sms' }]];

interface Scene {
  readonly parties?: readonly Party[];
  readonly dueDate?: string;
  readonly before?: Told;
  readonly wishes?: Draft<'PartyUpdated'>['wishes'];
  readonly record?: Partial<typeof RECORD>;
  readonly contact?: Partial<Draft<'ContactReserved'>>;
  readonly at?: string;
  readonly more?: Told;
}

const READY: Told = [...demand('2026-03-04'), ...stage('2026-03-07', 'call'), ...demand('2026-03-10'), ...stage('2026-04-01', 'plan')];

/** A guarantor who may be contacted on 6 April, and what is different. */
function violationsOf({
  parties = [GUARANTOR],
  dueDate = '2026-03-01',
  before = [...READY, ...offer('2026-04-02')],
  wishes = NO_WISHES,
  record = {},
  contact = {},
  at = `2026-04-06${NOON}`,
  more = [],
}: Scene): string[] {
  const table = new TableBuilder()
    .customer('cus-1')
    .customer('cus-2')
    .entries('acc-1', '2026-03-02T01:00:00Z', overdue({ dueDate, parties }));
  table.entries('acc-1', '2026-03-02T01:00:00Z', {
    ...CASE,
    type: 'JourneyOpened',
    customerId: 'cus-1',
    overdue: { amount: '6250.00', currency: 'CNY' },
    dueDate,
    onDate: '2026-03-02',
    policy: 'ladder/2',
  });
  for (const [day, draft] of before) table.entries('acc-1', `${day}${NOON}`, draft);
  const to = { customerId: 'cus-2', role: 'guarantor' } as const;
  table.entries('acc-1', at, { ...CASE, type: 'PartyUpdated', ...to, ...RECORD, ...record, wishes });
  table.entries('acc-1', at, message({ ...CASE, ...to, contactId: 'to-party', ...contact }));
  for (const [day, draft] of more) table.entries('acc-1', `${day}${NOON}`, draft);
  return audit(table.build(), DEPLOYMENT)
    .violations.filter(({ customerId }) => customerId === (contact.customerId ?? 'cus-2'))
    .map(({ rule }) => rule);
}

describe('an audit of a contact with another party of the account', () => {
  it('has nothing against a guarantor who comes after the customer', () => {
    expect(violationsOf({})).toEqual([]);
  });

  it.each<readonly [what: string, scene: Scene]>([
    ['a holder of a second card', { parties: [{ ...GUARANTOR, role: 'supplementary' }] }],
    ['one who is not liable', { parties: [{ ...GUARANTOR, liable: false }] }],
    ['somebody whom the figure does not name', { parties: [] }],
    [
      'one whom a newer figure has taken back',
      { before: [...READY, ...offer('2026-04-02'), ['2026-04-05', overdue({ dueDate: '2026-03-01', asOf: '2026-04-05T00:00:00Z' })]] },
    ],
  ])('finds one with %s', (_what, scene) => {
    expect(violationsOf(scene)).toContain('PARTY.THIRD');
  });

  it.each<readonly [what: string, scene: Scene]>([
    ['while calls are made', { before: [...READY.slice(0, -1), ...offer('2026-04-02')] }],
    ['before the 31st day', { dueDate: '2026-03-20' }],
    ['after one demand', { before: [...READY.slice(3), ...offer('2026-04-02')] }],
    [
      'before the second demand can have arrived',
      { before: [...demand('2026-03-04'), ...stage('2026-04-01', 'plan'), ...offer('2026-04-02'), ...demand('2026-04-05')] },
    ],
    ['without an offer', { before: READY }],
    ['before the customer can have answered the offer', { before: [...READY, ...offer('2026-04-04')] }],
  ])('finds one with a guarantor %s', (_what, scene) => {
    expect(violationsOf(scene)).toEqual(['PARTY.PRIMARY_FIRST']);
  });

  it('counts no message to a party as a demand on the customer', () => {
    const before = [...READY.slice(3), ...offer('2026-04-02')];
    const toAnother = before.flatMap(([day, draft]): Told => [[day, draft]]);
    const reserved = message({ ...CASE, contactId: 'g1', customerId: 'cus-9', role: 'joint' });
    const sent = demand('2026-03-12').map(([day, draft]): Told[number] => [day, { ...draft, customerId: 'cus-9', role: 'joint' } as Draft]);
    expect(violationsOf({ before: [['2026-03-12', reserved], ...sent, ...toAnother] })).toEqual(['PARTY.PRIMARY_FIRST']);
  });

  it('lets a guarantor be told after fewer demands where nothing of the customer could be used', () => {
    const dead = (contactPointId: string): Draft => ({
      ...CASE,
      type: 'ContactReported',
      contactId: `dead-${contactPointId}`,
      customerId: 'cus-1',
      channel: 'voice',
      direction: 'outbound',
      kind: 'attempt',
      reportedAt: `2026-03-20${NOON}`,
      onDate: '2026-03-20',
      minutesOfDay: 720,
      actor: 'own-staff',
      outcome: 'number-dead',
      contactPointId,
    });
    const lost: Told = ['cp-voice', 'cp-second', 'cp-email', 'cp-no'].map((id) => ['2026-03-20', dead(id)] as const);
    const before = [...READY.slice(3), ...lost, ...offer('2026-04-02')];
    expect(violationsOf({ before })).toEqual([]);
  });

  it('judges it by the caps of the one contacted, whatever the accounts', () => {
    const second = message({ ...CASE, customerId: 'cus-2', role: 'guarantor', contactId: 'again' });
    expect(violationsOf({ more: [['2026-04-06', second]] })).toEqual(expect.arrayContaining(['HOUSE.SMS']));
    const toCustomer = message({ ...CASE, contactId: 'own' });
    expect(violationsOf({ more: [['2026-04-06', toCustomer]] })).toEqual([]);
  });

  it('judges it by their own place and wishes', () => {
    // Noon in Shanghai is five in the morning in London.
    expect(violationsOf({ record: { timeZone: 'Europe/London' } }).length).toBeGreaterThan(0);
    expect(violationsOf({ wishes: { ...NO_WISHES, windows: ['18:00-21:00'] } })).toContain('CUSTOMER.WINDOW');
    expect(violationsOf({ wishes: { ...NO_WISHES, optedOut: ['sms'] } }).length).toBeGreaterThan(0);
  });

  it.each<readonly [what: string, draft: Draft]>([
    ['a hold on the account', { ...CASE, type: 'HoldPlaced', holdId: 'h', kind: 'dispute', placedAt: `2026-04-05${NOON}` }],
    ['a cure', { ...CASE, type: 'AccountCured', by: 'payment', overdue: { amount: '0.00', currency: 'CNY' } }],
  ])('knows that %s stops it too', (_what, draft) => {
    expect(violationsOf({ before: [...READY, ...offer('2026-04-02'), ['2026-04-05', draft]] }).length).toBeGreaterThan(0);
  });
});
