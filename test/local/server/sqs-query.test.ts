import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningServer, startServer } from '../../../local/server/serve.ts';
import { sampleApp } from '../cloud/sample-app.ts';

let server: RunningServer;
beforeAll(async () => {
  server = await startServer({ port: 0, assembly: sampleApp(), start: '2026-03-02T01:00:00Z', seed: 5 });
});
afterAll(() => server.close());

describe('clients of SQS that speak its older protocol', () => {
  const ask = async (parameters: Record<string, string>, path = '/') => {
    const body = new URLSearchParams({ Version: '2012-11-05', ...parameters });
    const response = await fetch(server.url + path, { method: 'POST', body });
    return { status: response.status, text: await response.text() };
  };

  it('send, receive and delete', async () => {
    const QueueUrl = server.cloud.outputs().DeadLetterQueueUrl ?? '';
    expect((await ask({ Action: 'ListQueues', QueueNamePrefix: 'App-Dead' })).text).toContain(
      `<ListQueuesResult><QueueUrl>${QueueUrl}</QueueUrl></ListQueuesResult>`,
    );
    const sent = await ask(
      {
        Action: 'SendMessageBatch',
        'SendMessageBatchRequestEntry.1.Id': 'a',
        'SendMessageBatchRequestEntry.1.MessageBody': '<old>',
        'SendMessageBatchRequestEntry.1.MessageAttribute.1.Name': 'k',
        'SendMessageBatchRequestEntry.1.MessageAttribute.1.Value.DataType': 'String',
        'SendMessageBatchRequestEntry.1.MessageAttribute.1.Value.StringValue': 'v',
        'SendMessageBatchRequestEntry.2.Id': 'b',
        'SendMessageBatchRequestEntry.2.MessageBody': 'b',
        'SendMessageBatchRequestEntry.2.DelaySeconds': '9999',
      },
      new URL(QueueUrl).pathname,
    );
    expect(sent.text).toMatch(/<SendMessageBatchResultEntry><Id>a<\/Id><MessageId>.*<BatchResultErrorEntry><Id>b<\/Id>/);
    const received = await ask({
      Action: 'ReceiveMessage',
      QueueUrl,
      'AttributeName.1': 'ApproximateReceiveCount',
      'MessageAttributeName.1': 'All',
      VisibilityTimeout: '30',
    });
    expect(received.text).toContain('<Body>&lt;old&gt;</Body>');
    expect(received.text).toContain('<Attribute><Name>ApproximateReceiveCount</Name><Value>1</Value></Attribute>');
    expect(received.text).toMatch(/<MessageAttribute><Name>k<\/Name><Value><(DataType|StringValue)>.*<\/Value><\/MessageAttribute>/);
    const ReceiptHandle = /<ReceiptHandle>(.*)<\/ReceiptHandle>/.exec(received.text)?.[1] ?? '';
    expect((await ask({ Action: 'DeleteMessage', QueueUrl, ReceiptHandle })).status).toBe(200);
    const { text } = await ask({ Action: 'GetQueueAttributes', QueueUrl, 'AttributeName.1': 'ApproximateNumberOfMessagesNotVisible' });
    expect(text).toContain('<Attribute><Name>ApproximateNumberOfMessagesNotVisible</Name><Value>0</Value></Attribute>');
    expect(await ask({ Action: 'GetQueueUrl', QueueName: 'none' })).toEqual({
      status: 400,
      text: expect.stringContaining('<Code>AWS.SimpleQueueService.NonExistentQueue</Code>'),
    });
  });
});
