import { describe, expect, it } from 'vitest';
import { functionNames } from '../../infra/names.ts';
import { at, listOf, readable, resourcesOf, resourceWith, roleStatements, statementsOf, synthesize } from './synthesized.ts';

const { data, app } = synthesize();
const deadLetters = 'DeadLetters';
const functionNamed = (name: string) => resourceWith('AWS::Lambda::Function', 'FunctionName', `overdue-journeys-${name}`, app);
const rule = (name: string) => resourceWith('AWS::Events::Rule', 'Name', `overdue-journeys-${name}`, app);

describe('events in', () => {
  const intake = resourceWith('AWS::SQS::Queue', 'QueueName', 'overdue-journeys-intake', app);
  const mapping = resourceWith('AWS::Lambda::EventSourceMapping', 'EventSourceArn', { 'Fn::GetAtt': [intake.id, 'Arn'] }, app);

  it('are queued whatever their type: an unknown one must be rejected, not dropped', () => {
    const { Properties } = rule('bank-events');
    expect(Properties.EventPattern).toEqual({ source: [{ prefix: 'bank.' }] });
    expect(listOf(Properties.Targets).map((target) => readable(at(target, 'Arn')))).toEqual([`<${intake.id}.Arn>`]);
  });

  it('are worked in small batches whose failures are told one by one', () => {
    expect(mapping.Properties).toMatchObject({
      BatchSize: 10,
      ScalingConfig: { MaximumConcurrency: 10 },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      FunctionName: { Ref: functionNamed('take-in-events').id },
    });
  });

  it('come back only after six timeouts of the function, and five times', () => {
    const timeout = Number(functionNamed('take-in-events').Properties.Timeout);
    expect(Number(intake.Properties.VisibilityTimeout)).toBeGreaterThanOrEqual(6 * timeout);
    expect(intake.Properties.RedrivePolicy).toMatchObject({ maxReceiveCount: 5 });
    expect(readable(at(intake, 'Properties', 'RedrivePolicy', 'deadLetterTargetArn'))).toContain(deadLetters);
  });
});

describe('events out', () => {
  const mapping = resourcesOf('AWS::Lambda::EventSourceMapping', app).find(({ Properties }) =>
    readable(Properties.EventSourceArn).includes('StreamArn'),
  );

  it('come from new timeline entries and rejections, and from nothing else', () => {
    // Act
    const filters = listOf(at(mapping, 'Properties', 'FilterCriteria', 'Filters')).map((filter) =>
      JSON.parse(String(at(filter, 'Pattern'))),
    );
    // Assess
    expect(filters).toEqual([
      { eventName: ['INSERT'], dynamodb: { Keys: { sk: { S: [{ prefix: 'T#' }] } } } },
      { eventName: ['INSERT'], dynamodb: { Keys: { pk: { S: [{ prefix: 'REJECTED#' }] } } } },
    ]);
    expect(mapping?.Properties.FunctionName).toEqual({ Ref: functionNamed('publish-events').id });
  });

  it('do not stop for ever at one that cannot be published', () => {
    expect(mapping?.Properties).toMatchObject({ BatchSize: 100, BisectBatchOnFunctionError: true, StartingPosition: 'TRIM_HORIZON' });
    expect(Number(mapping?.Properties.MaximumRetryAttempts)).toBeGreaterThan(0);
    expect(readable(at(mapping, 'Properties', 'DestinationConfig', 'OnFailure', 'Destination'))).toContain(deadLetters);
  });
});

it('payments to acknowledge are worked beside each other, and brought to their sender when they are late too', () => {
  const sender = functionNamed('send-notices');
  const mapping = resourceWith('AWS::Lambda::EventSourceMapping', 'FunctionName', { Ref: sender.id }, app);
  expect(mapping.Properties.ParallelizationFactor).toBe(10);
  expect(Number(mapping.Properties.MaximumRecordAgeInSeconds)).toBeGreaterThan(60);
});

describe('the sweep', () => {
  it('runs every ten minutes and when an execution of ours died', () => {
    expect(rule('sweep').Properties.ScheduleExpression).toBe('rate(10 minutes)');
    const pattern = rule('dead-executions').Properties.EventPattern;
    expect(pattern).toMatchObject({ source: ['aws.states'], 'detail-type': ['Step Functions Execution Status Change'] });
    expect(at(pattern, 'detail', 'status')).toEqual(['FAILED', 'TIMED_OUT', 'ABORTED']);
    expect(
      listOf(at(pattern, 'detail', 'stateMachineArn'))
        .map(readable)
        .map((arn) => arn.split(':').pop()),
    ).toEqual([
      'overdue-journeys-reminder',
      'overdue-journeys-call',
      'overdue-journeys-plan',
      'overdue-journeys-field-visit',
      'overdue-journeys-legal',
    ]);
    for (const name of ['sweep', 'dead-executions']) {
      expect(listOf(rule(name).Properties.Targets).map((target) => readable(at(target, 'Arn')))).toEqual([
        `<${functionNamed('sweep-cases').id}.Arn>`,
      ]);
    }
  });

  it('ends before the next begins', () => {
    expect(Number(functionNamed('sweep-cases').Properties.Timeout)).toBeLessThan(300);
  });
});

describe('dead letters', () => {
  const queue = resourceWith('AWS::SQS::Queue', 'QueueName', 'overdue-journeys-dead-letters', data);

  it('stay as long as SQS keeps anything', () => {
    expect(queue.Properties.MessageRetentionPeriod).toBe(14 * 24 * 3600);
  });

  it('are where every asynchronous edge ends: each rule, the bus, and the function that rules invoke', () => {
    for (const { id, Properties } of resourcesOf('AWS::Events::Rule', app)) {
      const targets = listOf(Properties.Targets);
      expect(targets.length, id).toBeGreaterThan(0);
      for (const target of targets) expect(readable(at(target, 'DeadLetterConfig', 'Arn')), id).toContain(deadLetters);
    }
    expect(readable(at(resourcesOf('AWS::Events::EventBus', data)[0], 'Properties', 'DeadLetterConfig', 'Arn'))).toContain(deadLetters);
    expect(readable(at(functionNamed('sweep-cases'), 'Properties', 'DeadLetterConfig', 'TargetArn'))).toContain(deadLetters);
  });

  it('are taken from every rule by its name, from the bus, and from nobody else', () => {
    // Prepare
    const policy = resourcesOf('AWS::SQS::QueuePolicy', data)[0];
    const statement = statementsOf(policy?.Properties.PolicyDocument).find(({ effect }) => effect === 'Allow');
    const patterns = listOf(at(statement?.conditions, 'ArnLike', 'aws:SourceArn')).map(readable);
    const prefix = 'arn:<AWS::Partition>:events:<AWS::Region>:<AWS::AccountId>:';
    // Act
    const sources = resourcesOf('AWS::Events::Rule', app).map(({ Properties }) =>
      Properties.EventBusName === undefined ? `${prefix}rule/${Properties.Name}` : `${prefix}rule/overdue-journeys/${Properties.Name}`,
    );
    const matches = (source: string): boolean => patterns.some((pattern) => new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(source));
    // Assess
    expect([...sources, `${prefix}event-bus/overdue-journeys`].filter((source) => !matches(source))).toEqual([]);
    expect(matches(`${prefix}rule/somebody-elses`)).toBe(false);
    expect(statement?.raw.Principal).toEqual({ Service: 'events.amazonaws.com' });
  });

  it.each(functionNames)('can be written by %s only where it has to', (name) => {
    // Act
    const statements = roleStatements(app, functionNamed(name));
    // Assess
    const has = ['publish-events', 'send-notices', 'sweep-cases', 'take-in-feedback'].includes(name);
    const sends = statements.filter(({ actions, resources }) => actions.includes('sqs:SendMessage') && resources[0]?.includes(deadLetters));
    expect(sends).toHaveLength(has ? 1 : 0);
    const keys = statements.filter(
      ({ actions, conditions }) => actions.includes('kms:GenerateDataKey') && JSON.stringify(conditions).includes('sqs.'),
    );
    expect(keys).toHaveLength(has ? 1 : 0);
  });
});

it('no queue or topic takes anything unencrypted in transit', () => {
  for (const type of ['AWS::SQS::QueuePolicy', 'AWS::SNS::TopicPolicy']) {
    const policies = resourcesOf(type, data, app);
    expect(policies.length).toBeGreaterThan(0);
    for (const { id, Properties } of policies) {
      const denials = statementsOf(Properties.PolicyDocument).filter(({ effect }) => effect === 'Deny');
      expect(
        denials.map(({ conditions }) => conditions),
        id,
      ).toEqual([{ Bool: { 'aws:SecureTransport': 'false' } }]);
    }
  }
});
