import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { LambdaDestination } from 'aws-cdk-lib/aws-logs-destinations';
import * as ses from 'aws-cdk-lib/aws-ses';
import * as sns from 'aws-cdk-lib/aws-sns';
import { LambdaSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { Config } from '../config/schema.ts';
import { physicalName } from '../names.ts';
import type { Platform } from './platform.ts';

/** The set that our mail is sent by; by name, because the senders are made before it. Absent where mail does not leave by SES. */
export function configurationSetName(config: Config): string | undefined {
  return config.deployment.channels.email === 'aws' ? physicalName(config, 'messages') : undefined;
}

/**
 * What became of messages, from the services that took them to the function that learns from it: of mail by a topic, of text messages by
 * the log that SNS keeps for the whole account. What leaves by the bank's gateway is reported by the bank, as an event.
 */
export class Feedback extends Construct {
  readonly #platform: Platform;
  readonly #handler: lambda.Function;

  constructor(scope: Construct, id: string, props: { platform: Platform; handler: lambda.Function }) {
    super(scope, id);
    this.#platform = props.platform;
    this.#handler = props.handler;
    const { sender, deployment } = props.platform.config;
    const mail = configurationSetName(props.platform.config);
    if (mail !== undefined) this.#hearOfMail(mail);
    if (deployment.channels.sms === 'aws' && sender.smsStatusLog !== 'off') this.#hearOfTexts(sender.smsStatusLog);
  }

  /** Openings and clicks are nobody's business. @see https://docs.aws.amazon.com/ses/latest/dg/monitor-using-event-publishing.html */
  #hearOfMail(configurationSetName: string): void {
    const topic = new sns.Topic(this, 'Mail', {
      topicName: physicalName(this.#platform.config, 'mail-feedback'),
      masterKey: this.#platform.key,
      enforceSSL: true,
    });
    topic.addSubscription(new LambdaSubscription(this.#handler));
    new ses.ConfigurationSet(this, 'Messages', { configurationSetName }).addEventDestination('Feedback', {
      configurationSetEventDestinationName: physicalName(this.#platform.config, 'feedback'),
      destination: ses.EventDestination.snsTopic(topic),
      events: [ses.EmailSendingEvent.DELIVERY, ses.EmailSendingEvent.BOUNCE, ses.EmailSendingEvent.COMPLAINT, ses.EmailSendingEvent.REJECT],
    });
  }

  /**
   * The log is the account's and holds the numbers of all its text messages: it is passed on and gone after a day. Its name is SNS's own.
   * @see https://docs.aws.amazon.com/sns/latest/dg/sms_stats_cloudwatch.html
   */
  #hearOfTexts(group: 'created' | 'existing'): void {
    const { region, account } = Stack.of(this);
    const name = `sns/${region}/${account}/DirectPublishToPhoneNumber`;
    for (const [id, logGroupName] of [
      ['Texts', name],
      ['FailedTexts', `${name}/Failure`],
    ] as const) {
      const log =
        group === 'existing'
          ? logs.LogGroup.fromLogGroupName(this, id, logGroupName)
          : new logs.LogGroup(this, id, {
              logGroupName,
              encryptionKey: this.#platform.key,
              retention: logs.RetentionDays.ONE_DAY,
              removalPolicy: RemovalPolicy.DESTROY,
            });
      new logs.SubscriptionFilter(this, `${id}Feedback`, {
        logGroup: log,
        filterName: physicalName(this.#platform.config, 'feedback'),
        destination: new LambdaDestination(this.#handler),
        filterPattern: logs.FilterPattern.allEvents(),
      });
    }
  }
}
