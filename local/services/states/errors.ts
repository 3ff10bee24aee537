/** Error names of the Amazon States Language. https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html */
const STATES_ALL = 'States.ALL';
const TASK_FAILED = 'States.TaskFailed';
export const TIMEOUT = 'States.Timeout';
const HEARTBEAT_TIMEOUT = 'States.HeartbeatTimeout';
export const RUNTIME = 'States.Runtime';
export const DATA_LIMIT = 'States.DataLimitExceeded';
export const QUERY_EVALUATION = 'States.QueryEvaluationError';
export const ITEM_READER = 'States.ItemReaderFailed';
export const RESULT_WRITER = 'States.ResultWriterFailed';
export const TOLERATED_FAILURES = 'States.ExceedToleratedFailureThreshold';

/** What `$states.errorOutput` and a closed execution show. A task failed from outside may carry neither. */
export interface ErrorOutput {
  readonly Error: string | null;
  readonly Cause: string | null;
}

/** A state failed by a name of the language; the interpreter turns it into Retry, Catch or the end of the execution. */
export class StateError extends Error {
  readonly error: string;

  constructor(error: string, cause: string) {
    super(cause);
    this.name = 'StateError';
    this.error = error;
  }
}

/**
 * An expression gave nothing, failed or gave the wrong type: `States.QueryEvaluationError` after an `EvaluationFailed` event. What it
 * gave may be too large, too, which has its own name.
 */
export class QueryError extends Error {
  readonly location: string;
  readonly error: string;

  constructor(location: string, message: string, error: string = QUERY_EVALUATION) {
    super(message);
    this.name = 'QueryError';
    this.location = location;
    this.error = error;
  }
}

/** Does a retrier's or catcher's `ErrorEquals` cover this error? */
export function errorMatches(patterns: readonly string[], error: string | null, heartbeat: boolean): boolean {
  return patterns.some((pattern) => {
    // An error of the runtime always fails the execution, as recorded, even where its own name is caught. The wildcards do reach
    // States.DataLimitExceeded, as recorded, whatever the page says.
    if (error === RUNTIME) return false;
    if (pattern === error) return true;
    if (pattern === HEARTBEAT_TIMEOUT) return heartbeat;
    if (pattern === STATES_ALL) return true;
    return pattern === TASK_FAILED && error !== TIMEOUT;
  });
}
