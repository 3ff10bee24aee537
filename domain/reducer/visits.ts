import type { Entry } from '../entries.ts';
import type { Case } from '../model.ts';

/** How entries about visits change the case. */

export function onVisitAssigned(current: Case, { taskId, staff, windows }: Entry<'VisitAssigned'>): Case {
  const tasks = current.tasks.map((task) => {
    if (task.taskId !== taskId) return task;
    const { windows: _before, ...rest } = task;
    return { ...rest, staff, ...(windows === undefined ? {} : { windows }) };
  });
  return { ...current, tasks };
}

/** A visit uses its approval up; one that is told of late leaves what was approved since alone. */
export function onVisitReported(current: Case, { taskId, at, outcome, late }: Entry<'VisitReported'>): Case {
  const { visitApprovedAt, ...rest } = current;
  return {
    ...rest,
    ...(late && visitApprovedAt !== undefined ? { visitApprovedAt } : {}),
    ...(outcome === 'unsafe' ? { visitReview: 'unsafe' as const } : {}),
    visits: [...current.visits, { taskId, at, outcome }],
  };
}

/** A person looked at what became of the last visit, whatever they decided. */
export function afterVisitReview(current: Case, subject: string): Case {
  if (subject !== 'visits' || current.visitReview === undefined) return current;
  const { visitReview: _looked, ...rest } = current;
  return rest;
}
