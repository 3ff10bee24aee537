import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../infra/config/index.ts';
import { functionNames } from '../../infra/names.ts';
import { at, everything, type Json, listOf, readable, resourcesOf, resourceWith, statementsOf, synthesize } from './synthesized.ts';

const { data, app } = synthesize();
const [key] = resourcesOf('AWS::KMS::Key', data);
const isCustomerKey = (value: unknown): boolean => key !== undefined && readable(value).includes(key.id);

describe('the customer key', () => {
  it('is one, rotates, and is kept where data is kept', () => {
    expect(resourcesOf('AWS::KMS::Key', data, app)).toHaveLength(1);
    expect(key?.Properties.EnableKeyRotation).toBe(true);
    expect(key?.DeletionPolicy).toBe('Retain');
  });

  it.each([
    {
      type: 'AWS::DynamoDB::GlobalTable',
      count: 1,
      property: (p: Json) => at(p, 'Replicas', 0, 'SSESpecification', 'KMSMasterKeyId'),
    },
    { type: 'AWS::SQS::Queue', count: 2, property: (p: Json) => p.KmsMasterKeyId },
    { type: 'AWS::SNS::Topic', count: 2, property: (p: Json) => p.KmsMasterKeyId },
    { type: 'AWS::Events::EventBus', count: 1, property: (p: Json) => p.KmsKeyIdentifier },
    { type: 'AWS::Events::Archive', count: 1, property: (p: Json) => p.KmsKeyIdentifier },
    { type: 'AWS::Lambda::Function', count: functionNames.length, property: (p: Json) => p.KmsKeyArn },
    { type: 'AWS::StepFunctions::StateMachine', count: 5, property: (p: Json) => at(p, 'EncryptionConfiguration', 'KmsKeyId') },
    { type: 'AWS::Logs::LogGroup', count: functionNames.length + 9, property: (p: Json) => p.KmsKeyId },
  ])('encrypts every $type', ({ type, count, property }) => {
    // Act
    const resources = resourcesOf(type, data, app);
    // Assess
    expect(resources).toHaveLength(count);
    expect(resources.filter(({ Properties }) => !isCustomerKey(property(Properties)))).toEqual([]);
  });

  it('trusts services only for this account, its log groups or its log deliveries', () => {
    // Act
    const services = statementsOf(key?.Properties.KeyPolicy).filter(({ raw }) => Object.hasOwn(raw.Principal as Json, 'Service'));
    // Assess
    expect(services).toHaveLength(5);
    for (const { conditions } of services) {
      expect(JSON.stringify(conditions)).toContain('AWS::AccountId');
    }
  });

  it('covers the name of every log group, or CloudWatch Logs refuses to create it', () => {
    // Prepare
    const logs = statementsOf(key?.Properties.KeyPolicy).find(({ raw }) => raw.Sid === 'Logs');
    const patterns = listOf(at(logs?.conditions, 'ArnLike', 'kms:EncryptionContext:aws:logs:arn')).map((pattern) =>
      readable(pattern).replace(/^.*:log-group:/, ''),
    );
    const matches = (name: string): boolean => patterns.some((pattern) => new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(name));
    // Act
    const names = resourcesOf('AWS::Logs::LogGroup', app).map(({ Properties }) => readable(Properties.LogGroupName));
    // Assess
    expect(names.filter((name) => !matches(name))).toEqual([]);
    expect(matches('/aws/lambda/somebody-elses')).toBe(false);
  });
});

describe('what is stored', () => {
  const [table] = resourcesOf('AWS::DynamoDB::GlobalTable', data);
  const replica = at(table, 'Properties', 'Replicas', 0);

  it('can be restored to any second, and neither deleted by mistake nor with the stack', () => {
    expect(at(replica, 'PointInTimeRecoverySpecification')).toEqual({ PointInTimeRecoveryEnabled: true });
    expect(at(replica, 'DeletionProtectionEnabled')).toBe(true);
    expect(table?.DeletionPolicy).toBe('Retain');
  });

  it('is keyed, streamed, indexed and expires as the functions expect', () => {
    expect(table?.Properties).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    });
    const indexes = listOf(table?.Properties.GlobalSecondaryIndexes).map((index) => [
      at(index, 'IndexName'),
      ...listOf(at(index, 'KeySchema')).map((key) => at(key, 'AttributeName')),
      at(index, 'Projection', 'ProjectionType'),
    ]);
    expect(indexes).toEqual([
      ['cases-by-sweep', 'sweepShard', 'sweepAt', 'KEYS_ONLY'],
      ['tasks-by-queue', 'taskQueue', 'taskOrder', 'ALL'],
    ]);
  });

  it('is protected in prod', () => {
    // Act
    const prod = synthesize(loadConfig('prod'));
    // Assess
    const [prodTable] = resourcesOf('AWS::DynamoDB::GlobalTable', prod.data);
    expect(at(prodTable, 'Properties', 'Replicas', 0, 'DeletionProtectionEnabled')).toBe(true);
    for (const type of ['AWS::DynamoDB::GlobalTable', 'AWS::KMS::Key', 'AWS::SQS::Queue']) {
      for (const resource of resourcesOf(type, prod.data, prod.app)) expect(resource.DeletionPolicy).toBe('Retain');
    }
  });

  it('is archived for a year, without the event that carries personal data', () => {
    expect(resourcesOf('AWS::Events::Archive', data)[0]?.Properties).toMatchObject({
      RetentionDays: 365,
      EventPattern: { 'detail-type': [{ 'anything-but': ['CustomerUpdated'] }] },
    });
  });
});

it('every log is kept as long as configured, and no longer; those that hold numbers for a day', () => {
  // Act
  const { app: other } = synthesize({ ...everything, logRetentionDays: 30 });
  // Assess
  const days = (holdNumbers: boolean) =>
    resourcesOf('AWS::Logs::LogGroup', other)
      .filter(({ Properties }) => readable(Properties.LogGroupName).includes('DirectPublishToPhoneNumber') === holdNumbers)
      .map(({ Properties }) => Properties.RetentionInDays);
  expect([new Set(days(false)), days(true)]).toEqual([new Set([30]), [1, 1]]);
});

it('every function and machine writes to a log group of the template, not to one that AWS makes without retention', () => {
  // Prepare
  const groups = resourcesOf('AWS::Logs::LogGroup', app).map(({ id }) => id);
  // Act
  const ofFunctions = resourcesOf('AWS::Lambda::Function', app).map(({ Properties }) =>
    readable(at(Properties, 'LoggingConfig', 'LogGroup')),
  );
  const ofMachines = resourcesOf('AWS::StepFunctions::StateMachine', app).map(({ Properties }) =>
    JSON.stringify(Properties.LoggingConfiguration),
  );
  // Assess
  expect(ofFunctions.filter((group) => !groups.some((id) => group === `<${id}>`))).toEqual([]);
  expect(ofMachines.filter((logging) => !groups.some((id) => logging.includes(id)))).toEqual([]);
});

it('the kill switch starts as configured', () => {
  // Act
  const { data: other } = synthesize({ ...everything, sending: { default: 'on', products: { mortgage: 'off' } } });
  // Assess
  const parameter = resourceWith('AWS::SSM::Parameter', 'Name', '/overdue-journeys/sending', other);
  expect(JSON.parse(String(parameter.Properties.Value))).toEqual({ default: 'on', products: { mortgage: 'off' } });
});
