import middy from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { caseTable } from '../adapters/clients.ts';
import { readClock } from '../adapters/clock.ts';
import { deploymentWords, domainDeployment, tokenRules } from '../adapters/environment.ts';
import { stageMachines } from '../adapters/machine-clients.ts';
import type { Answer } from '../api/problem.ts';
import { serveApi } from './serve-api.ts';

const ports = {
  table: caseTable(),
  machines: stageMachines(),
  deployment: domainDeployment(),
  words: deploymentWords(),
  tokens: tokenRules(),
};

export const handler = middy<APIGatewayProxyEventV2, Answer>({ timeoutEarlyInMillis: 0 }).handler((event) =>
  serveApi(event, { ...ports, now: readClock() }),
);
