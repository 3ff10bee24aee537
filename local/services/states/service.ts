import { AwsError } from '../../kernel/errors.ts';
import type { JsonObject, Kernel, Service } from '../../kernel/kernel.ts';
import { sendTaskFailure, sendTaskHeartbeat, sendTaskSuccess } from './callbacks.ts';
import { raiseKeys } from './calls.ts';
import { closeExecution, type Engine } from './engine.ts';
import { activeBranches, type Branch, type Execution, findBranch, isWork, stateOf } from './execution.ts';
import { Executions, RETENTION_MS } from './executions.ts';
import { functionsFor } from './functions.ts';
import { closeFull, run, setFinishing } from './interpreter.ts';
import { type MachineInput, Machines } from './machines.ts';
import { OPERATIONS } from './operations.ts';
import { stopExecution } from './start.ts';
import { failLostCall, taskFailed, taskSucceeded, wakeTask } from './tasks.ts';

/** The detail of the event "Step Functions Execution Status Change". https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html */
export interface StatusChange {
  readonly executionArn: string;
  readonly stateMachineArn: string;
  readonly name: string;
  readonly status: string;
  /** Milliseconds since the epoch. */
  readonly startDate: number;
  readonly stopDate: number | null;
  readonly input: string;
  readonly output: string | null;
  readonly inputDetails: { readonly included: boolean };
  readonly outputDetails: { readonly included: boolean } | null;
  readonly error: string | null;
  readonly cause: string | null;
}

export interface StatesOptions {
  readonly kernel: Kernel;
  /** Called in the same stack as the change, so that what it writes joins the same commit. */
  readonly onStatusChange?: (detail: StatusChange) => void;
}

const PURGE = 'purge';
const PURGE_BATCH = 500;
const DAY_MS = 86_400_000;

/**
 * AWS Step Functions, Standard workflows in JSONata. Times in answers are seconds since the epoch.
 *
 * A call that was out when the process died is failed with `Lambda.ServiceException` or `<Service>.SdkClientException` when the
 * service resumes, as a broken connection would: the state's own Retry decides whether to do it again.
 */
export class StatesService implements Service {
  readonly name = 'states';
  readonly machines: Machines;
  readonly engine: Engine;
  readonly #kernel: Kernel;
  readonly #options: StatesOptions;
  readonly #transitions = new Map<string, number>();
  #purgeSet = false;

  constructor(options: StatesOptions) {
    this.#options = options;
    const { kernel } = options;
    this.#kernel = kernel;
    this.machines = new Machines(kernel);
    this.engine = {
      kernel,
      executions: new Executions(kernel.store, this.machines),
      functions: functionsFor(kernel),
      tokenKey: tokenKey(kernel),
      post: (x, b) => this.#post(x, b),
      statusChanged: (x) => this.#statusChanged(x),
      countTransition: (arn) => this.#transitions.set(arn, (this.#transitions.get(arn) ?? 0) + 1),
      stopChild: (arn) => {
        const child = this.engine.executions.byArn(arn);
        if (child !== undefined) stopExecution(this.engine, child, undefined, undefined);
      },
    };
    this.#purgeSet = kernel.store.get("SELECT 1 FROM timers WHERE service = 'states' AND key = ?", PURGE) !== undefined;
  }

  /** Creates a state machine, or gives it a new revision where its definition or role changed. Throws `InvalidDefinition`. */
  createStateMachine(input: MachineInput): void {
    this.machines.put(input);
  }

  /** States entered by this process, of all state machines or of one: what a Standard workflow is priced by. */
  transitions(machineArn?: string): number {
    if (machineArn !== undefined) return this.#transitions.get(machineArn) ?? 0;
    return [...this.#transitions.values()].reduce((sum, count) => sum + count, 0);
  }

  call(operation: string, input: JsonObject, origin: string): unknown {
    switch (operation) {
      case 'SendTaskSuccess':
        sendTaskSuccess(this.engine, requiredText(input, 'taskToken', 2048), requiredText(input, 'output', 262_144));
        return {};
      case 'SendTaskFailure':
        sendTaskFailure(
          this.engine,
          requiredText(input, 'taskToken', 2048),
          optionalText(input, 'error', 256),
          optionalText(input, 'cause', 32_768),
        );
        return {};
      case 'SendTaskHeartbeat':
        sendTaskHeartbeat(this.engine, requiredText(input, 'taskToken', 2048));
        return {};
      default: {
        const handler = Object.hasOwn(OPERATIONS, operation) ? OPERATIONS[operation] : undefined;
        if (handler === undefined)
          throw new AwsError('UnknownOperationException', `Step Functions has no operation ${operation} in the embedded cloud.`);
        return handler({ engine: this.engine, machines: this.machines }, input, origin);
      }
    }
  }

  resume(): void {
    for (const { id } of this.engine.executions.rows("status = 'RUNNING' AND active = 1 ORDER BY id")) {
      const x = this.engine.executions.byId(id);
      if (x === undefined) continue;
      for (const branch of [...activeBranches(x.root)]) {
        if (!isWork(branch.phase)) continue;
        if (branch.phase === 'calling') this.#guarded(x, () => failLostCall(this.engine, x, branch));
        this.#post(x, branch);
      }
    }
  }

  async onTimer(key: string, payload: string): Promise<void> {
    if (key === PURGE) {
      this.#purge();
      return;
    }
    const [id, branchId] = key.split(':').map(Number);
    const x = id === undefined ? undefined : this.engine.executions.byId(id);
    const b = x === undefined || branchId === undefined ? undefined : findBranch(x, branchId);
    if (x === undefined || b === undefined || x.status !== 'RUNNING' || b.dead || b.attempt !== Number(payload)) return;
    if (this.#kernel.now() >= x.deadlineAt) {
      closeExecution(this.engine, x, 'TIMED_OUT', 'ExecutionTimedOut', { details: { error: 'States.Timeout' } });
      return;
    }
    const next = this.#guarded(x, () => this.#wake(x, b));
    if (next !== undefined) await this.#work(x, next);
  }

  #wake(x: Execution, b: Branch): Branch | undefined {
    if (b.phase === 'timer') return setFinishing(b, b.input);
    if (b.phase === 'retry') {
      b.phase = 'entered';
      b.error = undefined;
      return b;
    }
    return wakeTask(this.engine, x, b);
  }

  #guarded(x: Execution, apply: () => Branch | undefined): Branch | undefined {
    try {
      return apply();
    } catch (error) {
      return closeFull(this.engine, x, error);
    }
  }

  #post(x: Execution, b: Branch): void {
    // Counted before the write, which lets go of executions that nobody works on.
    x.jobs += 1;
    this.engine.executions.touch(x);
    this.#kernel.post(x.name, async () => {
      try {
        await run(this.engine, x, b);
      } finally {
        x.jobs -= 1;
      }
    });
  }

  async #work(x: Execution, b: Branch): Promise<void> {
    x.jobs += 1;
    try {
      await run(this.engine, x, b);
    } finally {
      x.jobs -= 1;
    }
  }

  #statusChanged(x: Execution): void {
    if (x.status !== 'RUNNING') this.#setPurge();
    this.#options.onStatusChange?.({
      executionArn: x.arn,
      stateMachineArn: x.machine.arn,
      name: x.name,
      status: x.status,
      startDate: x.startedAt,
      stopDate: x.stoppedAt ?? null,
      input: x.input,
      output: x.output ?? null,
      inputDetails: { included: true },
      outputDetails: x.output === undefined ? null : { included: true },
      error: x.error?.Error ?? null,
      cause: x.error?.Cause ?? null,
    });
    if (x.status !== 'RUNNING' && x.notify !== undefined) this.#tellParent(x, x.notify);
  }

  /** An execution started with .sync has ended: its parent's task has its result. */
  #tellParent(child: Execution, notify: string): void {
    this.#kernel.post(`end of ${child.name}`, () => {
      const [id, branchId, attempt] = notify.split(':').map(Number);
      const x = id === undefined ? undefined : this.engine.executions.byId(id);
      const b = x === undefined || branchId === undefined ? undefined : findBranch(x, branchId);
      if (x === undefined || b === undefined || x.status !== 'RUNNING' || b.dead || b.attempt !== attempt) return;
      const result = this.#childResult(child, stateOf(b).integration?.pattern === 'sync2');
      this.#kernel.cancelTimer('states', `${x.id}:${b.id}`);
      const next = this.#guarded(x, () => {
        if (child.status === 'SUCCEEDED') return taskSucceeded(this.engine, x, b, result);
        return taskFailed(this.engine, x, b, { Error: 'States.TaskFailed', Cause: JSON.stringify(result) });
      });
      if (next !== undefined) this.#post(x, next);
    });
  }

  #childResult(child: Execution, parsed: boolean): Record<string, unknown> {
    const told = {
      executionArn: child.arn,
      input: parsed ? JSON.parse(child.input) : child.input,
      inputDetails: { included: true },
      name: child.name,
      ...(child.output === undefined
        ? {}
        : { output: parsed ? JSON.parse(child.output) : child.output, outputDetails: { included: true } }),
      ...(child.error?.Error == null ? {} : { error: child.error.Error }),
      ...(child.error?.Cause == null ? {} : { cause: child.error.Cause }),
      startDate: child.startedAt / 1000,
      stateMachineArn: child.machine.arn,
      status: child.status,
      stopDate: (child.stoppedAt ?? 0) / 1000,
    };
    const { input, output } = told;
    // The keys of the API's own members are raised, those of payloads are not.
    return {
      ...(raiseKeys({ ...told, input: undefined, output: undefined }) as Record<string, unknown>),
      Input: input,
      ...(output === undefined ? {} : { Output: output }),
    };
  }

  // ---- the end of retention -------------------------------------------------------------------------------------------

  /** The purge runs once a day while there is anything to purge; until then expired executions are treated as gone. */
  #setPurge(): void {
    if (this.#purgeSet) return;
    this.#purgeSet = true;
    this.#kernel.setTimer('states', PURGE, this.#kernel.now() + RETENTION_MS + DAY_MS);
  }

  #purge(): void {
    const { executions } = this.engine;
    executions.flush();
    const until = this.#kernel.now() - RETENTION_MS;
    const due = executions.rows('stopped <= ? ORDER BY stopped LIMIT ?', until, PURGE_BATCH);
    for (const { id } of due) executions.remove(id);
    if (due.length === PURGE_BATCH) {
      this.#kernel.post('purge of executions', () => this.#purge());
      return;
    }
    const [oldest] = executions.rows('stopped IS NOT NULL ORDER BY stopped LIMIT 1');
    this.#purgeSet = oldest !== undefined;
    if (oldest?.stopped != null) this.#kernel.setTimer('states', PURGE, oldest.stopped + RETENTION_MS + DAY_MS);
  }
}

function requiredText(input: JsonObject, member: string, max: number): string {
  const value = optionalText(input, member, max);
  if (value === undefined)
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
    );
  return value;
}

function optionalText(input: JsonObject, member: string, max: number): string | undefined {
  const value = input[member];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw new AwsError('ValidationException', `The member '${member}' must be a string.`);
  if (value.length > max)
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value at '${member}' failed to satisfy constraint: Member must have length less than or equal to ${max}`,
    );
  return value;
}

/** The key that signs task tokens, made once per store. */
function tokenKey(kernel: Kernel): string {
  kernel.store.define('CREATE TABLE IF NOT EXISTS states_key (key TEXT NOT NULL)');
  const known = kernel.store.get<{ key: string }>('SELECT key FROM states_key')?.key;
  if (known !== undefined) return known;
  const key = kernel.uuid() + kernel.uuid();
  kernel.store.run('INSERT INTO states_key (key) VALUES (?)', key);
  return key;
}
