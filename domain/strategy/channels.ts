import { DAY, toMillis } from '../calendar.ts';
import { isUndelivered } from '../contact-points/delivery.ts';
import { ownPoints, type World } from '../decide/world.ts';
import type { Case, Contact, MessageChannel } from '../model.ts';
import { rulesOf } from './tracks.ts';

/** By which channel the next message goes, and what the results of the ones before change about it. */

/** The channels that messages of this case can go by here, in the order of its stage or track. Letters are apart. */
export function messageChannels(world: World): readonly MessageChannel[] {
  const { setting, current } = world;
  const order = rulesOf(world).channels ?? setting.ladder.channels[current.stage];
  return deployed(world, order);
}

/** Those of a list that this deployment has, in the list's order. */
export function deployed({ setting }: World, channels: readonly MessageChannel[]): readonly MessageChannel[] {
  return channels.filter((channel) => setting.deployment.channels.includes(channel));
}

/** The channels take turns from one message to the next; a letter that is due comes first. */
export function channelsFor(world: World, number: number): readonly MessageChannel[] {
  const usable = messageChannels(world).filter((channel) => ownPoints(world, channel).length > 0);
  const turned = usable.map((_, index) => usable[(index + number - 1) % usable.length] as MessageChannel);
  return letterDue(world) ? ['post', ...turned] : turned;
}

/** Whether the stage writes letters and the last one is long enough ago. */
function letterDue(world: World): boolean {
  const { setting, current, governor, account, now } = world;
  const everyDays = setting.ladder.letterEveryDays[current.stage];
  if (everyDays === undefined || !setting.deployment.channels.includes('post')) return false;
  return (governor?.contacts ?? []).every(
    (row) => row.channel !== 'post' || row.accountId !== account.accountId || now - toMillis(row.at) >= everyDays * DAY,
  );
}

/** Whether what is known of a message says that it did not arrive. */
function hasFailed(contact: Contact): boolean {
  return contact.status === 'failed' || contact.status === 'lost' || isUndelivered(contact);
}

/** What the steps of the stage's own messages are called, before their number: anew each time the stage is entered. */
export function seriesName({ stage, stageEnteredOn }: Case): string {
  return `${stage}-${stageEnteredOn}-`;
}

/** One that its provider was too busy to take says nothing yet of its arrival: it is made again. */
function seriesOf({ current }: World): readonly Contact[] {
  const name = seriesName(current);
  return current.contacts.filter((contact) => contact.key.startsWith(name) && contact.status !== 'deferred');
}

/** When it became known that the newest message of the series did not arrive. Epoch milliseconds. */
export function lastFailureAt(world: World): number {
  const last = seriesOf(world).at(-1);
  return last === undefined ? 0 : toMillis(last.delivery?.at ?? last.at);
}

/**
 * How many messages of the series in a row, up to the newest, did not arrive: the next goes at once, on another way. Not where another
 * account's message has spoken for this one since.
 */
export function failedInARow(world: World): number {
  const series = seriesOf(world);
  const { sharedAt } = world.current;
  const newest = series.at(-1);
  if (sharedAt !== undefined && newest !== undefined && toMillis(newest.at) <= toMillis(sharedAt)) return 0;
  const arrived = series.findLastIndex((contact) => !hasFailed(contact));
  return series.length - 1 - arrived;
}
