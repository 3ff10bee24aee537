import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../local/kernel/kernel.ts';
import { codeOf, Harness, machineArn, ROLE, returns, START, throws } from './harness.ts';

type Services = NonNullable<NonNullable<ConstructorParameters<typeof Harness>[0]>['services']>;

function express(states: Record<string, JsonObject>, services: Services = {}, name = 'fast'): Harness {
  const harness = new Harness({ services });
  addExpress(harness, states, name);
  return harness;
}

function addExpress(harness: Harness, states: Record<string, JsonObject>, name = 'fast'): void {
  const definition = JSON.stringify({ QueryLanguage: 'JSONata', StartAt: Object.keys(states)[0], States: states });
  harness.states.createStateMachine({ name, arn: machineArn(name), definition, roleArn: ROLE, type: 'EXPRESS' });
}

const FAST = machineArn('fast');
const ECHO = { P: { Type: 'Pass', End: true } };
const WAIT = { W: { Type: 'Wait', Seconds: 20, Next: 'P' }, ...ECHO };

describe('StartSyncExecution', () => {
  it('answers with the result and the bill', async () => {
    const harness = express(ECHO);
    expect(await harness.call('StartSyncExecution', { stateMachineArn: FAST, name: 'n', input: '{"a":1}' })).toEqual({
      executionArn: expect.stringMatching(/^arn:aws:states:us-east-1:000000000000:express:fast:n:[0-9a-f-]{36}$/),
      stateMachineArn: FAST,
      name: 'n',
      startDate: START / 1000,
      stopDate: START / 1000,
      status: 'SUCCEEDED',
      input: '{"a":1}',
      inputDetails: { included: true },
      output: '{"a":1}',
      outputDetails: { included: true },
      billingDetails: { billedMemoryUsedInMB: 64, billedDurationInMilliseconds: 100 },
    });
  });

  it('answers a failure as a result too', async () => {
    const harness = express({ F: { Type: 'Fail', Error: 'Bad', Cause: 'so it is' } });
    const result = await harness.call('StartSyncExecution', { stateMachineArn: FAST });
    expect(result).toMatchObject({ status: 'FAILED', error: 'Bad', cause: 'so it is' });
    expect(result).not.toHaveProperty('output');
  });

  it('answers when the clock has been moved as far as the workflow waits', async () => {
    const harness = express(WAIT);
    const answer = harness.call('StartSyncExecution', { stateMachineArn: FAST });
    await harness.kernel.advance(60_000);
    expect(await answer).toMatchObject({
      status: 'SUCCEEDED',
      stopDate: START / 1000 + 20,
      billingDetails: { billedDurationInMilliseconds: 20_000 },
    });
  });

  it('times out after five minutes, whatever the definition says', async () => {
    const harness = express({ W: { Type: 'Wait', Seconds: 301, End: true } });
    const answer = harness.call('StartSyncExecution', { stateMachineArn: FAST });
    await harness.kernel.advance(400_000);
    expect(await answer).toMatchObject({ status: 'TIMED_OUT', stopDate: START / 1000 + 300 });
  });

  it('holds a function as it holds anybody', async () => {
    const harness = express(WAIT);
    const call = harness.kernel.call('states', 'StartSyncExecution', { stateMachineArn: FAST }, 'lambda:f');
    await harness.kernel.advance(600_000);
    expect(await call).toMatchObject({ status: 'SUCCEEDED' });
  });

  it('is for Express workflows only', async () => {
    const harness = express(ECHO);
    harness.machine(ECHO);
    expect(await codeOf(harness.call('StartSyncExecution', { stateMachineArn: machineArn('test') }))).toBe('StateMachineTypeNotSupported');
  });

  it('runs on from a state machine, which waits as long', async () => {
    const harness = express(WAIT);
    harness.machine({
      S: {
        Type: 'Task',
        Resource: 'arn:aws:states:::aws-sdk:sfn:startSyncExecution',
        Arguments: { StateMachineArn: FAST, Input: '{"n":1}' },
        End: true,
      },
    });
    const arn = await harness.start();
    await harness.kernel.advance(19_999);
    expect(await harness.describe(arn)).toMatchObject({ status: 'RUNNING' });
    await harness.kernel.advance(1);
    expect(await harness.output(arn)).toMatchObject({
      Status: 'SUCCEEDED',
      Output: '{"n":1}',
      StartDate: '2026-03-02T09:00:00Z',
      StopDate: '2026-03-02T09:00:20Z',
      BillingDetails: { BilledDurationInMilliseconds: 20_000, BilledMemoryUsedInMB: 64 },
    });
    expect(await harness.types(arn)).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskSucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ]);
  });

  it('succeeds as a task also where the workflow fails', async () => {
    const harness = express({ F: { Type: 'Fail', Error: 'Bad' } });
    harness.machine({
      S: { Type: 'Task', Resource: 'arn:aws:states:::aws-sdk:sfn:startSyncExecution', Arguments: { StateMachineArn: FAST }, End: true },
    });
    const arn = await harness.start();
    expect(await harness.output(arn)).toMatchObject({ Status: 'FAILED', Error: 'Bad' });
  });
});

describe('an Express workflow', () => {
  it('takes no notice of names', async () => {
    const harness = express(WAIT);
    const start = async () => String((await harness.call('StartExecution', { stateMachineArn: FAST, name: 'n' })).executionArn);
    const arns = [await start(), await start()];
    expect(new Set(arns).size).toBe(2);
    await harness.kernel.advance(60_000);
    expect(harness.store.all('SELECT status FROM states_executions')).toEqual([{ status: 'SUCCEEDED' }, { status: 'SUCCEEDED' }]);
  });

  it('has executions that nothing is told of, on no bus either', async () => {
    const harness = express(ECHO);
    const { executionArn } = await harness.call('StartExecution', { stateMachineArn: FAST });
    await harness.kernel.settle();
    for (const operation of [
      'DescribeExecution',
      'GetExecutionHistory',
      'StopExecution',
      'RedriveExecution',
      'DescribeStateMachineForExecution',
    ])
      expect(await codeOf(harness.call(operation, { executionArn }))).toBe('InvalidArn');
    expect(await codeOf(harness.call('ListExecutions', { stateMachineArn: FAST }))).toBe('StateMachineTypeNotSupported');
    expect(harness.changes).toEqual([]);
  });

  it('retries and catches as any workflow, and knows its name', async () => {
    const harness = express(
      {
        T: {
          Type: 'Task',
          Resource: 'arn:aws:states:::lambda:invoke',
          Arguments: { FunctionName: 'f' },
          Retry: [{ ErrorEquals: ['Down'], MaxAttempts: 2, IntervalSeconds: 1 }],
          Catch: [{ ErrorEquals: ['States.ALL'], Output: '{% $states.context.Execution %}', Next: 'P' }],
          End: true,
        },
        ...ECHO,
      },
      { lambda: () => throws('Down') },
    );
    const answer = harness.call('StartSyncExecution', { stateMachineArn: FAST, name: 'n' });
    await harness.kernel.advance(10_000);
    const { output, executionArn } = await answer;
    expect(JSON.parse(String(output))).toMatchObject({ Name: 'n', Id: executionArn });
  });

  it('nests: one starts another and does not wait', async () => {
    const harness = express(ECHO, { lambda: () => returns(1) });
    const start = { Type: 'Task', Resource: 'arn:aws:states:::states:startExecution', Arguments: { StateMachineArn: FAST }, End: true };
    addExpress(harness, { S: start }, 'outer');
    const result = await harness.call('StartSyncExecution', { stateMachineArn: machineArn('outer') });
    expect(JSON.parse(String(result.output))).toMatchObject({ ExecutionArn: expect.stringContaining(':express:fast:') });
  });

  it.each([
    {
      resource: 'arn:aws:states:::states:startExecution.sync',
      message: "Express state machine does not support '.sync' service integration",
    },
    {
      resource: 'arn:aws:states:::states:startExecution.sync:2',
      message: "Express state machine does not support '.sync' service integration",
    },
    {
      resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
      message: "Express state machine does not support '.waitForTaskToken' service integration",
    },
    { resource: 'arn:aws:states:us-east-1:000000000000:activity:a', message: 'Express state machine does not support Activity ARN' },
  ])('is refused with $resource', ({ resource, message }) => {
    expect(() => express({ S: { Type: 'Task', Resource: resource, Arguments: '{% {} %}', End: true } })).toThrow(
      `${message} at /States/S/Resource`,
    );
  });

  it('keeps its type', () => {
    const harness = express(ECHO);
    expect(() => harness.machine(ECHO, { name: 'fast' })).not.toThrow();
    expect(() => harness.states.createStateMachine({ name: 'fast', arn: FAST, definition: '{}', roleArn: ROLE, type: 'STANDARD' })).toThrow(
      'cannot be changed',
    );
  });
});
