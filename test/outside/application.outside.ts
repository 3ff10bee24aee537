import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aCustomer, anOverdue } from '../system/events.ts';

const run = promisify(execFile);
const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const ENVIRONMENT = {
  ...process.env,
  AWS_ACCESS_KEY_ID: 'any',
  AWS_SECRET_ACCESS_KEY: 'thing',
  AWS_DEFAULT_REGION: 'us-east-1',
  AWS_PAGER: '',
};

let child: ChildProcess;
let url: string;

/** `npm start` as a reader of the README does, on a free port. Its process group ends with the tests. */
beforeAll(async () => {
  const environment = { ...process.env, PORT: '0', CLOCK_START: '2026-03-02T01:30:00Z' };
  child = spawn('npm', ['start'], { cwd: root, env: environment, detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
  url = await new Promise<string>((resolve, reject) => {
    let said = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const ready = /^ready (http:\/\/127\.0\.0\.1:\d+)$/m.exec(said);
      if (ready?.[1] !== undefined) resolve(ready[1]);
    });
    child.once('close', (code) => reject(new Error(`npm start ended with ${code}: ${said}`)));
  });
});
afterAll(() => {
  if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
});

async function aws<T = Record<string, unknown>>(...given: string[]): Promise<T> {
  const { stdout } = await run('aws', ['--endpoint-url', url, '--output', 'json', ...given], { env: ENVIRONMENT, maxBuffer: 64 * 2 ** 20 });
  return JSON.parse(stdout) as T;
}

async function put(type: string, detail: object): Promise<void> {
  const entry = { EventBusName: 'overdue-journeys', Source: 'bank.core', DetailType: type, Detail: JSON.stringify(detail) };
  expect(await aws('events', 'put-events', '--entries', JSON.stringify([entry]))).toMatchObject({ FailedEntryCount: 0 });
}

async function get<T>(path: string): Promise<T> {
  return (await (await fetch(url + path)).json()) as T;
}

async function move(body: object): Promise<{ now: string; fired: number }> {
  const response = await fetch(`${url}/_local/clock`, { method: 'POST', body: JSON.stringify(body) });
  return (await response.json()) as { now: string; fired: number };
}

interface Seen {
  readonly type?: string;
  readonly template?: string;
}

describe('the application, to somebody with the aws command', () => {
  it('takes an account in, and shows its execution, its history, its items and its stacks', async () => {
    // Act
    await put('CustomerUpdated', aCustomer());
    await put('AccountOverdue', anOverdue());
    await move({ advance: 'PT0S' });

    // Assess
    const { Stacks: stacks } = await aws<{ Stacks: { Outputs?: { OutputKey: string; OutputValue: string }[] }[] }>(
      ...['cloudformation', 'describe-stacks'],
    );
    const outputs = Object.fromEntries(stacks.flatMap((stack) => stack.Outputs ?? []).map((row) => [row.OutputKey, row.OutputValue]));
    expect(outputs).toMatchObject({ EventBusName: 'overdue-journeys', CaseTableName: expect.any(String), SystemsApiUrl: `${url}/api/` });

    const machine = outputs.ReminderStateMachineArn ?? '';
    const { executions } = await aws<{ executions: { executionArn: string; status: string }[] }>(
      ...['stepfunctions', 'list-executions', '--state-machine-arn', machine],
    );
    expect(executions).toMatchObject([{ status: 'RUNNING' }]);
    const { events } = await aws<{ events: { stateEnteredEventDetails?: { name: string } }[] }>(
      ...['stepfunctions', 'get-execution-history', '--execution-arn', executions[0]?.executionArn ?? ''],
    );
    expect(events.flatMap((event) => event.stateEnteredEventDetails?.name ?? [])).toEqual([
      ...['Decide what is due', 'Choose the act', 'Wait for payment or next reminder'],
    ]);

    const key = JSON.stringify({ pk: { S: 'ACCOUNT#acc-1' }, sk: { S: '#HEAD' } });
    expect(await aws('dynamodb', 'get-item', '--table-name', outputs.CaseTableName ?? '', '--key', key)).toMatchObject({
      Item: { caseStatus: { S: 'open' }, stage: { S: 'reminder' } },
    });
    expect(await aws('dynamodb', 'scan', '--table-name', outputs.CaseTableName ?? '', '--select', 'COUNT')).toMatchObject({
      Count: expect.any(Number),
    });
  });

  it('shows half a year of the account by moving the clock, and every message that left', async () => {
    // Act
    const moved = await move({ advance: 'P180D' });

    // Assess
    expect(moved.now).toBe('2026-08-29T01:30:00Z');
    const journey = await get<{ stage: string; timeline: Seen[] }>('/api/accounts/acc-1/journey');
    const outbox = await get<Seen[]>('/_local/outbox?accountId=acc-1');
    const sent = journey.timeline.filter((entry) => entry.type === 'ContactSent');
    expect(journey.stage).toBe('legal');
    expect(sent.length).toBeGreaterThan(10);
    expect(outbox.map((message) => message.template)).toEqual(sent.map((entry) => String(entry.template).replace(/@\d+$/, '')));
    const out = await get<{ 'detail-type': string }[]>('/_local/events?accountId=acc-1');
    expect(out.filter((event) => event['detail-type'] === 'ContactSent')).toHaveLength(sent.length);
    expect(await get('/_local/health')).toMatchObject({ status: 'ok', failures: 0 });
  });

  it('is worked by boto3 as well', async () => {
    // Act
    const source = `
import boto3, json
def client(name): return boto3.client(name, endpoint_url=${JSON.stringify(url)})
outputs = {o['OutputKey']: o['OutputValue'] for s in client('cloudformation').describe_stacks()['Stacks'] for o in s.get('Outputs', [])}
detail = ${JSON.stringify(JSON.stringify(anOverdue({ accountId: 'acc-2', customerId: 'cus-2' })))}
put = client('events').put_events(Entries=[{'EventBusName': outputs['EventBusName'], 'Source': 'bank.core', 'DetailType': 'AccountOverdue', 'Detail': detail}])
bad = client('events').put_events(Entries=[{'EventBusName': outputs['EventBusName'], 'Source': 'bank.core', 'DetailType': 'AccountOverdew', 'Detail': '{}'}])
import urllib.request
urllib.request.urlopen(urllib.request.Request(${JSON.stringify(url)} + '/_local/clock', data=b'{"advance": "PT0S"}', method='POST')).read()
running = client('stepfunctions').list_executions(stateMachineArn=outputs['ReminderStateMachineArn'], statusFilter='RUNNING')['executions']
item = client('dynamodb').get_item(TableName=outputs['CaseTableName'], Key={'pk': {'S': 'ACCOUNT#acc-2'}, 'sk': {'S': '#HEAD'}}, ConsistentRead=True)['Item']
letters = client('sqs').receive_message(QueueUrl=outputs['DeadLetterQueueUrl'], MaxNumberOfMessages=10)['Messages']
print(json.dumps([put['FailedEntryCount'], bad['FailedEntryCount'], len(running), item['caseStatus']['S'], [json.loads(m['Body'])['detail-type'] for m in letters]]))
`;
    const { stdout } = await run('python3', ['-c', source], { env: ENVIRONMENT });

    // Assess
    expect(JSON.parse(stdout)).toEqual([0, 0, 1, 'open', ['AccountOverdew']]);
  });
});
