import { openedTask } from '../../domain/decide/task-opened.ts';
import type { Turn } from '../contract/turn.ts';
import { type Acted, commitAct, journalOf, type TurnPorts, untilAfter, viewForAct } from '../protocol/turns.ts';

/** Opens the task that is due: a call, a visit, a review. Its id follows from the case, so a retry opens none twice. */
export async function openTask(turn: Turn, ports: TurnPorts): Promise<Acted> {
  const view = await viewForAct(ports, turn, 'task');
  const journal = journalOf(view);
  journal.add(openedTask(view.world, view.proposal.task));
  const { account } = await commitAct(ports, turn, view, journal);
  return { until: untilAfter(ports, view, account) };
}
