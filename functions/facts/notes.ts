import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { Journal } from '../../domain/record/journal.ts';
import { type Item, keyItem, S, type Table } from '../adapters/table.ts';
import { notesKey } from '../protocol/items.ts';
import { keptItem } from '../protocol/keeping.ts';

/** Words of people about a customer: an item of their own that goes after the pack's retention. The timeline has its id and codes. */

/**
 * A note on the account of the journal that its transaction records.
 *
 * @param kept for how long, where that is not the retention
 */
export function notesPut(
  { table }: { readonly table: Table },
  journal: Journal,
  id: string,
  notes: string,
  kept: Item = keptItem(journal),
): TransactWriteItem {
  return { Put: { TableName: table.name, Item: { ...keyItem(notesKey(journal.account.accountId, id)), notes: S(notes), ...kept } } };
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
