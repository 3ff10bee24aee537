import type { JsonObject } from '../../kernel/kernel.ts';
import { booleanProperty, physicalName, type Resource, type ResourceHandler, refuseUnknown, unsupported } from '../../template/resource.ts';
import type { SesService } from './ses-service.ts';

export function sesHandlers(ses: SesService): ResourceHandler[] {
  return [identityHandler(ses), configurationSetHandler(ses), eventDestinationHandler(ses)];
}

function identityHandler(ses: SesService): ResourceHandler {
  return {
    type: 'AWS::SES::EmailIdentity',
    honoured: ['EmailIdentity', 'ConfigurationSetAttributes'],
    inert: {
      DkimAttributes: 'mail is not signed here',
      DkimSigningAttributes: 'mail is not signed here',
      FeedbackAttributes: 'what became of a mail is told through configuration sets, not by mail',
      MailFromAttributes: 'mail does not leave this machine',
      Tags: 'nothing reads tags',
    },
    provision({ properties }) {
      const identity = String(properties.EmailIdentity);
      ses.addIdentity(identity);
      const set = (properties.ConfigurationSetAttributes as { ConfigurationSetName?: string } | undefined)?.ConfigurationSetName;
      if (set !== undefined) ses.configurationSets().setDefault(identity, set);
      return {
        ref: identity,
        attributes: {
          DkimDNSTokenName1: '',
          DkimDNSTokenValue1: '',
          DkimDNSTokenName2: '',
          DkimDNSTokenValue2: '',
          DkimDNSTokenName3: '',
          DkimDNSTokenValue3: '',
        },
      };
    },
  };
}

function configurationSetHandler(ses: SesService): ResourceHandler {
  return {
    type: 'AWS::SES::ConfigurationSet',
    honoured: ['Name', 'SendingOptions'],
    inert: {
      ArchivingOptions: 'the outbox keeps every mail',
      DeliveryOptions: 'mail does not leave this machine',
      ReputationOptions: 'no metrics are published here',
      SuppressionOptions: 'there is no suppression list',
      Tags: 'nothing reads tags',
      TrackingOptions: 'nobody opens what lies in the outbox',
      VdmOptions: 'mail does not leave this machine',
    },
    provision(resource) {
      const sending = resource.properties.SendingOptions as { SendingEnabled?: unknown } | undefined;
      if (!booleanProperty(sending?.SendingEnabled, true)) throw unsupported(resource, 'sending cannot be paused in the embedded cloud');
      const name = physicalName(resource, resource.properties.Name);
      ses.configurationSets().create(name);
      return { ref: name };
    },
  };
}

/** The kinds of events by the template's names; the ones that never happen here may be asked for. */
const EVENT_TYPES = [
  'send',
  'reject',
  'bounce',
  'complaint',
  'delivery',
  'open',
  'click',
  'renderingfailure',
  'deliverydelay',
  'subscription',
];

function eventDestinationHandler(ses: SesService): ResourceHandler {
  return {
    type: 'AWS::SES::ConfigurationSetEventDestination',
    honoured: ['ConfigurationSetName', 'EventDestination'],
    provision(resource) {
      const set = String(resource.properties.ConfigurationSetName);
      const destination = (resource.properties.EventDestination ?? {}) as JsonObject;
      refuseUnknown(resource, 'EventDestination', destination, ['Enabled', 'MatchingEventTypes', 'Name', 'SnsDestination'], {
        CloudWatchDestination: 'no metrics are published here',
      });
      const name = String(destination.Name ?? resource.logicalId);
      const topicArn = (destination.SnsDestination as { TopicARN?: string } | undefined)?.TopicARN;
      const types = typesOf(resource, destination.MatchingEventTypes);
      if (topicArn !== undefined && booleanProperty(destination.Enabled, true))
        ses.configurationSets().addDestination(set, { name, topicArn, types });
      return { ref: `${set}|${name}`, attributes: { Id: `${set}|${name}` } };
    },
  };
}

function typesOf(resource: Resource, given: unknown): ReadonlySet<string> {
  const types = ((given ?? []) as string[]).map((type) => type.replaceAll('_', '').toLowerCase());
  for (const type of types)
    if (!EVENT_TYPES.includes(type)) throw unsupported(resource, `EventDestination.MatchingEventTypes has no type ${type}`);
  if (types.length === 0) throw unsupported(resource, 'EventDestination.MatchingEventTypes must name at least one type');
  return new Set(types);
}
