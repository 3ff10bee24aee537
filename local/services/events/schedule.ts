import { Cron } from 'croner';
import { UnsupportedError } from '../../kernel/errors.ts';
import type { Kernel } from '../../kernel/kernel.ts';

/** When a schedule runs next. Instants are milliseconds since the epoch. */
export interface ScheduleExpression {
  /** The first run strictly after `after`; `Infinity` where there is none. */
  next(after: number): number;
}

const UNIT_MILLISECONDS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * Reads `rate(5 minutes)`, `cron(0 2 * * ? *)` or `at(2026-03-02T01:30:00)`
 * (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html). `timeZone` is an IANA name; rates do
 * not depend on it.
 */
export function parseSchedule(text: string, timeZone = 'UTC'): ScheduleExpression {
  const match = /^(rate|cron|at)\((.*)\)$/.exec(text.trim());
  if (match === null) throw new UnsupportedError(`Schedule expression ${text} is none of rate(…), cron(…), at(…).`);
  const [, kind, body = ''] = match;
  switch (kind) {
    case 'rate':
      return parseRate(text, body);
    case 'at':
      return parseAt(text, body, timeZone);
    default:
      return parseCron(text, body, timeZone);
  }
}

function parseRate(text: string, body: string): ScheduleExpression {
  const match = /^(\d+) (minute|hour|day)(s?)$/.exec(body);
  const count = Number(match?.[1]);
  const unit = UNIT_MILLISECONDS[match?.[2] ?? ''];
  if (match === null || unit === undefined || count < 1 || (count === 1) !== (match[3] === ''))
    throw new UnsupportedError(`Schedule expression ${text}: a rate is a positive number and minute(s), hour(s) or day(s).`);
  return { next: (after) => after + count * unit };
}

function parseAt(text: string, body: string, timeZone: string): ScheduleExpression {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(body))
    throw new UnsupportedError(`Schedule expression ${text}: at(yyyy-mm-ddThh:mm:ss) is expected.`);
  const at = new Cron(body, { timezone: timeZone, paused: true }).nextRun(new Date(0))?.getTime() ?? Number.NaN;
  if (Number.isNaN(at)) throw new UnsupportedError(`Schedule expression ${text} names no instant.`);
  return { next: (after) => (at > after ? at : Number.POSITIVE_INFINITY) };
}

/**
 * EventBridge writes minutes, hours, day of month, month, day of week (1 is Sunday), year, with `?` in one of the two days; croner
 * wants seconds first and counts Sunday as 0.
 */
function parseCron(text: string, body: string, timeZone: string): ScheduleExpression {
  const fields = body.trim().split(/\s+/);
  const [minute, hour, dayOfMonth, month, dayOfWeek, year] = fields;
  if (fields.length !== 6 || dayOfWeek === undefined || year === undefined)
    throw new UnsupportedError(`Schedule expression ${text}: six fields are expected.`);
  if ((dayOfMonth === '?') === (dayOfWeek === '?'))
    throw new UnsupportedError(`Schedule expression ${text}: exactly one of day of month and day of week must be ?.`);
  const days = [dayOfMonth === '?' ? '*' : dayOfMonth, month, dayOfWeek === '?' ? '*' : sundayZero(dayOfWeek)];
  try {
    const cron = new Cron(['0', minute, hour, ...days, year].join(' '), {
      timezone: timeZone,
      paused: true,
      mode: '7-part',
      sloppyRanges: true,
    });
    return { next: (after) => cron.nextRun(new Date(after))?.getTime() ?? Number.POSITIVE_INFINITY };
  } catch (error) {
    throw new UnsupportedError(`Schedule expression ${text} cannot be read: ${(error as Error).message}`);
  }
}

/** Days as numbers move down by one; `2#1` (first Monday) and `6L` (last Friday) keep their suffix, names stay. */
function sundayZero(field: string): string {
  return field.replace(/(?<![#/\d])\d/g, (digit) => String(Number(digit) - 1)).replace(/L$/, '#L');
}

/**
 * Arms the timer of the next run. Without `after` (at start) a timer of the same schedule stays as it is: a restart must neither
 * skip nor repeat a run.
 */
export function setScheduleTimer(
  kernel: Kernel,
  service: string,
  key: string,
  schedule: { readonly text: string; readonly expression: ScheduleExpression },
  after?: number,
): void {
  if (after === undefined && kernel.timerPayload(service, key) === schedule.text) return;
  const at = schedule.expression.next(after ?? kernel.now());
  if (Number.isFinite(at)) kernel.setTimer(service, key, at, schedule.text);
}
