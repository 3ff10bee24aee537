import { toMillis } from '../calendar.ts';
import type { Verdict } from '../gate/types.ts';
import type { Task } from '../model.ts';
import { isWithin, nextWindow, VISITORS } from '../record/visits.ts';
import { proposeFall } from './stage-moves.ts';
import { announcedFor, lacksNamedApproval, missingForVisit } from './visits.ts';
import type { World } from './world.ts';

/**
 * Why nobody may set out for a visit now; undefined where the rest is for the gate to say. What let the visit be asked for must still be
 * so: between approval and door the customer may have paid or called.
 *
 * @param by who sets out, where they said so
 */
export function whyNotSetOut(world: World, taskId: string, by: string | undefined): Exclude<Verdict, { decision: 'allow' }> | undefined {
  const task = world.current.tasks.find((row) => row.taskId === taskId);
  if (task === undefined) return { decision: 'deny', rule: 'TASK.CLOSED', why: 'The task is closed' };
  const { staff = [] } = task;
  if (new Set(staff).size < VISITORS)
    return { decision: 'deny', rule: 'VISIT.TWO_PERSONS', why: `A visit is made by ${VISITORS} named people, and none are assigned yet` };
  if (by !== undefined && !staff.includes(by)) return { decision: 'deny', rule: 'VISIT.STAFF', why: 'Only those who are assigned set out' };
  const missing = missingForSettingOut(world);
  if (missing.length > 0) return { decision: 'deny', rule: 'VISIT.PRECONDITIONS', why: missing.join('; ') };
  return outsideWindows(task, world.now) ?? outsideAnnouncement(world, task);
}

function missingForSettingOut(world: World): string[] {
  const missing = missingForVisit(world);
  if (world.current.visitApprovedAt === undefined) missing.push('nobody approved the visit');
  // A figure has come by which the case falls, and its machine has not moved it yet.
  if (proposeFall(world) !== undefined) missing.push('the days past due allow no visit any more');
  if (lacksNamedApproval(world)) missing.push('no named person approved visits to this customer');
  return missing;
}

function outsideWindows({ windows = [] }: Task, now: number): Exclude<Verdict, { decision: 'allow' }> | undefined {
  if (isWithin(windows, now)) return undefined;
  const next = nextWindow(windows, now);
  const rule = 'VISIT.WINDOW';
  if (next === undefined) return { decision: 'deny', rule, why: 'The times that were agreed for the visit are over' };
  return { decision: 'defer', notBefore: toMillis(next), rule, rules: [rule], why: 'Another time was agreed for the visit' };
}

/** The customer expects nobody on another day, unless they agreed on a time themselves. */
function outsideAnnouncement(world: World, { windows = [] }: Task): Exclude<Verdict, { decision: 'allow' }> | undefined {
  const announced = windows.length > 0 ? undefined : announcedFor(world);
  if (announced === undefined) return undefined;
  const rule = 'VISIT.ANNOUNCED';
  if (world.now < announced.from)
    return { decision: 'defer', notBefore: announced.from, rule, rules: [rule], why: 'The visit is announced for later' };
  return world.now < announced.until ? undefined : { decision: 'deny', rule, why: 'The week that the visit was announced for is over' };
}
