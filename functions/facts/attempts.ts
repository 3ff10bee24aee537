import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { toInstant, toMillis } from '../../domain/calendar.ts';
import { openCase } from '../../domain/case-status.ts';
import type { ContactPoint, Governor } from '../../domain/customer.ts';
import { verdictForOthers } from '../../domain/decide/rests.ts';
import { whyNotSetOut } from '../../domain/decide/setting-out.ts';
import { gateFacts, type World, worldOf } from '../../domain/decide/world.ts';
import type { Verdict } from '../../domain/gate/types.ts';
import type { Channel } from '../../domain/model.ts';
import { type Attempt, expiryOf, recordAttempt, reservedRow } from '../../domain/record/attempts.ts';
import { withContactRows } from '../../domain/record/contacts.ts';
import { Journal, Refusal } from '../../domain/record/journal.ts';
import { tellParty } from '../../domain/record/parties.ts';
import { settingFor } from '../../domain/record/setting.ts';
import { stopFor } from '../../domain/sending/stops.ts';
import { answering } from '../../domain/strategy/figures.ts';
import { partyOf } from '../../domain/strategy/parties.ts';
import { type Item, keyItem, S } from '../adapters/table.ts';
import { commit } from '../protocol/commit.ts';
import { controlsKey, type GovernorRecord, governorKey, type Head, headKey, readGovernor, readHead, taskKey } from '../protocol/items.ts';
import { controlsOf } from '../protocol/sending-controls.ts';
import { type Ports, ReusedId } from '../protocol/signal.ts';
import { attemptKey, attemptPut, readAttempt, type StoredAttempt } from './attempt-facts.ts';
import { claimEnds } from './claims.ts';
import { readTask, type StoredTask, UnknownTask } from './outcome.ts';

/**
 * Calls and visits, gated when somebody dials or sets out. The reservation is one transaction on the head and on the governor that the
 * gate read (protocol.md section 3, "Attempt"): what has moved since is judged anew, and of two who want the last slot one gets it. It is
 * no signal: it gives nobody more to do, and a message in preparation fails on the version.
 */

export interface Reserved {
  readonly attemptId: string;
  readonly expiresAt: string;
}

/** What was answered instead of a reservation: never an allow. */
export type Refused = Exclude<Verdict, { decision: 'allow' }>;

/** Nothing was reserved, for the reason given. */
export class NotAllowed extends Error {
  override readonly name = 'NotAllowed';
  readonly verdict: Refused;

  constructor(verdict: Refused) {
    super(verdict.why);
    this.verdict = verdict;
  }
}

/** Others reserved for the same customer under every try: nothing was written, and asking again is safe. */
export class Busy extends Error {
  override readonly name = 'Busy';
}

/** A try fails only where somebody else has written: more than the caps let pass for one customer within a moment. */
const TRIES_MAX = 20;

/** Runs until nothing moved between its reading and its writing, which it says by answering. */
export async function untilUndisturbed<T>(run: () => Promise<T | undefined>): Promise<T> {
  for (let attempt = 1; attempt <= TRIES_MAX; attempt += 1) {
    try {
      const done = await run();
      if (done !== undefined) return done;
    } catch (error) {
      // Conflicts with running transactions, after the table's own tries.
      if ((error as Error).name !== 'TransactionCanceledException') throw error;
    }
  }
  throw new Busy('Others are reserving contacts with this customer');
}

export interface AttemptAsked {
  readonly contactPointId?: string | undefined;
  /** Chosen by the caller, so that a retry is known as one. */
  readonly attemptId?: string | undefined;
  readonly by?: string | undefined;
}

/**
 * Reserves a call or a visit that a task asks for. The same question again, while the reservation runs, gets the same answer.
 *
 * @throws UnknownTask; Refusal (422) where the task or the contact point is of another kind; NotAllowed; ReusedId; Busy
 */
export async function reserveAttempt(ports: Ports, taskId: string, asked: AttemptAsked): Promise<Reserved> {
  const task = readTask(await ports.table.get(taskKey(taskId)), ports.now);
  if (task === undefined) throw new UnknownTask(`There is no task ${taskId}`);
  const channel = channelOf(task);
  if (channel === undefined) throw new Refusal(422, `nobody dials or sets out for a ${task.queue} task (${task.objective})`, 'taskId');
  return untilUndisturbed(() => tryToReserve(ports, task, channel, asked));
}

function channelOf({ queue, objective }: StoredTask): Channel | undefined {
  if (queue === 'call') return 'voice';
  return queue === 'field-visit' && objective === 'visit' ? 'visit' : undefined;
}

async function tryToReserve(ports: Ports, { taskId, accountId, customerId }: StoredTask, channel: Channel, asked: AttemptAsked) {
  const keys = [headKey(accountId), governorKey(customerId), taskKey(taskId), controlsKey];
  if (asked.attemptId !== undefined) keys.push(attemptKey(asked.attemptId));
  const [headItem, governorItem, taskItem, controls, known] = await ports.table.snapshot(keys);
  const head = readHead(accountId, headItem);
  const governor = readGovernor(customerId, governorItem);
  const task = openTask(readTask(taskItem, ports.now), head, asked.by);
  const by = asked.by ?? task.assignee;
  const point = pointOf(governor.governor, channel, asked.contactPointId ?? task.contactPointId);
  const same = { taskId, contactPointId: point.id, by };
  const earlier = known === undefined ? await runningAttempt(ports, governor.governor, same) : asSame(readAttempt(known), same);
  if (earlier !== undefined) return stillRunning(earlier, governor.governor, ports.now);
  checkUnused(governor.governor, asked.attemptId);
  const world = worldFor(ports, head, governor.governor);
  if (world === undefined) throw new NotAllowed({ decision: 'deny', rule: 'STATE.CLOSED', why: 'The case is closed' });
  const judged = task.objective === 'call-back' ? answering(world) : world;
  const notReady = channel === 'visit' ? whyNotSetOut(world, taskId, asked.by) : undefined;
  if (notReady !== undefined) throw new NotAllowed(notReady);
  const verdict = unlessStopped(verdictForOthers(judged, channel, point, 'collection', ports.now), world, controls, { channel });
  if (verdict.decision !== 'allow') throw new NotAllowed(verdict);
  const attempt: StoredAttempt = {
    ...(asked.attemptId === undefined ? { attemptId: `${taskId}-a${head.version + 1}` } : { attemptId: asked.attemptId }),
    customerId,
    taskId,
    channel,
    contactPointId: point.id,
    addressKey: point.addressKey,
    purpose: 'collection',
    accountId,
    by,
    reservedAt: toInstant(ports.now),
    expiresAt: expiryOf(ports.now),
  };
  return reserveOn(ports, { head, governor, world }, attempt, verdict.rule, [unclaimedByOthers(ports, task)]);
}

/** @throws NotAllowed where nobody may work the task any more, or somebody else does */
function openTask(task: StoredTask | undefined, head: Head, by: string | undefined): StoredTask {
  const open = openCase(head.account)?.tasks.find((row) => row.taskId === task?.taskId);
  if (task === undefined || open === undefined) throw new NotAllowed({ decision: 'deny', rule: 'TASK.CLOSED', why: 'The task is closed' });
  const assigned = by !== undefined && (open.staff?.includes(by) ?? false);
  if (task.assignee !== undefined && by !== undefined && by !== task.assignee && !assigned)
    throw new NotAllowed({ decision: 'deny', rule: 'TASK.CLAIMED', why: `The task is claimed by ${task.assignee}` });
  return task;
}

/** @throws Refusal (422) where the customer has no such point, or it is for another channel */
export function pointOf(governor: Governor, channel: Channel, contactPointId: string | undefined): ContactPoint {
  if (contactPointId === undefined) throw new Refusal(422, 'must be given: the task names none', 'contactPointId');
  const point = governor.points.find((row) => row.id === contactPointId);
  if (point === undefined) throw new Refusal(422, 'must be a contact point of the customer', 'contactPointId');
  if (point.channel !== channel) throw new Refusal(422, `must be a contact point for ${channel}`, 'contactPointId');
  return point;
}

/** What the gate judges a case by; undefined where none is open. */
export function worldFor(ports: Ports, head: Head, governor: Governor): World | undefined {
  const current = openCase(head.account);
  const setting = settingFor(ports.deployment, head.account, ports.now, governor);
  return current === undefined ? undefined : worldOf(head.account, current, governor, setting);
}

/** The verdict, or that a person stopped such contacts until two others agree to go on. */
export function unlessStopped(
  verdict: Verdict,
  world: World,
  controls: Item | undefined,
  { channel, agency }: { readonly channel: Channel; readonly agency?: string | undefined },
): Verdict {
  const { jurisdiction } = gateFacts(world, world.now, undefined);
  const scope = { jurisdiction, channel, ...(agency === undefined ? {} : { agency }) };
  const stop = verdict.decision === 'deny' ? undefined : stopFor(controlsOf(controls).stops, scope);
  return stop === undefined ? verdict : { decision: 'deny', rule: 'STOP', why: `Such contacts are stopped (${stop.stopId})` };
}

// ---- the same again ------------------------------------------------------------------------------------------------------

interface Sameness {
  readonly taskId?: string | undefined;
  readonly contactPointId: string;
  readonly by?: string | undefined;
}

/** A reservation of this person for this task and point that still runs: a client asks again whose answer got lost. */
async function runningAttempt(ports: Ports, governor: Governor, wanted: Sameness): Promise<StoredAttempt | undefined> {
  const prefix = `${wanted.taskId}-a`;
  for (const row of governor.contacts) {
    if (!isRunning(row.pendingUntil, ports.now) || !row.id.startsWith(prefix) || row.contactPointId !== wanted.contactPointId) continue;
    const attempt = readAttempt(await ports.table.get(attemptKey(row.id)));
    if (attempt?.taskId === wanted.taskId && attempt?.by === wanted.by) return attempt;
  }
  return undefined;
}

/** @throws ReusedId where the id belongs to another attempt */
function asSame(known: StoredAttempt | undefined, wanted: Sameness): StoredAttempt | undefined {
  if (known?.taskId !== wanted.taskId || known?.contactPointId !== wanted.contactPointId || known?.by !== wanted.by)
    throw new ReusedId('an attempt of this id was made for something else');
  return known;
}

/** A row takes the place of its id's in the ledger: an id of another contact would make that one forgotten. @throws ReusedId */
export function checkUnused(governor: Governor, attemptId: string | undefined): void {
  if (governor.contacts.some((row) => row.id === attemptId)) throw new ReusedId('this id belongs to another contact');
}

/** @throws NotAllowed where it ran out or was reported: nobody may dial on the strength of it any more */
export function stillRunning({ attemptId, expiresAt }: Attempt, governor: Governor, now: number): Reserved {
  const row = governor.contacts.find(({ id }) => id === attemptId);
  if (isRunning(row?.pendingUntil, now)) return { attemptId, expiresAt };
  throw new NotAllowed({
    decision: 'deny',
    rule: 'ATTEMPT.OVER',
    why: 'This attempt ran out or was reported; a new one has an id of its own',
  });
}

function isRunning(pendingUntil: string | undefined, now: number): boolean {
  return pendingUntil !== undefined && toMillis(pendingUntil) > now;
}

// ---- the reservation -------------------------------------------------------------------------------------------------------

/**
 * Writes a reservation about an account, all or nothing.
 *
 * @param checks conditions beside those on head, governor and the attempt's id
 * @returns undefined where something moved since the picture was taken: nothing was written then
 */
export async function reserveOn(
  ports: Ports,
  picture: { readonly head: Head; readonly governor: GovernorRecord; readonly world: World },
  attempt: StoredAttempt,
  rule: string,
  checks: readonly TransactWriteItem[] = [],
): Promise<Reserved | undefined> {
  const { head, governor: record, world } = picture;
  const journal = new Journal(head.account, world.setting);
  const party = attempt.customerId === head.account.customerId ? undefined : partyOf(head.account, attempt.customerId);
  if (party !== undefined) tellParty(journal, party, record.governor);
  recordAttempt(journal, attempt, rule);
  const next = withContactRows(record.governor, [reservedRow(attempt)], ports.now);
  const { ok } = await commit(ports.table, {
    head,
    journal,
    now: ports.now,
    signal: false,
    governor: { record, next },
    facts: [attemptPut(ports.table, attempt, ports.now), ...checks],
  });
  return ok ? { attemptId: attempt.attemptId, expiresAt: attempt.expiresAt } : undefined;
}

/** A claim is no entry of the timeline: the version does not tell of it. Who dials or sets out has shown: the claim begins anew. */
function unclaimedByOthers(ports: Ports, { taskId, queue, assignee }: StoredTask): TransactWriteItem {
  const at = { TableName: ports.table.name, Key: keyItem(taskKey(taskId)) };
  if (assignee === undefined) {
    return {
      ConditionCheck: {
        ...at,
        ConditionExpression: 'taskStatus = :open AND (attribute_not_exists(assignee) OR claimedUntil <= :now)',
        ExpressionAttributeValues: { ':open': S('open'), ':now': S(toInstant(ports.now)) },
      },
    };
  }
  return {
    Update: {
      ...at,
      ConditionExpression: 'taskStatus = :open AND assignee = :who',
      UpdateExpression: 'SET claimedUntil = :until',
      ExpressionAttributeValues: { ':open': S('open'), ':who': S(assignee), ':until': S(claimEnds(queue, ports.now)) },
    },
  };
}
