import { numberProperty, physicalName, type Resource, type ResourceHandler, refuseUnknown, unsupported } from '../../template/resource.ts';
import { isTarget, MAXIMUM_AGE_SECONDS_DEFAULT, RETRIES_DEFAULT, type Target } from './deliveries.ts';
import { busArn, busName, type EventsService, ruleArn } from './events-service.ts';
import { compilePattern, type EventPattern, parsePattern } from './pattern.ts';
import { arnOf } from './replays.ts';
import { parseSchedule } from './schedule.ts';
import { isSimplePath } from './target-input.ts';

export function eventsHandlers(events: EventsService): ResourceHandler[] {
  return [busHandler(events), ruleHandler(events), archiveHandler(events)];
}

function busHandler(events: EventsService): ResourceHandler {
  return {
    type: 'AWS::Events::EventBus',
    honoured: ['Name'],
    inert: {
      DeadLetterConfig: 'only for events that cannot be encrypted',
      Description: 'nothing reads it',
      KmsKeyIdentifier: 'nothing is encrypted here',
      LogConfig: 'events are listed at /_local/events',
      Policy: 'every caller on this machine may do everything',
      Tags: 'nothing reads tags',
    },
    provision({ properties }) {
      const name = String(properties.Name);
      events.createBus(name);
      return { ref: name, attributes: { Arn: busArn(name), Name: name } };
    },
  };
}

function archiveHandler(events: EventsService): ResourceHandler {
  return {
    type: 'AWS::Events::Archive',
    honoured: ['ArchiveName', 'EventPattern', 'RetentionDays', 'SourceArn'],
    inert: { Description: 'nothing reads it', KmsKeyIdentifier: 'nothing is encrypted here' },
    provision(resource) {
      const { properties } = resource;
      const name = physicalName(resource, properties.ArchiveName, 48);
      const retentionDays = numberProperty(resource, 'RetentionDays', properties.RetentionDays, 0);
      events.replays.createArchive({
        name,
        bus: busName(properties.SourceArn),
        ...(properties.EventPattern !== undefined && { pattern: patternOf(properties.EventPattern) }),
        ...(retentionDays > 0 && { retentionDays }),
      });
      return { ref: name, attributes: { Arn: arnOf('archive', name), ArchiveName: name } };
    },
  };
}

function ruleHandler(events: EventsService): ResourceHandler {
  return {
    type: 'AWS::Events::Rule',
    honoured: ['Name', 'Description', 'EventBusName', 'EventPattern', 'ScheduleExpression', 'State', 'Targets'],
    inert: { RoleArn: 'every caller on this machine may do everything', Tags: 'nothing reads tags' },
    provision(resource) {
      const { properties } = resource;
      const rule = { name: physicalName(resource, properties.Name), bus: busName(properties.EventBusName) };
      const { EventPattern: pattern, ScheduleExpression: schedule } = properties;
      events.createRule({
        ...rule,
        enabled: properties.State !== 'DISABLED',
        targets: ((properties.Targets as Record<string, unknown>[] | undefined) ?? []).map((target, index) =>
          targetOf(resource, target, index),
        ),
        ...(properties.Description !== undefined && { description: String(properties.Description) }),
        ...(pattern !== undefined && {
          pattern: patternOf(pattern),
        }),
        ...(schedule !== undefined && { schedule: { text: String(schedule), expression: parseSchedule(String(schedule)) } }),
      });
      return { ref: rule.bus === 'default' ? rule.name : `${rule.bus}|${rule.name}`, attributes: { Arn: ruleArn(rule) } };
    },
  };
}

function patternOf(pattern: unknown): { readonly text: string; readonly compiled: EventPattern } {
  const text = typeof pattern === 'string' ? pattern : JSON.stringify(pattern);
  return { text, compiled: compilePattern(parsePattern(text)) };
}

function targetOf(resource: Resource, target: Record<string, unknown>, index: number): Target {
  const at = `Targets[${index}]`;
  refuseUnknown(resource, at, target, ['Id', 'Arn', 'Input', 'InputPath', 'InputTransformer', 'RetryPolicy', 'DeadLetterConfig'], {
    RoleArn: 'every caller on this machine may do everything',
  });
  const arn = String(target.Arn);
  if (!isTarget(arn)) throw unsupported(resource, `target ${arn} is not supported by the embedded cloud`);
  refuseUnknown(resource, `${at}.RetryPolicy`, target.RetryPolicy, ['MaximumEventAgeInSeconds', 'MaximumRetryAttempts']);
  refuseUnknown(resource, `${at}.DeadLetterConfig`, target.DeadLetterConfig, ['Arn']);
  refuseUnknown(resource, `${at}.InputTransformer`, target.InputTransformer, ['InputPathsMap', 'InputTemplate']);
  const retry = target.RetryPolicy as { MaximumRetryAttempts?: unknown; MaximumEventAgeInSeconds?: unknown } | undefined;
  const transformer = target.InputTransformer as { InputPathsMap?: Record<string, string>; InputTemplate?: string } | undefined;
  const deadLetterArn = (target.DeadLetterConfig as { Arn?: string } | undefined)?.Arn;
  for (const path of [target.InputPath, ...Object.values(transformer?.InputPathsMap ?? {})])
    if (path !== undefined && !isSimplePath(String(path)))
      throw unsupported(resource, `${at}: path ${String(path)} is not supported by the embedded cloud`);
  return {
    id: String(target.Id),
    arn,
    retriesMax: numberProperty(resource, `${at}.RetryPolicy.MaximumRetryAttempts`, retry?.MaximumRetryAttempts, RETRIES_DEFAULT),
    maximumAgeSeconds: numberProperty(
      resource,
      `${at}.RetryPolicy.MaximumEventAgeInSeconds`,
      retry?.MaximumEventAgeInSeconds,
      MAXIMUM_AGE_SECONDS_DEFAULT,
    ),
    ...(target.Input !== undefined && { input: String(target.Input) }),
    ...(target.InputPath !== undefined && { inputPath: String(target.InputPath) }),
    ...(transformer?.InputTemplate !== undefined && {
      transformer: { paths: transformer.InputPathsMap ?? {}, template: transformer.InputTemplate },
    }),
    ...(deadLetterArn !== undefined && { deadLetterArn }),
  };
}
