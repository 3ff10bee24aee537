import { toMillis } from '../calendar.ts';
import { openCase } from '../case-status.ts';
import { visitHours } from '../decide/visit-hours.ts';
import { worldOf } from '../decide/world.ts';
import type { Instant, Task } from '../model.ts';
import { approverAmong, isSamePerson } from '../persons.ts';
import type { VisitWindow } from '../visits.ts';
import { type Journal, Refusal } from './journal.ts';

/** What people decide and tell of visits. */

export const VISITORS = 2;

const HOUR = 3_600_000;
const WINDOW_HOURS_MAX = 12;

/** Who makes a visit, as a supervisor names them; the newest word stands. */
export interface VisitAssignment {
  readonly staff: readonly string[];
  readonly windows?: readonly VisitWindow[] | undefined;
  readonly by?: string | undefined;
}

/**
 * Names the people of a visit. The same word again changes nothing.
 *
 * @throws Refusal 409 where the task is closed; 422 where it is no visit's, the people are too few or a window breaks a rule
 */
export function recordVisitAssigned(journal: Journal, taskId: string, { staff, windows, by }: VisitAssignment): void {
  const task = openCase(journal.account)?.tasks.find((row) => row.taskId === taskId);
  if (task === undefined) throw new Refusal(409, 'The task is closed.');
  if (task.objective !== 'visit') throw new Refusal(422, `nobody sets out for a ${task.queue} task (${task.objective})`, 'taskId');
  if (staff.length !== VISITORS || staff.some((one, index) => staff.slice(index + 1).some((other) => isSamePerson(one, other))))
    throw new Refusal(422, `must name ${VISITORS} different people`, 'staff', 'VISIT.TWO_PERSONS');
  const approver = approverAmong(openCase(journal.account) ?? {}, staff);
  if (approver !== undefined)
    throw new Refusal(422, `must be others than ${approver}, who let the visit be made`, 'staff', 'PERSONS.APPROVER');
  for (const [index, window] of (windows ?? []).entries()) checkWindow(journal, task, window, `windows.${index}`);
  if (isSame(task, { staff, windows })) return;
  journal.add({
    type: 'VisitAssigned',
    taskId,
    staff,
    ...(by === undefined ? {} : { by }),
    ...(windows === undefined ? {} : { windows }),
  });
}

function isSame(task: Task, { staff, windows = [] }: Pick<VisitAssignment, 'staff' | 'windows'>): boolean {
  const words = (people: readonly string[], spans: readonly VisitWindow[]) =>
    JSON.stringify([people, spans.map(({ from, to }) => [from, to])]);
  return words(task.staff ?? [], task.windows ?? []) === words(staff, windows);
}

function checkWindow({ account, setting }: Journal, task: Task, { from, to }: VisitWindow, field: string): void {
  const current = openCase(account);
  const point = setting.governor?.points.find((row) => row.id === task.contactPointId);
  const [start, end] = [toMillis(from), toMillis(to)];
  if (start >= end) throw new Refusal(422, 'must end after it begins', `${field}.to`, 'VISIT.WINDOW');
  if (end - start > WINDOW_HOURS_MAX * HOUR) throw new Refusal(422, `must last at most ${WINDOW_HOURS_MAX} hours`, field, 'VISIT.WINDOW');
  if (end <= setting.now) throw new Refusal(422, 'must not be over', `${field}.to`, 'VISIT.WINDOW');
  if (end > toMillis(task.dueAt))
    throw new Refusal(422, `must end while the task is open, until ${task.dueAt}`, `${field}.to`, 'VISIT.WINDOW');
  if (current === undefined || point === undefined)
    throw new Refusal(422, 'the address of the visit is not known any more', field, 'VISIT.WINDOW');
  const open = visitHours(worldOf(account, current, setting.governor, setting), point, Math.max(start, setting.now));
  if (!open(start, end))
    throw new Refusal(422, 'must lie within the hours of visits and what the customer wished for', field, 'VISIT.WINDOW');
}

/**
 * What follows a visit. One that was told of after its task closed was made all the same: it counts against the next.
 *
 * @param open whether its task was still open
 */
export function recordVisitReported(journal: Journal, taskId: string, outcome: string, open: boolean): void {
  const current = openCase(journal.account);
  if (current === undefined || !isTaskOf(current.caseId, taskId)) return;
  journal.add({ type: 'VisitReported', taskId, outcome, ...(open ? {} : { late: true }) });
}

/** A task's id follows from its case's (`openedTask`). */
function isTaskOf(caseId: string, taskId: string): boolean {
  return taskId.startsWith(`${caseId}-t`);
}

/** Who somebody else at the door may be told nothing, and says nothing for the customer. */
const NOT_OF_A_THIRD_PARTY = ['reasonForArrears', 'planOfferId', 'callBackAt'] as const;

/** @throws Refusal 422 where a visit that met somebody else brings what only the customer can say */
export function checkVisitReport(
  report: Readonly<{ outcome: string } & Partial<Record<(typeof NOT_OF_A_THIRD_PARTY)[number], unknown>>>,
): void {
  if (report.outcome !== 'third-party-met') return;
  const told = NOT_OF_A_THIRD_PARTY.find((member) => report[member] !== undefined);
  if (told !== undefined)
    throw new Refusal(422, 'only the customer says this: a third party is told nothing of the debt', told, 'VISIT.THIRD_PARTY');
}

/** Whether an instant lies in one of the spans; without any every instant does. */
export function isWithin(windows: readonly VisitWindow[] | undefined, at: number): boolean {
  return windows === undefined || windows.length === 0 || windows.some(({ from, to }) => toMillis(from) <= at && at < toMillis(to));
}

/** When the next span begins; undefined where none does any more. */
export function nextWindow(windows: readonly VisitWindow[], at: number): Instant | undefined {
  return windows
    .map(({ from }) => from)
    .filter((from) => toMillis(from) > at)
    .sort()[0];
}
