import { HOUR, toMillis } from '../calendar.ts';
import type { World } from '../decide/world.ts';
import type { Account, Channel, Purpose } from '../model.ts';
import type { Deployment } from '../record/journal.ts';

/**
 * The world for an answer to the customer, who asked for it: that is no collection on the figure, so its age does not forbid it. All else
 * does what it does.
 */
export function answering(world: World): World {
  const { setting } = world;
  return { ...world, setting: { ...setting, deployment: { ...setting.deployment, maxFigureAgeHours: undefined } } };
}

/**
 * Whether a call is the one that the customer asked for: its task is open, or its time has come.
 *
 * @param at when it is to be made, epoch milliseconds
 */
export function isCallBack({ current }: Pick<World, 'current'>, { channel, purpose }: Asked, at: number): boolean {
  if (channel !== 'voice' || purpose !== 'collection') return false;
  const { callBackAt, tasks } = current;
  return tasks.some(({ objective }) => objective === 'call-back') || (callBackAt !== undefined && toMillis(callBackAt) <= at);
}

interface Asked {
  readonly channel: Channel;
  readonly purpose: Purpose;
}

/** Whether the core's newest figure is too old to collect on; never, where the deployment sets no age. */
export function isFigureStale({ figure }: Pick<Account, 'figure'>, { maxFigureAgeHours }: Deployment, now: number): boolean {
  return maxFigureAgeHours !== undefined && figure !== undefined && now - toMillis(figure.asOf) > maxFigureAgeHours * HOUR;
}
