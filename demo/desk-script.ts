import { createHash } from 'node:crypto';

/** A task as `GET /tasks` shows it: the members that the desk goes by. */
export interface DeskTask {
  readonly taskId: string;
  readonly queue: string;
  readonly objective?: string;
  readonly accountId: string;
  readonly assignee?: string;
  readonly facts: {
    readonly overdue?: { readonly amount: string; readonly currency: string };
    /** Too many promises of the case were not kept. */
    readonly noMorePromises?: true;
  };
}

/** The body of `POST /tasks/{taskId}/outcome`. */
export interface Report {
  readonly outcome: string;
  readonly by: string;
  /** The reservation under which the call or visit was made. */
  readonly attemptId?: string;
  readonly promises?: readonly { readonly amount: { readonly amount: string; readonly currency: string }; readonly date: string }[];
  readonly callBackAt?: string;
  readonly reasonForArrears?: string;
}

/** Outcomes and of how many tasks in a thousand each is; what is left of the thousand is left undone and expires. */
type Mix = readonly (readonly [outcome: string, perMille: number])[];

const CALLS: Mix = [
  ['no-answer', 380],
  ['voicemail', 140],
  ['busy', 60],
  ['promise', 170],
  ['reached-no-commitment', 60],
  ['refused', 45],
  ['plan-requested', 45],
  ['paid-already', 25],
  ['call-back', 25],
  ['third-party-answered', 15],
  ['hardship', 8],
  ['dispute', 4],
  ['complaint', 2],
  ['wrong-number', 1],
];
const VISITS: Mix = [
  ['not-home', 420],
  ['met-promise', 190],
  ['met-refused', 120],
  ['third-party-met', 80],
  ['met-plan-requested', 70],
  ['met-paid', 50],
  ['visit-refused', 30],
  ['moved', 10],
];
const REVIEWS: Readonly<Record<string, Mix>> = {
  'confirm-intent': [
    ['intent-confirmed', 850],
    ['return', 100],
    ['reject', 50],
  ],
  'approve-referral': [
    ['approve', 850],
    ['return', 100],
    ['reject', 50],
  ],
  'complete-contact-data': [['fixed', 1000]],
};
const REVIEW_MIX: Mix = [
  ['approve', 900],
  ['reject', 100],
];
const REASONS = ['income-reduced', 'illness', 'forgot', 'over-indebted'];
const COLLECTORS = 12;
const PROMISE_DAYS_MAX = 10;
/** So many promises are of two parts. */
const TWO_PARTS_SHARE = 0.2;

/** A number in [0, 1) that is the same for the same words. */
export function share(...words: readonly string[]): number {
  return createHash('sha256').update(words.join('|')).digest().readUInt32BE(0) / 0x1_0000_0000;
}

function pick(mix: Mix, taskId: string): string | undefined {
  let left = share(taskId, 'outcome') * 1000;
  for (const [outcome, perMille] of mix) {
    if (left < perMille) return outcome;
    left -= perMille;
  }
  return undefined;
}

const person = (role: string, taskId: string) => `${role}-${1 + Math.floor(share(taskId, role) * COLLECTORS)}`;

function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** What came of a call; undefined where nobody gets round to it. */
export function callOutcome(task: DeskTask, today: string): Report | undefined {
  const picked = pick(CALLS, task.taskId);
  if (picked === undefined) return undefined;
  const outcome = picked === 'promise' && task.facts.noMorePromises ? 'reached-no-commitment' : picked;
  const by = person('collector', task.taskId);
  if (outcome === 'promise') return { outcome, by, ...spoken(task), promises: promisesOf(task, today) };
  if (outcome === 'call-back') return { outcome, by, callBackAt: `${addDays(today, 1)}T03:00:00Z` };
  return { outcome, by, ...(outcome === 'plan-requested' || outcome === 'hardship' ? spoken(task) : {}) };
}

export function visitOutcome(task: DeskTask, today: string): Report | undefined {
  const picked = pick(VISITS, task.taskId);
  if (picked === undefined) return undefined;
  const outcome = picked === 'met-promise' && task.facts.noMorePromises ? 'met-refused' : picked;
  const promises = outcome === 'met-promise' ? { promises: promisesOf(task, today) } : {};
  return { outcome, by: person('visitor', task.taskId), ...promises };
}

/** Reviews are answered by people who neither call nor visit; counsel alone approves a referral. */
export function reviewOutcome(task: DeskTask): Report | undefined {
  const outcome = pick(REVIEWS[task.objective ?? ''] ?? REVIEW_MIX, task.taskId);
  if (outcome === undefined) return undefined;
  const role = task.objective === 'approve-referral' ? 'counsel' : task.objective === 'confirm-intent' ? 'manager' : 'supervisor';
  return { outcome, by: person(role, task.taskId) };
}

function spoken(task: DeskTask): { reasonForArrears: string } {
  return { reasonForArrears: REASONS[Math.floor(share(task.taskId, 'reason') * REASONS.length)] ?? 'other' };
}

function promisesOf(task: DeskTask, today: string): NonNullable<Report['promises']> {
  const { amount, currency } = task.facts.overdue ?? { amount: '0.00', currency: 'TWD' };
  const first = addDays(today, 1 + Math.floor(share(task.taskId, 'days') * PROMISE_DAYS_MAX));
  const whole = Math.floor(Number(amount));
  if (whole < 2 || share(task.taskId, 'parts') >= TWO_PARTS_SHARE) return [{ amount: { amount, currency }, date: first }];
  const half = Math.floor(whole / 2);
  const part = (value: number, date: string) => ({ amount: { amount: `${value}.00`, currency }, date });
  return [part(half, first), part(whole - half, addDays(first, 7))];
}
