import type { JsonObject } from '../../kernel/kernel.ts';
import { booleanProperty, physicalName, type Resource, type ResourceHandler, refuseUnknown, unsupported } from '../../template/resource.ts';
import { EVENT_NAMES, type NotificationConfiguration, type NotificationTarget } from './notifications.ts';
import type { S3Service } from './s3-service.ts';

/** Kinds of change that there are on AWS and never here: nothing is replicated, archived, moved to another class or given to others. */
const NEVER =
  /^s3:(ObjectCreated:Post|ReducedRedundancyLostObject|(ObjectRestore|Replication):\S+|LifecycleTransition|IntelligentTiering|ObjectAcl:Put)$/;

/** How S3's API and CloudFormation each name the members of one list of a configuration. */
interface Words {
  readonly list: string;
  readonly arn: string;
  readonly events: string;
  readonly filter: readonly [outer: string, inner: string];
}

const API: readonly Words[] = [
  { list: 'LambdaFunctionConfigurations', arn: 'LambdaFunctionArn', events: 'Events', filter: ['Key', 'FilterRules'] },
  { list: 'QueueConfigurations', arn: 'QueueArn', events: 'Events', filter: ['Key', 'FilterRules'] },
  { list: 'TopicConfigurations', arn: 'TopicArn', events: 'Events', filter: ['Key', 'FilterRules'] },
];
const TEMPLATE: readonly Words[] = [
  { list: 'LambdaConfigurations', arn: 'Function', events: 'Event', filter: ['S3Key', 'Rules'] },
  { list: 'QueueConfigurations', arn: 'Queue', events: 'Event', filter: ['S3Key', 'Rules'] },
  { list: 'TopicConfigurations', arn: 'Topic', events: 'Event', filter: ['S3Key', 'Rules'] },
];

/** What CDK's constructs make of `addEventNotification` and `eventBridgeEnabled`: a resource of their own, in the words of S3's API. */
export function notificationsHandler(s3: S3Service): ResourceHandler {
  return {
    type: 'Custom::S3BucketNotifications',
    honoured: ['BucketName', 'NotificationConfiguration'],
    inert: {
      Managed: 'the configurations of all resources count',
      ServiceToken: 'this cloud does what the function behind it would',
      SkipDestinationValidation: 'nothing is sent to try a destination',
    },
    provision(resource) {
      const { BucketName: bucket, NotificationConfiguration: given } = resource.properties;
      const isOn = (given as JsonObject | undefined)?.EventBridgeConfiguration !== undefined;
      s3.notifications.configure(String(bucket), configurationOf(resource, given, API, isOn));
      return { ref: physicalName(resource, undefined) };
    },
  };
}

/** `NotificationConfiguration` of `AWS::S3::Bucket`. */
export function notificationsOf(resource: Resource): NotificationConfiguration | undefined {
  const given = resource.properties.NotificationConfiguration as JsonObject | undefined;
  if (given === undefined) return undefined;
  const bridge = given.EventBridgeConfiguration as { EventBridgeEnabled?: unknown } | undefined;
  refuseUnknown(resource, 'NotificationConfiguration.EventBridgeConfiguration', bridge, ['EventBridgeEnabled']);
  return configurationOf(resource, given, TEMPLATE, bridge !== undefined && booleanProperty(bridge.EventBridgeEnabled, true));
}

function configurationOf(resource: Resource, given: unknown, words: readonly Words[], eventBridge: boolean): NotificationConfiguration {
  const path = 'NotificationConfiguration';
  refuseUnknown(resource, path, given, ['EventBridgeConfiguration', ...words.map(({ list }) => list)]);
  const targets = words.flatMap((one) =>
    (((given ?? {}) as Record<string, JsonObject[]>)[one.list] ?? []).map((entry, index) =>
      targetOf(resource, `${path}.${one.list}[${index}]`, entry, one),
    ),
  );
  return { eventBridge, targets };
}

function targetOf(resource: Resource, path: string, entry: JsonObject, { arn, events, filter }: Words): NotificationTarget {
  refuseUnknown(resource, path, entry, ['Id', arn, events, 'Filter']);
  refuseUnknown(resource, `${path}.Filter`, entry.Filter, [filter[0]]);
  const named = [entry[events] ?? []].flat().map(String);
  const unknown = named.find((name) => !EVENT_NAMES.has(name) && !NEVER.test(name));
  if (unknown !== undefined) throw unsupported(resource, `${path}: ${unknown} is no event of S3`);
  const rules = (entry.Filter as Record<string, Record<string, { Name?: unknown; Value?: unknown }[]>> | undefined)?.[filter[0]]?.[
    filter[1]
  ];
  const ruled = (name: string) => String((rules ?? []).find(({ Name }) => String(Name).toLowerCase() === name)?.Value ?? '');
  return {
    id: String(entry.Id ?? resource.logicalId),
    arn: String(entry[arn]),
    events: named,
    prefix: ruled('prefix'),
    suffix: ruled('suffix'),
  };
}
