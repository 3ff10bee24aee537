import { expect, it } from 'vitest';
import { Harness, machineArn, START } from './harness.ts';

const echo = { P: { Type: 'Pass', End: true } };
const withVersion = async (harness: Harness): Promise<void> => {
  const { stateMachineVersionArn } = await harness.call('PublishStateMachineVersion', { stateMachineArn: machineArn('test') });
  await harness.call('CreateStateMachineAlias', { name: 'LIVE', routingConfiguration: [{ stateMachineVersionArn, weight: 100 }] });
};

// As recorded in `testdata/aws/stepfunctions/observability.json` of radkawar/stackd.
it('tells of every change of status with all that AWS tells, null where there is nothing', async () => {
  const harness = new Harness();
  const { arn } = await harness.run({ W: { Type: 'Wait', Seconds: 10, End: true } }, { n: 1 });
  await harness.kernel.advance(1000);
  await harness.call('StopExecution', { executionArn: arn, error: 'E', cause: 'c' });
  const common = {
    executionArn: arn,
    stateMachineArn: machineArn('test'),
    name: 'run',
    startDate: START,
    input: '{"n":1}',
    output: null,
    stateMachineVersionArn: null,
    stateMachineAliasArn: null,
    redriveCount: 0,
    redriveDate: null,
    inputDetails: { included: true },
    outputDetails: null,
  };
  expect(harness.changes).toEqual([
    {
      ...common,
      status: 'RUNNING',
      stopDate: null,
      redriveStatus: 'NOT_REDRIVABLE',
      redriveStatusReason: 'Execution is RUNNING and cannot be redriven',
      error: null,
      cause: null,
    },
    {
      ...common,
      status: 'ABORTED',
      stopDate: START + 1000,
      redriveStatus: 'REDRIVABLE',
      redriveStatusReason: null,
      error: 'E',
      cause: 'c',
    },
  ]);
});

it('tells of the version and the alias that an execution was started by, and of its redrives', async () => {
  const harness = new Harness();
  const failing = { W: { Type: 'Wait', Seconds: 1, Next: 'F' }, F: { Type: 'Fail' } };
  harness.machine(failing);
  await withVersion(harness);
  const executionArn = await harness.start({}, { machine: 'test:LIVE' });
  await harness.kernel.advance(1000);
  await harness.call('RedriveExecution', { executionArn });
  const by = { stateMachineVersionArn: machineArn('test:1'), stateMachineAliasArn: machineArn('test:LIVE') };
  expect(harness.changes.slice(0, 3)).toMatchObject([
    { ...by, status: 'RUNNING', redriveCount: 0 },
    { ...by, status: 'FAILED', redriveStatus: 'REDRIVABLE' },
    { ...by, status: 'RUNNING', stopDate: null, redriveCount: 1, redriveDate: START + 1000, redriveStatus: 'NOT_REDRIVABLE' },
  ]);
});

it.each([
  { what: 'both at the limit', length: 126_974, input: true, output: true },
  { what: 'both above the limit', length: 126_975, input: false, output: true },
  { what: 'the output alone above it', length: 253_951, input: false, output: false },
])('leaves out payloads that find no room in an event: $what', async ({ length, input, output }) => {
  const harness = new Harness();
  // Its two quotes take a character more each where they are escaped.
  const text = 'x'.repeat(length - 2);
  await harness.run(echo, text);
  const given = JSON.stringify(text);
  expect(harness.changes[1]).toMatchObject({
    input: input ? given : null,
    inputDetails: { included: input },
    output: output ? given : null,
    outputDetails: { included: output },
  });
});
