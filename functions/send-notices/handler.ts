import { SSMClient } from '@aws-sdk/client-ssm';
import middy from '@middy/core';
import type { DynamoDBStreamEvent, ScheduledEvent } from 'aws-lambda';
import { caseTable } from '../adapters/clients.ts';
import { readClock } from '../adapters/clock.ts';
import { deploymentChannels, deploymentWords, domainDeployment, required } from '../adapters/environment.ts';
import { reportFailures } from '../adapters/log.ts';
import { failedReminders, lateAcknowledgements } from '../adapters/metrics.ts';
import { deploymentProviders } from '../adapters/provider-clients.ts';
import { newSalt } from '../adapters/random.ts';
import { SendingSwitch } from '../adapters/sending-switch.ts';
import { SendingControls } from '../protocol/sending-controls.ts';
import { SendingRate } from '../protocol/sending-rate.ts';
import { acknowledgePayments, type Noticed, remindAll } from './send-notices.ts';

const table = caseTable();
const { channels, rates } = deploymentChannels();
const service = required('POWERTOOLS_SERVICE_NAME');
const ports = {
  table,
  deployment: domainDeployment(),
  words: deploymentWords(),
  textsAnswerable: channels.sms === 'aws',
  sending: new SendingSwitch(new SSMClient({}), required('SENDING_PARAMETER')),
  controls: new SendingControls(table),
  rate: new SendingRate(table, rates),
  providers: deploymentProviders(),
  newSalt,
  clock: readClock,
  countLate: lateAcknowledgements(service),
  countFailed: failedReminders(service),
  report: reportFailures('A reminder could not be sent and is tried again'),
};

export const handler = middy<DynamoDBStreamEvent | ScheduledEvent, Noticed>({ timeoutEarlyInMillis: 0 }).handler((event) => {
  const now = { ...ports, now: readClock() };
  return 'Records' in event ? acknowledgePayments(event.Records, now) : remindAll(now);
});
