import { expect, it } from 'vitest';
import { visitsOf } from '../../../local/console/visits.ts';
import type { JsonObject } from '../../../local/kernel/kernel.ts';
import { Harness } from '../states/harness.ts';

const branch = (name: string, state: JsonObject): JsonObject => ({ StartAt: name, States: { [name]: { End: true, ...state } } });

async function visitsTo(harness: Harness, arn: string): Promise<string[]> {
  return visitsOf(await harness.history(arn)).all.map(
    ({ state, ended, attempts, error }) => `${state} ${ended} ${attempts}${error === undefined ? '' : ` ${error.error} ${error.cause}`}`,
  );
}

it('tells the one that failed from those that were stopped beside it, and once it is redriven what became of them', async () => {
  const harness = new Harness();
  const { activityArn } = await harness.call('CreateActivity', { name: 'a' });
  const work = { Type: 'Task', Resource: activityArn };
  harness.machine({
    P: { Type: 'Parallel', Branches: [branch('A', work), branch('W', { Type: 'Wait', Seconds: 60 }), branch('B', work)], End: true },
  });
  const arn = await harness.start();
  const take = async () => String((await harness.call('GetActivityTask', { activityArn })).taskToken);
  await take();
  await harness.call('SendTaskFailure', { taskToken: await take(), error: 'E', cause: 'c' });
  await harness.kernel.settle();
  expect(await visitsTo(harness, arn)).toEqual(['P failed 0 E c', 'A stopped 1', 'W stopped 0', 'B failed 1 E c']);

  await harness.call('RedriveExecution', { executionArn: arn });
  await harness.kernel.settle();
  for (const output of ['1', '2']) await harness.call('SendTaskSuccess', { taskToken: await take(), output });
  await harness.kernel.advance(60_000);
  expect(await visitsTo(harness, arn)).toEqual(['P done 0', 'A done 2', 'W done 0', 'B done 2']);
});

it('tells the error of a Fail state inside as that of the state around it', async () => {
  const harness = new Harness();
  const { arn } = await harness.run({
    P: { Type: 'Parallel', Branches: [{ StartAt: 'F', States: { F: { Type: 'Fail', Error: 'E' } } }], End: true },
  });
  expect((await visitsTo(harness, arn))[0]).toBe('P failed 0 E ');
});

it('tells the error of a state inside also where it is caught', async () => {
  const harness = new Harness();
  const Branches = [{ StartAt: 'F', States: { F: { Type: 'Pass', Output: "{% $error('no') %}", End: true } } }];
  const { arn } = await harness.run({
    P: { Type: 'Parallel', Branches, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'S' }], End: true },
    S: { Type: 'Succeed' },
  });
  expect((await visitsTo(harness, arn))[0]).toMatch(/^P caught 0 States.QueryEvaluationError .*no/);
});
