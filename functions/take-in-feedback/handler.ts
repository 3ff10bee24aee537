import middy from '@middy/core';
import { caseTable } from '../adapters/clients.ts';
import { readClock } from '../adapters/clock.ts';
import { domainDeployment, required } from '../adapters/environment.ts';
import { reportFailures } from '../adapters/log.ts';
import { stageMachines } from '../adapters/machine-clients.ts';
import { unknownFeedback } from '../adapters/metrics.ts';
import { takeInFeedback } from './take-in-feedback.ts';

const ports = {
  table: caseTable(),
  machines: stageMachines(),
  deployment: domainDeployment(),
  report: reportFailures('A delivery report could not be taken in'),
  unknown: unknownFeedback(required('POWERTOOLS_SERVICE_NAME')),
};

export const handler = middy<unknown, void>({ timeoutEarlyInMillis: 0 }).handler((event) =>
  takeInFeedback(event, { ...ports, now: readClock() }),
);
