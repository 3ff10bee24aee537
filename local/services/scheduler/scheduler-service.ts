import { AwsError } from '../../kernel/errors.ts';
import type { Kernel, Service } from '../../kernel/kernel.ts';
import { invokeTarget } from '../events/deliveries.ts';
import { type ScheduleExpression, setScheduleTimer } from '../events/schedule.ts';

/** A schedule of the template. */
export interface Schedule {
  readonly arn: string;
  /** What its timers are called. */
  readonly key: string;
  /** The text tells one version of the schedule from another. */
  readonly schedule: { readonly text: string; readonly expression: ScheduleExpression };
  readonly target: ScheduleTarget;
  readonly retriesMax: number;
  readonly maximumAgeSeconds: number;
  readonly deadLetterArn?: string;
}

export interface ScheduleTarget {
  readonly arn: string;
  readonly input: string;
  /** What an event bus is told besides the detail. */
  readonly event?: { readonly detailType: string; readonly source: string };
}

/** A run of a schedule that was refused and is tried again. */
interface Retry {
  /** How often it was tried. */
  readonly attempts: number;
  /** When it was due, in milliseconds since the epoch. */
  readonly scheduledAt: number;
}

const PAUSE_MILLISECONDS_MAX = 15 * 60_000;

/**
 * EventBridge Scheduler: schedules of the template, run at their exact instants; flexible windows use their first instant. A run that the
 * target refuses is tried again until the retry policy ends it, whatever runs come meanwhile.
 */
export class SchedulerService implements Service {
  readonly name = 'scheduler';
  readonly #kernel: Kernel;
  readonly #schedules = new Map<string, Schedule>();

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  createSchedule(schedule: Schedule): void {
    this.#schedules.set(schedule.key, schedule);
  }

  call(operation: string): never {
    throw new AwsError(
      'UnknownOperationException',
      `The embedded cloud's Scheduler has no operation ${operation}; schedules come from the template.`,
    );
  }

  /** Only now are all targets there. */
  resume(): void {
    for (const { key, schedule } of this.#schedules.values()) setScheduleTimer(this.#kernel, this.name, `run:${key}`, schedule);
  }

  async onTimer(timer: string, payload: string): Promise<void> {
    const [kind, key = ''] = timer.split(':');
    const schedule = this.#schedules.get(key);
    if (schedule === undefined) return;
    if (kind === 'retry') return this.#run(schedule, JSON.parse(payload) as Retry);
    // A run of an earlier version of the schedule; its own timer is set.
    if (payload !== schedule.schedule.text) return;
    const now = this.#kernel.now();
    setScheduleTimer(this.#kernel, this.name, timer, schedule.schedule, now);
    await this.#run(schedule, { attempts: 0, scheduledAt: now });
  }

  async #run(schedule: Schedule, { attempts, scheduledAt }: Retry): Promise<void> {
    const executionId = this.#kernel.uuid();
    const input = filled(schedule, { executionId, attempt: attempts + 1, scheduledAt });
    try {
      await invoke(this.#kernel, schedule.target, input, this.name);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const tooOld = this.#kernel.now() - scheduledAt >= schedule.maximumAgeSeconds * 1000;
      if (!tooOld && attempts < schedule.retriesMax) {
        const pause = Math.min(1000 * 2 ** Math.min(attempts, 16), PAUSE_MILLISECONDS_MAX);
        const retry: Retry = { attempts: attempts + 1, scheduledAt };
        this.#kernel.setTimer(this.name, `retry:${schedule.key}:${scheduledAt}`, this.#kernel.now() + pause, JSON.stringify(retry));
        return;
      }
      await this.#giveUp(schedule, input, error, {
        EXECUTION_ID: executionId,
        EXHAUSTED_RETRY_CONDITION: tooOld ? 'MaximumEventAgeInSeconds' : 'MaximumRetryAttempts',
        RETRY_ATTEMPTS: String(attempts),
        SCHEDULED_TIME: instantText(scheduledAt),
      });
    }
  }

  /** https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html */
  async #giveUp({ arn, target, deadLetterArn }: Schedule, input: string, error: AwsError, more: Record<string, string>): Promise<void> {
    if (deadLetterArn === undefined) return;
    const attributes = {
      ERROR_CODE: error.code,
      ERROR_MESSAGE: error.message.slice(0, 1024) || error.code,
      IS_PAYLOAD_TRUNCATED: 'false',
      SCHEDULE_ARN: arn,
      TARGET_ARN: target.arn,
      ...more,
    };
    await this.#kernel.call(
      'sqs',
      'SendMessage',
      {
        QueueUrl: deadLetterArn.slice(deadLetterArn.lastIndexOf(':') + 1),
        MessageBody: input,
        MessageAttributes: Object.fromEntries(
          Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
        ),
      },
      this.name,
    );
  }
}

/** The input with its keywords replaced (https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html). */
function filled({ arn, target }: Schedule, run: { executionId: string; attempt: number; scheduledAt: number }): string {
  return target.input
    .replaceAll('<aws.scheduler.schedule-arn>', arn)
    .replaceAll('<aws.scheduler.scheduled-time>', instantText(run.scheduledAt))
    .replaceAll('<aws.scheduler.execution-id>', run.executionId)
    .replaceAll('<aws.scheduler.attempt-number>', String(run.attempt));
}

/** `2022-03-22T18:59:43Z` */
function instantText(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
}

async function invoke(kernel: Kernel, { arn, event }: ScheduleTarget, input: string, origin: string): Promise<void> {
  if (event === undefined) return invokeTarget(kernel, arn, input, origin);
  const entry = { EventBusName: arn, Source: event.source, DetailType: event.detailType, Detail: input };
  const { Entries } = (await kernel.call('events', 'PutEvents', { Entries: [entry] }, origin)) as {
    Entries: { ErrorCode?: string; ErrorMessage?: string }[];
  };
  const [{ ErrorCode, ErrorMessage } = {}] = Entries;
  if (ErrorCode !== undefined) throw new AwsError(ErrorCode, ErrorMessage ?? ErrorCode);
}
