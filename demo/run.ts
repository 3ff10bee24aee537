import { type Cloud, startCloud } from '../local/cloud.ts';
import { auditTable } from './audit.ts';
import { Desk, nextRound } from './desk.ts';
import { isProven } from './evidence.ts';
import { Meter } from './meter.ts';
import { Outside, type ScriptedEvent } from './outside.ts';
import type { PortfolioAccount } from './portfolio.ts';
import { type BankEvent, REPLAY_END, REPLAY_START, replay } from './replay.ts';
import { type Counts, type DemoResult, up } from './result.ts';
import { Tally } from './tally.ts';

const BUS = 'overdue-journeys';
/** @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
const ENTRIES_MAX = 10;

export interface Progress {
  /** Where the clock stands; milliseconds since the epoch. */
  readonly now: number;
  readonly events: number;
  readonly opened: number;
  readonly cured: number;
}

/** Plays a portfolio through a cloud of its own, from the replay's first instant to its last, with the scripted desk at work. */
export async function runPortfolio(
  assembly: string,
  accounts: readonly PortfolioAccount[],
  onProgress: (progress: Progress) => void = () => undefined,
): Promise<DemoResult> {
  const cloud = await startCloud({ assembly, start: REPLAY_START });
  try {
    const result = await play(cloud, accounts, onProgress);
    const [failure] = cloud.kernel.failures();
    if (failure !== undefined) throw new Error(`The embedded cloud failed at ${failure.label}`, { cause: failure.error });
    return result;
  } finally {
    await cloud.close();
  }
}

async function play(cloud: Cloud, accounts: readonly PortfolioAccount[], onProgress: (progress: Progress) => void): Promise<DemoResult> {
  const tally = new Tally();
  const outside = new Outside();
  const meter = new Meter(cloud, (event) => {
    tally.add(event);
    outside.hear(event, cloud.now());
  });
  const desk = new Desk(
    (method, path, body) => cloud.fetchApi(method, path, body),
    (ref, hash) => isProven(cloud, ref, hash),
  );
  const scripted: Counts = {};
  let events = 0;
  const tell = () => onProgress({ now: cloud.now(), events, opened: tally.opened, cured: tally.curedByPayment + tally.curedByBalance });
  const reach = async (at: number) => {
    for (let round = nextRound(cloud.now()); round <= at; round = nextRound(round)) {
      await cloud.advanceTo(round);
      const answers = outside.speak(round);
      if (answers.length > 0) await putAll(cloud, answers);
      for (const { detailType } of answers) up(scripted, detailType);
      await desk.round(round);
      await cloud.settle();
      tell();
    }
    await cloud.advanceTo(at);
  };
  for (const moment of replay(accounts)) {
    await reach(Date.parse(moment.at));
    events += await putAll(cloud, moment.events());
    tell();
  }
  await reach(Date.parse(REPLAY_END));
  const [problem] = desk.problems;
  if (problem !== undefined) throw new Error(`The API refused the desk: ${problem}`);
  const [refused] = outside.problems;
  if (refused !== undefined) throw new Error(`The application rejected what the script had the bank say: ${refused}`);
  // The audit's own reads are no work of the application's.
  const work = meter.work();
  return { accounts: accounts.length, events, scripted, ...tally.result(), desk: desk.work, work, ...(await auditTable(cloud)) };
}

/** An event on its way to the bus; the core's, where nothing else is said. */
type Outgoing = (BankEvent | ScriptedEvent) & { readonly source?: string };

async function putAll(cloud: Cloud, events: Iterable<Outgoing>): Promise<number> {
  let count = 0;
  let batch: Outgoing[] = [];
  const flush = async () => {
    await put(cloud, batch);
    count += batch.length;
    batch = [];
  };
  for (const event of events) {
    batch.push(event);
    if (batch.length === ENTRIES_MAX) await flush();
  }
  if (batch.length > 0) await flush();
  await cloud.settle();
  return count;
}

async function put(cloud: Cloud, events: readonly Outgoing[]): Promise<void> {
  const Entries = events.map(({ source = 'bank.core', detailType, detail }) => ({
    EventBusName: BUS,
    Source: source,
    DetailType: detailType,
    Detail: JSON.stringify(detail),
  }));
  const answer = await cloud.call<{ FailedEntryCount: number }>('events', 'PutEvents', { Entries });
  if (answer.FailedEntryCount > 0) throw new Error(`The bus did not take ${answer.FailedEntryCount} of ${events.length} events.`);
}
