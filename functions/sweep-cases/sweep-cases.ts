import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { toInstant, toMillis } from '../../domain/calendar.ts';
import { recordImportEnd } from '../../domain/record/imports.ts';
import { type Deployment, Journal } from '../../domain/record/journal.ts';
import { settingFor } from '../../domain/record/setting.ts';
import type { Machines } from '../adapters/machines.ts';
import { type Item, keyItem, N, S, type Table, text } from '../adapters/table.ts';
import { commit } from '../protocol/commit.ts';
import { ALL_IMPORT_SHARDS, ALL_SWEEP_SHARDS, headKey, readHead } from '../protocol/items.ts';
import { nudge, startOwner } from '../protocol/nudge.ts';

export interface SweepPorts {
  readonly table: Table;
  readonly machines: Machines;
  readonly deployment: Deployment;
  readonly now: number;
  /** One that could not be looked at: the others are not to wait for it. */
  readonly report: (accountId: string, error: unknown) => void;
}

/** An execution of ours that ended badly, as Step Functions says on the default bus; its input names the account. */
const executionEnded = z.object({
  'detail-type': z.literal('Step Functions Execution Status Change'),
  // The input may be left out of the event, as of an execution that a key of ours encrypts.
  detail: z.object({ executionArn: z.string(), input: z.string().nullish() }),
});
const startInput = z.object({ accountId: z.string() });

/** On schedule all cases whose wake-up is overdue, and imports that waited for a case in vain; on an execution's end that one case. */
export async function sweep(
  event: unknown,
  ports: SweepPorts & { readonly countOverdue: (overdue: number, now: number) => void },
): Promise<Swept> {
  const ended = executionEnded.safeParse(event);
  if (!ended.success) {
    const swept = await sweepAll(ports);
    ports.countOverdue(swept.overdue, ports.now);
    const imports = await endImports(ports);
    return { ...swept, imports: imports.ended, failed: swept.failed + imports.failed };
  }
  const { executionArn, input } = ended.data.detail;
  const { accountId } = startInput.parse(JSON.parse(input ?? (await ports.machines.inputOf(executionArn))));
  const mended = await sweepOne(accountId, ports, RESTART_PAUSE_MILLIS);
  return { overdue: 0, woken: 0, started: 0, restarted: 0, imports: 0, failed: 0, ...(mended === 'well' ? {} : { [mended]: 1 }) };
}

export interface Swept {
  /** Cases whose wake-up was overdue, whatever was found. */
  readonly overdue: number;
  readonly woken: number;
  readonly started: number;
  readonly restarted: number;
  /** Imports whose case did not open in their time. */
  readonly imports: number;
  /** What could not be looked at, and is found again by the next run. */
  readonly failed: number;
}

const PAGE = 100;
/** A run looks at so many cases; what is left is first next time, since those found well are put off. */
const CASES_MAX = 2000;

/** Mends what nobody came back for: dead executions, and signals whose caller died (protocol.md section 5). */
async function sweepAll(ports: SweepPorts): Promise<Omit<Swept, 'imports'>> {
  const done = { overdue: 0, woken: 0, started: 0, restarted: 0, failed: 0 };
  for await (const item of dueIn(ALL_SWEEP_SHARDS, ports)) {
    const accountId = accountOf(item);
    done.overdue += 1;
    try {
      const mended = await sweepOne(accountId, ports);
      if (mended === 'well')
        await lookAgain(accountId, 'sweepAt', S(text(item, 'sweepAt') ?? ''), toInstant(ports.now + PUT_OFF_MILLIS), ports);
      else done[mended] += 1;
    } catch (error) {
      ports.report(accountId, error);
      done.failed += 1;
    }
  }
  return done;
}

/** What the index names as due, the longest first, of each shard so many that a run is done with them. */
async function* dueIn(shards: readonly string[], { table, now }: SweepPorts): AsyncGenerator<Item> {
  for (const value of shards) {
    let start: Awaited<ReturnType<Table['page']>>['next'];
    let seen = 0;
    do {
      const upTo = { name: 'sweepAt', value: toInstant(now) };
      const page = await table.page('cases-by-sweep', { name: 'sweepShard', value }, { upTo, limit: PAGE, start });
      yield* page.items;
      seen += page.items.length;
      start = page.next;
    } while (start !== undefined && seen < CASES_MAX / shards.length);
  }
}

function accountOf(item: Item): string {
  return (text(item, 'pk') ?? '').slice('ACCOUNT#'.length);
}

/** Imports that waited for a case in vain: each ends on its account's timeline, and as rejected. One that moved is found again. */
async function endImports(ports: SweepPorts): Promise<{ readonly ended: number; readonly failed: number }> {
  let [ended, failed] = [0, 0];
  for await (const item of dueIn(ALL_IMPORT_SHARDS, ports)) {
    const accountId = accountOf(item);
    try {
      if (await endImport(accountId, ports)) ended += 1;
    } catch (error) {
      ports.report(accountId, error);
      failed += 1;
    }
  }
  return { ended, failed };
}

async function endImport(accountId: string, ports: SweepPorts): Promise<boolean> {
  const head = readHead(accountId, await ports.table.get(headKey(accountId)));
  const journal = new Journal(head.account, settingFor(ports.deployment, head.account, ports.now));
  if (!recordImportEnd(journal)) return false;
  const { ok } = await commit(ports.table, { head, journal, now: ports.now, signal: false });
  return ok;
}

const PUT_OFF_MILLIS = 15 * 60_000;

/** Puts the next look at a case off or forward, unless it has moved meanwhile: the member named is still as it was seen. */
async function lookAgain(accountId: string, name: 'sweepAt' | 'execN', seen: AttributeValue, at: string, ports: SweepPorts): Promise<void> {
  await ports.table.write([
    {
      Update: {
        TableName: ports.table.name,
        Key: keyItem(headKey(accountId)),
        ConditionExpression: `caseStatus = :open AND ${name} = :seen`,
        UpdateExpression: 'SET sweepAt = :at',
        ExpressionAttributeValues: { ':open': S('open'), ':seen': seen, ':at': S(at) },
      },
    },
  ]);
}

/** What ends within so short a time ends again at once: its end restarts nothing, or it would go round without a pause. */
const RESTART_PAUSE_MILLIS = 5 * 60_000;

/**
 * @param youngestMillis an execution that was asked for less long ago is not restarted
 * @returns what had to be mended
 */
async function sweepOne(accountId: string, ports: SweepPorts, youngestMillis = 0): Promise<'well' | 'woken' | 'started' | 'restarted'> {
  const head = readHead(accountId, await ports.table.get(headKey(accountId)));
  if (head.caseStatus !== 'open' || head.execMachine === undefined || head.execName === undefined) return 'well';
  if (head.waitToken !== undefined && (head.waitSignals ?? 0) < head.signals && (await ports.machines.wake(head.waitToken)) === 'woken')
    return 'woken';
  const status = await ports.machines.status(head.execMachine, head.execName);
  if (status === 'RUNNING') return 'well';
  if (status === 'UNKNOWN') {
    await startOwner(ports.machines, head);
    return 'started';
  }
  if (head.execSince !== undefined && ports.now - toMillis(head.execSince) < youngestMillis) {
    // A wait that it had armed put the schedule's own look past its end, which may be weeks away.
    await lookAgain(accountId, 'execN', N(head.execN), toInstant(toMillis(head.execSince) + youngestMillis), ports);
    return 'well';
  }
  const journal = new Journal(head.account, settingFor(ports.deployment, head.account, ports.now));
  journal.add({ type: 'ExecutionRestarted', machine: head.execMachine, execution: head.execN, was: 'dead' });
  const outcome = await commit(ports.table, {
    head,
    journal,
    now: ports.now,
    signal: false,
    start: head.execMachine,
    owner: { execN: head.execN, waits: head.waits },
  });
  if (!outcome.ok) return 'well';
  await nudge(ports.table, ports.machines, accountId);
  return 'restarted';
}
