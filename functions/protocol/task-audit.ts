import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { DAY, toInstant } from '../../domain/calendar.ts';
import { keyItem, N, S, type Table } from '../adapters/table.ts';

/**
 * Who looked at a task and who had it, as items of their own beside it: a timeline entry for each look would move the account's version
 * and make every act under way start again.
 */

/** 中国个人信息保护法 (2021), art. 56: records of how personal data was handled are kept for at least three years. */
const KEPT_DAYS = 3 * 366;

export interface TaskLook {
  readonly taskId: string;
  /** The request's own id: a retry of it is the same look. */
  readonly requestId: string;
  readonly what: 'read' | 'claimed' | 'released' | 'reassigned';
  /** Absent where the caller did not say for whom. */
  readonly by: string | undefined;
  /** Who has the task now, where that is somebody else. */
  readonly assignee?: string;
  /** The answer held name, number or address. */
  readonly personal?: true;
}

/** The item of one look, for the transaction that answers it. It holds no personal data of the customer's. */
export function lookPut(table: Table, look: TaskLook, now: number): TransactWriteItem {
  const at = toInstant(now);
  return {
    Put: {
      TableName: table.name,
      Item: {
        ...keyItem({ pk: `TASK#${look.taskId}`, sk: `LOOK#${at}#${look.requestId}` }),
        at: S(at),
        what: S(look.what),
        ...(look.by === undefined ? {} : { by: S(look.by) }),
        ...(look.assignee === undefined ? {} : { assignee: S(look.assignee) }),
        ...(look.personal === undefined ? {} : { personal: { BOOL: true } }),
        expiresAt: N(Math.floor((now + KEPT_DAYS * DAY) / 1000)),
      },
    },
  };
}
