import type { Line } from '../stored.ts';
import { type Ask, DAY_MILLIS, earlierOf, isNamed, isWorked, samePerson, type Told } from './told.ts';

/** Who decided: a named person who was asked, who did not ask for it and who has not been at the customer. */

/** By what entry a decision is told, and which task asks for it. */
const DECISIONS: Readonly<Record<string, { readonly queue: string; readonly objectives?: readonly string[] }>> = {
  VisitApproved: { queue: 'field-visit', objectives: ['approve-visit'] },
  VisitRefused: { queue: 'field-visit', objectives: ['approve-visit'] },
  IntentConfirmed: { queue: 'legal-review', objectives: ['confirm-intent'] },
  IntentDeclined: { queue: 'legal-review', objectives: ['confirm-intent'] },
  ReferralApproved: { queue: 'legal-review', objectives: ['approve-referral'] },
  ReferralReturned: { queue: 'legal-review', objectives: ['approve-referral'] },
  PlanApproved: { queue: 'plan-review', objectives: ['approve-plan', 'approve-waiver'] },
  PlanDeclined: { queue: 'plan-review', objectives: ['approve-plan', 'approve-waiver'] },
  Approved: { queue: 'case-review' },
};

/** What lets somebody be sent to a customer. */
const LET_VISIT = ['approve-visit', 'review-field-visit', 'review-visit'];
const WITHOUT_CONTACT_DAYS = 30;

export function checkDecisions(told: Told, ask: Ask): void {
  for (const line of told.account.lines) {
    const asked = DECISIONS[line.type];
    const before = asked === undefined && !isApproval(line) ? [] : earlierOf(told, line);
    if (asked !== undefined) {
      ask('DECISION.NAMED', line, isNamed(line.by) ? undefined : 'no person is named');
      ask('DECISION.ASKED', line, sayUnasked(line, asked, before));
    }
    if (isApproval(line)) {
      ask('PERSONS.REQUESTER', line, sayRequester(line, before));
      ask('PERSONS.CONTACT', line, sayContact(line, before));
      if (LET_VISIT.includes(String(openedFor(line, before)?.objective))) ask('PERSONS.VISITOR', line, sayVisitor(line, before));
    }
    if (line.type === 'VisitAssigned') ask('PERSONS.APPROVER', line, sayApprover(line, earlierOf(told, line)));
  }
}

function isApproval({ type, outcome, late }: Line): boolean {
  return type === 'TaskOutcomeReported' && outcome === 'approve' && late !== true;
}

const openedFor = ({ taskId }: Line, before: readonly Line[]): Line | undefined =>
  before.find((row) => row.type === 'TaskOpened' && row.taskId === taskId);

function sayUnasked(
  line: Line,
  { queue, objectives }: { readonly queue: string; readonly objectives?: readonly string[] },
  before: readonly Line[],
): string | undefined {
  const task = openedFor(line, before);
  if (task?.queue !== queue || objectives?.includes(String(task.objective)) === false) return 'nobody was asked for it';
  const said = before.some(
    (row) => row.type === 'TaskOutcomeReported' && row.taskId === line.taskId && row.late !== true && samePerson(row.by, line.by),
  );
  return said ? undefined : `${String(line.by)} did not answer the task`;
}

/** Whoever confirmed an intent asks for the referral, whoever passed on a customer's wish for the plan. */
function sayRequester(line: Line, before: readonly Line[]): string | undefined {
  const task = openedFor(line, before);
  const isSuit = task?.objective === 'approve-referral' || task?.objective === 'review-legal';
  if (!isSuit && task?.queue !== 'plan-review') return undefined;
  const requests = before.filter(({ type, outcome }) =>
    isSuit ? type === 'IntentConfirmed' : ['plan-requested', 'met-plan-requested'].includes(String(outcome)) && type !== 'ContactReported',
  );
  return requests.some(({ by }) => samePerson(by, line.by)) ? `${String(line.by)} had asked for it` : undefined;
}

function sayContact(line: Line, before: readonly Line[]): string | undefined {
  const since = Date.parse(line.at) - WITHOUT_CONTACT_DAYS * DAY_MILLIS;
  const met = before.find(
    (row) =>
      (isWorked(row) || row.type === 'AttemptReserved') &&
      Date.parse(String(row.reportedAt ?? row.at)) > since &&
      [row.by, ...sentFor(row, before)].some((person) => person !== undefined && samePerson(person, line.by)),
  );
  return met === undefined ? undefined : `${String(line.by)} was in contact on ${String(met.reportedAt ?? met.at)}`;
}

/** All who are sent on a visit are there. */
function sentFor({ type, taskId, seq }: Line, before: readonly Line[]): readonly unknown[] {
  if (type !== 'TaskOutcomeReported') return [];
  const staff = before.findLast((row) => row.type === 'VisitAssigned' && row.taskId === taskId && row.seq < seq)?.staff;
  const isOpen = !before.some((row) => row.type === 'TaskClosed' && row.taskId === taskId && row.seq < seq);
  return Array.isArray(staff) && isOpen ? staff : [];
}

/** Whoever decides that somebody goes does not go, in the whole case. */
function sayApprover({ staff }: Line, before: readonly Line[]): string | undefined {
  const approvals = before.filter((row) => isApproval(row) && LET_VISIT.includes(String(openedFor(row, before)?.objective)));
  const sent = Array.isArray(staff) ? staff : [];
  const both = sent.find((one) => approvals.some(({ by }) => samePerson(by, one)));
  return both === undefined ? undefined : `${String(both)} had approved it`;
}

function sayVisitor({ by }: Line, before: readonly Line[]): string | undefined {
  const made = before.filter(({ type }) => type === 'VisitReported').map(({ taskId }) => taskId);
  const sent = before
    .filter(({ type, taskId }) => type === 'VisitAssigned' && made.includes(taskId))
    .flatMap(({ taskId }) => before.findLast((row) => row.type === 'VisitAssigned' && row.taskId === taskId)?.staff ?? []);
  return sent.some((one) => samePerson(one, by)) ? `${String(by)} had been sent on a visit` : undefined;
}
