import { type Counts, type DemoResult, up } from './result.ts';

/**
 * Counts what the application told the outside, event by event: nothing is kept but numbers and a few bytes an account. Events come
 * at least once and in order per account; `seq` tells a repeat.
 */

/** An event as it was put on the bus. */
export interface EventOut {
  readonly detailType: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

const STAGES: readonly string[] = ['reminder', 'call', 'plan', 'field-visit', 'legal'];

interface AccountState {
  seq: number;
  /** Index in `STAGES` of the deepest stage of the case in hand. */
  deepest: number;
  open: boolean;
}

export class Tally {
  readonly #accounts = new Map<string, AccountState>();
  readonly #deepestOfEnded: Counts = {};
  readonly #rejections: Counts = {};
  readonly #tasks: Record<string, Counts> = {};
  readonly #tasksOpened: Counts = {};
  readonly #eventsOut: Counts = {};
  #rejected = 0;
  #closedOtherwise = 0;
  opened = 0;
  curedByPayment = 0;
  curedByBalance = 0;

  add({ detailType, detail }: EventOut): void {
    const accountId = String(detail.accountId ?? '');
    if (detailType === 'EventRejected') {
      this.#rejected += 1;
      up(this.#rejections, `${detail.rejectedType} ${detail.field}: ${detail.rule}`);
      return;
    }
    const account = this.#account(accountId);
    const seq = Number(detail.seq);
    if (seq <= account.seq) return;
    account.seq = seq;
    up(this.#eventsOut, detailType);
    this.#count(account, detailType, detail);
  }

  /** What was counted so far. */
  result(): Omit<DemoResult, 'accounts' | 'events' | 'scripted' | 'desk' | 'work' | 'contacts' | 'agreements' | 'evidence' | 'audit'> {
    const { opened, curedByPayment, curedByBalance } = this;
    return {
      rejected: this.#rejected,
      opened,
      curedByPayment,
      curedByBalance,
      openAtEnd: opened - curedByPayment - curedByBalance - this.#closedOtherwise,
      rejections: this.#rejections,
      deepestStages: this.#deepestStages(),
      tasks: this.#tasks,
      tasksOpened: this.#tasksOpened,
      eventsOut: this.#eventsOut,
    };
  }

  #deepestStages(): Counts {
    const counts: Counts = Object.fromEntries(STAGES.map((stage) => [stage, this.#deepestOfEnded[stage] ?? 0]));
    for (const account of this.#accounts.values()) if (account.open) up(counts, STAGES[account.deepest] ?? '');
    return counts;
  }

  #account(accountId: string): AccountState {
    let account = this.#accounts.get(accountId);
    if (account === undefined) {
      account = { seq: -1, deepest: 0, open: false };
      this.#accounts.set(accountId, account);
    }
    return account;
  }

  #count(account: AccountState, type: string, detail: EventOut['detail']): void {
    switch (type) {
      case 'JourneyOpened':
        this.opened += 1;
        account.open = true;
        account.deepest = 0;
        break;
      case 'StageEntered':
        account.deepest = Math.max(account.deepest, STAGES.indexOf(String(detail.stage)));
        break;
      case 'AccountCured':
        if (detail.by === 'payment') this.curedByPayment += 1;
        else this.curedByBalance += 1;
        this.#ended(account);
        break;
      case 'JourneyClosed':
        if (account.open) this.#closedOtherwise += 1;
        this.#ended(account);
        break;
      case 'TaskOpened':
        up(this.#tasksOpened, String(detail.queue));
        break;
      case 'TaskClosed': {
        const queue = String(detail.queue);
        this.#tasks[queue] ??= {};
        up(this.#tasks[queue], String(detail.outcome ?? `(${detail.reason})`));
        break;
      }
    }
  }

  #ended(account: AccountState): void {
    if (!account.open) return;
    account.open = false;
    up(this.#deepestOfEnded, STAGES[account.deepest] ?? '');
  }
}
