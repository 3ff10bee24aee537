import type { CompiledState } from './definition.ts';
import { type Engine, scopeOf, setWake } from './engine.ts';
import { QueryError, RUNTIME, StateError } from './errors.ts';
import { type Branch, type Execution, stateOf } from './execution.ts';
import { evaluateTyped, type Scope } from './expression.ts';
import { isLive, setFinishing } from './interpreter.ts';

const SECONDS_MAX = 99_999_999;
/** Recorded: a wait of 24,856 days is too long, which is more seconds than fit in 31 bits. */
const DELAY_MAX_MS = (2 ** 31 - 1) * 1000;
const TIMESTAMP = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

/** The instant of an RFC 3339 timestamp in milliseconds; undefined where the text is none. */
export function parseTimestamp(text: string): number | undefined {
  const match = TIMESTAMP.exec(text);
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [number, number, number, number, number, number];
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
  if (month < 1 || month > 12 || day < 1 || day > days || hour > 23 || minute > 59 || second > 59) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}

export async function startWait(engine: Engine, x: Execution, b: Branch): Promise<Branch | undefined> {
  const until = await untilOf(stateOf(b), scopeOf(engine, x, b), engine.kernel.now());
  if (!isLive(x, b)) return undefined;
  // A point in the past is over at once.
  if (until <= engine.kernel.now()) return setFinishing(b, b.input);
  x.sequence += 1;
  b.attempt = x.sequence;
  b.deadline = until;
  b.phase = 'timer';
  setWake(engine, x, b, until);
  engine.executions.touch(x);
  return undefined;
}

/** When a Wait state is over. Instants are milliseconds since the epoch. */
export async function untilOf({ fields, name }: CompiledState, scope: Scope, now: number): Promise<number> {
  const seconds = fields.get('Seconds');
  if (seconds !== undefined) {
    const value = (await evaluateTyped(seconds, scope, 'number')) as number;
    if (!Number.isInteger(value) || value < 0 || value > SECONDS_MAX)
      throw new QueryError('Seconds', `The Seconds field must be an integer from 0 to ${SECONDS_MAX} but was: ${value}`);
    return now + value * 1000;
  }
  const timestamp = fields.get('Timestamp');
  if (timestamp === undefined) throw new Error(`The Wait state ${name} has neither Seconds nor Timestamp.`);
  const text = (await evaluateTyped(timestamp, scope, 'string')) as string;
  const at = parseTimestamp(text);
  if (at === undefined)
    throw new QueryError(
      'Timestamp',
      `The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: ${text}`,
    );
  if (at - now <= DELAY_MAX_MS) return at;
  const tooLong = 'Wait state delay is too long.';
  // A value out of range that an expression gave is an error of the expression; a literal one is the runtime's.
  throw timestamp.expression === undefined ? new StateError(RUNTIME, tooLong) : new QueryError('Timestamp', tooLong);
}
