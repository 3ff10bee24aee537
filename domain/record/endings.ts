import type { Ending } from '../account-words.ts';
import { caseNow, recallFor } from '../advice.ts';
import { openCase, ownedCase } from '../case-status.ts';
import { isFinal, isUndone, wasDueAt } from '../endings.ts';
import type { Draft } from '../entries.ts';
import { isNewer } from '../ledger.ts';
import type { CloseReason } from '../model.ts';
import { closePressing, closeTasks, closeTasksAbout, drawConsequences, openOrDrawConsequences } from './consequences.ts';
import { type Journal, Refusal } from './journal.ts';

/** How a case ends other than by a cure: by the core's word on the account, by the court's, or by a person's. */

type FactOf<T extends Draft['type']> = Omit<Extract<Draft, { type: T }>, 'type' | 'caseId'>;

/** Records what the core says of an account; a final word ends the case, a placement holds it, a recall lets it go on or opens it anew. */
export function recordAccountStatus(journal: Journal, fact: FactOf<'AccountStatusChanged'>): void {
  const { status, changedAt, reference } = fact;
  const placed = journal.account.holds.find((hold) => hold.kind === 'placed' && hold.releasedAt === undefined);
  journal.add({ type: 'AccountStatusChanged', status, changedAt, reference });
  const { account } = journal;
  if (placed !== undefined && account.standing?.at === changedAt) closeTasksAbout(journal, 'review-placement', placed.holdId, status);
  if (isFinal(status)) {
    const ending = { reason: status, endedAt: changedAt, reference, how: 'status' as const };
    if (wasDueAt(account, changedAt) && !isUndone(account, ending)) endCase(journal, ending);
  }
  openOrDrawConsequences(journal);
}

/**
 * Records that the core takes back a final word, as an error of its own. The case that had ended by it stays closed; what is overdue opens the
 * next one at once, unless something else ended it too. A word said until then is void, also where it comes later.
 */
export function recordStatusRetracted(journal: Journal, fact: Omit<FactOf<'AccountStatusRetracted'>, 'endedCaseId' | 'endedPlanId'>): void {
  const { status, retractedAt, reference } = fact;
  const last = journal.account.case;
  const { ending } = last ?? {};
  const wasWrong = ending?.how === 'status' && ending.reason === status && !isNewer(ending.endedAt, retractedAt);
  const ended = last === undefined || !wasWrong ? {} : { endedCaseId: last.caseId };
  const stopped = !wasWrong || ending.endedPlanId === undefined ? {} : { endedPlanId: ending.endedPlanId };
  journal.add({ type: 'AccountStatusRetracted', status, retractedAt, reference, ...ended, ...stopped });
  openOrDrawConsequences(journal);
}

/** Records news of a suit. A settlement ends the case; a suit in court closes what was prepared here; the rest the decisions read. */
export function recordLegalStatus(journal: Journal, fact: FactOf<'LegalStatusReported'>): void {
  const { status, reportedAt, reference } = fact;
  const concerned = wasDueAt(journal.account, reportedAt);
  const isNews = isNewer(reportedAt, journal.account.suit?.at);
  journal.add({ type: 'LegalStatusReported', status, reportedAt, ...(reference === undefined ? {} : { reference }) });
  const settled: Ending & { how: 'court' } = {
    reason: 'settled',
    endedAt: reportedAt,
    how: 'court',
    ...(reference === undefined ? {} : { reference }),
  };
  if (concerned && status === 'settled' && !isUndone(journal.account, settled)) endCase(journal, settled);
  else if (concerned && isNews && status !== 'withdrawn') closePressing(journal, 'in-court');
  if (concerned && isNews) closeQuestion(journal);
  drawConsequences(journal);
}

/** Whoever was to find out what became of the suit need not ask any more. */
function closeQuestion(journal: Journal): void {
  const question = openCase(journal.account)?.tasks.find((task) => task.objective === 'review-suit');
  if (question !== undefined) closeTasksAbout(journal, question.objective, question.subject, 'answered');
}

/**
 * Ends a case by a person's decision.
 *
 * @throws Refusal 409 where it has ended before, or nothing is overdue any more
 */
export function recordClosing(journal: Journal, caseId: string, ending: Ending): void {
  const current = openCase(journal.account);
  if (current?.caseId !== caseId) throw new Refusal(409, 'This case has ended before.');
  if (current.curedAt !== undefined) throw new Refusal(409, 'Nothing is overdue any more: the case ends as cured.');
  endCase(journal, { ...ending, how: 'person' });
}

/**
 * Takes back that a person ended a case: it was an error. What is overdue opens the next one at once, unless the core or a court ended it too.
 *
 * @throws Refusal 409 where no person ended this case, it is not the account's last, or that was taken back before; 422 where whoever ended
 *   it would take that back alone
 */
export function recordEndingWithdrawn(journal: Journal, caseId: string, said: { readonly reference: string; readonly by?: string }): void {
  const { case: last } = journal.account;
  if (last?.caseId !== caseId) throw new Refusal(409, 'A later case of this account was opened since.');
  if (last.ending?.how !== 'person') throw new Refusal(409, 'No person has ended this case.');
  if (last.ending.withdrawnAt !== undefined) throw new Refusal(409, 'That this case was ended was taken back before.');
  if (said.by !== undefined && said.by === last.ending.by)
    throw new Refusal(422, 'must be somebody else than the person who ended the case', 'by', 'PERSONS.REQUESTER');
  journal.add({ type: 'EndingWithdrawn', caseId, ...said });
  openOrDrawConsequences(journal);
}

/** A case that was cured first ends as that: what was true first is not overwritten. */
function endCase(journal: Journal, ending: Ending & Pick<FactOf<'CaseEnded'>, 'how'>): void {
  const current = openCase(journal.account);
  if (current === undefined || current.curedAt !== undefined) return;
  closeEverything(journal, ending.reason);
  // The core knows its own word; of anybody else's end it is told while an agency still works the account.
  const recall =
    ending.how === 'status'
      ? undefined
      : recallFor(caseNow(journal.account, current, journal.setting), `The case has ended: ${ending.reason}`);
  if (recall !== undefined) journal.add(recall);
  journal.add({ ...ending, type: 'CaseEnded' });
}

const CURED: { readonly reason: 'cured'; readonly reference?: string; readonly by?: string } = { reason: 'cured' };

/**
 * Closes the case that its machine has found ended or cured. What opens the next one may have come between its end and now, when nothing
 * could open: it does so here.
 */
export function recordJourneyClosed(journal: Journal): void {
  const { ending, legal } = ownedCase(journal.account) ?? {};
  if (ending === undefined) closeEverything(journal, 'cured');
  const { reason, reference, by } = ending ?? CURED;
  journal.add({
    type: 'JourneyClosed',
    reason,
    ...(reference === undefined ? {} : { reference }),
    ...(by === undefined ? {} : { by }),
    ...(legal?.record === undefined ? {} : { evidenceRef: legal.record.ref, evidenceHash: legal.record.hash }),
  });
  openOrDrawConsequences(journal);
}

/** Invariant 5: with a case end its tasks, promises and plan. */
function closeEverything(journal: Journal, reason: CloseReason | 'cured'): void {
  closeTasks(journal, reason);
  const current = openCase(journal.account);
  for (const promise of current?.promises ?? []) {
    if (promise.status === 'open') journal.add({ type: 'PromiseEnded', promiseId: promise.promiseId, why: reason });
  }
  if (current?.plan?.status === 'active') journal.add({ type: 'PlanEnded', planId: current.plan.planId, why: reason });
}
