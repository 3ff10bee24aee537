import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { DAY, toInstant } from '../../domain/calendar.ts';
import { keyItem, N, S, type Table } from '../adapters/table.ts';
import { rejectionKey } from './items.ts';

export interface Rejection {
  /** The inbound event's own id. */
  readonly eventId: string;
  readonly detailType: string;
  readonly accountId?: string;
  readonly customerId?: string;
  /** Path in the event's detail. */
  readonly field: string;
  /** The rule it breaks; never the value. */
  readonly rule: string;
  /** The event as it came: goes to the dead-letter queue, and may hold personal data. */
  readonly original: string;
}

const KEPT_DAYS = 14;

/**
 * Writes a rejection down, once however often the event comes. The publisher makes `EventRejected` and the dead letter of it, from
 * the table's stream, so that neither can get lost.
 */
export async function reject(ports: { readonly table: Table; readonly now: number }, rejection: Rejection): Promise<void> {
  await ports.table.write([rejectionPut(ports, rejection)]);
}

/** The same as an item, for a transaction that records more than the rejection. */
/** The item of a rejection, for a transaction that finds it together with something else. */
export function rejectionPut(ports: { readonly table: Table; readonly now: number }, rejection: Rejection): TransactWriteItem {
  const { eventId, detailType, accountId, customerId, field, rule, original } = rejection;
  return {
    Put: {
      TableName: ports.table.name,
      ConditionExpression: 'attribute_not_exists(pk)',
      Item: {
        ...keyItem(rejectionKey(eventId)),
        eventId: S(eventId),
        detailType: S(detailType),
        at: S(toInstant(ports.now)),
        field: S(field),
        rule: S(rule),
        original: S(original),
        expiresAt: N(Math.floor((ports.now + KEPT_DAYS * DAY) / 1000)),
        ...(accountId === undefined ? {} : { accountId: S(accountId) }),
        ...(customerId === undefined ? {} : { customerId: S(customerId) }),
      },
    },
  };
}
