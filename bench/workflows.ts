import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, post, type Running, start } from './processes.ts';

const START = fileURLToPath(new URL('../local/start.ts', import.meta.url));
const PEERS = fileURLToPath(new URL('./peers/', import.meta.url));

/** How one side of the comparison does one workflow, start to checked result. */
export interface Side {
  plain(id: string, n: number): Promise<unknown>;
  signalled(id: string, n: number): Promise<unknown>;
  stop(): Promise<void>;
}

/** Workflows a second, with so many in flight; each result is checked. */
export async function workflowsPerSecond(side: Side, kind: 'plain' | 'signalled', count: number, inFlight: number): Promise<number> {
  let next = 0;
  const worker = async () => {
    for (let n = next++; n < count; n = next++) {
      const result = JSON.stringify(await side[kind](`${kind}-${count}-${inFlight}-${n}`, n));
      const expected = JSON.stringify(kind === 'plain' ? { n: n + 1 } : { n: n + 1, answer: { yes: n } });
      if (result !== expected) throw new Error(`Workflow ${n} answered ${result} instead of ${expected}.`);
    }
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: inFlight }, worker));
  return count / ((performance.now() - startedAt) / 1000);
}

/** The embedded cloud behind its port, its state on the disk. */
export async function embeddedSide(assembly: string): Promise<Side> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-state-'));
  const server = await start(process.execPath, [START, '--assembly', assembly], { PORT: '0', STATE_DIR: folder }, /ready \S+\n/);
  const url = /ready (\S+)/.exec(server.output)?.[1] ?? '';
  const outputs = await stackOutputs(url);
  const tokens = new Tokens(url, outputs.AskedUrl ?? '');
  const execute = async (machine: string | undefined, name: string, n: number) => {
    const { executionArn } = (await states(url, 'StartExecution', { stateMachineArn: machine, name, input: JSON.stringify({ n }) })) as {
      executionArn: string;
    };
    return executionArn;
  };
  return {
    async plain(id, n) {
      return resultOf(url, await execute(outputs.PlainArn, id, n));
    },
    async signalled(id, n) {
      const token = tokens.of(id);
      const executionArn = await execute(outputs.SignalledArn, id, n);
      await states(url, 'SendTaskSuccess', { taskToken: await token, output: JSON.stringify({ yes: n }) });
      return resultOf(url, executionArn);
    },
    async stop() {
      tokens.stop();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Starts so many executions that wait for a token nobody will answer, numbered from a number on. */
export async function openExecutions(url: string, from: number, count: number): Promise<void> {
  const { SignalledArn: stateMachineArn } = await stackOutputs(url);
  let next = from;
  const worker = async () => {
    for (let n = next++; n < from + count; n = next++)
      await states(url, 'StartExecution', { stateMachineArn, name: `open-${n}`, input: JSON.stringify({ n }) });
  };
  await Promise.all(Array.from({ length: STARTING }, worker));
}

const STARTING = 16;

function states(url: string, operation: string, input: object): Promise<unknown> {
  return post(url, input, { 'x-amz-target': `AWSStepFunctions.${operation}`, 'content-type': 'application/x-amz-json-1.0' });
}

function sqs(url: string, operation: string, input: object): Promise<unknown> {
  return post(url, input, { 'x-amz-target': `AmazonSQS.${operation}`, 'content-type': 'application/x-amz-json-1.0' });
}

async function resultOf(url: string, executionArn: string): Promise<unknown> {
  for (;;) {
    const { status, output } = (await states(url, 'DescribeExecution', { executionArn })) as { status: string; output?: string };
    if (status === 'SUCCEEDED') return JSON.parse(output ?? 'null');
    if (status !== 'RUNNING') throw new Error(`${executionArn} ended ${status}.`);
  }
}

async function stackOutputs(url: string): Promise<Record<string, string | undefined>> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'Action=DescribeStacks&Version=2010-05-15',
  });
  const found = [
    ...(await response.text()).matchAll(
      /<OutputKey>([^<]+)<\/OutputKey>\s*<OutputValue>([^<]+)<|<OutputValue>([^<]+)<\/OutputValue>\s*<OutputKey>([^<]+)</g,
    ),
  ];
  return Object.fromEntries(found.map(([, key, value, valueFirst, keyLast]) => [key ?? keyLast ?? '', value ?? valueFirst]));
}

/** How many ask the queue beside each other. */
const RECEIVERS = 8;

/** Hands each workflow the token that its execution sent to the queue. */
class Tokens {
  readonly #url: string;
  readonly #queue: string;
  readonly #waiting = new Map<string, (token: string) => void>();
  #receivers = 0;
  #stopped = false;

  constructor(url: string, queue: string) {
    this.#url = url;
    this.#queue = queue;
  }

  of(id: string): Promise<string> {
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      if (this.#receivers < RECEIVERS) void this.#receive();
    });
  }

  stop(): void {
    this.#stopped = true;
  }

  async #receive(): Promise<void> {
    this.#receivers += 1;
    while (this.#waiting.size > 0 && !this.#stopped) {
      const { Messages = [] } = (await sqs(this.#url, 'ReceiveMessage', { QueueUrl: this.#queue, MaxNumberOfMessages: 10 })) as {
        Messages?: { Body: string; ReceiptHandle: string }[];
      };
      if (Messages.length === 0) continue;
      const entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
      await sqs(this.#url, 'DeleteMessageBatch', { QueueUrl: this.#queue, Entries: entries });
      for (const { Body } of Messages) {
        const { id, token } = JSON.parse(Body) as { id: string; token: string };
        this.#waiting.get(id)?.(token);
        this.#waiting.delete(id);
      }
    }
    this.#receivers -= 1;
  }
}

/** A Restate server with its defaults, which write through to the disk, and its SDK's service in a process of its own. */
export async function restateSide(): Promise<Side> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-restate-'));
  const [node, ingress, admin, service] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  const running: Running[] = [];
  const stopAll = async () => {
    for (const each of running) await each.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const bind = (port: number) => `127.0.0.1:${port}`;
    const environment = {
      DO_NOT_TRACK: '1',
      RESTATE_BIND_ADDRESS: bind(node),
      RESTATE_ADVERTISED_ADDRESS: `http://${bind(node)}`,
      RESTATE_INGRESS__BIND_ADDRESS: bind(ingress),
      RESTATE_ADMIN__BIND_ADDRESS: bind(admin),
      RESTATE_LISTEN_MODE: 'tcp',
    };
    const server = join(PEERS, 'node_modules/.bin/restate-server');
    running.push(
      await start(
        server,
        ['--base-dir', folder, '--no-logo'],
        environment,
        /all systems operational|Server is ready|roles started|Ingress HTTP listening/i,
        folder,
      ),
    );
    running.push(
      await start(process.execPath, [join(PEERS, 'service.mjs'), String(service)], { RESTATE_LOGGING: 'INFO' }, /listening/i, PEERS),
    );
    await untilAnswered(() => post(`http://${bind(admin)}/deployments`, { uri: `http://${bind(service)}` }));
    const base = `http://${bind(ingress)}`;
    return {
      plain: (_id, n) => post(`${base}/plain/one`, { n }),
      async signalled(id, n) {
        await post(`${base}/signalled/${id}/run/send`, { n });
        await post(`${base}/signalled/${id}/answer`, { yes: n });
        return post(`${base}/restate/workflow/signalled/${id}/attach`, undefined, {}, 'GET');
      },
      stop: stopAll,
    };
  } catch (error) {
    await stopAll();
    throw error;
  }
}

async function untilAnswered(ask: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await ask();
      return;
    } catch (error) {
      if (attempt === 40) throw error;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
}
