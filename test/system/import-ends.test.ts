import { expect, it } from 'vitest';
import { aSystem, type System } from './cloud.ts';
import { aCustomer, anOverdue } from './events.ts';
import { begin, disturbedAt, isOf, wholeEvent } from './interleave.ts';

/** Imports that no case goes on with: each is told of, with its original, and what it brought goes on counting. */

const anImport = (change: Record<string, unknown> = {}) => ({
  importId: 'imp-1',
  accountId: 'acc-1',
  customerId: 'cus-1',
  asOf: '2026-03-02T01:00:00Z',
  openedAt: '2026-01-02T01:00:00Z',
  stage: 'call',
  contacts: [{ channel: 'voice', kind: 'attempt', at: '2026-03-02T00:50:00Z', contactPointId: 'cp-2' }],
  promises: [],
  holds: [],
  notices: [],
  ...change,
});

const rejected = (system: System) => system.events().filter((event) => event['detail-type'] === 'EventRejected');

async function deadLetters(system: System): Promise<Record<string, unknown>[]> {
  const QueueUrl = system.cloud.outputs().DeadLetterQueueUrl;
  const { Messages = [] } = await system.cloud.call<{ Messages?: { Body: string }[] }>('sqs', 'ReceiveMessage', { QueueUrl });
  return Messages.map(({ Body }) => JSON.parse(Body) as Record<string, unknown>);
}

it('an import whose account never falls overdue ends after forty days, once, and a later figure opens a case of its own', async () => {
  // Prepare
  const system = await aSystem();
  await system.put('CustomerUpdated', aCustomer());
  await system.put('CaseImported', anImport());

  // Act
  await system.advance('P39DT23H');
  const early = await system.sweep();
  await system.advance('PT1H');
  const due = await system.sweep();
  const again = await system.sweep();
  await system.put('AccountOverdue', anOverdue({ dueDate: '2026-04-01', asOf: system.now() }));

  // Assess
  expect([early.imports, due, again.imports]).toEqual([0, { failed: 0, overdue: 0, woken: 0, started: 0, restarted: 0, imports: 1 }, 0]);
  const rule = 'no case of this account opened in the 40 days after it came';
  expect(rejected(system).map(({ detail }) => detail)).toMatchObject([
    { eventId: 'rejected:import-imp-1', accountId: 'acc-1', rejectedType: 'CaseImported', field: 'accountId', rule },
  ]);
  expect(await deadLetters(system)).toMatchObject([{ importId: 'imp-1', contacts: [{ contactPointId: 'cp-2' }] }]);
  expect(await system.journey()).toMatchObject({ status: 'open', stage: 'reminder' });
  expect(await system.journey()).not.toHaveProperty('imported');
});

it('the contacts of an import that waits, or waited in vain, count for the caps of the customer', async () => {
  // Prepare
  const system = await aSystem();
  await system.put('CustomerUpdated', aCustomer());
  const minutesAgo = (minutes: number) => new Date(Date.parse(system.now()) - minutes * 60_000).toISOString();
  await system.put('CaseImported', anImport({ asOf: minutesAgo(0), contacts: [] }));
  await system.advance('P40D');
  const contacts = [5, 10, 15].map((minutes) => ({ channel: 'voice', kind: 'attempt', at: minutesAgo(minutes), contactPointId: 'cp-2' }));
  await system.sweep();

  // Act
  await system.put('CaseImported', anImport({ importId: 'imp-2', asOf: minutesAgo(0), contacts }));
  await system.put('AccountOverdue', anOverdue({ accountId: 'acc-2', dueDate: '2026-04-01', asOf: system.now() }));
  const check = { customerId: 'cus-1', accountId: 'acc-2', channel: 'voice', contactPointId: 'cp-2' };
  const { json } = await system.api<{ decision: string; rule: string }>('POST', '/contacts/check', check);

  // Assess
  expect(rejected(system)).toHaveLength(1);
  expect(json).toMatchObject({ decision: 'defer' });
});

it('an import that the closing of a case finds to contradict the next one is told of as rejected', async () => {
  // Prepare: what is overdue after the sale falls due tomorrow, and the import is of this morning.
  const scene = {
    name: 'a case is sold',
    act: async (system: System) => {
      await system.put('CustomerUpdated', aCustomer());
      await system.put('AccountOverdue', anOverdue());
      await system.put('AccountStatusChanged', { accountId: 'acc-1', status: 'sold', at: '2026-03-02T01:29:00Z', reference: 'deal-1' });
    },
  };
  const disturb = async (system: System) => {
    await wholeEvent(system, 'CaseImported', anImport({ asOf: '2026-03-02T02:30:00Z', contacts: [] }));
    await wholeEvent(system, 'AccountOverdue', anOverdue({ dueDate: '2026-03-03', asOf: '2026-03-02T16:30:00Z' }));
  };

  // Act
  const system = await disturbedAt(scene, 0, isOf('move-case'), disturb);

  // Assess
  const { timeline, previousCaseId } = await system.journey();
  expect(previousCaseId).toBeDefined();
  expect(timeline.map(({ type }) => type)).toContain('ImportRejected');
  expect(rejected(system).map(({ detail }) => [detail.eventId, detail.field])).toEqual([['rejected:import-imp-1', 'asOf']]);
  expect(await deadLetters(system)).toMatchObject([{ importId: 'imp-1' }]);
  await system.checkSound();
});

it('a sweep that dies after any of its calls tells of a waiting import once', async () => {
  const prepared = async () => {
    const system = await begin({ name: 'an import that waits', act: async () => undefined });
    await system.put('CaseImported', anImport());
    await system.advance('P41D');
    return system;
  };
  for (let dies = 1; dies <= 4; dies += 1) {
    const system = await prepared();
    let seen = 0;
    const recover = system.cloud.kernel.intercept(async (call, next) => {
      if (!isOf('sweep-cases')(call)) return next();
      const answer = await next();
      seen += 1;
      if (seen >= dies) throw new Error('The sweep is dead.');
      return answer;
    });
    await system.sweep().catch(() => undefined);
    recover();
    await system.sweep();

    expect({ dies, rejected: rejected(system).length, letters: (await deadLetters(system)).length }).toEqual({
      dies,
      rejected: 1,
      letters: 1,
    });
    await system.close();
  }
});

it('an import that was rejected may be sent anew, with the plan that it told of', async () => {
  // Prepare
  const system = await aSystem();
  const instalment = { dueDate: '2026-05-20', amount: { amount: '2000.00', currency: 'CNY' }, status: 'open' };
  const plan = { planId: 'plan-9', kind: 'instalments', agreedAt: '2026-02-02T01:00:00Z', channel: 'branch', instalments: [instalment] };
  await system.put('CustomerUpdated', aCustomer());
  await system.put('CaseImported', anImport({ plan }));
  await system.advance('P40D');
  await system.sweep();

  // Act
  await system.put('CaseImported', anImport({ importId: 'imp-2', plan }));
  await system.put('CaseImported', anImport({ importId: 'imp-3', accountId: 'acc-3', plan }));
  await system.put('AccountOverdue', anOverdue({ asOf: system.now() }));

  // Assess
  expect(await system.journey()).toMatchObject({ status: 'arranged', imported: { importId: 'imp-2' }, plan: { planId: 'plan-9' } });
  expect(rejected(system).map(({ detail }) => detail.field)).toEqual(['accountId', 'plan.planId']);
});
