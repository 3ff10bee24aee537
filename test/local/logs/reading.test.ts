import { type CfnFunction, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Cloud } from '../../../local/cloud.ts';
import type { JsonObject } from '../../../local/kernel/kernel.ts';
import { httpFront } from '../../../local/server/front.ts';
import { functionCloud, invoke } from '../lambda/function-cloud.ts';

interface Events {
  readonly events: readonly {
    readonly timestamp: number;
    readonly message: string;
    readonly eventId?: string;
    readonly logStreamName?: string;
  }[];
  readonly nextToken?: string;
  readonly nextForwardToken: string;
  readonly nextBackwardToken: string;
}

const START = Date.parse('2026-03-02T01:00:00Z');
const SAYS = `exports.handler = async ({ says }, { logGroupName, logStreamName }) => {
  for (const text of says) console.log(text);
  return [logGroupName, logStreamName, process.env.AWS_LAMBDA_LOG_GROUP_NAME, process.env.AWS_LAMBDA_LOG_STREAM_NAME];
};`;
const GROUP = '/aws/lambda/f';

let cloud: Cloud;
beforeEach(async () => {
  cloud = await functionCloud(
    { f: SAYS },
    {
      more: (stack) => {
        const logGroup = new LogGroup(stack, 'Shared', { logGroupName: 'shared' });
        for (const functionName of ['g', 'h'])
          new LambdaFunction(stack, functionName.toUpperCase(), {
            functionName,
            runtime: Runtime.NODEJS_22_X,
            handler: 'index.handler',
            code: Code.fromInline(SAYS),
            logGroup: logGroup as never,
          });
      },
    },
  );
});
afterEach(() => cloud.close());

const logs = <T = Events>(operation: string, input: JsonObject = {}) => cloud.call<T>('logs', operation, input);
const texts = ({ events }: Events) => events.map(({ message }) => message.split('\t').at(-1)?.trimEnd());
const say = (name: string, ...says: string[]) => invoke(cloud, name, { says });

describe('the log of a function', () => {
  it('is read as CloudWatch has it, by time, page by page', async () => {
    await say('f', 'one', 'two');
    await cloud.advance('PT1M');
    await say('f', 'three');

    const first = await logs('FilterLogEvents', { logGroupName: GROUP, limit: 2, interleaved: true });
    const second = await logs('FilterLogEvents', { logGroupName: GROUP, limit: 2, nextToken: first.nextToken });
    const late = await logs('FilterLogEvents', { logGroupName: GROUP, startTime: START + 1 });
    const early = await logs('FilterLogEvents', { logGroupName: GROUP, endTime: START + 60_000 });

    expect(first.events[0]).toEqual({
      logStreamName: 'embedded',
      timestamp: START,
      ingestionTime: START,
      message: expect.stringMatching(/^2026-03-02T01:00:00.000Z\t[0-9a-f-]{36}\tINFO\tone\n$/),
      eventId: expect.stringMatching(/^\d+$/),
    });
    expect([texts(first), texts(second), texts(late), texts(early)]).toEqual([['one', 'two'], ['three'], ['three'], ['one', 'two']]);
    expect(second).not.toHaveProperty('nextToken');
  });

  it('is read forwards and backwards', async () => {
    await say('f', '1', '2', '3', '4', '5');
    const read = (input: JsonObject) => logs('GetLogEvents', { logGroupName: GROUP, logStreamName: 'embedded', limit: 2, ...input });

    const last = await read({});
    const before = await read({ nextToken: last.nextBackwardToken });
    const head = await read({ startFromHead: true });
    const after = await read({ nextToken: head.nextForwardToken });
    const end = await read({ nextToken: last.nextForwardToken });

    expect([last, before, head, after, end].map(texts)).toEqual([['4', '5'], ['2', '3'], ['1', '2'], ['3', '4'], []]);
    expect(end.nextForwardToken).toBe(last.nextForwardToken);
  });

  it.each([
    ['ERROR', ['ERROR one', 'an ERROR two']],
    ['ERROR one', ['ERROR one']],
    ['"ERROR one"', ['ERROR one']],
    ['"one ERROR"', []],
    ['ERROR -two', ['ERROR one']],
    ['?one ?three', ['ERROR one', 'three']],
    ['?one ERROR', ['ERROR one', 'an ERROR two']],
    ['error', []],
    ['"say \\"hi\\""', ['say "hi"']],
    ['', ['ERROR one', 'an ERROR two', 'three', 'say "hi"']],
  ])('is searched by terms: %s', async (filterPattern, found) => {
    await say('f', 'ERROR one', 'an ERROR two', 'three', 'say "hi"');
    expect(texts(await logs('FilterLogEvents', { logGroupName: GROUP, filterPattern }))).toEqual(found);
  });

  it('lies in the group that the template gives it, which several may share', async () => {
    const { value } = await say('g', 'of g');
    await say('h', 'of h');
    await say('g', 'of g again');

    expect(value).toEqual(['shared', 'embedded', 'shared', 'embedded']);
    expect(texts(await logs('FilterLogEvents', { logGroupName: 'shared' })).sort()).toEqual(['of g', 'of g again', 'of h']);
    expect(await logs('DescribeLogGroups')).toMatchObject({ logGroups: [{ logGroupName: GROUP }, { logGroupName: 'shared' }] });
    expect(await logs('DescribeLogGroups', { logGroupNamePrefix: '/aws' })).toMatchObject({
      logGroups: [{ arn: `arn:aws:logs:us-east-1:000000000000:log-group:${GROUP}:*` }],
    });
    const logGroupIdentifier = 'arn:aws:logs:us-east-1:000000000000:log-group:shared';
    expect(await logs('DescribeLogStreams', { logGroupIdentifier })).toMatchObject({
      logStreams: [{ logStreamName: 'embedded', firstEventTimestamp: START, lastEventTimestamp: START }],
    });
    expect(await logs('DescribeLogStreams', { logGroupName: GROUP })).toEqual({ logStreams: [] });
  });

  it('is read by a client over the port', async () => {
    await say('f', 'over the wire');
    const ask = async (operation: string, input: JsonObject) => {
      const headers = { 'x-amz-target': `Logs_20140328.${operation}`, 'content-type': 'application/x-amz-json-1.1' };
      return httpFront(cloud).request('http://127.0.0.1/', { method: 'POST', headers, body: JSON.stringify(input) });
    };
    const answer = await ask('FilterLogEvents', { logGroupName: GROUP });
    expect(texts((await answer.json()) as Events)).toEqual(['over the wire']);
    const refused = await ask('PutLogEvents', { logGroupName: GROUP, logStreamName: 's', logEvents: [] });
    expect([refused.status, await refused.json()]).toEqual([400, expect.objectContaining({ __type: 'UnknownOperationException' })]);
    const mistyped = await ask('FilterLogEvents', { logGroupName: 7 });
    expect(await mistyped.json()).toMatchObject({ __type: 'SerializationException' });
  });

  it.each([
    ['FilterLogEvents', { logGroupName: 'none' }, 'ResourceNotFoundException', /log group does not exist/],
    ['GetLogEvents', { logGroupName: GROUP, logStreamName: 'none' }, 'ResourceNotFoundException', /log stream does not exist/],
    ['GetLogEvents', { logGroupName: GROUP, logStreamName: 'embedded', nextToken: 'x' }, 'InvalidParameterException', /nextToken/],
    ['FilterLogEvents', { logGroupName: GROUP, limit: 10_001 }, 'InvalidParameterException', /'limit'/],
    ['FilterLogEvents', { logGroupName: GROUP, filterPattern: '{ $.a = 1 }' }, 'InvalidParameterException', /only patterns of terms/],
    ['FilterLogEvents', { logGroupName: GROUP, filterPattern: '"open' }, 'InvalidParameterException', /Invalid filter pattern/],
    ['FilterLogEvents', {}, 'InvalidParameterException', /logGroupName/],
    ['StartQuery', {}, 'UnknownOperationException', /has no operation StartQuery/],
  ])('is refused: %s %j', async (operation, input, code, message) => {
    await say('f', 'x');
    await expect(logs(operation, input)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });
});

it('a function whose logging is of an unknown kind stops the start', async () => {
  const more = (_stack: unknown, { f }: Readonly<Record<string, LambdaFunction>>) =>
    void (f?.node.defaultChild as CfnFunction | undefined)?.addPropertyOverride('LoggingConfig', { Colour: 'red' });
  await expect(functionCloud({ f: SAYS }, { more })).rejects.toThrow(/LoggingConfig.*Colour|Colour.*LoggingConfig/);
});
