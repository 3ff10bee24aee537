import type { Api, ApiAnswer } from './desk.ts';
import { type DeskTask, share, ZONE_OFFSET } from './desk-script.ts';

/** An offer of `GET /accounts/{accountId}/plan-offers`: the members that the desk goes by. */
interface Offer {
  readonly offerId: string;
  readonly kind: string;
  /** Who approves it first, and what it gives up. */
  readonly needs?: { readonly givesUp: { readonly amount: string } };
}

interface Offers {
  /** Between which days monthly instalments may begin. */
  readonly firstDue?: { readonly from: string; readonly to: string };
  readonly offers: readonly Offer[];
  readonly onRequest: readonly Offer[];
}

/** Of `GET /accounts/{accountId}/journey`: what a customer who is asked for a day of the month has in mind. */
interface Remembered {
  readonly timeline?: readonly { readonly type: string; readonly paidAt?: string; readonly dueDate?: string }[];
}

/** What was done about arrangements. */
export interface PlanWork {
  plansAsked: number;
  plansAskedForApproval: number;
  plansAgreed: number;
}

const DAY = 86_400_000;

/** Of the customers who asked for an arrangement, so many agree to one that they are offered at once, and to one that was approved. */
const AGREED_SHARE = 0.7;
const AGREED_AFTER_APPROVAL_SHARE = 0.85;
/** So many would rather have one that needs an approval, where there is any that gives nothing up. */
const ON_REQUEST_SHARE = 0.4;
const AUTODEBIT_SHARE = 0.4;

/**
 * The day of the month that a customer names for the first instalment, told by what has happened until now: the one on which they last paid, as far
 * as the journey shows one, else the one on which their statements fall due.
 */
function usualDay({ timeline = [] }: Remembered): number | undefined {
  const paidAt = timeline.findLast(({ type }) => type === 'PaymentReceived')?.paidAt;
  const day = paidAt === undefined ? timeline.findLast(({ type }) => type === 'AccountOverdue')?.dueDate : localDateOf(paidAt);
  return day === undefined ? undefined : Number(day.slice(8));
}

function localDateOf(instant: string): string {
  return new Date(Date.parse(instant) + ZONE_OFFSET).toISOString().slice(0, 10);
}

/** The first date of a window that is this day of the month, or the last of a month that is shorter. */
function dateOn(day: number, { from, to }: { readonly from: string; readonly to: string }): string | undefined {
  for (let at = Date.parse(from); at <= Date.parse(to); at += DAY) {
    const date = new Date(at).toISOString().slice(0, 10);
    const endsMonth = new Date(at + DAY).toISOString().slice(8, 10) === '01';
    const number = Number(date.slice(8));
    if (number === day || (endsMonth && number < day)) return date;
  }
  return undefined;
}

/** Arrangements as the desk speaks of them with customers: what the API offers is read to them, and they take one or think about it. */
export class PlanDesk {
  readonly #api: Api;
  readonly #problem: (what: string, answer: ApiAnswer) => void;
  readonly work: PlanWork = { plansAsked: 0, plansAskedForApproval: 0, plansAgreed: 0 };
  /** What was asked for and waits for an approval, by account. */
  readonly #asked = new Map<string, string>();

  constructor(api: Api, problem: (what: string, answer: ApiAnswer) => void) {
    this.#api = api;
    this.#problem = problem;
  }

  /** The customer asks for an arrangement; the id of the one that needs an approval, where they want such a one. */
  async ask(task: DeskTask): Promise<string | undefined> {
    this.work.plansAsked += 1;
    const { onRequest } = await this.#offers(task.accountId);
    const wanted = oneOf(
      onRequest.filter(({ needs }) => Number(needs?.givesUp.amount) === 0),
      task.taskId,
    );
    if (wanted === undefined || share(task.taskId, 'on-request') >= ON_REQUEST_SHARE) return undefined;
    this.work.plansAskedForApproval += 1;
    this.#asked.set(task.accountId, wanted.offerId);
    return wanted.offerId;
  }

  /** Of what may be agreed at once the customer takes one, on the telephone or at the door. */
  async agreeAtOnce(task: DeskTask, now: number): Promise<void> {
    if (share(task.taskId, 'agree') >= AGREED_SHARE) return;
    const { offers } = await this.#offers(task.accountId);
    const offer = oneOf(offers, task.taskId);
    const channel = task.queue === 'call' ? 'voice' : 'visit';
    if (offer !== undefined) await this.#agree(task, offer.offerId, { now, channel, proofRef: `recording-${task.taskId}` });
  }

  /** What was approved is put to the customer, who signs it in the bank's app. */
  async reviewed(task: DeskTask, isApproved: boolean, now: number): Promise<void> {
    const asked = this.#asked.get(task.accountId);
    this.#asked.delete(task.accountId);
    if (!isApproved || share(task.taskId, 'agree') >= AGREED_AFTER_APPROVAL_SHARE) return;
    const { offers } = await this.#offers(task.accountId);
    // After a broken arrangement it is another one as such that was approved.
    const offer = offers.find(({ offerId }) => offerId === asked) ?? oneOf(offers, task.taskId);
    if (offer !== undefined) await this.#agree(task, offer.offerId, { now, channel: 'app', proofRef: `signature-${task.taskId}` });
  }

  /** 409 says that none may be offered: the desk tells the customer so. */
  async #offers(accountId: string): Promise<Offers> {
    const path = `/accounts/${accountId}/plan-offers`;
    const answer = await this.#api('GET', path);
    if (answer.status === 200) return this.#fromTheirDay(path, accountId, answer.json as Offers);
    if (answer.status !== 409) this.#problem(`GET ${path}`, answer);
    return { offers: [], onRequest: [] };
  }

  /** The offers as they are from the day that the customer names; a script of calls asks for it. */
  async #fromTheirDay(path: string, accountId: string, usual: Offers): Promise<Offers> {
    const journey = await this.#api('GET', `/accounts/${accountId}/journey`);
    const day = usualDay(journey.json as Remembered);
    const date = day === undefined || usual.firstDue === undefined ? undefined : dateOn(day, usual.firstDue);
    if (date === undefined) return usual;
    const named = await this.#api('GET', `${path}?firstDueOn=${date}`);
    if (named.status === 200) return named.json as Offers;
    this.#problem(`GET ${path}?firstDueOn=${date}`, named);
    return usual;
  }

  async #agree(
    { taskId, accountId }: DeskTask,
    offerId: string,
    { now, channel, proofRef }: { readonly now: number; readonly channel: string; readonly proofRef: string },
  ): Promise<void> {
    const path = `/accounts/${accountId}/plans`;
    const autodebit = share(taskId, 'autodebit') < AUTODEBIT_SHARE;
    const agreement = { offerId, agreedAt: new Date(now).toISOString(), channel, proofRef, ...(autodebit ? { autodebit } : {}) };
    const agreed = await this.#api('POST', path, agreement);
    if (agreed.status === 200) this.work.plansAgreed += 1;
    else this.#problem(`POST ${path}`, agreed);
  }
}

function oneOf<T>(list: readonly T[], taskId: string): T | undefined {
  return list[Math.floor(share(taskId, 'offer') * list.length)];
}
