import { parseDuration } from '../../duration.ts';
import { AwsError } from '../../kernel/errors.ts';

const EFFECTS = ['throttle', 'fail', 'delay', 'duplicate', 'crash-after-effect', 'crash'] as const;

export type FaultEffect = (typeof EFFECTS)[number];

/** Which calls a fault concerns. Text is matched whole, but for `input`, where it is found; between slashes it is a regular expression. */
export interface FaultMatch {
  /** `TransactWriteItems`. */
  readonly operation?: string;
  /** `client`, `lambda:<function>`, `states:<execution ARN>`, or a service. */
  readonly origin?: string;
  /** Found in the input, written as JSON without spaces; binary members are left out. */
  readonly input?: string;
  /** How many of these calls pass first. */
  readonly skip?: number;
  /** How many of them are then disturbed; without it, all. */
  readonly count?: number;
  /** How likely each is to be disturbed: above 0, at most 1. */
  readonly probability?: number;
  /** The chance's own seed, 1 where it is not given: the cloud's randomness is not touched. */
  readonly seed?: number;
}

/** What shall go wrong with calls of a service. */
export interface FaultRule {
  readonly service: string;
  readonly match?: FaultMatch;
  readonly effect: FaultEffect;
  /** With `throttle` and `fail`: the error in the place of the service's own. */
  readonly error?: { readonly name?: string; readonly status?: number; readonly message?: string };
  /** With `delay`: how much later the answer counts, an ISO 8601 duration. */
  readonly after?: string;
  /** With `crash`: whether the process dies before or after the commit of what the call did. Default `after`. */
  readonly commit?: 'before' | 'after';
}

const COUNT_MAX = 1_000_000;
const TEXT_LENGTH_MAX = 200;
const AFTER_DAYS_MAX = 365;

/** What a rule may hold besides what every rule holds. */
const MEMBERS: Readonly<Record<FaultEffect, readonly string[]>> = {
  throttle: ['error'],
  fail: ['error'],
  delay: ['after'],
  duplicate: [],
  'crash-after-effect': [],
  crash: ['commit'],
};

/** Throws a `ValidationException` that names the field and what it must be. */
export function checkFault(given: unknown, services: readonly string[]): FaultRule {
  assertMembers(given, 'The fault', ['service', 'match', 'effect', 'error', 'after', 'commit']);
  const { service, match, error, after, commit } = given;
  if (typeof service !== 'string' || !services.includes(service))
    throw invalid(`service must be one of ${services.join(', ')}, not ${JSON.stringify(service)}`);
  const effect = EFFECTS.find((known) => known === given.effect);
  if (effect === undefined) throw invalid(`effect must be one of ${EFFECTS.join(', ')}, not ${JSON.stringify(given.effect)}`);
  for (const member of ['error', 'after', 'commit'])
    if (given[member] !== undefined && !MEMBERS[effect].includes(member))
      throw invalid(`${member} must not be given with effect ${effect}`);
  if (effect === 'delay' && after === undefined) throw invalid('after must be given with effect delay');
  if (commit !== undefined && commit !== 'before' && commit !== 'after')
    throw invalid(`commit must be before or after, not ${JSON.stringify(commit)}`);
  const checked = match === undefined ? undefined : checkMatch(match);
  if (effect === 'delay' && checked?.origin !== undefined && !/^\/|^(states|lambda):/.test(checked.origin))
    throw invalid(
      'match.origin must be that of executions, states:…, or of a function, lambda:…, with effect delay: nobody else waits on the clock for an answer',
    );
  return {
    service,
    ...(checked !== undefined && { match: checked }),
    effect,
    ...(error !== undefined && { error: checkError(error) }),
    ...(after !== undefined && { after: checkAfter(after) }),
    ...(commit !== undefined && { commit }),
  };
}

function checkMatch(match: unknown): FaultMatch {
  assertMembers(match, 'match', ['operation', 'origin', 'input', 'skip', 'count', 'probability', 'seed']);
  const { operation, origin, input, skip, count, probability, seed } = match;
  const texts = { operation, origin, input };
  for (const [name, text] of Object.entries(texts)) {
    if (text === undefined) continue;
    if (typeof text !== 'string' || text === '' || text.length > TEXT_LENGTH_MAX)
      throw invalid(`match.${name} must be text of 1 to ${TEXT_LENGTH_MAX} characters`);
    try {
      expressionOf(text);
    } catch (error) {
      throw invalid(`match.${name} must be a regular expression between its slashes: ${(error as Error).message}`);
    }
  }
  checkWhole('match.skip', skip, 0, COUNT_MAX);
  checkWhole('match.count', count, 1, COUNT_MAX);
  checkWhole('match.seed', seed, 0, 2 ** 32 - 1);
  if (probability !== undefined && (typeof probability !== 'number' || !(probability > 0 && probability <= 1)))
    throw invalid('match.probability must be a number above 0 and at most 1');
  if (seed !== undefined && probability === undefined) throw invalid('match.seed must not be given without match.probability');
  return Object.fromEntries(Object.entries(match).filter(([, value]) => value !== undefined));
}

function checkWhole(field: string, value: unknown, min: number, max: number): void {
  if (value !== undefined && (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max))
    throw invalid(`${field} must be a whole number from ${min} to ${max}`);
}

function checkError(error: unknown): NonNullable<FaultRule['error']> {
  assertMembers(error, 'error', ['name', 'status', 'message']);
  const { name, status, message } = error;
  if (name !== undefined && (typeof name !== 'string' || !/^[A-Za-z][\w.]{0,99}$/.test(name)))
    throw invalid('error.name must be the name of an error, of at most 100 letters and digits');
  checkWhole('error.status', status, 400, 599);
  if (message !== undefined && (typeof message !== 'string' || message.length > TEXT_LENGTH_MAX))
    throw invalid(`error.message must be text of at most ${TEXT_LENGTH_MAX} characters`);
  return error;
}

function checkAfter(after: unknown): string {
  if (typeof after !== 'string') throw invalid('after must be an ISO 8601 duration such as PT5M');
  const milliseconds = parseDuration(after, 'after');
  if (milliseconds <= 0 || milliseconds > AFTER_DAYS_MAX * 86_400_000)
    throw invalid(`after must be more than nothing and at most ${AFTER_DAYS_MAX} days`);
  return after;
}

/** The regular expression between the slashes of a text; undefined where it is plain text. */
export function expressionOf(text: string): RegExp | undefined {
  const source = /^\/(.+)\/$/s.exec(text)?.[1];
  return source === undefined ? undefined : new RegExp(source, 'u');
}

function assertMembers(value: unknown, what: string, members: readonly string[]): asserts value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(`${what} must be an object`);
  const unknown = Object.keys(value).find((key) => !members.includes(key));
  if (unknown !== undefined) throw invalid(`${what} must have no member ${unknown}; it may have ${members.join(', ')}`);
}

export function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}
