import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningServer, startServer } from '../../local/server/serve.ts';
import { sampleApp } from '../local/cloud/sample-app.ts';

const run = promisify(execFile);

let server: RunningServer;
beforeAll(async () => {
  server = await startServer({ port: 0, assembly: sampleApp(), start: '2026-03-02T01:00:00Z', seed: 5 });
});
afterAll(() => server.close());

const ENVIRONMENT = {
  ...process.env,
  AWS_ACCESS_KEY_ID: 'any',
  AWS_SECRET_ACCESS_KEY: 'thing',
  AWS_DEFAULT_REGION: 'us-east-1',
  AWS_PAGER: '',
};

async function aws(...given: string[]): Promise<Record<string, unknown>> {
  const { stdout } = await run('aws', ['--endpoint-url', server.url, '--output', 'json', ...given], { env: ENVIRONMENT });
  return stdout.trim() === '' ? {} : (JSON.parse(stdout) as Record<string, unknown>);
}

async function boto3(source: string): Promise<unknown> {
  const prelude = `
import boto3, json, sys
def client(name): return boto3.client(name, endpoint_url=${JSON.stringify(server.url)})
`;
  const { stdout } = await run('python3', ['-c', `${prelude}\n${source}`], { env: ENVIRONMENT });
  return JSON.parse(stdout);
}

describe('the aws command', () => {
  it('reads stacks, tables, rules, machines, functions and queues', async () => {
    expect(await aws('cloudformation', 'describe-stacks', '--stack-name', 'App')).toMatchObject({ Stacks: [{ StackName: 'App' }] });
    const { TableName } = server.cloud.outputs();
    expect(await aws('dynamodb', 'list-tables')).toEqual({ TableNames: [TableName] });
    expect(await aws('dynamodb', 'scan', '--table-name', TableName ?? '')).toMatchObject({ Count: expect.any(Number) });
    expect(await aws('events', 'list-rules', '--event-bus-name', 'sample-bus')).toMatchObject({ Rules: [{ State: 'ENABLED' }] });
    expect(await aws('stepfunctions', 'list-state-machines')).toMatchObject({ stateMachines: [{ name: 'sample-machine' }] });
    expect(await aws('lambda', 'list-functions')).toMatchObject({ Functions: expect.any(Array) });
    expect(await aws('sqs', 'list-queues')).toMatchObject({ QueueUrls: expect.any(Array) });
  });

  it('puts an event and reads the execution it led to', async () => {
    const entry = { EventBusName: 'sample-bus', Source: 'bank.core', DetailType: 'T', Detail: '{"accountId":"acc-cli"}' };
    expect(await aws('events', 'put-events', '--entries', JSON.stringify([entry]))).toMatchObject({ FailedEntryCount: 0 });
    await server.cloud.advance('P1D');
    const executionArn = 'arn:aws:states:us-east-1:000000000000:execution:sample-machine:acc-cli';
    expect(await aws('stepfunctions', 'describe-execution', '--execution-arn', executionArn)).toMatchObject({ status: 'SUCCEEDED' });
    const { events } = await aws('stepfunctions', 'get-execution-history', '--execution-arn', executionArn);
    expect(events).toMatchObject([{ type: 'ExecutionStarted' }, ...Array((events as unknown[]).length - 1).fill({})]);
  });

  it('sends and receives', async () => {
    await aws('sns', 'publish', '--phone-number', '+8613800138000', '--message', 'from the shell');
    await aws('ses', 'send-email', '--from', 'a@example.com', '--to', 'b@example.com', '--subject', 'S', '--text', 'from the shell');
    expect(
      server.cloud
        .outbox()
        .filter((message) => message.body === 'from the shell')
        .map((message) => message.channel),
    ).toEqual(['sms', 'email']);
    const url = server.cloud.outputs().DeadLetterQueueUrl ?? '';
    await aws('sqs', 'send-message', '--queue-url', url, '--message-body', 'x');
    expect(await aws('sqs', 'receive-message', '--queue-url', url)).toMatchObject({ Messages: [{ Body: 'x' }] });
  });
});

describe('boto3', () => {
  it('calls every service and knows its errors', async () => {
    const answer = await boto3(`
out = {}
out['stacks'] = [s['StackName'] for s in client('cloudformation').describe_stacks()['Stacks']]
table = client('dynamodb').list_tables()['TableNames'][0]
client('dynamodb').put_item(TableName=table, Item={'pk': {'S': 'boto'}, 'sk': {'S': 'x'}})
try:
    client('dynamodb').put_item(TableName=table, Item={'pk': {'S': 'boto'}, 'sk': {'S': 'x'}}, ConditionExpression='attribute_not_exists(pk)')
except client('dynamodb').exceptions.ConditionalCheckFailedException as e:
    out['condition'] = type(e).__name__
sqs = client('sqs')
url = [u for u in sqs.list_queues()['QueueUrls'] if 'Dead' in u][0]
sqs.purge_queue(QueueUrl=url)
sqs.send_message(QueueUrl=url, MessageBody='m', MessageAttributes={'k': {'DataType': 'String', 'StringValue': 'v'}})
message = sqs.receive_message(QueueUrl=url, MessageAttributeNames=['All'], AttributeNames=['All'])['Messages'][0]
out['message'] = [message['Body'], message['MessageAttributes']['k']['StringValue'], message['Attributes']['ApproximateReceiveCount']]
sqs.delete_message(QueueUrl=url, ReceiptHandle=message['ReceiptHandle'])
try:
    sqs.get_queue_url(QueueName='none')
except sqs.exceptions.QueueDoesNotExist as e:
    out['queue'] = e.response['Error']['Code']
name = [f['FunctionName'] for f in client('lambda').list_functions()['Functions'] if 'Read' in f['FunctionName']][0]
result = client('lambda').invoke(FunctionName=name, Payload=json.dumps({'pathParameters': {'accountId': 'boto-none'}}))
out['lambda'] = json.load(result['Payload'])['statusCode']
out['events'] = client('events').put_events(Entries=[{'EventBusName': 'sample-bus', 'Source': 'other', 'DetailType': 'T', 'Detail': '{}'}])['FailedEntryCount']
machine = client('stepfunctions').list_state_machines()['stateMachines'][0]
out['machine'] = [machine['name'], machine['creationDate'].year]
try:
    client('sns').publish(TopicArn='arn:aws:sns:us-east-1:000000000000:none', Message='x')
except client('sns').exceptions.NotFoundException as e:
    out['sns'] = e.response['Error']['Code']
out['quota'] = client('ses').get_send_quota()['Max24HourSend']
print(json.dumps(out))
`);
    expect(answer).toEqual({
      stacks: ['Data', 'App'],
      condition: 'ConditionalCheckFailedException',
      message: ['m', 'v', '1'],
      queue: 'AWS.SimpleQueueService.NonExistentQueue',
      lambda: 404,
      events: 0,
      machine: ['sample-machine', 2026],
      sns: 'NotFound',
      quota: 50_000,
    });
  });
});
