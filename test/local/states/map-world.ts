import type { JsonObject } from '../../../local/kernel/kernel.ts';
import { S3Service } from '../../../local/services/s3/s3-service.ts';
import { type Described, Harness } from './harness.ts';

export type Services = NonNullable<NonNullable<ConstructorParameters<typeof Harness>[0]>['services']>;

/** A harness with a bucket named `data`. */
export function withS3(services: Services = {}, directory?: string): Harness {
  const harness = new Harness({ services, ...(directory === undefined ? {} : { directory }) });
  const s3 = new S3Service(harness.kernel);
  harness.kernel.register(s3);
  s3.putBucket({ name: 'data', objectLock: false, lifecycle: [], encryption: { algorithm: 'AES256' } });
  return harness;
}

export async function put(harness: Harness, key: string, body: string | Buffer): Promise<void> {
  await harness.kernel.call('s3', 'PutObject', { Bucket: 'data', Key: key, Body: body }, 'client');
}

export async function readJson(harness: Harness, key: string): Promise<unknown> {
  const { Body: body } = (await harness.kernel.call('s3', 'GetObject', { Bucket: 'data', Key: key }, 'client')) as JsonObject;
  return JSON.parse(Buffer.from(body as Uint8Array).toString());
}

export const ECHO = { P: { Type: 'Pass', End: true } };
export const INVOKE = {
  T: {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    Arguments: { FunctionName: 'f', Payload: '{% $states.input %}' },
    Output: '{% $states.result.Payload %}',
    End: true,
  },
};

export function map(states: Record<string, JsonObject>, more: JsonObject = {}, executionType = 'STANDARD'): Record<string, JsonObject> {
  return {
    M: {
      Type: 'Map',
      ItemProcessor: {
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: executionType },
        StartAt: Object.keys(states)[0],
        States: states,
      },
      End: true,
      ...more,
    },
  };
}

export function reader(config: JsonObject, key = 'file', more: JsonObject = {}): JsonObject {
  return {
    ItemReader: { Resource: 'arn:aws:states:::s3:getObject', Arguments: { Bucket: 'data', Key: key }, ReaderConfig: config },
    ...more,
  };
}

export async function mapRuns(harness: Harness, executionArn: string): Promise<JsonObject[]> {
  return (await harness.call('ListMapRuns', { executionArn })).mapRuns as JsonObject[];
}

export async function onlyRun(harness: Harness, executionArn: string): Promise<JsonObject> {
  const [run] = await mapRuns(harness, executionArn);
  return harness.call('DescribeMapRun', { mapRunArn: run?.mapRunArn });
}

export async function children(harness: Harness, mapRunArn: unknown, more: JsonObject = {}): Promise<JsonObject[]> {
  return (await harness.call('ListExecutions', { mapRunArn, ...more })).executions as JsonObject[];
}

/** As `Harness.run`, as often as a test likes on one harness. */
export async function runAgain(
  harness: Harness,
  states: Record<string, JsonObject>,
  input: unknown = {},
): Promise<Described & { readonly arn: string }> {
  harness.machine(states);
  const arn = await harness.start(input, { name: harness.kernel.uuid() });
  return { ...(await harness.describe(arn)), arn };
}
