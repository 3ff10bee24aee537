import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { startCloud } from '../../local/cloud.ts';
import type { Kernel } from '../../local/kernel/kernel.ts';
import { type ApiAnswer, aSystem, System } from './cloud.ts';
import { aCustomer, anOverdue, aPayment } from './events.ts';
import { stateFolder } from './fork.ts';
import { callsOf, disturbedAt, isOf, type Scene, wholeEvent } from './interleave.ts';
import { types } from './walk.ts';

const WORKERS = 20;
const ACCOUNTS = ['acc-1', 'acc-2', 'acc-3', 'acc-4'];
const ACCOUNTS_TO_CALL = 3;
const NUMBERS = ['cp-2', 'cp-5', 'cp-6'];

type Answer = ApiAnswer<{ attemptId?: string; decision?: string; rule?: string; notBefore?: string }>;

/** Numbers in [0, below) that are the same for the same seed. */
function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state % below;
  };
}

/** Lets every call of a function wait for a few others, so that invocations overlap in many ways. */
function shuffle(kernel: Kernel, seed: number): void {
  const roll = dice(seed);
  kernel.intercept(async (call, next) => {
    if (call.origin.startsWith('lambda:')) for (let turn = roll(6); turn > 0; turn -= 1) await new Promise(setImmediate);
    return next();
  });
}

/** One customer with three numbers and several accounts, of which three have an open call task at a time when calls may be made. */
async function threeAccountsToCall(system: System): Promise<readonly string[]> {
  const known = aCustomer().contactPoints as object[];
  const more = NUMBERS.slice(1).map((id, index) => ({ id, channel: 'voice', address: `+861390013900${index}`, owner: 'self' }));
  await system.put('CustomerUpdated', aCustomer({ contactPoints: [...known, ...more] }));
  for (const accountId of ACCOUNTS) await system.put('AccountOverdue', anOverdue({ accountId }));
  // From 18:00 in Shanghai on 7 March, day by day: tasks of the day are open then, and calls may be made for another hour.
  for (let day = 7; day < 20; day += 1) {
    await system.advanceTo(`2026-03-${String(day).padStart(2, '0')}T10:45:00Z`);
    const tasks = await system.tasks('call');
    if (tasks.length >= ACCOUNTS_TO_CALL) return tasks.map((task) => task.taskId);
  }
  throw new Error('There was no day with so many open call tasks');
}

/** Everybody at once, each for a task and a number in turn. */
function everybodyDials(system: System, tasks: readonly string[]): Promise<Answer[]> {
  return Promise.all(
    Array.from({ length: WORKERS }, async (_, worker) => {
      const path = `/tasks/${tasks[worker % tasks.length]}/attempts`;
      const body = { by: `worker-${worker}`, contactPointId: NUMBERS[Math.floor(worker / tasks.length) % NUMBERS.length] };
      const { status, json } = await system.cloud.fetchApi('POST', path, body);
      return { status, json } as Answer;
    }),
  );
}

/** The same of agencies, each of which asks about the account or about no account in particular. */
function everyAgencyDials(system: System): Promise<Answer[]> {
  return Promise.all(
    Array.from({ length: WORKERS }, async (_, agency) => {
      const about = agency % 2 === 0 ? { accountId: 'acc-1' } : {};
      const body = { customerId: 'cus-1', ...about, channel: 'voice', actor: `agency-${agency}`, reserve: true };
      const { status, json } = await system.cloud.fetchApi('POST', '/contacts/check', body);
      return { status, json } as Answer;
    }),
  );
}

function aBranchMail(system: System): Record<string, unknown> {
  const told = { channel: 'email', direction: 'outbound', kind: 'attempt', actor: 'branch-7', outcome: 'delivered' };
  return { contactId: 'branch-1', customerId: 'cus-1', accountId: 'acc-1', at: system.now(), ...told };
}

async function reservedOnTimelines(system: System): Promise<unknown[]> {
  const journeys = await Promise.all(ACCOUNTS.map((accountId) => system.journey(accountId)));
  return journeys.flatMap(({ timeline }) => timeline.flatMap((entry) => (entry.type === 'AttemptReserved' ? [entry.attemptId] : [])));
}

async function pendingRows(system: System): Promise<unknown[]> {
  const governor = (await system.snapshot()).items.find((item) => item.sk === 'GOVERNOR');
  const { contacts } = JSON.parse(String(governor?.state)) as { contacts: { id: string; pendingUntil?: string }[] };
  return contacts.flatMap((row) => (row.pendingUntil === undefined ? [] : [row.id]));
}

async function bumpGovernor(system: System): Promise<void> {
  await system.cloud.call('dynamodb', 'UpdateItem', {
    TableName: system.cloud.outputs().CaseTableName,
    Key: { pk: { S: 'CUSTOMER#cus-1' }, sk: { S: 'GOVERNOR' } },
    UpdateExpression: 'ADD governorVersion :one',
    ExpressionAttributeValues: { ':one': { N: '1' } },
  });
}

/** The synthesized application without the house's own caps: what is left is the law's. */
function withoutHouse(): string {
  const assembly = stateFolder();
  cpSync(inject('assembly'), assembly, { recursive: true });
  for (const name of readdirSync(assembly).filter((file) => file.endsWith('.template.json'))) {
    const path = join(assembly, name);
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll('\\"houseOverlay\\":true', '\\"houseOverlay\\":false'));
  }
  return assembly;
}

describe('twenty workers at once for one customer', () => {
  it.each([1, 2, 3])('take exactly the one conversation that the house allows, over accounts and numbers (order %i)', async (seed) => {
    // Prepare
    const system = await aSystem();
    const tasks = await threeAccountsToCall(system);
    shuffle(system.cloud.kernel, seed);

    // Act
    const answers = await everybodyDials(system, tasks);
    await system.cloud.settle();

    // Assess
    const granted = answers.flatMap(({ status, json }) => (status === 200 ? [json.attemptId] : []));
    expect(granted).toHaveLength(1);
    for (const { status, json } of answers.filter((answer) => answer.status !== 200))
      expect({ status, json }).toMatchObject({ status: 409, json: { decision: 'defer', notBefore: expect.any(String) } });
    expect(await reservedOnTimelines(system)).toEqual(granted);
    expect(await pendingRows(system)).toEqual(granted);
  });

  it('take exactly the three answered calls a day that are the law, where the house sets nothing of its own', async () => {
    // Prepare
    const cloud = await startCloud({ assembly: withoutHouse(), start: '2026-03-02T01:30:00Z', seed: 7 });
    const system = new System(cloud);
    const tasks = await threeAccountsToCall(system);
    shuffle(cloud.kernel, 5);

    // Act
    const answers = await everybodyDials(system, tasks);
    await cloud.settle();

    // Assess
    const granted = answers.flatMap(({ status, json }) => (status === 200 ? [json.attemptId] : []));
    expect(new Set(granted).size).toBe(3);
    expect(granted).toHaveLength(3);
    const others = answers.filter((answer) => answer.status !== 200);
    expect(new Set(others.map(({ status, json }) => `${status} ${json.decision} ${json.rule}`))).toEqual(
      new Set(['409 defer CN.FREQ.CONNECTED']),
    );
    expect((await reservedOnTimelines(system)).sort()).toEqual([...granted].sort());
    expect((await pendingRows(system)).sort()).toEqual([...granted].sort());
    // The checker of contacts counts the house's caps, which are off here.
    await system.checkSound({ invariants: [2] });
    await system.close();
  });

  it.each([1, 2, 3, 4])('and a message take the last contact of the day once (order %i)', async (seed) => {
    // Prepare: one of the two contacts of the day is made, by a branch; the first message is about to go.
    const system = await aSystem();
    await system.put('CustomerUpdated', aCustomer());
    await system.put('AccountOverdue', anOverdue());
    await system.advanceTo('2026-03-05T00:30:00Z');
    const due = (await system.journey()).next?.notBefore ?? '';
    await system.advanceTo(new Date(Date.parse(due) - 60_000).toISOString());
    await system.put('ContactReported', aBranchMail(system));
    let dialling: Promise<Answer[]> | undefined;
    shuffle(system.cloud.kernel, seed);
    system.cloud.kernel.intercept((call, next) => {
      if (dialling === undefined && isOf('send-contact')(call)) dialling = everyAgencyDials(system);
      return next();
    });

    // Act
    await system.advanceTo(due);
    const answers = (await dialling) ?? [];
    await system.cloud.settle();

    // Assess
    const granted = answers.filter(({ json }) => json.attemptId !== undefined).length;
    const sent = system.outbox().length;
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: WORKERS }, () => 200));
    expect(granted + sent).toBe(1);
    expect(await pendingRows(system)).toHaveLength(granted);
    await system.advance('P1D');
    expect(system.outbox().length).toBeGreaterThan(0);
  });
});

describe('where others write for the customer under every try', () => {
  it('an attempt is put off by a second, and nothing is left of it', async () => {
    // Prepare
    const system = await aSystem();
    const [taskId] = await threeAccountsToCall(system);
    const stop = system.cloud.kernel.intercept(async (call, next) => {
      if (isOf('serve-api')(call) && call.operation === 'TransactWriteItems') await bumpGovernor(system);
      return next();
    });

    // Act
    const answer = await system.cloud.fetchApi('POST', `/tasks/${taskId}/attempts`, { by: 'anna' });
    stop();
    const again = await system.cloud.fetchApi('POST', `/tasks/${taskId}/attempts`, { by: 'anna' });

    // Assess
    expect({ status: answer.status, retryAfter: answer.headers['retry-after'] }).toEqual({ status: 503, retryAfter: '1' });
    expect(again.status).toBe(200);
    expect(await reservedOnTimelines(system)).toHaveLength(1);
  });
});

describe('in every order of the calls', () => {
  it('a payment against an attempt: what is reserved was reserved before it', async () => {
    // Prepare: a world at rest with an open call task.
    const stateDir = stateFolder();
    const first = await aSystem({ stateDir });
    await first.put('CustomerUpdated', aCustomer());
    await first.put('AccountOverdue', anOverdue());
    await first.advanceTo('2026-03-07T10:45:00Z');
    const { taskId } = await first.task('call');
    await first.close();
    let answer: Answer | undefined;
    const scene: Scene = {
      name: 'an attempt',
      stateDir,
      act: async (system) => {
        const { status, json } = await system.cloud.fetchApi('POST', `/tasks/${taskId}/attempts`, { by: 'anna' });
        answer = { status, json } as Answer;
      },
    };
    const calls = await callsOf(scene, isOf('serve-api'));
    const seen = new Set<string>();

    for (const position of [...calls.keys(), calls.length]) {
      // Act
      const pay = (system: System) => wholeEvent(system, 'PaymentReceived', aPayment({ paidAt: '2026-03-07T10:40:00Z' }));
      const system = await disturbedAt(scene, position, isOf('serve-api'), pay);

      // Assess
      const journey = await system.journey();
      const all = types(journey);
      const reserved = all.indexOf('AttemptReserved');
      expect(journey.status).toBe('cured');
      expect({ position, after: reserved > all.indexOf('PaymentReceived') }).toEqual({ position, after: false });
      expect({ position, status: answer?.status }).toEqual({ position, status: reserved < 0 ? 409 : 200 });
      if (reserved < 0) expect(answer?.json).toMatchObject({ decision: 'deny' });
      seen.add(reserved < 0 ? 'refused' : 'reserved');
      await system.checkSound();
      await system.close();
    }
    expect([...seen].sort()).toEqual(['refused', 'reserved']);
  });
});
