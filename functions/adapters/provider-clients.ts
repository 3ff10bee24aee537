import { SESClient } from '@aws-sdk/client-ses';
import { SNSClient } from '@aws-sdk/client-sns';
import { MESSAGE_CHANNELS, type MessageChannel } from '../../domain/model.ts';
import { deploymentChannels, optional, required } from './environment.ts';
import { type ObjectStore, throughGateway } from './gateway.ts';
import { emailBySes, type Provider, smsBySns } from './providers.ts';

/**
 * A provider is called once per reservation: the SDK's own retries would call it again after an answer that was lost. One that does not
 * answer is given up while the function still runs, so that its failure is seen and counted.
 */
const once = {
  maxAttempts: 1,
  requestHandler: { connectionTimeout: 3_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
};

/** How the messages of each channel leave in this deployment; channels that are off have no provider. */
export function deploymentProviders(): Readonly<Partial<Record<MessageChannel, Provider>>> {
  const { channels } = deploymentChannels();
  const providers: Partial<Record<MessageChannel, Provider>> = {};
  for (const channel of MESSAGE_CHANNELS) {
    const way = channels[channel];
    if (way === 'gateway') providers[channel] = throughGateway(required('MESSAGES_BUCKET'), objectStore);
  }
  if (channels.sms === 'aws') providers.sms = smsBySns(new SNSClient(once), optional('SENDER_ID'));
  if (channels.email === 'aws') {
    const sender = { address: required('SENDER_EMAIL'), configurationSet: optional('SES_CONFIGURATION_SET') };
    providers.email = emailBySes(new SESClient(once), sender);
  }
  return providers;
}

let opened: Promise<ObjectStore> | undefined;

/** Loaded with the first message for a gateway: where none goes that way, no cold start pays for it. */
function objectStore(): Promise<ObjectStore> {
  opened ??= import('@aws-sdk/client-s3').then(({ S3Client, PutObjectCommand }) => ({
    client: new S3Client({}),
    PutObject: PutObjectCommand,
  }));
  return opened;
}
