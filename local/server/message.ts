import { AwsError, ConnectionLost } from '../kernel/errors.ts';

/** A request of an AWS client, over HTTP or in process; header names in lower case. */
export interface WireRequest {
  readonly method: string;
  /** Path without the query. */
  readonly path: string;
  readonly query?: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

export interface WireResponse {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** What a client is answered. A lost connection has no answer: it goes on to whoever holds the connection. */
export function asAwsError(error: unknown): AwsError {
  if (error instanceof ConnectionLost) throw error;
  if (error instanceof AwsError) return error;
  // Whoever looks through a request in depth runs out of stack where it is deeper than anything AWS takes.
  if (error instanceof RangeError && error.message.startsWith('Maximum call stack'))
    return new AwsError('SerializationException', 'The request is nested too deeply.');
  return new AwsError('InternalFailure', `The embedded cloud failed: ${error instanceof Error ? error.message : String(error)}`, 500);
}
