import { beforeEach, describe, expect, it } from 'vitest';
import { type JsonObject, Kernel } from '../../../local/kernel/kernel.ts';
import { Store } from '../../../local/kernel/store.ts';
import { arnOf } from '../../../local/services/sqs/queue-arn.ts';
import { SqsService } from '../../../local/services/sqs/sqs-service.ts';

const QUEUE = { visibilityTimeout: 30, delay: 0, retention: 345_600, maximumMessageSize: 262_144 };

const TEXT = { DataType: 'String', StringValue: 'x' };

describe('a queue', () => {
  let kernel: Kernel;
  let sqs: SqsService;
  let call: <T = { Messages?: { Body: string; ReceiptHandle: string; Attributes?: Record<string, string> }[] }>(
    operation: string,
    input: JsonObject,
  ) => Promise<T>;
  beforeEach(() => {
    kernel = new Kernel({ store: new Store(), clock: 'virtual', start: 0 });
    sqs = new SqsService(kernel);
    kernel.register(sqs);
    sqs.createQueue({ name: 'dead', ...QUEUE }, 'http://127.0.0.1:4566');
    sqs.createQueue({ name: 'inbox', ...QUEUE, redrive: { deadLetterArn: arnOf('dead'), maxReceiveCount: 2 } }, 'http://127.0.0.1:4566');
    call = async (operation, input) =>
      (await kernel.call('sqs', operation, { QueueUrl: 'http://x/000000000000/inbox', ...input }, 'test')) as never;
  });

  it('hides a received message until the visibility timeout, and forgets a deleted one', async () => {
    await call('SendMessage', { MessageBody: 'a' });

    const first = await call('ReceiveMessage', {});
    expect(first.Messages).toMatchObject([{ Body: 'a' }]);
    expect(await call('ReceiveMessage', {})).toEqual({});

    await kernel.advance(30_000);
    const again = await call('ReceiveMessage', { AttributeNames: ['All'] });
    expect(again.Messages?.[0]?.Attributes).toMatchObject({ ApproximateReceiveCount: '2', SentTimestamp: '0' });

    // The old receipt does nothing any more.
    await call('DeleteMessage', { ReceiptHandle: first.Messages?.[0]?.ReceiptHandle });
    expect(await call('GetQueueAttributes', { AttributeNames: ['ApproximateNumberOfMessagesNotVisible'] })).toEqual({
      Attributes: { ApproximateNumberOfMessagesNotVisible: '1' },
    });
    await call('DeleteMessage', { ReceiptHandle: again.Messages?.[0]?.ReceiptHandle });
    await kernel.advance(60_000);
    expect(await call('ReceiveMessage', {})).toEqual({});
  });

  it('moves a message that was received too often to the dead-letter queue', async () => {
    await call('SendMessage', { MessageBody: 'poison', MessageAttributes: { kind: { DataType: 'String', StringValue: 'x' } } });
    for (let round = 0; round < 2; round += 1) {
      expect((await call('ReceiveMessage', {})).Messages).toHaveLength(1);
      await kernel.advance(30_000);
    }
    expect(await call('ReceiveMessage', {})).toEqual({});
    const dead = await call('ReceiveMessage', {
      QueueUrl: 'dead',
      MessageAttributeNames: ['All'],
      AttributeNames: ['DeadLetterQueueSourceArn'],
    });
    expect(dead.Messages).toMatchObject([
      { Body: 'poison', MessageAttributes: { kind: { StringValue: 'x' } }, Attributes: { DeadLetterQueueSourceArn: arnOf('inbox') } },
    ]);
  });

  it('lets a message in the dead-letter queue keep its times and its count, which count nothing towards that queue’s own limit', async () => {
    sqs.createQueue({ name: 'dead', ...QUEUE, redrive: { deadLetterArn: arnOf('grave'), maxReceiveCount: 1 } }, 'http://127.0.0.1:4566');
    sqs.createQueue({ name: 'grave', ...QUEUE }, 'http://127.0.0.1:4566');
    const attributesIn = async (queue: string) =>
      (await call('ReceiveMessage', { QueueUrl: queue, AttributeNames: ['All'] })).Messages?.[0]?.Attributes;
    await kernel.advance(1000);
    await call('SendMessage', { MessageBody: 'poison', DelaySeconds: 5 });
    await kernel.advance(5000);
    const first = await attributesIn('inbox');
    await kernel.advance(30_000);
    await attributesIn('inbox');
    await kernel.advance(30_000);
    await attributesIn('inbox');

    const inDead = await attributesIn('dead');
    await kernel.advance(30_000);
    const again = await attributesIn('dead');
    const inGrave = await attributesIn('grave');

    const times = { SentTimestamp: '1000', ApproximateFirstReceiveTimestamp: '6000' };
    expect(first).toMatchObject({ ...times, ApproximateReceiveCount: '1' });
    expect(inDead).toMatchObject({ ...times, ApproximateReceiveCount: '3', DeadLetterQueueSourceArn: arnOf('inbox') });
    expect(again).toBeUndefined();
    expect(inGrave).toMatchObject({ ...times, ApproximateReceiveCount: '4', DeadLetterQueueSourceArn: arnOf('dead') });
  });

  it('moves a dead letter back as a new message', async () => {
    const { MessageId } = await call<{ MessageId: string }>('SendMessage', { MessageBody: 'a', MessageAttributes: { kind: TEXT } });
    for (const _ of [1, 2]) await call('ReceiveMessage', { VisibilityTimeout: 0 });
    await kernel.advance(1000);
    await call('ReceiveMessage', {});

    sqs.moveBack('dead', sqs.peek('dead', 0, 1)[0]?.id ?? 0);

    const back = await call<{ Messages?: JsonObject[] }>('ReceiveMessage', { AttributeNames: ['All'], MessageAttributeNames: ['All'] });
    expect(back.Messages).toEqual([
      expect.objectContaining({
        Body: 'a',
        MessageAttributes: { kind: TEXT },
        Attributes: expect.objectContaining({
          ApproximateReceiveCount: '1',
          SentTimestamp: '1000',
          ApproximateFirstReceiveTimestamp: '1000',
        }),
      }),
    ]);
    expect(back.Messages?.[0]).not.toMatchObject({ MessageId });
    expect(back.Messages?.[0]?.Attributes).not.toHaveProperty('DeadLetterQueueSourceArn');
    expect(sqs.peek('dead', 0, 1)).toEqual([]);
  });

  it('answers the next message in the place of one that went to the dead-letter queue', async () => {
    await call('SendMessage', { MessageBody: 'a' });
    await call('SendMessage', { MessageBody: 'b' });
    for (const time of [1, 2])
      expect(await call('ReceiveMessage', { VisibilityTimeout: 0 }), `time ${time}`).toMatchObject({ Messages: [{ Body: 'a' }] });

    expect((await call('ReceiveMessage', {})).Messages).toMatchObject([{ Body: 'b' }]);
    expect((await call('ReceiveMessage', { QueueUrl: 'http://x/000000000000/dead' })).Messages).toMatchObject([{ Body: 'a' }]);
  });

  it('answers a message once, also where it is visible again at once', async () => {
    sqs.createQueue({ name: 'open', ...QUEUE, visibilityTimeout: 0 }, 'http://127.0.0.1:4566');
    const QueueUrl = 'http://x/000000000000/open';
    await call('SendMessage', { QueueUrl, MessageBody: 'a' });
    for (const time of [1, 2])
      expect((await call('ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 })).Messages, `time ${time}`).toHaveLength(1);
  });

  it('delays, batches, and makes a message visible at once', async () => {
    await call('SendMessageBatch', {
      Entries: [
        { Id: '1', MessageBody: 'now' },
        { Id: '2', MessageBody: 'later', DelaySeconds: 10 },
      ],
    });
    const received = await call('ReceiveMessage', { MaxNumberOfMessages: 10 });
    expect(received.Messages?.map((message) => message.Body)).toEqual(['now']);
    await call('ChangeMessageVisibility', { ReceiptHandle: received.Messages?.[0]?.ReceiptHandle, VisibilityTimeout: 0 });
    await kernel.advance(10_000);
    expect((await call('ReceiveMessage', { MaxNumberOfMessages: 10 })).Messages?.map((message) => message.Body)).toEqual(['now', 'later']);
  });

  it('drops a message when its retention ends', async () => {
    await call('SendMessage', { MessageBody: 'old' });
    await kernel.advance(345_601_000);
    expect(await call('ReceiveMessage', {})).toEqual({});
  });

  it.each([
    [
      'SendMessage',
      { MessageBody: 'x', DelaySeconds: 901 },
      'Value 901 for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.',
    ],
    [
      'ReceiveMessage',
      { WaitTimeSeconds: -1 },
      'Value -1 for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided.',
    ],
    [
      'ReceiveMessage',
      { MaxNumberOfMessages: 11 },
      'Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.',
    ],
  ])('says of a number out of bounds what %s says of it', async (operation, input, message) => {
    await expect(call(operation, input)).rejects.toMatchObject({ code: 'InvalidParameterValue', message });
  });

  it.each([
    { operation: 'SendMessage', input: { MessageBody: '' }, code: 'MissingParameter' },
    { operation: 'SendMessage', input: { MessageBody: 'x'.repeat(262_145) }, code: 'InvalidParameterValue' },
    { operation: 'SendMessage', input: { QueueUrl: 'none', MessageBody: 'x' }, code: 'QueueDoesNotExist' },
    { operation: 'ReceiveMessage', input: { MaxNumberOfMessages: 11 }, code: 'InvalidParameterValue' },
    { operation: 'DeleteMessage', input: { ReceiptHandle: '?' }, code: 'ReceiptHandleIsInvalid' },
    { operation: 'SendMessageBatch', input: { Entries: [] }, code: 'EmptyBatchRequest' },
    {
      operation: 'SendMessageBatch',
      input: {
        Entries: [
          { Id: '1', MessageBody: 'a' },
          { Id: '1', MessageBody: 'b' },
        ],
      },
      code: 'BatchEntryIdsNotDistinct',
    },
    { operation: 'SetQueueAttributes', input: {}, code: 'UnsupportedOperation' },
  ])('answers $code', async ({ operation, input, code }) => {
    await expect(call(operation, input)).rejects.toMatchObject({ code });
  });

  it('counts attributes as part of a message, and all messages of a batch', async () => {
    const value = { DataType: 'String', StringValue: 'x'.repeat(100_000) };
    const large = { MessageBody: 'x'.repeat(162_134), MessageAttributes: { large: value } };
    await expect(call('SendMessage', large)).rejects.toMatchObject({ code: 'InvalidParameterValue' });
    await call('SendMessage', { ...large, MessageBody: 'x'.repeat(162_133) });
    const Entries = ['1', '2', '3', '4', '5'].map((Id) => ({ Id, MessageBody: 'x'.repeat(250_000) }));
    await expect(call('SendMessageBatch', { Entries })).rejects.toMatchObject({ code: 'BatchRequestTooLong' });
    expect(await call('SendMessageBatch', { Entries: Entries.slice(1) })).not.toHaveProperty('Failed');
  });

  it.each([
    ['a control character', { MessageBody: 'a\u0001b' }, 'InvalidMessageContents'],
    ['a member of FIFO queues', { MessageDeduplicationId: 'd' }, 'InvalidParameterValue'],
    ['a group, which it would not keep', { MessageGroupId: 'g' }, 'UnsupportedOperation'],
    ['a trace, which it would not keep', { MessageSystemAttributes: {} }, 'UnsupportedOperation'],
    ['an attribute’s name of AWS', { MessageAttributes: { 'AWS.x': TEXT } }, 'InvalidParameterValue'],
    ['an attribute’s name that is none', { MessageAttributes: { 'a b': TEXT } }, 'InvalidParameterValue'],
    ['an empty attribute', { MessageAttributes: { a: { DataType: 'String', StringValue: '' } } }, 'InvalidParameterValue'],
    ['a number that is none', { MessageAttributes: { a: { DataType: 'Number', StringValue: 'x' } } }, 'InvalidParameterValue'],
    ['a list in an attribute', { MessageAttributes: { a: { ...TEXT, StringListValues: ['x'] } } }, 'UnsupportedOperation'],
  ])('refuses %s', async (_, more, code) => {
    await expect(call('SendMessage', { MessageBody: 'a', ...more })).rejects.toMatchObject({ code });
    expect(await call('ReceiveMessage', {})).toEqual({});
  });

  it('refuses entries without a proper id, and attributes that nothing has', async () => {
    for (const Id of ['', 'a b', 'x'.repeat(81)])
      await expect(call('SendMessageBatch', { Entries: [{ Id, MessageBody: 'a' }] })).rejects.toMatchObject({
        code: 'InvalidBatchEntryId',
      });
    await expect(call('GetQueueAttributes', { AttributeNames: ['All', 'Colour'] })).rejects.toMatchObject({ code: 'InvalidAttributeName' });
    await expect(call('ReceiveMessage', { MessageSystemAttributeNames: ['Colour'] })).rejects.toMatchObject({
      code: 'InvalidAttributeName',
    });
    await expect(
      call('GetQueueUrl', { QueueUrl: undefined, QueueName: 'inbox', QueueOwnerAWSAccountId: '123456789012' }),
    ).rejects.toMatchObject({
      code: 'QueueDoesNotExist',
    });
  });

  it('lists queues page by page where the caller says how many', async () => {
    const list = (input: JsonObject) => call<{ NextToken?: string }>('ListQueues', { QueueUrl: undefined, ...input });
    const url = (name: string) => `http://127.0.0.1:4566/000000000000/${name}`;
    expect(await list({})).toEqual({ QueueUrls: [url('dead'), url('inbox')] });
    const first = await list({ MaxResults: 1 });
    expect(first).toEqual({ QueueUrls: [url('dead')], NextToken: expect.any(String) });
    expect(await list({ MaxResults: 1, NextToken: first.NextToken })).toEqual({ QueueUrls: [url('inbox')] });
    for (const input of [{ MaxResults: 0 }, { MaxResults: 1001 }, { NextToken: 'x' }])
      await expect(list(input)).rejects.toMatchObject({ code: 'InvalidParameterValue' });
  });
});
