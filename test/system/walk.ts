import type { Entry } from '../../domain/entries.ts';
import { aSystem, type Journey, type System } from './cloud.ts';
import { aCustomer, anOverdue } from './events.ts';

/** What people answer, by the task's objective: nobody is reached, everybody approves. */
export const NOBODY_REACHED: Readonly<Record<string, string>> = {
  recover: 'no-answer',
  'agree-a-plan': 'no-answer',
  'understand-hardship': 'no-answer',
  'call-back': 'no-answer',
  'approve-visit': 'approve',
  visit: 'not-home',
  'confirm-intent': 'intent-confirmed',
  'approve-referral': 'approve',
};

export interface Step {
  readonly at: string;
  readonly journey: Journey;
  /** The entries since the step before. */
  readonly entries: readonly Entry[];
}

export interface OpenTask {
  readonly taskId: string;
  readonly queue: string;
  readonly objective: string;
}

export function openTasks(journey: Journey): OpenTask[] {
  const closed = new Set(journey.timeline.flatMap((entry) => (entry.type === 'TaskClosed' ? [entry.taskId] : [])));
  return journey.timeline.flatMap((entry) => (entry.type === 'TaskOpened' && !closed.has(entry.taskId) ? [entry] : []));
}

const STEPS_MAX = 400;
const DAY = 86_400_000;

/**
 * Takes an account along the ladder: whatever is due next is waited for, every task is answered when it opens.
 *
 * @param until ends the walk; `onStep` sees the account at rest after each step that left something on the timeline
 */
export async function walk(
  system: System,
  options: {
    readonly accountId?: string;
    readonly answers?: Readonly<Record<string, string>>;
    readonly until: (journey: Journey) => boolean;
    readonly onStep?: (step: Step) => Promise<void>;
    /** Looks at the account every day too, not only when something is said to be due. */
    readonly daily?: boolean;
  },
): Promise<Journey> {
  const { accountId = 'acc-1', answers = NOBODY_REACHED } = options;
  let seen = 0;
  for (let step = 0; step < STEPS_MAX; step += 1) {
    const journey = await system.journey(accountId);
    await system.checkWakes(journey, accountId);
    const entries = journey.timeline.filter((entry) => entry.seq > seen);
    seen = journey.timeline.at(-1)?.seq ?? seen;
    if (entries.length > 0) await options.onStep?.({ at: system.now(), journey, entries });
    if (options.until(journey)) return journey;
    const task = openTasks(journey).find((row) => answers[row.objective] !== undefined);
    if (task !== undefined) await system.report(task.taskId, answers[task.objective] ?? '');
    else if (journey.next === undefined) throw new Error(`${accountId} ended on the way: ${journey.status}`);
    else await system.advanceTo(later(system.now(), journey.next.notBefore, options.daily === true ? DAY : Number.POSITIVE_INFINITY));
  }
  throw new Error(`${accountId} did not arrive in ${STEPS_MAX} steps`);
}

/** At least a minute on: a wait is armed in whole seconds after now. */
function later(now: string, notBefore: string, paceMillis: number): string {
  return new Date(Math.max(Date.parse(now) + 60_000, Math.min(Date.parse(notBefore) + 1000, Date.parse(now) + paceMillis))).toISOString();
}

export function isReferred(journey: Journey): boolean {
  return journey.timeline.some((entry) => entry.type === 'LegalReferred');
}

/** A step as one line: what a person would tell of it. */
export function tell({ journey, entries }: Step): string {
  const words = entries.map((entry) => {
    switch (entry.type) {
      case 'ContactSent':
        return `${entry.channel} ${entry.template.replace(/@\d+$/, '')}`;
      case 'DeliveryReported':
        return `${entry.channel} ${entry.status}`;
      case 'StageEntered':
        return `enters ${entry.stage}`;
      case 'TaskOpened':
        return `opens ${entry.queue}/${entry.objective}`;
      case 'TaskClosed':
        return `closes ${entry.objective} (${entry.outcome ?? entry.reason})`;
      default:
        return entry.type;
    }
  });
  return `${journey.daysPastDue} ${journey.stage ?? '-'} ${journey.status}: ${words.join(', ')}`;
}

/** A case in the call stage with its first call task open: 7 March, 09:31 in Shanghai. */
export async function anAccountToCall(): Promise<{ system: System; taskId: string }> {
  const system = await aSystem();
  await system.put('CustomerUpdated', aCustomer());
  await system.put('AccountOverdue', anOverdue());
  await walk(system, { until: (journey) => journey.timeline.some((entry) => entry.type === 'TaskOpened') });
  return { system, taskId: (await system.task('call')).taskId };
}

/** The types of a timeline's entries. */
export function types(journey: { timeline: readonly { readonly type: string }[] }): string[] {
  return journey.timeline.map((entry) => entry.type);
}
