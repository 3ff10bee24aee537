import { afterEach, describe, expect, it } from 'vitest';
import { type JsonObject, Kernel } from '../../../local/kernel/kernel.ts';
import { Store } from '../../../local/kernel/store.ts';
import { SqsService } from '../../../local/services/sqs/sqs-service.ts';

const QUEUE = { visibilityTimeout: 30, delay: 0, retention: 345_600, maximumMessageSize: 262_144 };

interface Received {
  readonly Messages?: readonly { readonly Body: string; readonly ReceiptHandle: string }[];
}

let kernel: Kernel | undefined;
afterEach(() => kernel?.stop());

function start(clock: 'real' | 'virtual', receiveWait = 0) {
  const made = new Kernel({ store: new Store(), clock, start: 0 });
  kernel = made;
  const sqs = new SqsService(made);
  made.register(sqs);
  sqs.createQueue({ name: 'q', ...QUEUE, receiveWait }, 'http://127.0.0.1:4566');
  return (operation: string, input: JsonObject, origin = 'client') =>
    made.call('sqs', operation, { QueueUrl: 'q', ...input }, origin) as Promise<Received>;
}

const bodies = ({ Messages = [] }: Received) => Messages.map(({ Body }) => Body);

describe('a long poll', () => {
  it('is answered as soon as a message is there, each by another', async () => {
    const call = start('real');
    const [first, second] = [call('ReceiveMessage', { WaitTimeSeconds: 20 }), call('ReceiveMessage', { WaitTimeSeconds: 20 })];
    await call('SendMessage', { MessageBody: 'a' });
    expect(bodies(await first)).toEqual(['a']);
    await call('SendMessage', { MessageBody: 'b' });
    expect(bodies(await second)).toEqual(['b']);
  });

  it('is answered when a message becomes visible that was delayed, or hidden', async () => {
    const call = start('real');
    await call('SendMessage', { MessageBody: 'late', DelaySeconds: 1 });
    const { Messages } = await call('ReceiveMessage', { WaitTimeSeconds: 20 });
    expect(Messages?.map(({ Body }) => Body)).toEqual(['late']);
    const again = call('ReceiveMessage', { WaitTimeSeconds: 20 });
    await call('ChangeMessageVisibility', { ReceiptHandle: Messages?.[0]?.ReceiptHandle, VisibilityTimeout: 0 });
    expect(bodies(await again)).toEqual(['late']);
  });

  it('is answered with nothing at its end, by the queue’s own time where it says none', async () => {
    const call = start('real', 1);
    expect(await call('ReceiveMessage', {})).toEqual({});
    expect(await call('GetQueueAttributes', { AttributeNames: ['ReceiveMessageWaitTimeSeconds'] })).toEqual({
      Attributes: { ReceiveMessageWaitTimeSeconds: '1' },
    });
  });

  it('is answered when the cloud stops', async () => {
    const call = start('real');
    const poll = call('ReceiveMessage', { WaitTimeSeconds: 20 });
    kernel?.stop();
    kernel = undefined;
    expect(await poll).toEqual({});
  });

  it.each([
    ['on a clock that stands still', 'virtual', 'client'],
    ['of a function', 'real', 'lambda:f'],
  ] as const)('%s is answered at once', async (_, clock, origin) => {
    const call = start(clock, 20);
    expect(await call('ReceiveMessage', { WaitTimeSeconds: 20 }, origin)).toEqual({});
  });
});
