import { toMillis } from '../../domain/calendar.ts';
import type { Governor } from '../../domain/customer.ts';
import { LADDER, type Ladder } from '../../domain/policy/ladder.ts';
import type { Deployment, Setting } from '../../domain/record/journal.ts';

/** 2 March 2026 is a Monday; 09:30 in Shanghai. */
export const START = '2026-03-02T01:30:00Z';

const DEPLOYMENT: Deployment = {
  timeZone: 'Asia/Shanghai',
  jurisdiction: 'CN',
  locale: 'zh-CN',
  house: true,
  visits: true,
  role: 'first-party',
  channels: ['sms', 'email'],
  products: {},
};

export function aSetting(
  change: {
    readonly now?: string | number;
    readonly governor?: Governor | undefined;
    readonly ladder?: Ladder;
    readonly deployment?: Partial<Deployment>;
  } = {},
): Setting {
  const now = change.now ?? START;
  return {
    now: typeof now === 'number' ? now : toMillis(now),
    ladder: change.ladder ?? LADDER,
    deployment: { ...DEPLOYMENT, ...change.deployment },
    governor: change.governor,
  };
}
