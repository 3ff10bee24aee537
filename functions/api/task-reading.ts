import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { addDays } from '../../domain/calendar.ts';
import type { World } from '../../domain/decide/world.ts';
import { takesPromises } from '../../domain/record/promise-limits.ts';
import { isFigureStale } from '../../domain/strategy/figures.ts';
import { bankNameIn } from '../../domain/words/bank-name.ts';
import { localeFor } from '../../domain/words/locale.ts';
import { type SaidScript, sayScript, scriptFor } from '../../domain/words/scripts/scripts.ts';
import { slotsOf } from '../../domain/words/slots.ts';
import { type Item, keyItem, S, text } from '../adapters/table.ts';
import type { Deployment } from '../contract/deployment.ts';
import { worldFor } from '../facts/attempts.ts';
import { claimantOf, claimEnds } from '../facts/claims.ts';
import { readTask, type StoredTask, staffOf } from '../facts/outcome.ts';
import { readSafetyNote, type SafetyNote } from '../facts/safety.ts';
import { governorKey, headKey, profileKey, readGovernor, readHead, safetyKey, taskKey } from '../protocol/items.ts';
import type { Ports } from '../protocol/signal.ts';
import { lookPut } from '../protocol/task-audit.ts';
import type { TaskRequest } from './claims.ts';
import { NotFound, TryAgain } from './problem.ts';
import { taskView } from './tasks.ts';

/** One task, and for whoever has it the customer's name, the number or address to use, and what to say. Every look is written down. */

export interface ReadingPorts extends Ports {
  readonly words: Deployment['words'];
}

/** What only the claimant sees. */
interface Personal {
  readonly name: string;
  readonly locale: string;
  readonly number?: string;
  readonly address?: string;
  readonly script?: SaidScript;
  /** Of a visit, for those who make it. */
  readonly safetyNote?: SafetyNote;
}

const TRIES_MAX = 3;

/**
 * `GET /tasks/{taskId}`. The look is recorded before the answer is given, in one write with the claim that it renews: no personal data
 * leaves here that no record tells of.
 *
 * @param by who reads; absent, nothing personal is answered
 * @throws NotFound; TryAgain where the task changes hands under every try
 */
export async function lookAtTask(ports: ReadingPorts, request: TaskRequest, by: string | undefined): Promise<Record<string, unknown>> {
  for (let attempt = 1; attempt <= TRIES_MAX; attempt += 1) {
    const item = await ports.table.get(taskKey(request.taskId));
    const task = readTask(item, ports.now);
    if (item === undefined || task === undefined) throw new NotFound(`There is no task ${request.taskId}.`);
    const right = by === undefined || task.status !== 'open' ? undefined : rightOf(item, by, ports.now);
    if (by === undefined || right === undefined) {
      await ports.table.write([lookPut(ports.table, { ...request, what: 'read', by }, ports.now)]);
      return taskView(item, ports.now);
    }
    const personal = await personalOf(ports, task, staffOf(item).includes(by));
    const claimed = right === 'claimed' ? { claimedUntil: claimEnds(task.queue, ports.now) } : {};
    if (await recordLook(ports, request, by, claimed)) return { ...taskView(item, ports.now), ...claimed, ...personal };
  }
  throw new TryAgain('Others are changing who has the task.');
}

/** By what a person may read what is personal; undefined where they may not. */
function rightOf(item: Item, by: string, now: number): 'claimed' | 'assigned' | undefined {
  if (claimantOf(item, now) === by) return 'claimed';
  return staffOf(item).includes(by) ? 'assigned' : undefined;
}

/** @returns false where the task is no longer open, or no longer the reader's */
async function recordLook(
  ports: ReadingPorts,
  request: TaskRequest,
  by: string,
  { claimedUntil }: { readonly claimedUntil?: string },
): Promise<boolean> {
  const key = { TableName: ports.table.name, Key: keyItem(taskKey(request.taskId)) };
  const values = { ':open': S('open'), ':who': S(by) };
  const still: TransactWriteItem =
    claimedUntil === undefined
      ? {
          ConditionCheck: {
            ...key,
            ConditionExpression: 'taskStatus = :open AND contains(staff, :who)',
            ExpressionAttributeValues: values,
          },
        }
      : {
          Update: {
            ...key,
            ConditionExpression: 'taskStatus = :open AND assignee = :who',
            UpdateExpression: 'SET claimedUntil = :until',
            ExpressionAttributeValues: { ...values, ':until': S(claimedUntil) },
          },
        };
  const look = lookPut(ports.table, { ...request, what: 'read', by, personal: true }, ports.now);
  return (await ports.table.write([still, look])).ok;
}

/** @param assigned whether the reader is one of those who make the visit */
async function personalOf(ports: ReadingPorts, task: StoredTask, assigned: boolean): Promise<Personal> {
  const { accountId, customerId, queue, contactPointId } = task;
  const [headItem, governorItem, profile, safety] = await ports.table.snapshot([
    headKey(accountId),
    governorKey(customerId),
    profileKey(customerId),
    safetyKey(customerId),
  ]);
  const safetyNote = assigned ? readSafetyNote(safety, ports.now) : undefined;
  const { governor } = readGovernor(customerId, governorItem);
  const name = text(profile, 'name') ?? '';
  const tag = governor.locale ?? ports.deployment.locale;
  const address = contactPointId === undefined ? undefined : profile?.addresses?.M?.[contactPointId]?.S;
  const world = worldFor(ports, readHead(accountId, headItem), governor);
  const script = world === undefined ? undefined : scriptOf(ports, world, task, name, tag);
  return {
    name,
    locale: tag,
    ...(address === undefined ? {} : queue === 'field-visit' ? { address } : { number: address }),
    ...(script === undefined ? {} : { script }),
    ...(safetyNote === undefined ? {} : { safetyNote }),
  };
}

/** Undefined where nobody is spoken to for the task, the customer has no name yet to ask for, or no amount may be told. */
function scriptOf(ports: ReadingPorts, world: World, task: StoredTask, name: string, tag: string): SaidScript | undefined {
  const script = scriptFor(task.objective);
  if (script === undefined || name === '' || isFigureStale(world.account, ports.deployment, ports.now)) return undefined;
  const { daysAheadMax } = world.setting.ladder.promise;
  const words = { ...ports.words, bankName: bankNameIn(ports.words.bankName, tag) };
  const slots = { ...slotsOf(world, `script-${script.id}`, name, words), deadline: addDays(world.today, daysAheadMax) };
  return sayScript(script, localeFor(tag), world.track, slots, takesPromises(world.current.promises, world.setting.ladder));
}
