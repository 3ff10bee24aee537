import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { UnsupportedError } from './errors.ts';
import { LogOnDisk } from './log-on-disk.ts';

/** A row as `node:sqlite` returns it. */
export type Row = Record<string, SQLInputValue>;

/**
 * What a commit outlives: `process`, the end of this process, however it ends; `power`, that of the machine too. For the first the
 * write-ahead log is handed to the operating system, for the second it is on the disk.
 */
export type Durability = 'process' | 'power';

/**
 * Everything the cloud knows, in one SQLite file: one commit is one consistent picture of all services.
 *
 * Writes join an open transaction; `commit()` is called before an answer leaves the process and whenever the cloud is quiet, so
 * that an accepted write survives `kill -9` while internal steps do not pay for a commit each. Without `directory` the file is a
 * temporary one, unlinked at once: it lives on disk, not in memory, and is gone with the process.
 */
export class Store {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly #hooks: (() => void)[] = [];
  /** Nobody can come back to a temporary file: there a commit only bounds what lies unwritten in memory. */
  readonly #temporary: boolean;
  /** Where commits must reach the disk. */
  readonly #log: LogOnDisk | undefined;
  #open = false;
  #put = 0;
  #committedAt = 0;
  #group: Promise<void> | undefined;
  #syncing: Promise<void> | undefined;

  /** @param image what `image()` answered of another store; a directory gets it by `replaceStore`. */
  constructor(directory?: string, { durability = 'power', image }: { durability?: Durability; image?: Uint8Array } = {}) {
    this.#temporary = directory === undefined;
    this.#database = directory === undefined ? openTemporary(image) : openDurable(directory);
    if (directory !== undefined && durability === 'power') this.#log = new LogOnDisk(join(directory, `${FILE}-wal`));
  }

  /** Creates what a service keeps. Idempotent statements only (`CREATE TABLE IF NOT EXISTS …`). */
  define(sql: string): void {
    this.#handOver();
    this.#end();
    this.#database.exec(sql);
    this.#log?.grew();
  }

  /** Runs a write. Parameters are positional. */
  run(sql: string, ...parameters: SQLInputValue[]): { changes: number; lastInsertRowid: number } {
    if (!this.#open) {
      this.#database.exec('BEGIN');
      this.#open = true;
    }
    const result = this.#prepared(sql).run(...parameters);
    return { changes: Number(result.changes), lastInsertRowid: Number(result.lastInsertRowid) };
  }

  get<T = Row>(sql: string, ...parameters: SQLInputValue[]): T | undefined {
    return this.#prepared(sql).get(...parameters) as T | undefined;
  }

  all<T = Row>(sql: string, ...parameters: SQLInputValue[]): T[] {
    return this.#prepared(sql).all(...parameters) as T[];
  }

  /** How many rows were written since the file was opened: another number tells that something changed. */
  changes(): number {
    return this.get<{ changes: number }>('SELECT total_changes() AS changes')?.changes ?? 0;
  }

  /** Calls back before every commit: a service that keeps changes in memory writes them then, so that they join the commit. */
  beforeCommit(hook: () => void): void {
    this.#hooks.push(hook);
  }

  /** Makes durable what was written so far. */
  commit(): void {
    this.#handOver();
    this.#log?.sync();
  }

  /** Commits: with that it outlives the process, and in a log that is not on the disk yet, not more. */
  #handOver(): void {
    for (const hook of this.#hooks) hook();
    if (!this.#open) return;
    this.#put += 1;
    if (!this.#temporary || this.#put % TEMPORARY_COMMITS_TOGETHER === 0) this.#end();
  }

  /** A commit where the last one was a while ago: for what nobody was told of, so that neither much is lost nor much lies in memory. */
  commitAtTimes(): void {
    if (this.#temporary || performance.now() - this.#committedAt > COMMIT_MILLISECONDS) this.commit();
  }

  /**
   * Makes durable what was written so far, together with what is written until the event loop comes round and the disk is done with the
   * group before: whoever waits for the disk at the same time waits for it once, and work goes on meanwhile. A disk that has failed once
   * fails all that follow: nobody knows what it holds.
   */
  committed(): Promise<void> {
    this.#group ??= this.#commitTogether();
    return this.#group;
  }

  async #commitTogether(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    await this.#syncing;
    this.#group = undefined;
    this.#handOver();
    this.#syncing = this.#log?.synced();
    await this.#syncing;
  }

  /** The whole file as it stands after a commit. */
  image(): Uint8Array {
    this.commit();
    this.#end();
    const file = temporaryFile();
    try {
      this.#database.prepare('VACUUM INTO ?').run(file);
      return readFileSync(file);
    } finally {
      rmSync(file, { force: true });
    }
  }

  #end(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#database.exec('COMMIT');
    this.#log?.grew();
    this.#committedAt = performance.now();
  }

  close(): void {
    this.commit();
    this.#end();
    this.#statements.clear();
    this.#log?.close();
    this.#database.close();
  }

  #prepared(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

const TEMPORARY_COMMITS_TOGETHER = 64;
const COMMIT_MILLISECONDS = 100;

/** 64 MiB: with SQLite's own 2 every look into an index of some size reads the file again. */
const CACHE = 'PRAGMA cache_size = -65536;';
/** 16 MiB: the same pages change again and again, and the longer the log, the fewer times each is carried over. */
const CHECKPOINT_PAGES = 4096;

const FILE = 'cloud.sqlite';
/** Bumped when a table changes shape: an older directory is refused by name rather than misread. */
const FORMAT = 1;

/**
 * WAL with NORMAL: a commit is with the operating system, and a loss of power takes the last ones and nothing else, since SQLite itself
 * brings the log to the disk before it is carried over (https://www.sqlite.org/pragma.html#pragma_synchronous). For `power` the store
 * brings it there with each commit.
 */
function openDurable(directory: string): DatabaseSync {
  try {
    mkdirSync(directory, { recursive: true });
    const database = new DatabaseSync(join(directory, FILE));
    database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA locking_mode = EXCLUSIVE; ${CACHE}
      PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES};`);
    assertReadable(database);
    return database;
  } catch (error) {
    throw new UnsupportedError(`STATE_DIR ${directory} cannot be used: ${(error as Error).message}`);
  }
}

function assertReadable(database: DatabaseSync): void {
  const check = database.prepare('PRAGMA quick_check(1)').get() as { quick_check: string };
  if (check.quick_check !== 'ok') throw new Error(check.quick_check);
  const { user_version: format } = database.prepare('PRAGMA user_version').get() as { user_version: number };
  if (format !== 0 && format !== FORMAT) throw new Error(`its format is ${format}, this version reads ${FORMAT}`);
  database.exec(`PRAGMA user_version = ${FORMAT}`);
}

let files = 0;

function temporaryFile(): string {
  files += 1;
  return join(tmpdir(), `embedded-cloud-${process.pid}-${files}-${performance.now().toString(36).replace('.', '')}.sqlite`);
}

function openTemporary(image?: Uint8Array): DatabaseSync {
  const file = temporaryFile();
  if (image !== undefined) writeFileSync(file, image, { mode: 0o600 });
  try {
    // In defensive mode SQLite keeps a journal and says nothing: time for each commit, and a file that a killed process leaves behind.
    const database = new DatabaseSync(file, { defensive: false });
    database.exec(
      `PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; ${CACHE} PRAGMA temp_store = MEMORY;`,
    );
    assertReadable(database);
    // EXCLUSIVE takes its lock with the first write; once the file is open its name is not needed any more.
    database.exec('CREATE TABLE IF NOT EXISTS opened (at INTEGER); DELETE FROM opened');
    return database;
  } catch (error) {
    throw new UnsupportedError(`The snapshot cannot be used: ${(error as Error).message}`);
  } finally {
    rmSync(file, { force: true });
  }
}

/** Whether a directory holds a store. */
export function holdsStore(directory: string): boolean {
  return existsSync(join(directory, FILE));
}

/** Puts an image in the place of a directory's file, which nobody has open: whoever dies meanwhile leaves the one or the other. */
export function replaceStore(directory: string, image: Uint8Array): void {
  mkdirSync(directory, { recursive: true });
  const file = join(directory, FILE);
  writeDurably(`${file}-new`, image);
  // The log of the file that goes is empty since it was closed; it must not be found beside the one that comes.
  for (const suffix of ['-wal', '-shm', '-journal']) rmSync(file + suffix, { force: true });
  renameSync(`${file}-new`, file);
}

/** Removes a directory's file and what belongs to it, nothing else that may lie there. */
export function removeStore(directory: string): void {
  for (const suffix of ['', '-wal', '-shm', '-journal', '-new']) rmSync(join(directory, FILE + suffix), { force: true });
}

/** Writes a file that is on the disk when this returns. */
export function writeDurably(file: string, bytes: Uint8Array): void {
  const handle = openSync(file, 'w', 0o600);
  try {
    writeFileSync(handle, bytes);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
