import type { Engine } from './engine.ts';
import { RETENTION_MS } from './executions.ts';

/** The timer of the purge. */
export const PURGE = 'purge';
const BATCH = 500;
const DAY_MS = 86_400_000;

/**
 * Removes executions 90 days after they closed. It runs once a day, in batches, while there is anything to remove; until then an
 * expired execution is treated as gone.
 */
export class Retention {
  readonly #engine: Engine;
  #set: boolean;

  constructor(engine: Engine) {
    this.#engine = engine;
    this.#set = engine.kernel.store.get("SELECT 1 FROM timers WHERE service = 'states' AND key = ?", PURGE) !== undefined;
  }

  /** An execution has closed. */
  expect(): void {
    if (!this.#set) this.#setTimer(this.#engine.kernel.now());
  }

  purge(): void {
    const { executions, kernel, mapRuns } = this.#engine;
    executions.flush();
    const due = executions.rows('stopped <= ? ORDER BY stopped LIMIT ?', kernel.now() - RETENTION_MS, BATCH);
    for (const { id } of due) executions.remove(id);
    if (due.length === BATCH) {
      kernel.post('purge of executions', () => this.purge());
      return;
    }
    mapRuns.purge(kernel.now() - RETENTION_MS);
    this.#set = false;
    const [oldest] = executions.rows('stopped IS NOT NULL ORDER BY stopped LIMIT 1');
    if (oldest?.stopped != null) this.#setTimer(oldest.stopped);
  }

  #setTimer(stoppedAt: number): void {
    this.#set = true;
    this.#engine.kernel.setTimer('states', PURGE, stoppedAt + RETENTION_MS + DAY_MS);
  }
}
