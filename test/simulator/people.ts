import { CHANNELS, CLOSE_REASONS, HOLD_KINDS, QUEUES } from '../../domain/model.ts';
import { outcomesOf } from '../../domain/record/outcome.ts';
import type { ApiAnswer, System, TaskSeen } from '../system/cloud.ts';
import { cny } from '../system/events.ts';
import type { BankSystems } from './bank.ts';
import type { Chance } from './chance.ts';
import { DAY, dateIn, HOUR, instantIn } from './when.ts';

type Task = TaskSeen & { readonly objective: Parameters<typeof outcomesOf>[0]['objective']; readonly queue: (typeof QUEUES)[number] };

interface Offer {
  readonly offerId: string;
}

const PERSONS = 5;
const PROMISED = ['promise', 'met-promise'];
const ASKED_FOR = ['plan-requested', 'met-plan-requested'];

/**
 * Collectors, supervisors, counsel, customers and operators, who do whatever the API lets them, in any order, by what they see at the
 * moment: often well, at times what does not fit. What the API refuses with a status below 500 is an answer.
 */
export class People {
  readonly #system: System;
  readonly #bank: BankSystems;
  readonly #chance: Chance;
  readonly #stops: string[] = [];
  readonly #attempts = new Map<string, { readonly attemptId: string; readonly by: string }>();
  #count = 0;

  constructor(system: System, bank: BankSystems, chance: Chance) {
    this.#system = system;
    this.#bank = bank;
    this.#chance = chance;
  }

  /** Does something. @returns what, for the record of the run */
  act(): Promise<string> {
    if (this.#bank.isSilent) return Promise.resolve('nobody has anything to do');
    return this.#chance.weighted<() => Promise<string>>([
      [60, () => this.#workTask()],
      [12, () => this.#agreePlan()],
      [5, () => this.#askForPlan()],
      [5, () => this.#check()],
      [4, () => this.#placeHold()],
      [2, () => this.#stop()],
      [4, () => this.#lift()],
      [1, () => this.#close()],
      [1, () => this.#reopen()],
    ])();
  }

  /** Two people lift what was stopped. */
  async liftAll(): Promise<void> {
    for (const stopId of this.#stops.splice(0))
      for (const by of ['approver-1', 'approver-2']) await this.#ask('POST', `/stops/${stopId}/lift`, { by });
  }

  async #workTask(): Promise<string> {
    const queue = this.#chance.pick(QUEUES);
    const { tasks = [] } = await this.#get<{ tasks: readonly Task[] }>(`/tasks?queue=${queue}&status=open`);
    const task = this.#chance.oneOf(tasks);
    if (task === undefined) return `the queue ${queue} is empty`;
    return this.#chance.weighted<() => Promise<string>>([
      [queue === 'call' || queue === 'field-visit' ? 30 : 3, () => this.#attempt(task)],
      [50, () => this.#report(task)],
      [10, () => this.#assign(task)],
      [5, () => this.#ask('POST', `/tasks/${task.taskId}/claim`, { assignee: this.#person('collector') })],
      [3, () => this.#ask('POST', `/tasks/${task.taskId}/release`, { assignee: task.assignee ?? this.#person('collector') })],
      [2, () => this.#ask('POST', `/tasks/${task.taskId}/reassign`, { assignee: this.#person('collector'), by: 'supervisor-1' })],
      [5, () => this.#ask('GET', `/tasks/${task.taskId}?by=${task.assignee ?? 'collector-1'}`)],
    ])();
  }

  async #attempt({ taskId, assignee }: Task): Promise<string> {
    const by = assignee ?? this.#person('visitor');
    const { status, json } = await this.#system.api<{ attemptId?: string }>('POST', `/tasks/${taskId}/attempts`, { by });
    if (status === 200 && json.attemptId !== undefined) this.#attempts.set(taskId, { attemptId: json.attemptId, by });
    return said('POST', `/tasks/${taskId}/attempts`, { by }, { status, json });
  }

  async #assign(task: Task): Promise<string> {
    return this.#ask('POST', `/tasks/${task.taskId}/assign`, { staff: [this.#person('visitor'), this.#person('visitor')], by: 'lead' });
  }

  /** Mostly somebody who was let through to the customer says what came of it; some just say something. */
  async #report(task: Task): Promise<string> {
    const attempt = this.#attempts.get(task.taskId);
    if (attempt === undefined && (task.queue === 'call' || task.objective === 'visit') && this.#chance.happens(0.8))
      return this.#attempt(task);
    const outcome = this.#chance.oneOf(outcomesOf(task)) as string;
    const by =
      task.queue === 'call' ? this.#person('collector') : task.queue === 'field-visit' ? this.#person('visitor') : this.#person('reviewer');
    const proof = task.objective === 'obtain-proof' ? { recordingRef: `rec-${task.taskId}` } : {};
    const body = { outcome, by, ...attempt, ...proof, ...(await this.#said(task, outcome)) };
    return this.#ask('POST', `/tasks/${task.taskId}/outcome`, body);
  }

  async #said(task: Task, outcome: string): Promise<object> {
    if (PROMISED.includes(outcome)) {
      const amount = cny(`${1 + this.#chance.below(3000)}.00`);
      return { promises: [{ amount, date: dateIn(this.#system, this.#chance.below(12)) }] };
    }
    if (outcome === 'call-back') return { callBackAt: instantIn(this.#system, (1 + this.#chance.below(72)) * HOUR) };
    if (!ASKED_FOR.includes(outcome) || this.#chance.happens(0.4)) return {};
    const { onRequest = [] } = await this.#get<{ onRequest: readonly Offer[] }>(`/accounts/${task.accountId}/plan-offers`);
    const offer = this.#chance.oneOf(onRequest);
    return offer === undefined ? {} : { planOfferId: offer.offerId };
  }

  async #agreePlan(): Promise<string> {
    const account = this.#account();
    const firstDue = this.#chance.happens(0.5) ? `?firstDueOn=${dateIn(this.#system, 3 + this.#chance.below(30))}` : '';
    const { offers = [] } = await this.#get<{ offers: readonly Offer[] }>(`/accounts/${account}/plan-offers${firstDue}`);
    const offer = this.#chance.oneOf(offers);
    if (offer === undefined) return `no plan may be offered for ${account}`;
    const agreement = {
      offerId: offer.offerId,
      agreedAt: instantIn(this.#system, 0),
      channel: this.#chance.pick(['app', 'voice', 'branch']),
    };
    return this.#ask('POST', `/accounts/${account}/plans`, agreement);
  }

  async #askForPlan(): Promise<string> {
    const kind = this.#chance.pick(['instalments', 'deferral', 'reduced-rate', 'waiver', 'settlement']);
    const months = this.#chance.happens(0.5) ? { months: 1 + this.#chance.below(60) } : {};
    return this.#ask('POST', `/accounts/${this.#account()}/plan-requests`, { requestId: this.#next('req'), kind, ...months });
  }

  async #check(): Promise<string> {
    const { accountId, customerId } = this.#bank.account();
    const reserve = this.#chance.happens(0.5);
    const body = { customerId, accountId, channel: this.#chance.pick(CHANNELS), reserve, actor: 'agency-7' };
    return this.#ask('POST', '/contacts/check', body);
  }

  async #placeHold(): Promise<string> {
    const kind = this.#chance.pick(HOLD_KINDS);
    const expiresAt = kind === 'disaster' ? { expiresAt: instantIn(this.#system, 10 * DAY) } : {};
    const body = { holdId: this.#next('api-hold'), kind, placedAt: instantIn(this.#system, 0), ...expiresAt };
    return this.#ask('POST', `/accounts/${this.#account()}/holds`, body);
  }

  async #stop(): Promise<string> {
    const stopId = this.#next('stop');
    this.#stops.push(stopId);
    const channel = this.#chance.pick(['sms', 'email', 'voice', 'visit']);
    return this.#ask('POST', '/stops', { stopId, by: 'supervisor-1', channel, reason: 'something looks wrong' });
  }

  async #lift(): Promise<string> {
    const stopId = this.#chance.oneOf(this.#stops);
    if (stopId === undefined) return 'nothing is stopped';
    return this.#ask('POST', `/stops/${stopId}/lift`, { by: this.#person('approver') });
  }

  async #close(): Promise<string> {
    const caseId = await this.#caseId();
    if (caseId === undefined) return 'no case to close';
    return this.#ask('POST', `/cases/${caseId}/close`, {
      reason: this.#chance.pick(CLOSE_REASONS),
      reference: this.#next('end'),
      by: 'approver-1',
    });
  }

  async #reopen(): Promise<string> {
    const caseId = await this.#caseId();
    if (caseId === undefined) return 'no case to reopen';
    return this.#ask('POST', `/cases/${caseId}/reopen`, { reference: this.#next('error'), by: 'approver-2' });
  }

  async #caseId(): Promise<string | undefined> {
    return (await this.#get<{ caseId: string }>(`/accounts/${this.#account()}/journey`)).caseId;
  }

  async #get<T>(path: string): Promise<Partial<T>> {
    const answer = await this.#system.api<Partial<T>>('GET', path);
    return answer.status === 200 ? answer.json : {};
  }

  async #ask(method: string, path: string, body?: object): Promise<string> {
    return said(method, path, body, await this.#system.api(method, path, body));
  }

  #account(): string {
    return this.#bank.account().accountId;
  }

  #person(role: string): string {
    return `${role}-${1 + this.#chance.below(PERSONS)}`;
  }

  #next(kind: string): string {
    this.#count += 1;
    return `${kind}-${this.#count}`;
  }
}

/** A request and what became of it; the API has no business with a status of 500 unless something was made to fail. */
function said(method: string, path: string, body: object | undefined, { status, json }: ApiAnswer): string {
  const why = status < 400 ? '' : ` ${JSON.stringify(json)}`;
  return `${method} ${path} ${body === undefined ? '' : JSON.stringify(body)} -> ${status}${why}`;
}
