import { createHash } from 'node:crypto';

/** A task as `GET /tasks` shows it: the members that the desk goes by. */
export interface DeskTask {
  readonly taskId: string;
  readonly queue: string;
  readonly objective?: string;
  readonly accountId: string;
  readonly dueAt?: string;
  readonly assignee?: string;
  /** Who makes the visit, once somebody said so. */
  readonly staff?: readonly string[];
  readonly facts: {
    readonly overdue?: { readonly amount: string; readonly currency: string };
    /** Too many promises of the case were not kept. */
    readonly noMorePromises?: true;
    /** Where the evidence of a suit lies, and the hash that proves it. */
    readonly evidence?: { readonly ref: string; readonly hash: string };
  };
}

/** What a visit brings home: where it lies, and the hash of its bytes. */
interface Evidence {
  readonly ref: string;
  readonly sha256: string;
  readonly kind: 'photo' | 'signature';
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
  /** The arrangement that the customer asks for where a person has to approve it first. */
  readonly planOfferId?: string;
  readonly evidence?: readonly Evidence[];
}

/** The body of `POST /tasks/{taskId}/assign`. */
export interface Assignment {
  readonly staff: readonly [string, string];
  readonly by: string;
  readonly windows?: readonly [{ readonly from: string; readonly to: string }];
  readonly safetyNote?: string;
}

/** Taipei keeps the same time all year; milliseconds. */
export const ZONE_OFFSET = 8 * 3_600_000;

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
/** Calls that ask how the customer stands: what they hear is another. */
const HARDSHIP_CALLS: Mix = [
  ['no-answer', 330],
  ['voicemail', 120],
  ['busy', 50],
  ['plan-requested', 180],
  ['hardship', 120],
  ['reached-no-commitment', 90],
  ['promise', 60],
  ['refused', 20],
  ['call-back', 10],
];
const PLAN_CALLS: Mix = [
  ['no-answer', 360],
  ['voicemail', 130],
  ['busy', 60],
  ['plan-requested', 200],
  ['promise', 80],
  ['reached-no-commitment', 60],
  ['refused', 60],
  ['call-back', 20],
  ['dispute', 5],
];
const CALLS_BY_OBJECTIVE: Readonly<Record<string, Mix>> = { 'understand-hardship': HARDSHIP_CALLS, 'agree-a-plan': PLAN_CALLS };
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
  // Nobody of this desk gives anything up.
  'approve-waiver': [['reject', 1000]],
};
const REVIEW_MIX: Mix = [
  ['approve', 900],
  ['reject', 100],
];
/** Why an account is overdue, and how many customers in a thousand say so; the others say nothing of it. */
const REASONS: Mix = [
  ['cash-flow', 260],
  ['forgot', 180],
  ['income-reduced', 110],
  ['unwilling', 80],
  ['over-indebted', 60],
  ['technical', 50],
  ['unemployment', 50],
  ['illness', 40],
  ['abroad', 30],
  ['business-failure', 30],
  ['separation', 15],
  ['bereavement', 10],
  ['dispute', 5],
  ['disaster', 5],
];
/** Whoever agrees to pay neither objects nor is unwilling. */
const NOT_WITH_A_PROMISE = ['dispute', 'unwilling'];
const TELLS_REASON = [
  'promise',
  'plan-requested',
  'hardship',
  'reached-no-commitment',
  'refused',
  'met-promise',
  'met-plan-requested',
  'met-refused',
];
const PERSONS = 12;
const PROMISE_DAYS_MAX = 10;
const DAYS_BETWEEN_PARTS = 7;
/** So many promises are of three parts, and so many of two or three. */
const THREE_PARTS_SHARE = 0.05;
const PARTS_SHARE = 0.2;
/** So many visits are agreed for a time, and so many are told of something to mind. */
const WINDOW_SHARE = 0.3;
const SAFETY_SHARE = 0.1;

/** A number in [0, 1) that is the same for the same words. */
export function share(...words: readonly string[]): number {
  return createHash('sha256').update(words.join('|')).digest().readUInt32BE(0) / 0x1_0000_0000;
}

function pick(mix: Mix, ...words: readonly string[]): string | undefined {
  let left = share(...words) * 1000;
  for (const [outcome, perMille] of mix) {
    if (left < perMille) return outcome;
    left -= perMille;
  }
  return undefined;
}

/** One of the people of a kind, the same for the same task. */
export function person(role: string, taskId: string): string {
  return `${role}-${1 + personNumber(role, taskId)}`;
}

function personNumber(role: string, taskId: string): number {
  return Math.floor(share(taskId, role) * PERSONS);
}

function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** What came of a call; undefined where nobody gets round to it. */
export function callOutcome(task: DeskTask, today: string): Report | undefined {
  const picked = pick(CALLS_BY_OBJECTIVE[task.objective ?? ''] ?? CALLS, task.taskId, 'outcome');
  if (picked === undefined) return undefined;
  const outcome = picked === 'promise' && task.facts.noMorePromises ? 'reached-no-commitment' : picked;
  const said = { outcome, by: person('collector', task.taskId), ...reasonOf(task, outcome) };
  if (outcome === 'promise') return { ...said, promises: promisesOf(task, today) };
  if (outcome === 'call-back') return { ...said, callBackAt: `${addDays(today, 1)}T03:00:00Z` };
  return said;
}

/** The two who make a visit, by the word of a supervisor. */
export function visitAssignment({ taskId, dueAt = '' }: DeskTask, today: string): Assignment {
  const first = personNumber('visitor', taskId);
  const second = (first + 1 + Math.floor(share(taskId, 'second') * (PERSONS - 1))) % PERSONS;
  const tomorrow = addDays(today, 1);
  // From ten to six, in Taipei.
  const window = { from: `${tomorrow}T02:00:00Z`, to: `${tomorrow}T10:00:00Z` };
  return {
    staff: [`visitor-${1 + first}`, `visitor-${1 + second}`],
    by: person('supervisor', taskId),
    ...(share(taskId, 'window') < WINDOW_SHARE && window.to < dueAt ? { windows: [window] } : {}),
    ...(share(taskId, 'safety') < SAFETY_SHARE ? { safetyNote: 'A dog in the yard' } : {}),
  };
}

export function visitOutcome(task: DeskTask, today: string): Report | undefined {
  const picked = pick(VISITS, task.taskId, 'outcome');
  if (picked === undefined) return undefined;
  const outcome = picked === 'met-promise' && task.facts.noMorePromises ? 'met-refused' : picked;
  const promises = outcome === 'met-promise' ? { promises: promisesOf(task, today) } : {};
  const by = task.staff?.[0] ?? person('visitor', task.taskId);
  return { outcome, by, ...reasonOf(task, outcome), ...promises, evidence: broughtHome(task, outcome) };
}

/** A photograph of the door, and the customer's signature under what was agreed. */
function broughtHome({ taskId }: DeskTask, outcome: string): readonly Evidence[] {
  const item = (kind: Evidence['kind']): Evidence => ({
    ref: `${kind}-${taskId}`,
    sha256: createHash('sha256').update(`${kind}|${taskId}`).digest('hex'),
    kind,
  });
  const isSigned = outcome === 'met-promise' || outcome === 'met-plan-requested';
  return isSigned ? [item('photo'), item('signature')] : [item('photo')];
}

/** Reviews are answered by people who neither call nor visit; counsel alone approves a referral. */
export function reviewOutcome(task: DeskTask): Report | undefined {
  const outcome = pick(REVIEWS[task.objective ?? ''] ?? REVIEW_MIX, task.taskId, 'outcome');
  if (outcome === undefined) return undefined;
  const role = task.objective === 'approve-referral' ? 'counsel' : task.objective === 'confirm-intent' ? 'manager' : 'supervisor';
  return { outcome, by: person(role, task.taskId) };
}

function reasonOf({ taskId }: DeskTask, outcome: string): { reasonForArrears?: string } {
  const reason = TELLS_REASON.includes(outcome) ? pick(REASONS, taskId, 'reason') : undefined;
  const isSaid = reason !== undefined && !(outcome.endsWith('promise') && NOT_WITH_A_PROMISE.includes(reason));
  return isSaid ? { reasonForArrears: reason } : {};
}

function promisesOf(task: DeskTask, today: string): NonNullable<Report['promises']> {
  const { amount, currency } = task.facts.overdue ?? { amount: '0.00', currency: 'TWD' };
  const first = addDays(today, 1 + Math.floor(share(task.taskId, 'days') * PROMISE_DAYS_MAX));
  const whole = Math.floor(Number(amount));
  const chance = share(task.taskId, 'parts');
  const count = chance < THREE_PARTS_SHARE ? 3 : chance < PARTS_SHARE ? 2 : 1;
  if (count === 1 || whole < count) return [{ amount: { amount, currency }, date: first }];
  const each = Math.floor(whole / count);
  const cents = Math.round((Number(amount) - each * (count - 1)) * 100);
  return Array.from({ length: count }, (_, index) => ({
    amount: { amount: index < count - 1 ? `${each}.00` : (cents / 100).toFixed(2), currency },
    date: addDays(first, DAYS_BETWEEN_PARTS * index),
  }));
}
