import { toInstant } from '../calendar.ts';
import { actorCode } from '../codes.ts';
import type { ContactRow } from '../customer.ts';
import type { Channel, Instant, Purpose } from '../model.ts';
import type { Journal } from './journal.ts';

/**
 * Reservations that people and their systems make before they dial or set out. Each is a row in the customer's ledger with an end: until
 * it is reported it counts as the worst it may become, after its end not at all.
 */

const RESERVED_MINUTES = 10;

/** A contact that the gate allowed and that somebody is about to make. */
export interface Attempt {
  readonly attemptId: string;
  /** Absent where nobody's task asked for it: a dialler's or an agency's own. */
  readonly taskId?: string | undefined;
  readonly channel: Channel;
  readonly contactPointId: string;
  readonly addressKey: string;
  readonly purpose: Purpose;
  /** Absent where it is about no account in particular: it then counts for all. */
  readonly accountId?: string | undefined;
  /** Who makes it where that is not the bank itself. */
  readonly actor?: string | undefined;
  readonly by?: string | undefined;
  readonly reservedAt: Instant;
  readonly expiresAt: Instant;
}

export function expiryOf(now: number): Instant {
  return toInstant(now + RESERVED_MINUTES * 60_000);
}

/** What stands in the ledger until somebody reports. */
export function reservedRow(attempt: Attempt): ContactRow {
  return { ...rowOf(attempt), at: attempt.reservedAt, kind: 'attempt', pendingUntil: attempt.expiresAt };
}

/**
 * What stands there once it was reported: on the number that was dialled, at its own time, but never before the reservation, which is
 * when it counted first.
 */
export function settledRow(
  attempt: Attempt,
  report: Pick<ContactRow, 'at' | 'kind' | 'contactPointId' | 'addressKey' | 'outcome'>,
): ContactRow {
  const { at, contactPointId, addressKey, ...told } = report;
  const elsewhere = contactPointId !== undefined && contactPointId !== attempt.contactPointId;
  const point = elsewhere ? { contactPointId, ...(addressKey === undefined ? {} : { addressKey }) } : {};
  const { addressKey: reserved, ...row } = rowOf(attempt);
  return {
    ...row,
    ...(elsewhere ? {} : { addressKey: reserved }),
    ...point,
    ...told,
    at: at < attempt.reservedAt ? attempt.reservedAt : at,
  };
}

function rowOf(attempt: Attempt): Omit<ContactRow, 'at' | 'kind'> & { readonly addressKey: string } {
  const { attemptId, channel, contactPointId, addressKey, purpose, accountId, actor } = attempt;
  return {
    id: attemptId,
    channel,
    contactPointId,
    addressKey,
    purpose,
    ...(accountId === undefined ? {} : { accountId }),
    ...(actor === undefined ? {} : { actor }),
  };
}

/** Puts the reservation on the timeline, with the rule by which the gate let it pass. */
export function recordAttempt(journal: Journal, attempt: Attempt & { readonly customerId?: string }, rule: string): void {
  const { attemptId, taskId, channel, contactPointId, purpose, actor, by, expiresAt, customerId } = attempt;
  const another = customerId !== undefined && customerId !== journal.account.customerId;
  journal.add({
    type: 'AttemptReserved',
    attemptId,
    channel,
    contactPointId,
    purpose,
    rule,
    expiresAt,
    ...(taskId === undefined ? {} : { taskId }),
    ...(actor === undefined ? {} : { actor: actorCode(actor) }),
    ...(by === undefined ? {} : { by }),
    ...(another ? { customerId } : {}),
  });
}
