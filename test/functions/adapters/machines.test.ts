import { DescribeExecutionCommand, SendTaskSuccessCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { Machines } from '../../../functions/adapters/machines.ts';

const client = mockClient(SFNClient);
const machines = new Machines(new SFNClient({}), 'arn:aws:states:us-east-1:000000000000:stateMachine:overdue-journeys-');
beforeEach(() => client.reset());

function named(name: string): Error {
  return Object.assign(new Error(name), { name });
}

describe('a start', () => {
  it('names the machine of the stage and hands the stored request on word for word', async () => {
    // Act
    await machines.start('field-visit', 'case-1-field-visit-7', '{"execN":7}');
    // Assess
    expect(client.commandCalls(StartExecutionCommand).map(({ args }) => args[0].input)).toEqual([
      {
        stateMachineArn: 'arn:aws:states:us-east-1:000000000000:stateMachine:overdue-journeys-field-visit',
        name: 'case-1-field-visit-7',
        input: '{"execN":7}',
      },
    ]);
  });

  it('that happened before is done; any other refusal is told', async () => {
    client.on(StartExecutionCommand).rejectsOnce(named('ExecutionAlreadyExists')).rejectsOnce(named('ThrottlingException'));
    await machines.start('call', 'case-1-call-2', '{}');
    await expect(machines.start('call', 'case-1-call-2', '{}')).rejects.toThrow('ThrottlingException');
  });
});

describe('a wake-up', () => {
  it.each(['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken'])('for a wait that is over is normal (%s)', async (name) => {
    client.on(SendTaskSuccessCommand).rejects(named(name));
    expect(await machines.wake('token')).toBe('gone');
  });

  it('carries nothing', async () => {
    client.on(SendTaskSuccessCommand).resolves({});
    expect(await machines.wake('token')).toBe('woken');
    expect(client.commandCalls(SendTaskSuccessCommand)[0]?.args[0].input).toEqual({ taskToken: 'token', output: '{}' });
  });

  it('that was throttled is not lost in silence', async () => {
    client.on(SendTaskSuccessCommand).rejects(named('ThrottlingException'));
    await expect(machines.wake('token')).rejects.toThrow('ThrottlingException');
  });
});

describe('an execution', () => {
  it.each([
    { status: 'RUNNING', is: 'RUNNING' },
    { status: 'PENDING_REDRIVE', is: 'RUNNING' },
    { status: 'FAILED', is: 'DEAD' },
    { status: 'ABORTED', is: 'DEAD' },
    { status: 'TIMED_OUT', is: 'DEAD' },
    { status: 'SUCCEEDED', is: 'DEAD' },
  ] as const)('that is $status counts as $is', async ({ status, is }) => {
    client.on(DescribeExecutionCommand).resolves({ status });
    expect(await machines.status('call', 'case-1-call-2')).toBe(is);
    expect(client.commandCalls(DescribeExecutionCommand)[0]?.args[0].input.executionArn).toBe(
      'arn:aws:states:us-east-1:000000000000:execution:overdue-journeys-call:case-1-call-2',
    );
  });

  it('that nobody knows is unknown, not dead: it may only just have been started', async () => {
    client.on(DescribeExecutionCommand).rejects(named('ExecutionDoesNotExist'));
    expect(await machines.status('call', 'case-1-call-2')).toBe('UNKNOWN');
  });
});
