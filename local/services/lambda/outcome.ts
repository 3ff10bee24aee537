import { types } from 'node:util';

/** How a run ended. */
export interface Outcome {
  /** JSON text. */
  readonly payload: string;
  /** Set when the function failed; the payload then describes the error. */
  readonly failed: boolean;
  /** Set when the failure was the end of the instance: the next run needs another. */
  readonly ended?: true;
}

/** Six mebibytes and what the platform adds; the number is the one it names. */
const RESPONSE_BYTES_MAX = 6_291_556;

export function success(result: unknown): Outcome {
  let payload: string;
  try {
    payload = JSON.stringify(result) ?? 'null';
  } catch {
    return failure(new Error('Unable to stringify response body'));
  }
  if (payload.length > RESPONSE_BYTES_MAX / 3 && Buffer.byteLength(payload) > RESPONSE_BYTES_MAX)
    return platformFailure(
      'Function.ResponseSizeTooLarge',
      `Response payload size exceeded maximum allowed payload size (${RESPONSE_BYTES_MAX} bytes).`,
    );
  return { payload, failed: false };
}

/** An error that code threw or handed over, as the runtime tells of it (https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html). */
export function failure(error: unknown): Outcome {
  return { payload: JSON.stringify(documentOf(error)), failed: true };
}

/**
 * An error as the runtime for Node.js writes it into the log behind `Invoke Error`: with its own members, and its stack last.
 */
export function loggedError(error: unknown): string {
  try {
    if (!isError(error)) return JSON.stringify(error) ?? String(error);
    const { name: errorType, message: errorMessage, code } = error as Error & { code?: unknown };
    return JSON.stringify({ errorType, errorMessage, code, ...error, stack: (error.stack ?? '').split('\n') });
  } catch {
    return JSON.stringify(documentOf(error));
  }
}

/** An error that Lambda finds from outside the code: it has no trace. */
export function platformFailure(errorType: string, errorMessage: string): Outcome {
  return { payload: JSON.stringify({ errorType, errorMessage }), failed: true };
}

function documentOf(error: unknown): object {
  try {
    if (isError(error)) return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') };
    return { errorType: typeof error, errorMessage: String(error), trace: [] };
  } catch {
    return {
      errorType: 'handled',
      errorMessage:
        'callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack',
      trace: [],
    };
  }
}

function isError(error: unknown): error is Error {
  return error instanceof Error || types.isNativeError(error);
}
