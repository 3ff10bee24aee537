import { checkAgreements } from './conduct/agreements.ts';
import { checkClosing } from './conduct/closing.ts';
import { checkCourse } from './conduct/course.ts';
import { checkDecisions } from './conduct/decisions.ts';
import { checkRecord } from './conduct/record.ts';
import { checkHolds, checkRests } from './conduct/rests.ts';
import { checkSendings } from './conduct/sendings.ts';
import type { Ask, Told } from './conduct/told.ts';
import { checkVisits } from './conduct/visits.ts';

/**
 * What an examiner asks of a timeline beside its contacts: whether each stage, decision, visit, waiver, notice and end came after what must
 * come before it. Read from the text of the rules; every rule that was asked is counted, so that one that nothing asked is seen.
 */

export interface ConductProblem {
  readonly rule: string;
  readonly accountId: string;
  /** The place of the entry on the account's timeline. */
  readonly seq: number;
  readonly at: string;
  readonly type: string;
  /** A sentence for a person. */
  readonly why: string;
}

export interface Conduct {
  /** By rule: how many entries it was asked about. */
  readonly asked: ReadonlyMap<string, number>;
  readonly problems: readonly ConductProblem[];
}

const CHECKS: readonly ((told: Told, ask: Ask) => void)[] = [
  checkAgreements,
  checkClosing,
  checkCourse,
  checkDecisions,
  checkHolds,
  checkRecord,
  checkRests,
  checkSendings,
  checkVisits,
];

export function conductOf(told: Told): Conduct {
  const asked = new Map<string, number>();
  const problems: ConductProblem[] = [];
  const { accountId } = told.account;
  for (const check of CHECKS) {
    check(told, (rule, { seq, at, type }, why) => {
      asked.set(rule, (asked.get(rule) ?? 0) + 1);
      if (why !== undefined) problems.push({ rule, accountId, seq, at, type, why });
    });
  }
  return { asked, problems: problems.sort((one, other) => one.seq - other.seq) };
}
