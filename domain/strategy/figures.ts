import { HOUR, toMillis } from '../calendar.ts';
import type { World } from '../decide/world.ts';
import type { Account } from '../model.ts';
import type { Deployment } from '../record/journal.ts';

/**
 * The world for an answer to the customer, who asked for it: that is no collection on the figure, so its age does not forbid it. All else
 * does what it does.
 */
export function answering(world: World): World {
  const { setting } = world;
  return { ...world, setting: { ...setting, deployment: { ...setting.deployment, maxFigureAgeHours: undefined } } };
}

/** Whether the core's newest figure is too old to collect on; never, where the deployment sets no age. */
export function isFigureStale({ figure }: Pick<Account, 'figure'>, { maxFigureAgeHours }: Deployment, now: number): boolean {
  return maxFigureAgeHours !== undefined && figure !== undefined && now - toMillis(figure.asOf) > maxFigureAgeHours * HOUR;
}
