import middy from '@middy/core';
import type * as z from 'zod';

/**
 * The middleware of every function that a machine calls: the event is what the schema says, or the call fails by a name that no retry
 * mends. middy's own timeout is off, the platform's counts.
 */
export function validated<In, Out>(schema: z.ZodType<In>, work: (input: In) => Promise<Out>) {
  return middy<unknown, Out>({ timeoutEarlyInMillis: 0 })
    .before((request) => {
      const result = schema.safeParse(request.event);
      if (!result.success) throw new MalformedInput(`${result.error.issues[0]?.path.join('.')}: ${result.error.issues[0]?.message}`);
      request.event = result.data;
    })
    .handler((event) => work(event as In));
}

/** The machine's definition and the function disagree: a defect, never the customer's. */
class MalformedInput extends Error {
  override readonly name = 'MalformedInput';
}
