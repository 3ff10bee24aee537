import { AwsError } from '../../../kernel/errors.ts';
import type { Kernel } from '../../../kernel/kernel.ts';
import { REGION } from '../../../template/intrinsics.ts';
import type { CompiledState } from '../definition.ts';
import { isObject, parseJson } from '../json.ts';
import { isoTime } from '../times.ts';
import { STATE_NAME } from './subject.ts';

type Context = Readonly<Record<string, unknown>>;

const RETRIED: ReadonlySet<string> = new Set(['Task', 'Parallel', 'Map']);

/**
 * The context object of a state that nothing runs, as recorded in `test_state_context_object.snapshot.json` of localstack/localstack:
 * it is of an Express execution, and the state is called StateName whatever its name.
 */
export function defaultContext(kernel: Kernel, state: CompiledState, input: unknown, roleArn: string | undefined): Context {
  const account = roleArn?.split(':')[4] ?? '000000000000';
  const [machine, execution] = [kernel.uuid(), kernel.uuid()];
  const now = isoTime(kernel.now());
  return {
    Execution: {
      Id: `arn:aws:states:${REGION}:${account}:express:${machine}:${execution}`,
      Input: input,
      Name: execution,
      RoleArn: roleArn ?? null,
      StartTime: now,
    },
    StateMachine: { Id: `arn:aws:states:${REGION}:${account}:stateMachine:${machine}`, Name: machine },
    State: { Name: STATE_NAME, EnteredTime: now, ...(RETRIED.has(state.type) ? { RetryCount: 0 } : {}) },
    ...(hasToken(state) ? { Task: { Token: kernel.uuid() } } : {}),
  };
}

type Check = 'string' | 'number' | 'any';

/** https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html */
const MEMBERS: Readonly<Record<string, Readonly<Record<string, Check>>>> = {
  Execution: {
    Id: 'string',
    Input: 'any',
    Name: 'string',
    RoleArn: 'string',
    StartTime: 'string',
    RedriveCount: 'number',
    RedriveTime: 'string',
  },
  StateMachine: { Id: 'string', Name: 'string' },
  State: { Name: 'string', EnteredTime: 'string', RetryCount: 'number' },
  Task: { Token: 'string' },
};

/** The context object that a caller gives in the place of the usual one. Members may be missing. */
export function givenContext(text: string, state: CompiledState): Context {
  const context = parseJson(text)?.value;
  if (!isObject(context)) throw refused('Context object must be a valid JSON object');
  for (const [name, part] of Object.entries(context)) {
    if (name === 'Map') throw refused("'Map' field is not supported when mocking a Context object");
    const members = Object.hasOwn(MEMBERS, name) ? MEMBERS[name] : undefined;
    if (members === undefined) throw refused(`Field '${name}' is not allowed`);
    if (name === 'Task' && !hasToken(state))
      throw refused(
        "Context object contains 'Task' when state is not a Task state with a '.sync' or '.waitForTaskToken' service integration pattern",
      );
    if (!isObject(part)) throw refused(`${name} must be an object`);
    for (const [member, value] of Object.entries(part)) {
      const type = Object.hasOwn(members, member) ? members[member] : undefined;
      if (type === undefined) throw refused(`Field '${name}.${member}' is not allowed`);
      if (type !== 'any' && typeof value !== type) throw refused(`${name}.${member} must be a ${type}`);
    }
  }
  return context;
}

function hasToken({ integration }: CompiledState): boolean {
  return integration !== undefined && integration.kind !== 'activity' && integration.pattern !== 'response';
}

function refused(why: string): AwsError {
  return new AwsError('ValidationException', `Invalid Context object provided: ${why}`);
}
