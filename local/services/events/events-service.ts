import { AwsError } from '../../kernel/errors.ts';
import type { JsonObject, Kernel, Service } from '../../kernel/kernel.ts';
import { ACCOUNT, REGION } from '../../template/intrinsics.ts';
import { assertMembers } from '../members.ts';
import { Deliveries, type Target } from './deliveries.ts';
import { entryBytes, entryProblem, eventTime, parseDetail } from './entries.ts';
import { EventLog, type LoggedEvent } from './event-log.ts';
import { listed, startingWith } from './listing.ts';
import { type EventPattern, matches } from './pattern.ts';
import { Replays } from './replays.ts';
import { type ScheduleExpression, setScheduleTimer } from './schedule.ts';
import { testPattern } from './test-pattern.ts';

export interface Rule {
  readonly name: string;
  readonly bus: string;
  readonly enabled: boolean;
  readonly description?: string;
  readonly pattern?: { readonly text: string; readonly compiled: EventPattern };
  readonly schedule?: { readonly text: string; readonly expression: ScheduleExpression };
  readonly targets: readonly Target[];
}

/** An event in the envelope that rules and targets see. */
export interface Envelope {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: JsonObject;
  /** Of an event that comes from an archive. */
  readonly 'replay-name'?: string;
}

const ENTRIES_MAX = 10;
const REQUEST_BYTES_MAX = 1_048_576;

/**
 * EventBridge: buses, rules with event patterns or schedules, targets with retry and dead-letter queues. Delivery takes no time
 * of its own; rules and their targets get an event in the order they were defined, which AWS does not promise.
 */
export class EventsService implements Service {
  readonly name = 'events';
  readonly #kernel: Kernel;
  readonly #buses = new Set(['default']);
  readonly #rules = new Map<string, Rule>();
  readonly #byBus = new Map<string, Rule[]>();
  readonly #deliveries: Deliveries;
  readonly #log: EventLog;
  /** The archives, for the template to fill. */
  readonly replays: Replays;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#deliveries = new Deliveries(kernel, (rule, target) => this.#target(rule, target));
    this.#log = new EventLog(kernel.store);
    this.replays = new Replays(kernel, this.#log, (bus, envelope, ruleArns) => this.#routeLater(bus, envelope, ruleArns));
  }

  createBus(name: string): void {
    this.#buses.add(name);
  }

  createRule(rule: Rule): void {
    if (!this.#buses.has(rule.bus)) throw new AwsError('ResourceNotFoundException', `Event bus ${rule.bus} does not exist.`);
    this.#rules.set(ruleKey(rule.bus, rule.name), rule);
    this.#byBus.set(rule.bus, [...(this.#byBus.get(rule.bus) ?? []).filter((other) => other.name !== rule.name), rule]);
    this.#scheduleNext(rule);
  }

  call(operation: string, input: JsonObject): unknown {
    assertMembers(this.name, operation, input, 'ValidationException');
    switch (operation) {
      case 'PutEvents':
        return this.#putEvents(input);
      case 'ListRules':
        return listed('Rules', this.#listRules(input), ({ name }) => name, describeRule, input);
      case 'DescribeRule':
        return { ...describeRule(this.#rule(input)), CreatedBy: ACCOUNT };
      case 'ListTargetsByRule':
        return listed('Targets', this.#rule({ ...input, Name: input.Rule }).targets, ({ id }) => id, describeTarget, input);
      case 'ListEventBuses':
        return listed('EventBuses', this.buses().filter(startingWith(input.NamePrefix)), String, describeBus, input);
      case 'TestEventPattern':
        return testPattern(input);
      case 'StartReplay':
        return this.replays.start(input);
      case 'DescribeReplay':
        return this.replays.describe(input);
      case 'ListReplays':
        return this.replays.list(input);
      case 'ListArchives':
        return this.replays.listArchives(input);
      case 'DescribeArchive':
        return this.replays.describeArchive(input);
      case 'DescribeEventBus':
        return describeBus(this.#bus(input.Name));
      default:
        throw new AwsError('UnknownOperationException', `The embedded cloud's EventBridge has no operation ${operation}.`);
    }
  }

  resume(): void {
    this.#deliveries.resume();
  }

  async onTimer(key: string): Promise<void> {
    if (key.startsWith('delivery:')) return this.#deliveries.attempt(Number(key.slice('delivery:'.length)));
    const rule = this.#rules.get(key.slice('schedule:'.length));
    if (rule?.schedule === undefined) return;
    this.#scheduleNext(rule, this.#kernel.now());
    const resources = [ruleArn(rule)];
    const envelope = this.#envelope('Scheduled Event', 'aws.events', {}, resources, this.#kernel.uuid());
    const [target, ...more] = rule.targets;
    // The timer is gone with the first target's delivery: what is for the others must be written down with it.
    for (const other of more) this.#deliveries.deliverLater(ruleKey(rule.bus, rule.name), other, envelope);
    if (target !== undefined) await this.#deliver({ ...rule, targets: [target] }, envelope);
  }

  /**
   * An event of an AWS service, such as Step Functions' status changes: on the default bus. What it leads to is written down in
   * this very call, so that it joins the caller's commit, and delivered after it.
   */
  putServiceEvent(source: string, detailType: string, detail: JsonObject, resources: readonly string[]): void {
    if (!this.#byBus.has('default')) return;
    this.#routeLater('default', this.#envelope(detailType, source, detail, resources, this.#kernel.uuid()));
  }

  #routeLater(bus: string, envelope: Envelope, ruleArns?: readonly string[]): void {
    for (const rule of this.#byBus.get(bus) ?? [])
      if (
        rule.enabled &&
        rule.pattern !== undefined &&
        matches(rule.pattern.compiled, envelope) &&
        ruleArns?.includes(ruleArn(rule)) !== false
      )
        for (const target of rule.targets) this.#deliveries.deliverLater(ruleKey(rule.bus, rule.name), target, envelope);
  }

  /** Every event put on a bus, in order, page by page; of one account where `accountId` is given. */
  events(accountId?: string): Generator<LoggedEvent[]> {
    return this.#log.pages(accountId);
  }

  /** The log of the events put on the buses, for people who look through it. */
  log(): EventLog {
    return this.#log;
  }

  /** The names of all buses. */
  buses(): string[] {
    return [...this.#buses].sort();
  }

  async #putEvents(input: JsonObject): Promise<JsonObject> {
    const entries = input.Entries;
    if (!Array.isArray(entries) || entries.length === 0 || entries.length > ENTRIES_MAX)
      throw new AwsError(
        'ValidationException',
        `1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length between 1 and ${ENTRIES_MAX}`,
      );
    const sizes = entries.map((entry: JsonObject) => entryBytes(entry ?? {}));
    if (sizes.reduce((sum, size) => sum + size, 0) > REQUEST_BYTES_MAX)
      throw new AwsError(
        'ValidationException',
        `Total size of the entries in the request is over the limit of ${REQUEST_BYTES_MAX} bytes.`,
      );
    for (const entry of entries as JsonObject[])
      if (typeof entry === 'object') assertMembers(this.name, 'PutEvents.Entries', entry ?? {}, 'ValidationException');
    const results: JsonObject[] = [];
    for (const [index, entry] of entries.entries()) results.push(await this.#putEntry((entry ?? {}) as JsonObject, sizes[index] ?? 0));
    return { FailedEntryCount: results.filter((result) => result.ErrorCode !== undefined).length, Entries: results };
  }

  async #putEntry(entry: JsonObject, size: number): Promise<JsonObject> {
    const problem = entryProblem(entry, size);
    if (problem !== undefined) return problem;
    const detail = parseDetail(entry.Detail as string);
    if (detail === undefined) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
    const bus = busName(entry.EventBusName);
    // AWS accepts events for a bus that does not exist and drops them; here that is an error, because it always is a mistake.
    if (!this.#buses.has(bus)) return { ErrorCode: 'ResourceNotFoundException', ErrorMessage: `Event bus ${bus} does not exist.` };
    const id = this.#kernel.uuid();
    const time = eventTime(entry.Time, this.#kernel.now());
    const envelope = this.#envelope(
      entry.DetailType as string,
      entry.Source as string,
      detail,
      (entry.Resources as string[]) ?? [],
      id,
      time,
    );
    this.#log.add(this.#kernel.now(), bus, envelope);
    await this.#route(bus, envelope);
    return { EventId: id };
  }

  #envelope(
    detailType: string,
    source: string,
    detail: JsonObject,
    resources: readonly string[],
    id: string,
    at = this.#kernel.now(),
  ): Envelope {
    return {
      version: '0',
      id,
      'detail-type': detailType,
      source,
      account: ACCOUNT,
      time: new Date(Math.floor(at / 1000) * 1000).toISOString().replace('.000Z', 'Z'),
      region: REGION,
      resources,
      detail,
    };
  }

  async #route(bus: string, envelope: Envelope): Promise<void> {
    for (const rule of this.#byBus.get(bus) ?? [])
      if (rule.enabled && rule.pattern !== undefined && matches(rule.pattern.compiled, envelope)) await this.#deliver(rule, envelope);
  }

  async #deliver(rule: Rule, envelope: Envelope): Promise<void> {
    if (!rule.enabled) return;
    for (const target of rule.targets)
      await this.#deliveries.deliver({ key: ruleKey(rule.bus, rule.name), arn: ruleArn(rule), name: rule.name }, target, envelope);
  }

  #scheduleNext(rule: Rule, after?: number): void {
    const { schedule } = rule;
    if (schedule === undefined) return;
    const key = `schedule:${ruleKey(rule.bus, rule.name)}`;
    if (!rule.enabled) this.#kernel.cancelTimer(this.name, key);
    else setScheduleTimer(this.#kernel, this.name, key, schedule, after);
  }

  #target(ruleKeyText: string, targetId: string): { rule: { key: string; arn: string; name: string }; target: Target } | undefined {
    const rule = this.#rules.get(ruleKeyText);
    const target = rule?.targets.find((candidate) => candidate.id === targetId);
    return rule === undefined || target === undefined
      ? undefined
      : { rule: { key: ruleKeyText, arn: ruleArn(rule), name: rule.name }, target };
  }

  #listRules(input: JsonObject): Rule[] {
    const bus = this.#bus(input.EventBusName);
    return (this.#byBus.get(bus) ?? []).filter(({ name }) => startingWith(input.NamePrefix)(name));
  }

  #bus(given: unknown): string {
    const bus = busName(given);
    if (!this.#buses.has(bus)) throw new AwsError('ResourceNotFoundException', `Event bus ${bus} does not exist.`);
    return bus;
  }

  #rule(input: JsonObject): Rule {
    const bus = this.#bus(input.EventBusName);
    const rule = this.#rules.get(ruleKey(bus, String(input.Name)));
    if (rule === undefined)
      throw new AwsError('ResourceNotFoundException', `Rule ${String(input.Name)} does not exist on EventBus ${bus}.`);
    return rule;
  }
}

/** The name in a bus name or ARN; none given: the default bus. */
export function busName(given: unknown): string {
  if (given === undefined || given === null || given === '') return 'default';
  const text = String(given);
  return text.startsWith('arn:') ? text.slice(text.lastIndexOf('/') + 1) : text;
}

export function busArn(name: string): string {
  return `arn:aws:events:${REGION}:${ACCOUNT}:event-bus/${name}`;
}

export function ruleArn(rule: { readonly bus: string; readonly name: string }): string {
  return `arn:aws:events:${REGION}:${ACCOUNT}:rule/${rule.bus === 'default' ? '' : `${rule.bus}/`}${rule.name}`;
}

function ruleKey(bus: string, name: string): string {
  return `${bus}/${name}`;
}

function describeRule(rule: Rule): JsonObject {
  return {
    Name: rule.name,
    Arn: ruleArn(rule),
    State: rule.enabled ? 'ENABLED' : 'DISABLED',
    EventBusName: rule.bus,
    ...(rule.description !== undefined && { Description: rule.description }),
    ...(rule.pattern !== undefined && { EventPattern: rule.pattern.text }),
    ...(rule.schedule !== undefined && { ScheduleExpression: rule.schedule.text }),
  };
}

function describeTarget(target: Target): JsonObject {
  return {
    Id: target.id,
    Arn: target.arn,
    ...(target.input !== undefined && { Input: target.input }),
    ...(target.inputPath !== undefined && { InputPath: target.inputPath }),
    ...(target.transformer !== undefined && {
      InputTransformer: { InputPathsMap: target.transformer.paths, InputTemplate: target.transformer.template },
    }),
    ...(target.deadLetterArn !== undefined && { DeadLetterConfig: { Arn: target.deadLetterArn } }),
    RetryPolicy: { MaximumRetryAttempts: target.retriesMax, MaximumEventAgeInSeconds: target.maximumAgeSeconds },
  };
}

function describeBus(name: string): JsonObject {
  return { Name: name, Arn: busArn(name) };
}
