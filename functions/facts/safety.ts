import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { toInstant } from '../../domain/calendar.ts';
import type { Journal } from '../../domain/record/journal.ts';
import { type Item, keyItem, N, number, S, text } from '../adapters/table.ts';
import { safetyKey } from '../protocol/items.ts';
import { expiryWithin } from '../protocol/keeping.ts';
import type { Ports } from '../protocol/signal.ts';

/**
 * What those who visit a customer should know for their safety: words about a person, so they stand beside the timeline, only those who
 * are assigned read them, and they go. The newest stands.
 */

/** A dog or a threat of a year ago says little of today. */
const KEPT_DAYS = 365;
const NOTE_CHARACTERS_MAX = 1000;

export interface SafetyNote {
  readonly at: string;
  readonly note: string;
}

/** The item of a note, for the transaction that brings it; a longer one is cut. */
export function safetyPut(
  { table }: Pick<Ports, 'table'>,
  journal: Journal,
  customerId: string,
  { note, by }: { readonly note: string; readonly by?: string | undefined },
): TransactWriteItem {
  return {
    Put: {
      TableName: table.name,
      Item: {
        ...keyItem(safetyKey(customerId)),
        at: S(toInstant(journal.setting.now)),
        note: S(note.slice(0, NOTE_CHARACTERS_MAX)),
        ...(by === undefined ? {} : { by: S(by) }),
        expiresAt: N(expiryWithin(journal, KEPT_DAYS)),
      },
    },
  };
}

/**
 * The note as its item holds it; undefined where there is none, or its time is over: DynamoDB deletes expired items within days.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/howitworks-ttl.html
 */
export function readSafetyNote(item: Item | undefined, now: number): SafetyNote | undefined {
  const [at, note, expiresAt] = [text(item, 'at'), text(item, 'note'), number(item, 'expiresAt')];
  if (at === undefined || note === undefined || expiresAt === undefined || expiresAt * 1000 <= now) return undefined;
  return { at, note };
}
