import { HOUR, toMillis } from '../calendar.ts';
import type { Account } from '../model.ts';
import type { Deployment } from '../record/journal.ts';

/** Whether the core's newest figure is too old to collect on; never, where the deployment sets no age. */
export function isFigureStale({ figure }: Pick<Account, 'figure'>, { maxFigureAgeHours }: Deployment, now: number): boolean {
  return maxFigureAgeHours !== undefined && figure !== undefined && now - toMillis(figure.asOf) > maxFigureAgeHours * HOUR;
}
