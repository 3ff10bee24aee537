import { describe, expect, it } from 'vitest';
import { functionNames, pascalCase, stages } from '../../infra/names.ts';
import { type Json, readable, resourcesOf, resourceWith, synthesize } from './synthesized.ts';

const { app } = synthesize();
const alarm = (name: string) => resourceWith('AWS::CloudWatch::Alarm', 'AlarmName', `overdue-journeys-${name}`, app);

describe('alarms', () => {
  it('are there for queues, events out, wake-ups, reminders, every machine and every function, and no others', () => {
    // Act
    const names = resourcesOf('AWS::CloudWatch::Alarm', app).map(({ Properties }) =>
      String(Properties.AlarmName).replace('overdue-journeys-', ''),
    );
    // Assess
    const expected = [
      'DeadLetters',
      'IntakeAge',
      'EventsOutAge',
      'OverdueWakeUps',
      'FailedReminders',
      ...stages.map((stage) => `${pascalCase(stage)}Executions`),
      ...functionNames.flatMap((name) => [`${pascalCase(name)}Errors`, `${pascalCase(name)}Throttles`]),
    ];
    expect(names.sort()).toEqual(expected.sort());
  });

  it('tell the topic, when they begin and when they end', () => {
    const topic = resourceWith('AWS::SNS::Topic', 'TopicName', 'overdue-journeys-alarms', app);
    for (const { Properties } of resourcesOf('AWS::CloudWatch::Alarm', app)) {
      expect([Properties.AlarmActions, Properties.OKActions]).toEqual([[{ Ref: topic.id }], [{ Ref: topic.id }]]);
    }
    const heard = resourcesOf('AWS::SNS::Subscription', app).filter(({ Properties }) => readable(Properties.TopicArn) === `<${topic.id}>`);
    expect(heard.map(({ Properties }) => [Properties.Protocol, Properties.Endpoint])).toEqual([
      ['email', 'collections-oncall@bank.example'],
    ]);
  });

  it('of a machine count executions that failed, timed out or were stopped', () => {
    const metrics = (alarm('LegalExecutions').Properties.Metrics as Json[]).flatMap(({ MetricStat }) =>
      MetricStat === undefined ? [] : [(MetricStat as Json).Metric as Json],
    );
    expect(metrics.map(({ MetricName }) => MetricName)).toEqual(['ExecutionsFailed', 'ExecutionsTimedOut', 'ExecutionsAborted']);
    const machine = resourceWith('AWS::StepFunctions::StateMachine', 'StateMachineName', 'overdue-journeys-legal', app);
    expect(new Set(metrics.map(({ Dimensions }) => readable((Dimensions as Json[])[0]?.Value)))).toEqual(new Set([`<${machine.id}>`]));
  });

  it('of wake-ups also rings when the sweep is silent, and means this installation only', () => {
    expect(alarm('OverdueWakeUps').Properties).toMatchObject({
      Namespace: 'OverdueJourneys',
      MetricName: 'OverdueWakeUps',
      Dimensions: [{ Name: 'service', Value: 'overdue-journeys' }],
      TreatMissingData: 'breaching',
    });
    const sweep = resourceWith('AWS::Lambda::Function', 'FunctionName', 'overdue-journeys-sweep-cases', app);
    expect(((sweep.Properties.Environment as Json).Variables as Json).POWERTOOLS_SERVICE_NAME).toBe('overdue-journeys');
  });

  it('of reminders also rings when their run is silent, and means this installation only', () => {
    expect(alarm('FailedReminders').Properties).toMatchObject({
      Namespace: 'OverdueJourneys',
      MetricName: 'FailedReminders',
      Dimensions: [{ Name: 'service', Value: 'overdue-journeys' }],
      Threshold: 0,
      TreatMissingData: 'breaching',
    });
    const sender = resourceWith('AWS::Lambda::Function', 'FunctionName', 'overdue-journeys-send-notices', app);
    expect(((sender.Properties.Environment as Json).Variables as Json).POWERTOOLS_SERVICE_NAME).toBe('overdue-journeys');
  });

  it('of dead letters rings at the first', () => {
    expect(alarm('DeadLetters').Properties).toMatchObject({
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
      EvaluationPeriods: 1,
    });
  });
});
