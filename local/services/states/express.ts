import { AwsError } from '../../kernel/errors.ts';
import type { JsonObject } from '../../kernel/kernel.ts';
import type { Execution } from './execution.ts';

/** Memory is billed in pieces of 64 MB, time in pieces of 100 ms. https://aws.amazon.com/step-functions/pricing/ */
const MEMORY_MB = 64;
const BILLED_MS = 100;

/** What `StartSyncExecution` answers. https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartSyncExecution.html */
export function syncResult(
  x: Pick<Execution, 'arn' | 'name' | 'startedAt' | 'stoppedAt' | 'input' | 'output' | 'error' | 'status'> & {
    readonly machine: { readonly arn: string };
  },
): JsonObject {
  const stopped = x.stoppedAt ?? x.startedAt;
  return {
    executionArn: x.arn,
    stateMachineArn: x.machine.arn,
    name: x.name,
    startDate: x.startedAt / 1000,
    stopDate: stopped / 1000,
    // There are three of them: an execution that was stopped has failed.
    status: x.status === 'ABORTED' ? 'FAILED' : x.status,
    ...(x.error?.Error == null ? {} : { error: x.error.Error }),
    ...(x.error?.Cause == null ? {} : { cause: x.error.Cause }),
    input: x.input,
    inputDetails: { included: true },
    ...(x.output === undefined ? {} : { output: x.output, outputDetails: { included: true } }),
    billingDetails: {
      billedMemoryUsedInMB: MEMORY_MB,
      billedDurationInMilliseconds: Math.max(1, Math.ceil((stopped - x.startedAt) / BILLED_MS)) * BILLED_MS,
    },
  };
}

interface Caller {
  readonly answer: (result: JsonObject) => void;
  readonly refuse: (error: AwsError) => void;
}

/** Those who wait in `StartSyncExecution`; they are gone with the process, the executions are not. */
export class SyncCallers {
  readonly #callers = new Map<string, Caller>();

  wait(arn: string): Promise<JsonObject> {
    return new Promise((answer, refuse) => this.#callers.set(arn, { answer, refuse }));
  }

  answer(x: Execution): void {
    this.#take(x.arn)?.answer(syncResult(x));
  }

  /** The cloud goes on from a snapshot: what they wait for is not there. No client tries that again by itself. */
  abandon(): void {
    for (const arn of [...this.#callers.keys()])
      this.#take(arn)?.refuse(
        new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}': the embedded cloud has gone back to a snapshot.`),
      );
  }

  #take(arn: string): Caller | undefined {
    const caller = this.#callers.get(arn);
    this.#callers.delete(arn);
    return caller;
  }
}
