import { HOUR, toInstant } from '../../domain/calendar.ts';
import { LADDER } from '../../domain/policy/ladder.ts';
import type { Turn } from '../contract/turn.ts';

import { type Acted, commitAct, journalOf, type TurnPorts, untilAfter, viewForAct } from '../protocol/turns.ts';

/** Opens the task that is due: a call, a visit, a review. Its id follows from the case, so a retry opens none twice. */
export async function openTask(turn: Turn, ports: TurnPorts): Promise<Acted> {
  const view = await viewForAct(ports, turn, 'task');
  const { queue, objective, contactPointId, subject, unusable } = view.proposal.task;
  const { current } = view.world;
  const journal = journalOf(view);
  journal.add({
    type: 'TaskOpened',
    taskId: `${current.caseId}-t${current.taskCount + 1}`,
    queue,
    objective,
    stage: current.stage,
    dueAt: toInstant(ports.now + LADDER.taskHours[queue] * HOUR),
    priority: LADDER.priority[objective],
    ...(contactPointId === undefined ? {} : { contactPointId }),
    ...(subject === undefined ? {} : { subject }),
    ...(unusable === undefined ? {} : { unusable }),
  });
  const { account } = await commitAct(ports, turn, view, journal);
  return { until: untilAfter(ports, view, account) };
}
