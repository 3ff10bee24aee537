import { DAY, toMillis } from '../calendar.ts';
import { findingOn } from '../contact-points/health.ts';
import { noneUsable } from '../contact-points/usable.ts';
import { REGISTERED_ADDRESS } from '../visits.ts';
import type { Proposal, World } from './world.ts';

/**
 * The customer is known, and none of the own numbers and addresses can be used any more: somebody is asked for others, with what stands
 * against each. The ladder goes on meanwhile with what needs none. A third party's number is never the answer.
 */
export function askForContactData(world: World): Proposal[] {
  const { current, governor, setting, now } = world;
  if (current.tasks.some((task) => task.queue === 'data-quality')) return [];
  const unusable = governor === undefined ? undefined : noneUsable(governor, setting.deployment.channels);
  if (unusable === undefined) return askForAddress(world);
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

const NOT_THERE: ReadonlySet<string> = new Set(['moved', 'address-invalid']);

/** Whoever called at the registered address did not find the customer's home there: somebody is asked for the right one. */
function askForAddress({ current, governor, now }: World): Proposal[] {
  const found = current.visits.findLast(({ outcome }) => NOT_THERE.has(outcome));
  const asked = found === undefined || (current.dataAskedAt !== undefined && toMillis(current.dataAskedAt) >= toMillis(found.at));
  if (asked || governor === undefined) return [];
  const addresses = governor.points.filter(({ channel, owner }) => channel === 'visit' && owner === 'self');
  const findings = addresses.flatMap((point) => {
    const finding = findingOn(governor.findings, point);
    return finding === undefined ? [] : [[point.id, finding] as const];
  });
  if (findings.length < addresses.length || findings.length === 0) return [];
  return [
    {
      kind: 'task',
      act: 'open-review',
      at: now,
      why: 'The registered address is not where the customer lives',
      task: {
        queue: 'data-quality',
        objective: 'complete-contact-data',
        subject: REGISTERED_ADDRESS,
        unusable: Object.fromEntries(findings),
      },
    },
  ];
}
