import { Duration } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { physicalName } from '../names.ts';
import type { Platform } from './platform.ts';

interface NoticesProps {
  readonly platform: Platform;
  readonly sender: lambda.Function;
}

/**
 * When messages outside the journeys go: acknowledgements as the table's stream brings the payments, reminders before a due date on
 * schedule. An acknowledgement is worth nothing after a minute, and the sender knows that: the mapping brings it what is older too, so that
 * what comes late is counted and recorded instead of lying among the dead letters as if it had to be worked.
 */
export class Notices extends Construct {
  constructor(scope: Construct, id: string, { platform, sender }: NoticesProps) {
    super(scope, id);
    const { config, table, deadLetterQueue } = platform;
    new lambda.EventSourceMapping(this, 'Payments', {
      target: sender,
      ...(table.tableStreamArn === undefined ? {} : { eventSourceArn: table.tableStreamArn }),
      startingPosition: lambda.StartingPosition.TRIM_HORIZON,
      batchSize: 10,
      // A shard takes 1,000 writes a second; ten records one after another, each with its provider, were a hundred receipts a minute.
      parallelizationFactor: 10,
      bisectBatchOnError: true,
      retryAttempts: 2,
      maxRecordAge: Duration.hours(1),
      onFailure: { bind: () => ({ destination: deadLetterQueue.queueArn }) },
      filters: [
        lambda.FilterCriteria.filter({
          eventName: lambda.FilterRule.isEqual('INSERT'),
          dynamodb: { Keys: { sk: { S: lambda.FilterRule.beginsWith('ACK#') } } },
        }),
      ],
    });
    new events.Rule(this, 'Schedule', {
      ruleName: physicalName(config, 'reminders-before-due'),
      description: 'Looks for statements that fall due and are not paid yet',
      schedule: events.Schedule.rate(Duration.minutes(30)),
      targets: [new targets.LambdaFunction(sender, { deadLetterQueue, retryAttempts: 2, maxEventAge: Duration.hours(1) })],
    });
  }
}
