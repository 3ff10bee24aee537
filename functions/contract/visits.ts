import * as z from 'zod';
import { instant } from './values.ts';

/** Whoever works a task, as the bank names its people. */
const person = z.string().min(1).max(128);

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
