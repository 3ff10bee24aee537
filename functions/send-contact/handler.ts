import { SSMClient } from '@aws-sdk/client-ssm';
import { caseTable } from '../adapters/clients.ts';
import { readClock } from '../adapters/clock.ts';
import { deploymentChannels, deploymentWords, domainDeployment, required } from '../adapters/environment.ts';
import { deploymentProviders } from '../adapters/provider-clients.ts';
import { newSalt } from '../adapters/random.ts';
import { SendingSwitch } from '../adapters/sending-switch.ts';
import { validated } from '../adapters/validated.ts';
import { turnInput } from '../contract/turn.ts';
import { SendingControls } from '../protocol/sending-controls.ts';
import { SendingRate } from '../protocol/sending-rate.ts';
import { sendContact } from './send-contact.ts';

const table = caseTable();
const { channels, rates } = deploymentChannels();
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
};

export const handler = validated(turnInput, ({ turn }) => sendContact(turn, { ...ports, now: readClock() }));
