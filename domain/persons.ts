import { DAY, toMillis } from './calendar.ts';
import type { Case, Instant, Objective, Task } from './model.ts';
import { APPROVER_WITHOUT_CONTACT_DAYS } from './policy/persons.ts';

/** Who may approve: rules about persons, told from the names on the case's own timeline. */

export type Requested = 'referral' | 'plan';

/** A member of staff on a case. */
export interface PersonOnCase {
  readonly person: string;
  readonly lastContactAt?: Instant;
  /** What they asked for that somebody else must approve. Visits are asked for by the ladder, and by nobody. */
  readonly requested?: readonly Requested[];
  /** They let a visit be asked for or made: whoever decides that somebody goes does not go. */
  readonly approvedVisit?: true;
  /** They were sent on a visit that was made, or that nobody told of. */
  readonly visited?: true;
}

export interface PersonsRule {
  readonly rule: 'PERSONS.REQUESTER' | 'PERSONS.CONTACT' | 'PERSONS.VISITOR';
  /** A sentence for a person. */
  readonly why: string;
}

/** Whether two names are one person's: nobody becomes another by a capital letter or a blank. */
export function isSamePerson(one: string, other: string): boolean {
  return plain(one) === plain(other);
}

function plain(name: string): string {
  return name.normalize('NFKC').trim().toLowerCase();
}

/** What a task's approval grants, as it was asked for. */
function requestBehind({ queue, objective }: Pick<Task, 'queue' | 'objective'>): Requested | undefined {
  if (objective === 'approve-referral' || objective === 'review-legal') return 'referral';
  return queue === 'plan-review' ? 'plan' : undefined;
}

/** What lets somebody be sent to a customer. */
const VISIT_APPROVALS: readonly Objective[] = ['approve-visit', 'review-field-visit', 'review-visit'];

/** The one of these people who let the visit be made, and so makes none in the case; undefined where none did. */
export function approverAmong({ persons = [] }: Pick<Case, 'persons'>, staff: readonly string[]): string | undefined {
  const approvers = persons.filter(({ approvedVisit }) => approvedVisit);
  return staff.find((one) => approvers.some(({ person }) => isSamePerson(person, one)));
}

/**
 * Why a person may not approve what a task asks; undefined where they may. Refusing is free to everybody: it takes nothing from the
 * customer.
 */
export function whyMayNotApprove(
  current: Pick<Case, 'persons'>,
  task: Pick<Task, 'queue' | 'objective'>,
  by: string,
  now: number,
): PersonsRule | undefined {
  // Who says where a recording lies grants nothing, and who made the call knows best.
  if (task.objective === 'obtain-proof') return undefined;
  const known = (current.persons ?? []).filter((row) => isSamePerson(row.person, by));
  const request = requestBehind(task);
  if (request !== undefined && known.some((row) => row.requested?.includes(request)))
    return { rule: 'PERSONS.REQUESTER', why: 'must be somebody else than who asked for it' };
  const since = now - APPROVER_WITHOUT_CONTACT_DAYS * DAY;
  if (known.some(({ lastContactAt }) => lastContactAt !== undefined && toMillis(lastContactAt) > since))
    return {
      rule: 'PERSONS.CONTACT',
      why: `must be somebody without a contact on the case in the last ${APPROVER_WITHOUT_CONTACT_DAYS} days`,
    };
  if (VISIT_APPROVALS.includes(task.objective) && known.some(({ visited }) => visited))
    return { rule: 'PERSONS.VISITOR', why: 'must be somebody who was not sent on a visit of the case' };
  return undefined;
}
