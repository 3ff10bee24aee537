import middy from '@middy/core';
import { caseTable } from '../adapters/clients.ts';
import { readClock } from '../adapters/clock.ts';
import { domainDeployment, required } from '../adapters/environment.ts';
import { reportFailures } from '../adapters/log.ts';
import { stageMachines } from '../adapters/machine-clients.ts';
import { overdueWakeUps } from '../adapters/metrics.ts';
import { type Swept, sweep } from './sweep-cases.ts';

const ports = {
  table: caseTable(),
  machines: stageMachines(),
  deployment: domainDeployment(),
  countOverdue: overdueWakeUps(required('POWERTOOLS_SERVICE_NAME')),
  report: reportFailures('A case could not be looked at and is found again'),
};

export const handler = middy<unknown, Swept>({ timeoutEarlyInMillis: 0 }).handler((event) => sweep(event, { ...ports, now: readClock() }));
