import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, it } from 'vitest';
import { throughGateway } from '../../../functions/adapters/gateway.ts';
import { NotTaken } from '../../../functions/adapters/providers.ts';

const s3 = mockClient(S3Client);
beforeEach(() => s3.reset());

const labels = { accountId: 'acc-1', stage: 'reminder', template: 'reminder-first', contactId: 'case-1-reminder_1' };
const letter = { channel: 'push', to: 'device-7', title: 'Your bank', body: 'Please pay.', locale: 'en', labels } as const;
const open = async () => ({ client: new S3Client({}), PutObject: PutObjectCommand });

it('a message for the gateway lies under its contact, with all that the gateway needs, and nothing left yet', async () => {
  // Prepare
  s3.on(PutObjectCommand).resolves({});
  // Act
  const handed = await throughGateway('messages', open)(letter);
  // Assess
  expect(handed).toEqual({ ref: 's3://messages/contacts/case-1-reminder_1.json', byGateway: true });
  const input = s3.commandCalls(PutObjectCommand)[0]?.args[0].input;
  expect(input).toMatchObject({ Bucket: 'messages', Key: 'contacts/case-1-reminder_1.json', ContentType: 'application/json' });
  expect(JSON.parse(String(input?.Body))).toEqual({
    accountId: 'acc-1',
    stage: 'reminder',
    template: 'reminder-first',
    contactId: 'case-1-reminder_1',
    channel: 'push',
    to: 'device-7',
    title: 'Your bank',
    body: 'Please pay.',
    locale: 'en',
  });
});

it.each(['AccessDenied', 'InternalError', 'TimeoutError'])('%s of the store: nobody was told, so nothing was taken', async (name) => {
  s3.on(PutObjectCommand).rejects(Object.assign(new Error('no'), { name }));
  await expect(throughGateway('messages', open)(letter)).rejects.toMatchObject({ name: 'NotTaken', reason: name });
  expect(NotTaken.name).toBe('NotTaken');
});
