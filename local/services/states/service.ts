import { AwsError } from '../../kernel/errors.ts';
import type { JsonObject, Kernel, Service } from '../../kernel/kernel.ts';
import { Activities, POLL } from './activities.ts';
import { ActivityViews } from './activity-views.ts';
import { tellParent } from './children.ts';
import { abortMapRun, childEnded, postMapRun } from './distributed.ts';
import { cancelWake, closeExecution, type Engine } from './engine.ts';
import type { Environment } from './environment.ts';
import { activeBranches, type Branch, type Execution, findBranch, isWork } from './execution.ts';
import { Executions } from './executions.ts';
import { SyncCallers } from './express.ts';
import { functionsFor } from './functions.ts';
import { closeFull, run, setFinishing } from './interpreter.ts';
import { MachineViews } from './machine-views.ts';
import { type MachineInput, Machines } from './machines.ts';
import { MapRunViews } from './map-run-views.ts';
import { MapRuns } from './map-runs.ts';
import { OPERATIONS } from './operations.ts';
import { RedriveTokens } from './redrive-tokens.ts';
import { PURGE, Retention } from './retention.ts';
import { stopExecution } from './start.ts';
import { type StatusChange, statusChangeOf } from './status-change.ts';
import { Tags } from './tags.ts';
import { failLostCall, isOverdue, limitCalls, wakeTask } from './tasks.ts';
import { Versions } from './versions.ts';
import { ExecutionViews } from './views.ts';

export interface StatesOptions {
  readonly kernel: Kernel;
  /** Called in the same stack as the change, so that what it writes joins the same commit. */
  readonly onStatusChange?: (detail: StatusChange) => void;
}

/**
 * AWS Step Functions, in JSONata. Times in answers are seconds since the epoch.
 *
 * A call that was out when the process died is failed with `Lambda.ServiceException` or `<Service>.SdkClientException` when the
 * service resumes, as a broken connection would: the state's own Retry decides whether to do it again.
 */
export class StatesService implements Service {
  readonly name = 'states';
  readonly machines: Machines;
  readonly engine: Engine;
  readonly activities: Activities;
  readonly versions: Versions;
  readonly tags: Tags;
  /** What people see of executions, of Map Runs, of state machines and of activities. */
  readonly views: ExecutionViews;
  readonly mapRunViews: MapRunViews;
  readonly machineViews: MachineViews;
  readonly activityViews: ActivityViews;
  readonly #kernel: Kernel;
  readonly #options: StatesOptions;
  readonly #transitions = new Map<string, number>();
  readonly #retention: Retention;
  readonly #environment: Environment;

  constructor(options: StatesOptions) {
    this.#options = options;
    const { kernel } = options;
    this.#kernel = kernel;
    this.machines = new Machines(kernel);
    this.versions = new Versions(kernel);
    this.tags = new Tags(kernel);
    // The engine and what works on it know each other.
    const activities = () => this.activities;
    this.engine = {
      kernel,
      machines: this.machines,
      get activities() {
        return activities();
      },
      mapRuns: new MapRuns(kernel.store),
      executions: new Executions(kernel.store, this.machines),
      functions: functionsFor(kernel),
      tokenKey: tokenKey(kernel),
      syncCallers: new SyncCallers(),
      redriveTokens: new RedriveTokens(kernel),
      calls: new Set(),
      post: (x, b) => this.#post(x, b),
      statusChanged: (x) => this.#statusChanged(x),
      countTransition: (arn) => this.#transitions.set(arn, (this.#transitions.get(arn) ?? 0) + 1),
      stopChild: (arn) => {
        const child = this.engine.executions.byArn(arn);
        if (child !== undefined) stopExecution(this.engine, child, undefined, undefined);
      },
      abortMapRun: (id) => abortMapRun(this.engine, id),
      finishDeleting: (arn) => this.#finishDeleting(arn),
    };
    this.activities = new Activities(this.engine);
    this.#environment = {
      engine: this.engine,
      machines: this.machines,
      versions: this.versions,
      activities: this.activities,
      tags: this.tags,
    };
    this.#retention = new Retention(this.engine);
    this.views = new ExecutionViews(this.engine, this.machines);
    this.mapRunViews = new MapRunViews(this.engine, this.machines);
    this.machineViews = new MachineViews(this.engine, this.versions, this.tags);
    this.activityViews = new ActivityViews(this.engine);
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
    const handler = Object.hasOwn(OPERATIONS, operation) ? OPERATIONS[operation] : undefined;
    if (handler === undefined)
      throw new AwsError('UnknownOperationException', `Step Functions has no operation ${operation} in the embedded cloud.`);
    return handler(this.#environment, input, origin);
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
    for (const { id } of this.engine.mapRuns.open()) postMapRun(this.engine, id);
    // Whoever waits for an execution that has ended may not have been told.
    for (const { id } of this.engine.executions.rows("notify IS NOT NULL AND status <> 'RUNNING' ORDER BY id")) tellParent(this.engine, id);
  }

  /** Another cloud takes this one's place: whoever's answer is held is answered. */
  abandon(): void {
    this.engine.syncCallers.abandon();
    this.activities.abandon();
  }

  onStill(): void {
    limitCalls(this.engine);
  }

  async onTimer(key: string, payload: string): Promise<void> {
    if (key === PURGE) {
      this.#retention.purge();
      return;
    }
    if (key.startsWith(POLL)) {
      this.activities.endPoll(key);
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
    if (next !== undefined && b.parent !== undefined) this.#wakeBeside(x, b);
    if (next !== undefined) await this.#work(x, next);
  }

  /** Recorded: tasks beside each other whose time is over at one instant have all timed out before the first of them fails the rest. */
  #wakeBeside(x: Execution, b: Branch): void {
    for (const other of [...activeBranches(x.root)]) {
      if (other === b || !isOverdue(other, this.#kernel.now())) continue;
      cancelWake(this.engine, x, other);
      const next = this.#guarded(x, () => wakeTask(this.engine, x, other));
      if (next !== undefined) this.#post(x, next);
    }
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
    this.#kernel.post(x.name, () => this.#finish(x, b));
  }

  async #work(x: Execution, b: Branch): Promise<void> {
    x.jobs += 1;
    this.engine.executions.touch(x);
    await this.#finish(x, b);
  }

  async #finish(x: Execution, b: Branch): Promise<void> {
    try {
      await run(this.engine, x, b);
    } finally {
      x.jobs -= 1;
    }
  }

  #statusChanged(x: Execution): void {
    if (x.status !== 'RUNNING') this.#retention.expect();
    // Express workflows put no events on the bus.
    if (!x.machine.express) this.#options.onStatusChange?.(statusChangeOf(this.engine, x));
    if (x.status === 'RUNNING') return;
    if (x.notify !== undefined) tellParent(this.engine, x.id);
    if (x.origin.mapRun !== undefined) childEnded(this.engine, x);
    if (x.machine.express) this.engine.syncCallers.answer(x);
    if (this.machines.isDeleting(x.machine.arn)) {
      const [machine = x.machine.arn] = x.machine.arn.split('/');
      this.#kernel.post(`deletion of ${machine}`, () => this.#finishDeleting(machine));
    }
  }

  /** A machine that is being deleted is gone, with all that was known of it, when nothing runs on it any more. */
  #finishDeleting(machine: string): void {
    const { executions } = this.engine;
    executions.flush();
    // Its own, and those of its Map Runs, whose machine is `<machine>/<label>`; '0' follows '/'.
    const own = "(machine = ?1 OR (machine > ?1 || '/' AND machine < ?1 || '0'))";
    if (executions.row(`${own} AND status = 'RUNNING'`, machine) !== undefined) return;
    for (const { id } of executions.rows(own, machine)) executions.remove(id);
    this.versions.removeAll(machine);
    this.tags.removeAll(machine);
    this.machines.remove(machine);
  }
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
