import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../local/kernel/kernel.ts';
import { codeOf, Harness, machineArn, ROLE, returns, START } from './harness.ts';

const DAY = 86_400_000;
const waitForever = { W: { Type: 'Wait', Seconds: 90_000_000, End: true } };
const done = { P: { Type: 'Pass', End: true } };

const startInput = (name: string, input = '{}') => ({ stateMachineArn: machineArn('test'), name, input });

// As recorded in test_sfn_api_variable_references.snapshot.json of localstack/localstack, in JSONata.
describe('the variables that a machine reads', () => {
  it('are told by state, those of inner states for themselves', async () => {
    const harness = new Harness();
    const inner = { Summate: { Type: 'Pass', Assign: { sum: '{% $y + $x + $bias + $count([1]) %}' }, End: true } };
    harness.machine({
      Setup: { Type: 'Pass', Assign: { bias: 4.3, x: '$y', y: 2 }, Next: 'Each' },
      Each: { Type: 'Map', Items: [1], ItemProcessor: { StartAt: 'Summate', States: inner }, Next: 'Check' },
      Check: { Type: 'Choice', Choices: [{ Condition: '{% $y = $x %}', Next: 'Done' }], Default: 'Done' },
      Done: { Type: 'Succeed', Output: '{% $states.input %}' },
    });
    const variableReferences = { Summate: ['bias', 'x', 'y'], Check: ['x', 'y'] };
    const executionArn = await harness.start();
    const stateMachineArn = machineArn('test');
    expect(await harness.call('DescribeStateMachine', { stateMachineArn })).toMatchObject({ variableReferences });
    expect(await harness.call('DescribeStateMachineForExecution', { executionArn })).toMatchObject({ variableReferences });
    harness.machine({ Done: { Type: 'Succeed' } }, { name: 'none' });
    expect(await harness.call('DescribeStateMachine', { stateMachineArn: machineArn('none') })).not.toHaveProperty('variableReferences');
  });
});

describe('StartExecution', () => {
  it('answers the running execution for the same name and input, and refuses another input', async () => {
    const harness = new Harness();
    harness.machine(waitForever);
    const first = await harness.call('StartExecution', startInput('n', '{"a":1}'));
    await harness.kernel.advance(1000);
    expect(await harness.call('StartExecution', startInput('n', '{"a":1}'))).toEqual(first);
    expect(await codeOf(harness.call('StartExecution', startInput('n', '{"a": 1}')))).toBe('ExecutionAlreadyExists');
    expect(harness.changes).toHaveLength(1);
  });

  it('frees a name 90 days after the close, not before', async () => {
    const harness = new Harness();
    harness.machine(done);
    const arn = await harness.start({}, { name: 'n' });
    await harness.kernel.advance(90 * DAY - 1);
    expect(await codeOf(harness.call('StartExecution', startInput('n')))).toBe('ExecutionAlreadyExists');
    await harness.kernel.advance(1);
    expect(await codeOf(harness.describe(arn))).toBe('ExecutionDoesNotExist');
    expect(await codeOf(harness.call('StartExecution', startInput('n')))).toBeUndefined();
  });

  it('purges closed executions with their history, and open ones never', async () => {
    const harness = new Harness();
    harness.machine(done);
    harness.machine({ W: { Type: 'Wait', Seconds: 20_000_000, End: true } }, { name: 'long' });
    for (let n = 0; n < 1200; n += 1) await harness.call('StartExecution', startInput(`n${n}`));
    await harness.start({}, { name: 'open', machine: 'long' });
    await harness.kernel.advance(92 * DAY);
    expect(harness.store.all('SELECT name FROM states_executions')).toEqual([{ name: 'open' }]);
    expect(harness.store.all('SELECT DISTINCT execution FROM states_history')).toHaveLength(1);
  });

  it.each([
    { field: 'name', input: startInput('a b'), code: 'InvalidName' },
    { field: 'name', input: startInput('x'.repeat(81)), code: 'ValidationException' },
    { field: 'input', input: startInput('a', '{'), code: 'InvalidExecutionInput' },
    { field: 'input', input: startInput('a', JSON.stringify('x'.repeat(262_143))), code: 'InvalidExecutionInput' },
    { field: 'arn', input: { stateMachineArn: 'x' }, code: 'InvalidArn' },
    { field: 'machine', input: { stateMachineArn: machineArn('none') }, code: 'StateMachineDoesNotExist' },
    { field: 'member', input: { ...startInput('a'), inputs: '{}' }, code: 'ValidationException' },
    { field: 'notify, which only this cloud may set', input: { ...startInput('a'), notify: '1:1:1' }, code: 'ValidationException' },
  ])('refuses a bad $field with $code', async ({ input, code }) => {
    const harness = new Harness();
    harness.machine(done);
    expect(await codeOf(harness.call('StartExecution', input))).toBe(code);
  });

  it('keeps running executions on the definition they were started on', async () => {
    const harness = new Harness();
    const version = (Output: string) => ({ W: { Type: 'Wait', Seconds: 10, Next: 'P' }, P: { Type: 'Pass', Output, End: true } });
    harness.machine(version('old'));
    const before = await harness.start({}, { name: 'before' });
    harness.machine(version('new'));
    const after = await harness.start({}, { name: 'after' });
    await harness.kernel.advance(10_000);
    expect([await harness.output(before), await harness.output(after)]).toEqual(['old', 'new']);
    const described = await harness.call('DescribeStateMachineForExecution', { executionArn: before });
    expect(described.definition).toContain('old');
  });
});

describe('answers about executions', () => {
  it('list the newest first, by status and by page', async () => {
    const harness = new Harness();
    harness.machine(waitForever);
    for (const name of ['a', 'b', 'c', 'd', 'e']) await harness.start({}, { name });
    for (const name of ['b', 'd'])
      await harness.call('StopExecution', { executionArn: `${machineArn('test').replace('stateMachine', 'execution')}:${name}` });
    const names = async (more: JsonObject) => {
      const found: string[] = [];
      let nextToken: unknown;
      do {
        const page = await harness.call('ListExecutions', {
          stateMachineArn: machineArn('test'),
          maxResults: 2,
          ...(nextToken === undefined ? {} : { nextToken }),
          ...more,
        });
        found.push(...(page.executions as { name: string }[]).map(({ name }) => name));
        nextToken = page.nextToken;
      } while (nextToken !== undefined);
      return found.join('');
    };
    expect(await names({})).toBe('edcba');
    expect(await names({ statusFilter: 'RUNNING' })).toBe('eca');
    expect(await names({ statusFilter: 'ABORTED' })).toBe('db');
    expect(await codeOf(names({ statusFilter: 'LOST' }))).toBe('ValidationException');
    expect(await codeOf(names({ nextToken: 'x' }))).toBe('InvalidToken');
  });

  it('page through the history forwards and backwards, with and without the data', async () => {
    const harness = new Harness();
    harness.machine({ A: { Type: 'Wait', Seconds: 1, Next: 'B' }, B: { Type: 'Wait', Seconds: 1, Next: 'C' }, C: { Type: 'Succeed' } });
    const executionArn = await harness.start({ secret: 1 });
    await harness.kernel.advance(5_000);
    const ids = async (reverseOrder: boolean) => {
      const found: number[] = [];
      let nextToken: unknown;
      do {
        const page = await harness.call('GetExecutionHistory', {
          executionArn,
          reverseOrder,
          maxResults: 3,
          ...(nextToken === undefined ? {} : { nextToken }),
        });
        found.push(...(page.events as { id: number }[]).map(({ id }) => id));
        nextToken = page.nextToken;
      } while (nextToken !== undefined);
      return found;
    };
    expect(await ids(false)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(await ids(true)).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
    const events = await harness.history(executionArn);
    expect(events.map(({ previousEventId }) => previousEventId)).toEqual([0, 0, 2, 3, 4, 5, 6, 7]);
    expect(events[3]).toEqual({
      timestamp: START / 1000 + 1,
      type: 'WaitStateEntered',
      id: 4,
      previousEventId: 3,
      stateEnteredEventDetails: { name: 'B', input: '{"secret":1}', inputDetails: { truncated: false } },
    });
    expect(JSON.stringify(await harness.history(executionArn, { includeExecutionData: false }))).not.toContain('secret');
  });

  it('describe and list state machines', async () => {
    const harness = new Harness();
    const definition = JSON.stringify({ QueryLanguage: 'JSONata', StartAt: 'P', States: done });
    const created = await harness.call('CreateStateMachine', { name: 'test', definition, roleArn: ROLE });
    expect(created.stateMachineArn).toBe(machineArn('test'));
    expect(await harness.call('CreateStateMachine', { name: 'test', definition, roleArn: ROLE })).toEqual(created);
    expect(await codeOf(harness.call('CreateStateMachine', { name: 'test', definition: `${definition} `, roleArn: ROLE }))).toBe(
      'StateMachineAlreadyExists',
    );
    expect(await harness.call('DescribeStateMachine', { stateMachineArn: machineArn('test') })).toMatchObject({
      name: 'test',
      status: 'ACTIVE',
      definition,
      type: 'STANDARD',
      loggingConfiguration: { level: 'OFF', includeExecutionData: false },
      tracingConfiguration: { enabled: false },
      encryptionConfiguration: { type: 'AWS_OWNED_KEY' },
    });
    expect(await harness.call('ListStateMachines', {})).toMatchObject({ stateMachines: [{ name: 'test' }] });
    expect(await codeOf(harness.call('DescribeStateMachine', { stateMachineArn: machineArn('none') }))).toBe('StateMachineDoesNotExist');
    expect(await codeOf(harness.call('DeleteEverything', {}))).toBe('UnknownOperationException');
  });

  it('report every change of status once, and count the states entered', async () => {
    const harness = new Harness();
    await harness.run({ P: { Type: 'Pass', Next: 'F' }, F: { Type: 'Fail', Error: 'E', Cause: 'c' } }, { a: 1 });
    expect(harness.changes.map(({ status }) => status)).toEqual(['RUNNING', 'FAILED']);
    expect(harness.changes[1]).toMatchObject({
      stateMachineArn: machineArn('test'),
      name: 'run',
      startDate: START,
      stopDate: START,
      input: '{"a":1}',
      error: 'E',
      cause: 'c',
      output: null,
    });
    expect([harness.states.transitions(), harness.states.transitions(machineArn('test')), harness.states.transitions('other')]).toEqual([
      2, 2, 0,
    ]);
  });
});

describe('StopExecution', () => {
  it('aborts a wait for good and answers the same again', async () => {
    const harness = new Harness();
    harness.machine({ W: { Type: 'Wait', Seconds: 60, End: true } });
    const executionArn = await harness.start();
    await harness.kernel.advance(1000);
    const stopped = await harness.call('StopExecution', { executionArn, error: 'Why', cause: 'because' });
    await harness.kernel.advance(100_000);
    expect(await harness.call('StopExecution', { executionArn })).toEqual(stopped);
    expect(await harness.describe(executionArn)).toMatchObject({ status: 'ABORTED', error: 'Why', cause: 'because' });
    expect((await harness.types(executionArn)).at(-1)).toBe('ExecutionAborted');
  });

  it('throws away the answer of a call that is out', async () => {
    const harness = new Harness({
      services: {
        lambda: async () => {
          await harness.call('StopExecution', { executionArn: `${machineArn('test').replace('stateMachine', 'execution')}:run` });
          return returns(1);
        },
      },
    });
    const run = await harness.run({
      T: { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Arguments: { FunctionName: 'f' }, End: true },
    });
    expect(run.status).toBe('ABORTED');
    expect(harness.kernel.failures()).toEqual([]);
  });
});
