import { describe, expect, it } from 'vitest';
import { local } from '../../infra/config/local.ts';
import { assertPartition, type ConfigInput, parseConfig } from '../../infra/config/schema.ts';
import { functionNames } from '../../infra/names.ts';
import {
  at,
  everything,
  type Json,
  resourcesOf,
  resourceWith,
  roleStatements,
  type Statement,
  statementsOf,
  synthesize,
} from './synthesized.ts';

const ROLE = 'arn:aws:iam::111122223333:role/message-gateway';
const { data, app } = synthesize();
const functionNamed = (name: string, template = app) =>
  resourceWith('AWS::Lambda::Function', 'FunctionName', `overdue-journeys-${name}`, template);
const allowed = (name: string, template = app): Statement[] =>
  roleStatements(template, functionNamed(name, template)).filter(({ effect }) => effect === 'Allow');
const isMessages = (value: unknown): boolean => JSON.stringify(value).includes('overdue-journeys-messages-');
const buckets = (...templates: (typeof data)[]) =>
  resourcesOf('AWS::S3::Bucket', ...templates).filter(({ Properties }) => isMessages(Properties.BucketName));
const bucketPolicy = (template = data): Statement[] => {
  const ids = buckets(template).map(({ id }) => id);
  return resourcesOf('AWS::S3::BucketPolicy', template)
    .filter(({ Properties }) => ids.includes(String(at(Properties, 'Bucket', 'Ref'))))
    .flatMap(({ Properties }) => statementsOf(Properties.PolicyDocument));
};

function withChannels(channels: ConfigInput['deployment']['channels'], more: Partial<ConfigInput> = {}): ConfigInput {
  return { ...local, ...more, deployment: { ...local.deployment, channels } };
}

describe('messages for the gateway', () => {
  it('lie in one private bucket, encrypted with our key, and go by themselves', () => {
    const [bucket, ...others] = buckets(data, app);
    expect(others).toEqual([]);
    expect(bucket?.DeletionPolicy).toBe('Retain');
    expect(bucket?.Properties).toMatchObject({
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } }],
      },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      LifecycleConfiguration: { Rules: [{ ExpirationInDays: 30, Status: 'Enabled' }] },
    });
    expect(bucket?.Properties.VersioningConfiguration).toBeUndefined();
  });

  it('are put by the senders alone, which cannot read them back', () => {
    const users = functionNames.filter((name) => allowed(name).some(({ resources }) => resources.some(isMessages)));
    expect(users).toEqual(['send-contact', 'send-notices']);
    for (const name of users) {
      const uses = allowed(name).filter(({ actions }) => actions.some((action) => action.startsWith('s3:')));
      expect(uses.map(({ actions }) => actions)).toEqual([['s3:PutObject']]);
      const key = allowed(name).find(({ conditions }) => JSON.stringify(conditions).includes('s3.'));
      expect(key?.actions).toEqual(['kms:GenerateDataKey']);
    }
  });

  it("are read by the gateway's role alone, whatever others may, and listed by nobody", () => {
    // Act
    const reads = bucketPolicy().filter(({ actions }) => actions.includes('s3:GetObject'));
    const everything = bucketPolicy().flatMap(({ effect, actions }) => (effect === 'Allow' ? actions : []));
    // Assess
    expect(reads.map(({ effect }) => effect).sort()).toEqual(['Allow', 'Deny']);
    expect(reads.find(({ effect }) => effect === 'Allow')?.raw.Principal).toEqual({ AWS: ROLE });
    expect(reads.find(({ effect }) => effect === 'Deny')?.raw).toMatchObject({
      Principal: '*',
      Condition: { ArnNotEquals: { 'aws:PrincipalArn': [ROLE] } },
    });
    expect(everything).toEqual(['s3:GetObject']);
  });

  it('are decrypted by that role through S3 only, and of that bucket only', () => {
    const [key] = resourcesOf('AWS::KMS::Key', data);
    const statement = statementsOf(key?.Properties.KeyPolicy).find(({ raw }) => raw.Sid === 'GatewayReadsMessages');
    expect(statement?.raw.Principal).toEqual({ AWS: ROLE });
    expect(statement?.actions).toEqual(['kms:Decrypt']);
    expect(JSON.stringify(statement?.conditions)).toContain('overdue-journeys-messages-');
    expect(JSON.stringify(statement?.conditions)).toContain('kms:ViaService');
  });

  it('are refused over plain HTTP', () => {
    expect(bucketPolicy().find(({ effect, actions }) => effect === 'Deny' && actions.includes('s3:*'))?.conditions).toEqual({
      Bool: { 'aws:SecureTransport': 'false' },
    });
  });

  it('are closed to everybody while no role is configured', () => {
    const closed = synthesize({ ...everything, gatewayRoleArns: [] });
    const reads = bucketPolicy(closed.data).filter(({ actions }) => actions.includes('s3:GetObject'));
    expect(reads.map(({ effect, conditions }) => ({ effect, conditions }))).toEqual([{ effect: 'Deny', conditions: {} }]);
  });

  it('have no bucket where no channel goes that way', () => {
    const without = synthesize(local);
    expect(buckets(without.data, without.app)).toEqual([]);
    const { Variables: variables } = functionNamed('send-contact', without.app).Properties.Environment as { Variables: Json };
    expect(variables.MESSAGES_BUCKET).toBeUndefined();
  });
});

describe('a channel that goes by the gateway', () => {
  it.each([
    { channel: 'sms', action: 'sns:Publish' },
    { channel: 'email', action: 'ses:SendEmail' },
  ] as const)('$channel needs no $action', ({ channel, action }) => {
    const actions = (input: ConfigInput) => allowed('send-contact', synthesize(input).app).flatMap((statement) => statement.actions);
    expect(actions(withChannels({ [channel]: 'gateway' }))).not.toContain(action);
    expect(actions(local)).toContain(action);
  });
});

describe('the partition aws-cn', () => {
  it.each([
    { channel: 'sms', service: 'SNS text messages' },
    { channel: 'email', service: 'SES' },
  ] as const)('has no $service: the synthesis says so', ({ channel, service }) => {
    const channels = { sms: 'gateway', email: 'gateway', [channel]: 'aws' } as const;
    expect(() => parseConfig('prod', withChannels(channels, { partition: 'aws-cn' }))).toThrow(
      `prod.deployment.channels.${channel}: must be gateway or off: the partition aws-cn has no ${service}`,
    );
  });

  it('takes gateways, and channels that are off', () => {
    const { data: template } = synthesize(withChannels({ sms: 'gateway', email: 'off' }, { partition: 'aws-cn' }));
    expect(buckets(template)).toHaveLength(1);
  });

  it.each([
    { region: 'cn-north-1', partition: 'aws', fine: false },
    { region: 'cn-northwest-1', partition: 'aws-cn', fine: true },
    { region: 'eu-central-1', partition: 'aws-cn', fine: false },
    { region: 'eu-central-1', partition: 'aws', fine: true },
    { region: 'us-gov-west-1', partition: 'aws', fine: false },
    { region: undefined, partition: 'aws-cn', fine: true },
  ] as const)('in $region with the partition $partition: $fine', ({ region, partition, fine }) => {
    const config = parseConfig('prod', withChannels({ sms: 'gateway', email: 'gateway' }, { partition }));
    const check = () => assertPartition('prod', config, region);
    if (fine) expect(check).not.toThrow();
    else expect(check).toThrow(/prod\.partition: is .*, but the Region/);
  });
});

describe('the configuration of channels', () => {
  it.each([
    { field: 'gatewayRoleArns.0', rule: 'must be the ARN of an IAM role', change: { gatewayRoleArns: ['gateway'] } },
    {
      field: 'deployment.words.unsubscribe',
      rule: 'must be an https URL or a mailto address',
      change: { deployment: { ...local.deployment, words: { ...local.deployment.words, unsubscribe: 'http://bank.example' } } },
    },
    { field: 'deployment.rates.sms', rule: 'Too small', change: { deployment: { ...local.deployment, rates: { sms: 0 } } } },
    { field: 'deployment.channels.push', rule: 'Invalid option', change: withChannels({ push: 'aws' as 'off' }) },
  ])('$field is named with its rule: $rule', ({ field, rule, change }) => {
    expect(() => parseConfig('test', { ...local, ...change })).toThrow(`test.${field}: ${rule}`);
  });
});
