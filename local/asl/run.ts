import { AwsError } from '../kernel/errors.ts';
import { Kernel } from '../kernel/kernel.ts';
import { Store } from '../kernel/store.ts';
import { StatesService } from '../services/states/service.ts';
import type { AslCase, AslResult } from './case.ts';
import { FakeDynamodb, FakeLambda, FakeSqs, FakeWorkers } from './fakes.ts';

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
    const workers = new FakeWorkers(kernel, asl);
    for (const service of [
      states,
      workers,
      new FakeLambda(asl.lambdas ?? {}),
      new FakeSqs(kernel, asl),
      new FakeDynamodb(asl.dynamodb ?? []),
    ])
      kernel.register(service);
    for (const activity of asl.activities ?? []) states.activities.put(activity, activity.split(':').at(-1) ?? activity);
    const name = asl.env.stateMachineName ?? 'conformance';
    const arn = `arn:aws:states:${region}:${account}:stateMachine:${name}`;
    const roleArn = asl.env.roleArn ?? `arn:aws:iam::${account}:role/sfn-role`;
    try {
      states.createStateMachine({
        name,
        arn,
        definition: asl.definitionText ?? JSON.stringify(asl.definition),
        roleArn,
        type: asl.type ?? 'STANDARD',
      });
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
    return asl.input === undefined
      ? { id: asl.id, status: 'VALID' }
      : { id: asl.id, ...(await execute({ kernel, states, workers }, arn, asl)) };
  } finally {
    kernel.stop();
  }
}

function whySkipped(asl: AslCase): string | undefined {
  return asl.queryLanguage === 'JSONPath' || asl.queryLanguage === 'mixed'
    ? `the embedded Step Functions runs JSONata only, and this case is ${asl.queryLanguage}`
    : undefined;
}

interface World {
  readonly kernel: Kernel;
  readonly states: StatesService;
  readonly workers: FakeWorkers;
}

async function execute({ kernel, states, workers }: World, stateMachineArn: string, asl: AslCase): Promise<Omit<AslResult, 'id'>> {
  const { executionArn } = (await kernel.call(
    'states',
    'StartExecution',
    { stateMachineArn, input: JSON.stringify(asl.input), ...(asl.env.executionName === undefined ? {} : { name: asl.env.executionName }) },
    'client',
  )) as { executionArn: string };
  // The API tells nothing of Express executions; on AWS their log does.
  const settled = async () => {
    await kernel.settle();
    await workers.look();
    await kernel.settle();
    return states.views.find(executionArn);
  };
  let found = await settled();
  for (let wakes = 0; found?.status === 'RUNNING' && wakes < WAKES_MAX; wakes += 1) {
    const at = kernel.nextTimerAt();
    if (at === undefined) break;
    await kernel.advanceTo(at);
    found = await settled();
  }
  const [failure] = kernel.failures();
  if (failure !== undefined) throw failure.error;
  if (found === undefined) throw new Error(`The execution ${executionArn} is gone.`);
  const { status, output, error, cause } = found;
  return {
    status,
    ...(output === undefined ? {} : { output: JSON.parse(output) as unknown }),
    ...(error === undefined ? {} : { error }),
    ...(cause === undefined ? {} : { cause }),
    ...(asl.type === 'EXPRESS' ? {} : await historyOf(kernel, executionArn)),
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
