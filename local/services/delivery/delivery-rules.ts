import { parseDuration } from '../../duration.ts';
import { AwsError } from '../../kernel/errors.ts';
import type { Kernel } from '../../kernel/kernel.ts';

/** What can become of a message, by the service that takes it. */
const OUTCOMES = {
  ses: ['delivery', 'bounce', 'transient-bounce', 'complaint', 'reject', 'none', 'throttle'],
  sns: ['delivery', 'failure', 'none', 'throttle'],
} as const;

export type DeliveryService = keyof typeof OUTCOMES;
export type DeliveryOutcome = (typeof OUTCOMES)[DeliveryService][number];

/**
 * The sub-types of bounces and the types of complaints that SES knows
 * (https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html).
 */
const REASONS: Readonly<Record<string, readonly string[]>> = {
  bounce: ['General', 'NoEmail', 'Suppressed', 'OnAccountSuppressionList'],
  'transient-bounce': ['General', 'MailboxFull', 'MessageTooLarge', 'ContentRejected', 'AttachmentRejected'],
  complaint: ['abuse', 'auth-failure', 'fraud', 'not-spam', 'other', 'virus'],
};

/** What shall become of messages that match. */
export interface DeliveryRule {
  /** `ses`: mail. `sns`: text messages to a number. */
  readonly service: DeliveryService;
  /** To: an address or number; between slashes, a regular expression that finds it. Count: how many messages the rule is good for. */
  readonly match?: { readonly to?: string; readonly count?: number };
  readonly outcome: DeliveryOutcome;
  /** Of a bounce the sub-type, of a complaint the type, of a failure the provider's response. */
  readonly reason?: string;
  /** How long after the sending AWS tells of it: an ISO 8601 duration. */
  readonly after?: string;
}

export interface KnownDeliveryRule extends DeliveryRule {
  readonly id: number;
}

/** What a rule says of one recipient. */
export interface Decided {
  readonly outcome: DeliveryOutcome;
  readonly reason?: string;
  readonly afterMilliseconds?: number;
}

const RULES_MAX = 1000;
const COUNT_MAX = 1_000_000;
const PATTERN_LENGTH_MAX = 200;
const REASON_LENGTH_MAX = 200;
const AFTER_DAYS_MAX = 30;

interface RuleRow {
  readonly id: number;
  readonly rule: string;
  /** How many messages are left; null: any number. */
  readonly remaining: number | null;
}

/**
 * What operators and tests want to become of messages, for all that would otherwise be delivered. The oldest rule that matches
 * decides; one that is used up is gone. Without rules, nothing here happens.
 */
export class DeliveryRules {
  readonly #kernel: Kernel;
  /** Messages are many, rules few: whether there is any is not asked of the store each time. */
  #rules: KnownDeliveryRule[];

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    kernel.store.define(
      'CREATE TABLE IF NOT EXISTS delivery_rules (id INTEGER PRIMARY KEY AUTOINCREMENT, rule TEXT NOT NULL, remaining INTEGER);',
    );
    this.#rules = this.#read();
  }

  /** Adds a rule. Throws a `ValidationException` that names the field and what it must be. */
  add(rule: DeliveryRule): KnownDeliveryRule {
    const checked = checkRule(rule);
    if (this.#rules.length >= RULES_MAX) throw invalid(`There are ${RULES_MAX} rules already; delete some.`);
    const { lastInsertRowid } = this.#kernel.store.run(
      'INSERT INTO delivery_rules (rule, remaining) VALUES (?, ?)',
      JSON.stringify(checked),
      checked.match?.count ?? null,
    );
    this.#rules = this.#read();
    return { id: lastInsertRowid, ...checked };
  }

  /** In the order in which they are asked; `count` is what is left of it. */
  list(): readonly KnownDeliveryRule[] {
    return this.#rules;
  }

  /** Answers whether there was such a rule. */
  delete(id: number): boolean {
    const { changes } = this.#kernel.store.run('DELETE FROM delivery_rules WHERE id = ?', id);
    this.#rules = this.#read();
    return changes > 0;
  }

  clear(): void {
    this.#kernel.store.run('DELETE FROM delivery_rules');
    this.#rules = [];
  }

  /** What becomes of a message to this recipient, by the first rule that matches, which is then used once. */
  decide(service: DeliveryService, to: string): Decided | undefined {
    const rule = this.#find(service, to, (outcome) => outcome !== 'throttle');
    if (rule === undefined) return undefined;
    this.#use(rule);
    const { outcome, reason, after } = rule;
    return {
      outcome,
      ...(reason !== undefined && { reason }),
      ...(after !== undefined && { afterMilliseconds: parseDuration(after, 'after') }),
    };
  }

  /** Whether a request that names these recipients is throttled; each attempt uses the rule once. */
  throttles(service: DeliveryService, recipients: readonly string[]): boolean {
    for (const to of recipients) {
      const rule = this.#find(service, to, (outcome) => outcome === 'throttle');
      if (rule === undefined) continue;
      this.#use(rule);
      return true;
    }
    return false;
  }

  #find(service: DeliveryService, to: string, wanted: (outcome: DeliveryOutcome) => boolean): KnownDeliveryRule | undefined {
    return this.#rules.find((rule) => rule.service === service && wanted(rule.outcome) && matches(rule.match?.to, to));
  }

  #use({ id, match }: KnownDeliveryRule): void {
    if (match?.count === undefined) return;
    if (match.count > 1) this.#kernel.store.run('UPDATE delivery_rules SET remaining = remaining - 1 WHERE id = ?', id);
    else this.#kernel.store.run('DELETE FROM delivery_rules WHERE id = ?', id);
    this.#rules = this.#read();
  }

  #read(): KnownDeliveryRule[] {
    return this.#kernel.store
      .all<RuleRow & Record<string, never>>('SELECT id, rule, remaining FROM delivery_rules ORDER BY id')
      .map(({ id, rule, remaining }) => {
        const parsed = JSON.parse(rule) as DeliveryRule;
        return { id, ...parsed, ...(remaining !== null && { match: { ...parsed.match, count: remaining } }) };
      });
  }
}

function matches(pattern: string | undefined, to: string): boolean {
  if (pattern === undefined) return true;
  const expression = expressionOf(pattern);
  return expression === undefined ? pattern.toLowerCase() === to.toLowerCase() : expression.test(to);
}

function expressionOf(pattern: string): RegExp | undefined {
  const source = /^\/(.+)\/$/s.exec(pattern)?.[1];
  return source === undefined ? undefined : new RegExp(source, 'iu');
}

function checkRule(given: unknown): DeliveryRule {
  assertMembers(given, 'The rule', ['service', 'match', 'outcome', 'reason', 'after']);
  const { service, match, outcome, reason, after } = given;
  if (service !== 'ses' && service !== 'sns') throw invalid(`service must be ses or sns, not ${JSON.stringify(service)}`);
  const outcomes: readonly DeliveryOutcome[] = OUTCOMES[service];
  const chosen = outcomes.find((known) => known === outcome);
  if (chosen === undefined) throw invalid(`outcome of ${service} must be one of ${outcomes.join(', ')}, not ${JSON.stringify(outcome)}`);
  return {
    service,
    ...(match !== undefined && { match: checkMatch(match) }),
    outcome: chosen,
    ...(reason !== undefined && { reason: checkReason(chosen, reason) }),
    ...(after !== undefined && { after: checkAfter(chosen, after) }),
  };
}

function checkMatch(match: unknown): NonNullable<DeliveryRule['match']> {
  assertMembers(match, 'match', ['to', 'count']);
  const { to, count } = match;
  if (to !== undefined) {
    if (typeof to !== 'string' || to === '' || to.length > PATTERN_LENGTH_MAX)
      throw invalid(`match.to must be text of 1 to ${PATTERN_LENGTH_MAX} characters`);
    try {
      expressionOf(to);
    } catch (error) {
      throw invalid(`match.to must be a regular expression between its slashes: ${(error as Error).message}`);
    }
  }
  if (count !== undefined && (typeof count !== 'number' || !Number.isInteger(count) || count < 1 || count > COUNT_MAX))
    throw invalid(`match.count must be a whole number from 1 to ${COUNT_MAX}`);
  return { ...(to !== undefined && { to }), ...(count !== undefined && { count }) };
}

function checkReason(outcome: DeliveryOutcome, reason: unknown): string {
  const known = REASONS[outcome];
  if (known === undefined && outcome !== 'failure') throw invalid(`reason must not be given with outcome ${outcome}`);
  if (typeof reason !== 'string' || reason === '' || reason.length > REASON_LENGTH_MAX)
    throw invalid(`reason must be text of 1 to ${REASON_LENGTH_MAX} characters`);
  if (known !== undefined && !known.includes(reason))
    throw invalid(`reason of a ${outcome} must be one of ${known.join(', ')}, not ${reason}`);
  return reason;
}

function checkAfter(outcome: DeliveryOutcome, after: unknown): string {
  if (outcome === 'none' || outcome === 'throttle') throw invalid(`after must not be given with outcome ${outcome}`);
  if (typeof after !== 'string') throw invalid('after must be an ISO 8601 duration such as PT5M');
  if (parseDuration(after, 'after') > AFTER_DAYS_MAX * 86_400_000) throw invalid(`after must be at most ${AFTER_DAYS_MAX} days`);
  return after;
}

function assertMembers(value: unknown, what: string, members: readonly string[]): asserts value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(`${what} must be an object`);
  const unknown = Object.keys(value).find((key) => !members.includes(key));
  if (unknown !== undefined) throw invalid(`${what} must have no member ${unknown}; it may have ${members.join(', ')}`);
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}
