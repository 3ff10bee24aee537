import type * as z from 'zod';
import { toInstant } from '../../domain/calendar.ts';
import { waitingFor } from '../../domain/decide/world.ts';
import type { executionInput, Turn } from '../contract/turn.ts';
import { type TurnPorts, viewCase } from '../protocol/turns.ts';

/** Says what is due for a case, as the machine's next turn. Reads everything afresh and writes nothing (protocol.md section 3, "Decide"). */
export async function takeTurn(ports: TurnPorts, input: z.infer<typeof executionInput>): Promise<Turn> {
  const view = await viewCase(ports, input.accountId, input.customerId);
  const { head } = view;
  const base = {
    accountId: input.accountId,
    customerId: input.customerId,
    caseId: head.caseId ?? '',
    execN: input.execN,
    version: head.version,
    signals: head.signals,
    waits: head.waits,
  };
  if (!('decision' in view) || head.execN !== input.execN)
    return { ...base, act: 'superseded', waiting: 'next-act', until: toInstant(ports.now + 1000) };
  const { proposal, until } = view.decision;
  const to = proposal.kind === 'hand-over' ? { to: proposal.to } : {};
  return { ...base, act: proposal.act, waiting: waitingFor(view.world), until: toInstant(until), ...to };
}
