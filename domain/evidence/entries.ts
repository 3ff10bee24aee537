/** The entries of a suit: how it comes about, step by step, and what proves it. */
export interface SuitFacts {
  IntentConfirmed: { taskId: string; by: string };
  IntentDeclined: { taskId: string; by: string; how: 'return' | 'reject' };
  LegalNoticeServed: { contactIds: readonly string[]; how: 'reported' | 'elapsed' };
  /** The evidence up to an entry, where it lies under lock, and the hash that proves every byte of it. */
  EvidenceAssembled: {
    upTo: number;
    headHash: string;
    manifestHash: string;
    packRef: string;
    lines: number;
    bytes: number;
    /** The suit is over: not what counsel was handed, but all that came of it. */
    closing?: true;
  };
  ReferralApproved: { taskId: string; by: string };
  ReferralReturned: { taskId: string; by: string; how: 'return' | 'reject' };
  LegalReferred: { approvedBy: string; evidenceHash: string; evidenceRef: string };
}
