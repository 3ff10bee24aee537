import { MESSAGE_CHANNELS, type MessageChannel } from '../../domain/model.ts';
import { afterFailure, FAILURES_MAX, type FailureRun, type OpenBreaker, PROBE_MILLIS, tripped } from '../../domain/sending/breaker.ts';
import type { ActiveStop } from '../../domain/sending/stops.ts';
import { type Item, N, number, type Table, text } from '../adapters/table.ts';
import { controlsKey } from './items.ts';

/** The stops in force and the open breakers, as all senders share them. */
export interface Controls {
  readonly stops: readonly ActiveStop[];
  readonly breakers: Readonly<Partial<Record<MessageChannel, OpenBreaker>>>;
}

/** A stop reaches every sender within a minute: what was read is believed for a quarter of that, and a function runs for half at most. */
const BELIEVED_MILLIS = 15_000;

/** Attribute names of a channel's breaker; both are there while it is open, and neither otherwise. */
const UNTIL = 'breakerUntil';
const TRIPS = 'breakerTrips';

/** Reads the controls item. Of a table without one nothing is stopped. */
export function controlsOf(item: Item | undefined): Controls {
  const breakers: Partial<Record<MessageChannel, OpenBreaker>> = {};
  for (const channel of MESSAGE_CHANNELS) {
    const until = number(item, `${UNTIL}_${channel}`);
    if (until !== undefined) breakers[channel] = { until, trips: number(item, `${TRIPS}_${channel}`) ?? 1 };
  }
  return { stops: JSON.parse(text(item, 'stops') ?? '[]') as ActiveStop[], breakers };
}

/**
 * What may keep a message that the gate allows: a person's stop, or a provider that fails. One item for all senders, read at most every
 * 15 seconds by each, and written only when a breaker opens, is tried, or closes.
 *
 * Failures are counted by each sender alone, in a row: a counter shared by all would cost a write a message to be set back, and would
 * open at one failure in a hundred under load.
 */
export class SendingControls {
  readonly #table: Table;
  #read: { readonly at: number; readonly value: Controls } | undefined;
  readonly #failures = new Map<MessageChannel, FailureRun>();
  /** The breakers that this sender is trying, by channel, with the end that it wrote when it took the try. */
  readonly #probes = new Map<MessageChannel, OpenBreaker>();

  constructor(table: Table) {
    this.#table = table;
  }

  async stops(now: number): Promise<readonly ActiveStop[]> {
    return (await this.#controls(now)).stops;
  }

  /**
   * Whether a channel's provider may be called. Of a breaker whose pause is over, exactly one sender may try.
   *
   * @returns undefined where it may; else until when (epoch milliseconds) nobody may
   */
  async closedUntil(channel: MessageChannel, now: number): Promise<number | undefined> {
    const open = (await this.#controls(now)).breakers[channel];
    if (open === undefined) return undefined;
    if (open.until > now) return open.until;
    const probe = { ...open, until: now + PROBE_MILLIS };
    const taken = await this.#set(channel, probe, open.until);
    if (!taken) return probe.until;
    this.#probes.set(channel, probe);
    return undefined;
  }

  /** The provider answered, be it a refusal: it works. Costs a write only where this sender was the one to try. */
  async answered(channel: MessageChannel): Promise<void> {
    this.#failures.delete(channel);
    const probe = this.#probes.get(channel);
    if (probe === undefined) return;
    this.#probes.delete(channel);
    this.#read = undefined;
    await this.#table.update(controlsKey, {
      ConditionExpression: '#until = :seen',
      UpdateExpression: 'REMOVE #until, #trips',
      ExpressionAttributeNames: { '#until': `${UNTIL}_${channel}`, '#trips': `${TRIPS}_${channel}` },
      ExpressionAttributeValues: { ':seen': N(probe.until) },
    });
  }

  /** The provider was too busy, failed, or did not answer. */
  async failed(channel: MessageChannel, now: number): Promise<void> {
    const probe = this.#probes.get(channel);
    if (probe !== undefined) {
      this.#probes.delete(channel);
      await this.#set(channel, tripped(probe, now), probe.until);
      return;
    }
    const run = afterFailure(this.#failures.get(channel), now);
    this.#failures.set(channel, run);
    if (run.count < FAILURES_MAX) return;
    this.#failures.delete(channel);
    await this.#set(channel, tripped(undefined, now), undefined);
  }

  async #controls(now: number): Promise<Controls> {
    if (this.#read === undefined || now - this.#read.at >= BELIEVED_MILLIS || now < this.#read.at)
      this.#read = { at: now, value: controlsOf(await this.#table.get(controlsKey)) };
    return this.#read.value;
  }

  /** Writes a breaker as long as nobody else did since it was seen, and reads again next time. */
  async #set(channel: MessageChannel, next: OpenBreaker, seen: number | undefined): Promise<boolean> {
    this.#read = undefined;
    return this.#table.update(controlsKey, {
      ConditionExpression: seen === undefined ? 'attribute_not_exists(#until)' : '#until = :seen',
      UpdateExpression: 'SET #until = :until, #trips = :trips',
      ExpressionAttributeNames: { '#until': `${UNTIL}_${channel}`, '#trips': `${TRIPS}_${channel}` },
      ExpressionAttributeValues: {
        ':until': N(next.until),
        ':trips': N(next.trips),
        ...(seen === undefined ? {} : { ':seen': N(seen) }),
      },
    });
  }
}
