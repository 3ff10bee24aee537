import type { Entry } from '../entries.ts';
import type { Case } from '../model.ts';
import { afterVisitReview } from './visits.ts';

/** What persons decided in reviews. The newest answer stands: what was refused once may be granted later, and the other way round. */

export function onApproved(current: Case, { subject, at }: Entry<'Approved'>): Case {
  return {
    ...afterVisitReview(current, subject),
    approvals: [...without(current.approvals, subject), subject],
    refusals: without(current.refusals, subject),
    ...(subject === 'pressure' ? { pressureApprovedAt: at } : {}),
  };
}

export function onRefused(current: Case, { subject }: Entry<'Refused'>): Case {
  return {
    ...afterVisitReview(current, subject),
    approvals: without(current.approvals, subject),
    refusals: [...without(current.refusals, subject), subject],
  };
}

function without(subjects: readonly string[], subject: string): readonly string[] {
  return subjects.includes(subject) ? subjects.filter((row) => row !== subject) : subjects;
}
