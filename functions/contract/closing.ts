import * as z from 'zod';
import { CLOSE_REASONS } from '../../domain/model.ts';
import { person, recordNumber } from './values.ts';

/** The body of `POST /cases/{caseId}/close`. */
export const closeBody = z.object({ reason: z.enum(CLOSE_REASONS), reference: recordNumber, by: person.optional() });
/** The body of `POST /cases/{caseId}/reopen`. */
export const reopenBody = z.object({ reference: recordNumber, by: person.optional() });
export type ReopenBody = z.infer<typeof reopenBody>;
export type CloseBody = z.infer<typeof closeBody>;
