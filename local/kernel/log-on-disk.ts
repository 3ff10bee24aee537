import { closeSync, fdatasync, fdatasyncSync, openSync } from 'node:fs';

/**
 * Brings to the disk what SQLite handed to the operating system: the frames of commits in a write-ahead log. With `synchronous = FULL`
 * SQLite does the same after each commit (https://www.sqlite.org/pragma.html#pragma_synchronous), but the whole process stands still
 * meanwhile; here only those wait who must.
 */
export class LogOnDisk {
  readonly #file: string;
  #handle: number | undefined;
  #handedOver = 0;
  #onDisk = 0;
  #underWay: Promise<void> | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  /** Something was written to the log. */
  grew(): void {
    this.#handedOver += 1;
  }

  /** What was written so far is on the disk when this returns. */
  sync(): void {
    if (this.#onDisk === this.#handedOver) return;
    fdatasyncSync(this.#open());
    this.#onDisk = this.#handedOver;
  }

  /** What was written so far is on the disk when this resolves; others go on meanwhile. One at a time. */
  async synced(): Promise<void> {
    if (this.#onDisk === this.#handedOver) return;
    const upTo = this.#handedOver;
    const handle = this.#open();
    this.#underWay = new Promise((resolve, reject) => {
      fdatasync(handle, (error) => (error === null ? resolve() : reject(error)));
    });
    await this.#underWay;
    this.#underWay = undefined;
    this.#onDisk = Math.max(this.#onDisk, upTo);
  }

  close(): void {
    const handle = this.#handle;
    if (handle === undefined) return;
    this.#handle = undefined;
    // Its number may be another file's as soon as it is closed.
    if (this.#underWay === undefined) closeSync(handle);
    else this.#underWay.finally(() => closeSync(handle)).catch(() => undefined);
  }

  /** Not before the first write: SQLite makes the file then. */
  #open(): number {
    this.#handle ??= openSync(this.#file, 'r+');
    return this.#handle;
  }
}
