import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import middy from '@middy/core';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { readClock } from '../adapters/clock.ts';
import { required } from '../adapters/environment.ts';
import { ungatedContacts } from '../adapters/metrics.ts';
import { publishEvents } from './publish-events.ts';

const ports = {
  events: new EventBridgeClient({}),
  queues: new SQSClient({}),
  bus: required('EVENT_BUS_NAME'),
  deadLetterQueueUrl: required('DEAD_LETTER_QUEUE_URL'),
  reportUngated: ungatedContacts(required('POWERTOOLS_SERVICE_NAME')),
};

export const handler = middy<DynamoDBStreamEvent, void>({ timeoutEarlyInMillis: 0 }).handler((event) =>
  publishEvents(event.Records, { ...ports, now: readClock() }),
);
