import { AwsError } from '../../kernel/errors.ts';
import type { Kernel, Service } from '../../kernel/kernel.ts';
import { ACCOUNT, REGION } from '../../template/intrinsics.ts';
import { numberProperty, physicalName, type Resource, type ResourceHandler, refuseUnknown, unsupported } from '../../template/resource.ts';
import { invokeTarget, isTarget } from '../events/deliveries.ts';
import { parseSchedule, type ScheduleExpression, setScheduleTimer } from '../events/schedule.ts';

interface Schedule {
  readonly name: string;
  readonly schedule: { readonly text: string; readonly expression: ScheduleExpression };
  readonly targetArn: string;
  readonly input: string;
  readonly retriesMax: number;
  readonly deadLetterArn?: string;
}

const RETRIES_DEFAULT = 185;
const PAUSE_MILLISECONDS_MAX = 15 * 60_000;

/** EventBridge Scheduler: schedules of the template, run at their exact instants; flexible windows use their first instant. */
export class SchedulerService implements Service {
  readonly name = 'scheduler';
  readonly #kernel: Kernel;
  readonly #schedules = new Map<string, Schedule>();

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  createSchedule(schedule: Schedule): void {
    this.#schedules.set(schedule.name, schedule);
    setScheduleTimer(this.#kernel, this.name, `run:${schedule.name}`, schedule.schedule);
  }

  call(operation: string): never {
    throw new AwsError(
      'UnknownOperationException',
      `The embedded cloud's Scheduler has no operation ${operation}; schedules come from the template.`,
    );
  }

  async onTimer(key: string, payload: string): Promise<void> {
    const [kind, name = ''] = key.split(':');
    const schedule = this.#schedules.get(name);
    if (schedule === undefined) return;
    if (kind === 'run') setScheduleTimer(this.#kernel, this.name, key, schedule.schedule, this.#kernel.now());
    await this.#run(schedule, kind === 'run' ? 0 : Number(payload));
  }

  async #run(schedule: Schedule, retries: number): Promise<void> {
    try {
      await invokeTarget(this.#kernel, schedule.targetArn, schedule.input, this.name);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      if (retries < schedule.retriesMax) {
        const pause = Math.min(1000 * 2 ** Math.min(retries, 16), PAUSE_MILLISECONDS_MAX);
        this.#kernel.setTimer(this.name, `retry:${schedule.name}`, this.#kernel.now() + pause, String(retries + 1));
        return;
      }
      if (schedule.deadLetterArn === undefined) return;
      await this.#kernel.call(
        'sqs',
        'SendMessage',
        {
          QueueUrl: schedule.deadLetterArn.slice(schedule.deadLetterArn.lastIndexOf(':') + 1),
          MessageBody: schedule.input,
          MessageAttributes: { ERROR_MESSAGE: { DataType: 'String', StringValue: error.message } },
        },
        this.name,
      );
    }
  }
}

export function scheduleHandler(scheduler: SchedulerService): ResourceHandler {
  return {
    type: 'AWS::Scheduler::Schedule',
    honoured: ['Name', 'ScheduleExpression', 'ScheduleExpressionTimezone', 'State', 'Target'],
    inert: {
      Description: 'nothing reads it',
      FlexibleTimeWindow: 'the first instant of the window is used',
      GroupName: 'a group only names schedules',
      KmsKeyArn: 'nothing is encrypted here',
    },
    provision(resource) {
      const { properties } = resource;
      const name = physicalName(resource, properties.Name);
      const text = String(properties.ScheduleExpression);
      if (properties.State !== 'DISABLED')
        scheduler.createSchedule({
          name,
          schedule: { text, expression: parseSchedule(text, String(properties.ScheduleExpressionTimezone ?? 'UTC')) },
          ...targetOf(resource, (properties.Target ?? {}) as Record<string, unknown>),
        });
      return { ref: name, attributes: { Arn: `arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule/default/${name}` } };
    },
  };
}

function targetOf(resource: Resource, target: Record<string, unknown>) {
  refuseUnknown(resource, 'Target', target, ['Arn', 'Input', 'RetryPolicy', 'DeadLetterConfig'], {
    RoleArn: 'every caller on this machine may do everything',
  });
  const targetArn = String(target.Arn);
  if (!isTarget(targetArn)) throw unsupported(resource, `target ${targetArn} is not supported by the embedded cloud`);
  const retry = target.RetryPolicy as { MaximumRetryAttempts?: unknown } | undefined;
  const deadLetterArn = (target.DeadLetterConfig as { Arn?: string } | undefined)?.Arn;
  return {
    targetArn,
    input: String(target.Input ?? '{}'),
    retriesMax: numberProperty(resource, 'Target.RetryPolicy.MaximumRetryAttempts', retry?.MaximumRetryAttempts, RETRIES_DEFAULT),
    ...(deadLetterArn !== undefined && { deadLetterArn }),
  };
}
