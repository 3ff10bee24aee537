import * as z from 'zod';
import { CHANNELS, type Purpose } from '../../domain/model.ts';
import { id, instant, person } from './values.ts';

/** Contacts that people and other systems make: before, when the gate is asked, and after, when they are reported. */

const PURPOSES = [
  'collection',
  'promise-reminder',
  'plan-servicing',
  'plan-offer',
  'formal-notice',
  'statutory-notice',
] as const satisfies readonly Purpose[];

/** Who makes or made a contact: a dialler, a branch, an agency. */
const actor = z.string().min(1).max(64);

/** The body of `POST /tasks/{taskId}/attempts`. */
export const attemptBody = z.object({
  contactPointId: id.optional(),
  /** Chosen by the caller: a retry under it is known as one, whatever became of the first answer. */
  attemptId: id.optional(),
  by: person.optional(),
});

/** The body of `POST /contacts/check`. */
export const checkBody = z
  .object({
    customerId: id,
    accountId: id.optional(),
    channel: z.enum(CHANNELS),
    contactPointId: id.optional(),
    purpose: z.enum(PURPOSES).default('collection'),
    actor: actor.optional(),
    at: instant.optional(),
    reserve: z.boolean().default(false),
    attemptId: id.optional(),
  })
  .refine((body) => !body.reserve || body.at === undefined, { path: ['at'], message: 'a reservation is for now' })
  .refine((body) => body.reserve || body.attemptId === undefined, { path: ['attemptId'], message: 'only a reservation has an id' });
export type CheckBody = z.infer<typeof checkBody>;

/** The detail of `ContactReported` (contract section 2). */
export const contactReported = z.object({
  contactId: id,
  customerId: id,
  accountId: id.optional(),
  contactPointId: id.optional(),
  channel: z.enum(CHANNELS),
  direction: z.enum(['inbound', 'outbound']),
  kind: z.enum(['attempt', 'conversation']),
  at: instant,
  actor,
  /** Known ones have the effect of the same outcome of a task; any other is kept as it is. */
  outcome: z.string().min(1).max(64),
});
