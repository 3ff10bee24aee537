import * as z from 'zod';
import { id, instant, localDate, moneyPositive, person, reference } from './values.ts';

/** What a visit brings home: where it lies, and the hash of its bytes. */
const evidenceItem = z.object({
  ref: reference,
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits in lower case'),
  kind: z.enum(['photo', 'signature', 'recording', 'document']),
});

/** The body of `POST /tasks/{taskId}/outcome` and of `TaskOutcomeReported` (contract section 4). */
export const outcomeBody = z.object({
  outcome: z.string().min(1).max(64),
  by: person,
  at: instant.optional(),
  attemptId: id.optional(),
  contactPointId: id.optional(),
  notes: z.string().max(4000).optional(),
  reasonForArrears: z.string().max(64).optional(),
  promises: z
    .array(z.object({ amount: moneyPositive, date: localDate }))
    .max(10)
    .optional(),
  callBackAt: instant.optional(),
  planOfferId: id.optional(),
  recordingRef: reference.optional(),
  evidence: z
    .array(z.union([reference, evidenceItem], { error: 'must be a reference, or { ref, sha256, kind }' }))
    .max(20)
    .optional(),
});
export type OutcomeBody = z.infer<typeof outcomeBody>;
