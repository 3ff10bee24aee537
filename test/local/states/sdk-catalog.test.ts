import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cloud, startCloud } from '../../../local/cloud.ts';
import type { JsonObject } from '../../../local/kernel/kernel.ts';
import { OPTIMIZED } from '../../../local/services/states/integration-catalog.ts';
import { parseResource } from '../../../local/services/states/integrations.ts';
import { SDK_SERVICES, sdkInput } from '../../../local/services/states/sdk-catalog.ts';
import { javaName } from '../../../local/services/states/sdk-model.ts';
import { validateDefinition } from '../../../local/services/states/validation/validate.ts';
import { sampleApp } from '../cloud/sample-app.ts';

const requireSdk = createRequire(import.meta.url);

/** A worker's minute is nothing to wait for in a task; what becomes of a part's bytes is not known. */
const LEFT_OUT = new Set(['sfn:GetActivityTask', 'sfn:TestState', 's3:UploadPart']);
/** Operations of other endpoints, which the client of Step Functions or of DynamoDB does not have. */
const NO_OPERATION = /has no operation|does not know \w+ of DynamoDB|The embedded cloud's S3 has no \w+\.$/;
const NO_MEMBER = /has no \w+ in \w+|does not know the member|legacy parameter|The member '\w+' is not known/;

const operationsOf = (name: string): string[] =>
  Object.keys(requireSdk(`@aws-sdk/client-${name}`) as object).flatMap((key) => /^(\w+)Command$/.exec(key)?.[1] ?? []);

let cloud: Cloud;
beforeAll(async () => {
  cloud = await startCloud({ assembly: sampleApp(), start: 0 });
});
afterAll(() => cloud.close());

/** What a service says of a call, if it refuses it. */
async function said(service: string, operation: string, input: JsonObject): Promise<string> {
  return cloud.call(service, operation, input).then(
    () => '',
    (error: Error) => error.message,
  );
}

describe('what a state machine can call through the SDK', () => {
  it.each(Object.entries(SDK_SERVICES))('of %s is all that the service offers', async (name, { service }) => {
    const offered: string[] = [];
    for (const operation of operationsOf(name)) {
      if (LEFT_OUT.has(`${name}:${operation}`)) continue;
      if (!NO_OPERATION.test(await said(service, operation, {}))) offered.push(operation);
    }
    const callable = operationsOf(name).filter((operation) => sdkInput(name, operation.charAt(0).toLowerCase() + operation.slice(1)));
    expect(callable).toEqual(offered);
    expect(callable.length).toBeGreaterThan(0);
  });

  const operations = Object.entries(SDK_SERVICES).flatMap(([name, { service }]) =>
    operationsOf(name).flatMap((own) => {
      const operation = own.charAt(0).toLowerCase() + own.slice(1);
      const input = sdkInput(name, operation);
      return input === undefined ? [] : [{ name, operation, own, service, input }];
    }),
  );
  it.each(operations)('$name:$operation takes what the service takes', async ({ own, service, input }) => {
    const isRefused = async (member: string) => {
      const theirs = input.model.members.get(member)?.name ?? member;
      return NO_MEMBER.test(await said(service, own, { [theirs]: 'x' }));
    };
    const taken: string[] = [];
    for (const member of input.model.members.keys()) if (!(await isRefused(member))) taken.push(member);
    const known = [...input.required, ...input.optional];
    expect(known.filter((member) => !taken.includes(member))).toEqual([]);
    expect(input.refused.filter((member) => known.includes(member))).toEqual([]);
    expect([...known, ...input.refused].sort()).toEqual([...input.model.members.keys()].sort());
  });

  it.each(Object.keys(OPTIMIZED))('%s takes what the service takes', async (call) => {
    const { service, operation, operationFields, refusedFields } = parseResource(`arn:aws:states:::${call}`);
    const own = (member: string) => (service === 'states' ? member.charAt(0).toLowerCase() + member.slice(1) : member);
    const refused: string[] = [];
    for (const member of [...operationFields.optional, ...operationFields.required])
      if (NO_MEMBER.test(await said(service, operation, { [own(member)]: 'x' }))) refused.push(member);
    expect(refused).toEqual([]);
    for (const member of refusedFields) expect(await said(service, operation, { [own(member)]: 'x' }), member).toMatch(NO_MEMBER);
  });

  it('has the names of the SDK for Java', () => {
    const names = ['ACL', 'SSEKMSKeyId', 'ETag', 'MD5OfMessageBody', 'ChecksumSHA256', 'ID', 'stateMachineArn'].map(javaName);
    expect(names).toEqual(['Acl', 'SsekmsKeyId', 'ETag', 'Md5OfMessageBody', 'ChecksumSHA256', 'Id', 'StateMachineArn']);
  });

  it('is given to the service by its own names, in depth', async () => {
    const answer = async (resource: string, given: JsonObject) => {
      const definition = JSON.stringify({
        QueryLanguage: 'JSONata',
        Type: 'Task',
        Resource: `arn:aws:states:::aws-sdk:${resource}`,
        Arguments: given,
        End: true,
      });
      const roleArn = 'arn:aws:iam::000000000000:role/r';
      return cloud.call<JsonObject>('states', 'TestState', { definition, roleArn });
    };
    expect(await answer('s3:createBucket', { Bucket: 'made', Acl: 'private' })).toMatchObject({ status: 'SUCCEEDED' });
    expect(await answer('s3:putObject', { Bucket: 'made', Key: 'k', Body: 'x', Acl: 'public-read' })).toMatchObject({
      error: expect.stringMatching(/^S3\./),
      cause: expect.stringMatching(/ACLs/),
    });
    const { activityArn } = await cloud.call<{ activityArn: string }>('states', 'CreateActivity', { name: 'a' });
    const Tags = [{ Key: 'team', Value: 'north' }];
    expect(await answer('sfn:tagResource', { ResourceArn: activityArn, Tags })).toMatchObject({ status: 'SUCCEEDED' });
    expect(await cloud.call('states', 'ListTagsForResource', { resourceArn: activityArn })).toEqual({
      tags: [{ key: 'team', value: 'north' }],
    });
  });
});

describe('literal arguments of the SDK', () => {
  const problems = (resource: string, given: JsonObject): string => {
    const A = { Type: 'Task', Resource: `arn:aws:states:::aws-sdk:${resource}`, Arguments: given, End: true };
    try {
      validateDefinition(JSON.stringify({ QueryLanguage: 'JSONata', StartAt: 'A', States: { A } }));
      return '';
    } catch (error) {
      return (error as Error).message;
    }
  };
  const send = (more: JsonObject) => problems('sqs:sendMessage', { QueueUrl: 'x', MessageBody: 'text', ...more });
  const list = (FetchOwner: unknown) => problems('s3:listObjectsV2', { Bucket: 'b', FetchOwner });
  const at = ' at /States/A/Arguments';

  it.each([
    [
      'a number for a text',
      problems('s3:putObject', { Bucket: 123, Key: 'key', Body: 'text' }),
      "The value for the field 'Bucket' must be a STRING",
    ],
    ['a text for a number', send({ DelaySeconds: '2' }), "The value for the field 'DelaySeconds' must be an INTEGER"],
    ['a part of a number', send({ DelaySeconds: 2.5 }), "The value for the field 'DelaySeconds' must be an INTEGER"],
    [
      'a number in depth',
      send({ MessageAttributes: { key: { DataType: 123, StringValue: 12 } } }),
      "The value for the field 'DataType' must be a STRING",
    ],
    [
      'a text for a structure',
      send({ MessageAttributes: { key: 'text' } }),
      "Cannot construct instance of `software.amazon.awssdk.services.sqs.model.MessageAttributeValue$BuilderImpl` (although at least one Creator exists): no String-argument constructor/factory method to deserialize from String value ('text')",
    ],
    [
      'a name in depth',
      send({ MessageAttributes: { 'lowercase-key': { DataType: 'String', Bogus: 'text' } } }),
      'The field "Bogus" is not supported by Step Functions',
    ],
    ['a text for a list', problems('eventbridge:putEvents', { Entries: 'x' }), "The value for the field 'Entries' must be a LIST"],
    ['a list for a map', send({ MessageAttributes: [] }), "The value for the field 'MessageAttributes' must be a MAP"],
    [
      'a part of a number for a truth value',
      list(1.5),
      'Cannot deserialize value of type `java.lang.Boolean` from Floating-point value (token `JsonToken.VALUE_NUMBER_FLOAT`)',
    ],
    [
      'another text for a truth value',
      list('TrUe'),
      'Cannot deserialize value of type `java.lang.Boolean` from String "TrUe": only "true" or "false" recognized',
    ],
    ['the first of two mistakes only', send({ DelaySeconds: '2', Bogus: 1 }), "The value for the field 'DelaySeconds' must be an INTEGER"],
    [
      'what AWS takes and this cloud does not',
      send({ MessageGroupId: 'g' }),
      "The field 'MessageGroupId' is not supported by the embedded Step Functions",
    ],
  ])('are refused: %s', (_, problem, message) => {
    expect(problem).toBe(`Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: ${message}${at}'`);
  });

  it.each([
    ['null', problems('sqs:sendMessage', { QueueUrl: null, MessageBody: 'text' })],
    ['an expression anywhere', send({ DelaySeconds: '{% 2 %}', MessageAttributes: { key: '{% {} %}' } })],
    ['a structure that lacks a member', send({ MessageAttributes: { 'lowercase-key': { StringValue: 'text' } } })],
    ['any keys of a map', problems('s3:putObject', { Bucket: 'b', Key: 'k', Body: 'x', Metadata: { key: 'value' } })],
    ['whatever AWS takes for a truth value', [true, 'true', ' TRUE ', '', 'null', 0, -1].map(list).join('')],
    ['any body', [1, { a: 1 }, ['x']].map((Body) => problems('s3:putObject', { Bucket: 'b', Key: 'k', Body })).join('')],
    ['attributes of an item, whatever they hold', problems('dynamodb:putItem', { TableName: 't', Item: { a: { N: 1 } } })],
  ])('are taken: %s', (_, problem) => {
    expect(problem).toBe('');
  });

  it('of an optimized integration are refused where this cloud does not take them', () => {
    const resource = 'arn:aws:states:::sqs:sendMessage';
    const A = { Type: 'Task', Resource: resource, Arguments: { QueueUrl: 'q', MessageBody: 'b', MessageGroupId: 'g' }, End: true };
    expect(() => validateDefinition(JSON.stringify({ QueryLanguage: 'JSONata', StartAt: 'A', States: { A } }))).toThrow(
      "The field 'MessageGroupId' is not supported by the embedded Step Functions at /States/A/Arguments",
    );
  });
});
