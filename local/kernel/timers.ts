import { type MemoryTimer, MemoryTimers } from './memory-timers.ts';
import type { Store } from './store.ts';

/** A timer of a service, which outlives the process. */
export interface StoredTimer {
  readonly id: number;
  readonly service: string;
  readonly key: string;
  readonly at: number;
  readonly payload: string;
}

export interface KnownTimer {
  readonly service: string;
  readonly key: string;
  readonly at: number;
}

/** Timers of both kinds: those of services, in the store, and those of what is under way, in memory. */
export class Timers {
  readonly #store: Store;
  readonly #memory = new MemoryTimers();
  #last: number;

  constructor(store: Store) {
    this.#store = store;
    store.define(`
      CREATE TABLE IF NOT EXISTS timers (id INTEGER PRIMARY KEY AUTOINCREMENT, service TEXT NOT NULL, key TEXT NOT NULL, at INTEGER NOT NULL, payload TEXT NOT NULL);
      CREATE UNIQUE INDEX IF NOT EXISTS timers_by_key ON timers (service, key);
      CREATE INDEX IF NOT EXISTS timers_by_at ON timers (at, id);`);
    this.#last = store.get<{ seq: number }>("SELECT seq FROM sqlite_sequence WHERE name = 'timers'")?.seq ?? 0;
  }

  set(service: string, key: string, at: number, payload: string): void {
    const { lastInsertRowid } = this.#store.run(
      'INSERT INTO timers (service, key, at, payload) VALUES (?, ?, ?, ?) ON CONFLICT (service, key) DO UPDATE SET at = excluded.at, payload = excluded.payload',
      service,
      key,
      Math.ceil(at),
      payload,
    );
    if (lastInsertRowid > this.#last) this.#last = lastInsertRowid;
  }

  cancel(service: string, key: string): void {
    this.#store.run('DELETE FROM timers WHERE service = ? AND key = ?', service, key);
  }

  remind(at: number, label: string, run: () => unknown): MemoryTimer {
    const timer: MemoryTimer = { at: Math.ceil(at), label, run, behind: this.#last };
    this.#memory.add(timer);
    return timer;
  }

  forget(timer: MemoryTimer): void {
    this.#memory.remove(timer);
  }

  find(service: string, key: string): StoredTimer | undefined {
    return this.#store.get('SELECT id, service, key, at, payload FROM timers WHERE service = ? AND key = ?', service, key);
  }

  /** What falls due next, in the order in which it will fire. */
  list(limit: number): KnownTimer[] {
    const stored = this.#store.all<StoredTimer>('SELECT id, service, key, at, payload FROM timers ORDER BY at, id LIMIT ? + 0', limit);
    const inMemory = this.#memory.list(limit).map(({ at, label, behind }) => {
      const end = label.indexOf(' ');
      return { id: behind + 0.5, service: label.slice(0, end), key: label.slice(end + 1), at };
    });
    return [...stored, ...inMemory]
      .sort((one, other) => one.at - other.at || one.id - other.id)
      .slice(0, limit)
      .map(({ service, key, at }) => ({ service, key, at }));
  }

  /** The first instant behind another at which a timer is due. */
  nextAt(after = Number.MIN_SAFE_INTEGER): number | undefined {
    const stored = this.#store.get<{ at: number }>('SELECT at FROM timers WHERE at > ? ORDER BY at, id LIMIT 1', after)?.at;
    const inMemory = this.#memory.nextAt(after);
    return inMemory === undefined || (stored !== undefined && stored <= inMemory) ? stored : inMemory;
  }

  /** What is due, in the order in which it was set for its instant. Those in the store stay there until they are `taken`. */
  due(now: number): (StoredTimer | MemoryTimer)[] {
    const stored = this.#store.all<StoredTimer>('SELECT id, service, key, at, payload FROM timers WHERE at <= ? ORDER BY at, id', now);
    if (this.#memory.size === 0) return stored;
    const inMemory = this.#memory.take(now);
    const due: (StoredTimer | MemoryTimer)[] = [];
    let next = 0;
    for (const timer of stored) {
      for (let first = inMemory[next]; first !== undefined && isBefore(first, timer); first = inMemory[next]) {
        due.push(first);
        next += 1;
      }
      due.push(timer);
    }
    return [...due, ...inMemory.slice(next)];
  }

  /** Takes a timer out of the store; false where an earlier job of its instant has cancelled or moved it. */
  taken({ id, at, payload }: StoredTimer): boolean {
    return this.#store.run('DELETE FROM timers WHERE id = ? AND at = ? AND payload = ?', id, at, payload).changes > 0;
  }
}

function isBefore(timer: MemoryTimer, stored: StoredTimer): boolean {
  return timer.at < stored.at || (timer.at === stored.at && timer.behind < stored.id);
}
