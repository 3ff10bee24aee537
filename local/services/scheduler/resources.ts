import { ACCOUNT, REGION } from '../../template/intrinsics.ts';
import { numberProperty, physicalName, type Resource, type ResourceHandler, refuseUnknown, unsupported } from '../../template/resource.ts';
import { isTarget, MAXIMUM_AGE_SECONDS_DEFAULT, RETRIES_DEFAULT } from '../events/deliveries.ts';
import { parseSchedule } from '../events/schedule.ts';
import type { Schedule, SchedulerService, ScheduleTarget } from './scheduler-service.ts';
import { type Window, within } from './window.ts';

const WINDOW_MINUTES_MAX = 1440;

/** `AWS::Scheduler::Schedule`. */
export function scheduleHandler(scheduler: SchedulerService): ResourceHandler {
  return {
    type: 'AWS::Scheduler::Schedule',
    honoured: [
      'EndDate',
      'FlexibleTimeWindow',
      'GroupName',
      'Name',
      'ScheduleExpression',
      'ScheduleExpressionTimezone',
      'StartDate',
      'State',
      'Target',
    ],
    inert: { Description: 'nothing reads it', KmsKeyArn: 'nothing is encrypted here' },
    provision(resource) {
      const { properties } = resource;
      const name = physicalName(resource, properties.Name);
      const group = String(properties.GroupName ?? 'default');
      const arn = `arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule/${group}/${name}`;
      assertWindow(resource);
      const schedule = scheduleOf(resource);
      const rest = targetOf(resource, (properties.Target ?? {}) as Record<string, unknown>);
      if (properties.State !== 'DISABLED')
        scheduler.createSchedule({ arn, key: group === 'default' ? name : `${group}/${name}`, schedule, ...rest });
      return { ref: name, attributes: { Arn: arn } };
    },
  };
}

function scheduleOf(resource: Resource): Schedule['schedule'] {
  const { ScheduleExpression: expression, ScheduleExpressionTimezone: timeZone = 'UTC', StartDate, EndDate } = resource.properties;
  const window: Window = { ...dateOf(resource, 'StartDate', 'start'), ...dateOf(resource, 'EndDate', 'end') };
  if (window.start !== undefined && window.end !== undefined && window.start >= window.end)
    throw unsupported(resource, 'StartDate must be before EndDate');
  return {
    text: [expression, timeZone, StartDate ?? '', EndDate ?? ''].join(' ').trim(),
    expression: within(parseSchedule(String(expression), String(timeZone)), window),
  };
}

function dateOf(resource: Resource, property: string, member: keyof Window): Window {
  const value = resource.properties[property];
  if (value === undefined) return {};
  const at = Date.parse(String(value));
  if (Number.isNaN(at)) throw unsupported(resource, `property ${property} must be an instant, not ${JSON.stringify(value)}`);
  return { [member]: at };
}

/** The first instant of a window is used. */
function assertWindow(resource: Resource): void {
  const window = (resource.properties.FlexibleTimeWindow ?? {}) as Record<string, unknown>;
  refuseUnknown(resource, 'FlexibleTimeWindow', window, ['MaximumWindowInMinutes', 'Mode']);
  const { Mode: mode, MaximumWindowInMinutes: minutes } = window;
  const path = 'FlexibleTimeWindow';
  if (mode !== 'OFF' && mode !== 'FLEXIBLE') throw unsupported(resource, `${path}.Mode must be OFF or FLEXIBLE`);
  if ((mode === 'FLEXIBLE') !== (minutes !== undefined))
    throw unsupported(resource, `${path}.MaximumWindowInMinutes belongs to Mode FLEXIBLE`);
  const count = numberProperty(resource, `${path}.MaximumWindowInMinutes`, minutes, 1);
  if (!Number.isInteger(count) || count < 1 || count > WINDOW_MINUTES_MAX)
    throw unsupported(resource, `${path}.MaximumWindowInMinutes must be 1 to ${WINDOW_MINUTES_MAX}`);
}

function targetOf(resource: Resource, given: Record<string, unknown>): Omit<Schedule, 'arn' | 'key' | 'schedule'> {
  refuseUnknown(resource, 'Target', given, ['Arn', 'DeadLetterConfig', 'EventBridgeParameters', 'Input', 'RetryPolicy', 'SqsParameters'], {
    RoleArn: 'every caller on this machine may do everything',
  });
  const arn = String(given.Arn);
  if (!isTarget(arn)) throw unsupported(resource, `target ${arn} is not supported by the embedded cloud`);
  // It has a message group alone, which a standard queue has none of; CDK writes it empty.
  refuseUnknown(resource, 'Target.SqsParameters', given.SqsParameters, []);
  assertInput(resource, arn, given.Input);
  const retry = given.RetryPolicy as Record<string, unknown> | undefined;
  refuseUnknown(resource, 'Target.RetryPolicy', retry, ['MaximumEventAgeInSeconds', 'MaximumRetryAttempts']);
  refuseUnknown(resource, 'Target.DeadLetterConfig', given.DeadLetterConfig, ['Arn']);
  const deadLetterArn = (given.DeadLetterConfig as { Arn?: string } | undefined)?.Arn;
  const event = eventOf(resource, arn, given.EventBridgeParameters);
  return {
    target: { arn, input: String(given.Input ?? '{}'), ...(event !== undefined && { event }) },
    retriesMax: numberProperty(resource, 'Target.RetryPolicy.MaximumRetryAttempts', retry?.MaximumRetryAttempts, RETRIES_DEFAULT),
    maximumAgeSeconds: numberProperty(
      resource,
      'Target.RetryPolicy.MaximumEventAgeInSeconds',
      retry?.MaximumEventAgeInSeconds,
      MAXIMUM_AGE_SECONDS_DEFAULT,
    ),
    ...(deadLetterArn !== undefined && { deadLetterArn }),
  };
}

/**
 * Functions, state machines and buses take JSON alone (https://docs.aws.amazon.com/scheduler/latest/APIReference/API_Target.html); what is
 * filled in at each run may stand where a number would.
 */
function assertInput(resource: Resource, arn: string, input: unknown): void {
  if (input === undefined || !/^arn:aws:(lambda|states|events):/.test(arn)) return;
  try {
    JSON.parse(String(input).replaceAll(/<aws\.scheduler\.[a-z-]+>/g, '0'));
  } catch {
    throw unsupported(resource, `property Target.Input must be well-formed JSON for ${arn}`);
  }
}

/** https://docs.aws.amazon.com/scheduler/latest/APIReference/API_EventBridgeParameters.html */
function eventOf(resource: Resource, arn: string, parameters: unknown): ScheduleTarget['event'] {
  const isBus = arn.startsWith('arn:aws:events:');
  refuseUnknown(resource, 'Target.EventBridgeParameters', parameters, ['DetailType', 'Source']);
  const { DetailType, Source } = (parameters ?? {}) as { DetailType?: unknown; Source?: unknown };
  if (isBus !== (parameters !== undefined) || (isBus && (typeof DetailType !== 'string' || typeof Source !== 'string')))
    throw unsupported(resource, 'Target.EventBridgeParameters with DetailType and Source belong to an event bus, and to no other target');
  return isBus ? { detailType: String(DetailType), source: String(Source) } : undefined;
}
