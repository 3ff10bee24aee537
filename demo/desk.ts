import { callOutcome, type DeskTask, type Report, reviewOutcome, share, visitOutcome } from './desk-script.ts';

/** A request to the public HTTP API; `path` from the root of the API. */
export type Api = (method: 'GET' | 'POST', path: string, body?: unknown) => Promise<{ readonly status: number; readonly json: unknown }>;

/** What people did, by what the API answered. Nobody's doing: it follows from the script. */
interface DeskWork {
  outcomes: number;
  /** Calls and visits that the gate let pass when somebody dialled or set out, and those that it put off or refused. */
  attempts: number;
  attemptsDeferred: number;
  attemptsDenied: number;
  plansAsked: number;
  plansAgreed: number;
}

const QUEUES = ['call', 'field-visit', 'legal-review', 'plan-review', 'case-review', 'data-quality'] as const;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Taipei keeps the same time all year. */
const ZONE_OFFSET = 8 * HOUR;
/** Minutes after local midnight at which the desk works its queues. Tries in the evening and at weekends are part of the ladder. */
const WEEKDAY_ROUNDS = [10 * 60, 14 * 60, 17 * 60, 19 * 60 + 30];
const SATURDAY_ROUNDS = [10 * 60 + 30, 15 * 60];
const PROBLEMS_MAX = 20;
/** A queue that never empties is a defect: it must not hang the demo. */
const PAGES_MAX = 10_000;
/** Of the customers who asked for an arrangement, so many agree to one that they are offered at once. */
const AGREED_SHARE = 0.7;

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
  readonly work: DeskWork = { outcomes: 0, attempts: 0, attemptsDeferred: 0, attemptsDenied: 0, plansAsked: 0, plansAgreed: 0 };
  /** Answers that no correct request should get, as sentences; the first few. */
  readonly problems: string[] = [];
  /** When the gate would let a task's call or visit pass; milliseconds since the epoch. */
  readonly #notBefore = new Map<string, number>();

  constructor(api: Api) {
    this.#api = api;
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
    const script = outcomeOf(task, today);
    if (script === undefined || (this.#notBefore.get(task.taskId) ?? 0) > now) return;
    const report = isDialled(task) ? await this.#attempt(task, script) : script;
    if (report === undefined) return;
    const answer = await this.#api('POST', `/tasks/${task.taskId}/outcome`, report);
    if (answer.status !== 200) {
      this.#problem(`${report.outcome} for ${task.taskId}`, answer);
      return;
    }
    this.work.outcomes += 1;
    this.#notBefore.delete(task.taskId);
    if (report.outcome === 'plan-requested' || report.outcome === 'met-plan-requested') await this.#offerPlan(task, now);
  }

  /** Claims the task and asks the gate; who is put off comes back in the first round from then on, if the task is still open. */
  async #attempt(task: DeskTask, report: Report): Promise<Report | undefined> {
    const path = `/tasks/${task.taskId}`;
    const { by } = report;
    if (task.assignee === undefined) {
      const claimed = await this.#api('POST', `${path}/claim`, { assignee: by });
      if (claimed.status !== 200) {
        this.#problem(`POST ${path}/claim`, claimed);
        return undefined;
      }
    }
    const answer = await this.#api('POST', `${path}/attempts`, { by });
    const { attemptId, decision, notBefore } = answer.json as { attemptId?: string; decision?: string; notBefore?: string };
    if (answer.status === 200 && attemptId !== undefined) {
      this.work.attempts += 1;
      return { ...report, attemptId };
    }
    if (answer.status !== 409 || decision === undefined) this.#problem(`POST ${path}/attempts`, answer);
    else if (decision === 'defer') {
      this.work.attemptsDeferred += 1;
      this.#notBefore.set(task.taskId, Date.parse(notBefore ?? ''));
    } else this.work.attemptsDenied += 1;
    return undefined;
  }

  /** What may be agreed at once is read to the customer, who takes one of the offers or thinks about it. */
  async #offerPlan(task: DeskTask, now: number): Promise<void> {
    this.work.plansAsked += 1;
    const path = `/accounts/${task.accountId}`;
    const answer = await this.#api('GET', `${path}/plan-offers`);
    // 409 says that none may be offered: the desk tells the customer so.
    if (answer.status === 409) return;
    if (answer.status !== 200) {
      this.#problem(`GET ${path}/plan-offers`, answer);
      return;
    }
    const { offers } = answer.json as { readonly offers: readonly { readonly offerId: string }[] };
    const offer = offers[Math.floor(share(task.taskId, 'offer') * offers.length)];
    if (offer === undefined || share(task.taskId, 'agree') >= AGREED_SHARE) return;
    const channel = task.queue === 'call' ? 'voice' : 'visit';
    const agreement = { offerId: offer.offerId, agreedAt: new Date(now).toISOString(), channel, proofRef: `recording-${task.taskId}` };
    const agreed = await this.#api('POST', `${path}/plans`, agreement);
    if (agreed.status === 200) this.work.plansAgreed += 1;
    else this.#problem(`POST ${path}/plans`, agreed);
  }

  #problem(what: string, answer: { readonly status: number; readonly json: unknown }): void {
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
