import { audit, type Report } from '../../audit/report.ts';
import type { Draft } from '../../domain/entries.ts';
import { attempt, message, outcome, overdue, TableBuilder } from './table.ts';

/**
 * The timeline of one account from its opening over calls, an offer, a visit and a suit to its settlement, as the application would write
 * it: one to whom nothing can be held against. Tests change a step of it; the hashes are then made anew, so that only what the entries say
 * can give the change away.
 */

export const DEPLOYMENT = { jurisdiction: 'CN', role: 'first-party', house: false } as const;
const CASE = { caseId: 'c-1' };

/** Local time in Shanghai. */
export const on = (day: string, time = '12:00'): string => new Date(Date.parse(`2026-${day}T${time}:00+08:00`)).toISOString();

/** Entries of one instant; those of evidence are made from what came before them. */
export interface Step {
  readonly at: string;
  readonly drafts: readonly Draft[] | ((head: { readonly seq: number; readonly hash: string }) => readonly Draft[]);
}
export type Story = Readonly<Record<string, Step>>;

export function step(at: string, ...drafts: readonly Draft[]): Step {
  return { at, drafts: drafts.map((draft) => ({ ...CASE, ...draft }) as Draft) };
}

export function task(
  taskId: string,
  queue: Extract<Draft, { type: 'TaskOpened' }>['queue'],
  objective: Extract<Draft, { type: 'TaskOpened' }>['objective'],
  change: Partial<Draft<'TaskOpened'>> = {},
): Draft<'TaskOpened'> {
  return { type: 'TaskOpened', taskId, queue, objective, stage: 'call', dueAt: on('12-31'), priority: 50, ...change };
}

export function closed(opened: Draft<'TaskOpened'>, said?: string): Draft<'TaskClosed'> {
  const { taskId, queue, objective } = opened;
  const how = said === undefined ? { reason: 'expired' } : { reason: 'outcome', outcome: said };
  return { type: 'TaskClosed', taskId, queue, objective, ...how };
}

export function stage(
  at: string,
  to: 'reminder' | 'call' | 'plan' | 'field-visit' | 'legal',
  from?: Draft<'StageEntered'>['stage'],
  rise = from !== undefined,
): Step {
  const onDate = new Date(Date.parse(at) + 8 * 3_600_000).toISOString().slice(0, 10);
  return step(at, { type: 'StageEntered', stage: to, ...(from === undefined ? {} : { from }), why: 'days past due', onDate, rise });
}

/** A message that left. */
export function sent(at: string, contactId: string, change: Partial<Draft<'ContactReserved'>> = {}): Step {
  const reserved = message({ contactId, channel: 'email', contactPointId: 'cp-email', ...change });
  const { key, channel, template } = reserved;
  const left = { contactId, key, channel, template, locale: 'zh-CN', bodyHash: 'h', providerRef: 'p', onDate: at.slice(0, 10) };
  return step(at, reserved, { type: 'ContactSent', ...left });
}

/** A call to the mobile number that nobody answered, under a permission, as a task asked for it. */
export function call(number: number, day: string, time: string, by = 'zhang', said = 'no-answer'): Step {
  const at = on(day, time);
  const [taskId, attemptId] = [`t-call-${number}`, `a-${number}`];
  const opened = task(taskId, 'call', 'recover', { contactPointId: 'cp-voice' });
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return step(
    at,
    opened,
    attempt(attemptId, new Date(Date.parse(at) + 600_000).toISOString(), { taskId, by }),
    outcome(at, { taskId, attemptId, by, outcome: said, onDate: `2026-${day}`, minutesOfDay: hours * 60 + minutes }),
    closed(opened, said),
  );
}

/** A task that a person answered, with what follows from the answer. */
export function answered(at: string, opened: Draft<'TaskOpened'>, by: string, said: string, ...follows: readonly Draft[]): Step {
  const { taskId } = opened;
  const { contactPointId: _none, ...report } = outcome(at, { taskId, by, outcome: said });
  return step(at, opened, report, closed(opened, said), ...follows);
}

export const PROOF = { numbers: [{ contactPointId: 'cp-voice' }], unusable: { 'cp-second': 'number-dead' }, messages: 2 } as const;
const approveVisit = task('t-approve', 'field-visit', 'approve-visit', { proof: PROOF });
const visit = task('t-visit', 'field-visit', 'visit', { contactPointId: 'cp-home' });
const intent = task('t-intent', 'legal-review', 'confirm-intent');
const referral = task('t-referral', 'legal-review', 'approve-referral');
const MANIFEST = 'ab'.repeat(32);
const REF = 's3://evidence/c-1/30.jsonl';

export const STORY: Story = {
  overdue: { at: on('03-02', '09:30'), drafts: [overdue({ risk: { timesOverdueLast12Months: 2 } })] },
  opened: step(on('03-02', '09:30'), {
    type: 'JourneyOpened',
    customerId: 'cus-1',
    overdue: { amount: '6250.00', currency: 'CNY' },
    dueDate: '2026-02-18',
    onDate: '2026-03-02',
    policy: 'ladder/2',
  }),
  began: stage(on('03-02', '09:30'), 'reminder'),
  firstDemand: sent(on('03-02'), 'd-1'),
  toCall: stage(on('03-03', '00:05'), 'call', 'reminder'),
  firstCall: call(1, '03-03', '10:00'),
  secondCall: call(2, '03-07', '12:00'),
  secondDemand: sent(on('03-09'), 'd-2', { stage: 'call' }),
  thirdCall: call(3, '03-16', '18:30'),
  toPlan: stage(on('03-21', '00:05'), 'plan', 'call'),
  offered: step(on('03-22'), { type: 'PlanOffered', offerIds: ['o-1'], how: 'message' }),
  toVisit: stage(on('04-20', '00:05'), 'field-visit', 'plan'),
  approved: answered(on('04-21', '10:00'), approveVisit, 'li', 'approve', { type: 'VisitApproved', taskId: 't-approve', by: 'li' }),
  visitAsked: step(on('04-21', '11:00'), visit),
  assigned: step(on('04-21', '12:00'), { type: 'VisitAssigned', taskId: 't-visit', staff: ['wu', 'zhao'], by: 'li' }),
  setOut: step(
    on('04-22', '14:00'),
    attempt('a-visit', on('04-22', '14:10'), { channel: 'visit', contactPointId: 'cp-home', taskId: 't-visit', by: 'wu' }),
  ),
  visited: step(
    on('04-22', '14:05'),
    outcome(on('04-22', '14:05'), { taskId: 't-visit', attemptId: 'a-visit', by: 'wu', outcome: 'not-home', contactPointId: 'cp-home' }),
    closed(visit, 'not-home'),
    { type: 'VisitReported', taskId: 't-visit', outcome: 'not-home' },
  ),
  toLegal: stage(on('05-20', '00:05'), 'legal', 'field-visit'),
  intent: answered(on('05-21'), intent, 'wang', 'intent-confirmed', { type: 'IntentConfirmed', taskId: 't-intent', by: 'wang' }),
  notice: sent(on('05-22'), 'n-1', { purpose: 'formal-notice', stage: 'legal' }),
  arrived: step(on('05-22', '13:00'), {
    type: 'DeliveryReported',
    contactId: 'n-1',
    key: 'n-1',
    channel: 'email',
    status: 'delivered',
    reportedAt: on('05-22', '12:30'),
    how: 'provider',
  }),
  served: step(on('05-22', '13:00'), { type: 'LegalNoticeServed', contactIds: ['n-1'], how: 'reported' }),
  evidence: {
    at: on('06-07', '10:00'),
    drafts: ({ seq, hash }) => [
      { type: 'EvidenceAssembled', ...CASE, upTo: seq, headHash: hash, manifestHash: MANIFEST, packRef: REF, lines: 9, bytes: 900 },
    ],
  },
  counsel: answered(on('06-07', '11:00'), referral, 'chen', 'approve', { type: 'ReferralApproved', taskId: 't-referral', by: 'chen' }),
  referred: step(on('06-07'), { type: 'LegalReferred', approvedBy: 'chen', evidenceHash: MANIFEST, evidenceRef: REF }),
  settled: step(on('07-07'), { type: 'LegalStatusReported', status: 'settled', reportedAt: on('07-07') }),
  ended: step(on('07-07'), { type: 'CaseEnded', reason: 'settled', endedAt: on('07-07'), how: 'court' }),
  journeyClosed: step(on('07-07', '12:01'), { type: 'JourneyClosed', reason: 'settled' }),
};

export type Changes = Readonly<Record<string, Step | undefined>>;

/** The drafts of a step of the story, with those of a type changed or, by undefined, left out. */
export function changed(name: string, type: Draft['type'], change: object | undefined): Step {
  const { at, drafts } = STORY[name] as Step;
  if (typeof drafts === 'function') throw new Error('Evidence is changed by its own step');
  return {
    at,
    drafts: drafts.flatMap((draft) => (draft.type !== type ? [draft] : change === undefined ? [] : [{ ...draft, ...change } as Draft])),
  };
}

export const without = (...names: readonly string[]): Changes => Object.fromEntries(names.map((name) => [name, undefined]));

/** @param change steps that are otherwise or come in addition; undefined leaves one out */
export function auditOf(change: Changes = {}, story: Story = STORY): Report {
  const steps = Object.values({ ...story, ...change }).filter((one) => one !== undefined);
  const table = new TableBuilder().customer('cus-1');
  for (const { at, drafts } of steps.toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at))) {
    const head = table.build().find(({ sk }) => sk === '#HEAD');
    const given = typeof drafts === 'function' ? drafts({ seq: Number(head?.version), hash: String(head?.headHash) }) : drafts;
    table.entries('acc-1', at, ...given);
  }
  return audit(table.build(), DEPLOYMENT);
}

/** The rules that an audit finds broken beside those of contacts and suits, each once. */
export function brokenIn(change: Changes, story: Story = STORY): string[] {
  const { conduct, unproven } = auditOf(change, story);
  if (unproven.length > 0) throw new Error('The chain of the changed timeline must verify');
  return [...new Set(conduct.problems.map(({ rule }) => rule))].sort();
}
