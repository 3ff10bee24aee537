import type { Standing, Suit } from '../account-words.ts';
import { isFinal, isUndone, wasDueAt } from '../endings.ts';
import type { Entry } from '../entries.ts';
import { isNewer } from '../ledger.ts';
import type { Account, Case, Hold, Instant } from '../model.ts';

/** How the words from outside change the account: the core's on the account, the court's on a suit; and what we advise the core. */

/** The id of the hold that a placement is: only the core's next word releases it. */
function placementId(changedAt: Instant): string {
  return `placed-${changedAt.replace(/[^0-9TZ]/g, '')}`;
}

/** The newest word stands. When each that ends a case, and a recall, was said last is kept beside it: they may come after a newer one. */
export function onAccountStatusChanged(account: Account, entry: Entry<'AccountStatusChanged'>): Account {
  const { status, changedAt: at, reference } = entry;
  const before = account.standing;
  const last = before?.ended ?? {};
  const ended = isFinal(status) && isNewer(at, last[status]) ? { ...last, [status]: at } : last;
  const recalledAt = status === 'recalled' && isNewer(at, before?.recalledAt) ? at : before?.recalledAt;
  const newer = isNewer(at, before?.at);
  const standing: Standing = {
    ...(before === undefined || newer ? { ...before, status, at, reference } : before),
    ...(Object.keys(ended).length === 0 ? {} : { ended }),
    ...(recalledAt === undefined ? {} : { recalledAt }),
  };
  return newer ? { ...account, standing, holds: placements(account.holds, entry) } : { ...account, standing };
}

/** The word itself stays, also as the newest; that it is void stands beside it. It may come after its retraction. */
export function onAccountStatusRetracted(account: Account, { status, retractedAt }: Entry<'AccountStatusRetracted'>): Account {
  if (!isNewer(retractedAt, account.retracted?.[status])) return account;
  return { ...account, retracted: { ...account.retracted, [status]: retractedAt } };
}

/** A placement holds the case as a hold does; the core's next word, whatever it is, ends it. */
function placements(holds: readonly Hold[], { status, changedAt }: Entry<'AccountStatusChanged'>): readonly Hold[] {
  const open = (hold: Hold) => hold.kind === 'placed' && hold.releasedAt === undefined;
  const left = holds.some(open) ? holds.map((hold) => (open(hold) ? { ...hold, releasedAt: changedAt } : hold)) : holds;
  return status === 'placed' ? [...left, { holdId: placementId(changedAt), kind: 'placed', placedAt: changedAt }] : left;
}

/** News of a suit, unless it is about an earlier debt. Older ones than are known change nothing, but that it was settled is kept. */
export function onLegalStatusReported(account: Account, entry: Entry<'LegalStatusReported'>): Account {
  const { status, reportedAt: at, reference } = entry;
  if (!wasDueAt(account, at)) return account;
  const before = account.suit;
  const settledAt = status === 'settled' && isNewer(at, before?.settledAt) ? at : before?.settledAt;
  const settled = settledAt === undefined ? {} : { settledAt };
  if (before !== undefined && !isNewer(at, before.at)) return { ...account, suit: { ...before, ...settled } };
  const suit: Suit = { status, at, ...(reference === undefined ? {} : { reference }), ...settled };
  const told = { ...account, suit };
  // What a settlement ends stays as it was; where money that came back undid it, the suit is over all the same.
  const ends = status === 'settled' && !isUndone(told, { reason: 'settled', endedAt: at });
  return ends ? told : withCase(told, (current) => inSuit(current, suit));
}

/**
 * A suit that somebody else filed is a referral too: from then on the court's news drive the case. One that was withdrawn leaves the
 * case where it is, and another would start from its first step, after the time that a person who declined would be given.
 */
function inSuit(current: Case, { status, at }: Suit): Case {
  const { legal } = current;
  if (status !== 'withdrawn' && status !== 'settled') {
    const { asked: _answered, ...known } = legal;
    return { ...current, legal: { ...known, referredAt: legal.referredAt ?? at } };
  }
  if (legal.referredAt === undefined || isNewer(legal.referredAt, at)) return current;
  return { ...current, legal: { noticeContactKeys: [], intentDeclinedAt: at } };
}

/** A case that opens under a suit about what it is opened for is the court's from its first day; news of an earlier debt are forgotten. */
export function underSuit(account: Account): Account {
  const { suit } = account;
  if (suit === undefined) return account;
  if (wasDueAt(account, suit.at)) return withCase(account, (current) => inSuit(current, suit));
  const { suit: _earlier, ...rest } = account;
  return rest;
}

function withCase(account: Account, change: (current: Case) => Case): Account {
  return account.case?.status === 'open' ? { ...account, case: change(account.case) } : account;
}

/** A card that is unblocked may be blocked again: the next time is another occasion. */
export function onActionAdvised(account: Account, { action, occasion, at }: Entry<'AccountActionAdvised'>): Account {
  const { 'block-card': blocked, ...others } = account.advised ?? {};
  const rest = action === 'unblock-card' || blocked === undefined ? others : { ...others, 'block-card': blocked };
  const told = { ...account, advised: { ...rest, [action]: occasion } };
  if (action !== 'recall-from-agency') return told;
  return { ...told, holds: told.holds.map((hold) => (hold.holdId === occasion ? { ...hold, recallAdvisedAt: at } : hold)) };
}

export function onCaseEnded(current: Case, { reason, endedAt, how, reference, by, at }: Entry<'CaseEnded'>): Case {
  const { plan } = current;
  const ending = { reason, endedAt, how, ...(reference === undefined ? {} : { reference }), ...(by === undefined ? {} : { by }) };
  // What ends with the case ends in its transaction.
  const endsPlan = plan?.status === 'ended' && plan.endedAt === at;
  return { ...current, ending: endsPlan ? { ...ending, endedPlanId: plan.planId } : ending };
}

/** Also where the machine has closed the case meanwhile. */
export function onEndingWithdrawn(account: Account, { caseId, at }: Entry<'EndingWithdrawn'>): Account {
  const { case: last } = account;
  if (last?.caseId !== caseId || last?.ending === undefined) return account;
  return { ...account, case: { ...last, ending: { ...last.ending, withdrawnAt: at } } };
}
