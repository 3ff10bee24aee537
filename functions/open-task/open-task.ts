import { openedTask } from '../../domain/decide/task-opened.ts';
import type { Turn } from '../contract/turn.ts';
import { countDemand, placeFor } from '../protocol/capacity.ts';
import { type Acted, commitAct, journalOf, type TurnPorts, untilAfter, viewForAct } from '../protocol/turns.ts';

/**
 * Opens the task that is due: a call, a visit, a review. Where people are too few and others come first it is recorded that it was left
 * out, and why.
 */
export async function openTask(turn: Turn, ports: TurnPorts): Promise<Acted> {
  const view = await viewForAct(ports, turn, 'task');
  const { task } = view.proposal;
  const place = await placeFor(ports, view.world, task);
  const journal = journalOf(view);
  if (place?.forgone === undefined) journal.add(openedTask(view.world, task, place?.worth.why));
  else {
    const { budget, forgone: why } = place;
    journal.add({ type: 'TaskForgone', queue: task.queue, objective: task.objective, stage: view.world.current.stage, budget, why });
  }
  const { account } = await commitAct(ports, turn, view, journal, place?.take === undefined ? {} : { facts: [place.take] });
  if (place !== undefined) await countDemand(ports, view.world, place);
  return { until: untilAfter(ports, view, account) };
}
