import { describe, expect, it } from 'vitest';
import { addDays } from '../../domain/calendar.ts';
import { aSystem, type System } from './cloud.ts';
import { aCustomer, anOverdue, cny } from './events.ts';

/** Cases that ran elsewhere, handed over to the running application. */

/** 10:30 in Shanghai on Monday 2 March 2026. */
const MORNING = '2026-03-02T02:30:00Z';
const DAY = 86_400_000;
const ago = (days: number): string => new Date(Date.parse(MORNING) - days * DAY).toISOString().replace('.000Z', 'Z');
const dateIn = (days: number): string => addDays('2026-03-02', days);

function anImport(change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    importId: 'imp-1',
    accountId: 'acc-1',
    customerId: 'cus-1',
    asOf: '2026-03-01T16:00:00Z',
    openedAt: ago(60),
    stage: 'call',
    contacts: [],
    promises: [],
    holds: [],
    notices: [],
    ...change,
  };
}

const sms = (days: number) => ({ channel: 'sms', kind: 'attempt', at: ago(days), contactPointId: 'cp-1' });
const call = (days: number, more: object = {}) => ({
  channel: 'voice',
  kind: 'attempt',
  at: ago(days),
  outcome: 'no-answer',
  contactPointId: 'cp-2',
  ...more,
});

/** A single account 20 days past due, with its customer known. */
async function told(...events: readonly [string, Record<string, unknown>][]): Promise<System> {
  const system = await aSystem();
  await system.advanceTo(MORNING);
  for (const [type, detail] of events) await system.put(type, detail);
  return system;
}

const overdue = (days: number, change: Record<string, unknown> = {}): [string, Record<string, unknown>] => [
  'AccountOverdue',
  anOverdue({ dueDate: dateIn(-days), ...change }),
];
const customer: [string, Record<string, unknown>] = ['CustomerUpdated', aCustomer()];
const imported = (change: Record<string, unknown> = {}): [string, Record<string, unknown>] => ['CaseImported', anImport(change)];

interface Shown {
  readonly imported?: { readonly claimed: string; readonly why: string; readonly contactsFrom: string };
}

describe('a case that is taken over', () => {
  it.each([
    ['before the account is known', [imported({ contacts: [sms(9), call(4)] }), customer, overdue(20)]],
    ['after its case has opened', [overdue(20), imported({ contacts: [sms(9), call(4)] }), customer]],
  ] as const)('goes on in its stage when it is told %s, once, and sends nothing by itself', async (_when, events) => {
    const system = await told(...events);
    await system.put(...imported({ contacts: [sms(9), call(4)] }));

    const journey = await system.journey();
    expect(journey).toMatchObject({ status: 'open', stage: 'call' });
    expect((journey as Shown).imported).toMatchObject({ claimed: 'call', why: expect.stringMatching(/support it$/) as string });
    expect(journey.timeline.filter(({ type }) => type === 'CaseTakenOver')).toHaveLength(1);
    expect([system.outbox(), await system.tasks('call')]).toEqual([[], []]);
    expect((await system.executions()).filter(({ status }) => status === 'RUNNING').map(({ machine }) => machine)).toEqual(['call']);
  });

  it('is lowered to what its acts support, and says why', async () => {
    const system = await told(imported({ stage: 'legal', contacts: [sms(9)] }), customer, overdue(120));

    const journey = await system.journey();
    expect(journey.stage).toBe('call');
    const why =
      'Taken over from the legal stage and lowered to call: before the case may rise, one call task must have been worked or have expired';
    expect((journey as Shown).imported).toMatchObject({ claimed: 'legal', why });
    expect(journey.timeline.filter(({ type }) => type === 'StageEntered').at(-1)).toMatchObject({ stage: 'call', why });
  });

  it('goes on with its promise, its plan and its holds', async () => {
    const plan = {
      planId: 'plan-9',
      kind: 'instalments',
      agreedAt: ago(40),
      channel: 'branch',
      instalments: [
        { dueDate: dateIn(-20), amount: cny('2000.00'), status: 'paid' },
        { dueDate: dateIn(10), amount: cny('2000.00'), status: 'open' },
      ],
    };
    const hold = { holdId: 'h-1', kind: 'complaint', placedAt: ago(2) };
    const system = await told(imported({ plan, holds: [hold] }), customer, overdue(40));
    const held = await system.journey();
    await system.put('HoldReleased', { holdId: 'h-1', releasedAt: system.now() });
    const arranged = await system.journey();

    expect(held).toMatchObject({ status: 'held', holds: [{ holdId: 'h-1', kind: 'complaint' }] });
    expect(arranged).toMatchObject({ status: 'arranged', stage: 'plan', plan: { planId: 'plan-9', status: 'active' } });
    expect(arranged.plan?.instalments.map(({ status }) => status)).toEqual(['paid', 'open']);
    expect(await system.tasks('plan-review')).toEqual([]);
    // The core knows the plan by its own id.
    await system.put('PlanRejected', { planId: 'plan-9', at: system.now() });
    expect(await system.journey()).toMatchObject({ status: 'open' });
  });

  it('holds all accounts of a customer whose hold it brings', async () => {
    const other = { accountId: 'acc-2', asOf: '2026-03-02T01:01:00Z' };
    const hold = { holdId: 'h-1', customerId: 'cus-1', kind: 'represented', placedAt: ago(2) };
    const system = await told(customer, overdue(20, other), imported({ holds: [hold] }), overdue(20));

    expect(await system.journey('acc-2')).toMatchObject({ status: 'held' });
    expect(await system.journey()).toMatchObject({ status: 'held' });
    await system.put('HoldPlaced', hold);
    expect(system.said('acc-1')).not.toContain('EventRejected');
  });

  it('leaves room under the caps only for what its contacts left', async () => {
    // Three calls within the hour before: the number may be dialled no more today.
    const recent = [0.01, 0.02, 0.03].map((days) => call(days));
    const system = await told(imported({ asOf: MORNING, contacts: [sms(9), ...recent] }), customer, overdue(20));

    const { json } = await system.api<{ decision: string; rule: string }>('POST', '/contacts/check', {
      customerId: 'cus-1',
      accountId: 'acc-1',
      channel: 'voice',
      contactPointId: 'cp-2',
    });
    expect(json.decision).toBe('defer');
  });
});

describe('the largest import that there may be', () => {
  const largest = () => {
    const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, index) => make(index));
    const long = (prefix: string, index: number) => `${prefix}-${index}-`.padEnd(64, 'x');
    return anImport({
      importId: long('imp', 1),
      stage: 'legal',
      contacts: times(300, (index) => ({
        ...(index % 2 === 0 ? sms(index / 5) : call(index / 5)),
        contactId: long('c', index),
        contactPointId: long('p', index),
      })).map((row, index) => ({ ...row, at: ago(2 + index / 5) })),
      promises: times(20, (index) => ({ amount: cny('100.00'), date: dateIn(index - 30), recordedAt: ago(40 + index) })),
      plan: {
        planId: long('plan', 1),
        kind: 'instalments',
        agreedAt: ago(50),
        channel: 'branch',
        instalments: times(60, (index) => ({
          dueDate: dateIn(30 * index - 20),
          amount: cny('100.00'),
          status: index < 1 ? 'paid' : 'open',
        })),
      },
      holds: times(5, (index) => ({ holdId: long('h', index), kind: 'manual', placedAt: ago(3), reason: `words ${index}` })),
      notices: times(20, (index) => ({ kind: 'written-demand', at: ago(5 + index), how: 'post', proofRef: `letter-${index}` })),
    });
  };

  it.each([
    ['before its case', [['CaseImported', largest()], overdue(120)]],
    ['after it', [overdue(120), ['CaseImported', largest()]]],
  ] as const)('fits one transaction, told %s', async (_when, [first, second]) => {
    const system = await told(customer, [...first], [...second]);

    expect(system.events().filter((event) => event['detail-type'] === 'EventRejected')).toEqual([]);
    const journey = await system.journey();
    expect(journey).toMatchObject({ status: 'held', plan: { status: 'active' } });
    expect(journey.timeline.filter(({ type }) => type === 'PromiseBroken')).toHaveLength(20);
  });
});

describe('an import that cannot be accepted', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['a contact of tomorrow', { contacts: [sms(-1)] }, 'contacts.0.at'],
    ['an instant too far ahead', { asOf: ago(-3) }, 'asOf'],
    ['a promise before its recording', { promises: [{ amount: cny('10.00'), date: dateIn(-9), recordedAt: ago(3) }] }, 'promises.0.date'],
    ['a hold without its end', { holds: [{ holdId: 'h', kind: 'disaster', placedAt: ago(3) }] }, 'holds.0.expiresAt'],
    ['too many contacts', { contacts: Array.from({ length: 301 }, () => sms(3)) }, 'contacts'],
    ['another customer', { customerId: 'cus-9' }, 'customerId'],
  ])('names %s, and leaves nothing behind', async (_what, change, field) => {
    const system = await told(customer, overdue(2), imported(change));

    const rejected = system.events().filter((event) => event['detail-type'] === 'EventRejected');
    expect(rejected.map(({ detail }) => detail.field)).toEqual([field]);
    const { items } = await system.snapshot();
    expect(items.filter(({ pk }) => /^FACT#(import|hold-placed|plan)#/.test(pk))).toEqual([]);
    expect((await system.journey()) as Shown).not.toHaveProperty('imported');
  });

  it('of an id with other content, or for a case with acts of its own', async () => {
    const system = await told(customer, imported(), imported({ stage: 'plan' }), overdue(20), [
      'AccountOverdue',
      anOverdue({ accountId: 'acc-2', customerId: 'cus-2', dueDate: dateIn(-20) }),
    ]);
    await system.put('CustomerUpdated', aCustomer({ customerId: 'cus-2' }));
    await system.advance('P2D');
    await system.put(...imported({ importId: 'imp-2', accountId: 'acc-2', customerId: 'cus-2' }));

    const rejected = system.events().filter((event) => event['detail-type'] === 'EventRejected');
    expect(rejected.map(({ detail }) => [detail.field, detail.rule])).toEqual([
      ['detail', 'a fact of this identity with other content was accepted before'],
      ['accountId', 'the open case of this account has acts of its own already'],
    ]);
  });

  it('is rejected with its original when the account turns out to be another customer’s', async () => {
    const system = await told(imported({ customerId: 'cus-9' }), customer, overdue(20));

    const rejected = system.events().filter((event) => event['detail-type'] === 'EventRejected');
    expect(rejected.map(({ detail }) => [detail.eventId, detail.field])).toEqual([['rejected:import-imp-1', 'customerId']]);
    expect(await system.journey()).toMatchObject({ stage: 'reminder' });
  });
});
