import { addDays, DAY, localDate, toInstant, toMillis } from '../../domain/calendar.ts';
import type { CaseImport, ImportedContact } from '../../domain/take-over/import.ts';
import { START } from './setting.ts';

/** Cases that ran elsewhere, with safe defaults; days count from the start of the tests. */

const now = toMillis(START);
export const daysAgo = (days: number): string => toInstant(now - days * DAY);
export const day = (offset: number): string => addDays(localDate(now, 'Asia/Shanghai'), offset);

export const sms = (days: number): ImportedContact => ({ channel: 'sms', kind: 'attempt', at: daysAgo(days), contactPointId: 'sms' });
export const call = (days: number, change: Partial<ImportedContact> = {}): ImportedContact => ({
  channel: 'voice',
  kind: 'attempt',
  at: daysAgo(days),
  outcome: 'no-answer',
  contactPointId: 'voice',
  ...change,
});
export const offer = (days: number) => ({ kind: 'plan-offer', at: daysAgo(days), how: 'sms' }) as const;
export const demand = (days: number) => ({ kind: 'written-demand', at: daysAgo(days), how: 'post' }) as const;

export const anImport = (change: Partial<CaseImport> = {}): CaseImport => ({
  importId: 'imp-1',
  customerId: 'cus-1',
  asOf: daysAgo(0.1),
  openedAt: daysAgo(90),
  stage: 'reminder',
  contacts: [],
  promises: [],
  notices: [],
  ...change,
});

/** Two instalments paid, the others still open. */
export const plan = (open: readonly number[], currency = 'CNY'): Partial<CaseImport> => {
  const amount = { amount: '2000.00', currency };
  return {
    plan: {
      planId: 'plan-77',
      kind: 'instalments',
      agreedAt: daysAgo(70),
      channel: 'branch',
      instalments: [
        ...[-60, -30].map((offset) => ({ dueDate: day(offset), amount, status: 'paid' as const })),
        ...open.map((offset) => ({ dueDate: day(offset), amount, status: 'open' as const })),
      ],
    },
  };
};
