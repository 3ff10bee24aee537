import * as z from 'zod';
import { instant, person } from './values.ts';

/** The body of `POST /tasks/{taskId}/assign`: who makes a visit, when, and what they should know for their safety. */
export const assignmentBody = z.object({
  /** How many, and that they differ, is the domain's to say. */
  staff: z.array(person).min(1).max(10),
  windows: z
    .array(z.object({ from: instant, to: instant }))
    .min(1)
    .max(10)
    .optional(),
  safetyNote: z.string().min(1).max(1000).optional(),
  by: person.optional(),
});
export type AssignmentBody = z.infer<typeof assignmentBody>;
