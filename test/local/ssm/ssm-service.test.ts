import { beforeEach, describe, expect, it } from 'vitest';
import { type JsonObject, Kernel } from '../../../local/kernel/kernel.ts';
import { Store } from '../../../local/kernel/store.ts';
import { SsmService } from '../../../local/services/ssm/ssm-service.ts';

let call: (operation: string, input: JsonObject) => Promise<JsonObject>;
beforeEach(() => {
  const kernel = new Kernel({ store: new Store(), clock: 'virtual', start: 0 });
  kernel.register(new SsmService(kernel));
  call = async (operation, input) => (await kernel.call('ssm', operation, input, 'test')) as JsonObject;
});

const put = (Name: string, more: JsonObject = {}) => call('PutParameter', { Name, Value: 'v', Type: 'String', ...more });
const namesOf = (answer: JsonObject) => (answer.Parameters as { Name: string }[]).map(({ Name }) => Name);

describe('the parameter store', () => {
  it('lists what lies below a path, or all of it, page by page', async () => {
    for (const name of ['/a/1', '/a/2', '/a/b/3', '/ab/4', '/a', 'plain']) await put(name);
    expect(namesOf(await call('GetParametersByPath', { Path: '/a' }))).toEqual(['/a/1', '/a/2']);
    expect(namesOf(await call('GetParametersByPath', { Path: '/a/', Recursive: true }))).toEqual(['/a/1', '/a/2', '/a/b/3']);
    const first = await call('GetParametersByPath', { Path: '/', Recursive: true, MaxResults: 3 });
    expect(namesOf(first)).toEqual(['/a', '/a/1', '/a/2']);
    const rest = await call('GetParametersByPath', { Path: '/', Recursive: true, MaxResults: 3, NextToken: first.NextToken });
    expect(namesOf(rest)).toEqual(['/a/b/3', '/ab/4']);
    expect(rest).not.toHaveProperty('NextToken');
  });

  it('answers by name, by ARN and by the version that there is', async () => {
    await put('/a/1');
    await put('plain');
    await put('/a/1', { Value: 'w', Overwrite: true });
    const arn = 'arn:aws:ssm:us-east-1:000000000000:parameter';
    for (const Name of ['/a/1', `${arn}/a/1`, '/a/1:2'])
      expect((await call('GetParameter', { Name })).Parameter).toMatchObject({ Name: '/a/1', Value: 'w', Version: 2 });
    expect((await call('GetParameter', { Name: '/a/1:2' })).Parameter).toMatchObject({ Selector: ':2' });
    expect((await call('GetParameter', { Name: `${arn}/plain` })).Parameter).toMatchObject({ Name: 'plain' });
    expect(await call('GetParameters', { Names: ['/a/1:1', 'plain', 'none'] })).toMatchObject({
      Parameters: [{ Name: 'plain' }],
      InvalidParameters: ['/a/1:1', 'none'],
    });
  });

  it.each([
    ['no type for a new one', { Name: 'new', Value: 'v' }, 'ValidationException'],
    ['a secret, which it would not keep as one', { Name: 'new', Value: 'v', Type: 'SecureString' }, 'ValidationException'],
    ['another type than before', { Name: 'old', Value: 'v', Type: 'StringList', Overwrite: true }, 'HierarchyTypeMismatchException'],
    ['one that is there', { Name: 'old', Value: 'v' }, 'ParameterAlreadyExists'],
    ['a data type that it does not check', { Name: 'new', Value: 'v', Type: 'String', DataType: 'aws:ec2:image' }, 'ValidationException'],
    ['a tier that has a price', { Name: 'new', Value: 'v', Type: 'String', Tier: 'Advanced' }, 'ValidationException'],
    ['a name of AWS', { Name: '/aws/x', Value: 'v', Type: 'String' }, 'ValidationException'],
    ['a name with a blank', { Name: 'a b', Value: 'v', Type: 'String' }, 'ValidationException'],
    ['a path without its first slash', { Name: 'a/b', Value: 'v', Type: 'String' }, 'ValidationException'],
    ['a path too deep', { Name: '/a'.repeat(16), Value: 'v', Type: 'String' }, 'HierarchyLevelLimitExceededException'],
    ['a pattern, which it would not keep', { Name: 'new', Value: 'v', Type: 'String', AllowedPattern: 'v' }, 'ValidationException'],
  ])('refuses %s', async (_, input, code) => {
    await put('old');
    await expect(call('PutParameter', input)).rejects.toMatchObject({ code });
    await expect(call('GetParameter', { Name: 'new' })).rejects.toMatchObject({ code: 'ParameterNotFound' });
  });

  it.each([
    [{ Path: 'a' }, 'ValidationException'],
    [{ Path: '/', MaxResults: 11 }, 'ValidationException'],
    [{ Path: '/', NextToken: '?' }, 'InvalidNextToken'],
    [{ Path: '/a', Recursive: true, ParameterFilters: [] }, 'ValidationException'],
  ])('lists nothing for %j', async (input, code) => {
    await expect(call('GetParametersByPath', input)).rejects.toMatchObject({ code });
  });
});
