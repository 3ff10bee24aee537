import { beforeEach, describe, expect, it } from 'vitest';
import { type JsonObject, Kernel } from '../../../local/kernel/kernel.ts';
import { Store } from '../../../local/kernel/store.ts';
import { arnOf } from '../../../local/services/sqs/queue-arn.ts';
import { SqsService } from '../../../local/services/sqs/sqs-service.ts';

const QUEUE = { visibilityTimeout: 30, delay: 0, retention: 345_600, maximumMessageSize: 262_144 };
const DEAD = { SourceArn: arnOf('dead') };

let kernel: Kernel;
let call: <T = { Messages?: { Body: string; Attributes: JsonObject }[] }>(operation: string, input: JsonObject) => Promise<T>;
beforeEach(() => {
  kernel = new Kernel({ store: new Store(), clock: 'virtual', start: 0 });
  const sqs = new SqsService(kernel);
  kernel.register(sqs);
  const redrive = { deadLetterArn: arnOf('dead'), maxReceiveCount: 1 };
  for (const name of ['dead', 'other']) sqs.createQueue({ name, ...QUEUE }, 'http://127.0.0.1:4566');
  for (const name of ['inbox', 'second']) sqs.createQueue({ name, ...QUEUE, redrive }, 'http://127.0.0.1:4566');
  call = async (operation, input) => (await kernel.call('sqs', operation, input, 'test')) as never;
});

/** Sends messages to a queue and lets it give them up. */
async function giveUp(queue: string, ...bodies: string[]): Promise<void> {
  for (const MessageBody of bodies) await call('SendMessage', { QueueUrl: queue, MessageBody });
  for (const _ of [1, 2]) await call('ReceiveMessage', { QueueUrl: queue, MaxNumberOfMessages: 10, VisibilityTimeout: 0 });
}

async function bodiesIn(queue: string): Promise<string[]> {
  const { Messages = [] } = await call('ReceiveMessage', { QueueUrl: queue, MaxNumberOfMessages: 10, VisibilityTimeout: 0 });
  return Messages.map(({ Body }) => Body);
}

const tasks = async (more: JsonObject = {}) =>
  (await call<{ Results?: JsonObject[] }>('ListMessageMoveTasks', { ...DEAD, ...more })).Results;

describe('a redrive of a dead-letter queue', () => {
  it('leads each message back to the queue that gave it up, as a new one', async () => {
    await giveUp('inbox', 'a', 'b');
    await giveUp('second', 'c');
    await kernel.advance(5000);

    await call('StartMessageMoveTask', DEAD);

    const { Messages } = await call('ReceiveMessage', { QueueUrl: 'inbox', MaxNumberOfMessages: 10, AttributeNames: ['All'] });
    expect(Messages?.map(({ Body, Attributes }) => [Body, Attributes.SentTimestamp, Attributes.ApproximateReceiveCount])).toEqual([
      ['a', '5000', '1'],
      ['b', '5000', '1'],
    ]);
    expect(await bodiesIn('second')).toEqual(['c']);
    expect(await bodiesIn('dead')).toEqual([]);
    expect(await tasks()).toEqual([
      {
        Status: 'COMPLETED',
        SourceArn: arnOf('dead'),
        ApproximateNumberOfMessagesMoved: 3,
        ApproximateNumberOfMessagesToMove: 3,
        StartedTimestamp: 5000,
      },
    ]);
  });

  it('moves so many a second where it is told to, one at a time, and can be cancelled', async () => {
    await giveUp('inbox', 'a', 'b', 'c', 'd', 'e');
    const slowly = { ...DEAD, DestinationArn: arnOf('other'), MaxNumberOfMessagesPerSecond: 2 };

    const { TaskHandle } = await call<{ TaskHandle: string }>('StartMessageMoveTask', slowly);
    await expect(call('StartMessageMoveTask', DEAD)).rejects.toMatchObject({
      code: 'InvalidParameterValue',
      message: 'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
    });
    expect(await tasks()).toMatchObject([{ Status: 'RUNNING', TaskHandle, ApproximateNumberOfMessagesMoved: 2 }]);
    await kernel.advance(1000);
    expect(await call('CancelMessageMoveTask', { TaskHandle })).toEqual({ ApproximateNumberOfMessagesMoved: 4 });
    await kernel.advance(60_000);

    expect([await bodiesIn('other'), await bodiesIn('dead')]).toEqual([['a', 'b', 'c', 'd'], ['e']]);
    const [cancelled] = (await tasks()) ?? [];
    expect(cancelled).toMatchObject({ Status: 'CANCELLED', DestinationArn: arnOf('other'), MaxNumberOfMessagesPerSecond: 2 });
    expect(cancelled).not.toHaveProperty('TaskHandle');
    await call('StartMessageMoveTask', slowly);
    expect(await tasks({ MaxResults: 10 })).toMatchObject([{ Status: 'COMPLETED' }, { Status: 'CANCELLED' }]);
    await expect(call('CancelMessageMoveTask', { TaskHandle })).rejects.toMatchObject({ code: 'UnsupportedOperation' });
  });

  it('goes on by the clock until all is moved that lay there when it began', async () => {
    await giveUp('inbox', 'a', 'b', 'c');
    await call('StartMessageMoveTask', { ...DEAD, DestinationArn: arnOf('other'), MaxNumberOfMessagesPerSecond: 1 });
    await call('SendMessage', { QueueUrl: 'dead', MessageBody: 'late' });
    await kernel.advance(2000);
    expect(await tasks()).toMatchObject([{ Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 3 }]);
    await kernel.advance(10_000);
    expect(await bodiesIn('dead')).toEqual(['late']);
  });

  it('fails at a message that no queue gave up, unless it is told where to', async () => {
    await giveUp('inbox', 'a');
    await call('SendMessage', { QueueUrl: 'dead', MessageBody: 'direct' });
    await call('StartMessageMoveTask', DEAD);
    expect(await tasks()).toMatchObject([
      { Status: 'FAILED', FailureReason: 'CouldNotDetermineMessageSource', ApproximateNumberOfMessagesMoved: 1 },
    ]);
    expect(await bodiesIn('dead')).toEqual(['direct']);
    await call('StartMessageMoveTask', { ...DEAD, DestinationArn: arnOf('other') });
    expect(await bodiesIn('other')).toEqual(['direct']);
  });

  const handle = (given: JsonObject) => Buffer.from(JSON.stringify(given)).toString('base64');
  it.each([
    ['StartMessageMoveTask', { SourceArn: arnOf('none') }, 'ResourceNotFoundException', /for the SourceArn parameter doesn't exist/],
    ['StartMessageMoveTask', { ...DEAD, DestinationArn: 'other' }, 'ResourceNotFoundException', /for the DestinationArn parameter doesn't/],
    ['StartMessageMoveTask', { SourceArn: arnOf('inbox') }, 'InvalidParameterValue', /must be configured as a Dead Letter Queue\.$/],
    ['StartMessageMoveTask', { ...DEAD, MaxNumberOfMessagesPerSecond: 501 }, 'InvalidParameterValue', /MaxNumberOfMessagesPerSecond/],
    ['ListMessageMoveTasks', { ...DEAD, MaxResults: 11 }, 'InvalidParameterValue', /MaxResults/],
    ['CancelMessageMoveTask', { TaskHandle: '?' }, 'InvalidParameterValue', /^Value for parameter TaskHandle is invalid\.$/],
    [
      'CancelMessageMoveTask',
      { TaskHandle: handle({ taskId: 1, sourceArn: arnOf('none') }) },
      'ResourceNotFoundException',
      /for the SourceArn parameter doesn't exist/,
    ],
    [
      'CancelMessageMoveTask',
      { TaskHandle: handle({ taskId: 9, sourceArn: arnOf('dead') }) },
      'ResourceNotFoundException',
      /^Task does not exist\.$/,
    ],
  ])('is refused: %s %j', async (operation, input, code, message) => {
    await expect(call(operation, input)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });
});
