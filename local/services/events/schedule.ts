import { Cron } from 'croner';
import { UnsupportedError } from '../../kernel/errors.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { WallClock } from './wall-clock.ts';

/** When a schedule runs next. Instants are milliseconds since the epoch. */
export interface ScheduleExpression {
  readonly kind: 'rate' | 'cron' | 'at';
  /** The first run strictly after `after`; `Infinity` where there is none. */
  next(after: number): number;
  /** The first run of a schedule that is made at `now`, where that is another. */
  first?(now: number): number;
}

const UNIT_MILLISECONDS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };
const YEARS = { first: 1970, last: 2199 };

/**
 * Reads `rate(5 minutes)`, `cron(0 2 * * ? *)` or `at(2026-03-02T01:30:00)`
 * (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html and
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html).
 *
 * @param timeZone an IANA name; rates do not depend on it
 */
export function parseSchedule(text: string, timeZone = 'UTC'): ScheduleExpression {
  const match = /^(rate|cron|at)\((.*)\)$/.exec(text.trim());
  if (match === null) throw new UnsupportedError(`Schedule expression ${text} is none of rate(…), cron(…), at(…).`);
  const [, kind, body = ''] = match;
  switch (kind) {
    case 'rate':
      return parseRate(text, body);
    case 'at':
      return parseAt(text, body, wallClock(text, timeZone));
    default:
      return parseCron(text, body, timeZone === 'UTC' ? undefined : wallClock(text, timeZone));
  }
}

function wallClock(text: string, timeZone: string): WallClock {
  try {
    return new WallClock(timeZone);
  } catch {
    throw new UnsupportedError(`Schedule expression ${text}: ${timeZone} is no time zone.`);
  }
}

function parseRate(text: string, body: string): ScheduleExpression {
  const match = /^(\d+) (minute|hour|day)(s?)$/.exec(body);
  const count = Number(match?.[1]);
  const unit = UNIT_MILLISECONDS[match?.[2] ?? ''];
  if (match === null || unit === undefined || count < 1 || (count === 1) !== (match[3] === ''))
    throw new UnsupportedError(`Schedule expression ${text}: a rate is a positive number and minute(s), hour(s) or day(s).`);
  return { kind: 'rate', next: (after) => after + count * unit };
}

function parseAt(text: string, body: string, walls: WallClock): ScheduleExpression {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(body))
    throw new UnsupportedError(`Schedule expression ${text}: at(yyyy-mm-ddThh:mm:ss) is expected.`);
  const wall = Date.parse(`${body}Z`);
  // JavaScript takes the 31st of February for the 3rd of March.
  const exists = !Number.isNaN(wall) && new Date(wall).toISOString().startsWith(body);
  const at = exists ? walls.instantOf(wall) : undefined;
  if (at === undefined) throw new UnsupportedError(`Schedule expression ${text} names no instant.`);
  return { kind: 'at', next: (after) => (at > after ? at : Number.POSITIVE_INFINITY) };
}

/**
 * EventBridge writes minutes, hours, day of month, month, day of week (1 is Sunday), year, with `?` in one of the two days; croner
 * wants seconds first and counts Sunday as 0.
 */
function parseCron(text: string, body: string, walls: WallClock | undefined): ScheduleExpression {
  const fields = body.trim().split(/\s+/);
  const [minute, hour, dayOfMonth, month, dayOfWeek, year] = fields;
  if (fields.length !== 6 || dayOfWeek === undefined || year === undefined)
    throw new UnsupportedError(`Schedule expression ${text}: six fields are expected.`);
  if ((dayOfMonth === '?') === (dayOfWeek === '?'))
    throw new UnsupportedError(`Schedule expression ${text}: exactly one of day of month and day of week must be ?.`);
  if (dayOfWeek.includes('#') && dayOfWeek.includes(','))
    throw new UnsupportedError(`Schedule expression ${text}: # stands alone in the day of week.`);
  if ((dayOfWeek.match(/(?<![#/\d])\d+/g) ?? []).some((one) => Number(one) < 1 || Number(one) > 7))
    throw new UnsupportedError(`Schedule expression ${text}: a day of the week is 1 (Sunday) to 7.`);
  if ((year.match(/\d{4,}/g) ?? []).some((one) => Number(one) < YEARS.first || Number(one) > YEARS.last))
    throw new UnsupportedError(`Schedule expression ${text}: a year is ${YEARS.first} to ${YEARS.last}.`);
  const days = [dayOfMonth === '?' ? '*' : dayOfMonth, month, dayOfWeek === '?' ? '*' : sundayZero(dayOfWeek)];
  try {
    const cron = new Cron(['0', minute, hour, ...days, year].join(' '), {
      timezone: 'UTC',
      paused: true,
      mode: '7-part',
      sloppyRanges: true,
    });
    const nextWall = (wall: number) => cron.nextRun(new Date(wall))?.getTime() ?? Number.POSITIVE_INFINITY;
    return { kind: 'cron', next: walls === undefined ? nextWall : (after) => nextOnWalls(nextWall, walls, after) };
  } catch (error) {
    throw new UnsupportedError(`Schedule expression ${text} cannot be read: ${(error as Error).message}`);
  }
}

/**
 * A time that the clocks pass over in spring is left out; one that they show twice in autumn counts the first time
 * (https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#daylist-savings-time).
 */
function nextOnWalls(nextWall: (wall: number) => number, walls: WallClock, after: number): number {
  let wall = nextWall(walls.wallOf(after));
  while (wall < Number.POSITIVE_INFINITY) {
    const instant = walls.instantOf(wall);
    if (instant !== undefined && instant > after) return instant;
    wall = nextWall(wall);
  }
  return wall;
}

/** Days as numbers move down by one; `2#1` (first Monday) and `6L` (last Friday) keep their suffix, names stay. */
function sundayZero(field: string): string {
  // The last day of the week.
  if (field === 'L') return '6';
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
  const { text, expression } = schedule;
  if (after === undefined && kernel.timerPayload(service, key) === text) return;
  const now = kernel.now();
  const at = after === undefined ? (expression.first?.(now) ?? expression.next(now)) : expression.next(after);
  if (Number.isFinite(at)) kernel.setTimer(service, key, at, text);
}
