import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../local/kernel/kernel.ts';
import { codeOf, Harness, machineArn, ROLE, refusal } from './harness.ts';

const says = (Output: string): Record<string, JsonObject> => ({
  W: { Type: 'Wait', Seconds: 10, Next: 'P' },
  P: { Type: 'Pass', Output, End: true },
});

const definition = (states: Record<string, JsonObject>): string =>
  JSON.stringify({ QueryLanguage: 'JSONata', StartAt: Object.keys(states)[0], States: states });

const ARN = machineArn('test');

/** A machine with two published versions that say so, and a third text that is not published. */
async function published(): Promise<Harness> {
  const harness = new Harness();
  for (const text of ['one', 'two']) {
    harness.machine(says(text));
    await harness.call('PublishStateMachineVersion', { stateMachineArn: ARN, description: text });
  }
  harness.machine(says('three'));
  return harness;
}

async function outputOf(harness: Harness, stateMachineArn: string, name: string): Promise<unknown> {
  const { executionArn } = await harness.call('StartExecution', { stateMachineArn, name });
  await harness.kernel.advance(20_000);
  return harness.output(String(executionArn));
}

const routes = (...pairs: (readonly [version: number, weight: number])[]): JsonObject[] =>
  pairs.map(([version, weight]) => ({ stateMachineVersionArn: `${ARN}:${version}`, weight }));

describe('a version', () => {
  it('is a number, that executions are pinned to', async () => {
    const harness = await published();
    expect(await outputOf(harness, `${ARN}:1`, 'a')).toBe('one');
    expect(await outputOf(harness, `${ARN}:2`, 'b')).toBe('two');
    expect(await outputOf(harness, ARN, 'c')).toBe('three');
    const executionArn = ARN.replace('stateMachine', 'execution');
    expect(await harness.call('DescribeExecution', { executionArn: `${executionArn}:a` })).toMatchObject({
      stateMachineArn: ARN,
      stateMachineVersionArn: `${ARN}:1`,
    });
    expect(await harness.call('DescribeExecution', { executionArn: `${executionArn}:c` })).not.toHaveProperty('stateMachineVersionArn');
    const listed = await harness.call('ListExecutions', { stateMachineArn: `${ARN}:2` });
    expect((listed.executions as JsonObject[]).map(({ name }) => name)).toEqual(['b']);
    const [started] = await harness.history(`${executionArn}:a`);
    expect(started).toMatchObject({ executionStartedEventDetails: { stateMachineVersionArn: `${ARN}:1` } });
  });

  it('is told with its own text', async () => {
    const harness = await published();
    const described = await harness.call('DescribeStateMachine', { stateMachineArn: `${ARN}:1` });
    expect(described).toMatchObject({ stateMachineArn: `${ARN}:1`, name: 'test', description: 'one', definition: definition(says('one')) });
    const { stateMachineVersions } = await harness.call('ListStateMachineVersions', { stateMachineArn: ARN });
    expect((stateMachineVersions as JsonObject[]).map(({ stateMachineVersionArn }) => stateMachineVersionArn)).toEqual([
      `${ARN}:2`,
      `${ARN}:1`,
    ]);
    expect(await codeOf(harness.call('DescribeStateMachine', { stateMachineArn: `${ARN}:9` }))).toBe('StateMachineDoesNotExist');
    expect(await codeOf(harness.call('StartExecution', { stateMachineArn: `${ARN}:9` }))).toBe('StateMachineDoesNotExist');
  });

  it('is published once for a revision, and only of the revision that is meant', async () => {
    const harness = new Harness();
    harness.machine(says('one'));
    const publish = (revisionId?: string) =>
      harness.call('PublishStateMachineVersion', { stateMachineArn: ARN, ...(revisionId === undefined ? {} : { revisionId }) });
    expect(await publish('INITIAL')).toMatchObject({ stateMachineVersionArn: `${ARN}:1` });
    expect(await publish()).toMatchObject({ stateMachineVersionArn: `${ARN}:1` });
    const updated = await harness.call('UpdateStateMachine', { stateMachineArn: ARN, definition: definition(says('two')) });
    expect(await codeOf(publish('INITIAL'))).toBe('ConflictException');
    expect(await publish(String(updated.revisionId))).toMatchObject({ stateMachineVersionArn: `${ARN}:2` });
    expect(await harness.call('DescribeStateMachine', { stateMachineArn: ARN })).toMatchObject({ revisionId: updated.revisionId });
  });

  it('comes with the machine or with a change of it', async () => {
    const harness = new Harness();
    const created = await harness.call('CreateStateMachine', {
      name: 'test',
      roleArn: ROLE,
      definition: definition(says('one')),
      publish: true,
      versionDescription: 'first',
    });
    expect(created).toMatchObject({ stateMachineVersionArn: `${ARN}:1` });
    const updated = await harness.call('UpdateStateMachine', { stateMachineArn: ARN, definition: definition(says('two')), publish: true });
    expect(updated).toMatchObject({ stateMachineVersionArn: `${ARN}:2` });
    const unpublished = { name: 'b', roleArn: ROLE, definition: definition(says('one')), versionDescription: 'x' };
    expect(await codeOf(harness.call('CreateStateMachine', unpublished))).toBe('ValidationException');
    expect(await codeOf(harness.call('UpdateStateMachine', { stateMachineArn: ARN }))).toBe('MissingRequiredParameter');
  });

  it('is deleted for good, but not while an alias leads to it', async () => {
    const harness = await published();
    await harness.call('CreateStateMachineAlias', { name: 'PROD', routingConfiguration: routes([2, 100]) });
    const deleted = (version: number) => harness.call('DeleteStateMachineVersion', { stateMachineVersionArn: `${ARN}:${version}` });
    expect(await codeOf(deleted(2))).toBe('ConflictException');
    await harness.call('DeleteStateMachineAlias', { stateMachineAliasArn: `${ARN}:PROD` });
    await deleted(2);
    expect(await codeOf(harness.call('StartExecution', { stateMachineArn: `${ARN}:2` }))).toBe('StateMachineDoesNotExist');
    expect(await harness.call('PublishStateMachineVersion', { stateMachineArn: ARN })).toMatchObject({
      stateMachineVersionArn: `${ARN}:3`,
    });
  });
});

describe('an alias', () => {
  it('leads to its version, and an execution stays there when the alias moves on', async () => {
    const harness = await published();
    const stateMachineAliasArn = `${ARN}:PROD`;
    await harness.call('CreateStateMachineAlias', { name: 'PROD', description: 'live', routingConfiguration: routes([1, 100]) });
    const { executionArn } = await harness.call('StartExecution', { stateMachineArn: stateMachineAliasArn, name: 'a' });
    await harness.kernel.advance(1000);
    await harness.call('UpdateStateMachineAlias', { stateMachineAliasArn, routingConfiguration: routes([2, 100]) });
    await harness.kernel.advance(20_000);
    expect(await harness.output(String(executionArn))).toBe('one');
    expect(await outputOf(harness, stateMachineAliasArn, 'b')).toBe('two');
    expect(await harness.call('DescribeExecution', { executionArn })).toMatchObject({
      stateMachineArn: ARN,
      stateMachineVersionArn: `${ARN}:1`,
      stateMachineAliasArn,
    });
    expect(await harness.call('DescribeStateMachineAlias', { stateMachineAliasArn })).toMatchObject({
      name: 'PROD',
      description: 'live',
      routingConfiguration: routes([2, 100]),
    });
    const { executions } = await harness.call('ListExecutions', { stateMachineArn: stateMachineAliasArn });
    expect(executions).toHaveLength(2);
  });

  it('splits by its weights, the same way from the same seed', async () => {
    const versions = async (): Promise<string> => {
      const harness = await published();
      await harness.call('CreateStateMachineAlias', { name: 'PROD', routingConfiguration: routes([1, 20], [2, 80]) });
      for (let n = 0; n < 200; n += 1) await harness.call('StartExecution', { stateMachineArn: `${ARN}:PROD`, name: `n${n}` });
      await harness.kernel.settle();
      return harness.store
        .all<{ version: number }>('SELECT version FROM states_executions ORDER BY id')
        .map(({ version }) => version)
        .join('');
    };
    const first = await versions();
    const ones = first.replaceAll('2', '').length;
    expect(ones).toBeGreaterThan(20);
    expect(ones).toBeLessThan(60);
    expect(await versions()).toBe(first);
  });

  it('is made again where it is the same, and refused where it is another', async () => {
    const harness = await published();
    const create = (...pairs: Parameters<typeof routes>) =>
      harness.call('CreateStateMachineAlias', { name: 'PROD', routingConfiguration: routes(...pairs) });
    const first = await create([1, 100]);
    await harness.kernel.advance(1000);
    expect(await create([1, 100])).toEqual(first);
    expect(await codeOf(create([2, 100]))).toBe('ConflictException');
    const listed = async (stateMachineArn: string) =>
      (await harness.call('ListStateMachineAliases', { stateMachineArn })).stateMachineAliases;
    expect(await listed(ARN)).toEqual([{ stateMachineAliasArn: `${ARN}:PROD`, creationDate: first.creationDate }]);
    expect(await listed(`${ARN}:2`)).toEqual([]);
  });

  it.each([
    {
      what: 'weights that do not make 100',
      input: { name: 'A', routingConfiguration: routes([1, 50], [2, 49]) },
      code: 'ValidationException',
    },
    { what: 'a name of digits', input: { name: '12', routingConfiguration: routes([1, 100]) }, code: 'ValidationException' },
    { what: 'no version', input: { name: 'A', routingConfiguration: [] }, code: 'ValidationException' },
    { what: 'the same version twice', input: { name: 'A', routingConfiguration: routes([1, 50], [1, 50]) }, code: 'ValidationException' },
    { what: 'a version that is not there', input: { name: 'A', routingConfiguration: routes([9, 100]) }, code: 'ResourceNotFound' },
    {
      what: 'a machine in place of a version',
      input: { name: 'A', routingConfiguration: [{ stateMachineVersionArn: ARN, weight: 100 }] },
      code: 'ValidationException',
    },
  ])('is refused with $what', async ({ input, code }) => {
    const harness = await published();
    expect(await codeOf(harness.call('CreateStateMachineAlias', input))).toBe(code);
  });

  it('that is not there is not described, and nothing starts by it', async () => {
    const harness = await published();
    expect(await codeOf(harness.call('DescribeStateMachineAlias', { stateMachineAliasArn: `${ARN}:NO` }))).toBe('ResourceNotFound');
    expect(await codeOf(harness.call('StartExecution', { stateMachineArn: `${ARN}:NO` }))).toBe('StateMachineDoesNotExist');
  });
});

describe('DeleteStateMachine', () => {
  it('ends executions at their next transition, and then all is gone', async () => {
    const harness = await published();
    await harness.start({}, { name: 'a' });
    await harness.call('DeleteStateMachine', { stateMachineArn: ARN });
    expect(await harness.call('DescribeStateMachine', { stateMachineArn: ARN })).toMatchObject({ status: 'DELETING' });
    expect(await codeOf(harness.call('StartExecution', { stateMachineArn: ARN }))).toBe('StateMachineDeleting');
    await harness.kernel.advance(20_000);
    // As recorded in testdata/aws/stepfunctions/deletion_lifecycle.json of radkawar/stackd.
    expect(harness.changes).toMatchObject([
      { status: 'RUNNING' },
      { status: 'FAILED', error: 'States.Runtime', cause: 'State machine test has been deleted' },
    ]);
    expect(await codeOf(harness.call('DescribeStateMachine', { stateMachineArn: ARN }))).toBe('StateMachineDoesNotExist');
    const executionArn = `${ARN.replace('stateMachine', 'execution')}:a`;
    expect(await codeOf(harness.call('DescribeExecution', { executionArn }))).toBe('ExecutionDoesNotExist');
    harness.machine(says('anew'));
    expect(await outputOf(harness, ARN, 'a')).toBe('anew');
  });

  const wait = { Type: 'Wait', Seconds: 10, End: true };
  const fails = { status: 'FAILED', error: 'States.Runtime', cause: 'State machine test has been deleted' };

  it('takes the callback of a worker, and ends the execution instead', async () => {
    const harness = new Harness();
    const { activityArn } = await harness.call('CreateActivity', { name: 'work' });
    harness.machine({
      T: { Type: 'Task', Resource: activityArn, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'W' }], End: true },
      W: wait,
    });
    await harness.start();
    const { taskToken } = await harness.call('GetActivityTask', { activityArn });
    await harness.call('DeleteStateMachine', { stateMachineArn: ARN });
    expect(harness.changes).toHaveLength(1);
    expect(await harness.call('SendTaskSuccess', { taskToken, output: '{}' })).toEqual({});
    expect(harness.changes[1]).toMatchObject(fails);
  });

  it('ends what runs beside each other, and the executions of a Map Run', async () => {
    const harness = new Harness();
    const processor = { StartAt: 'W', States: { W: wait } };
    const mode = { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' };
    const inner = { StartAt: 'V', States: { V: wait } };
    harness.machine({
      P: {
        Type: 'Parallel',
        Branches: [
          {
            StartAt: 'M',
            States: { M: { Type: 'Map', Items: [1, 2], ItemProcessor: { ...processor, ProcessorConfig: mode }, End: true } },
          },
          inner,
        ],
        End: true,
      },
    });
    await harness.start();
    await harness.call('DeleteStateMachine', { stateMachineArn: ARN });
    await harness.kernel.advance(20_000);
    expect(harness.kernel.failures()).toEqual([]);
    const ends = harness.changes.filter(({ status }) => status !== 'RUNNING');
    expect(ends).toContainEqual(expect.objectContaining({ ...fails, name: 'run' }));
    expect(ends.every(({ status }) => status === 'FAILED' || status === 'ABORTED')).toBe(true);
    expect(await codeOf(harness.call('DescribeStateMachine', { stateMachineArn: ARN }))).toBe('StateMachineDoesNotExist');
  });

  it('is done at once where nothing runs, and is no error where nothing is', async () => {
    const harness = await published();
    await harness.call('DeleteStateMachine', { stateMachineArn: ARN });
    expect(await harness.call('ListStateMachines', {})).toEqual({ stateMachines: [] });
    expect(await harness.call('DeleteStateMachine', { stateMachineArn: ARN })).toEqual({});
  });
});

describe('ValidateStateMachineDefinition', () => {
  const validate = (harness: Harness, text: string, more: JsonObject = {}) =>
    harness.call('ValidateStateMachineDefinition', { definition: text, ...more });

  it('says what is wrong, and where', async () => {
    const harness = new Harness();
    expect(await validate(harness, definition(says('x')))).toEqual({ result: 'OK', diagnostics: [], truncated: false });
    const bad = definition({ A: { Type: 'Pass', Next: 'B' }, C: { Type: 'Nothing' } });
    const found = await validate(harness, bad);
    expect(found).toMatchObject({ result: 'FAIL', truncated: false });
    expect(found.diagnostics).toContainEqual({
      severity: 'ERROR',
      code: 'MISSING_TRANSITION_TARGET',
      message: "Missing 'Next' target: B",
      location: '/States/A/Next',
    });
    expect(await validate(harness, bad, { maxResults: 1 })).toMatchObject({ truncated: true, diagnostics: [expect.anything()] });
    expect(await validate(harness, '{')).toMatchObject({ result: 'FAIL', diagnostics: [{ code: 'INVALID_JSON_DESCRIPTION' }] });
  });

  it('knows what only Express workflows may not', async () => {
    const harness = new Harness();
    const text = definition({
      S: { Type: 'Task', Resource: 'arn:aws:states:::states:startExecution.sync', Arguments: { StateMachineArn: 'x' }, End: true },
    });
    expect(await validate(harness, text)).toMatchObject({ result: 'OK' });
    // Recorded against AWS.
    expect(await validate(harness, text, { type: 'EXPRESS' })).toMatchObject({
      result: 'FAIL',
      diagnostics: [{ message: "Express state machine does not support '.sync' service integration", location: '/States/S/Resource' }],
    });
  });
});

/** In the words recorded in `testdata/aws/stepfunctions/control_lifecycle.json` of radkawar/stackd. */
describe('what is refused, and what only looks as if it should be', () => {
  const other = machineArn('other');
  const alias = (...given: (readonly [arn: string, weight: number])[]) => ({
    name: 'NEW',
    routingConfiguration: given.map(([stateMachineVersionArn, weight]) => ({ stateMachineVersionArn, weight })),
  });

  it.each([
    { given: alias([ARN, 100]), words: `Routing configuration must contain state machine version ARNs. Received: [${ARN}]` },
    { given: alias([`${ARN}:1`, 99]), words: 'Sum of routing configuration weights must equal 100. Received: [99]' },
    {
      given: alias([`${ARN}:1`, 50], [`${other}:1`, 50]),
      words: `Routing configuration must contain state machine version ARNs for the same state machine. Received: [${ARN}:1, ${other}:1]`,
    },
    {
      given: alias([`${ARN}:1`, 50], [`${ARN}:1`, 50]),
      words: `Routing configuration must contain distinct state machine version ARNs. Received: [${ARN}:1, ${ARN}:1]`,
    },
  ])('is a routing: $words', async ({ given, words }) => {
    const call = (await published()).call('CreateStateMachineAlias', given);
    await expect(call).rejects.toMatchObject({
      code: 'ValidationException',
      message: words,
      extra: { reason: 'INVALID_ROUTING_CONFIGURATION' },
    });
  });

  it('is an alias that is there with another routing, and a version that is gone', async () => {
    const harness = await published();
    await harness.call('CreateStateMachineAlias', alias([`${ARN}:1`, 100]));
    expect(await refusal(harness.call('CreateStateMachineAlias', alias([`${ARN}:2`, 100])))).toBe(
      'ConflictException: Failed to create alias because an alias with the same name and a different routing configuration already exists.',
    );
    const NEW = { stateMachineAliasArn: `${ARN}:NEW` };
    expect(await harness.call('DescribeStateMachineAlias', NEW)).not.toHaveProperty('updateDate');
    expect(await refusal(harness.call('UpdateStateMachineAlias', NEW))).toBe(
      'ValidationException: Either description or routing configuration must be specified',
    );
    for (const [operation, member] of [
      ['DescribeStateMachine', 'stateMachineArn'],
      ['StartExecution', 'stateMachineArn'],
      ['ListExecutions', 'stateMachineArn'],
    ] as const)
      expect(await refusal(harness.call(operation, { [member]: `${ARN}:9` }))).toBe(
        `StateMachineDoesNotExist: State Machine Version Does Not Exist: '${ARN}:9'`,
      );
  });

  it('is a version of another description where the machine is created again', async () => {
    const harness = new Harness();
    const given = { name: 'm', definition: definition(says('one')), roleArn: ROLE, publish: true, versionDescription: 'first' };
    const { stateMachineVersionArn } = await harness.call('CreateStateMachine', given);
    expect((await harness.call('CreateStateMachine', { ...given, roleArn: `${ROLE}-2` })).stateMachineVersionArn).toBe(
      stateMachineVersionArn,
    );
    expect(await refusal(harness.call('CreateStateMachine', { ...given, versionDescription: 'other' }))).toBe(
      'StateMachineAlreadyExists: State Machine Already Exists: This state machine was already created with a published version using a different description.',
    );
    expect(await refusal(harness.call('CreateStateMachine', { ...given, publish: false }))).toBe(
      'ValidationException: Version description can only be set when publish is true',
    );
  });

  it('is no update that changes nothing, and no tags of a version', async () => {
    const harness = await published();
    const updated = await harness.call('UpdateStateMachine', { stateMachineArn: ARN, definition: definition(says('four')) });
    await harness.kernel.advance(60_000);
    expect(await harness.call('UpdateStateMachine', { stateMachineArn: ARN, definition: definition(says('four')) })).toEqual(updated);
    const executionArn = (await harness.call('StartExecution', { stateMachineArn: ARN })).executionArn;
    expect(await harness.call('DescribeStateMachineForExecution', { executionArn })).toMatchObject({ updateDate: updated.updateDate });
    expect(await harness.call('ListTagsForResource', { resourceArn: `${ARN}:1` })).toEqual({ tags: [] });
    expect(await codeOf(harness.call('ListTagsForResource', { resourceArn: `${ARN}:9` }))).toBe('ResourceNotFound');
  });
});
