import { booleanProperty, physicalName, type Resource, type ResourceHandler, unsupported } from '../../template/resource.ts';
import { compilePattern } from '../events/pattern.ts';
import type { SnsService, Subscription } from './sns-service.ts';

const PROTOCOLS = ['sqs', 'lambda', 'email', 'email-json', 'sms'];

export function snsHandlers(sns: SnsService): ResourceHandler[] {
  return [
    {
      type: 'AWS::SNS::Topic',
      honoured: ['TopicName', 'Subscription'],
      inert: {
        DeliveryStatusLogging: 'no log is kept of what topics deliver',
        DisplayName: 'only shown in mails',
        KmsMasterKeyId: 'nothing is encrypted here',
        SignatureVersion: 'notifications are not signed here',
        TracingConfig: 'no traces are recorded here',
        Tags: 'nothing reads tags',
      },
      provision(resource) {
        const name = physicalName(resource, resource.properties.TopicName, 256);
        if (name.endsWith('.fifo')) throw unsupported(resource, 'FIFO topics are not supported by the embedded cloud');
        const arn = sns.createTopic(name);
        const subscriptions = (resource.properties.Subscription as { Protocol: string; Endpoint: string }[] | undefined) ?? [];
        for (const [index, item] of subscriptions.entries())
          sns.subscribe(arn, subscriptionOf(resource, item, `${arn}:${resource.logicalId}-${index}`));
        return { ref: arn, attributes: { TopicArn: arn, TopicName: name } };
      },
    },
    {
      type: 'AWS::SNS::Subscription',
      honoured: ['TopicArn', 'Protocol', 'Endpoint', 'RawMessageDelivery', 'FilterPolicy', 'FilterPolicyScope'],
      inert: {
        Region: 'there is one region',
        RedrivePolicy: 'a delivery within this process does not fail',
        DeliveryPolicy: 'only for HTTP endpoints',
      },
      provision(resource) {
        const topic = String(resource.properties.TopicArn);
        const arn = `${topic}:${resource.logicalId}`;
        sns.subscribe(topic, subscriptionOf(resource, resource.properties, arn));
        return { ref: arn, attributes: { Arn: arn } };
      },
    },
  ];
}

function subscriptionOf(resource: Resource, properties: Record<string, unknown>, arn: string): Subscription {
  const protocol = String(properties.Protocol);
  if (!PROTOCOLS.includes(protocol)) throw unsupported(resource, `protocol ${protocol} is not supported by the embedded cloud`);
  const filter = properties.FilterPolicy;
  return {
    arn,
    protocol: protocol as Subscription['protocol'],
    endpoint: String(properties.Endpoint),
    raw: booleanProperty(properties.RawMessageDelivery, false),
    filterScope: properties.FilterPolicyScope === 'MessageBody' ? 'MessageBody' : 'MessageAttributes',
    ...(filter !== undefined && { filter: compilePattern(typeof filter === 'string' ? JSON.parse(filter) : filter) }),
  };
}
