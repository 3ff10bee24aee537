import type { Machines } from '../adapters/machines.ts';
import type { Table } from '../adapters/table.ts';
import { type Head, headKey, readHead } from './items.ts';

/**
 * Wakes the case after a fact was written (protocol.md section 3, "Nudge"): reads the head after the write, sends the token of a wait
 * that has not seen all signals, or starts the stored start request where nobody waits. A duplicate runs it too: the first delivery
 * may have died between its write and this.
 */
export async function nudge(table: Table, machines: Machines, accountId: string): Promise<void> {
  const head = readHead(accountId, await table.get(headKey(accountId)));
  await wake(machines, head);
}

/** The same, of a head that was read after the write. @returns what was found, for the caller's report */
export async function wake(machines: Machines, head: Head): Promise<'closed' | 'woken' | 'gone' | 'started' | 'seen'> {
  if (head.caseStatus !== 'open') return 'closed';
  if (head.waitToken !== undefined) {
    return (head.waitSignals ?? 0) < head.signals ? machines.wake(head.waitToken) : 'seen';
  }
  await startOwner(machines, head);
  return 'started';
}

/**
 * Starts the stored start request, once however often it is asked. A wait that was left behind is woken first: its execution finds that
 * the case is not its own any more, and whoever dies in between is followed by somebody who does both again.
 */
export async function startOwner(machines: Machines, { execMachine, execName, execInput, leftToken }: Head): Promise<void> {
  if (execMachine === undefined || execName === undefined || execInput === undefined)
    throw new Error('An open case without a start request');
  if (leftToken !== undefined) await machines.wake(leftToken);
  await machines.start(execMachine, execName, execInput);
}
