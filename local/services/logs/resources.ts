import { physicalName, type ResourceHandler, unsupported } from '../../template/resource.ts';
import type { LogsService } from './logs-service.ts';

/** `AWS::Logs::SubscriptionFilter` to a function. */
export function subscriptionFilterHandler(logs: LogsService): ResourceHandler {
  return {
    type: 'AWS::Logs::SubscriptionFilter',
    honoured: ['DestinationArn', 'FilterName', 'FilterPattern', 'LogGroupName'],
    inert: {
      ApplyOnTransformedLogs: 'no transformers run here',
      Distribution: 'there are no shards',
      RoleArn: 'every caller on this machine may do everything',
    },
    provision(resource) {
      const { DestinationArn, FilterName, FilterPattern, LogGroupName } = resource.properties;
      if (String(FilterPattern ?? '') !== '') throw unsupported(resource, 'FilterPattern must be empty: every event is handed over');
      if (!/^arn:aws:lambda:/.test(String(DestinationArn)))
        throw unsupported(resource, `destination ${String(DestinationArn)}: only functions are supported`);
      const name = physicalName(resource, FilterName);
      logs.subscribe({ name, logGroup: String(LogGroupName), functionArn: String(DestinationArn) });
      return { ref: name };
    },
  };
}
