import { addDays, DAY, daysBetween, localDate, startOfDay, toMillis } from '../calendar.ts';
import { openCase } from '../case-status.ts';
import type { Account, Case, Promise_ } from '../model.ts';
import { toMoney } from '../money.ts';
import type { Ladder } from '../policy/ladder.ts';
import type { Journal } from './journal.ts';

type CasePayment = Case['payments'][number];

/** Whether promises are kept: judged from the ledger, anew with every payment and every reversal. */

/** The first instant at which an unkept promise is broken: its grace days are over. */
export function promiseEnds(account: Pick<Account, 'timeZone'>, promise: Promise_, ladder: Ladder): number {
  return startOfDay(addDays(promise.date, ladder.promise.graceDays + 1), account.timeZone);
}

/**
 * What was paid, net of reversals, from a day before the recording of a promise until its grace ended, as far as nobody knew of it when
 * the promise was made, less what promises for earlier dates used up: money counts towards one promise only, and a promise that got none of it takes none away.
 */
export function paidTowards(current: Case, promise: Promise_, zone: string, graceDays: number): number {
  const left = current.payments.filter((payment) => !payment.reversed).map((payment) => ({ ...payment }));
  const inOrder = current.promises
    .filter((row) => row.status !== 'ended')
    .sort((one, other) => (one.date < other.date ? -1 : one.date > other.date ? 1 : 0));
  for (const row of inOrder) {
    const own = row.promiseId === promise.promiseId;
    let paid = 0;
    for (const payment of left) {
      if (!isFor(row, payment, zone, graceDays)) continue;
      const used = own ? payment.amountMinor : Math.min(payment.amountMinor, row.amountMinor - paid);
      payment.amountMinor -= used;
      paid += used;
    }
    if (own) return paid;
  }
  return 0;
}

function isFor(promise: Promise_, { paymentId, paidAt }: CasePayment, zone: string, graceDays: number): boolean {
  const since = toMillis(paidAt) >= toMillis(promise.recordedAt) - DAY && !promise.knownPayments?.includes(paymentId);
  return since && daysBetween(promise.date, localDate(toMillis(paidAt), zone)) <= graceDays;
}

/** The least that keeps a promise: the amount less the under-payment tolerance. */
export function keptFrom(promise: Promise_, toleranceShare: number): number {
  return Math.max(1, promise.amountMinor - Math.floor(promise.amountMinor * toleranceShare));
}

/**
 * Judges the promises of the open case by what is on the ledger now: also those that were judged before, where a payment came late or was
 * taken back.
 *
 * @returns whether one that had been kept is awaited again
 */
export function judgePromises(journal: Journal): boolean {
  const { ladder } = journal.setting;
  const { graceDays, toleranceShare } = ladder.promise;
  let awaited = false;
  for (const promise of openCase(journal.account)?.promises ?? []) {
    const current = openCase(journal.account);
    const { currency, timeZone } = journal.account;
    if (promise.status === 'ended' || current === undefined || currency === undefined) continue;
    const { promiseId } = promise;
    const paidMinor = paidTowards(current, promise, timeZone, graceDays);
    const paid = toMoney(paidMinor, currency);
    const kept = paidMinor >= keptFrom(promise, toleranceShare);
    if (kept && promise.status !== 'kept') journal.add({ type: 'PromiseKept', promiseId, paid });
    if (kept || promise.status !== 'kept' || !wasTakenBack(current, promise, timeZone, graceDays)) continue;
    if (promiseEnds(journal.account, promise, ladder) <= journal.setting.now) {
      journal.add({ type: 'PromiseBroken', promiseId, paid, partKept: paidMinor > 0 });
    } else {
      journal.add({ type: 'PromiseReopened', promiseId });
      awaited = true;
    }
  }
  return awaited;
}

/** The case forgets its oldest payments: only a reversal makes a kept promise unkept. */
function wasTakenBack(current: Case, promise: Promise_, zone: string, graceDays: number): boolean {
  return current.payments.some((payment) => payment.reversed && isFor(promise, payment, zone, graceDays));
}

/** Promises that ended because the case was cured, which was taken back: awaited again, or judged next where their day has passed. */
export function reopenPromises(journal: Journal): void {
  for (const promise of openCase(journal.account)?.promises ?? [])
    if (promise.endedByCure) journal.add({ type: 'PromiseReopened', promiseId: promise.promiseId });
}
