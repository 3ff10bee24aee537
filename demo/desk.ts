import { PlanDesk, type PlanWork } from './desk-plans.ts';
import {
  type Assignment,
  callOutcome,
  type DeskTask,
  person,
  type Report,
  reviewOutcome,
  share,
  visitAssignment,
  visitOutcome,
  ZONE_OFFSET,
} from './desk-script.ts';

/** A request to the public HTTP API; `path` from the root of the API. */
export type Api = (method: 'GET' | 'POST', path: string, body?: unknown) => Promise<ApiAnswer>;

export interface ApiAnswer {
  readonly status: number;
  readonly json: unknown;
}

/** Whether the evidence pack at a place verifies, by the hash that goes with it. */
export type ReadEvidence = (ref: string, hash: string) => Promise<boolean>;

/** What people did, by what the API answered. Nobody's doing: it follows from the script. */
export type DeskCounts = DeskWork & PlanWork;

interface DeskWork {
  outcomes: number;
  /** Calls and visits that the gate let pass when somebody dialled or set out, and those that it put off or refused. */
  attempts: number;
  attemptsDeferred: number;
  attemptsDenied: number;
  claims: number;
  /** Claims given back because nobody could dial or set out yet. */
  releases: number;
  reassigned: number;
  /** Tasks that had closed, by what somebody else did, when their turn came. */
  closedMeanwhile: number;
  /** What to say, read by whoever had claimed the task. */
  scriptsRead: number;
  visitsAssigned: number;
  evidenceRead: number;
}

const QUEUES = ['call', 'field-visit', 'legal-review', 'plan-review', 'case-review', 'data-quality'] as const;
const DAY = 86_400_000;
/** Minutes after local midnight at which the desk works its queues. Tries in the evening and at weekends are part of the ladder. */
const WEEKDAY_ROUNDS = [10 * 60, 14 * 60, 17 * 60, 19 * 60 + 30];
const SATURDAY_ROUNDS = [10 * 60 + 30, 15 * 60];
const PROBLEMS_MAX = 20;
/** A queue that never empties is a defect: it must not hang the demo. */
const PAGES_MAX = 10_000;
/** Of so many calls a supervisor gives the task to somebody else than who claimed it. */
const REASSIGNED_SHARE = 0.03;
const ASKS_FOR_PLAN = ['plan-requested', 'met-plan-requested'];

/** The first round of the desk after an instant; milliseconds since the epoch. */
export function nextRound(after: number): number {
  for (let day = Math.floor((after + ZONE_OFFSET) / DAY); ; day += 1) {
    // Day 0 of the epoch was a Thursday.
    const weekday = (day + 4) % 7;
    const rounds = weekday === 0 ? [] : weekday === 6 ? SATURDAY_ROUNDS : WEEKDAY_ROUNDS;
    for (const minutes of rounds) {
      const at = day * DAY - ZONE_OFFSET + minutes * 60_000;
      if (at > after) return at;
    }
  }
}

/**
 * People at their desks, played by a script: they see what the HTTP API shows them and nothing else, and answer by a hash of the
 * task's id. They grant no waivers and report nothing that ends a case or all contact; nobody approves what they asked for.
 */
export class Desk {
  readonly #api: Api;
  readonly #readEvidence: ReadEvidence;
  readonly #plans: PlanDesk;
  readonly #work: DeskWork = {
    outcomes: 0,
    attempts: 0,
    attemptsDeferred: 0,
    attemptsDenied: 0,
    claims: 0,
    releases: 0,
    reassigned: 0,
    closedMeanwhile: 0,
    scriptsRead: 0,
    visitsAssigned: 0,
    evidenceRead: 0,
  };
  /** Answers that no correct request should get, as sentences; the first few. */
  readonly problems: string[] = [];
  /** When the gate would let a task's call or visit pass; milliseconds since the epoch. */
  readonly #notBefore = new Map<string, number>();

  constructor(api: Api, readEvidence: ReadEvidence) {
    this.#api = api;
    this.#readEvidence = readEvidence;
    this.#plans = new PlanDesk(api, (what, answer) => this.#problem(what, answer));
  }

  get work(): DeskCounts {
    return { ...this.#work, ...this.#plans.work };
  }

  /** Works every open task of every queue once. */
  async round(now: number): Promise<void> {
    for (const queue of QUEUES) {
      let cursor = '';
      for (let page = 0; page < PAGES_MAX; page += 1) {
        const answer = await this.#api('GET', `/tasks?queue=${queue}&status=open${cursor === '' ? '' : `&cursor=${cursor}`}`);
        if (answer.status !== 200) {
          this.#problem(`GET /tasks?queue=${queue}`, answer);
          break;
        }
        const list = answer.json as { readonly tasks: readonly DeskTask[]; readonly cursor?: string };
        for (const task of list.tasks) await this.#workTask(task, now);
        if (list.cursor === undefined) break;
        cursor = list.cursor;
      }
    }
  }

  async #workTask(task: DeskTask, now: number): Promise<void> {
    const today = new Date(now + ZONE_OFFSET).toISOString().slice(0, 10);
    if (outcomeOf(task, today) === undefined || (this.#notBefore.get(task.taskId) ?? 0) > now) return;
    const ready = task.objective === 'visit' && task.staff === undefined ? await this.#assign(task, today) : task;
    const script = ready === undefined ? undefined : outcomeOf(ready, today);
    if (ready === undefined || script === undefined) return;
    const by = await this.#claim(ready, script.by);
    if (by === undefined) return;
    const prepared = isDialled(ready) ? await this.#attempt(ready, { ...script, by }) : await this.#study(ready, script);
    if (prepared === undefined) return;
    const planOfferId = ASKS_FOR_PLAN.includes(prepared.outcome) ? await this.#plans.ask(ready) : undefined;
    const report = planOfferId === undefined ? prepared : { ...prepared, planOfferId };
    const reported = await this.#report(ready, report);
    if (reported !== undefined) await this.#follow(ready, reported, now);
  }

  /** What was reported in the end; undefined where nothing was. */
  async #report(task: DeskTask, report: Report): Promise<Report | undefined> {
    const answer = await this.#api('POST', `/tasks/${task.taskId}/outcome`, report);
    // What was asked for may be off the table when somebody gets to it: nobody approves that.
    if (answer.status === 409 && task.objective === 'approve-plan' && report.outcome === 'approve')
      return this.#report(task, { ...report, outcome: 'reject' });
    if (answer.status !== 200) {
      this.#problem(`${report.outcome} for ${task.taskId}`, answer);
      return undefined;
    }
    this.#work.outcomes += 1;
    this.#notBefore.delete(task.taskId);
    return report;
  }

  async #follow(task: DeskTask, { outcome, planOfferId }: Report, now: number): Promise<void> {
    if (ASKS_FOR_PLAN.includes(outcome) && planOfferId === undefined) await this.#plans.agreeAtOnce(task, now);
    if (task.objective === 'approve-plan') await this.#plans.reviewed(task, outcome === 'approve', now);
  }

  /** Two people are named for a visit; where the time that was thought of will not do, they go when they can. */
  async #assign(task: DeskTask, today: string): Promise<DeskTask | undefined> {
    const path = `/tasks/${task.taskId}/assign`;
    const { windows, ...anyTime } = visitAssignment(task, today);
    const timed = windows === undefined ? undefined : await this.#api('POST', path, { ...anyTime, windows } satisfies Assignment);
    const answer = timed === undefined || timed.status === 422 ? await this.#api('POST', path, anyTime) : timed;
    if (answer.status !== 200) {
      this.#gone(`POST ${path}`, answer);
      return undefined;
    }
    this.#work.visitsAssigned += 1;
    return { ...task, staff: anyTime.staff };
  }

  /** Nobody works what somebody else has; now and then a supervisor gives it to another. */
  async #claim(task: DeskTask, wanted: string): Promise<string | undefined> {
    if (task.assignee !== undefined) return task.assignee;
    const path = `/tasks/${task.taskId}`;
    const claimed = await this.#api('POST', `${path}/claim`, { assignee: wanted });
    if (claimed.status !== 200) {
      this.#gone(`POST ${path}/claim`, claimed);
      return undefined;
    }
    this.#work.claims += 1;
    const other = person('collector', `${task.taskId}-other`);
    if (task.queue !== 'call' || other === wanted || share(task.taskId, 'reassign') >= REASSIGNED_SHARE) return wanted;
    const given = await this.#api('POST', `${path}/reassign`, { assignee: other, by: person('supervisor', task.taskId) });
    if (given.status !== 200) {
      this.#gone(`POST ${path}/reassign`, given);
      return undefined;
    }
    this.#work.reassigned += 1;
    return other;
  }

  /** Asks the gate and reads what to say; who is put off comes back in the first round from then on, if the task is still open. */
  async #attempt(task: DeskTask, report: Report): Promise<Report | undefined> {
    const path = `/tasks/${task.taskId}`;
    const { by } = report;
    const answer = await this.#api('POST', `${path}/attempts`, { by });
    const { attemptId, decision, notBefore } = answer.json as { attemptId?: string; decision?: string; notBefore?: string };
    if (answer.status === 200 && attemptId !== undefined) {
      this.#work.attempts += 1;
      await this.#readScript(path, by);
      return { ...report, attemptId };
    }
    if (answer.status !== 409 || decision === undefined) this.#problem(`POST ${path}/attempts`, answer);
    else if (decision === 'defer') {
      this.#work.attemptsDeferred += 1;
      this.#notBefore.set(task.taskId, Date.parse(notBefore ?? ''));
    } else this.#work.attemptsDenied += 1;
    const released = await this.#api('POST', `${path}/release`, { assignee: by });
    if (released.status === 200) this.#work.releases += 1;
    // A task that the refusal found closed is nobody's.
    else if (released.status !== 409) this.#problem(`POST ${path}/release`, released);
    return undefined;
  }

  async #readScript(path: string, by: string): Promise<void> {
    const answer = await this.#api('GET', `${path}?by=${by}`);
    if (answer.status !== 200) this.#problem(`GET ${path}`, answer);
    else if ((answer.json as { readonly script?: unknown }).script !== undefined) this.#work.scriptsRead += 1;
  }

  /** Counsel reads the evidence before approving a suit, and returns what does not prove itself. */
  async #study(task: DeskTask, report: Report): Promise<Report> {
    const { evidence } = task.facts;
    if (task.objective !== 'approve-referral' || evidence === undefined) return report;
    this.#work.evidenceRead += 1;
    const isProven = await this.#readEvidence(evidence.ref, evidence.hash);
    return isProven ? report : { ...report, outcome: 'return' };
  }

  /** The list of a queue is of a moment before: a task may have closed since. Nothing else keeps this desk from one. */
  #gone(what: string, answer: ApiAnswer): void {
    const isClosed = answer.status === 409 && String((answer.json as { readonly detail?: unknown }).detail).includes('closed');
    if (isClosed) this.#work.closedMeanwhile += 1;
    else this.#problem(what, answer);
  }

  #problem(what: string, answer: ApiAnswer): void {
    if (this.problems.length < PROBLEMS_MAX) this.problems.push(`${what}: ${answer.status} ${JSON.stringify(answer.json)}`);
  }
}

function isDialled({ queue, objective }: DeskTask): boolean {
  return queue === 'call' || objective === 'visit';
}

function outcomeOf(task: DeskTask, today: string) {
  switch (task.queue) {
    case 'call':
      return callOutcome(task, today);
    case 'field-visit':
      return task.objective === 'approve-visit' ? reviewOutcome(task) : visitOutcome(task, today);
    default:
      return reviewOutcome(task);
  }
}
