import { type CfnResource, type Stack, Tags } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { CfnActivity, CfnStateMachine, CfnStateMachineAlias, CfnStateMachineVersion } from 'aws-cdk-lib/aws-stepfunctions';
import type { Cloud } from '../../../local/cloud.ts';

/** A text that does harm wherever it is not escaped. */
export const HOSTILE = `"><script>document.title='owned'</script><img src=x onerror="document.title='owned'">`;

const ROLE = 'arn:aws:iam::000000000000:role/machine';
const arnOf = (rest: string) => `arn:aws:states:us-east-1:000000000000:${rest}`;

/** A distributed Map over the shelves of a shop; some are broken, one takes an hour. */
const STOCK_MACHINE = {
  QueryLanguage: 'JSONata',
  StartAt: 'Count the shelves',
  States: {
    'Count the shelves': {
      Type: 'Map',
      Label: 'Shelves',
      ItemReader: {
        Resource: 'arn:aws:states:::s3:getObject',
        Arguments: { Bucket: 'shop-stock', Key: '{% $states.input.key %}' },
        ReaderConfig: { InputType: 'JSON' },
      },
      MaxConcurrency: 40,
      ToleratedFailurePercentage: '{% $states.input.tolerates %}',
      ItemProcessor: {
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
        StartAt: 'Look at the shelf',
        States: {
          'Look at the shelf': {
            Type: 'Choice',
            Choices: [
              { Condition: '{% $states.input.broken %}', Next: 'Tell of the shelf' },
              { Condition: '{% $states.input.high %}', Next: 'Fetch a ladder' },
            ],
            Default: 'Count it',
          },
          'Fetch a ladder': { Type: 'Wait', Seconds: 3600, Next: 'Count it' },
          'Count it': { Type: 'Pass', End: true },
          'Tell of the shelf': { Type: 'Fail', Error: 'ShelfBroken', Cause: HOSTILE },
        },
      },
      ResultWriter: { Resource: 'arn:aws:states:::s3:putObject', Arguments: { Bucket: 'shop-stock', Prefix: 'counted' } },
      End: true,
    },
  },
};

const PACK_MACHINE = {
  QueryLanguage: 'JSONata',
  StartAt: 'Have it packed',
  States: { 'Have it packed': { Type: 'Task', Resource: arnOf('activity:shop-packing'), End: true } },
};

const QUICK_MACHINE = {
  QueryLanguage: 'JSONata',
  StartAt: 'Judge',
  States: {
    Judge: { Type: 'Choice', Choices: [{ Condition: '{% $states.input.bad %}', Next: 'Refuse' }], Default: 'Done' },
    Refuse: { Type: 'Fail', Error: 'Bad', Cause: 'It is bad.' },
    Done: { Type: 'Succeed' },
  },
};

/** A Map Run's machine, an Express one, one with a version, an alias and tags, and an activity. */
export function addMachines(stack: Stack): void {
  new Bucket(stack, 'Stock', { bucketName: 'shop-stock' });
  const machine = (id: string, definition: object, more: { stateMachineType?: string } = {}) =>
    new CfnStateMachine(stack, id, {
      roleArn: ROLE,
      stateMachineName: `shop-${id.toLowerCase()}`,
      definitionString: JSON.stringify(definition),
      ...more,
    });
  machine('Count', STOCK_MACHINE);
  machine('Quick', QUICK_MACHINE, { stateMachineType: 'EXPRESS' });
  const activity: CfnResource = new CfnActivity(stack, 'Packing', { name: 'shop-packing', tags: [{ key: 'owner', value: 'hall 3' }] });
  const pack = machine('Pack', PACK_MACHINE);
  pack.addResourceDependency(activity);
  Tags.of(pack).add('team', 'night');
  const version = new CfnStateMachineVersion(stack, 'PackVersion', { stateMachineArn: pack.attrArn, description: 'the first' });
  new CfnStateMachineAlias(stack, 'PackLive', {
    name: 'live',
    routingConfiguration: [{ stateMachineVersionArn: version.attrArn, weight: 100 }],
  });
}

/** So many shelves; the numbers of those that are broken; the last one is high. */
export async function countShelves(cloud: Cloud, name: string, tolerates: number, broken: readonly number[]): Promise<string> {
  const shelves = Array.from({ length: 120 }, (_, index) => ({
    shelf: `${index + 1}`,
    broken: broken.includes(index + 1),
    high: index === 119,
  }));
  await cloud.call('s3', 'PutObject', { Bucket: 'shop-stock', Key: `${name}.json`, Body: JSON.stringify(shelves) });
  const { executionArn } = await cloud.call<{ executionArn: string }>('states', 'StartExecution', {
    stateMachineArn: arnOf('stateMachine:shop-count'),
    name,
    input: JSON.stringify({ key: `${name}.json`, tolerates }),
  });
  await cloud.settle();
  return executionArn;
}

/** Starts an execution and answers its ARN. `machine` may have a version or an alias behind it. */
export async function startOn(cloud: Cloud, machine: string, name: string, input: object = {}): Promise<string> {
  const { executionArn } = await cloud.call<{ executionArn: string }>('states', 'StartExecution', {
    stateMachineArn: arnOf(`stateMachine:${machine}`),
    name,
    input: JSON.stringify(input),
  });
  await cloud.settle();
  return executionArn;
}

/** The Map Run of an execution. */
export async function mapRunOf(cloud: Cloud, executionArn: string): Promise<string> {
  const { mapRuns } = await cloud.call<{ mapRuns: { mapRunArn: string }[] }>('states', 'ListMapRuns', { executionArn });
  return mapRuns[0]?.mapRunArn ?? '';
}

export function executionPage(arn: string, more = ''): string {
  return `/console/execution?arn=${encodeURIComponent(arn)}${more}`;
}

export function mapRunPage(arn: string, more = ''): string {
  return `/console/map-run?arn=${encodeURIComponent(arn)}${more}`;
}
