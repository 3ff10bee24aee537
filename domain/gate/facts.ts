import { addBusinessDays, addDays, localDate, startOfDay, toInstant, toMillis } from '../calendar.ts';
import { daysPastDue, isArranged, isCured, openCase } from '../case-status.ts';
import type { Governor } from '../customer.ts';
import { activeHold, isHeldAs } from '../holds.ts';
import type { Account } from '../model.ts';
import type { Ladder } from '../policy/ladder.ts';
import { overlaysFor } from '../policy/packs/overlay.ts';
import type { Fact } from '../policy/packs/pack.ts';
import type { Deployment } from '../record/journal.ts';
import { isFigureStale } from '../strategy/figures.ts';
import type { GateFacts, Standing } from './types.ts';

/** Whom a contact is to be judged for. */
export interface Subject {
  readonly governor: Governor | undefined;
  /** Absent: the contact is about the customer, no account is named. */
  readonly account?: Account | undefined;
  readonly deployment: Deployment;
  readonly ladder: Ladder;
  /** Epoch milliseconds: what is known is known as of then, whichever instant is asked about. */
  readonly now: number;
}

/** Until when a payment is on its way, or said to be; undefined where none is. Epoch milliseconds. */
export function paymentAwaitedUntil({ account, ladder, now }: Pick<Subject, 'account' | 'ladder' | 'now'>): number | undefined {
  if (account === undefined) return undefined;
  const { timeZone } = account;
  let until = account.case?.quietUntil === undefined ? 0 : toMillis(account.case.quietUntil);
  for (const payment of Object.values(account.payments)) {
    if (payment.state !== 'pending' || payment.reversedAt !== undefined) continue;
    const paidOn = localDate(toMillis(payment.paidAt), timeZone);
    until = Math.max(until, startOfDay(addDays(addBusinessDays(paidOn, ladder.pendingPaymentBusinessDays), 1), timeZone));
  }
  return until > now ? until : undefined;
}

function standingOf({ governor, account, deployment, ladder, now }: Subject, at: number, quiet: number | undefined): Standing {
  const hold = activeHold([...(account?.holds ?? []), ...(governor?.holds ?? [])], at);
  const held = hold === undefined ? {} : { heldBy: hold.kind };
  if (account === undefined) {
    // Without an account nothing says how long it is due: a rule that counts from the due date is for a check that names one.
    const caseOpen = (governor?.openCases.length ?? 0) > 0;
    return { caseOpen, cured: false, ...held, arranged: false, daysPastDue: Number.POSITIVE_INFINITY };
  }
  const current = openCase(account);
  return {
    caseOpen: current !== undefined,
    cured: isCured(account, ladder),
    ...held,
    arranged: current !== undefined && isArranged(current),
    daysPastDue: daysPastDue(account, at),
    ...(quiet === undefined ? {} : { quietUntil: toInstant(quiet) }),
    // As known now: a figure that will be too old by then may be followed by a newer one.
    ...(isFigureStale(account, deployment, now) ? { figureStale: true } : {}),
  };
}

/** What packs ask beside how the case stands: the ladder lets a visit be approved only when its preconditions are on the timeline. */
function knownFacts({ account, governor }: Subject, at: number): Fact[] {
  const current = account === undefined ? undefined : openCase(account);
  const numbers = governor?.points.filter((point) => point.channel === 'voice') ?? [];
  const facts: Fact[] = [];
  // Of several holds one stands for all; this one stops what passes the others.
  if (isHeldAs('deceased', [...(account?.holds ?? []), ...(governor?.holds ?? [])], at)) facts.push('deceased');
  if (current?.visitApprovedAt !== undefined) facts.push('visit-prepared');
  if (current?.visits.some(({ outcome }) => outcome === 'visit-refused')) facts.push('visit-refused');
  if (numbers.length > 0 && numbers.every((point) => point.owner === 'work')) facts.push('work-number-only');
  return facts;
}

/**
 * Everything that the gate judges a contact by, from what is on record. With an account the account's case and figures count, without one
 * only what is known of the customer.
 *
 * @param at the instant asked about, epoch milliseconds, now or later.
 */
export function factsOf(subject: Subject, at: number = subject.now, quiet: number | undefined = paymentAwaitedUntil(subject)): GateFacts {
  const { governor, account, deployment } = subject;
  const own = account?.timeZone ?? governor?.timeZone ?? deployment.timeZone;
  const overlays = overlaysFor(deployment.overlays, account?.facts.product);
  const approvedAt = account?.case?.pressureApprovedAt;
  const work = governor?.points.filter((point) => point.owner === 'work').map((point) => point.addressKey) ?? [];
  return {
    jurisdiction: account?.jurisdiction ?? governor?.jurisdiction ?? deployment.jurisdiction,
    timeZones: governor?.timeZone === undefined || governor.timeZone === own ? [own] : [own, governor.timeZone],
    ledger: governor?.contacts ?? [],
    findings: governor?.findings ?? {},
    wishes: governor?.wishes ?? { windows: [], inconvenient: [], optedOut: [] },
    standing: standingOf(subject, at, quiet),
    house: deployment.house,
    role: deployment.role,
    facts: knownFacts(subject, at),
    ...(work.length === 0 ? {} : { workKeys: work }),
    ...(overlays === undefined ? {} : { overlays }),
    ...(approvedAt === undefined ? {} : { pressureApprovedAt: approvedAt }),
  };
}
