import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

const START = new URL('../../local/start.ts', import.meta.url).pathname;

/** `npm start` in a process of its own, which can be killed. */
export class Server {
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #ended: Promise<string>;
  dead = false;

  private constructor(url: string, child: ChildProcess, ended: Promise<string>) {
    this.url = url;
    this.#child = child;
    this.#ended = ended;
    void ended.then(() => {
      this.dead = true;
    });
  }

  static async start(assembly: string, stateDir: string): Promise<Server> {
    const child = spawn(process.execPath, [START, '--assembly', assembly], {
      env: { PATH: process.env.PATH ?? '', PORT: '0', STATE_DIR: stateDir, CLOCK_START: '2026-03-02T01:30:00Z' },
    });
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
    });
    const ended = once(child, 'close').then(() => errors);
    const url = await Promise.race([
      ended.then(() => undefined),
      new Promise<string>((resolve) => {
        child.stdout.setEncoding('utf8').on('data', (text: string) => {
          const ready = /^ready (http:\/\/127\.0\.0\.1:\d+)$/m.exec(text)?.[1];
          if (ready !== undefined) resolve(ready);
        });
      }),
    ]);
    if (url === undefined) throw new Error(`The cloud did not start: ${errors}`);
    return new Server(url, child, ended);
  }

  /** Ends it without a word to it; answers what it had complained of. */
  async kill(): Promise<string> {
    this.#child.kill('SIGKILL');
    return this.#ended;
  }

  /** Asks it to end. */
  async stop(): Promise<string> {
    this.#child.kill('SIGTERM');
    return this.#ended;
  }

  async local<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.url}/_local${path}`, { method, ...(body !== undefined && { body: JSON.stringify(body) }) });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }
}
