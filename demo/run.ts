import type { Cloud } from '../local/cloud.ts';
import { Desk, type DeskWork, nextRound } from './desk.ts';
import type { PortfolioAccount } from './portfolio.ts';
import { type BankEvent, type Moment, REPLAY_END, replay } from './replay.ts';
import { Tally } from './tally.ts';

const BUS = 'overdue-journeys';
/** @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
const ENTRIES_MAX = 10;

export interface Progress {
  /** Where the clock stands, and where it started and will end; milliseconds since the epoch. */
  readonly now: number;
  readonly start: number;
  readonly end: number;
  readonly events: number;
  readonly tally: Tally;
}

export interface DemoRun {
  readonly accounts: number;
  readonly events: number;
  readonly tally: Tally;
  readonly desk: DeskWork;
}

/** Plays a portfolio through a cloud, from the replay's first instant to its last, with the scripted desk at work. */
export async function runDemo(
  cloud: Cloud,
  accounts: readonly PortfolioAccount[],
  onProgress: (progress: Progress) => void = () => undefined,
): Promise<DemoRun> {
  const tally = new Tally();
  const ignore = countEventsOut(cloud, tally);
  const desk = new Desk((method, path, body) => cloud.fetchApi(method, path, body));
  const start = cloud.now();
  const end = Date.parse(REPLAY_END);
  let events = 0;
  const reach = async (at: number) => {
    for (let round = nextRound(cloud.now()); round <= at; round = nextRound(round)) {
      await cloud.advanceTo(round);
      await desk.round(round);
      await cloud.settle();
      onProgress({ now: cloud.now(), start, end, events, tally });
    }
    await cloud.advanceTo(at);
  };
  for (const moment of replay(accounts)) {
    await reach(Date.parse(moment.at));
    events += await putAll(cloud, moment);
    onProgress({ now: cloud.now(), start, end, events, tally });
  }
  await reach(end);
  ignore();
  return { accounts: accounts.length, events, tally, desk: desk.work };
}

async function putAll(cloud: Cloud, moment: Moment): Promise<number> {
  let count = 0;
  let batch: BankEvent[] = [];
  const flush = async () => {
    await put(cloud, batch);
    count += batch.length;
    batch = [];
  };
  for (const event of moment.events()) {
    batch.push(event);
    if (batch.length === ENTRIES_MAX) await flush();
  }
  if (batch.length > 0) await flush();
  await cloud.settle();
  return count;
}

async function put(cloud: Cloud, events: readonly BankEvent[]): Promise<void> {
  const Entries = events.map(({ detailType, detail }) => ({
    EventBusName: BUS,
    Source: 'bank.core',
    DetailType: detailType,
    Detail: JSON.stringify(detail),
  }));
  const answer = await cloud.call<{ FailedEntryCount: number }>('events', 'PutEvents', { Entries });
  if (answer.FailedEntryCount > 0) throw new Error(`The bus did not take ${answer.FailedEntryCount} of ${events.length} events.`);
}

/** Counts as the events pass: what is on the bus is public, and keeping it would take memory. */
function countEventsOut(cloud: Cloud, tally: Tally): () => void {
  return cloud.kernel.intercept(async (call, next) => {
    const answer = await next();
    if (call.operation !== 'PutEvents' || call.service !== 'events' || call.origin === 'client') return answer;
    const entries = call.input.Entries as readonly { DetailType: string; Detail: string }[];
    const results = (answer as { Entries: readonly { ErrorCode?: string }[] }).Entries;
    for (const [index, entry] of entries.entries()) {
      if (results[index]?.ErrorCode === undefined) tally.add({ detailType: entry.DetailType, detail: JSON.parse(entry.Detail) });
    }
    return answer;
  });
}
