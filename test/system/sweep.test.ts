import { describe, expect, it } from 'vitest';
import { AwsError } from '../../local/kernel/errors.ts';
import type { Call } from '../../local/kernel/kernel.ts';
import { aSystem, type System } from './cloud.ts';
import { aCustomer, anOverdue } from './events.ts';
import { copyState, stateFolder } from './fork.ts';
import { walk } from './walk.ts';

const ONE_PHONE = { id: 'cp-1', channel: 'sms', address: '+8613800138000', owner: 'self' };
/** Enough for everything else at the same instant to be done. */
const OTHERS_FINISH_TURNS = 300;

async function open(system: System): Promise<void> {
  await system.put('CustomerUpdated', aCustomer());
  await system.put('AccountOverdue', anOverdue());
}

async function runningOf(system: System): Promise<{ arn: string; name: string }> {
  const running = (await system.executions()).filter((execution) => execution.status === 'RUNNING');
  expect(running).toHaveLength(1);
  return running[0] as { arn: string; name: string };
}

/** Lets a function fail whenever it is called, until it is told to stop. */
function breakFunction(system: System, name: string): () => void {
  return system.cloud.kernel.intercept((call, next) =>
    call.service === 'lambda' && call.operation === 'Invoke' && String(call.input.FunctionName).endsWith(name)
      ? Promise.resolve({
          StatusCode: 200,
          FunctionError: 'Unhandled',
          Payload: '{"errorType":"Broken","errorMessage":"as the test wants"}',
        })
      : next(),
  );
}

describe('what the sweep is for', () => {
  it('an execution that somebody stopped is replaced at once, and the case goes on', async () => {
    // Prepare
    const system = await aSystem({}, { deadExecutions: true });
    await open(system);
    await system.advance('PT10M');
    const { arn, name } = await runningOf(system);

    // Act
    await system.cloud.call('states', 'StopExecution', { executionArn: arn });
    await system.cloud.settle();
    await system.advance('P4D');

    // Assess
    expect((await runningOf(system)).name).not.toBe(name);
    expect(system.outbox()).toMatchObject([{ template: 'reminder-first' }]);
    expect((await system.journey()).timeline.map((entry) => entry.type)).toContain('ExecutionRestarted');
  });

  it('a case that cannot be looked at keeps no other from being mended', async () => {
    // Prepare
    const system = await aSystem({}, { deadExecutions: true });
    await open(system);
    await system.put('CustomerUpdated', aCustomer({ customerId: 'cus-2' }));
    await system.put('AccountOverdue', anOverdue({ accountId: 'acc-2', customerId: 'cus-2' }));
    const mend = breakFunction(system, 'sweep-cases');
    for (const accountId of ['acc-1', 'acc-2'])
      for (const { arn } of await system.executions(accountId)) await system.cloud.call('states', 'StopExecution', { executionArn: arn });
    await system.advance('P5D');
    mend();
    const isSweeps = ({ origin, service }: Call) => origin.endsWith('sweep-cases') && service === 'dynamodb';
    const heal = system.cloud.kernel.intercept((call, next) => {
      if (isSweeps(call) && call.operation === 'GetItem' && JSON.stringify(call.input).includes('ACCOUNT#acc-1'))
        throw new AwsError('ValidationException', 'as the test wants');
      return next();
    });

    // Act
    const first = await system.sweep();
    heal();
    const second = await system.sweep();

    // Assess
    expect(first).toMatchObject({ overdue: 2, restarted: 1, failed: 1 });
    expect(second).toMatchObject({ overdue: 1, restarted: 1, failed: 0 });
    for (const accountId of ['acc-1', 'acc-2']) {
      const running = (await system.executions(accountId)).filter(({ status }) => status === 'RUNNING');
      expect(running).toHaveLength(1);
    }
  });

  it('a machine whose function keeps failing gives up, and the schedule starts it again when it works', async () => {
    // Prepare
    const system = await aSystem({ sweep: true }, { deadExecutions: true });
    const mend = breakFunction(system, 'decide');
    await open(system);

    // Act
    await system.advance('PT1H');
    const failed = (await system.executions()).filter((execution) => execution.status === 'FAILED').length;
    mend();
    await system.advance('P4D');

    // Assess
    expect(failed).toBeGreaterThan(0);
    expect(system.outbox()).toMatchObject([{ template: 'reminder-first' }]);
  });

  it('an execution that is stopped as soon as it waits is replaced by the schedule, not at the end of its wait', async () => {
    // Prepare
    const system = await aSystem({ sweep: true }, { deadExecutions: true });
    await open(system);
    const { arn, name } = await runningOf(system);

    // Act
    await system.cloud.call('states', 'StopExecution', { executionArn: arn });
    await system.advance('PT15M');

    // Assess
    expect((await runningOf(system)).name).not.toBe(name);
  });

  it('a hold whose caller never came back to wake the case is found by the schedule', async () => {
    // Prepare
    const system = await aSystem({ sweep: true });
    await open(system);
    const mend = system.cloud.kernel.intercept((call, next) =>
      call.operation === 'SendTaskSuccess' && call.origin.startsWith('lambda:')
        ? Promise.reject(new AwsError('InternalServerError', 'Step Functions is away.', 500))
        : next(),
    );

    // Act
    const answer = await system.api('POST', '/accounts/acc-1/holds', { holdId: 'hold-1', kind: 'dispute' });
    mend();
    const before = await system.snapshot();
    await system.advance('PT15M');

    // Assess
    expect(answer.status).toBe(500);
    const unseen = (snapshot: typeof before) => snapshot.items.filter((item) => item.sk === '#HEAD' && item.waitSignals !== item.signals);
    expect(unseen(before)).toHaveLength(1);
    expect(unseen(await system.snapshot())).toEqual([]);
  });

  it('a redriven old execution can read and never act', async () => {
    // Prepare
    const system = await aSystem({}, { deadExecutions: true });
    await open(system);
    await system.advance('PT10M');
    const { arn } = await runningOf(system);
    await system.cloud.call('states', 'StopExecution', { executionArn: arn });
    await system.cloud.settle();
    const owner = await runningOf(system);

    // Act
    await system.cloud.call('states', 'RedriveExecution', { executionArn: arn });
    await system.cloud.settle();
    const old = (await system.executions()).find((execution) => execution.arn === arn);
    await walk(system, { until: (journey) => journey.stage === 'call' });

    // Assess
    expect(old).toMatchObject({ status: 'SUCCEEDED' });
    expect(old?.states.at(-1)).toBe('Superseded');
    expect(owner.arn).not.toBe(arn);
    expect(system.outbox()).toHaveLength(2);
  });

  it('finds nothing to mend where nothing is broken', async () => {
    // Prepare
    const system = await aSystem();
    await open(system);
    const before = await system.journey();

    // Act
    const answer = await system.cloud.call<{ Payload: string }>('lambda', 'Invoke', {
      FunctionName: 'overdue-journeys-sweep-cases',
      Payload: '{}',
    });

    // Assess
    expect(JSON.parse(answer.Payload)).toMatchObject({ woken: 0, started: 0, restarted: 0 });
    expect((await system.journey()).timeline).toEqual(before.timeline);
  });
});

/** What one account alone has to say, so that no other account's message can speak for it: its next instalment, due on the 9th. */
async function arrange(system: System, accountId: string): Promise<void> {
  await system.put('AccountOverdue', anOverdue({ accountId, dueDate: '2026-02-20' }));
  const { json } = await system.api<{ offers: { offerId: string }[] }>('GET', `/accounts/${accountId}/plan-offers`);
  const agreed = { offerId: json.offers[0]?.offerId, agreedAt: system.now(), channel: 'app' };
  expect(await system.api('POST', `/accounts/${accountId}/plans`, agreed)).toMatchObject({ status: 200 });
}

describe('accounts of one customer that each have something of their own to say', () => {
  it('share the customer’s caps, also when both would write at the same instant', async () => {
    // Prepare
    const system = await aSystem();
    await system.put('CustomerUpdated', aCustomer({ contactPoints: [ONE_PHONE] }));
    for (const accountId of ['acc-1', 'acc-2', 'acc-3']) await arrange(system, accountId);

    // Act: the reminders of all three are wanted on the 6th.
    await system.advanceTo('2026-03-09T00:00:00Z');

    // Assess: one text message a day.
    const days = system.outbox().map((message) => message.at.slice(0, 10));
    expect(days).toEqual(['2026-03-06', '2026-03-07', '2026-03-08']);
    expect(new Set(system.outbox().map((message) => message.accountId)).size).toBe(3);
  });

  it('never both take the last slot, whichever of their calls waits for the other', async () => {
    // Prepare: both reminders were planned for hours that are over, and both go when the customer becomes known, on the 6th at 20:00.
    const stateDir = stateFolder();
    const before = await aSystem({ stateDir });
    for (const accountId of ['acc-1', 'acc-2']) await arrange(before, accountId);
    await before.advanceTo('2026-03-06T12:00:00Z');
    await before.close();
    const scene = async (stopAt: number) => {
      const system = await aSystem({ stateDir: copyState(stateDir) });
      let seen = 0;
      system.cloud.kernel.intercept(async (call, next) => {
        if (!call.origin.endsWith('send-contact')) return next();
        seen += 1;
        if (seen === stopAt) for (let turn = 0; turn < OTHERS_FINISH_TURNS; turn += 1) await new Promise(setImmediate);
        return next();
      });
      await system.put('CustomerUpdated', aCustomer({ contactPoints: [ONE_PHONE] }));
      await system.advance('PT10S');
      return { system, seen, senders: system.cloud.counters().functions['overdue-journeys-send-contact']?.invocations ?? 0 };
    };

    // Act and assess
    const { system: quiet, seen: calls, senders } = await scene(0);
    await quiet.close();
    expect(senders).toBeGreaterThanOrEqual(2);
    for (let stopAt = 1; stopAt <= calls; stopAt += 1) {
      const { system } = await scene(stopAt);
      await system.advance('PT3H');
      expect({ stopAt, messages: system.outbox().length }).toEqual({ stopAt, messages: 1 });
      await system.checkSound();
      await system.close();
    }
  });
});
