import { SESClient } from '@aws-sdk/client-ses';
import { SNSClient } from '@aws-sdk/client-sns';
import { SSMClient } from '@aws-sdk/client-ssm';
import { caseTable } from '../adapters/clients.ts';
import { readClock } from '../adapters/clock.ts';
import { deploymentWords, domainDeployment, optional, required } from '../adapters/environment.ts';
import { emailBySes, smsBySns } from '../adapters/providers.ts';
import { newSalt } from '../adapters/random.ts';
import { SendingSwitch } from '../adapters/sending-switch.ts';
import { validated } from '../adapters/validated.ts';
import { turnInput } from '../contract/turn.ts';
import { sendContact } from './send-contact.ts';

// A provider is called once per reservation: the SDK's own retries would call it again after an answer that was lost.
const once = { maxAttempts: 1 };
const ports = {
  table: caseTable(),
  deployment: domainDeployment(),
  words: deploymentWords(),
  sending: new SendingSwitch(new SSMClient({}), required('SENDING_PARAMETER')),
  providers: {
    sms: smsBySns(new SNSClient(once), optional('SENDER_ID')),
    email: emailBySes(new SESClient(once), required('SENDER_EMAIL')),
  },
  newSalt,
  clock: readClock,
};

export const handler = validated(turnInput, ({ turn }) => sendContact(turn, { ...ports, now: readClock() }));
