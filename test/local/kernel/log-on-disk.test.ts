import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Durability, Store } from '../../../local/kernel/store.ts';

/** A disk that is done with what it was asked for when the test says so. */
const disk = vi.hoisted(() => ({ asked: [] as ((error: Error | null) => void)[], awaited: 0 }));

vi.mock('node:fs', async (original) => ({
  ...(await original<typeof import('node:fs')>()),
  fdatasync: (_handle: number, done: (error: Error | null) => void) => disk.asked.push(done),
  fdatasyncSync: () => {
    disk.awaited += 1;
  },
}));

const folders: string[] = [];
const stores: Store[] = [];
afterEach(() => {
  for (const store of stores.splice(0)) store.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  disk.asked = [];
});

function aStore(durability?: Durability): Store {
  const folder = mkdtempSync(join(tmpdir(), 'cloud-log-'));
  folders.push(folder);
  const store = new Store(folder, durability === undefined ? {} : { durability });
  stores.push(store);
  store.define('CREATE TABLE t (n INTEGER)');
  store.commit();
  disk.awaited = 0;
  return store;
}

/** An answer that waits for a commit. */
function answer(store: Store): { state: 'waits' | 'left' | 'failed' } {
  const held: ReturnType<typeof answer> = { state: 'waits' };
  store.committed().then(
    () => {
      held.state = 'left';
    },
    () => {
      held.state = 'failed';
    },
  );
  return held;
}

/** Lets everything happen that waits for no disk. */
async function rounds(): Promise<void> {
  for (let round = 0; round < 5; round += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe('an answer over the port', () => {
  it.each([undefined, 'power'] as const)('leaves once the disk has its commit, with durability %s', async (durability) => {
    const store = aStore(durability);
    store.run('INSERT INTO t VALUES (1)');
    const held = answer(store);
    await rounds();
    expect([held.state, disk.asked.length]).toEqual(['waits', 1]);
    disk.asked[0]?.(null);
    await rounds();
    expect(held.state).toBe('left');
  });

  it('leaves without the disk where a commit need not outlive a loss of power', async () => {
    const store = aStore('process');
    store.run('INSERT INTO t VALUES (1)');
    const held = answer(store);
    await rounds();
    expect([held.state, disk.asked.length]).toEqual(['left', 0]);
  });

  it('waits for the disk although nothing was written for it, where it may tell of what is not there yet', async () => {
    // Prepare
    const store = aStore();
    store.run('INSERT INTO t VALUES (1)');
    answer(store);
    await rounds();
    // Act
    const reading = answer(store);
    await rounds();
    // Assess
    expect(reading.state).toBe('waits');
    disk.asked[0]?.(null);
    await rounds();
    expect([reading.state, disk.asked.length]).toEqual(['left', 1]);
  });

  it('of what is written while the disk is at work waits for the next time, together with others', async () => {
    // Prepare
    const store = aStore();
    store.run('INSERT INTO t VALUES (1)');
    const first = answer(store);
    await rounds();
    // Act
    const later = [2, 3].map((n) => {
      store.run('INSERT INTO t VALUES (?)', n);
      return answer(store);
    });
    await rounds();
    disk.asked[0]?.(null);
    await rounds();
    // Assess
    expect([first, ...later].map(({ state }) => state)).toEqual(['left', 'waits', 'waits']);
    expect(disk.asked).toHaveLength(2);
    disk.asked[1]?.(null);
    await rounds();
    expect(later.map(({ state }) => state)).toEqual(['left', 'left']);
  });

  it('never leaves again once the disk has failed', async () => {
    const store = aStore();
    store.run('INSERT INTO t VALUES (1)');
    const first = answer(store);
    await rounds();
    disk.asked[0]?.(new Error('EIO'));
    await rounds();
    store.run('INSERT INTO t VALUES (2)');
    const second = answer(store);
    await rounds();
    expect([first.state, second.state, disk.asked.length]).toEqual(['failed', 'failed', 1]);
  });
});

describe('a commit that is waited for in place', () => {
  it('is on the disk for power, once, and with the operating system for process', () => {
    const times = (durability: Durability) => {
      const store = aStore(durability);
      store.run('INSERT INTO t VALUES (1)');
      store.commit();
      store.commit();
      return disk.awaited;
    };
    expect([times('power'), times('process')]).toEqual([1, 0]);
  });

  it('does not rely on what the disk was asked for and has not done', async () => {
    const store = aStore();
    store.run('INSERT INTO t VALUES (1)');
    answer(store);
    await rounds();
    store.commit();
    expect(disk.awaited).toBe(1);
    disk.asked[0]?.(null);
    await rounds();
  });
});
