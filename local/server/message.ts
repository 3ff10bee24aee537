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
  return new AwsError('InternalFailure', `The embedded cloud failed: ${error instanceof Error ? error.message : String(error)}`, 500);
}
