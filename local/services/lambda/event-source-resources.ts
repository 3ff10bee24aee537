import type { Kernel } from '../../kernel/kernel.ts';
import {
  booleanProperty,
  type Resource,
  type ResourceHandler,
  refuseUnknown,
  unsupported,
  wholeProperty,
} from '../../template/resource.ts';
import { compilePattern, type EventPattern } from '../events/pattern.ts';
import { nameOfArn } from '../sqs/queue-arn.ts';
import type { SqsService } from '../sqs/sqs-service.ts';
import { isDeadLetterTarget } from './destination.ts';
import { functionNameOf, type LambdaService } from './lambda-service.ts';
import { QueueSource } from './queue-source.ts';
import { StreamSource, type TableStreams } from './stream-source.ts';

const QUEUE_BATCH_SIZE_DEFAULT = 10;
const STREAM_BATCH_SIZE_DEFAULT = 100;
/** Where no maximum is given; AWS goes much higher, one process gains nothing by it. */
const QUEUE_CONCURRENCY_DEFAULT = 16;

/** https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html */
const PARALLELIZATION = [1, 10] as const;
const STREAM_BATCH = [1, 10_000] as const;
const RETRIES = [-1, 10_000] as const;
const RECORD_AGE_SECONDS = [-1, 604_800] as const;
/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html */
const QUEUE_BATCH = [1, 10_000] as const;
const QUEUE_BATCH_WITHOUT_WINDOW_MAX = 10;
const QUEUE_CONCURRENCY = [2, 1000] as const;

/** `AWS::Lambda::EventSourceMapping`: queues and table streams. */
export function eventSourceHandler(lambda: LambdaService, sqs: SqsService, streams: TableStreams): ResourceHandler {
  return {
    type: 'AWS::Lambda::EventSourceMapping',
    honoured: [
      'BatchSize',
      'BisectBatchOnFunctionError',
      'DestinationConfig',
      'Enabled',
      'EventSourceArn',
      'FilterCriteria',
      'FunctionName',
      'FunctionResponseTypes',
      'MaximumRecordAgeInSeconds',
      'MaximumRetryAttempts',
      'ParallelizationFactor',
      'ScalingConfig',
      'StartingPosition',
    ],
    inert: {
      KmsKeyArn: 'nothing is encrypted here',
      MaximumBatchingWindowInSeconds: 'queues and streams take no time: what is there at the instant is the batch',
      MetricsConfig: 'no metrics are published here',
      Tags: 'nothing reads tags',
    },
    provision(resource, { kernel }) {
      const id = `${resource.stack}-${resource.logicalId}`;
      const { properties } = resource;
      if (booleanProperty(properties.Enabled, true)) {
        const source = String(properties.EventSourceArn);
        if (source.startsWith('arn:aws:sqs:')) mapQueue(resource, kernel, lambda, sqs);
        else if (source.startsWith('arn:aws:dynamodb:')) mapStream(resource, kernel, lambda, streams, id);
        else throw unsupported(resource, `event source ${source} is not supported by the embedded cloud`);
      }
      return { ref: id, attributes: { Id: id, EventSourceMappingArn: `arn:aws:lambda:us-east-1:000000000000:event-source-mapping:${id}` } };
    },
  };
}

function mapQueue(resource: Resource, kernel: Kernel, lambda: LambdaService, sqs: SqsService): void {
  const { properties } = resource;
  refuse(
    resource,
    [
      'BisectBatchOnFunctionError',
      'DestinationConfig',
      'MaximumRecordAgeInSeconds',
      'MaximumRetryAttempts',
      'ParallelizationFactor',
      'StartingPosition',
    ],
    'queue',
  );
  const scaling = properties.ScalingConfig as { MaximumConcurrency?: number } | undefined;
  refuseUnknown(resource, 'ScalingConfig', scaling, ['MaximumConcurrency']);
  const batchSize = wholeProperty(resource, 'BatchSize', properties.BatchSize, QUEUE_BATCH, QUEUE_BATCH_SIZE_DEFAULT);
  if (batchSize > QUEUE_BATCH_WITHOUT_WINDOW_MAX && Number(properties.MaximumBatchingWindowInSeconds ?? 0) < 1)
    throw unsupported(resource, `BatchSize ${batchSize} needs a MaximumBatchingWindowInSeconds of at least 1`);
  const source = new QueueSource(kernel, sqs, (name, payload) => lambda.deliver('sqs', name, payload), {
    queue: nameOfArn(String(properties.EventSourceArn)),
    functionName: functionNameOf(String(properties.FunctionName)),
    batchSize,
    maximumConcurrency: wholeProperty(
      resource,
      'ScalingConfig.MaximumConcurrency',
      scaling?.MaximumConcurrency,
      QUEUE_CONCURRENCY,
      QUEUE_CONCURRENCY_DEFAULT,
    ),
    reportBatchItemFailures: reportsItems(properties.FunctionResponseTypes),
    filters: filtersOf(resource),
  });
  lambda.addQueueSource(source);
}

function mapStream(resource: Resource, kernel: Kernel, lambda: LambdaService, streams: TableStreams, id: string): void {
  const { properties } = resource;
  refuse(resource, ['ScalingConfig'], 'stream');
  // What may go beside each other goes one after the other here, which is one of the orders that AWS may take.
  wholeProperty(resource, 'ParallelizationFactor', properties.ParallelizationFactor, PARALLELIZATION, 1);
  const destination = properties.DestinationConfig as { OnFailure?: { Destination?: string } } | undefined;
  refuseUnknown(resource, 'DestinationConfig', destination, ['OnFailure']);
  const onFailureArn = destination?.OnFailure?.Destination;
  if (onFailureArn !== undefined && !isDeadLetterTarget(onFailureArn))
    throw unsupported(resource, `destination ${onFailureArn}: only queues and topics are supported`);
  // AWS writes -1 for "until the record expires".
  const limit = (key: string, bounds: readonly [number, number]) => {
    const value = wholeProperty(resource, key, properties[key], bounds, -1);
    return value < 0 ? undefined : value;
  };
  const [retriesMax, maximumAgeSeconds] = [limit('MaximumRetryAttempts', RETRIES), limit('MaximumRecordAgeInSeconds', RECORD_AGE_SECONDS)];
  const source = new StreamSource(kernel, streams, (name, payload) => lambda.deliver('dynamodb', name, payload), {
    id,
    tableName: String(properties.EventSourceArn).split('/')[1] ?? '',
    functionName: functionNameOf(String(properties.FunctionName)),
    batchSize: wholeProperty(resource, 'BatchSize', properties.BatchSize, STREAM_BATCH, STREAM_BATCH_SIZE_DEFAULT),
    startAtLatest: properties.StartingPosition === 'LATEST',
    filters: filtersOf(resource),
    bisect: booleanProperty(properties.BisectBatchOnFunctionError, false),
    reportBatchItemFailures: reportsItems(properties.FunctionResponseTypes),
    ...(retriesMax !== undefined && { retriesMax }),
    ...(maximumAgeSeconds !== undefined && { maximumAgeSeconds }),
    ...(onFailureArn !== undefined && { onFailureArn }),
  });
  lambda.addPart(source);
}

function refuse(resource: Resource, keys: readonly string[], kind: string): void {
  for (const key of keys)
    if (resource.properties[key] !== undefined) throw unsupported(resource, `property ${key} does not apply to a ${kind}`);
}

function reportsItems(types: unknown): boolean {
  return Array.isArray(types) && types.includes('ReportBatchItemFailures');
}

function filtersOf(resource: Resource): EventPattern[] {
  const criteria = resource.properties.FilterCriteria as { Filters?: { Pattern?: string }[] } | undefined;
  refuseUnknown(resource, 'FilterCriteria', criteria, ['Filters']);
  return (criteria?.Filters ?? []).map(({ Pattern = '' }) => compilePattern(JSON.parse(Pattern)));
}
