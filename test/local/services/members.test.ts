import * as cloudformation from '@aws-sdk/client-cloudformation';
import * as events from '@aws-sdk/client-eventbridge';
import * as ses from '@aws-sdk/client-ses';
import * as sns from '@aws-sdk/client-sns';
import * as sqs from '@aws-sdk/client-sqs';
import * as ssm from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cloud, startCloud } from '../../../local/cloud.ts';
import { MEMBERS } from '../../../local/services/members.ts';
import { sampleApp } from '../cloud/sample-app.ts';

/** What AWS's own models say that an operation takes is looked at here, or refused by name: nothing is ignored. */

const CLIENTS: Readonly<Record<string, object>> = { cloudformation, events, ses, sns, sqs, ssm };

type Schema = readonly unknown[] | (() => readonly unknown[]);

/** The members of a structure of the SDK's schemas: `[3, namespace, name, traits, names, schemas]`. */
function membersOf(schema: unknown): Map<string, Schema> {
  const structure = (typeof schema === 'function' ? schema() : schema) as readonly unknown[];
  const names = (structure[4] ?? []) as string[];
  return new Map(names.map((name, index) => [name, (structure[5] as Schema[])[index] as Schema]));
}

/** The input of an operation; `Operation.Member` is what a list of structures holds. */
function inputOf(service: string, operation: string): Map<string, Schema> | undefined {
  const [name = '', member] = operation.split('.');
  const Command = ((CLIENTS[service] ?? {}) as Record<string, new (input: object) => { schema: readonly unknown[] }>)[`${name}Command`];
  if (Command === undefined) return undefined;
  const input = membersOf(new Command({}).schema[4]);
  if (member === undefined) return input;
  let list = input.get(member) as readonly unknown[] | (() => readonly unknown[]);
  if (typeof list === 'function') list = list();
  const items = list[4] ?? list;
  return membersOf(Array.isArray(items) && items[0] === 0 ? items[1] : items);
}

const ALL = Object.entries(MEMBERS).flatMap(([service, operations]) =>
  Object.entries(operations).map(([operation, members]) => ({ service, operation, members })),
);

let cloud: Cloud;
beforeAll(async () => {
  cloud = await startCloud({ assembly: sampleApp(), start: 0 });
});
afterAll(() => cloud.close());

describe('the members of an operation', () => {
  it.each(ALL)('of $service $operation are AWS’s own', ({ service, operation, members }) => {
    const model = inputOf(service, operation);
    // The SDK keeps the items of SQS's batches elsewhere.
    if (model === undefined || model.size === 0) return;
    expect([...members.honoured, ...Object.keys(members.inert)].filter((name) => !model.has(name))).toEqual([]);
  });

  const plain = ALL.filter(({ operation }) => !operation.includes('.'));
  const others = plain.flatMap(({ service, operation, members }) =>
    [...(inputOf(service, operation) ?? new Map()).keys(), 'Misspelt']
      .filter((name) => !members.honoured.includes(name) && !Object.hasOwn(members.inert, name))
      .map((member) => ({ service, operation, member })),
  );
  it.each(others)('of $service $operation: $member is refused by name', async ({ service, operation, member }) => {
    await expect(cloud.call(service, operation, { [member]: 'x' })).rejects.toThrow(`has no ${member} in ${operation}`);
  });

  it('are known for every operation that takes any', async () => {
    const unknown: string[] = [];
    for (const [service, client] of Object.entries(CLIENTS))
      for (const name of Object.keys(client)) {
        const operation = /^(\w+)Command$/.exec(name)?.[1];
        if (operation === undefined || MEMBERS[service]?.[operation] !== undefined || inputOf(service, operation)?.size === 0) continue;
        const refused = await cloud.call(service, operation, {}).catch((error: Error) => error.message);
        if (!/has no operation/.test(String(refused))) unknown.push(`${service} ${operation}`);
      }
    expect(unknown).toEqual([]);
  });

  it('of the items of a list are refused as well', async () => {
    const entry = { Source: 's', DetailType: 't', Detail: '{}', Region: 'x' };
    await expect(cloud.call('events', 'PutEvents', { Entries: [entry] })).rejects.toThrow('has no Region in PutEvents.Entries');
    const QueueUrl = cloud.outputs().DeadLetterQueueUrl;
    const Entries = [{ Id: '1', MessageBody: 'x', MessageGroupId: 'g' }];
    expect(await cloud.call('sqs', 'SendMessageBatch', { QueueUrl, Entries })).toMatchObject({
      Failed: [{ Code: 'UnsupportedOperation', Message: expect.stringContaining('MessageGroupId in SendMessageBatch.Entries') }],
    });
  });
});
