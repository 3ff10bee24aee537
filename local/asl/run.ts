import { AwsError } from '../kernel/errors.ts';
import { Kernel } from '../kernel/kernel.ts';
import { Store } from '../kernel/store.ts';
import { StatesService } from '../services/states/service.ts';
import type { AslCase, AslResult } from './case.ts';
import { FakeDynamodb, FakeLambda, FakeSqs } from './fakes.ts';

/** A case that moves the clock more often than this goes round in a circle. */
const WAKES_MAX = 20_000;
const START = Date.parse('2026-01-01T00:00:00.000Z');

/** Runs every case of a file of them, one JSON object a line. */
export async function runCases(text: string): Promise<AslResult[]> {
  const results: AslResult[] = [];
  for (const line of text.split('\n')) if (line.trim() !== '') results.push(await runLine(JSON.parse(line) as AslCase));
  return results;
}

/** A defect of the interpreter is the result of its case, not the end of the run. */
async function runLine(asl: AslCase): Promise<AslResult> {
  try {
    return await runCase(asl);
  } catch (error) {
    return {
      id: asl.id,
      status: 'ERROR',
      error: 'InternalError',
      cause: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  }
}

/** Runs one conformance case on the embedded Step Functions with fakes around it. */
async function runCase(asl: AslCase): Promise<AslResult> {
  const reason = whySkipped(asl);
  if (reason !== undefined) return { id: asl.id, skip: reason };
  const { region, account } = asl.env;
  const clock = asl.env.clock === undefined ? START : Date.parse(asl.env.clock);
  const kernel = new Kernel({ store: new Store(), clock: 'virtual', start: clock });
  try {
    const states = new StatesService({ kernel });
    for (const service of [states, new FakeLambda(asl.lambdas ?? {}), new FakeSqs(kernel, asl), new FakeDynamodb(asl.dynamodb ?? [])])
      kernel.register(service);
    const name = asl.env.stateMachineName ?? 'conformance';
    const arn = `arn:aws:states:${region}:${account}:stateMachine:${name}`;
    const roleArn = asl.env.roleArn ?? `arn:aws:iam::${account}:role/sfn-role`;
    try {
      states.createStateMachine({ name, arn, definition: asl.definitionText ?? JSON.stringify(asl.definition), roleArn });
      for (const [machine, definition] of Object.entries(asl.machines ?? {}))
        states.createStateMachine({
          name: machine.split(':').at(-1) ?? machine,
          arn: machine,
          definition: JSON.stringify(definition),
          roleArn,
        });
    } catch (error) {
      if (!(error instanceof AwsError) || error.code !== 'InvalidDefinition') throw error;
      return { id: asl.id, status: 'REJECTED', error: error.code, cause: error.message };
    }
    return asl.input === undefined ? { id: asl.id, status: 'VALID' } : { id: asl.id, ...(await execute(kernel, arn, asl)) };
  } finally {
    kernel.stop();
  }
}

function whySkipped(asl: AslCase): string | undefined {
  if (asl.queryLanguage === 'JSONPath' || asl.queryLanguage === 'mixed')
    return `the embedded Step Functions runs JSONata only, and this case is ${asl.queryLanguage}`;
  if (asl.type === 'EXPRESS') return 'the embedded Step Functions runs STANDARD workflows only';
  return asl.activities === undefined || asl.activities.length === 0 ? undefined : 'the embedded Step Functions has no activities';
}

interface Described {
  readonly status: string;
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
}

async function execute(kernel: Kernel, stateMachineArn: string, asl: AslCase): Promise<Omit<AslResult, 'id'>> {
  const started = (await kernel.call(
    'states',
    'StartExecution',
    { stateMachineArn, input: JSON.stringify(asl.input), ...(asl.env.executionName === undefined ? {} : { name: asl.env.executionName }) },
    'client',
  )) as { executionArn: string };
  const describe = async () =>
    (await kernel.call('states', 'DescribeExecution', { executionArn: started.executionArn }, 'client')) as Described;
  await kernel.settle();
  let described = await describe();
  for (let wakes = 0; described.status === 'RUNNING' && wakes < WAKES_MAX; wakes += 1) {
    const at = kernel.nextTimerAt();
    if (at === undefined) break;
    await kernel.advanceTo(at);
    described = await describe();
  }
  const [failure] = kernel.failures();
  if (failure !== undefined) throw failure.error;
  const { status, output, error, cause } = described;
  return {
    status,
    ...(output === undefined ? {} : { output: JSON.parse(output) as unknown }),
    ...(error === undefined ? {} : { error }),
    ...(cause === undefined ? {} : { cause }),
    ...(await historyOf(kernel, started.executionArn)),
  };
}

async function historyOf(kernel: Kernel, executionArn: string): Promise<{ states: string[]; historyTypes: string[] }> {
  const states: string[] = [];
  const historyTypes: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = (await kernel.call(
      'states',
      'GetExecutionHistory',
      { executionArn, maxResults: 1000, ...(nextToken === undefined ? {} : { nextToken }) },
      'client',
    )) as { events: { type: string; stateEnteredEventDetails?: { name: string } }[]; nextToken?: string };
    for (const { type, stateEnteredEventDetails: entered } of page.events) {
      historyTypes.push(type);
      if (entered !== undefined) states.push(entered.name);
    }
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return { states, historyTypes };
}
