import { parseDuration } from '../../duration.ts';
import { AwsError, ConnectionLost } from '../../kernel/errors.ts';
import type { Call, Kernel } from '../../kernel/kernel.ts';
import { randomNumber, randomStep } from '../../kernel/random.ts';
import { errorOf } from './errors.ts';
import { checkFault, expressionOf, type FaultMatch, type FaultRule, invalid } from './rules.ts';

/** A fault that is set; `match.skip` and `match.count` are what is left of them. */
export interface KnownFault extends FaultRule {
  readonly id: number;
  /** How many calls it has disturbed. */
  readonly fired: number;
}

interface Standing {
  readonly id: number;
  readonly rule: FaultRule;
  readonly concerns: (call: Call) => boolean;
  fired: number;
  skip: number;
  /** Undefined: any number. */
  count: number | undefined;
  chance: number;
}

/** What faults act on: made anew when the cloud is restored. */
export interface FaultTarget {
  readonly kernel: Kernel;
  /** Ends the instance of a function. */
  crashFunction(name: string): void;
}

const FAULTS_MAX = 1000;
const FUNCTION_ORIGIN = 'lambda:';

/**
 * What operators and tests want to go wrong with calls. The oldest fault that concerns a call, and whose turn it is, happens to it; one
 * that is used up is gone. They are of the process: neither kept in its file nor part of a snapshot. Without any, no call is looked at.
 */
export class Faults {
  readonly #mayCrash: boolean;
  #target: FaultTarget;
  #faults: Standing[] = [];
  #added = 0;

  /** @param mayCrash whether the process is the cloud's own, so that a fault may kill it */
  constructor(target: FaultTarget, mayCrash: boolean) {
    this.#target = target;
    this.#mayCrash = mayCrash;
  }

  /** Acts on another target from now on. */
  moveTo(target: FaultTarget): void {
    this.#target = target;
    this.#arm();
  }

  /** Adds a fault. Throws a `ValidationException` that names the field and what it must be. */
  add(rule: FaultRule): KnownFault {
    const checked = checkFault(rule, [...this.#target.kernel.services()].map(({ name }) => name).sort());
    if (checked.effect === 'crash' && !this.#mayCrash)
      throw invalid('effect must not be crash in a process that is not the cloud’s own; npm start has one');
    if (this.#faults.length >= FAULTS_MAX) throw invalid(`There are ${FAULTS_MAX} faults already; delete some.`);
    this.#added += 1;
    const { match = {} } = checked;
    const fault: Standing = {
      id: this.#added,
      rule: checked,
      concerns: concernOf(checked),
      fired: 0,
      skip: match.skip ?? 0,
      count: match.count,
      chance: match.seed ?? 1,
    };
    this.#faults.push(fault);
    this.#arm();
    return known(fault);
  }

  /** In the order in which they are asked. */
  list(): readonly KnownFault[] {
    return this.#faults.map(known);
  }

  /** Answers whether there was such a fault. */
  delete(id: number): boolean {
    const left = this.#faults.filter((fault) => fault.id !== id);
    const found = left.length < this.#faults.length;
    this.#faults = left;
    this.#arm();
    return found;
  }

  clear(): void {
    this.#faults = [];
    this.#arm();
  }

  /** Calls are looked at only while there is a fault. */
  #arm(): void {
    this.#target.kernel.fault = this.#faults.length === 0 ? undefined : (call, next) => this.#meet(call, next);
  }

  #meet(call: Call, next: () => Promise<unknown>): Promise<unknown> {
    const fault = this.#faults.find((candidate) => candidate.concerns(call) && this.#isTurn(candidate));
    if (fault === undefined) return next();
    fault.fired += 1;
    if (fault.count !== undefined) {
      fault.count -= 1;
      if (fault.count === 0) this.delete(fault.id);
    }
    return this.#disturb(fault.rule, call, next);
  }

  #isTurn(fault: Standing): boolean {
    if (fault.skip > 0) {
      fault.skip -= 1;
      return false;
    }
    const { probability } = fault.rule.match ?? {};
    if (probability === undefined) return true;
    fault.chance = randomStep(fault.chance);
    return randomNumber(fault.chance) < probability;
  }

  /** A task is told how long its answer takes, so that it can be written down; a function waits for it. */
  async #late({ origin, service }: Call, answer: unknown, milliseconds: number): Promise<unknown> {
    if (!origin.startsWith(FUNCTION_ORIGIN)) return { ...(answer as object), VirtualDurationMs: milliseconds };
    const { kernel } = this.#target;
    await new Promise<void>((passed) => kernel.remind(kernel.now() + milliseconds, `${service} late answer`, passed));
    return answer;
  }

  async #disturb(rule: FaultRule, call: Call, next: () => Promise<unknown>): Promise<unknown> {
    switch (rule.effect) {
      case 'throttle':
      case 'fail':
        throw errorOf(rule);
      case 'delay':
        return this.#late(call, await next(), parseDuration(rule.after ?? '', 'after'));
      case 'duplicate':
        await unheard(next);
        return next();
      case 'crash-after-effect':
        await unheard(next);
        if (!call.origin.startsWith(FUNCTION_ORIGIN)) throw new ConnectionLost(call.service);
        this.#target.crashFunction(call.origin.slice(FUNCTION_ORIGIN.length));
        return nothing();
      case 'crash':
        await unheard(next);
        if (rule.commit !== 'before') this.#target.kernel.store.commit();
        process.kill(process.pid, 'SIGKILL');
        return nothing();
    }
  }
}

/** Whether a caller waits for an answer while time passes. */
function isPatient(origin: string): boolean {
  return origin.startsWith('states:') || origin.startsWith(FUNCTION_ORIGIN);
}

/** Does a call whose answer nobody hears. */
async function unheard(next: () => Promise<unknown>): Promise<void> {
  try {
    await next();
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
  }
}

/** What a dead caller hears. */
function nothing(): Promise<never> {
  return new Promise(() => undefined);
}

function known({ id, rule, fired, skip, count }: Standing): KnownFault {
  const { match } = rule;
  if (match === undefined) return { id, ...rule, fired };
  const left: FaultMatch = { ...match, ...(match.skip !== undefined && { skip }), ...(count !== undefined && { count }) };
  return { id, ...rule, match: left, fired };
}

function concernOf({ service, effect, match = {} }: FaultRule): (call: Call) => boolean {
  const isOperation = matcher(match.operation, (text, operation) => text === operation);
  const isOrigin = matcher(match.origin, (text, origin) => text === origin);
  const isInput = matcher(match.input, (text, input) => input.includes(text));
  return (call) =>
    call.service === service &&
    (effect !== 'delay' || isPatient(call.origin)) &&
    (isOperation === undefined || isOperation(call.operation)) &&
    (isOrigin === undefined || isOrigin(call.origin)) &&
    (isInput === undefined || isInput(textOf(call.input)));
}

function matcher(text: string | undefined, fits: (text: string, value: string) => boolean): ((value: string) => boolean) | undefined {
  if (text === undefined) return undefined;
  const expression = expressionOf(text);
  return expression === undefined ? (value) => fits(text, value) : (value) => expression.test(value);
}

function textOf(input: object): string {
  // A replacer sees what `toJSON` made of binaries; the member itself is found in its holder.
  return JSON.stringify(input, function (this: Record<string, unknown>, name, value: unknown) {
    return this[name] instanceof Uint8Array ? undefined : value;
  });
}
