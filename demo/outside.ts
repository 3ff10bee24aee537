import { share } from './desk-script.ts';

/**
 * Whoever answers the application from outside, played by a script: the core books what was agreed or will not, and has an agency work
 * what is advised for a charge-off; courts tell how suits go. What it says is no part of the portfolio and is counted apart. It never says
 * what ends a case: that is the portfolio's alone.
 */

export interface ScriptedEvent {
  readonly source: 'bank.core' | 'bank.court';
  readonly detailType: 'PlanBooked' | 'PlanRejected' | 'LegalStatusReported' | 'AccountStatusChanged';
  readonly detail: Readonly<Record<string, unknown>>;
}

/** An event of the application's, as it was put on the bus. */
interface Heard {
  readonly detailType: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Of agreements the core books so many and rejects so many; to the others it says nothing. */
const BOOKED_SHARE = 0.92;
const REJECTED_SHARE = 0.05;
const REJECTIONS = ['terms', 'limit', 'credit-decision', 'documents-missing'];
const ANSWER_HOURS = 20;

/** Suits that come before a court, and days from one news of them to the next. */
const FILED_SHARE = 0.9;
const WITHDRAWN_SHARE = 0.1;
const DAYS_TO = { filed: 10, withdrawn: 25, judgment: 40, enforcement: 30 } as const;

/** Accounts that the core gives to an agency instead of writing them off, and for how long. */
const PLACED_SHARE = 0.3;
const PLACED_AFTER_DAYS = 2;
const PLACED_DAYS = 30;

interface Due {
  readonly at: number;
  readonly accountId: string;
  /** Made when it is due, with the instant in it. */
  readonly make: (at: string) => ScriptedEvent;
}

export class Outside {
  #due: Due[] = [];
  /** Of what was answered, by the event's id: events come at least once. */
  readonly #heard = new Set<unknown>();
  readonly #placed = new Set<string>();
  /** What the application would not take of it, as sentences. */
  readonly problems: string[] = [];

  hear({ detailType, detail }: Heard, now: number): void {
    if (detailType === 'EventRejected' && isScripted(detail.rejectedType))
      this.problems.push(`${String(detail.rejectedType)} ${String(detail.field)}: ${String(detail.rule)}`);
    const answer = ANSWERS[detailType];
    if (answer === undefined || this.#heard.has(detail.eventId)) return;
    this.#heard.add(detail.eventId);
    answer(this, detail, now);
  }

  /** What is due by now, in time order. */
  speak(now: number): ScriptedEvent[] {
    const ripe = this.#due.filter(({ at }) => at <= now);
    if (ripe.length === 0) return [];
    this.#due = this.#due.filter(({ at }) => at > now);
    return ripe.sort((one, other) => one.at - other.at).map(({ make }) => make(new Date(now).toISOString()));
  }

  bookPlan(accountId: string, planId: string, now: number): void {
    const chance = share(planId, 'core');
    if (chance >= BOOKED_SHARE + REJECTED_SHARE) return;
    const at = now + (1 + Math.floor(share(planId, 'hours') * ANSWER_HOURS)) * HOUR;
    const reason = REJECTIONS[Math.floor(share(planId, 'why') * REJECTIONS.length)] ?? 'terms';
    const make = (instant: string): ScriptedEvent =>
      chance < BOOKED_SHARE
        ? { source: 'bank.core', detailType: 'PlanBooked', detail: { planId, at: instant } }
        : { source: 'bank.core', detailType: 'PlanRejected', detail: { planId, at: instant, reason } };
    this.#due.push({ at, accountId, make });
  }

  sue(accountId: string, caseId: string, now: number): void {
    if (share(caseId, 'filed') >= FILED_SHARE) return;
    const tell = (status: keyof typeof DAYS_TO, at: number) => {
      const detail = { accountId, status, reference: `docket-${caseId}` };
      this.#due.push({
        at,
        accountId,
        make: (instant) => ({ source: 'bank.court', detailType: 'LegalStatusReported', detail: { ...detail, at: instant } }),
      });
      return at;
    };
    const filed = tell('filed', now + DAYS_TO.filed * DAY);
    if (share(caseId, 'withdrawn') < WITHDRAWN_SHARE) tell('withdrawn', filed + DAYS_TO.withdrawn * DAY);
    else tell('enforcement', tell('judgment', filed + DAYS_TO.judgment * DAY) + DAYS_TO.enforcement * DAY);
  }

  follow(accountId: string, action: unknown, now: number): void {
    if (action === 'charge-off-review' && share(accountId, 'agency') < PLACED_SHARE) {
      const placed = now + PLACED_AFTER_DAYS * DAY;
      this.#status(accountId, 'placed', placed);
      this.#status(accountId, 'recalled', placed + PLACED_DAYS * DAY);
    }
    if (action === 'recall-from-agency') {
      this.#forget(accountId);
      this.#status(accountId, 'recalled', now + HOUR);
    }
  }

  /** Whoever has paid is sued and collected from no more. */
  #forget(accountId: string): void {
    this.#due = this.#due.filter((row) => row.accountId !== accountId);
  }

  cured(accountId: string, now: number): void {
    this.#forget(accountId);
    if (this.#placed.has(accountId)) this.#status(accountId, 'recalled', now + HOUR);
  }

  #status(accountId: string, status: 'placed' | 'recalled', at: number): void {
    const make = (instant: string): ScriptedEvent => {
      if (status === 'placed') this.#placed.add(accountId);
      else this.#placed.delete(accountId);
      const detail = { accountId, status, at: instant, reference: `agency-7:${accountId}` };
      return { source: 'bank.core', detailType: 'AccountStatusChanged', detail };
    };
    this.#due.push({ at, accountId, make });
  }
}

type Answering = (outside: Outside, detail: Heard['detail'], now: number) => void;

/** By the event that is answered. */
const ANSWERS: Readonly<Record<string, Answering | undefined>> = {
  PlanAgreed: (outside, { accountId, planId }, now) => outside.bookPlan(String(accountId), String(planId), now),
  LegalReferred: (outside, { accountId, caseId }, now) => outside.sue(String(accountId), String(caseId), now),
  AccountActionAdvised: (outside, { accountId, action }, now) => outside.follow(String(accountId), action, now),
  AccountCured: (outside, { accountId }, now) => outside.cured(String(accountId), now),
};

const SCRIPTED: readonly unknown[] = ['PlanBooked', 'PlanRejected', 'LegalStatusReported', 'AccountStatusChanged'];

function isScripted(detailType: unknown): boolean {
  return SCRIPTED.includes(detailType);
}
