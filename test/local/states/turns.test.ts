import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type JsonObject, Kernel } from '../../../local/kernel/kernel.ts';
import { Store } from '../../../local/kernel/store.ts';
import type { HistoryEvent } from '../../../local/services/states/history.ts';
import { StatesService } from '../../../local/services/states/service.ts';
import { Harness, machineArn, ROLE, returns } from './harness.ts';

const SLOW = '{% $sum([1, 2]) %}';
const pass = (more: JsonObject): JsonObject => ({ Type: 'Pass', ...more });
const invoke = (more: JsonObject = { End: true }): JsonObject => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName: 'f', Payload: '{% $states.input %}' },
  Output: '{% $states.result.Payload %}',
  ...more,
});
const twoStates = { StartAt: 'One', States: { One: pass({ Output: SLOW, Next: 'Two' }), Two: pass({ Output: 2, End: true }) } };
const overItems = (Items: unknown, ItemProcessor: JsonObject, more: JsonObject = {}): JsonObject => ({
  Type: 'Map',
  Items,
  ItemProcessor,
  End: true,
  ...more,
});

/** Lets others go on so many times. */
async function pause(ticks: number): Promise<void> {
  for (let tick = 0; tick < ticks; tick += 1) await undefined;
}

/** `One+` a state entered, `One-` exited, and what else is of interest by its type. */
function told(events: readonly HistoryEvent[]): string[] {
  return events.map((event) => {
    const { type } = event;
    const { name, index } = (event.stateEnteredEventDetails ??
      event.stateExitedEventDetails ??
      event.mapIterationStartedEventDetails ??
      event.mapIterationSucceededEventDetails ??
      {}) as { name?: string; index?: number };
    if (type.endsWith('Entered')) return `${name}+`;
    if (type.endsWith('Exited')) return `${name}-`;
    return index === undefined ? type : `${type} ${index}`;
  });
}

describe('branches and iterations that go on at one instant', () => {
  // In the order recorded in `testdata/aws/stepfunctions/dataflow_execution.json` of radkawar/stackd, of a machine of this shape.
  it('take turns by whole states, and what begins inside a state is behind what is ready', async () => {
    const inner = { Type: 'Parallel', Branches: [{ StartAt: 'Deep', States: { Deep: pass({ Output: SLOW, End: true }) } }], End: true };
    const left = { StartAt: 'Left', States: { Left: pass({ Assign: { a: SLOW }, Next: 'Nested' }), Nested: inner } };
    const right = { StartAt: 'Right', States: { Right: pass({ Output: 1, Next: 'Last' }), Last: pass({ Output: SLOW, End: true }) } };
    const harness = new Harness();
    const { arn } = await harness.run({
      Both: { Type: 'Parallel', Branches: [left, right], Next: 'Each' },
      Each: overItems([1, 2, 3], twoStates, { MaxConcurrency: 2 }),
    });
    expect(told(await harness.history(arn)).join(' ')).toBe(
      'ExecutionStarted Both+ ParallelStateStarted Left+ Left- Right+ Right- Nested+ ParallelStateStarted Last+ Last- Deep+ Deep- ' +
        'ParallelStateSucceeded Nested- ParallelStateSucceeded Both- Each+ MapStateStarted MapIterationStarted 0 MapIterationStarted 1 ' +
        'One+ One- One+ One- Two+ Two- MapIterationSucceeded 0 MapIterationStarted 2 Two+ Two- MapIterationSucceeded 1 ' +
        'One+ One- Two+ Two- MapIterationSucceeded 2 MapStateSucceeded Each- ExecutionSucceeded',
    );
  });

  // As recorded in `test_timeouts.snapshot.json` of localstack/localstack: all are scheduled when the first of the calls is made.
  it('make their calls after all that are ready were scheduled, and take their answers one after another', async () => {
    const harness = new Harness({ services: { lambda: (_, { Payload }) => returns(JSON.parse(String(Payload))) } });
    const count = 12;
    harness.machine({ Each: overItems('{% [1..12] %}', { StartAt: 'Ask', States: { Ask: invoke() } }) });
    const arn = await harness.start();
    const history = told(await harness.history(arn));
    const scheduled = Array.from({ length: count }, () => 'Ask+ TaskScheduled').join(' ');
    const answered = Array.from({ length: count }, (_, index) => `TaskSucceeded Ask- MapIterationSucceeded ${index}`).join(' ');
    const rest = history.slice(3 + count).filter((event) => event !== 'TaskStarted');
    expect(rest.join(' ')).toBe(`${scheduled} ${answered} MapStateSucceeded Each- ExecutionSucceeded`);
    expect(history.indexOf('TaskStarted')).toBe(3 + count + 2 * count);
    expect(await harness.output(arn)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  });

  it('do not wait for the calls of others', async () => {
    const last = Promise.withResolvers<void>();
    const harness = new Harness({
      services: {
        lambda: async (_, { Payload }) => {
          if (Payload === '1') await last.promise;
          else last.resolve();
          return returns(Payload);
        },
      },
    });
    harness.machine({ Each: overItems([1, 2], { StartAt: 'Ask', States: { Ask: invoke() } }) });
    const arn = await harness.start();
    expect(await harness.output(arn)).toEqual(['1', '2']);
  });

  it('take the answer of a call and that of its token once, whichever is first in turn', async () => {
    const branch = (name: string, task: JsonObject) => ({
      StartAt: name,
      States: { [name]: { ...task, Next: `${name}2` }, [`${name}2`]: invoke() },
    });
    const token = {
      ...invoke({ Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken' }),
      Arguments: { FunctionName: 'f', Payload: { token: '{% $states.context.Task.Token %}' } },
      Output: SLOW,
    };
    for (let ticks = 0; ticks < 40; ticks += 1) {
      const harness: Harness = new Harness({
        services: {
          lambda: async (_, { Payload }) => {
            const { token: taskToken } = JSON.parse(String(Payload)) as { token?: string };
            const answer = async () => {
              await pause(ticks);
              await harness.call('SendTaskSuccess', { taskToken, output: '{}' });
            };
            if (taskToken !== undefined) void answer();
            if (Payload === '3') await pause(20);
            return returns(String(Payload));
          },
        },
      });
      const Branches = [branch('Plain', invoke({ Output: SLOW })), branch('Token', token)];
      harness.machine({ Both: { Type: 'Parallel', Branches, End: true } });
      const arn = await harness.start();
      const history = told(await harness.history(arn));
      const states = history.filter((event) => /[+-]$/.test(event)).sort();
      expect(states, `${ticks}`).toEqual('Both+ Both- Plain+ Plain- Plain2+ Plain2- Token+ Token- Token2+ Token2-'.split(' '));
      expect(history.filter((event) => event === 'TaskSucceeded')).toHaveLength(4);
      expect(await harness.output(arn)).toEqual(['3', '3']);
      expect(harness.kernel.failures()).toEqual([]);
      harness.kernel.stop();
    }
  });

  it('leave nothing when their turn comes after a neighbour has failed', async () => {
    const harness = new Harness({
      services: { lambda: (_, { Payload }) => (Payload === '1' ? { ...returns({}), FunctionError: 'Unhandled' } : returns(2)) },
    });
    const processor = { StartAt: 'Ask', States: { Ask: invoke() } };
    harness.machine({
      Each: overItems([1, 2, 3], processor, { Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }] }),
      Caught: pass({ Output: SLOW, End: true }),
    });
    const arn = await harness.start();
    const history = told(await harness.history(arn));
    const failed = history.indexOf('TaskFailed');
    expect(history.slice(failed).filter((event) => event.includes('Task') || event.includes('Ask'))).toEqual([
      'TaskFailed',
      'TaskStateAborted',
      'TaskStateAborted',
      'TaskStateAborted',
    ]);
    expect(history.slice(-4)).toEqual(['Each-', 'Caught+', 'Caught-', 'ExecutionSucceeded']);
  });

  it('go on to the same end where the process was killed between two turns', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'states-'));
    const states = {
      Each: overItems([1, 2, 3, 4], {
        StartAt: 'Ask',
        States: { Ask: invoke({ Retry: [{ ErrorEquals: ['States.ALL'] }], Next: 'One' }), ...twoStates.States },
      }),
    };
    let asked = 0;
    const before: Harness = new Harness({
      directory,
      services: {
        lambda: () => {
          asked += 1;
          if (asked < 4) return returns(asked);
          before.store.commit();
          before.kernel.stop();
          return new Promise(() => {});
        },
      },
    });
    before.machine(states);
    const started = await before.call('StartExecution', { stateMachineArn: machineArn('test'), name: 'run' });
    while (asked < 4) await new Promise((resolve) => setImmediate(resolve));

    const after = new Harness({ directory, services: { lambda: () => returns(0) } });
    after.machine(states);
    after.kernel.resume();
    await after.kernel.advance(10_000);
    const arn = String(started.executionArn);
    expect(await after.output(arn)).toEqual([2, 2, 2, 2]);
    const history = told(await after.history(arn));
    for (const event of ['Ask+', 'Ask-', 'One+', 'One-', 'Two+', 'Two-'])
      expect(history.filter((other) => other === event)).toHaveLength(4);
    after.kernel.stop();
    rmSync(directory, { recursive: true });
  });

  it('take turns in an order drawn from the seed where the order is shuffled, by whole states all the same', async () => {
    const ran = async (seed: number): Promise<string> => {
      const kernel = new Kernel({ store: new Store(), clock: 'virtual', start: 0, seed, shuffled: true });
      const states = new StatesService({ kernel });
      kernel.register(states);
      const Branches = ['A', 'B', 'C'].map((name) => ({
        StartAt: name,
        States: { [name]: pass({ Output: SLOW, Next: `${name}2` }), [`${name}2`]: pass({ Output: SLOW, End: true }) },
      }));
      const definition = JSON.stringify({
        QueryLanguage: 'JSONata',
        StartAt: 'P',
        States: { P: { Type: 'Parallel', Branches, End: true } },
      });
      states.createStateMachine({ name: 'm', arn: machineArn('m'), definition, roleArn: ROLE });
      const { executionArn } = (await kernel.call(
        'states',
        'StartExecution',
        { stateMachineArn: machineArn('m') },
        'client',
      )) as JsonObject;
      await kernel.settle();
      const { events } = (await kernel.call('states', 'GetExecutionHistory', { executionArn, maxResults: 1000 }, 'client')) as {
        events: HistoryEvent[];
      };
      kernel.stop();
      return told(events).slice(3, -3).join(' ');
    };
    const orders = await Promise.all([1, 2, 3, 4, 5, 6].map(ran));
    expect(await ran(1)).toBe(orders[0]);
    expect(new Set(orders).size).toBeGreaterThan(2);
    for (const order of orders) expect(order).toMatch(/^((\w+)\+ \2- ?){6}$/);
  });
});
