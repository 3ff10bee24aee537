import { HOUR, toInstant } from '../calendar.ts';
import type { Draft } from '../entries.ts';
import { proofDueAt } from './plan-reviews.ts';
import { priorityOf } from './priority.ts';
import { proofOf } from './visit-proof.ts';
import { announcedFor } from './visits.ts';
import type { PlannedTask, World } from './world.ts';

/**
 * The entry of a task that is due. Its id follows from the case, so that a retry opens none twice.
 *
 * @param worth what the contact is expected to bring, where that decided that it is made
 */
export function openedTask(world: World, task: PlannedTask, worth?: string): Draft<'TaskOpened'> {
  const { current } = world;
  const { queue, objective, contactPointId, subject, asks, unusable } = task;
  const { priority, why } = priorityOf(world, task);
  return {
    type: 'TaskOpened',
    taskId: `${current.caseId}-t${current.taskCount + 1}`,
    queue,
    objective,
    stage: current.stage,
    dueAt: toInstant(dueAt(world, task)),
    priority,
    priorityWhy: why,
    ...(worth === undefined ? {} : { worth }),
    ...(contactPointId === undefined ? {} : { contactPointId }),
    ...(subject === undefined ? {} : { subject }),
    ...(asks === undefined ? {} : { asks }),
    ...(unusable === undefined ? {} : { unusable }),
    ...(objective === 'approve-visit' ? { proof: proofOf(world) } : {}),
  };
}

/** By the hours of its queue. A visit that is announced is made on the days that were announced, and its task is open no longer. */
function dueAt(world: World, { queue, objective }: PlannedTask): number {
  const due = world.now + world.setting.ladder.taskHours[queue] * HOUR;
  if (objective === 'obtain-proof') return proofDueAt(world);
  return objective === 'visit' ? Math.min(due, announcedFor(world)?.until ?? due) : due;
}
