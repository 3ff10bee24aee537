import { DAY, toInstant, toMillis } from '../calendar.ts';
import { openCase, ownedCase } from '../case-status.ts';
import type { Draft } from '../entries.ts';
import type { Account, Case } from '../model.ts';
import { TAKE_OVER } from '../policy/take-over.ts';
import type { CaseImport } from '../take-over/import.ts';
import { ENTRY_STAGE } from '../transitions.ts';
import { checkHold, recordHoldPlaced } from './bank-facts.ts';
import { drawConsequences } from './consequences.ts';
import { Contradiction, type Journal } from './journal.ts';
import { misfitOf, rejectLateImport, takeOver } from './take-over.ts';

/** A hold that came with an import, by its place in the list; `releasedAt` where its release was known before. */
export interface ImportedHold {
  readonly index: number;
  readonly hold: Omit<Draft<'HoldPlaced'>, 'type' | 'caseId'>;
  readonly releasedAt?: string | undefined;
}

/**
 * Puts a case that ran elsewhere on the account's timeline, with its holds. An open case goes on with it at once, else it waits for one.
 *
 * @param holds those that nobody placed before; `all` names the others too
 * @throws Contradiction naming the field and the rule; the journal is not to be committed then
 */
export function recordCaseImported(
  journal: Journal,
  imported: CaseImport,
  holds: readonly ImportedHold[] = [],
  all: readonly string[] = holds.map(({ hold }) => hold.holdId),
): void {
  checkAgainst(journal.account, imported, journal.setting.now);
  for (const { index, hold } of holds) checkNested(index, hold);
  const waitsUntil = toInstant(journal.setting.now + TAKE_OVER.waitDays * DAY);
  journal.add({ ...imported, type: 'CaseImported', waitsUntil, holds: all });
  // What holds the case is known before anything is decided about it.
  for (const { hold, releasedAt } of holds) recordHoldPlaced(journal, hold, releasedAt);
  takeOver(journal);
  drawConsequences(journal);
}

/** Ends the waiting of an import whose case did not open in its time. @returns whether there was one */
export function recordImportEnd(journal: Journal): boolean {
  return openCase(journal.account) === undefined && rejectLateImport(journal);
}

function checkNested(index: number, hold: ImportedHold['hold']): void {
  try {
    checkHold(hold);
  } catch (error) {
    throw error instanceof Contradiction ? new Contradiction(`holds.${index}.${error.field}`, error.rule) : error;
  }
}

function checkAgainst(account: Account, imported: CaseImport, now: number): void {
  const current = openCase(account);
  if (account.import !== undefined) throw new Contradiction('accountId', 'another import of this account waits for its case');
  if (current?.takenOver !== undefined) throw new Contradiction('accountId', 'the open case of this account was taken over before');
  if (current !== undefined && hasActs(current))
    throw new Contradiction('accountId', 'the open case of this account has acts of its own already');
  const endedAt = endOfLast(account, now);
  if (endedAt !== undefined && endedAt >= toMillis(imported.asOf))
    throw new Contradiction('asOf', 'a case of this account was closed here after that');
  const misfit = misfitOf(account, imported, current !== undefined);
  if (misfit !== undefined) throw new Contradiction(misfit.field, misfit.rule);
}

/** When the account's last case was closed; of one that has ended and that its machine is about to close, now. */
function endOfLast(account: Account, now: number): number | undefined {
  const owned = ownedCase(account);
  if (owned?.ending !== undefined || owned?.curedAt !== undefined) return now;
  return account.case?.closedAt === undefined ? undefined : toMillis(account.case.closedAt);
}

/** Whether anything was done in a case, apart from asking for the customer's data. */
function hasActs({ contacts, taskCount, dataAskedAt, promises, plan, deepestStage }: Case): boolean {
  const asked = dataAskedAt === undefined ? 0 : 1;
  return contacts.length > 0 || taskCount > asked || promises.length > 0 || plan !== undefined || deepestStage !== ENTRY_STAGE;
}
