import { Aws, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

/**
 * The one customer-managed key of an installation: table, stream, queues, bus, archive, alarm topic, logs, machines and function
 * environments. Roles of the account get their rights from their own policies, narrowed by `kms:ViaService` or the encryption
 * context; this policy adds only what AWS services need under their own names. It refers to nothing of the app stack, which would
 * make the stacks depend on each other in a circle.
 */
export class CustomerKey extends Construct {
  readonly key: kms.Key;

  constructor(scope: Construct, id: string, props: { prefix: string; removalPolicy: RemovalPolicy }) {
    super(scope, id);
    this.key = new kms.Key(this, 'Key', {
      alias: props.prefix,
      description: `Everything that ${props.prefix} stores`,
      enableKeyRotation: true,
      removalPolicy: props.removalPolicy,
    });
    this.allowServices();
    this.allowLogs(props.prefix);
  }

  /**
   * EventBridge stores events of the encrypted bus and puts them on encrypted queues; CloudWatch alarms and SES publish to encrypted
   * topics. All only for this account.
   * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-encryption-event-bus-cmkey.html
   */
  private allowServices(): void {
    for (const [sid, service] of [
      ['EventBridge', 'events.amazonaws.com'],
      ['CloudWatchAlarms', 'cloudwatch.amazonaws.com'],
      ['MailFeedback', 'ses.amazonaws.com'],
    ] as const) {
      this.key.addToResourcePolicy(
        new iam.PolicyStatement({
          sid,
          principals: [new iam.ServicePrincipal(service)],
          actions: ['kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKey'],
          resources: ['*'],
          conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
        }),
      );
    }
  }

  /**
   * CloudWatch Logs encrypts our log groups; log delivery decrypts what machines with a customer key hand it.
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
   * @see https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html
   */
  private allowLogs(prefix: string): void {
    const { region, account, partition } = Stack.of(this);
    const logs = `arn:${partition}:logs:${region}:${account}`;
    this.key.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'Logs',
        principals: [new iam.ServicePrincipal(`logs.${region}.${Aws.URL_SUFFIX}`)],
        actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
        resources: ['*'],
        conditions: {
          ArnLike: {
            'kms:EncryptionContext:aws:logs:arn': [
              `${logs}:log-group:/aws/*/${prefix}-*`,
              // What became of text messages: SNS chooses the name.
              `${logs}:log-group:sns/${region}/${account}/DirectPublishToPhoneNumber*`,
            ],
          },
        },
      }),
    );
    this.key.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'LogDeliveryOfStateMachines',
        principals: [new iam.ServicePrincipal('delivery.logs.amazonaws.com')],
        actions: ['kms:Decrypt'],
        resources: ['*'],
        conditions: { StringEquals: { 'kms:EncryptionContext:SourceArn': `${logs}:*` } },
      }),
    );
  }
}
