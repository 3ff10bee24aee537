import { toInstant } from '../../domain/calendar.ts';
import type { Verdict } from '../../domain/gate/types.ts';
import { Busy, NotAllowed } from '../facts/attempts.ts';
import { ContactNotAllowed, type Problem, TryAgain } from './problem.ts';

/** The gate's word as the API gives it. */
export function verdictView(verdict: Verdict): Record<string, unknown> {
  const { decision, rule, why } = verdict;
  return { decision, ...(verdict.decision === 'defer' ? { notBefore: toInstant(verdict.notBefore) } : {}), rule, why };
}

/** The problem that answers a reservation that was not made; undefined for any other error. */
export function reservationProblem(error: unknown): Problem | undefined {
  if (error instanceof NotAllowed) return new ContactNotAllowed(error.message, verdictView(error.verdict));
  if (error instanceof Busy) return new TryAgain(error.message);
  return undefined;
}
