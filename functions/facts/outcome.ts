import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { toInstant } from '../../domain/calendar.ts';
import { reasonForArrearsCode } from '../../domain/codes.ts';
import type { ContactRow, Governor } from '../../domain/customer.ts';
import type { Channel, Objective, Queue } from '../../domain/model.ts';
import { settledRow } from '../../domain/record/attempts.ts';
import { mayTeach, outcomeInLedger, withContactRows, withFinding } from '../../domain/record/contacts.ts';
import { Refusal } from '../../domain/record/journal.ts';
import { holdOfOutcome, isContactOutcome, recordOutcome } from '../../domain/record/outcome.ts';
import { isConversation } from '../../domain/reducer/case.ts';
import { type Item, text } from '../adapters/table.ts';
import type { OutcomeBody } from '../contract/outcome.ts';
import { type Head, subjectFactKey, taskKey } from '../protocol/items.ts';
import { contentHash, type Ports, type Signalled, signal } from '../protocol/signal.ts';
import { tellOfAddress } from './answered-for.ts';
import { attemptKey, readAttempt, type StoredAttempt } from './attempt-facts.ts';
import { claimantOf } from './claims.ts';
import { placeOnCustomer, releasedKey, takeHoldReleased } from './holds.ts';
import { notesPut, wordsBeside } from './notes.ts';
import { safetyPut } from './safety.ts';

export class UnknownTask extends Error {
  override readonly name = 'UnknownTask';
}

export class ClaimedByAnother extends Error {
  override readonly name = 'ClaimedByAnother';
}

/** The facts of a task that an outcome needs. */
export interface StoredTask {
  readonly taskId: string;
  readonly accountId: string;
  readonly customerId: string;
  readonly queue: Queue;
  readonly objective: Objective;
  readonly status: 'open' | 'closed';
  /** Of a claim that holds. */
  readonly assignee?: string;
  readonly contactPointId?: string;
  readonly subject?: string;
}

/** Who makes a visit; empty where nobody is assigned, or the task is no visit. */
export function staffOf(item: Item | undefined): readonly string[] {
  return (item?.staff?.L ?? []).flatMap(({ S: person }) => person ?? []);
}

/** The task as its item holds it; undefined where there is none. */
export function readTask(item: Item | undefined, now: number): StoredTask | undefined {
  const taskId = text(item, 'taskId');
  if (item === undefined || taskId === undefined) return undefined;
  const facts = JSON.parse(text(item, 'facts') ?? '{}') as { contactPointId?: string; subject?: string };
  const assignee = claimantOf(item, now);
  return {
    taskId,
    accountId: text(item, 'accountId') ?? '',
    customerId: text(item, 'customerId') ?? '',
    queue: text(item, 'queue') as Queue,
    objective: text(item, 'objective') as Objective,
    status: text(item, 'taskStatus') as 'open' | 'closed',
    ...(assignee === undefined ? {} : { assignee }),
    ...(facts.contactPointId === undefined ? {} : { contactPointId: facts.contactPointId }),
    ...(facts.subject === undefined ? {} : { subject: facts.subject }),
  };
}

/**
 * Takes what a person reports of a task. The attempt counts for the customer even where the task was closed meanwhile; one that was
 * reserved takes its reservation's place in the ledger, also after that ran out.
 *
 * @throws UnknownTask, ClaimedByAnother, Refusal (422)
 */
export async function takeOutcome(ports: Ports, taskId: string, body: OutcomeBody): Promise<Signalled> {
  const task = readTask(await ports.table.get(taskKey(taskId)), ports.now);
  if (task === undefined) throw new UnknownTask(`There is no task ${taskId}`);
  if (task.status === 'open' && task.assignee !== undefined && task.assignee !== body.by)
    throw new ClaimedByAnother(`Task ${taskId} is claimed by ${task.assignee}`);
  const at = body.at ?? toInstant(ports.now);
  const identity = contentHash(body).slice(0, 16);
  const done = await signal(ports, {
    accountId: task.accountId,
    customerId: task.customerId,
    fact: { key: subjectFactKey(`ACCOUNT#${task.accountId}`, 'TaskOutcome', `${taskId}#${identity}`), content: body },
    related: body.attemptId === undefined ? [] : [attemptKey(body.attemptId)],
    apply: ({ journal, governor, related }) => {
      const { attemptId, notes: _notes, reasonForArrears: said, ...facts } = body;
      const attempt = attemptId === undefined ? undefined : ofTask(readAttempt(related[0]), taskId);
      const reasonForArrears = said === undefined ? undefined : reasonForArrearsCode(said);
      const notes = notesOf(body, reasonForArrears);
      const notesRef = notes === undefined ? {} : { notesRef: `${taskId}#${identity}` };
      recordOutcome(journal, task, { ...facts, reasonForArrears, taskId, at, attempt, ...notesRef });
      const items: TransactWriteItem[] = notes === undefined ? [] : [notesPut(ports, journal, `${taskId}#${identity}`, notes)];
      if (body.outcome === 'unsafe' && body.notes !== undefined)
        items.push(safetyPut(ports, journal, task.customerId, { note: body.notes, by: body.by }));
      if (governor === undefined || !isContactOutcome(task.queue, body.outcome)) return { items };
      return { items, governor: afterContact(governor, task, body, { at, attempt, id: `${taskId}#${identity}` }, ports.now) };
    },
  });
  if (mayTeach(body.outcome)) await tellOfAddress(ports, task.customerId, `${taskId}#${identity}`, task.accountId);
  const hold = holdOfOutcome({ taskId, outcome: body.outcome });
  if (hold?.customerWide) await holdTheCustomer(ports, task, hold);
  await liftFromCustomer(ports, task, done.head);
  return done;
}

/** What a review lifted from one account was placed on the customer: it ends on the others too, and a repeat ends it there again. */
async function liftFromCustomer(ports: Ports, { objective, subject }: StoredTask, { account }: Head): Promise<void> {
  const lifted = objective === 'review-hold' ? account.holds.find(({ holdId }) => holdId === subject) : undefined;
  if (lifted?.customerWide === undefined || lifted.releasedAt === undefined) return;
  const released = text(await ports.table.get(releasedKey(lifted.holdId)), 'releasedAt');
  await takeHoldReleased(ports, { holdId: lifted.holdId, releasedAt: released ?? lifted.releasedAt });
}

/** What a person wrote, and a reason in words that no code says. */
function notesOf({ notes, reasonForArrears: said }: OutcomeBody, code: string | undefined): string | undefined {
  const words = [notes, wordsBeside({ reasonForArrears: said }, { reasonForArrears: code ?? '' })].filter((text) => text !== undefined);
  return words.length === 0 ? undefined : words.join('\n');
}

/** @throws Refusal (422) */
function ofTask(attempt: StoredAttempt | undefined, taskId: string): StoredAttempt {
  if (attempt?.taskId !== taskId) throw new Refusal(422, 'must be an attempt of this task', 'attemptId');
  return attempt;
}

async function holdTheCustomer(ports: Ports, task: StoredTask, hold: { holdId: string; kind: 'deceased' | string }): Promise<void> {
  const known = await ports.table.get(taskKey(task.taskId));
  // The task's own closing time, so that a repeat says the same to the letter.
  const placedAt = text(known, 'closedAt') ?? toInstant(ports.now);
  await placeOnCustomer(ports, { holdId: hold.holdId, customerId: task.customerId, kind: 'deceased', placedAt }, task.customerId, {
    taskId: task.taskId,
  });
}

/** The governor after an attempt: one more counted contact, and what was learnt about the address. */
function afterContact(
  governor: Governor,
  task: StoredTask,
  body: OutcomeBody,
  made: { readonly at: string; readonly attempt: StoredAttempt | undefined; readonly id: string },
  now: number,
): Governor {
  const { at, attempt, id } = made;
  const contactPointId = body.contactPointId ?? attempt?.contactPointId ?? task.contactPointId;
  const addressKey = governor.points.find((row) => row.id === contactPointId)?.addressKey;
  const channel: Channel = task.queue === 'call' ? 'voice' : 'visit';
  const told: Pick<ContactRow, 'at' | 'kind' | 'contactPointId' | 'addressKey' | 'outcome'> = {
    at,
    kind: isConversation(body.outcome) ? 'conversation' : 'attempt',
    ...outcomeInLedger(body.outcome),
    ...(contactPointId === undefined ? {} : { contactPointId }),
    ...(addressKey === undefined ? {} : { addressKey }),
  };
  const row: ContactRow =
    attempt === undefined ? { ...told, id, channel, accountId: task.accountId, purpose: 'collection' } : settledRow(attempt, told);
  return withFinding(withContactRows(governor, [row], now), { outcome: body.outcome, channel, contactPointId });
}
