import type * as z from 'zod';
import { openCase } from '../../domain/case-status.ts';
import type { Proposal } from '../../domain/decide/world.ts';
import type { Stage } from '../../domain/model.ts';
import { recordJourneyClosed } from '../../domain/record/endings.ts';
import { Journal } from '../../domain/record/journal.ts';
import { isHigher, isLegalMove } from '../../domain/transitions.ts';
import type { Machines } from '../adapters/machines.ts';
import type { moveInput, Turn } from '../contract/turn.ts';
import { headKey, readHead } from '../protocol/items.ts';
import { endKeeping } from '../protocol/keeping.ts';
import { nudge } from '../protocol/nudge.ts';
import { type CaseView, commitAct, DecideAgain, journalOf, type TurnPorts, viewForAct } from '../protocol/turns.ts';

/** Hands the case over to another stage's machine, or closes it. Either way this execution is done. */
export async function moveCase(
  { turn, to }: z.infer<typeof moveInput>,
  ports: TurnPorts & { readonly machines: Machines },
): Promise<{ moved: boolean }> {
  const head = readHead(turn.accountId, await ports.table.get(headKey(turn.accountId)));
  // An earlier attempt did it, or somebody else owns the case: all that is left is to see that the successor runs.
  if (head.caseStatus !== 'open' || head.execN !== turn.execN) {
    await nudge(ports.table, ports.machines, turn.accountId);
    return { moved: false };
  }
  if (turn.act === 'close') await close(turn, ports);
  else await handOver(turn, to, ports);
  return { moved: true };
}

async function handOver(turn: Turn, to: Stage | undefined, ports: TurnPorts & { readonly machines: Machines }): Promise<void> {
  const view = await viewForAct(ports, turn, 'hand-over');
  if (view.proposal.to !== to) throw new DecideAgain(`The case goes to ${view.proposal.to}, not to ${to}`);
  const journal = journalOf(view);
  enterStage(view, journal, view.proposal);
  await commitAct(ports, turn, view, journal, { start: view.proposal.to });
  await nudge(ports.table, ports.machines, turn.accountId);
}

function enterStage(view: CaseView, journal: Journal, move: Extract<Proposal, { kind: 'hand-over' }>): void {
  const { current, today } = view.world;
  const from = current.stage;
  if (move.to === from) {
    journal.add({ type: 'ExecutionRestarted', machine: from, execution: view.head.execN, was: 'aged' });
    return;
  }
  if (!isLegalMove(from, move.to, move.move)) throw new Error(`No case moves from ${from} to ${move.to} by ${move.move}`);
  // A case that goes lower, or rests in an arrangement, has no use for what only the left stage does.
  if (move.move !== 'rise') {
    for (const task of openCase(journal.account)?.tasks ?? []) {
      if (isHigher(task.stage, move.to))
        journal.add({ type: 'TaskClosed', taskId: task.taskId, queue: task.queue, objective: task.objective, reason: 'stage-left' });
    }
  }
  journal.add({ type: 'StageEntered', stage: move.to, from, why: move.why, onDate: today, rise: move.move === 'rise' });
}

async function close(turn: Turn, ports: TurnPorts & { readonly machines: Machines }): Promise<void> {
  const view = await viewForAct(ports, turn, 'close');
  // What nothing is owed on any more would be a small amount, and change tracks once more: a case that ends is on the track it was on.
  const journal = new Journal(view.head.account, view.setting);
  await endKeeping(ports.table, journal, view.world.current.caseId);
  recordJourneyClosed(journal);
  const next = openCase(journal.account);
  const { governor } = view;
  const others = governor.governor.openCases.filter((row) => row.accountId !== turn.accountId);
  const openCases = next === undefined ? others : [...others, { accountId: turn.accountId, caseId: next.caseId }];
  await commitAct(ports, turn, view, journal, {
    ...(next === undefined ? { closing: true } : { start: next.stage }),
    governor: { record: governor, next: { ...governor.governor, openCases } },
  });
  if (next !== undefined) await nudge(ports.table, ports.machines, turn.accountId);
}
