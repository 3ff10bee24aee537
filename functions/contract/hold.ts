import * as z from 'zod';
import { HOLD_KINDS } from '../../domain/model.ts';
import { id, instant, reason } from './values.ts';

/** What is said of a hold, by an event of its own or within an imported case. */
export const holdFields = {
  holdId: id,
  accountId: id.optional(),
  customerId: id.optional(),
  kind: z.enum(HOLD_KINDS),
  placedAt: instant,
  expiresAt: instant.optional(),
  reason: reason.optional(),
};
