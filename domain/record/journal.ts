import { toInstant } from '../calendar.ts';
import type { Governor } from '../customer.ts';
import type { Draft, Entry } from '../entries.ts';
import type { Account, MessageChannel } from '../model.ts';
import type { BudgetedQueue } from '../policy/capacity.ts';
import type { Ladder } from '../policy/ladder.ts';
import type { LadderOverlay } from '../policy/ladder-for.ts';
import type { Overlay } from '../policy/packs/overlay.ts';
import { reduce } from '../reducer/reduce.ts';

/** What a product of the bank does with overdue accounts, as far as a message may say so. */
export interface ProductFacts {
  /** Arrears are reported to a credit bureau on `reportingDay` (1-28) of each month. */
  readonly reportsToBureau: boolean;
  readonly reportingDay?: number | undefined;
  readonly suspendsCard: boolean;
  readonly placesWithAgencies: boolean;
  /** The day past due from which the core is advised to place an account; without it nobody advises that. */
  readonly placementDays?: number | undefined;
  /** What is done more gently than the ladder says. */
  readonly ladder?: LadderOverlay | undefined;
}

/** What a deployment fixes for the domain. */
export interface Deployment {
  readonly timeZone: string;
  readonly jurisdiction: string;
  readonly locale: string;
  /** The house caps and hours on top of the packs. */
  readonly house: boolean;
  /** Whether field visits are made at all. */
  readonly visits: boolean;
  /** Who collects: the creditor itself, or an agency or debt buyer. */
  readonly role: 'first-party' | 'third-party';
  /** The channels that messages can go by here. */
  readonly channels: readonly MessageChannel[];
  /** A core figure older than this stops contact; without it no figure is too old. */
  readonly maxFigureAgeHours?: number | undefined;
  /** By product; `*` for all others. */
  readonly products: Readonly<Record<string, ProductFacts>>;
  /** How many calls and visits people can make a day; a queue without a number has no limit. */
  readonly capacity?: Readonly<Partial<Record<BudgetedQueue, number | undefined>>> | undefined;
  /** The bank's own tightenings of the packs and the house's rules. */
  readonly overlays?: readonly Overlay[];
}

export interface Setting {
  readonly now: number;
  readonly ladder: Ladder;
  readonly deployment: Deployment;
  readonly governor?: Governor | undefined;
}

/** Something that contradicts what is known: rejected, never dropped. `field` is the path in the event's detail. */
export class Contradiction extends Error {
  override readonly name = 'Contradiction';
  readonly field: string;
  readonly rule: string;

  constructor(field: string, rule: string) {
    super(`${field}: ${rule}`);
    this.field = field;
    this.rule = rule;
  }
}

/** An act that the state of the case does not allow (409) or a rule forbids (422). */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: 409 | 422;
  readonly field: string | undefined;
  /** The rule's name, where it has one. */
  readonly rule: string | undefined;

  constructor(status: 409 | 422, message: string, field?: string, rule?: string) {
    super(message);
    this.status = status;
    this.field = field;
    this.rule = rule;
  }
}

/** Collects the entries of one transaction and the account as it stands after each. */
export class Journal {
  readonly setting: Setting;
  readonly drafts: Draft[] = [];
  #account: Account;

  constructor(account: Account, setting: Setting) {
    this.#account = account;
    this.setting = setting;
  }

  get account(): Account {
    return this.#account;
  }

  add(draft: Draft): void {
    const current = this.#account.case;
    const inCase = draft.caseId === undefined && current?.status === 'open';
    const placed = inCase ? ({ ...draft, caseId: current.caseId } as Draft) : draft;
    this.drafts.push(placed);
    this.#account = reduce(this.#account, { ...placed, seq: 0, at: toInstant(this.setting.now) } as Entry);
  }
}
