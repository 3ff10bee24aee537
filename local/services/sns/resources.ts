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
        for (const item of (resource.properties.Subscription as { Protocol: string; Endpoint: string }[] | undefined) ?? [])
          sns.subscribe(arn, subscriptionOf(resource, item));
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
        sns.subscribe(topic, subscriptionOf(resource, resource.properties));
        return { ref: `${topic}:${resource.logicalId}`, attributes: { Arn: `${topic}:${resource.logicalId}` } };
      },
    },
  ];
}

function subscriptionOf(resource: Resource, properties: Record<string, unknown>): Subscription {
  const protocol = String(properties.Protocol);
  if (!PROTOCOLS.includes(protocol)) throw unsupported(resource, `protocol ${protocol} is not supported by the embedded cloud`);
  const filter = properties.FilterPolicy;
  return {
    protocol: protocol as Subscription['protocol'],
    endpoint: String(properties.Endpoint),
    raw: booleanProperty(properties.RawMessageDelivery, false),
    filterScope: properties.FilterPolicyScope === 'MessageBody' ? 'MessageBody' : 'MessageAttributes',
    ...(filter !== undefined && { filter: compilePattern(typeof filter === 'string' ? JSON.parse(filter) : filter) }),
  };
}
