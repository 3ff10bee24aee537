import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { Kernel } from '../../../local/kernel/kernel.ts';
import { removeStore, replaceStore, Store } from '../../../local/kernel/store.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'cloud-commits-'));
  folders.push(made);
  return made;
}

/** What a process that is killed now leaves behind: the files as they are, nothing that lies in memory. */
function leftBehind(directory: string): string {
  const copy = folder();
  cpSync(directory, copy, { recursive: true });
  return copy;
}

function aKernel(directory: string): Kernel {
  return new Kernel({ store: new Store(directory), clock: 'virtual', start: 0, seed: 3 });
}

describe('a commit in the middle of an instant', () => {
  it('keeps which identifiers were handed out: none comes twice after the end of the process', () => {
    // Prepare
    const directory = folder();
    const kernel = aKernel(directory);
    const before = [kernel.uuid(), kernel.uuid()];
    // Act
    kernel.store.commit();
    const after = aKernel(leftBehind(directory));
    // Assess
    expect(before).not.toContain(after.uuid());
    expect(before).not.toContain(after.uuid());
    kernel.stop();
    after.stop();
  });

  it('keeps the instant to which the clock has come, not the one before', async () => {
    // Prepare
    const directory = folder();
    const kernel = aKernel(directory);
    let copy = '';
    kernel.register({
      name: 'answering',
      call: () => undefined,
      onTimer: () => {
        kernel.store.commit();
        copy = leftBehind(directory);
      },
    });
    kernel.setTimer('answering', 'one', 5000);
    // Act
    await kernel.advanceTo(9000);
    const after = aKernel(copy);
    // Assess
    expect(after.now()).toBe(5000);
    kernel.stop();
    after.stop();
  });
});

describe('a durable file', () => {
  it.each(['power', 'process'] as const)(
    'with durability %s holds every commit when the process is gone, and nothing after it',
    (durability) => {
      const directory = folder();
      const store = new Store(directory, { durability });
      store.define('CREATE TABLE t (n INTEGER)');
      store.run('INSERT INTO t VALUES (1)');
      store.commit();
      store.run('INSERT INTO t VALUES (2)');
      const other = new Store(leftBehind(directory));
      expect(other.all('SELECT n FROM t')).toEqual([{ n: 1 }]);
      expect(other.get('PRAGMA integrity_check')).toEqual({ integrity_check: 'ok' });
      store.close();
      other.close();
    },
  );
});

describe('the image of a store', () => {
  it('holds everything, and another store goes on from it, in memory or in a directory', () => {
    // Prepare
    const store = new Store();
    store.define('CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, n INTEGER)');
    for (const n of [1, 2, 3]) store.run('INSERT INTO t (n) VALUES (?)', n);
    store.run('DELETE FROM t WHERE n = 3');
    // Act
    const image = store.image();
    store.run('INSERT INTO t (n) VALUES (4)');
    const directory = folder();
    replaceStore(directory, image);
    const others = [new Store(undefined, { image }), new Store(directory)];
    // Assess
    for (const other of others) {
      expect(other.all('SELECT n FROM t ORDER BY id')).toEqual([{ n: 1 }, { n: 2 }]);
      // The number of what was deleted is not given again.
      expect(other.run('INSERT INTO t (n) VALUES (9)').lastInsertRowid).toBe(4);
      other.close();
    }
    expect(store.all('SELECT n FROM t ORDER BY id')).toEqual([{ n: 1 }, { n: 2 }, { n: 4 }]);
    store.close();
  });

  it('takes the place of what a directory held, also beside a log that nobody carried over', () => {
    const directory = folder();
    const store = new Store(directory);
    store.define('CREATE TABLE t (n INTEGER)');
    const image = store.image();
    store.run('INSERT INTO t VALUES (1)');
    store.commit();
    const killed = leftBehind(directory);
    store.close();
    replaceStore(killed, image);
    const other = new Store(killed);
    expect(other.all('SELECT n FROM t')).toEqual([]);
    other.close();
    removeStore(killed);
    expect(readdirSync(killed)).toEqual([]);
  });

  it('is refused where it is none', () => {
    expect(() => new Store(undefined, { image: Buffer.from('no database, and long enough to be read as one'.repeat(99)) })).toThrow(
      /^The snapshot cannot be used: /,
    );
  });
});

describe('a temporary store', () => {
  const { TMPDIR } = process.env;
  afterEach(() => {
    if (TMPDIR === undefined) Reflect.deleteProperty(process.env, 'TMPDIR');
    else process.env.TMPDIR = TMPDIR;
  });

  it.each(['anew', 'from an image'])('that is opened %s leaves no file behind, whenever its process is killed', (how) => {
    // Prepare
    const before = new Store();
    before.define('CREATE TABLE numbers (number INTEGER)');
    const image = before.image();
    before.close();
    const directory = folder();
    process.env.TMPDIR = directory;
    // Act
    const store = new Store(undefined, how === 'anew' ? {} : { image });
    store.define('CREATE TABLE IF NOT EXISTS numbers (number INTEGER)');
    store.run('INSERT INTO numbers VALUES (1)');
    const uncommitted = readdirSync(directory);
    store.image();
    // Assess
    expect([uncommitted, readdirSync(directory)]).toEqual([[], []]);
    store.close();
  });
});
