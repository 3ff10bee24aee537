import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { DAY } from '../../domain/calendar.ts';
import { keyItem, N, S } from '../adapters/table.ts';
import { notesKey } from '../protocol/items.ts';
import type { Ports } from '../protocol/signal.ts';

/** Words of people about a customer: an item of their own that goes after the pack's retention. The timeline has its id and codes. */

const NOTES_KEPT_DAYS = 5 * 365;

export function notesPut(ports: Ports, accountId: string, id: string, notes: string, keptDays = NOTES_KEPT_DAYS): TransactWriteItem {
  const expiresAt = Math.floor((ports.now + keptDays * DAY) / 1000);
  return { Put: { TableName: ports.table.name, Item: { ...keyItem(notesKey(accountId, id)), notes: S(notes), expiresAt: N(expiresAt) } } };
}

/**
 * The words that no code says, by their member; undefined where the codes say all.
 *
 * @param codes for each member the code that the timeline keeps of it
 */
export function wordsBeside(
  said: Readonly<Record<string, string | undefined>>,
  codes: Readonly<Record<string, string>>,
): string | undefined {
  const words = Object.entries(said).filter(([member, text]) => text !== undefined && text !== codes[member]);
  return words.length === 0 ? undefined : JSON.stringify(Object.fromEntries(words));
}
