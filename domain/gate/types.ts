import type { Channel, ContactPoint, ContactRow, Governor, Purpose } from '../model.ts';

/** A contact that somebody wants to make now. */
export interface ContactRequest {
  readonly channel: Channel;
  readonly point: ContactPoint;
  readonly purpose: Purpose;
  readonly accountId: string;
}

/** How the case stands, as far as it forbids contact whatever the time. */
export interface Standing {
  readonly caseOpen: boolean;
  readonly cured: boolean;
  /** Kind of the hold that stops contact, if any. */
  readonly heldBy?: string;
  readonly arranged: boolean;
  readonly daysPastDue: number;
  /** The core's figure is older than the deployment lets anybody collect on. */
  readonly figureStale?: boolean;
  /** No contact until then (a pending payment, `paid-already`). */
  readonly quietUntil?: string;
}

/** What the verdict is recomputed from: nothing else may influence it. */
export interface GateFacts {
  readonly jurisdiction: string;
  /** Every zone the customer may be in; all must be open. Never empty. */
  readonly timeZones: readonly string[];
  readonly ledger: readonly ContactRow[];
  readonly findings: Governor['findings'];
  readonly wishes: Governor['wishes'];
  readonly standing: Standing;
  /** The house caps and hours on top of the pack: on in deployments and the demo. */
  readonly house: boolean;
}

/**
 * `defer`: only time or counts stand in the way, `notBefore` is the first instant (epoch milliseconds) at which all rules pass if
 * nothing else happens. `deny`: a state without a known end. `rule` names the rule that decided, `why` is a sentence for a person.
 */
export type Verdict =
  | { readonly decision: 'allow'; readonly rule: string; readonly why: string }
  | { readonly decision: 'defer'; readonly notBefore: number; readonly rule: string; readonly why: string }
  | { readonly decision: 'deny'; readonly rule: string; readonly why: string };
