import { describe, expect, it } from 'vitest';
import { functionNames } from '../../infra/names.ts';
import {
  everything,
  type Json,
  resourcesOf,
  resourceWith,
  roleStatements,
  type Statement,
  statementsOf,
  synthesize,
} from './synthesized.ts';

const { data, app } = synthesize();
const functionNamed = (name: string) => resourceWith('AWS::Lambda::Function', 'FunctionName', `overdue-journeys-${name}`, app);
const allowed = (name: string): Statement[] => roleStatements(app, functionNamed(name)).filter(({ effect }) => effect === 'Allow');
const actionsOf = (name: string, service: string): string[] =>
  [...new Set(allowed(name).flatMap(({ actions }) => actions.filter((action) => action.startsWith(`${service}:`))))].sort();

const read = ['dynamodb:BatchGetItem', 'dynamodb:GetItem'];
const write = ['dynamodb:ConditionCheckItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'];
const query = ['dynamodb:Query'];
const stream = ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'];

describe('what a function may do', () => {
  it.each([
    { name: 'take-in-events', table: [...read, ...write, ...query], executions: ['states:SendTaskSuccess', 'states:StartExecution'] },
    { name: 'decide', table: read, executions: [] },
    { name: 'send-contact', table: [...read, ...write], executions: [] },
    { name: 'open-task', table: [...read, ...write], executions: [] },
    { name: 'record-step', table: [...read, ...write], executions: [] },
    { name: 'assemble-evidence', table: [...read, ...write, ...query], executions: [] },
    { name: 'move-case', table: [...read, ...write, 'dynamodb:Query'], executions: ['states:SendTaskSuccess', 'states:StartExecution'] },
    { name: 'publish-events', table: stream, executions: [] },
    { name: 'serve-api', table: [...read, ...write, ...query], executions: ['states:SendTaskSuccess', 'states:StartExecution'] },
    { name: 'take-in-feedback', table: [...read, ...write, ...query], executions: ['states:SendTaskSuccess', 'states:StartExecution'] },
    {
      name: 'sweep-cases',
      table: [...read, ...write, ...query],
      executions: ['states:DescribeExecution', 'states:SendTaskSuccess', 'states:StartExecution'],
    },
  ])('$name', ({ name, table, executions }) => {
    expect(actionsOf(name, 'dynamodb')).toEqual([...table].sort());
    expect(actionsOf(name, 'states')).toEqual(executions);
  });

  it('is each its own: no two share a role', () => {
    const roles = functionNames.map((name) => JSON.stringify(functionNamed(name).Properties.Role));
    expect(new Set(roles).size).toBe(functionNames.length);
  });

  it('is to send only for the senders: from our address, and to phone numbers but no topic', () => {
    // Act
    const senders = functionNames.filter((name) => [...actionsOf(name, 'ses'), ...actionsOf(name, 'sns')].length > 0);
    const statements = allowed('send-contact');
    // Assess
    expect(senders).toEqual(['send-contact', 'send-notices']);
    const mail = statements.find(({ actions }) => actions.includes('ses:SendEmail'));
    expect(mail?.conditions).toEqual({ StringEquals: { 'ses:FromAddress': 'notices@bank.example' } });
    expect(mail?.resources.toSorted()).toEqual([
      'arn:<AWS::Partition>:ses:<AWS::Region>:<AWS::AccountId>:configuration-set/overdue-journeys-messages',
      'arn:<AWS::Partition>:ses:<AWS::Region>:<AWS::AccountId>:identity/bank.example',
    ]);
    const sms = statements.find(({ actions }) => actions.includes('sns:Publish'));
    expect(JSON.stringify(sms?.raw.NotResource)).toContain(':sns:*:*:*');
    expect(sms?.raw.Resource).toBeUndefined();
  });

  it('is to read the kill switch only where messages are handed over', () => {
    expect(functionNames.filter((name) => actionsOf(name, 'ssm').length > 0)).toEqual(['send-contact', 'send-notices']);
  });

  it('is to put events only for the publisher, and under our own source', () => {
    // Act
    const publishers = functionNames.filter((name) => actionsOf(name, 'events').length > 0);
    const statement = allowed('publish-events').find(({ actions }) => actions.includes('events:PutEvents'));
    // Assess
    expect(publishers).toEqual(['publish-events']);
    expect(statement?.conditions).toEqual({ 'ForAllValues:StringEquals': { 'events:source': 'overdue-journeys' } });
  });

  it('reaches executions of the five machines only', () => {
    for (const name of functionNames) {
      for (const { actions, resources } of allowed(name).filter((statement) =>
        statement.actions.some((action) => action.startsWith('states:')),
      )) {
        expect(resources, `${name}: ${actions}`).toHaveLength(5);
        expect(
          resources.filter((arn) => !/:(stateMachine|execution):overdue-journeys-(reminder|call|plan|field-visit|legal)(:\*)?$/.test(arn)),
        ).toEqual([]);
      }
    }
  });
});

describe('nothing is wider than AWS makes it', () => {
  const statements = resourcesOf('AWS::IAM::Policy', data, app).flatMap(({ id, Properties }) =>
    statementsOf(Properties.PolicyDocument).map((statement) => ({ id, ...statement })),
  );

  it('no action is a wildcard, no role has a managed policy', () => {
    expect(statements.flatMap(({ actions }) => actions).filter((action) => action.includes('*'))).toEqual([]);
    expect(resourcesOf('AWS::IAM::Role', data, app).filter(({ Properties }) => Properties.ManagedPolicyArns !== undefined)).toEqual([]);
  });

  it('every resource is named, but for log deliveries, executions, messages and evidence', () => {
    // Act
    const wide = statements.filter(({ resources }) => resources.some((resource) => resource.includes('*')));
    // Assess
    const actions = new Set(wide.flatMap((statement) => statement.actions));
    expect(
      [...actions].filter((action) => !['states:DescribeExecution', 's3:PutObject'].includes(action) && !action.startsWith('logs:')),
    ).toEqual([]);
    expect(wide.filter(({ id }) => !/^SweepCases|^AssembleEvidence|^SendContact|^SendNotices|StateMachine/.test(id))).toEqual([]);
  });

  it('the key is used through a service or for one named thing, never at large', () => {
    const keyUses = statements.filter(({ actions }) => actions.some((action) => action.startsWith('kms:')));
    expect(keyUses.length).toBeGreaterThan(0);
    expect(keyUses.filter(({ conditions }) => !/kms:ViaService|kms:EncryptionContext/.test(JSON.stringify(conditions)))).toEqual([]);
  });

  it('everybody who starts or signals an execution may use the key for its machine', () => {
    for (const name of ['take-in-events', 'move-case', 'serve-api', 'sweep-cases', 'take-in-feedback']) {
      const uses = allowed(name).find(({ conditions }) => JSON.stringify(conditions).includes('aws:states:stateMachineArn'));
      expect(uses?.actions.sort(), name).toEqual(['kms:Decrypt', 'kms:GenerateDataKey']);
    }
  });
});

describe('the bus', () => {
  const policies = (template = data) =>
    resourcesOf('AWS::Events::EventBusPolicy', template).map(({ Properties }) => Properties.Statement as Json);

  it('takes bank events of the configured accounts', () => {
    const statement = policies().find(({ Sid }) => Sid === 'BankSystems');
    expect(statement).toMatchObject({
      Effect: 'Allow',
      Action: 'events:PutEvents',
      Condition: { 'ForAllValues:StringLike': { 'events:source': 'bank.*' }, Null: { 'events:source': 'false' } },
    });
    expect(JSON.stringify(statement?.Principal)).toContain('111122223333');
  });

  it('lets no other account speak in our name', () => {
    expect(policies().find(({ Effect }) => Effect === 'Deny')).toMatchObject({
      Principal: '*',
      Condition: {
        'ForAnyValue:StringEquals': { 'events:source': 'overdue-journeys' },
        StringNotEquals: { 'aws:PrincipalAccount': { Ref: 'AWS::AccountId' } },
      },
    });
  });

  it('is closed to other accounts where none is configured', () => {
    // Act
    const closed = synthesize({ ...everything, bankAccountIds: [] });
    // Assess
    expect(policies(closed.data).filter(({ Effect }) => Effect === 'Allow')).toEqual([]);
  });
});
