import { DAY } from '../../domain/calendar.ts';
import { ownedCase } from '../../domain/case-status.ts';
import type { Journal } from '../../domain/record/journal.ts';
import { retentionOf } from '../../domain/retention.ts';
import { type Item, N, S, type Table, text } from '../adapters/table.ts';
import { headKey, NOTES, TEXTS } from './items.ts';

/**
 * How long the words beside a timeline are kept: texts of messages, and notes. Where the end of the case counts, they have none while it
 * runs, and name it; whoever closes the case gives them their end.
 */

/** The attributes of an item with words that is written together with a journal's entries. */
export function keptItem({ account, setting }: Journal): Item {
  const { days, from } = retentionOf(account, setting);
  const current = from === 'case-end' ? ownedCase(account) : undefined;
  return current === undefined ? { expiresAt: N(expiry(setting.now, days)) } : { keptForCase: S(current.caseId) };
}

/**
 * Gives what was kept for a case its end, before the closing is recorded: should that be tried again, or the case go on and close later,
 * the later one counts.
 *
 * @param journal before the closing
 */
export async function endKeeping(table: Table, { account, setting }: Journal, caseId: string): Promise<void> {
  const until = N(expiry(setting.now, retentionOf(account, setting).days));
  const { pk } = headKey(account.accountId);
  for (const prefix of [TEXTS, NOTES]) {
    for (const item of await table.list(pk, prefix)) {
      if (text(item, 'keptForCase') !== caseId) continue;
      // What was erased meanwhile stays so.
      await table.update(
        { pk, sk: text(item, 'sk') ?? '' },
        {
          UpdateExpression: 'SET expiresAt = :until',
          ConditionExpression: 'attribute_exists(pk)',
          ExpressionAttributeValues: { ':until': until },
        },
      );
    }
  }
}

/** Until when words are kept that nobody could use for longer than some days. */
export function expiryWithin(journal: Journal, daysMax: number): number {
  return expiry(journal.setting.now, Math.min(daysMax, retentionOf(journal.account, journal.setting).days));
}

function expiry(now: number, days: number): number {
  return Math.floor((now + days * DAY) / 1000);
}
