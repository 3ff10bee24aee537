import { AwsError } from '../kernel/errors.ts';
import type { JsonObject, Kernel, Service } from '../kernel/kernel.ts';
import { md5 } from '../kernel/md5.ts';
import type { Action, ActionStep, AslCase, LambdaBehaviour } from './case.ts';

/** Functions that behave as a case says. */
export class FakeLambda implements Service {
  readonly name = 'lambda';
  readonly #behaviours: Readonly<Record<string, LambdaBehaviour>>;

  constructor(behaviours: Readonly<Record<string, LambdaBehaviour>>) {
    this.#behaviours = behaviours;
  }

  call(operation: string, input: JsonObject): unknown {
    if (operation !== 'Invoke') throw new AwsError('UnknownOperationException', operation);
    const name = String(input.FunctionName);
    const behaviour = this.#behaviours[name.split(':function:').at(-1) ?? name];
    if (behaviour === undefined) throw new AwsError('ResourceNotFoundException', `Function not found: ${name}`, 404);
    const log = input.LogType === 'Tail' ? { LogResult: Buffer.from('START END REPORT').toString('base64') } : {};
    return { StatusCode: 200, ExecutedVersion: '$LATEST', ...log, ...act(behaviour, String(input.Payload)) };
  }
}

function act(behaviour: LambdaBehaviour, payload: string): JsonObject {
  switch (behaviour.type) {
    case 'echo':
      return { Payload: payload };
    case 'return':
      return { Payload: JSON.stringify(behaviour.value ?? null) };
    case 'returnRepeated':
      return { Payload: JSON.stringify(behaviour.text.repeat(behaviour.count)) };
    case 'raise': {
      const { type, errorMessage, errorType, ...more } = behaviour;
      return { FunctionError: 'Unhandled', Payload: JSON.stringify({ errorMessage, errorType, ...more }) };
    }
    case 'sleep':
      return { ...act(behaviour.then, payload), VirtualDurationMs: behaviour.seconds * 1000 };
  }
}

/** Queues whose messages a case's workers answer: every step is a timer. */
export class FakeSqs implements Service {
  readonly name = 'sqs';
  readonly #kernel: Kernel;
  readonly #queues: readonly string[];
  readonly #workers: { readonly action: Action; left: number }[];
  #messages = 0;

  constructor(kernel: Kernel, { sqs, actions }: Pick<AslCase, 'sqs' | 'actions'>) {
    this.#kernel = kernel;
    this.#queues = sqs ?? [];
    this.#workers = (actions ?? [])
      .filter(({ on }) => on === 'sqs')
      .map((action) => ({ action, left: action.times ?? Number.POSITIVE_INFINITY }));
  }

  call(operation: string, input: JsonObject): unknown {
    if (operation !== 'SendMessage') throw new AwsError('UnknownOperationException', operation);
    const queue = String(input.QueueUrl);
    if (!this.#queues.includes(queue)) throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
    const body = String(input.MessageBody);
    this.#messages += 1;
    for (const worker of this.#workers)
      if (worker.action.queueUrl === queue && worker.left > 0 && this.#answer(worker.action, body)) worker.left -= 1;
    const attributes =
      input.MessageAttributes === undefined ? {} : { MD5OfMessageAttributes: md5(JSON.stringify(input.MessageAttributes)) };
    return { MD5OfMessageBody: md5(body), ...attributes, MessageId: this.#kernel.uuid() };
  }

  #answer(action: Action, body: string): boolean {
    const message = messageWithToken(body);
    if (message === undefined) return false;
    let at = this.#kernel.now();
    for (const [index, step] of action.steps.entries()) {
      at += step.after * 1000;
      this.#kernel.setTimer('sqs', `${this.#messages}:${index}`, at, JSON.stringify({ step, message }));
    }
    return true;
  }

  async onTimer(_key: string, payload: string): Promise<void> {
    const { step, message } = JSON.parse(payload) as { step: ActionStep; message: JsonObject };
    const from = step.outputFromMessage;
    const output = from === undefined ? step.output : from === '$' ? message : message[from];
    const text = typeof output === 'string' && from === undefined ? output : JSON.stringify(output ?? null);
    await answerTask(this.#kernel, step, String(message.TaskToken), { output: text, cause: step.cause });
  }
}

/** Workers that take the tasks of activities whenever they are asked to look; every step is a timer. */
export class FakeWorkers implements Service {
  readonly name = 'workers';
  readonly #kernel: Kernel;
  readonly #workers: { readonly action: Action; left: number }[];
  #tasks = 0;

  constructor(kernel: Kernel, { actions }: Pick<AslCase, 'actions'>) {
    this.#kernel = kernel;
    this.#workers = (actions ?? [])
      .filter(({ on }) => on === 'activity')
      .map((action) => ({ action, left: action.times ?? Number.POSITIVE_INFINITY }));
  }

  call(operation: string): unknown {
    throw new AwsError('UnknownOperationException', operation);
  }

  /** Takes what there is to do at this instant. */
  async look(): Promise<void> {
    for (const worker of this.#workers) while (worker.left > 0 && (await this.#take(worker.action))) worker.left -= 1;
  }

  async #take({ activityArn, workerName, steps }: Action): Promise<boolean> {
    const asked = { activityArn, ...(workerName === undefined ? {} : { workerName }) };
    const task = (await this.#kernel.call('states', 'GetActivityTask', asked, this.name)) as JsonObject;
    if (task.taskToken === undefined) return false;
    this.#tasks += 1;
    let at = this.#kernel.now();
    for (const [index, step] of steps.entries()) {
      at += step.after * 1000;
      this.#kernel.setTimer(this.name, `${this.#tasks}:${index}`, at, JSON.stringify({ step, task }));
    }
    return true;
  }

  async onTimer(_key: string, payload: string): Promise<void> {
    const { step, task } = JSON.parse(payload) as { step: ActionStep; task: { taskToken: string; input: string } };
    const literal = typeof step.output === 'string' ? step.output : JSON.stringify(step.output ?? null);
    await answerTask(this.#kernel, step, task.taskToken, {
      output: step.outputFromInput === true ? task.input : literal,
      cause: step.causeFromInput === true ? task.input : step.cause,
    });
  }
}

async function answerTask(
  kernel: Kernel,
  step: ActionStep,
  taskToken: string,
  { output, cause }: { readonly output: string; readonly cause: string | undefined },
): Promise<void> {
  const operation = step.do.charAt(0).toUpperCase() + step.do.slice(1);
  const more = step.do === 'sendTaskSuccess' ? { output } : step.do === 'sendTaskFailure' ? { error: step.error, cause } : {};
  try {
    await kernel.call('states', operation, { taskToken, ...more }, 'client');
  } catch (error) {
    // A worker that comes too late is told so, as in the recording.
    if (!(error instanceof AwsError)) throw error;
  }
}

function messageWithToken(body: string): JsonObject | undefined {
  try {
    const message = JSON.parse(body) as unknown;
    return typeof message === 'object' && message !== null && 'TaskToken' in message ? (message as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}

/** Tables with a partition key: whole items in and out, and `SET name = :value` updates. */
export class FakeDynamodb implements Service {
  readonly name = 'dynamodb';
  readonly #tables = new Map<string, { readonly key: string; readonly items: Map<string, JsonObject> }>();

  constructor(tables: NonNullable<AslCase['dynamodb']>) {
    for (const { name, partitionKey } of tables) this.#tables.set(name, { key: partitionKey, items: new Map() });
  }

  call(operation: string, input: JsonObject): unknown {
    const table = this.#tables.get(String(input.TableName));
    if (table === undefined) throw new AwsError('ResourceNotFoundException', 'Requested resource not found');
    const holder = (operation === 'PutItem' ? input.Item : input.Key) as JsonObject;
    const id = JSON.stringify(holder[table.key]);
    switch (operation) {
      case 'GetItem': {
        const item = table.items.get(id);
        return item === undefined ? {} : { Item: item };
      }
      case 'PutItem':
        table.items.set(id, holder);
        return {};
      case 'DeleteItem':
        table.items.delete(id);
        return {};
      case 'UpdateItem':
        table.items.set(id, { ...holder, ...table.items.get(id), ...assignments(input) });
        return {};
      default:
        throw new AwsError('UnknownOperationException', operation);
    }
  }
}

function assignments(input: JsonObject): JsonObject {
  const names = (input.ExpressionAttributeNames ?? {}) as Record<string, string>;
  const values = (input.ExpressionAttributeValues ?? {}) as JsonObject;
  const set = /^\s*SET\s+(.*)$/is.exec(String(input.UpdateExpression ?? ''))?.[1] ?? '';
  return Object.fromEntries(
    [...set.matchAll(/(#?\w+)\s*=\s*(:\w+)/g)].map(([, name = '', value = '']) => [names[name] ?? name, values[value]]),
  );
}
