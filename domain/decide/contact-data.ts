import { DAY, toMillis } from '../calendar.ts';
import { noneUsable } from '../contact-points/usable.ts';
import type { Proposal, World } from './world.ts';

/**
 * The customer is known, and none of the own numbers and addresses can be used any more: somebody is asked for others, with what stands
 * against each. The ladder goes on meanwhile with what needs none. A third party's number is never the answer.
 */
export function askForContactData(world: World): Proposal[] {
  const { current, governor, setting, now } = world;
  const unusable = governor === undefined ? undefined : noneUsable(governor, setting.deployment.channels);
  if (unusable === undefined || current.tasks.some((task) => task.queue === 'data-quality')) return [];
  const { dataAskedAt } = current;
  return [
    {
      kind: 'task',
      act: 'open-review',
      at: dataAskedAt === undefined ? now : toMillis(dataAskedAt) + setting.ladder.dataQualityEveryDays * DAY,
      why: 'None of the own numbers and addresses is left to use',
      task: { queue: 'data-quality', objective: 'complete-contact-data', unusable },
    },
  ];
}
