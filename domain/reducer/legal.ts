import type { Entry } from '../entries.ts';
import type { LegalProgress } from '../model.ts';

type LegalStep = Entry<
  | 'IntentConfirmed'
  | 'IntentDeclined'
  | 'LegalNoticeServed'
  | 'EvidenceAssembled'
  | 'ReferralApproved'
  | 'ReferralReturned'
  | 'LegalReferred'
>;

/** How far a suit has come after one of its steps. */
export function onLegalStep(legal: LegalProgress, entry: LegalStep): LegalProgress {
  switch (entry.type) {
    case 'IntentConfirmed':
      return { ...legal, intentConfirmedBy: entry.by, intentConfirmedAt: entry.at };
    case 'IntentDeclined':
      return { ...legal, intentDeclinedAt: entry.at, ...(entry.how === 'reject' ? { rejectedAt: entry.at } : {}) };
    case 'LegalNoticeServed':
      return { ...legal, noticeServedAt: entry.at };
    case 'EvidenceAssembled': {
      if (entry.closing) return { ...legal, record: { hash: entry.manifestHash, ref: entry.packRef } };
      // Counsel approves what was assembled, not what was assembled before.
      const { approvedBy: _by, approvedAt: _at, ...rest } = legal;
      return { ...rest, evidenceHash: entry.manifestHash, evidenceRef: entry.packRef, evidenceAt: entry.at };
    }
    case 'ReferralApproved':
      return { ...legal, approvedBy: entry.by, approvedAt: entry.at };
    case 'ReferralReturned': {
      const { evidenceAt: _at, evidenceHash: _hash, evidenceRef: _ref, ...rest } = legal;
      return { ...rest, returnedAt: entry.at, ...(entry.how === 'reject' ? { rejectedAt: entry.at } : {}) };
    }
    case 'LegalReferred':
      return { ...legal, referredAt: entry.at };
  }
}

/** The suit goes on: what was its whole record is part of it. */
export function withoutRecord(legal: LegalProgress): LegalProgress {
  const { record: _part, ...rest } = legal;
  return rest;
}
