// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the text is CloudFormation's, not JavaScript's.
import { describe, expect, it } from 'vitest';
import { UnsupportedError } from '../../../local/kernel/errors.ts';
import type { Template } from '../../../local/template/assembly.ts';
import { Resolver } from '../../../local/template/intrinsics.ts';

const TEMPLATE: Template = {
  Parameters: {
    Size: { Type: 'Number', Default: 3 },
    Names: { Type: 'CommaDelimitedList', Default: 'a, b' },
    Bare: { Type: 'String' },
    Shared: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/shared/name' },
    SharedList: { Type: 'AWS::SSM::Parameter::Value<List<String>>', Default: '/shared/list' },
    Nowhere: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/nowhere' },
  },
  Mappings: { Regions: { 'us-east-1': { name: 'Virginia' } } },
  Conditions: {
    Large: { 'Fn::Equals': [{ Ref: 'Size' }, '3'] },
    Small: { 'Fn::Not': [{ Condition: 'Large' }] },
    Both: { 'Fn::And': [{ Condition: 'Large' }, { Condition: 'Small' }] },
    Either: { 'Fn::Or': [{ Condition: 'Large' }, { Condition: 'Small' }] },
  },
};

function resolver(): Resolver {
  return new Resolver({
    stack: 'App',
    template: TEMPLATE,
    resource: (id) => (id === 'Queue' ? { ref: 'queue-url', attribute: (name) => (name === 'Arn' ? 'queue-arn' : undefined) } : undefined),
    exported: (name) => `exported-${name}`,
    parameter: (name, version = 1) => (version === 1 ? { '/shared/name': 'stored', '/shared/list': 'x,y' }[name] : undefined),
  });
}

describe('intrinsic functions', () => {
  it.each([
    { value: { Ref: 'AWS::AccountId' }, expected: '000000000000' },
    { value: { Ref: 'AWS::Region' }, expected: 'us-east-1' },
    { value: { Ref: 'AWS::StackName' }, expected: 'App' },
    { value: { Ref: 'Size' }, expected: '3' },
    { value: { Ref: 'Names' }, expected: ['a', 'b'] },
    { value: { Ref: 'Queue' }, expected: 'queue-url' },
    { value: { Ref: 'Shared' }, expected: 'stored' },
    { value: { Ref: 'SharedList' }, expected: ['x', 'y'] },
    { value: 'a {{resolve:ssm:/shared/name}} and {{resolve:ssm:/shared/list:1}}', expected: 'a stored and x,y' },
    { value: { 'Fn::FindInMap': ['Regions', 'eu-west-1', 'name', { DefaultValue: { Ref: 'Size' } }] }, expected: '3' },
    { value: { 'Fn::GetAtt': ['Queue', 'Arn'] }, expected: 'queue-arn' },
    { value: { 'Fn::GetAtt': 'Queue.Arn' }, expected: 'queue-arn' },
    { value: { 'Fn::Join': ['/', ['a', { Ref: 'Queue' }]] }, expected: 'a/queue-url' },
    {
      value: { 'Fn::Sub': 'arn:${AWS::Partition}:x:${Queue.Arn}:${Queue}:${!Literal}' },
      expected: 'arn:aws:x:queue-arn:queue-url:${Literal}',
    },
    { value: { 'Fn::Sub': ['${A}-${B}', { A: 1, B: { Ref: 'Size' } }] }, expected: '1-3' },
    { value: { 'Fn::Select': [1, { 'Fn::Split': [':', 'a:b:c'] }] }, expected: 'b' },
    { value: { 'Fn::FindInMap': ['Regions', { Ref: 'AWS::Region' }, 'name'] }, expected: 'Virginia' },
    { value: { 'Fn::If': ['Large', 'yes', { Ref: 'Unknown' }] }, expected: 'yes' },
    { value: { 'Fn::If': ['Both', 'yes', 'no'] }, expected: 'no' },
    { value: { 'Fn::If': ['Either', 'yes', 'no'] }, expected: 'yes' },
    { value: { 'Fn::ImportValue': { 'Fn::Sub': '${AWS::StackName}-x' } }, expected: 'exported-App-x' },
    { value: { a: { Ref: 'AWS::NoValue' }, b: [{ Ref: 'AWS::NoValue' }, 1] }, expected: { b: [1] } },
    { value: { Condition: { StringEquals: { x: { Ref: 'Size' } } } }, expected: { Condition: { StringEquals: { x: '3' } } } },
  ])('resolves $value', ({ value, expected }) => {
    expect(resolver().resolve(value, 'Inbox (AWS::SQS::Queue): property QueueName')).toEqual(expected);
  });

  it.each([
    { value: { Ref: 'Unknown' }, message: /: a reference to Unknown, which does not exist/ },
    { value: { Ref: 'Bare' }, message: /parameter Bare has no default/ },
    { value: { 'Fn::GetAtt': ['Queue', 'Colour'] }, message: /attribute Queue\.Colour/ },
    { value: { 'Fn::Transform': {} }, message: /Fn::Transform/ },
    { value: { 'Fn::If': ['None', 1, 2] }, message: /condition None/ },
    { value: { Ref: 'Nowhere' }, message: /Parameter Store holds no \/nowhere: a stack/ },
    { value: '{{resolve:ssm:/shared/name:2}}', message: /holds no \/shared\/name of version 2/ },
    { value: { 'Fn::FindInMap': ['Regions', 'eu-west-1', 'name'] }, message: /finds nothing at Regions\.eu-west-1\.name/ },
    { value: { 'Fn::Join': ['', 'text'] }, message: /^Stack App: Inbox \(AWS::SQS::Queue\): property QueueName: Fn::Join needs a list\.$/ },
    { value: '{{resolve:secretsmanager:x}}', message: /dynamic reference/ },
  ])('refuses $value by name', ({ value, message }) => {
    expect(() => resolver().resolve(value, 'Inbox (AWS::SQS::Queue): property QueueName')).toThrow(UnsupportedError);
    expect(() => resolver().resolve(value, 'Inbox (AWS::SQS::Queue): property QueueName')).toThrow(message);
  });
});
