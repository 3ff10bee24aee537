import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sns from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { type FunctionName, functionNames, pascalCase, physicalName, type Stage, stages } from '../names.ts';
import type { Platform } from './platform.ts';

/** What is watched. */
interface AlarmsProps {
  readonly platform: Platform;
  readonly intake: sqs.IQueue;
  readonly functions: Readonly<Record<FunctionName, lambda.IFunction>>;
  readonly machines: Readonly<Record<Stage, sfn.IStateMachine>>;
}

const period = Duration.minutes(5);

/**
 * What wakes somebody up. Each alarm means that cases stand still or events wait, and docs/runbooks/deploy.md says for each what to
 * do; there is none that may be ignored.
 */
export class Alarms extends Construct {
  readonly topic: sns.Topic;
  readonly #prefix: (name: string) => string;

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    this.#prefix = (name) => physicalName(props.platform.config, name);
    this.topic = this.#createTopic(props.platform);
    this.#watchQueues(props);
    for (const stage of stages) this.#watchMachine(stage, props.machines[stage]);
    for (const name of functionNames) this.#watchFunction(name, props.functions[name]);
    this.#watchPublisher(props.functions['publish-events']);
    this.#watchSweep(props.platform);
    this.#watchReminders(props.platform);
  }

  #createTopic(platform: Platform): sns.Topic {
    const topic = new sns.Topic(this, 'Topic', {
      topicName: this.#prefix('alarms'),
      displayName: `Alarms of ${platform.config.prefix}`,
      masterKey: platform.key,
      enforceSSL: true,
    });
    topic.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'Alarms',
        principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': topic.env.account } },
      }),
    );
    if (platform.config.alarmEmail !== undefined) topic.addSubscription(new EmailSubscription(platform.config.alarmEmail));
    return topic;
  }

  #watchQueues(props: AlarmsProps): void {
    const { deadLetterQueue } = props.platform;
    this.#alarm('DeadLetters', {
      description: 'Events were rejected or could not be worked; each waits in the dead-letter queue with its reason.',
      metric: deadLetterQueue.metricApproximateNumberOfMessagesVisible({ period, statistic: cloudwatch.Stats.MAXIMUM }),
      threshold: 0,
    });
    this.#alarm('IntakeAge', {
      description: 'Events of the bank wait for more than 15 minutes: payments may come too late to stop a message.',
      metric: props.intake.metricApproximateAgeOfOldestMessage({ period, statistic: cloudwatch.Stats.MAXIMUM }),
      threshold: Duration.minutes(15).toSeconds(),
    });
  }

  #watchMachine(stage: Stage, machine: sfn.IStateMachine): void {
    const usingMetrics = {
      failed: machine.metricFailed({ period }),
      timedOut: machine.metricTimedOut({ period }),
      aborted: machine.metricAborted({ period }),
    };
    this.#alarm(`${pascalCase(stage)}Executions`, {
      description: `Executions of the ${stage} stage ended without handing over or closing. The sweep starts them again; find out why.`,
      metric: new cloudwatch.MathExpression({ expression: 'failed + timedOut + aborted', usingMetrics, period, label: 'Ended badly' }),
      threshold: 0,
    });
  }

  #watchFunction(name: FunctionName, handler: lambda.IFunction): void {
    this.#alarm(`${pascalCase(name)}Errors`, {
      description: `${name} fails. Its callers try again; what they give up goes to the dead-letter queue or fails an execution.`,
      metric: handler.metricErrors({ period }),
      threshold: 0,
      periodsOutOfThree: 2,
    });
    this.#alarm(`${pascalCase(name)}Throttles`, {
      description: `${name} is refused by Lambda: the account's concurrency is used up.`,
      metric: handler.metricThrottles({ period }),
      threshold: 0,
      periodsOutOfThree: 2,
    });
  }

  #watchPublisher(publisher: lambda.IFunction): void {
    this.#alarm('EventsOutAge', {
      description: 'Events to the bank are more than 15 minutes late. The stream keeps them for 24 hours, no longer.',
      metric: publisher.metric('IteratorAge', { period, statistic: cloudwatch.Stats.MAXIMUM }),
      threshold: Duration.minutes(15).toMilliseconds(),
    });
  }

  /** The sweep reports at every run, also zero: silence means that it does not run, and is as bad. */
  #watchSweep(platform: Platform): void {
    this.#alarm('OverdueWakeUps', {
      description: 'Cases slept past their wake-up time, or the sweep that looks for them does not run.',
      metric: new cloudwatch.Metric({
        namespace: 'OverdueJourneys',
        metricName: 'OverdueWakeUps',
        dimensionsMap: { service: platform.config.prefix },
        statistic: cloudwatch.Stats.MAXIMUM,
        // As long as between two sweeps: a shorter period would find some without a report.
        period: Duration.minutes(10),
      }),
      threshold: 0,
      periodsOutOfThree: 3,
      missingData: cloudwatch.TreatMissingData.BREACHING,
    });
  }

  /** An account that fails holds up no other, and the function itself does not fail: only this says so. */
  #watchReminders(platform: Platform): void {
    this.#alarm('FailedReminders', {
      description: 'Reminders before a due date fail run after run, or the run that sends them does not come.',
      metric: new cloudwatch.Metric({
        namespace: 'OverdueJourneys',
        metricName: 'FailedReminders',
        dimensionsMap: { service: platform.config.prefix },
        statistic: cloudwatch.Stats.MAXIMUM,
        // As long as between two runs.
        period: Duration.minutes(30),
      }),
      threshold: 0,
      periodsOutOfThree: 2,
      missingData: cloudwatch.TreatMissingData.BREACHING,
    });
  }

  #alarm(
    id: string,
    props: {
      description: string;
      metric: cloudwatch.IMetric;
      /** Alarms above it. */
      threshold: number;
      /** How many of the last three periods must be above it; without it, one single period is enough. */
      periodsOutOfThree?: 2 | 3;
      missingData?: cloudwatch.TreatMissingData;
    },
  ): void {
    const alarm = new cloudwatch.Alarm(this, id, {
      alarmName: this.#prefix(id),
      alarmDescription: props.description,
      metric: props.metric,
      threshold: props.threshold,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: props.periodsOutOfThree === undefined ? 1 : 3,
      datapointsToAlarm: props.periodsOutOfThree ?? 1,
      treatMissingData: props.missingData ?? cloudwatch.TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(this.topic));
    alarm.addOkAction(new SnsAction(this.topic));
  }
}
