import type { MemoryTimer } from '../../kernel/memory-timers.ts';
import type { Handler } from './bundle.ts';
import type { Instance } from './instance.ts';
import type { InvocationContext } from './invocation-context.ts';
import { failure, loggedError, type Outcome, platformFailure, success } from './outcome.ts';
import { type Scope, scopes } from './scope.ts';

/** What a run is told of itself. */
export interface RunRequest {
  readonly requestId: string;
  readonly event: unknown;
  readonly context: InvocationContext;
  /** When Lambda ends it: milliseconds since the epoch. */
  readonly deadline: number;
}

/** From this version on the runtime takes no callback, and waits for whatever a handler answers. */
const WITHOUT_CALLBACK = 24;

const CALLBACK_REMOVED =
  'ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to modify this function to use a supported handler signature to use Node.js 24 or later. For more information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.';

const NEVER_SETTLED =
  'The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly caused by a Promise that was never settled. For more information, see https://nodejs.org/docs/latest/api/process.html#exit-codes';

/** One run of a function. */
export class Run implements Scope {
  readonly instance: Instance;
  readonly request: RunRequest;
  over = false;
  waits = 0;
  /** Ends it at its deadline, from when it was first seen to wait. */
  reminder: MemoryTimer | undefined;
  /** When it was first seen to wait, in real time. */
  seenAt: number | undefined;
  /** What a callback answered, which counts when the event loop is empty. */
  #answer: Outcome | undefined;
  #isAsync = false;
  #called = false;
  #settle: ((outcome: Outcome) => void) | undefined;
  #lose: ((error: unknown) => void) | undefined;

  constructor(instance: Instance, request: RunRequest) {
    this.instance = instance;
    this.request = request;
  }

  get requestId(): string {
    return this.request.requestId;
  }

  /** Runs the handler; what the code does wrong is an outcome. Rejects only where the cloud stops under it. */
  start(handler: Handler, runtime: number): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      this.#settle = resolve;
      this.#lose = reject;
      try {
        scopes.run(this, () => this.#call(handler, runtime));
      } catch (error) {
        this.#fail(error);
      }
    });
  }

  /** An error that nobody caught: the runtime tells of it and ends the process. */
  abort(error: unknown): void {
    this.instance.log(this, `Uncaught: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    if (this.#settle === undefined) this.instance.abort(error);
    else this.#kill(failure(error));
  }

  exit(reason: string): void {
    this.#kill(platformFailure('Runtime.ExitError', `RequestId: ${this.request.requestId} Error: ${reason}`));
  }

  /** Its time is over. */
  expire(seconds: number): void {
    const ends = `Task timed out after ${seconds.toFixed(2)} seconds`;
    this.instance.log(this, ends);
    this.#kill(platformFailure('Sandbox.Timedout', `RequestId: ${this.request.requestId} Error: ${ends}`));
  }

  /** Nobody will hear of it. */
  lose(error: unknown): void {
    this.over = true;
    const lose = this.#lose;
    this.#release();
    lose?.(error);
  }

  /**
   * Nothing is left that could set its code going again, as where Node's event loop is empty: a callback's answer counts now; without one
   * a handler that is async has failed, any other has answered nothing.
   */
  runDry(): void {
    const nothing = this.#isAsync ? platformFailure('Runtime.NodeJsExit', NEVER_SETTLED) : success(undefined);
    this.#end(this.#answer ?? nothing);
  }

  #call(handler: Handler, runtime: number): void {
    const { event, context } = this.request;
    if (runtime >= WITHOUT_CALLBACK) {
      this.#isAsync = true;
      if (handler.length >= 3) throw Object.assign(new Error(CALLBACK_REMOVED), { name: 'Runtime.CallbackHandlerDeprecated' });
      this.#follow(handler(event, context));
      return;
    }
    // As the runtime tells them apart: by what the code says, not by what it answers.
    this.#isAsync = handler.constructor.name === 'AsyncFunction';
    context.run = this;
    const result = handler(event, context, (error, value) => this.#callback(error, value));
    if (isThenable(result)) this.#follow(result);
  }

  #follow(result: unknown): void {
    if (!isThenable(result)) {
      this.#end(success(result));
      return;
    }
    result.then(
      (value) => this.done(undefined, value),
      (error) => this.done(error ?? 'handled'),
    );
  }

  /** Answers for the code, once. */
  done(error: unknown, result?: unknown): void {
    if (this.#called) return;
    this.#called = true;
    if (error === undefined || error === null) this.#end(success(result));
    else this.#fail(error);
  }

  #callback(error: unknown, result: unknown): void {
    if (this.#called) return;
    this.#called = true;
    if (error !== undefined && error !== null) this.#fail(error);
    else if (this.request.context.callbackWaitsForEmptyEventLoop) this.#answer = success(result);
    else this.#end(success(result));
  }

  /** What the code threw or handed over: the runtime writes it down, but it goes on. */
  #fail(error: unknown): void {
    if (this.#settle === undefined) return;
    this.instance.log(this, `Invoke Error \t${loggedError(error)}`, 'ERROR');
    this.#end(failure(error));
  }

  /** Ends it with its instance. */
  #kill(outcome: Outcome): void {
    if (this.#settle === undefined) return;
    this.over = true;
    this.#end({ ...outcome, ended: true });
  }

  #end(outcome: Outcome): void {
    const settle = this.#settle;
    if (settle === undefined) return;
    this.#release();
    settle(outcome);
  }

  #release(): void {
    this.#settle = undefined;
    this.#lose = undefined;
    this.instance.ended(this);
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function';
}
