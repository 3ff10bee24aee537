import type { Instant } from './model.ts';

/** What belongs to a visit beside the case. */

/** A span in which a visit may begin. */
export interface VisitWindow {
  readonly from: Instant;
  readonly to: Instant;
}

/** Something that was made during a visit and is kept elsewhere, with the hash of its bytes. */
export interface EvidenceItem {
  readonly ref: string;
  /** Hexadecimal digits, in lower case. */
  readonly sha256: string;
  readonly kind: 'photo' | 'signature' | 'recording' | 'document';
}

/** What a task for contact data is about where only the address of visits is wrong. */
export const REGISTERED_ADDRESS = 'registered-address';
