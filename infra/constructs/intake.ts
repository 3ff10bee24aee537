import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { physicalName } from '../names.ts';
import { receiveStatements } from './permissions.ts';
import type { Platform } from './platform.ts';

/** How long one invocation of the intake function may take; the queue's visibility follows from it. */
export const intakeTimeout = Duration.seconds(30);

/**
 * From the bus to the function, with nothing lost on the way: every `bank.*` event, known or not, is queued; what cannot be queued, or
 * fails five times, goes to the dead-letter queue. No detail type is filtered: an unknown one must be answered by `EventRejected`.
 */
export class Intake extends Construct {
  readonly queue: sqs.Queue;
  readonly #platform: Platform;

  constructor(scope: Construct, id: string, platform: Platform) {
    super(scope, id);
    this.#platform = platform;
    this.queue = new sqs.Queue(this, 'Queue', {
      queueName: physicalName(platform.config, 'intake'),
      encryption: sqs.QueueEncryption.KMS,
      encryptionMasterKey: platform.key,
      dataKeyReuse: Duration.hours(1),
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      // Six times the function's timeout, as AWS asks for: a throttled function must not see messages come back while it works.
      visibilityTimeout: Duration.seconds(6 * intakeTimeout.toSeconds()),
      deadLetterQueue: { queue: platform.deadLetterQueue, maxReceiveCount: 5 },
      removalPolicy: platform.config.removalPolicy === 'retain' ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    new events.Rule(this, 'Rule', {
      ruleName: physicalName(platform.config, 'bank-events'),
      description: 'Everything bank systems say',
      eventBus: platform.bus,
      eventPattern: { source: events.Match.prefix('bank.') },
      targets: [
        new targets.SqsQueue(this.queue, {
          deadLetterQueue: platform.deadLetterQueue,
          maxEventAge: Duration.hours(24),
          retryAttempts: 185,
        }),
      ],
    });
  }

  /**
   * Ten at a time and ten batches at once: a payment file of 100,000 rows is worked in minutes, and no faster than Step Functions
   * takes signals.
   */
  feed(handler: lambda.Function): void {
    for (const statement of receiveStatements(this.#platform, this.queue.queueArn)) handler.addToRolePolicy(statement);
    new lambda.EventSourceMapping(this, 'Mapping', {
      target: handler,
      eventSourceArn: this.queue.queueArn,
      batchSize: 10,
      maxConcurrency: 10,
      reportBatchItemFailures: true,
    });
  }
}
