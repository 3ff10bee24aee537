import { addBusinessDays, HOUR, localDate, toMillis } from '../calendar.ts';
import { ceilingAt, daysPastDue, openCase } from '../case-status.ts';
import { spread } from '../decide/world.ts';
import { balanceMinor, oldestDueDate, overdueMinor } from '../ledger.ts';
import { missingIn } from '../minima.ts';
import type { Account, LocalDate, Promise_, Stage } from '../model.ts';
import { type Money, moneyOf, toMinor, toMoney } from '../money.ts';
import { TAKE_OVER } from '../policy/take-over.ts';
import { type CaseImport, type ImportedPlan, type ImportedPromise, isWrittenNotice, offeredAt } from '../take-over/import.ts';
import { isHigher, nextStage } from '../transitions.ts';
import type { Journal } from './journal.ts';
import { keptFrom, paidTowards, promiseEnds } from './promises.ts';

/** How the open case of an account goes on with one that ran elsewhere. */

interface Misfit {
  readonly field: string;
  readonly rule: string;
}

/** What an import contradicts of the account; known at once, or only when the account is. */
export function misfitOf(account: Account, imported: CaseImport, isOpen: boolean): Misfit | undefined {
  const { customerId, currency, timeZone } = account;
  if (customerId !== undefined && customerId !== imported.customerId)
    return { field: 'customerId', rule: 'the account belongs to another customer' };
  const promised = imported.promises.findIndex(({ amount }) => currency !== undefined && amount.currency !== currency);
  const rule = `the account is kept in ${currency}`;
  if (promised >= 0) return { field: `promises.${promised}.amount.currency`, rule };
  const planned = imported.plan?.instalments.findIndex(({ amount }) => currency !== undefined && amount.currency !== currency) ?? -1;
  if (planned >= 0) return { field: `plan.instalments.${planned}.amount.currency`, rule };
  const dueDate = isOpen ? oldestDueDate(account) : undefined;
  if (dueDate !== undefined && dueDate > localDate(toMillis(imported.asOf), timeZone))
    return { field: 'asOf', rule: 'what is overdue now fell due later: the import is of an earlier case' };
  return undefined;
}

/** The open case goes on with an import that waits for it, or the import is rejected now that the account is known. */
export function takeOver(journal: Journal): void {
  const { account, setting } = journal;
  const imported = account.import;
  if (imported === undefined || openCase(account) === undefined || rejectLateImport(journal)) return;
  const { importId } = imported;
  const misfit = misfitOf(account, imported, true);
  if (misfit !== undefined) {
    journal.add({ type: 'ImportRejected', importId, ...misfit });
    return;
  }
  const today = localDate(setting.now, account.timeZone);
  const { stage, why } = supported(journal, imported, today);
  journal.add({
    type: 'CaseTakenOver',
    importId,
    claimed: imported.stage,
    why,
    writtenDemands: arrivedDemands(journal, imported),
    contacts: imported.contacts.length,
    contactsFrom: firstContactOn(account.accountId, today),
    onDate: today,
  });
  journal.add({ type: 'StageEntered', stage, from: openCase(account)?.stage ?? stage, why, onDate: today, rise: false });
  takeOverPromises(journal, imported);
  takeOverPlan(journal, imported);
}

/** An import whose time is over is told of as rejected, whenever that is found: nothing is taken over then, and its contacts stay counted. */
export function rejectLateImport(journal: Journal): boolean {
  const { account, setting } = journal;
  const { importId, waitsUntil } = account.import ?? {};
  if (importId === undefined || waitsUntil === undefined || toMillis(waitsUntil) > setting.now) return false;
  const rule = `no case of this account opened in the ${TAKE_OVER.waitDays} days after it came`;
  journal.add({ type: 'ImportRejected', importId, field: 'accountId', rule });
  return true;
}

/** The same day for the same account, whoever asks and however often it is imported. */
function firstContactOn(accountId: string, today: LocalDate): LocalDate {
  return addBusinessDays(today, 1 + Math.floor(spread(accountId, 'take-over') * TAKE_OVER.firstContactsOverBusinessDays));
}

function arrivedDemands({ setting }: Journal, { notices }: CaseImport): number {
  const arrived = setting.now - setting.ladder.legal.deliveredAfterHours * HOUR;
  return notices.filter((notice) => isWrittenNotice(notice) && toMillis(notice.at) <= arrived).length;
}

/** The highest stage up to the one that was named that the days past due allow and of which each lower one has its minimum on record. */
function supported({ account, setting }: Journal, imported: CaseImport, today: LocalDate): { readonly stage: Stage; readonly why: string } {
  const { ladder, now } = setting;
  const days = daysPastDue(account, now);
  const ceiling = ceilingAt(days, ladder);
  const named = `Taken over from the ${imported.stage} stage`;
  const done = doneIn(imported);
  let stage: Stage = 'reminder';
  while (isHigher(imported.stage, stage)) {
    const next = nextStage(stage);
    if (next === undefined) break;
    if (isHigher(next, ceiling)) return { stage, why: `${named} and lowered to ${stage}: ${days} days past due allow no more` };
    const missing = missingIn(stage, done, { today, timeZone: account.timeZone, ladder });
    if (missing !== undefined) return { stage, why: `${named} and lowered to ${stage}: before the case may rise, ${missing}` };
    stage = next;
  }
  return { stage, why: `${named}: the days past due and the acts on record support it` };
}

/** What the minima of the stages are met by, of the acts that were made elsewhere. */
function doneIn(imported: CaseImport) {
  const made = imported.contacts.filter(({ direction }) => direction === undefined);
  const calls = made.filter(({ channel }) => channel === 'voice').length;
  const written = made.filter(({ channel }) => channel !== 'voice' && channel !== 'visit').length;
  const offered = offeredAt(imported);
  return {
    messageImpossibleAt: {},
    sentByStage: { reminder: written + imported.notices.filter(isWrittenNotice).length },
    callsWorkedByStage: { call: calls },
    ...(offered === undefined ? {} : { planOfferedAt: offered }),
  };
}

// ---- promises and plan ----------------------------------------------------------------------------------------------------

function takeOverPromises(journal: Journal, { promises }: CaseImport): void {
  const { caseId = '' } = openCase(journal.account) ?? {};
  const inOrder = [...promises].sort((one, other) => compare(one.recordedAt, other.recordedAt) || compare(one.date, other.date));
  // Parts of one promise were recorded at one time.
  const occasions = [...new Set(inOrder.map(({ recordedAt }) => recordedAt))];
  const recorded = inOrder.map((promise, index) => {
    const taskId = `${caseId}-t0-${occasions.indexOf(promise.recordedAt) + 1}`;
    return { promise, taskId, promiseId: `${taskId}-p${index + 1}` };
  });
  for (const { promise, ...ids } of recorded)
    journal.add({ type: 'PromiseRecorded', ...ids, amount: promise.amount, date: promise.date, recordedAt: promise.recordedAt });
  for (const { promise, promiseId } of recorded) judge(journal, promiseId, promise);
}

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/** By the ledger, and by what the bank says of payments that it does not send. One whose day is to come is awaited. */
function judge(journal: Journal, promiseId: string, said: ImportedPromise): void {
  const { account, setting } = journal;
  const current = openCase(account);
  const promise: Promise_ | undefined = current?.promises.find((row) => row.promiseId === promiseId);
  if (current === undefined || promise === undefined) return;
  const { graceDays, toleranceShare } = setting.ladder.promise;
  const told = said.paid === undefined ? 0 : toMinor(said.paid);
  const paidMinor = Math.max(told, paidTowards(current, promise, account.timeZone, graceDays));
  const paid = toMoney(paidMinor, said.amount.currency);
  if (paidMinor >= keptFrom(promise, toleranceShare)) journal.add({ type: 'PromiseKept', promiseId, paid });
  else if (promiseEnds(account, promise, setting.ladder) <= setting.now)
    journal.add({ type: 'PromiseBroken', promiseId, paid, partKept: paidMinor > 0 });
}

/** A running plan goes on as it was agreed, and needs no booking. */
function takeOverPlan(journal: Journal, { importId, asOf, plan }: CaseImport): void {
  const [first] = plan?.instalments ?? [];
  if (plan === undefined || first === undefined) return;
  const { currency } = first.amount;
  const sum = (rows: typeof plan.instalments) =>
    toMoney(
      rows.reduce((total, row) => total + toMinor(row.amount), 0),
      currency,
    );
  const { planId, kind, agreedAt, channel, proofRef, instalments } = plan;
  journal.add({
    type: 'PlanAgreed',
    planId,
    offerId: `imported-${importId}`,
    kind,
    agreedAt,
    channel,
    ...(proofRef === undefined ? {} : { proofRef }),
    total: sum(instalments),
    instalments: instalments.map(({ dueDate, amount }) => ({ dueDate, amount })),
    takenOver: { importId, asOf, paid: sum(instalments.filter(({ status }) => status === 'paid')), ...givenUp(journal, plan) },
  });
  journal.add({ type: 'PlanBooked', planId, bookedAt: agreedAt });
  for (const promise of openCase(journal.account)?.promises ?? []) {
    if (promise.status === 'open') journal.add({ type: 'PromiseEnded', promiseId: promise.promiseId, why: 'an arrangement was agreed' });
  }
}

/** What a waiver or a settlement that others agreed leaves unpaid of what is owed now: nobody asks for it once the plan is paid. */
function givenUp({ account }: Journal, { kind, instalments }: ImportedPlan): { readonly waived?: Money } {
  if (kind !== 'waiver' && kind !== 'settlement') return {};
  const owed = kind === 'waiver' ? overdueMinor(account) : Math.max(overdueMinor(account), balanceMinor(account));
  const open = instalments.filter(({ status }) => status === 'open');
  const left = owed - open.reduce((total, { amount }) => total + toMinor(amount), 0);
  return left <= 0 ? {} : { waived: moneyOf(account, left) };
}
