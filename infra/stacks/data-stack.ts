import { Aws, CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { type Config, usesGateway } from '../config/schema.ts';
import { acknowledge } from '../constructs/acknowledge.ts';
import { CustomerKey } from '../constructs/customer-key.ts';
import { EvidenceStore, evidenceBucketName } from '../constructs/evidence-store.ts';
import { MessageStore } from '../constructs/message-store.ts';
import { ownSource, physicalName } from '../names.ts';

/**
 * Everything that must survive a deployment of the application: key, case table, bus with archive, dead-letter queue, kill switch.
 * Kept apart so that the app stack can be rolled back, or deleted and made again, without touching a case.
 */
export class DataStack extends Stack {
  readonly key: kms.Key;
  readonly table: dynamodb.TableV2;
  readonly bus: events.EventBus;
  readonly deadLetterQueue: sqs.Queue;
  readonly sendingParameter: ssm.StringParameter;
  readonly #config: Config;
  readonly #removalPolicy: RemovalPolicy;

  constructor(scope: Construct, id: string, props: StackProps & { config: Config }) {
    super(scope, id, props);
    this.#config = props.config;
    this.#removalPolicy = props.config.removalPolicy === 'retain' ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
    this.key = new CustomerKey(this, 'CustomerKey', { prefix: props.config.prefix, removalPolicy: this.#removalPolicy }).key;
    this.table = this.#createTable();
    this.deadLetterQueue = this.#createDeadLetterQueue();
    this.bus = this.#createBus();
    this.sendingParameter = new ssm.StringParameter(this, 'Sending', {
      parameterName: `/${props.config.prefix}/sending`,
      description: 'Whether messages leave, by default and per product: the kill switch (docs/runbooks/deploy.md)',
      stringValue: JSON.stringify(props.config.sending),
    });
    if (usesGateway(props.config))
      new MessageStore(this, 'Messages', { config: props.config, key: this.key, removalPolicy: this.#removalPolicy });
    new EvidenceStore(this, 'Evidence', { config: props.config, key: this.key, removalPolicy: this.#removalPolicy });
    new CfnOutput(this, 'EvidenceBucketName', { value: evidenceBucketName(props.config), description: 'Evidence packs, under lock' });
    new CfnOutput(this, 'EventBusName', { value: this.bus.eventBusName, description: 'The bus bank systems put events on' });
    new CfnOutput(this, 'CaseTableName', { value: this.table.tableName, description: 'The table of accounts, cases, customers and tasks' });
    new CfnOutput(this, 'DeadLetterQueueUrl', {
      value: this.deadLetterQueue.queueUrl,
      description: 'Originals of rejected events, and what could not be delivered or worked',
    });
  }

  /**
   * One table for ledger, cases, customers, timeline and tasks. The stream carries new images only: it feeds the publisher of events,
   * which sends what was written and never compares.
   */
  #createTable(): dynamodb.TableV2 {
    const text = (name: string): dynamodb.Attribute => ({ name, type: dynamodb.AttributeType.STRING });
    const table = new dynamodb.TableV2(this, 'Cases', {
      tableName: physicalName(this.#config, 'cases'),
      partitionKey: text('pk'),
      sortKey: text('sk'),
      billing: dynamodb.Billing.onDemand(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: this.#config.deletionProtection,
      dynamoStream: dynamodb.StreamViewType.NEW_IMAGE,
      timeToLiveAttribute: 'expiresAt',
      removalPolicy: this.#removalPolicy,
      globalSecondaryIndexes: [
        {
          // Sparse and keys only: the sweep reads the item itself, since an index may lag.
          indexName: 'cases-by-sweep',
          partitionKey: text('sweepShard'),
          sortKey: text('sweepAt'),
          projectionType: dynamodb.ProjectionType.KEYS_ONLY,
        },
        {
          indexName: 'tasks-by-queue',
          partitionKey: text('taskQueue'),
          sortKey: text('taskOrder'),
          projectionType: dynamodb.ProjectionType.ALL,
        },
      ],
    });
    // TableV2's own property for the key refuses stacks without a fixed Region, because it wants one key per replica; we have one of each.
    const resource = table.node.defaultChild as dynamodb.CfnGlobalTable;
    resource.addPropertyOverride('SSESpecification', { SSEEnabled: true, SSEType: 'KMS' });
    resource.addPropertyOverride('Replicas.0.SSESpecification', { KMSMasterKeyId: this.key.keyArn });
    return table;
  }

  /**
   * The one place where anything ends that could not be worked: originals of rejected events, messages past their last receive,
   * undeliverable events, stream records past their retries. EventBridge may send on behalf of our rules, named by prefix because they
   * live in the app stack, and of the bus itself, for events it cannot decrypt.
   */
  #createDeadLetterQueue(): sqs.Queue {
    const queue = new sqs.Queue(this, 'DeadLetters', {
      queueName: physicalName(this.#config, 'dead-letters'),
      encryption: sqs.QueueEncryption.KMS,
      encryptionMasterKey: this.key,
      dataKeyReuse: Duration.hours(1),
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      removalPolicy: this.#removalPolicy,
    });
    acknowledge(queue, 'AwsSolutions-SQS3', 'It is the dead-letter queue of the app stack, which the rule cannot see from here.');
    const arn = (resource: string, resourceName: string): string => this.formatArn({ service: 'events', resource, resourceName });
    queue.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'UndeliverableEvents',
        principals: [new iam.ServicePrincipal('events.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [queue.queueArn],
        conditions: {
          ArnLike: {
            'aws:SourceArn': [
              arn('rule', physicalName(this.#config, '*')),
              arn('rule', `${this.#config.eventBusName}/${physicalName(this.#config, '*')}`),
              arn('event-bus', this.#config.eventBusName),
            ],
          },
        },
      }),
    );
    return queue;
  }

  /** Key and dead-letter queue are set below CDK's construct: what it would add to their policies refers back, in a circle. */
  #createBus(): events.EventBus {
    const bus = new events.EventBus(this, 'Bus', {
      eventBusName: this.#config.eventBusName,
      description: 'Events from bank systems, and what came of them',
    });
    const resource = bus.node.defaultChild as events.CfnEventBus;
    resource.kmsKeyIdentifier = this.key.keyArn;
    resource.deadLetterConfig = { arn: this.deadLetterQueue.queueArn };
    this.#archive(bus);
    this.#guard(bus);
    return bus;
  }

  /**
   * A year of events for replay after a fault of ours; every event has an identity, so a replay changes nothing twice.
   * `CustomerUpdated` is left out: an archive cannot forget one person, and the bank can send it again at any time.
   */
  #archive(bus: events.EventBus): void {
    const archive = new events.Archive(this, 'Archive', {
      archiveName: physicalName(this.#config, 'events'),
      sourceEventBus: bus,
      description: 'Everything on the bus but personal data',
      eventPattern: { detailType: events.Match.anythingBut('CustomerUpdated') },
      retention: Duration.days(365),
    });
    const resource = archive.node.defaultChild as events.CfnArchive;
    resource.kmsKeyIdentifier = this.key.keyArn;
  }

  /**
   * Who may put events from outside the account: configured bank accounts, under `bank.*` only. The denial holds whatever a later
   * statement allows. `events:source` has one value per entry of a request; the set operators read it as one or many.
   */
  #guard(bus: events.EventBus): void {
    this.#addStatement(bus, {
      sid: 'OwnSourceStaysInTheAccount',
      effect: iam.Effect.DENY,
      principals: [new iam.StarPrincipal()],
      conditions: {
        'ForAnyValue:StringEquals': { 'events:source': ownSource },
        StringNotEquals: { 'aws:PrincipalAccount': Aws.ACCOUNT_ID },
      },
    });
    if (this.#config.bankAccountIds.length === 0) return;
    this.#addStatement(bus, {
      sid: 'BankSystems',
      principals: this.#config.bankAccountIds.map((accountId) => new iam.AccountPrincipal(accountId)),
      conditions: { 'ForAllValues:StringLike': { 'events:source': 'bank.*' }, Null: { 'events:source': 'false' } },
    });
  }

  #addStatement(bus: events.EventBus, props: iam.PolicyStatementProps & { sid: string }): void {
    const statement = new iam.PolicyStatement({ ...props, actions: ['events:PutEvents'], resources: [bus.eventBusArn] });
    new events.CfnEventBusPolicy(this, props.sid, {
      eventBusName: bus.eventBusName,
      statementId: props.sid,
      statement: statement.toStatementJson(),
    });
  }
}
