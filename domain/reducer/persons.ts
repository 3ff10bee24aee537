import type { Entry } from '../entries.ts';
import { isNewer } from '../ledger.ts';
import type { Case, Instant } from '../model.ts';
import type { PersonOnCase, Requested } from '../persons.ts';
import { isContact } from './case.ts';

/** Who of the bank had to do with a case: who spoke with the customer or tried to, and who asked for what. */

/** More collectors than the caps on calls and visits let work one case in the days that matter. */
const PERSONS_KEPT = 64;

/** The case with what an entry says of the people who work it. */
export function withPersons(current: Case, entry: Entry): Case {
  switch (entry.type) {
    case 'TaskOutcomeReported':
      return afterOutcome(current, entry);
    case 'AttemptReserved':
      return entry.by === undefined ? current : withContactBy(current, entry.by, entry.at);
    case 'IntentConfirmed':
      return withRequestBy(current, entry.by, 'referral');
    default:
      return current;
  }
}

/** Whoever passes a customer's wish on asks for the plan: somebody else approves it. All who were sent on a visit were there. */
function afterOutcome(current: Case, { outcome, by, reportedAt, taskId }: Entry<'TaskOutcomeReported'>): Case {
  const sent = current.tasks.find((task) => task.taskId === taskId)?.staff ?? [];
  const known = isContact(outcome) ? [by, ...sent].reduce((all, person) => withContactBy(all, person, reportedAt), current) : current;
  return outcome === 'plan-requested' || outcome === 'met-plan-requested' ? withRequestBy(known, by, 'plan') : known;
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

/** Of too many those go first who asked for nothing, the longest unseen before the others. */
function withPerson(current: Case, changed: PersonOnCase): Case {
  const others = (current.persons ?? []).filter((row) => row.person !== changed.person);
  if (others.length < PERSONS_KEPT) return { ...current, persons: [...others, changed] };
  const [least] = [...others].sort(
    (one, other) =>
      Number(one.requested !== undefined) - Number(other.requested !== undefined) ||
      ((one.lastContactAt ?? '') < (other.lastContactAt ?? '') ? -1 : 1),
  );
  return { ...current, persons: [...others.filter((row) => row !== least), changed] };
}
