import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Cloud, startCloud } from '../local/cloud.ts';
import { residentMegabytes, start } from './processes.ts';
import type { Row } from './table.ts';
import { embeddedSide, openExecutions, restateSide, type Side, workflowsPerSecond } from './workflows.ts';

const START = fileURLToPath(new URL('../local/start.ts', import.meta.url));
const PEERS = fileURLToPath(new URL('./peers/', import.meta.url));

const WORKFLOWS = 8000;
/** A service runs for days: what a compiler of either side still has to learn of its code is no part of the rate. */
const WARM_UP = 4000;
const IN_FLIGHT = 64;
const OPEN_EXECUTIONS = 10_000;
const SIZES = [10_000, 100_000] as const;
/** How many are started before the clock is let go round: what is asked for at once lies in memory. */
const TOGETHER = 1000;
const START_OF_TIME = '2026-03-02T01:00:00Z';

/** The embedded cloud by itself and beside Restate: what it takes to run workflows, to start, and to hold what waits. */
export async function embeddedRows(assembly: string): Promise<Row[]> {
  const own = await sideRates(() => embeddedSide(assembly));
  const peer = await peerRates();
  const times = (kind: Kind) => (peer === undefined ? '' : `, ${(own[kind] / peer[kind]).toFixed(1)} times Restate’s`);
  return [
    {
      what: `one Lambda step: workflows a second over HTTP, written through, ${IN_FLIGHT} in flight`,
      measured: own.plain.toFixed(0),
      aim: times('plain').slice(2),
    },
    ...peerRow(peer, 'plain', '  Restate, the same step as a service of its SDK'),
    { what: '  then waiting for a token', measured: own.signalled.toFixed(0), aim: `> 5 times Restate’s${times('signalled')}` },
    ...peerRow(peer, 'signalled', '  Restate, then waiting for a promise'),
    ...(await inProcessRows(assembly)),
    ...(await startRows(assembly)),
    ...(await memoryRows(assembly)),
  ];
}

type Kind = 'plain' | 'signalled';
type Rates = Readonly<Record<Kind, number>>;

async function sideRates(makeSide: () => Promise<Side>): Promise<Rates> {
  const side = await makeSide();
  try {
    const rate = async (kind: Kind) => {
      await workflowsPerSecond(side, kind, WARM_UP, IN_FLIGHT);
      return workflowsPerSecond(side, kind, WORKFLOWS, IN_FLIGHT);
    };
    return { plain: await rate('plain'), signalled: await rate('signalled') };
  } finally {
    await side.stop();
  }
}

/** Undefined where Restate is not for this machine or cannot be fetched; the reason is printed. */
async function peerRates(): Promise<Rates | undefined> {
  if (!existsSync(`${PEERS}node_modules`)) {
    const { status, stderr } = spawnSync('npm', ['ci', '--prefix', PEERS, '--ignore-scripts', '--no-audit', '--no-fund'], {
      encoding: 'utf8',
    });
    if (status !== 0) {
      process.stdout.write(`Restate cannot be installed, so there is nothing beside the figures: ${stderr.slice(-300)}\n`);
      return undefined;
    }
  }
  try {
    return await sideRates(restateSide);
  } catch (error) {
    process.stdout.write(`Restate does not run here, so there is nothing beside the figures: ${(error as Error).message}\n`);
    return undefined;
  }
}

function peerRow(peer: Rates | undefined, kind: Kind, what: string): Row[] {
  return peer === undefined ? [] : [{ what, measured: peer[kind].toFixed(0), aim: '' }];
}

/** Without a port, on one thread: the way of the demo and the tests. */
async function inProcessRows(assembly: string): Promise<Row[]> {
  const [few, many] = [await simpleExecutions(assembly, SIZES[0]), await simpleExecutions(assembly, SIZES[1])];
  const growth = many / few / (SIZES[1] / SIZES[0]);
  return [
    {
      what: `one Lambda step in process: executions a second, ${SIZES[0]} of them`,
      measured: (SIZES[0] / few).toFixed(0),
      aim: '> 2,000',
    },
    { what: `  time for ${SIZES[1]} over ten times that for ${SIZES[0]}`, measured: growth.toFixed(2), aim: '< 1.15' },
  ];
}

/** Seconds for so many executions of one Lambda step each, every result checked. */
async function simpleExecutions(assembly: string, count: number): Promise<number> {
  const cloud = await startCloud({ assembly, start: START_OF_TIME });
  try {
    const stateMachineArn = cloud.outputs().PlainArn ?? '';
    const startedAt = performance.now();
    const arns: string[] = [];
    for (let n = 0; n < count; n += 1) {
      const started = await cloud.call<{ executionArn: string }>('states', 'StartExecution', {
        stateMachineArn,
        name: `e-${n}`,
        input: JSON.stringify({ n }),
      });
      arns.push(started.executionArn);
      if (n % TOGETHER === TOGETHER - 1) await cloud.settle();
    }
    await cloud.settle();
    const seconds = (performance.now() - startedAt) / 1000;
    await checkResults(cloud, arns);
    return seconds;
  } finally {
    await cloud.close();
  }
}

async function checkResults(cloud: Cloud, arns: readonly string[]): Promise<void> {
  for (const [n, executionArn] of arns.entries()) {
    const { status, output } = await cloud.call<{ status: string; output?: string }>('states', 'DescribeExecution', { executionArn });
    if (status !== 'SUCCEEDED' || output !== JSON.stringify({ n: n + 1 })) throw new Error(`Execution ${n} is ${status} with ${output}.`);
  }
}

async function startRows(assembly: string): Promise<Row[]> {
  const seconds = async (args: readonly string[]) => {
    const startedAt = performance.now();
    const server = await start(process.execPath, [START, ...args], { PORT: '0', STATE_DIR: '' }, /ready \S+\n/);
    const taken = (performance.now() - startedAt) / 1000;
    await server.stop();
    return taken.toFixed(1);
  };
  return [
    { what: 'start of this application, from command to ready, s', measured: await seconds([]), aim: '' },
    { what: '  of a synthesized assembly of one function and two machines, s', measured: await seconds(['--assembly', assembly]), aim: '' },
  ];
}

/** What a server's memory grows by, garbage that was not yet collected included. The first also pay for compiled code and buffers. */
async function memoryRows(assembly: string): Promise<Row[]> {
  const server = await start(process.execPath, [START, '--assembly', assembly], { PORT: '0', STATE_DIR: '' }, /ready \S+\n/);
  try {
    const url = /ready (\S+)/.exec(server.output)?.[1] ?? '';
    const grown = async (from: number) => {
      const before = residentMegabytes(server.pid);
      await openExecutions(url, from, OPEN_EXECUTIONS);
      return (residentMegabytes(server.pid) - before).toFixed(0);
    };
    return [
      { what: `memory for ${OPEN_EXECUTIONS} open executions that wait for a token, MB`, measured: await grown(0), aim: '' },
      { what: `  for ${OPEN_EXECUTIONS} more`, measured: await grown(OPEN_EXECUTIONS), aim: '' },
    ];
  } finally {
    await server.stop();
  }
}
