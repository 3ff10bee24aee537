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

/** More than the rules allow in a case, so that agencies that do not keep to them fill no item. */
const VISITS_KEPT = 8;

/** A visit more, whoever made it. */
function withVisit(current: Case, visit: Case['visits'][number]): Case {
  const unsafe = visit.outcome === 'unsafe' ? { visitReview: 'unsafe' as const } : {};
  return { ...current, ...unsafe, visits: [...current.visits, visit].slice(-VISITS_KEPT) };
}

/** A visit that others made and report is one of the case's, too. */
export function withReportedVisit(
  current: Case,
  { contactId, channel, direction, taskId, reportedAt, outcome }: Entry<'ContactReported'>,
): Case {
  if (channel !== 'visit' || direction !== 'outbound' || taskId !== undefined) return current;
  return withVisit(current, { taskId: contactId, at: reportedAt, outcome });
}

/** A visit uses its approval up; one that is told of late leaves what was approved since alone. */
export function onVisitReported(current: Case, { taskId, at, outcome, late }: Entry<'VisitReported'>): Case {
  const { visitApprovedAt, ...rest } = current;
  const keeps = late && visitApprovedAt !== undefined ? { visitApprovedAt } : {};
  return withVisit({ ...rest, ...keeps }, { taskId, at, outcome });
}

/** A person looked at what became of the last visit, whatever they decided. */
export function afterVisitReview(current: Case, subject: string): Case {
  if (subject !== 'visits' || current.visitReview === undefined) return current;
  const { visitReview: _looked, ...rest } = current;
  return rest;
}
