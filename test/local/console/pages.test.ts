import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cloud } from '../../../local/cloud.ts';
import { beginning, pageOfArn, table } from '../../../local/console/html.ts';
import { isHarmless } from '../../../local/console/pages/functions.ts';
import { consoleApp, HOSTILE, PAGES, startShop, type Visitor, visitorOf } from './console-app.ts';

let cloud: Cloud;
let visitor: Visitor;
const arnOf = (name: string) => `arn:aws:states:us-east-1:000000000000:execution:shop-order:${name}`;
const executionPath = (name: string, more = '') => `/console/execution?arn=${encodeURIComponent(arnOf(name))}${more}`;
beforeAll(async () => {
  cloud = await startShop(consoleApp());
  await cloud.call('states', 'StartExecution', {
    stateMachineArn: cloud.outputs().MachineArn,
    name: 'o-told',
    input: JSON.stringify({ order: 'o-told', note: HOSTILE }),
  });
  await cloud.call('lambda', 'Invoke', { FunctionName: 'shop-write', Payload: JSON.stringify({ order: 'direct', note: HOSTILE }) });
  await cloud.settle();
  visitor = visitorOf(cloud);
});
afterAll(() => cloud.close());

const PATHS = [...PAGES, executionPath('o-waits'), executionPath('o-waits', '&state=Pack+a+parcel'), executionPath('o-stolen')];

describe('every page', () => {
  it.each(PATHS)('%s is whole, forbids what is not its own, and shows hostile text as text', async (path) => {
    // Act
    const { status, text, headers } = await visitor.get(path);

    // Assess
    expect(status).toBe(200);
    expect(text).toMatch(/<h1>[^<]+<\/h1>/);
    expect(text.match(/<script/g)).toEqual(['<script']);
    expect(text).not.toContain('<img');
    expect(text).not.toMatch(/ (style|on\w+)=["']/);
    expect(text).not.toContain('[object ');
    expect(text).not.toContain('undefined');
    expect(headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('shows hostile text where it belongs', async () => {
    const shown = '&quot;&gt;&lt;script&gt;';
    for (const path of [executionPath('o-waits'), '/console/message?id=1', '/console/table?name=orders', '/console/events'])
      expect((await visitor.get(path)).text).toMatch(/&gt;&lt;script&gt;/);
    expect((await visitor.get(`/console/executions?text=${encodeURIComponent(HOSTILE)}`)).text).toContain(shown);
  });

  it.each([
    '/console/nothing',
    '/console/execution',
    '/console/execution?arn=x',
    executionPath('o-none'),
    '/console/table?name=none',
    '/console/queue?name=none',
    '/console/function?name=none',
    '/console/function?name=toString',
    '/console/message?id=99999',
    '/console/message?id=1%27--',
    '/console/message/html?id=1',
    '/console/assets/none.js',
    '/console/assets/..%2Fconsole.ts',
  ])('%s is not found, and says so without a trace', async (path) => {
    const { status, text } = await visitor.get(path);
    expect(status).toBe(404);
    expect(text).toContain('Not found');
    expect(text).not.toMatch(/\.ts:\d|at \w+ \(/);
  });

  it.each(['before=x', 'before=-1', 'before=99999999999999999999', 'status=NONE', 'machine=none', `text=${'%25_'.repeat(100)}`])(
    'takes ?%s of a list without harm',
    async (query) => {
      expect((await visitor.get(`/console/executions?${query}`)).status).toBe(200);
      expect((await visitor.get(`/console/events?${query}`)).status).toBe(200);
      expect((await visitor.get(`/console/inbox?${query}`)).status).toBe(200);
    },
  );
});

describe('executions', () => {
  const namesOf = (text: string) => [...text.matchAll(/<th scope="row"><a [^>]*>([^<]+)</g)].map(([, name]) => name);

  it('are listed latest first, by machine, by status, and by text in name or input', async () => {
    const names = async (query: string) => namesOf((await visitor.get(`/console/executions?${query}`)).text);
    expect(await names('')).toEqual(['o-told', 'o-waits', 'o-flaky', 'o-stolen']);
    expect(await names('machine=shop-idle')).toEqual([]);
    expect(await names('machine=shop-order&status=RUNNING')).toEqual(['o-told', 'o-waits']);
    expect(await names('status=FAILED')).toEqual(['o-flaky', 'o-stolen']);
    expect(await names('text=O-WAITS')).toEqual(['o-waits']);
    expect(await names('text=parcels')).toEqual(['o-waits']);
    expect(await names('text=%25')).toEqual([]);
  });

  it('show each state as the history has it', async () => {
    const statusOf = async (name: string) =>
      Object.fromEntries(
        [
          ...(await visitor.get(executionPath(name))).text.matchAll(
            /aria-label="([^",]+), (?:Map|Parallel|Task|Pass|Choice|Wait|Fail), ([^"]+)"/g,
          ),
        ].map(([, state = '', status]) => [state, status]),
      );
    expect(await statusOf('o-waits')).toEqual({
      'Pack the parcels': 'done',
      'Pack a parcel': 'done, entered 3 times',
      'Do both': 'done',
      'Charge the card': 'done',
      'Note the theft': 'not entered',
      'Print the label': 'done',
      'Choose how to go on': 'done',
      'Wait for the lorry': 'waiting',
      'Tell the customer': 'not entered',
      'Refuse the order': 'not entered',
    });
    expect(await statusOf('o-stolen')).toMatchObject({
      'Charge the card': 'failed, caught',
      'Note the theft': 'done',
      'Choose how to go on': 'done',
      'Refuse the order': 'failed',
    });
    expect(await statusOf('o-flaky')).toMatchObject({
      'Do both': 'failed',
      'Charge the card': 'failed',
      'Print the label': 'done',
      'Choose how to go on': 'not entered',
    });
  });

  it('open at the state that matters, with its input, its error and until when it waits', async () => {
    const waits = (await visitor.get(executionPath('o-waits'))).text;
    expect(waits).toContain('State: Wait for the lorry');
    expect(waits).toMatch(
      /Waits since <time datetime="2026-03-02T01:00:00Z">[^<]+<\/time>, until\s+<time datetime="2026-03-03T01:00:00Z">/,
    );
    const flaky = (await visitor.get(executionPath('o-flaky'))).text;
    expect(flaky).toMatch(/<dt>Attempts<\/dt><dd>3<\/dd>/);
    expect(flaky).toContain('NoAnswer');
    expect(flaky).toContain('Redrive from where it failed');
    expect(flaky).toMatch(/<dt>Error<\/dt><dd><a href="#state" class="problem">NoAnswer<\/a> No answer\.<\/dd>/);
    const packed = (await visitor.get(executionPath('o-waits', '&state=Pack+a+parcel'))).text;
    expect(packed).toMatch(/Visits to Pack a parcel/);
  });

  it('are stopped and redriven by a form', async () => {
    // Act
    const stopped = await visitor.post('/console/execution/stop', { arn: arnOf('o-told'), back: executionPath('o-told') });

    // Assess
    expect([stopped.status, stopped.headers.get('location')]).toEqual([303, executionPath('o-told')]);
    expect(await cloud.call('states', 'DescribeExecution', { executionArn: arnOf('o-told') })).toMatchObject({
      status: 'ABORTED',
      error: 'Console',
    });

    // Act
    await visitor.post('/console/execution/redrive', { arn: arnOf('o-told') });
    await cloud.settle();

    // Assess
    expect((await visitor.get(executionPath('o-told'))).text).toMatch(/Wait for the lorry, Wait, waiting[^,]*"/);
    const again = await visitor.post('/console/execution/redrive', { arn: arnOf('o-told') }, { accept: 'application/json' });
    expect([again.status, again.text]).toEqual([400, expect.stringContaining('Execution is RUNNING')]);
  });
});

describe('tables, queues, messages, events, functions', () => {
  it('read a partition, an index and single items of a table', async () => {
    const one = (await visitor.get('/console/table?name=orders&key=direct&sort=ORD')).text;
    expect(one).toContain('Items of the partition');
    expect(one).toContain('<span class="j-value">null</span>');
    expect((await visitor.get('/console/table?name=orders&key=none')).text).toContain('No item is there.');
    expect((await visitor.get(`/console/table?name=orders&index=byNote&key=${encodeURIComponent(HOSTILE)}`)).text).toContain('direct');
    expect((await visitor.get('/console/table?name=orders&after=bm90aGluZw')).text).toContain('The provided starting key is invalid');
    expect(one).toMatch(/shop-watch<\/a><\/th><td><code>\d+<\/code><\/td><td>0<\/td>/);
  });

  it('show dead letters without receiving them, and move one back', async () => {
    // Act
    const before = await visitor.get('/console/queue?name=shop-dead');
    const attributes = await cloud.call('sqs', 'GetQueueAttributes', { QueueUrl: 'shop-dead', AttributeNames: ['All'] });

    // Assess
    expect(before.text).toContain('without a number');
    expect(before.text).toContain('Move back to shop-inbox');
    expect(before.text).toMatch(/<span class="note">[^<]{160,}…<\/span>/);
    expect(attributes).toMatchObject({ Attributes: { ApproximateNumberOfMessages: '1', ApproximateNumberOfMessagesNotVisible: '0' } });

    // Act
    const id = /name="id" value="(\d+)"/.exec(before.text)?.[1] ?? '';
    await visitor.post('/console/queue/move-back', { queue: 'shop-dead', id });
    await cloud.settle();

    // Assess
    expect((await visitor.get('/console/queue?name=shop-dead')).text).toContain('No message lies here.');
    expect((await visitor.get('/console/queue?name=shop-inbox')).text).toContain('without a number');
    expect((await visitor.post('/console/queue/move-back', { queue: 'shop-inbox', id })).status).toBe(400);
  });

  it('say why a dead letter lies there, and move back only what a queue gave up', async () => {
    // Prepare: as Lambda sends the event of a function that failed.
    await cloud.call('sqs', 'SendMessage', {
      QueueUrl: 'shop-dead',
      MessageBody: '{"sweep":true}',
      MessageAttributes: { ErrorMessage: { DataType: 'String', StringValue: HOSTILE } },
    });

    // Act
    const { text } = await visitor.get('/console/queue?name=shop-dead');
    const id = /id="message-(\d+)"/.exec(text)?.[1] ?? '';
    const answer = await visitor.post('/console/queue/move-back', { queue: 'shop-dead', id });

    // Assess
    expect(text).toMatch(
      /<span class="problem">&quot;&gt;&lt;script&gt;[^<]*<\/span> <span class="note">\{&quot;sweep&quot;:true\}<\/span>/,
    );
    expect(text).not.toContain('Move back');
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining('did not come to shop-dead from another queue')]);
    await cloud.call('sqs', 'PurgeQueue', { QueueUrl: 'shop-dead' });
  });

  it('keep a mail’s HTML in a frame that may do nothing', async () => {
    const page = (await visitor.get('/console/message?id=2')).text;
    const mail = await visitor.get('/console/message/html?id=2');
    expect(page).toMatch(/<iframe[^>]* sandbox [^>]*src="\/console\/message\/html\?id=2"/);
    expect(mail.text).toContain('<h1>Dear 王小明</h1>');
    expect(mail.headers.get('content-security-policy')).toMatch(/default-src 'none'.*sandbox/);
  });

  it('find messages and events by what they are', async () => {
    const rows = async (path: string) => (await visitor.get(path)).text.split('<th scope="row">').length - 1;
    expect(await rows('/console/inbox?channel=sms&account=direct')).toBe(1);
    expect(await rows('/console/inbox?text=WANG%40example')).toBe(1);
    expect(await rows('/console/inbox?text=nobody')).toBe(0);
    expect(await rows('/console/events?source=shop&type=Ordered&text=o-flaky')).toBe(1);
    expect(await rows('/console/events?bus=shop-bus')).toBe(4);
    expect(await rows('/console/events?bus=default')).toBe(0);
  });

  it('hide what may be a secret', async () => {
    const { text } = await visitor.get('/console/function?name=shop-write');
    expect(text).not.toContain('very-secret');
    expect(text).toMatch(/API_KEY<\/code><\/th><td><span class="note">hidden, 11 characters/);
    expect(text).toMatch(/ORDER_TABLE<\/code><\/th><td><code>orders/);
    expect((await visitor.get('/console/function?name=shop-take')).text).toContain('taken o-waits');
  });

  it.each([
    ['RETRIES', '3', true],
    ['LEVEL', 'debug', true],
    ['QUEUE', 'arn:aws:sqs:us-east-1:000000000000:shop', true],
    ['TABLE_NAME', 'orders', true],
    ['SECRET_TABLE', 'orders', false],
    ['DB_PASSWORD', '1', false],
    ['PARTNER', 'arn:aws:secretsmanager:us-east-1:000000000000:secret:x', false],
    ['ENDPOINT', 'https://user:word@bank.example', false],
  ])('%s=%s is harmless: %s', (name, value, harmless) => expect(isHarmless(name, value)).toBe(harmless));
});

it('an ARN of a resource of this cloud leads to its page', () => {
  const arn = (rest: string) => pageOfArn(`arn:aws:${rest}`);
  const states = (rest: string) => arn(`states:us-east-1:000000000000:${rest}`);
  for (const own of ['stateMachine:m', 'stateMachine:m:3', 'stateMachine:m:live', 'stateMachine:m/label'])
    expect(states(own)).toBe('/console/machine?name=m');
  expect(states('activity:a')).toBe('/console/activity?name=a');
  for (const [own, page] of [
    ['execution:m:e', 'execution'],
    ['express:m:e:id', 'execution'],
    ['mapRun:m/label:id', 'map-run'],
  ] as const)
    expect(states(own)).toBe(`/console/${page}?arn=${encodeURIComponent(`arn:aws:states:us-east-1:000000000000:${own}`)}`);
  expect(states('other:a')).toBeUndefined();
  expect(arn('lambda:us-east-1:000000000000:function:f')).toBe('/console/function?name=f');
  expect(arn('sqs:us-east-1:000000000000:q')).toBe('/console/queue?name=q');
  expect(arn('dynamodb:us-east-1:000000000000:table/t')).toBe('/console/table?name=t');
  expect(arn('iam::000000000000:role/r')).toBeUndefined();
});

it('a text that is too long for its line says so, and is cut between two characters', () => {
  expect([beginning('four', 4), beginning('fives', 4), beginning('to 😀', 4), beginning('is 😀!', 5)]).toEqual([
    'four',
    'five…',
    'to …',
    'is 😀…',
  ]);
});

it('an identifier stands in one line of a table, a longer name may break', async () => {
  const heads = await table('Names', ['Name'], [['x'.repeat(40)], ['y'.repeat(41)], ['名'.repeat(14)]], 'None.');

  expect(String(heads).match(/<span class="long">./g)).toEqual(['<span class="long">y', '<span class="long">名']);
});
