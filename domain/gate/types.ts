import type { ContactPoint, ContactRow, Governor } from '../customer.ts';
import type { Channel, Instant, LocalDate } from '../model.ts';
import type { Overlay } from '../policy/packs/overlay.ts';
import type { ContactPurpose, Fact, Role, Target } from '../policy/packs/pack.ts';

/** A contact that somebody wants to make now. */
export interface ContactRequest {
  readonly channel: Channel;
  /** Absent: the check is about the channel only, whichever number or address it will be. */
  readonly point?: ContactPoint;
  readonly purpose: ContactPurpose;
  /** The account it is about; absent: none is named, so contacts about any of them count. */
  readonly accountId?: string;
  /** Further accounts that the same contact is about: the limits of each hold. */
  readonly alsoAbout?: readonly string[];
  /** Whom it is with where that is not the customer. */
  readonly target?: Target;
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
  /** Every zone the customer may be in; all must be open. Empty: nothing is known of the place. */
  readonly timeZones: readonly string[];
  readonly ledger: readonly ContactRow[];
  readonly findings: Governor['findings'];
  readonly wishes: Governor['wishes'];
  readonly standing: Standing;
  /** The house caps and hours on top of the pack: on in deployments and the demo. */
  readonly house: boolean;
  /** Absent: `third-party`, which no pack binds less. */
  readonly role?: Role;
  /** The bank's own tightenings that apply to the account's product. */
  readonly overlays?: readonly Overlay[];
  readonly facts?: readonly Fact[];
  /** The local date on which a fact began, where a rule counts days from it. */
  readonly since?: Readonly<Partial<Record<Fact, LocalDate>>>;
  /** Public holidays beside those of the calendar. */
  readonly holidays?: readonly LocalDate[];
  /** The customer agreed to contact outside the hours of law. */
  readonly consentOutsideHours?: boolean;
  /** When the customer consented to calls directly to whoever collects. */
  readonly directConsentAt?: Instant;
  /** Address keys of places of work. */
  readonly workKeys?: readonly string[];
  /** When a person last approved going on in spite of the number of contacts. */
  readonly pressureApprovedAt?: Instant;
}

/**
 * `defer`: only time or counts stand in the way, `notBefore` is the first instant (epoch milliseconds) at which all rules pass if
 * nothing else happens, `rules` names all that stand in the way now. `deny`: a state without a known end. `rule` names the rule that
 * decided, `why` is a sentence for a person.
 */
export type Verdict =
  | { readonly decision: 'allow'; readonly rule: string; readonly why: string }
  | {
      readonly decision: 'defer';
      readonly notBefore: number;
      readonly rule: string;
      readonly why: string;
      readonly rules: readonly string[];
    }
  | { readonly decision: 'deny'; readonly rule: string; readonly why: string };
