import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { caseTable } from '../adapters/clients.ts';
import { readClock } from '../adapters/clock.ts';
import { domainDeployment } from '../adapters/environment.ts';
import { reportFailures } from '../adapters/log.ts';
import { stageMachines } from '../adapters/machine-clients.ts';
import { newSalt } from '../adapters/random.ts';
import { takeInEvents } from './take-in-events.ts';

const ports = {
  table: caseTable(),
  machines: stageMachines(),
  deployment: domainDeployment(),
  report: reportFailures('An event could not be taken in and goes back to the queue'),
  newSalt,
};

export const handler = middy<SQSEvent, SQSBatchResponse>({ timeoutEarlyInMillis: 0 }).handler((event) =>
  takeInEvents(event.Records, { ...ports, now: readClock() }),
);
