import * as z from 'zod';
import { ACTS, WAITS } from '../../domain/decide/world.ts';
import { STAGES } from '../../domain/model.ts';

/** What Decide hands to the machine and the machine to every act: ids, counters and instants, never a fact to act on. */
export const turn = z.object({
  accountId: z.string(),
  customerId: z.string(),
  caseId: z.string(),
  execN: z.int(),
  version: z.int(),
  signals: z.int(),
  waits: z.int(),
  act: z.enum(ACTS),
  /** What a wait is for, and where a hand-over goes: they choose the state's name in the graph, nothing else. */
  waiting: z.enum(WAITS),
  to: z.enum(STAGES).optional(),
  until: z.string(),
});
export type Turn = z.infer<typeof turn>;

/** The input of an execution, as stored with the case. */
export const executionInput = z.object({ accountId: z.string(), customerId: z.string(), execN: z.int() });
export const turnInput = z.object({ turn });
/** A hand-over names its target twice, in the graph's edge and in the decision: they must agree. */
export const moveInput = z.object({ turn, to: z.enum(STAGES).optional() });
