import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { DAY } from '../../domain/calendar.ts';
import type { Attempt } from '../../domain/record/attempts.ts';
import { type Item, type Key, keyItem, N, S, type Table, text } from '../adapters/table.ts';
import { bankFactKey } from '../protocol/items.ts';

/** A reservation as an item of its own: the ledger forgets one that ran out, and a late report must still find it. */

/** As long as a payment's: whoever reports later than that has lost the reservation. */
const KEPT_DAYS = 400;

export interface StoredAttempt extends Attempt {
  readonly customerId: string;
}

export function attemptKey(attemptId: string): Key {
  return bankFactKey('attempt', attemptId);
}

/** The item, on the condition that no attempt has this id. */
export function attemptPut(table: Table, attempt: StoredAttempt, now: number): TransactWriteItem {
  return {
    Put: {
      TableName: table.name,
      ConditionExpression: 'attribute_not_exists(pk)',
      Item: {
        ...keyItem(attemptKey(attempt.attemptId)),
        customerId: S(attempt.customerId),
        ...(attempt.accountId === undefined ? {} : { accountId: S(attempt.accountId) }),
        body: S(JSON.stringify(attempt)),
        expiresAt: N(Math.floor((now + KEPT_DAYS * DAY) / 1000)),
      },
    },
  };
}

export function readAttempt(item: Item | undefined): StoredAttempt | undefined {
  const body = text(item, 'body');
  return body === undefined ? undefined : (JSON.parse(body) as StoredAttempt);
}
