import { Journal, Refusal } from '../../domain/record/journal.ts';
import { settingFor } from '../../domain/record/setting.ts';
import { recordVisitAssigned } from '../../domain/record/visits.ts';
import type { AssignmentBody } from '../contract/visits.ts';
import { untilUndisturbed } from '../facts/attempts.ts';
import { readTask } from '../facts/outcome.ts';
import { safetyPut } from '../facts/safety.ts';
import { commit } from '../protocol/commit.ts';
import { governorKey, headKey, readGovernor, readHead, taskKey } from '../protocol/items.ts';
import type { Ports } from '../protocol/signal.ts';
import { NotFound } from './problem.ts';
import { taskView } from './tasks.ts';

/**
 * `POST /tasks/{taskId}/assign`: names the people of a visit. It gives the case nothing to do, so it is no signal; whoever sets out at the
 * same moment finds that the account moved and is judged anew. The same word again answers the same.
 *
 * @throws NotFound; Refusal 409 where the task is closed, 422 where it is no visit's or a rule is broken; Busy
 */
export async function assignVisit(ports: Ports, taskId: string, body: AssignmentBody): Promise<Record<string, unknown>> {
  await untilUndisturbed(() => tryToAssign(ports, taskId, body));
  const item = await ports.table.get(taskKey(taskId));
  if (item === undefined) throw new NotFound(`There is no task ${taskId}.`);
  return taskView(item, ports.now);
}

/** @returns undefined where something moved meanwhile: nothing was written then */
async function tryToAssign(ports: Ports, taskId: string, { safetyNote, ...assignment }: AssignmentBody): Promise<true | undefined> {
  const known = readTask(await ports.table.get(taskKey(taskId)), ports.now);
  if (known === undefined) throw new NotFound(`There is no task ${taskId}.`);
  const { accountId, customerId } = known;
  const [headItem, governorItem, taskItem] = await ports.table.snapshot([headKey(accountId), governorKey(customerId), taskKey(taskId)]);
  const head = readHead(accountId, headItem);
  const { governor } = readGovernor(customerId, governorItem);
  if (readTask(taskItem, ports.now)?.status !== 'open') throw new Refusal(409, 'The task is closed.');
  const journal = new Journal(head.account, settingFor(ports.deployment, head.account, ports.now, governor));
  recordVisitAssigned(journal, taskId, assignment);
  const facts = safetyNote === undefined ? [] : [safetyPut(ports, journal, customerId, { note: safetyNote, by: assignment.by })];
  if (journal.drafts.length === 0 && facts.length === 0) return true;
  const { ok } = await commit(ports.table, { head, journal, now: ports.now, signal: false, facts });
  return ok ? true : undefined;
}
