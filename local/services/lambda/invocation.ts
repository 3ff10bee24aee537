import type { Handler } from './bundle.ts';

export interface Outcome {
  /** JSON text. */
  readonly payload: string;
  /** Set when the handler failed; the payload then describes the error. */
  readonly failed: boolean;
  /** Set when the failure was the end of the instance: the next run needs another. */
  readonly ended?: true;
}

interface RunLimits {
  readonly timeoutSeconds: number;
  readonly watchdogMilliseconds: number;
  /** Where the run leaves word how to end it while it is under way. */
  readonly ends: Set<(error: Error) => void>;
}

const RESPONSE_BYTES_MAX = 6 * 1024 * 1024;

/**
 * Runs a handler once. Errors become the document that Lambda answers
 * (https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html). A run that never settles is given up after
 * `watchdogMilliseconds` of real time, because no time passes on the cloud's clock while it hangs.
 */
export async function runHandler(
  handler: Handler,
  event: unknown,
  context: { readonly awsRequestId: string },
  { timeoutSeconds, watchdogMilliseconds, ends }: RunLimits,
): Promise<Outcome> {
  let watchdog: NodeJS.Timeout | undefined;
  let end: ((error: Error) => void) | undefined;
  try {
    const ended = new Promise<never>((_, reject) => {
      end = reject;
      ends.add(reject);
      watchdog = setTimeout(() => {
        const message = `RequestId: ${context.awsRequestId} Error: Task timed out after ${timeoutSeconds.toFixed(2)} seconds`;
        reject(Object.assign(new Error(message), { name: 'Sandbox.Timedout' }));
      }, watchdogMilliseconds).unref();
    });
    const result = await Promise.race([start(handler, event, context), ended]);
    const payload = JSON.stringify(result) ?? 'null';
    if (payload.length > RESPONSE_BYTES_MAX / 4 && Buffer.byteLength(payload) > RESPONSE_BYTES_MAX)
      return failure(
        Object.assign(new Error('Response payload size exceeded maximum allowed payload size (6291556 bytes).'), {
          name: 'Function.ResponseSizeTooLarge',
        }),
      );
    return { payload, failed: false };
  } catch (error) {
    return failure(error);
  } finally {
    clearTimeout(watchdog);
    if (end !== undefined) ends.delete(end);
  }
}

function start(handler: Handler, event: unknown, context: object): unknown {
  if (handler.length < 3) return handler(event, context);
  return new Promise((resolve, reject) => {
    const result = handler(event, context, (error, value) => (error === null || error === undefined ? resolve(value) : reject(error)));
    if (result instanceof Promise) result.then(resolve, reject);
  });
}

/** After these Lambda starts the function in another environment. */
const ENDS: ReadonlySet<string> = new Set(['Runtime.ExitError', 'Sandbox.Timedout']);

export function failure(error: unknown): Outcome {
  const document =
    error instanceof Error
      ? { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') }
      : { errorType: typeof error, errorMessage: String(error), trace: [] };
  return { payload: JSON.stringify(document), failed: true, ...(ENDS.has(document.errorType) && { ended: true }) };
}
