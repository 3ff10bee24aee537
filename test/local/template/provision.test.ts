import { Stack } from 'aws-cdk-lib';
import { CfnStream } from 'aws-cdk-lib/aws-kinesis';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import { describe, expect, it } from 'vitest';
import { type Cloud, startCloud } from '../../../local/cloud.ts';
import { UnsupportedError } from '../../../local/kernel/errors.ts';
import { synthesize } from '../cloud/sample-app.ts';

/** Starts an application of one stack. */
function start(define: (stack: Stack) => void): Promise<Cloud> {
  return startCloud({ assembly: synthesize((app) => define(new Stack(app, 'App'))), start: 0 });
}

describe('provisioning', () => {
  it('refuses a resource type it cannot run, by name', async () => {
    const starting = start((stack) => new CfnStream(stack, 'Flow'));
    await expect(starting).rejects.toThrow(UnsupportedError);
    await expect(starting).rejects.toThrow('Stack App: Flow is of type AWS::Kinesis::Stream, which the embedded cloud cannot run.');
  });

  it('refuses a property it would not honour, by name', async () => {
    const starting = start((stack) => new CfnQueue(stack, 'Inbox', { fifoQueue: true }));
    await expect(starting).rejects.toThrow('Inbox (AWS::SQS::Queue): property FifoQueue is not supported by the embedded cloud');
  });

  it('gives the same resource the same name at every start', async () => {
    const names = [];
    for (let round = 0; round < 2; round += 1) {
      const cloud = await start((stack) => new CfnQueue(stack, 'Inbox'));
      names.push(await cloud.call('sqs', 'ListQueues', {}));
      await cloud.close();
    }
    expect(names[0]).toEqual(names[1]);
    expect(names[0]).toMatchObject({ QueueUrls: [expect.stringMatching(/\/App-Inbox-[0-9a-f]{12}$/)] });
  });

  it('names a directory that is no cloud assembly', async () => {
    await expect(startCloud({ assembly: '/nowhere' })).rejects.toThrow('/nowhere holds no cloud assembly');
  });
});
