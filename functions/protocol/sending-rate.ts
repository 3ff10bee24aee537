import type { MessageChannel } from '../../domain/model.ts';
import { sha256 } from '../../domain/timeline.ts';
import { N, type Table } from '../adapters/table.ts';
import { rateKey } from './items.ts';

/** One item of the table takes 1,000 writes a second; refused ones count too, so each has room for many refusals. */
const PER_SHARD_MAX = 100;
const KEPT_SECONDS = 3600;

/**
 * At most so many messages a second by channel, over all senders: each takes a place in its second, by one conditional write to one of
 * as many items as the rate needs. Channels without a rate cost nothing.
 */
export class SendingRate {
  readonly #table: Table;
  readonly #rates: Readonly<Partial<Record<MessageChannel, number | undefined>>>;

  constructor(table: Table, rates: Readonly<Partial<Record<MessageChannel, number | undefined>>>) {
    this.#table = table;
    this.#rates = rates;
  }

  /** Takes a place in the present second. @returns whether there was one */
  async take(channel: MessageChannel, contactId: string, now: number): Promise<boolean> {
    const rate = this.#rates[channel];
    if (rate === undefined) return true;
    const shards = Math.ceil(rate / PER_SHARD_MAX);
    const shard = Number.parseInt(sha256(contactId).slice(0, 8), 16) % shards;
    const places = Math.floor(rate / shards) + (shard < rate % shards ? 1 : 0);
    const second = Math.floor(now / 1000);
    return this.#table.update(rateKey(channel, second, shard), {
      ConditionExpression: 'attribute_not_exists(taken) OR taken < :places',
      UpdateExpression: 'ADD taken :one SET expiresAt = :expires',
      ExpressionAttributeValues: { ':one': N(1), ':places': N(places), ':expires': N(second + KEPT_SECONDS) },
    });
  }
}
