import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { createServer } from 'node:net';

const AGENT = new Agent({ keepAlive: true, maxSockets: 256 });
const READY_MILLISECONDS = 30_000;

/** A JSON request on a kept connection. The same plain client asks both sides of a comparison. */
export function post(url: string, body: unknown, headers: Record<string, string> = {}, method = 'POST'): Promise<unknown> {
  const text = body === undefined ? '' : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      { method, agent: AGENT, headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text), ...headers } },
      (response) => {
        let answer = '';
        response.setEncoding('utf8').on('data', (part: string) => {
          answer += part;
        });
        response.on('end', () => {
          if ((response.statusCode ?? 500) >= 400) reject(new Error(`${url}: ${response.statusCode} ${answer.slice(0, 500)}`));
          else resolve(answer === '' ? undefined : JSON.parse(answer));
        });
      },
    );
    sent.once('error', reject);
    sent.end(text);
  });
}

/** A port that nobody uses, on the loopback address. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('There is no port.')),
      );
    });
  });
}

export interface Running {
  readonly pid: number;
  /** What it had written when it was ready. */
  readonly output: string;
  stop(): Promise<void>;
}

/** Starts a program and waits until it writes what says that it is ready. */
export function start(
  command: string,
  args: readonly string[],
  environment: Record<string, string>,
  ready: RegExp,
  cwd?: string,
): Promise<Running> {
  const child = spawn(command, args, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd !== undefined && { cwd }),
  });
  let output = '';
  return new Promise((resolve, reject) => {
    const fail = (why: string) => reject(new Error(`${command} ${args.join(' ')}: ${why}\n${output.slice(-2000)}`));
    const timer = setTimeout(() => {
      child.kill();
      fail('it was not ready in time');
    }, READY_MILLISECONDS);
    const read = (text: string) => {
      if (output.length < 100_000) output += text;
      if (!ready.test(output)) return;
      clearTimeout(timer);
      resolve({ pid: child.pid ?? 0, output, stop: () => stop(child) });
    };
    child.stdout.setEncoding('utf8').on('data', read);
    child.stderr.setEncoding('utf8').on('data', read);
    child.once('error', (error) => fail(error.message));
    child.once('exit', (code) => fail(`it ended with ${code}`));
  });
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), 5000).unref();
  });
}

/** Megabytes that a process holds in memory, as Linux tells. */
export function residentMegabytes(pid: number): number {
  const [, kilobytes = '0'] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}
