import type { JsonObject, Kernel } from '../../kernel/kernel.ts';
import { type Handler, loadHandler } from './bundle.ts';
import type { FunctionDefinition } from './lambda-service.ts';
import { outside } from './outside.ts';
import { OwnTimers } from './own-timers.ts';
import type { Run } from './run.ts';
import type { LogRing } from './sandbox.ts';
import { type Scope, scopes } from './scope.ts';
import type { FunctionCaller } from './sdk-seam.ts';
import type { SharedWorld } from './shared-world.ts';

/** What an instance is made of. */
export interface InstanceParts {
  readonly kernel: Kernel;
  readonly definition: FunctionDefinition;
  readonly log: LogRing;
  readonly shared: SharedWorld;
  /** All runs that are under way, those of other instances, too. */
  readonly runs: Set<Run>;
  /** It runs no more: the next run needs another. */
  readonly onEnd: (instance: Instance) => void;
}

/** The code of a function once it is loaded, as an execution environment has it; but several runs may go on in it beside each other. */
export class Instance {
  readonly timers: OwnTimers;
  readonly #parts: InstanceParts;
  readonly #handler: Handler;
  /** What its code does while it is loaded, and leaves behind. */
  readonly #loading: Scope = { requestId: undefined, over: false, waits: 0, abort: (error) => this.abort(error), exit: () => undefined };
  #dead = false;
  #started = 0;
  #running = 0;
  /** Calls of SDK clients that are not settled, and how many of them have reached a service that may hold them. */
  #sending = 0;
  #held = 0;

  /** Loads the code. Throws what it throws. */
  constructor(parts: InstanceParts) {
    this.#parts = parts;
    const { kernel, definition, log, shared } = parts;
    const { code, handler, environment, name } = definition;
    this.timers = new OwnTimers(kernel, name);
    const caller: FunctionCaller = {
      follow: (sent) => this.#send(sent),
      call: (service, operation, input, origin) => this.#call(service, operation, input, origin),
      uuid: () => kernel.uuid(),
    };
    const options = { code, handler, environment, origin: `lambda:${name}`, log, caller, timers: this.timers, shared };
    this.#handler = scopes.run(this.#loading, () => loadHandler(kernel, options));
  }

  /** How many runs were started, this one counted. */
  begin(run: Run): number {
    this.#parts.runs.add(run);
    this.#running += 1;
    if (this.#running === 1) this.timers.thaw();
    this.#started += 1;
    return this.#started;
  }

  get handler(): Handler {
    return this.#handler;
  }

  get definition(): FunctionDefinition {
    return this.#parts.definition;
  }

  /** A run has ended; what it was killed in the middle of goes on without any effect. */
  ended(run: Run): void {
    const { kernel, onEnd, runs } = this.#parts;
    if (!runs.delete(run)) return;
    this.#running -= 1;
    if (run.reminder !== undefined) kernel.forget(run.reminder);
    if (run.over) {
      this.timers.drop(run);
      onEnd(this);
    }
    if (this.#running > 0) return;
    this.timers.freeze();
    // Others that ran in it are of another environment on AWS, and went on until now.
    if (run.over) this.#dead = true;
  }

  /** An error that nobody caught, of code that belongs to no run under way: whatever runs is gone with the process. */
  abort(error: unknown): void {
    this.#parts.onEnd(this);
    for (const run of this.#runs()) run.abort(error);
  }

  /** The process is killed. */
  crash(): void {
    this.#dead = true;
    this.#parts.onEnd(this);
    for (const run of this.#runs()) run.exit('Runtime exited with error: signal: killed');
  }

  /** The cloud goes on without it, and nobody hears of its runs but whoever called. */
  lose(error: unknown): void {
    this.#dead = true;
    for (const run of this.#runs()) run.lose(error);
    this.timers.freeze();
  }

  /** A line of the platform's own about a run. With a level it is the runtime's. */
  log(run: Run, text: string, level?: string): void {
    const { kernel, log } = this.#parts;
    if (level === undefined) log.write(`${new Date(kernel.now()).toISOString()} ${run.requestId} ${text}`, run.requestId);
    else log.write(text, run.requestId, level);
  }

  /** Whether a call of the SDK is being prepared or read, which may take the event loop some turns. */
  get isSending(): boolean {
    return this.#sending > this.#held;
  }

  /** Whether nothing is left that could set a run's code going again. */
  isDry(run: Run): boolean {
    const concerns = (scope: Scope | undefined) => scope === run || !this.#parts.runs.has(scope as Run);
    return run.waits === 0 && !this.isSending && this.#loading.waits === 0 && !outside.busy && !this.timers.keepsAlive(concerns);
  }

  #runs(): Run[] {
    return [...this.#parts.runs].filter((run) => run.instance === this);
  }

  #call(service: string, operation: string, input: JsonObject, origin: string): Promise<unknown> {
    const { kernel } = this.#parts;
    const scope = scopes.getStore();
    if (this.#dead || scope?.over === true) return new Promise(() => undefined);
    // A fault may let an answer come later, and be used up by it.
    const isHeld = mayWait(service, operation) || kernel.fault !== undefined;
    const isWaited = isHeld || kernel.disturbed;
    const answer = kernel.call(service, operation, input, origin);
    if (!isWaited) return answer;
    if (scope !== undefined) scope.waits += 1;
    if (isHeld) this.#held += 1;
    const done = () => {
      if (scope !== undefined) scope.waits -= 1;
      if (isHeld) this.#held -= 1;
      kernel.stir();
    };
    answer.then(done, done);
    return answer;
  }

  #send(sent: Promise<unknown>): void {
    this.#sending += 1;
    const done = () => {
      this.#sending -= 1;
    };
    sent.then(done, done);
  }
}

/** Calls that may be answered only when time has passed; all others are answered without the event loop turning. */
function mayWait(service: string, operation: string): boolean {
  return service === 'lambda' || (service === 'states' && WAITING.has(operation));
}

const WAITING: ReadonlySet<string> = new Set(['StartSyncExecution', 'GetActivityTask', 'TestState']);
