import type { Entry } from '../entries.ts';
import { isNewer } from '../ledger.ts';
import type { Case, Instant } from '../model.ts';
import type { PersonOnCase, Requested } from '../persons.ts';
import { isContact } from './case.ts';

/** Who of the bank had to do with a case: who spoke with the customer or tried to, and who asked for what. */

/** More collectors than the caps on calls and visits let work one case in the days that matter. */
const PERSONS_KEPT = 64;

/**
 * The case with what an entry says of the people who work it.
 *
 * @param before the case as it was before the entry: with the task that it may close
 */
export function withPersons(current: Case, entry: Entry, before: Case): Case {
  switch (entry.type) {
    case 'TaskOutcomeReported':
      return afterOutcome(current, entry);
    case 'AttemptReserved':
      return entry.by === undefined ? current : withContactBy(current, entry.by, entry.at);
    case 'IntentConfirmed':
      return withRequestBy(current, entry.by, 'referral');
    case 'PlanRequested':
      return entry.by === undefined ? current : withRequestBy(current, entry.by, 'plan');
    case 'VisitApproved':
      return withVisitApprovedBy(current, entry.by);
    case 'Approved':
      return VISITS.includes(entry.subject) ? withVisitApprovedBy(current, entry.by) : current;
    case 'TaskClosed':
      return entry.reason === 'outcome' || entry.reason === 'expired' ? withVisitors(current, staffIn(before, entry.taskId)) : current;
    default:
      return current;
  }
}

/** Whoever passes a customer's wish on asks for the plan: somebody else approves it. All who were sent on a visit were there. */
function afterOutcome(current: Case, { outcome, by, reportedAt, taskId }: Entry<'TaskOutcomeReported'>): Case {
  const sent = staffIn(current, taskId);
  const known = isContact(outcome) ? [by, ...sent].reduce((all, person) => withContactBy(all, person, reportedAt), current) : current;
  return outcome === 'plan-requested' || outcome === 'met-plan-requested' ? withRequestBy(known, by, 'plan') : known;
}

/** What the reviews are about that let a visit be asked for. */
const VISITS: readonly string[] = ['field-visit', 'visits'];

function staffIn({ tasks }: Case, taskId: string): readonly string[] {
  return tasks.find((task) => task.taskId === taskId)?.staff ?? [];
}

/** A visit that nobody told of may have been made. */
function withVisitors(current: Case, staff: readonly string[]): Case {
  return staff.reduce((all, person) => withPerson(all, { ...personOf(all, person), visited: true }), current);
}

function withVisitApprovedBy(current: Case, person: string): Case {
  return withPerson(current, { ...personOf(current, person), approvedVisit: true });
}

/** A person contacted the customer, or set out to. */
function withContactBy(current: Case, person: string, at: Instant): Case {
  const known = personOf(current, person);
  const lastContactAt = isNewer(at, known.lastContactAt) ? at : known.lastContactAt;
  return withPerson(current, { ...known, ...(lastContactAt === undefined ? {} : { lastContactAt }) });
}

/** A person asked for something that somebody else must approve. */
function withRequestBy(current: Case, person: string, subject: Requested): Case {
  const known = personOf(current, person);
  const requested = known.requested ?? [];
  return requested.includes(subject) ? current : withPerson(current, { ...known, requested: [...requested, subject] });
}

function personOf(current: Case, person: string): PersonOnCase {
  return current.persons?.find((row) => row.person === person) ?? { person };
}

/** Of too many those go first who asked for nothing and let nobody go, the longest unseen before the others. */
function withPerson(current: Case, changed: PersonOnCase): Case {
  const others = (current.persons ?? []).filter((row) => row.person !== changed.person);
  if (others.length < PERSONS_KEPT) return { ...current, persons: [...others, changed] };
  const [least] = [...others].sort(
    (one, other) => Number(isKept(one)) - Number(isKept(other)) || ((one.lastContactAt ?? '') < (other.lastContactAt ?? '') ? -1 : 1),
  );
  return { ...current, persons: [...others.filter((row) => row !== least), changed] };
}

function isKept({ requested, approvedVisit, visited }: PersonOnCase): boolean {
  return requested !== undefined || approvedVisit === true || visited === true;
}
