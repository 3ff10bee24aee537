import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { formatInstant } from './duration.ts';
import { AwsError } from './kernel/errors.ts';
import { writeDurably } from './kernel/store.ts';

/** Everything a cloud held at a quiet instant. Another cloud of the same application can go on from there. */
export interface Snapshot {
  /** What its clock said: milliseconds since the epoch. */
  readonly at: number;
  /** The cloud's SQLite file. */
  readonly image: Uint8Array;
}

export interface KnownSnapshot {
  readonly name: string;
  /** What the clock said: ISO 8601, UTC. */
  readonly at: string;
  readonly bytes: number;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
const FILE = /^([A-Za-z0-9][A-Za-z0-9_-]{0,63})\.(\d{1,15})\.sqlite$/;
const FOLDER = 'snapshots';
const SNAPSHOTS_MAX = 100;
/** What lies in memory is taken from the process; with a directory the disk is the limit. */
const MEMORY_BYTES_MAX = 1024 ** 3;

/** Where snapshots lie by name. */
interface Shelf {
  list(): (KnownSnapshot & { readonly milliseconds: number })[];
  read(name: string): Snapshot | undefined;
  /** Takes the place of one of the same name. */
  write(name: string, snapshot: Snapshot): void;
  delete(name: string): void;
}

/** Snapshots under names, for tests and people who come back to a moment again and again. */
export class Snapshots {
  readonly #cloud: { snapshot(): Promise<Snapshot>; restore(snapshot: Snapshot): Promise<void> };
  readonly #shelf: Shelf;

  constructor(cloud: { snapshot(): Promise<Snapshot>; restore(snapshot: Snapshot): Promise<void> }, stateDir: string | undefined) {
    this.#cloud = cloud;
    this.#shelf = stateDir === undefined ? new MemoryShelf() : new FolderShelf(join(stateDir, FOLDER));
  }

  /** Takes a snapshot; an earlier one of the name is replaced. Throws a `ValidationException` that names the field and the rule. */
  async save(name: unknown): Promise<KnownSnapshot> {
    const checked = checkName(name);
    const others = this.#shelf.list().filter((known) => known.name !== checked);
    if (others.length >= SNAPSHOTS_MAX) throw invalid(`There are ${SNAPSHOTS_MAX} snapshots already; delete some.`);
    this.#shelf.write(checked, await this.#cloud.snapshot());
    const saved = this.list().find((known) => known.name === checked);
    if (saved === undefined) throw new Error(`The snapshot ${checked} was not kept.`);
    return saved;
  }

  /** Puts the cloud where the snapshot was taken. Throws `ResourceNotFoundException` where there is none of the name. */
  async restore(name: unknown): Promise<void> {
    const checked = checkName(name);
    const found = this.#shelf.read(checked);
    if (found === undefined) throw new AwsError('ResourceNotFoundException', `There is no snapshot ${checked}.`, 404);
    await this.#cloud.restore(found);
  }

  /** By name. */
  list(): KnownSnapshot[] {
    return this.#shelf
      .list()
      .sort((one, other) => (one.name < other.name ? -1 : 1))
      .map(({ name, at, bytes }) => ({ name, at, bytes }));
  }

  /** Answers whether there was one. */
  delete(name: string): boolean {
    const known = this.#shelf.list().some((row) => row.name === name);
    if (known) this.#shelf.delete(name);
    return known;
  }
}

class MemoryShelf implements Shelf {
  readonly #kept = new Map<string, Snapshot>();

  list() {
    return [...this.#kept].map(([name, { at, image }]) => ({ name, at: formatInstant(at), milliseconds: at, bytes: image.byteLength }));
  }

  read(name: string): Snapshot | undefined {
    return this.#kept.get(name);
  }

  write(name: string, snapshot: Snapshot): void {
    const others = this.list().filter((known) => known.name !== name);
    const bytes = others.reduce((sum, known) => sum + known.bytes, snapshot.image.byteLength);
    if (bytes > MEMORY_BYTES_MAX)
      throw invalid(`The snapshots in memory must have at most ${MEMORY_BYTES_MAX} bytes together; delete some, or set STATE_DIR.`);
    this.#kept.set(name, snapshot);
  }

  delete(name: string): void {
    this.#kept.delete(name);
  }
}

/** A file for each, whose name tells the instant too. */
class FolderShelf implements Shelf {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  list() {
    if (!existsSync(this.#folder)) return [];
    const files = readdirSync(this.#folder).flatMap((file) => {
      const [, name, at] = FILE.exec(file) ?? [];
      if (name === undefined || at === undefined) return [];
      const { size: bytes, mtimeMs: written } = statSync(join(this.#folder, file));
      return [{ name, at: formatInstant(Number(at)), milliseconds: Number(at), bytes, written }];
    });
    // Whoever died while one was replaced left both.
    return files.filter((file) => !files.some((other) => other.name === file.name && other.written > file.written));
  }

  read(name: string): Snapshot | undefined {
    const known = this.list().find((row) => row.name === name);
    return known === undefined ? undefined : { at: known.milliseconds, image: readFileSync(this.#file(name, known.milliseconds)) };
  }

  write(name: string, { at, image }: Snapshot): void {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const part = join(this.#folder, `${name}.part`);
    writeDurably(part, image);
    const earlier = this.list().filter((row) => row.name === name && row.milliseconds !== at);
    renameSync(part, this.#file(name, at));
    for (const { milliseconds } of earlier) rmSync(this.#file(name, milliseconds), { force: true });
  }

  delete(name: string): void {
    for (const row of this.list()) if (row.name === name) rmSync(this.#file(name, row.milliseconds), { force: true });
  }

  #file(name: string, at: number): string {
    return join(this.#folder, `${name}.${at}.sqlite`);
  }
}

/** Removes the snapshots that lie in a state directory. */
export function removeSnapshots(stateDir: string): void {
  rmSync(join(stateDir, FOLDER), { recursive: true, force: true });
}

function checkName(name: unknown): string {
  if (typeof name !== 'string' || !NAME.test(name))
    throw invalid(
      `name must be 1 to 64 letters, digits, hyphens and underscores and begin with a letter or digit, not ${JSON.stringify(name)}`,
    );
  return name;
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}
