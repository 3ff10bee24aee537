import { describe, expect, it } from 'vitest';
import type { AwsError } from '../../../local/kernel/errors.ts';
import type { JsonObject } from '../../../local/kernel/kernel.ts';
import { statesHandlers } from '../../../local/services/states/resources.ts';
import type { Provisioning, Resource } from '../../../local/template/resource.ts';
import { codeOf, Harness, machineArn, ROLE } from './harness.ts';

const ARN = machineArn('test');
const ACTIVITY = 'arn:aws:states:us-east-1:000000000000:activity:work';
const definition = JSON.stringify({ QueryLanguage: 'JSONata', StartAt: 'P', States: { P: { Type: 'Pass', End: true } } });

async function create(harness: Harness, tags?: readonly JsonObject[]): Promise<void> {
  await harness.call('CreateStateMachine', { name: 'test', definition, roleArn: ROLE, ...(tags === undefined ? {} : { tags }) });
}

const tagsOf = async (harness: Harness, resourceArn = ARN): Promise<unknown> =>
  (await harness.call('ListTagsForResource', { resourceArn })).tags;

describe('tags', () => {
  // As recorded in tests/aws/services/stepfunctions/v2/test_sfn_api_tagging.snapshot.json of localstack/localstack.
  it.each([
    { tags: [], left: [] },
    { tags: [{ key: 'key1', value: '' }], left: [{ key: 'key1', value: '' }] },
    {
      tags: [
        { key: 'key1', value: 'value1' },
        { key: 'key1', value: 'value1' },
      ],
      left: [{ key: 'key1', value: 'value1' }],
    },
    {
      tags: [
        { key: 'key2', value: 'value2' },
        { key: 'key1', value: 'value1' },
      ],
      left: [
        { key: 'key1', value: 'value1' },
        { key: 'key2', value: 'value2' },
      ],
    },
  ])('are added to a state machine: $tags', async ({ tags, left }) => {
    const harness = new Harness();
    await create(harness);
    expect(await harness.call('TagResource', { resourceArn: ARN, tags })).toEqual({});
    expect(await tagsOf(harness)).toEqual(left);
  });

  it.each([{ tagKeys: [] }, { tagKeys: ['a'] }, { tagKeys: ['a', 'a'] }, { tagKeys: ['a', 'x'] }])(
    'are taken away by key: $tagKeys',
    async ({ tagKeys }) => {
      const harness = new Harness();
      await create(harness, [{ key: 'a', value: '1' }]);
      expect(await harness.call('UntagResource', { resourceArn: ARN, tagKeys })).toEqual({});
      expect(await tagsOf(harness)).toEqual(tagKeys.length === 0 ? [{ key: 'a', value: '1' }] : []);
    },
  );

  it('are given at the creation, and neither they nor the role change when it is asked for again', async () => {
    const harness = new Harness();
    await create(harness, [{ key: 'a', value: '1' }]);
    await harness.call('CreateStateMachine', {
      name: 'test',
      definition,
      roleArn: `${ROLE}-other`,
      tags: [{ key: 'a', value: '2' }],
    });
    expect(await tagsOf(harness)).toEqual([{ key: 'a', value: '1' }]);
    expect(await harness.call('DescribeStateMachine', { stateMachineArn: ARN })).toMatchObject({ roleArn: ROLE });
    await harness.call('CreateActivity', { name: 'work', tags: [{ key: 'b', value: '1' }] });
    await harness.call('CreateActivity', { name: 'work', tags: [{ key: 'b', value: '2' }] });
    expect(await tagsOf(harness, ACTIVITY)).toEqual([{ key: 'b', value: '1' }]);
  });

  it('go with what they are of', async () => {
    const harness = new Harness();
    await create(harness, [{ key: 'a', value: '1' }]);
    await harness.call('DeleteStateMachine', { stateMachineArn: ARN });
    expect(await codeOf(tagsOf(harness))).toBe('ResourceNotFound');
    await create(harness);
    expect(await tagsOf(harness)).toEqual([]);
    await harness.call('CreateActivity', { name: 'work', tags: [{ key: 'b', value: '1' }] });
    await harness.call('DeleteActivity', { activityArn: ACTIVITY });
    await harness.call('CreateActivity', { name: 'work' });
    expect(await tagsOf(harness, ACTIVITY)).toEqual([]);
  });

  it('are of no version, of nothing that is not there, and of no other kind', async () => {
    const harness = new Harness();
    await create(harness);
    const { stateMachineVersionArn } = await harness.call('PublishStateMachineVersion', { stateMachineArn: ARN });
    const refused = async (resourceArn: unknown): Promise<AwsError> =>
      (await harness.call('TagResource', { resourceArn, tags: [{ key: 'a', value: '1' }] }).catch((error: unknown) => error)) as never;
    // Recorded.
    expect(await refused(stateMachineVersionArn)).toMatchObject({
      code: 'ResourceNotFound',
      message: `Resource not found: '${String(stateMachineVersionArn)}'`,
    });
    expect(await refused(machineArn('none'))).toMatchObject({ code: 'ResourceNotFound' });
    expect(await refused('arn:aws:states:us-east-1:000000000000:execution:test:run')).toMatchObject({ code: 'InvalidArn' });
    expect(await refused('test')).toMatchObject({ code: 'InvalidArn' });
  });

  it.each([
    { what: 'no list', tags: null, code: 'ValidationException' },
    { what: 'an empty key', tags: [{ key: '', value: '1' }], code: 'ValidationException' },
    { what: 'a key too long', tags: [{ key: 'k'.repeat(129), value: '1' }], code: 'ValidationException' },
    { what: 'a value too long', tags: [{ key: 'k', value: 'v'.repeat(257) }], code: 'ValidationException' },
    { what: 'a character that is not allowed', tags: [{ key: 'k', value: '#' }], code: 'ValidationException' },
    { what: "AWS's own keys", tags: [{ key: 'AWS:x', value: '1' }], code: 'AccessDeniedException' },
    { what: 'too many', tags: Array.from({ length: 51 }, (_, n) => ({ key: `k${n}`, value: '' })), code: 'TooManyTags' },
  ])('are refused: $what', async ({ tags, code }) => {
    const harness = new Harness();
    await create(harness, [{ key: 'a', value: '1' }]);
    expect(await codeOf(harness.call('TagResource', { resourceArn: ARN, tags }))).toBe(code);
    expect(await tagsOf(harness)).toEqual([{ key: 'a', value: '1' }]);
  });

  it('are counted together with those that are there', async () => {
    const harness = new Harness();
    const tags = Array.from({ length: 50 }, (_, n) => ({ key: `k${n}`, value: 'é:/=+-@_. ' }));
    await create(harness, tags);
    expect(await codeOf(harness.call('TagResource', { resourceArn: ARN, tags: [{ key: 'k51', value: '' }] }))).toBe('TooManyTags');
    await harness.call('TagResource', { resourceArn: ARN, tags: [{ key: 'k0', value: 'new' }] });
    expect(await tagsOf(harness)).toContainEqual({ key: 'k0', value: 'new' });
  });

  it('come from the template, over those that an operator added', async () => {
    const harness = new Harness();
    const provision = (type: string, properties: JsonObject) =>
      statesHandlers(harness.states)
        .find((handler) => handler.type === `AWS::StepFunctions::${type}`)
        ?.provision({ logicalId: type, type, properties } as unknown as Resource, {} as Provisioning);
    const machine = (Tags: unknown) =>
      provision('StateMachine', { StateMachineName: 'test', DefinitionString: definition, RoleArn: ROLE, Tags });
    machine([{ Key: 'team', Value: 'north' }]);
    await harness.call('TagResource', { resourceArn: ARN, tags: [{ key: 'mine', value: '1' }] });
    machine([{ Key: 'team', Value: 'south' }]);
    expect(await tagsOf(harness)).toEqual([
      { key: 'mine', value: '1' },
      { key: 'team', value: 'south' },
    ]);
    provision('Activity', { Name: 'work', Tags: [{ Key: 'a', Value: 'b' }] });
    expect(await tagsOf(harness, ACTIVITY)).toEqual([{ key: 'a', value: 'b' }]);
    expect(() => machine([{ Key: 'a', Valeu: 'b' }])).toThrow('Tags[0]');
  });
});
