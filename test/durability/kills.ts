import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, inject } from 'vitest';
import { audit, isClean, toText } from '../../audit/report.ts';
import { scanTable } from '../../audit/source.ts';
import type { Deployment } from '../../audit/timelines.ts';
import { randomNumber, randomStep } from '../../local/kernel/random.ts';
import { aSystem, type System } from '../system/cloud.ts';
import { copyState, stateFolder } from '../system/fork.ts';
import { Bank, isLost, type Promised } from './bank.ts';
import { Server } from './server.ts';

/** Where the process can be made to kill itself: right after a write, before or after its commit. */
const CRASHES = [
  { service: 'dynamodb', match: { operation: 'TransactWriteItems' } },
  { service: 'dynamodb', match: { operation: 'UpdateItem' } },
  { service: 'sqs', match: { operation: 'SendMessage' } },
  { service: 'states', match: { operation: 'StartExecution' } },
  { service: 'states', match: { operation: 'SendTaskSuccess' } },
  { service: 'events', match: { operation: 'PutEvents' } },
  { service: 'lambda', match: { operation: 'Invoke' } },
  { service: 's3', match: { operation: 'PutObject' } },
  { service: 'sns', match: { operation: 'Publish' } },
] as const;

/** What `npm run audit` looks at unless told otherwise. */
const TABLE = 'overdue-journeys-cases';
const DEPLOYMENT: Deployment = { house: true, role: 'first-party', jurisdiction: 'CN', fewerYears: [] };

const WORKERS = 4;
/** Longer than a machine waits between tries, and than a message stays hidden in its queue. */
const MENDED_AFTER = 'PT1H';
/** What the kills of a run are worth looking at for, and how many times as many there are to come to it. */
const PROMISED_PER_KILL = 5;
const LIVES_MAX = 4;
/** A crash that never comes is made up for by a kill. */
const CRASH_MILLISECONDS_MAX = 1500;

export interface Survived {
  readonly kills: number;
  readonly promised: number;
  readonly crashes: number;
  /** Where the cloud stands after all: virtual time. */
  readonly now: string;
}

/**
 * Kills the application with SIGKILL again and again while a bank works with it and the clock moves: at any moment, in the middle of
 * moves, right before and after commits. After each kill the state is looked at, on a copy: the file is whole, the clock is not behind
 * what was answered, everything promised is there, and an hour later every invariant holds. The killed one itself goes on, at last for
 * ten days in peace, after which the independent audit finds nothing either.
 */
export async function surviveKills(kills: number, seed: number): Promise<Survived> {
  let position = seed;
  const random = () => {
    position = randomStep(position);
    return randomNumber(position);
  };
  const stateDir = stateFolder();
  const bank = new Bank(random, await bucketName());
  let crashes = 0;
  let kill = 0;
  // A slow machine answers little before a kill: it goes on until enough was promised that could be lost.
  const isEnough = () => kill >= kills && (bank.promised.length >= kills * PROMISED_PER_KILL || kill >= kills * LIVES_MAX);
  while (!isEnough()) {
    kill += 1;
    const server = await Server.start(inject('assembly'), stateDir);
    const before = bank.clock;
    bank.heard((await server.local<{ now: string }>('GET', '/clock')).now);
    expect(bank.clock).toBeGreaterThanOrEqual(before);
    if (await workUntilDead(server, bank, random)) crashes += 1;
    try {
      await checkLeftBehind(stateDir, bank);
    } catch (error) {
      throw new Error(`After kill ${kill} of seed ${seed}: ${(error as Error).message}`, { cause: error });
    }
  }
  const last = await Server.start(inject('assembly'), stateDir);
  const { now } = await last.local<{ now: string }>('POST', '/clock', { advance: 'P10D' });
  expect(await last.local('GET', '/health')).toMatchObject({ failures: 0 });
  const report = audit(await scanTable(TABLE, last.url), DEPLOYMENT);
  expect({ clean: isClean(report), report: toText(report) }).toMatchObject({ clean: true });
  expect(await last.stop()).toBe('');
  bank.heard(now);
  await checkLeftBehind(stateDir, bank);
  return { kills: kill, promised: bank.promised.length, crashes, now };
}

async function bucketName(): Promise<string> {
  const system = await aSystem();
  const { EvidenceBucketName: name = '' } = system.cloud.outputs();
  await system.close();
  return name;
}

/** Lets bank and clock go on until the process is gone; answers whether it had killed itself. */
async function workUntilDead(server: Server, bank: Bank, random: () => number): Promise<boolean> {
  const way = random();
  const moves = way < 0.3 ? 'P2D' : way < 0.8 ? 'PT2H' : 'PT0S';
  const busy = Promise.all([bank.work(server, WORKERS), bank.move(server, moves)]);
  const crash = random() < 0.4 ? CRASHES[Math.floor(random() * CRASHES.length)] : undefined;
  let killed = false;
  if (crash !== undefined) {
    const match = { ...crash.match, skip: Math.floor(random() * 30), count: 1 };
    const commit = random() < 0.5 ? 'before' : 'after';
    try {
      await server.local('POST', '/faults', { ...crash, match, effect: 'crash', commit });
    } catch (error) {
      if (!isLost(error)) throw error;
    }
  }
  const patience = crash === undefined ? 20 + random() * 600 : CRASH_MILLISECONDS_MAX;
  const timer = setTimeout(() => {
    killed = true;
    void server.kill();
  }, patience);
  await busy;
  clearTimeout(timer);
  expect(await server.kill()).toBe('');
  return !killed;
}

async function checkLeftBehind(stateDir: string, bank: Bank): Promise<void> {
  const copy = copyState(stateDir);
  checkFile(copy, bank.clock);
  const system = await aSystem({ stateDir: copy, sweep: true, reminders: true });
  try {
    await checkPromises(system, bank.promised);
    await system.advance(MENDED_AFTER);
    await system.checkSound();
    await checkPromises(system, bank.promised);
  } finally {
    await system.close();
  }
}

/** The file as SQLite finds it, before anything of the cloud has touched it. */
function checkFile(stateDir: string, clock: number): void {
  const database = new DatabaseSync(join(stateDir, 'cloud.sqlite'));
  expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
  const { value } = database.prepare("SELECT value FROM kernel WHERE key = 'now'").get() as { value: number };
  expect(value).toBeGreaterThanOrEqual(clock);
  database.close();
}

async function checkPromises(system: System, promised: readonly Promised[]): Promise<void> {
  const { items, events } = await system.snapshot();
  const eventIds = new Set(events.map((event) => event.id));
  const keys = new Set(items.map((item) => item.pk));
  const outcomes = new Set(
    items.flatMap((item) => {
      if (!item.sk.startsWith('T#')) return [];
      const { type, taskId } = JSON.parse(String(item.entry)) as { type: string; taskId?: string };
      return type === 'TaskOutcomeReported' ? [taskId] : [];
    }),
  );
  const lost: Promised[] = [];
  for (const promise of promised) if (!(await isKept(promise))) lost.push(promise);
  expect(lost).toEqual([]);

  async function isKept(promise: Promised): Promise<boolean> {
    switch (promise.kind) {
      case 'event':
        return eventIds.has(promise.id);
      case 'hold':
        return keys.has(`FACT#hold-placed#${promise.holdId}`);
      case 'release':
        return keys.has(`FACT#hold-released#${promise.holdId}`);
      case 'outcome':
        return outcomes.has(promise.taskId);
      case 'object': {
        const { EvidenceBucketName: Bucket } = system.cloud.outputs();
        const { Body: body } = await system.cloud.call<{ Body: Uint8Array }>('s3', 'GetObject', { Bucket, Key: promise.key });
        return Buffer.from(body).toString() === promise.body;
      }
    }
  }
}
