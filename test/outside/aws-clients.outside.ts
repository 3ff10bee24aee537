import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

async function shell(...given: string[]): Promise<string> {
  const { stdout } = await run('aws', ['--endpoint-url', server.url, '--output', 'json', ...given], { env: ENVIRONMENT });
  return stdout;
}

async function aws(...given: string[]): Promise<Record<string, unknown>> {
  const stdout = await shell(...given);
  return stdout.trim() === '' ? {} : (JSON.parse(stdout) as Record<string, unknown>);
}

async function boto3(source: string): Promise<unknown> {
  const prelude = `
import boto3, json, sys
URL = ${JSON.stringify(server.url)}
def client(name): return boto3.client(name, endpoint_url=URL)
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

describe('aws sesv2', () => {
  it('sends mail and knows its errors', async () => {
    const send = (content: object, ...more: string[]) => aws('sesv2', 'send-email', '--content', JSON.stringify(content), ...more);
    const simple = { Simple: { Subject: { Data: 'Second' }, Body: { Text: { Data: 'text' }, Html: { Data: '<p>html</p>' } } } };
    const to = ['--from-email-address', 'a@b.example', '--destination', 'ToAddresses=c@d.example'];
    expect(await send(simple, ...to, '--email-tags', 'Name=accountId,Value=acc-v2')).toEqual({ MessageId: expect.any(String) });
    expect(server.cloud.outbox('acc-v2')).toMatchObject([{ channel: 'email', to: 'c@d.example', subject: 'Second', body: 'text' }]);
    await expect(send(simple, '--from-email-address', 'a@b.example')).rejects.toThrow('(BadRequestException)');
    await expect(send(simple, ...to, '--configuration-set-name', 'none')).rejects.toThrow('(NotFoundException)');
    await expect(aws('sesv2', 'list-contact-lists')).rejects.toThrow('(UnknownOperationException)');
  });
});

describe('aws s3', () => {
  it('copies files there and back, lists and removes them', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'aws-s3-'));
    const [there, back] = [join(directory, 'there.txt'), join(directory, 'back.txt')];
    writeFileSync(there, '您好 & <hello>');
    await aws('s3api', 'create-bucket', '--bucket', 'by-hand');
    await shell('s3', 'cp', there, 's3://by-hand/letters/a b.txt', '--metadata', 'who=me');
    await shell('s3', 'cp', 's3://by-hand/letters/a b.txt', back);
    expect(readFileSync(back, 'utf8')).toBe('您好 & <hello>');
    await shell('s3', 'cp', 's3://by-hand/letters/a b.txt', 's3://by-hand/copy.txt');
    expect(await shell('s3', 'ls')).toContain('by-hand');
    expect(await shell('s3', 'ls', 's3://by-hand/')).toMatch(/PRE letters\/\n.* 16 copy.txt/);
    expect(await shell('s3', 'ls', '--recursive', 's3://by-hand/')).toContain('letters/a b.txt');
    await shell('s3', 'rm', '--recursive', 's3://by-hand/');
    expect(await shell('s3', 'ls', '--recursive', 's3://by-hand/').catch(String)).not.toContain('letters');
    rmSync(directory, { recursive: true });
  });

  it('sends and fetches in parts what is large', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'aws-s3-'));
    const [there, back] = [join(directory, 'there.bin'), join(directory, 'back.bin')];
    const large = Buffer.from(Uint32Array.from({ length: 5 * 1024 * 1024 }, (_, index) => index).buffer);
    writeFileSync(there, large);
    await aws('s3api', 'create-bucket', '--bucket', 'large-by-hand');
    await shell('s3', 'cp', there, 's3://large-by-hand/large.bin', '--no-progress');
    expect((await aws('s3api', 'head-object', '--bucket', 'large-by-hand', '--key', 'large.bin')).ETag).toMatch(/-3"$/);
    await shell('s3', 'cp', 's3://large-by-hand/large.bin', back, '--no-progress');
    expect(readFileSync(back).equals(large)).toBe(true);
    expect(await aws('s3api', 'list-multipart-uploads', '--bucket', 'large-by-hand')).not.toHaveProperty('Uploads');
    rmSync(directory, { recursive: true });
  });

  it('knows heads, versions, locks, ranges and errors', async () => {
    await aws('s3api', 'create-bucket', '--bucket', 'locked-by-hand', '--object-lock-enabled-for-bucket');
    const object = ['--bucket', 'locked-by-hand', '--key', 'k'];
    const { VersionId } = await aws('s3api', 'put-object', ...object, '--body', 'package.json', '--content-type', 'application/json');
    const version = [...object, '--version-id', String(VersionId)];
    expect(await aws('s3api', 'head-object', ...object)).toMatchObject({ ContentType: 'application/json', VersionId });
    expect(await aws('s3api', 'get-bucket-versioning', '--bucket', 'locked-by-hand')).toEqual({ Status: 'Enabled' });
    await aws('s3api', 'put-object-retention', ...version, '--retention', 'Mode=GOVERNANCE,RetainUntilDate=2026-05-01T00:00:00Z');
    expect(await aws('s3api', 'get-object-retention', ...object)).toMatchObject({ Retention: { Mode: 'GOVERNANCE' } });
    await expect(aws('s3api', 'delete-object', ...version)).rejects.toThrow('(AccessDenied)');
    expect(await aws('s3api', 'get-object', ...object, '--range', 'bytes=0-0', '/dev/null')).toMatchObject({ ContentLength: 1 });
    await expect(aws('s3api', 'get-object', '--bucket', 'locked-by-hand', '--key', 'none', '/dev/null')).rejects.toThrow('(NoSuchKey)');
    expect(await aws('s3api', 'get-object-tagging', ...object)).toMatchObject({ TagSet: [] });
    await expect(aws('s3api', 'get-object-acl', ...object)).rejects.toThrow('(NotImplemented)');
    await aws('s3api', 'delete-object', ...version, '--bypass-governance-retention');
    expect(await aws('s3api', 'list-object-versions', '--bucket', 'locked-by-hand')).not.toHaveProperty('Versions');
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
s3 = client('s3')
s3.create_bucket(Bucket='by-boto')
import io
s3.upload_fileobj(io.BytesIO(b'x' * 9), 'by-boto', 'a/b', ExtraArgs={'Metadata': {'who': 'me'}})
got = s3.get_object(Bucket='by-boto', Key='a/b')
out['s3'] = [got['Body'].read().decode(), got['Metadata'], [o.key for o in boto3.resource('s3', endpoint_url=URL).Bucket('by-boto').objects.all()]]
try:
    s3.get_object(Bucket='by-boto', Key='none')
except s3.exceptions.NoSuchKey as e:
    out['s3'].append(e.response['Error']['Code'])
out['s3'].append(len(s3.delete_objects(Bucket='by-boto', Delete={'Objects': [{'Key': 'a/b'}]})['Deleted']))
import urllib.request
s3.upload_fileobj(io.BytesIO(b'y' * 9_000_000), 'by-boto', 'in-parts')
parts = s3.head_object(Bucket='by-boto', Key='in-parts')
out['parts'] = [parts['ContentLength'], parts['ETag'][-3:-1], s3.get_object(Bucket='by-boto', Key='in-parts')['Body'].read() == b'y' * 9_000_000]
s3.put_object(Bucket='by-boto', Key='linked', Body=b'here', ChecksumAlgorithm='SHA256')
out['s3'].append(urllib.request.urlopen(s3.generate_presigned_url('get_object', {'Bucket': 'by-boto', 'Key': 'linked'})).read().decode())
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
      s3: ['x'.repeat(9), { who: 'me' }, ['a/b'], 'NoSuchKey', 1, 'here'],
      parts: [9_000_000, '-2', true],
      quota: 50_000,
    });
  });
});
