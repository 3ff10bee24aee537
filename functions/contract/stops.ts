import * as z from 'zod';
import { CHANNELS } from '../../domain/model.ts';
import { allPacks } from '../../domain/policy/packs/registry.ts';
import { STOP_SCOPES } from '../../domain/sending/stops.ts';
import { TEMPLATE_IDS } from '../../domain/words/template-ids.ts';
import { id, person } from './values.ts';

/**
 * `POST /stops`. A stop on something that does not exist would stop nothing while everybody believes it does: what can be known is
 * checked. Agencies are the bank's to name.
 */
export const stopBody = z
  .strictObject({
    stopId: id,
    by: person,
    channel: z.enum(CHANNELS).optional(),
    template: z
      .string()
      .refine((name) => TEMPLATE_IDS.some((templateId) => templateId === name), 'must be the id of a message template')
      .optional(),
    jurisdiction: z
      .string()
      .refine((name) => allPacks().some((pack) => pack.id === name), 'must be the id of a policy pack such as CN')
      .optional(),
    /** As it names itself where it asks the gate (`actor`). */
    agency: z.string().min(1).max(64).optional(),
    reason: z.string().min(1).max(500),
  })
  .refine((stop) => STOP_SCOPES.some((name) => stop[name] !== undefined), {
    path: ['channel'],
    message: 'one of channel, template, jurisdiction and agency must be given; to stop everything, turn the sending switch off',
  });
export type StopBody = z.infer<typeof stopBody>;

/** `POST /stops/{stopId}/lift`. */
export const liftBody = z.strictObject({ by: person });
