import type { Kernel } from '../../kernel/kernel.ts';

const SCHEMA =
  'CREATE TABLE IF NOT EXISTS states_redrive_tokens (execution INTEGER NOT NULL, token TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (execution, token)) WITHOUT ROWID;';
/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_RedriveExecution.html, of tokens ten of each execution. */
const VALID_MS = 15 * 60_000;
const KEPT = 10;

/** The client tokens of redrives: every SDK sends one, so that an attempt made twice redrives once. */
export class RedriveTokens {
  readonly #kernel: Kernel;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    kernel.store.define(SCHEMA);
  }

  /** When the redrive of this token was, in milliseconds; undefined where there was none of late. */
  find(execution: number, token: string): number | undefined {
    return this.#kernel.store.get<{ at: number }>(
      'SELECT at FROM states_redrive_tokens WHERE execution = ? AND token = ? AND at > ?',
      execution,
      token,
      this.#kernel.now() - VALID_MS,
    )?.at;
  }

  put(execution: number, token: string): void {
    const { store } = this.#kernel;
    const now = this.#kernel.now();
    store.run('DELETE FROM states_redrive_tokens WHERE at <= ?', now - VALID_MS);
    store.run('INSERT OR REPLACE INTO states_redrive_tokens (execution, token, at) VALUES (?, ?, ?)', execution, token, now);
    store.run(
      'DELETE FROM states_redrive_tokens WHERE execution = ?1 AND token NOT IN (SELECT token FROM states_redrive_tokens WHERE execution = ?1 ORDER BY at DESC LIMIT ?2)',
      execution,
      KEPT,
    );
  }
}
