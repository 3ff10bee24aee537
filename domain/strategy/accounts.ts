import { daysPastDue, isArranged, isCured, openCase } from '../case-status.ts';
import type { ContactPoint, ContactRow, Governor } from '../customer.ts';
import { type World, worldOf } from '../decide/world.ts';
import { factsOf, paymentAwaitedUntil } from '../gate/facts.ts';
import { judge } from '../gate/gate.ts';
import { activeHold } from '../holds.ts';
import { overdueMinor } from '../ledger.ts';
import { type Account, MESSAGE_CHANNELS, type MessageChannel, STAGES } from '../model.ts';
import { quietAfterConversation } from './answers.ts';
import { isFigureStale } from './figures.ts';
import { isGranted } from './flags.ts';
import { isPaused } from './pressure.ts';

/** A customer with several overdue accounts hears of all of them in one message: which account leads, and which it speaks for. */

/** Another account of the same customer with an open case, as it was read. */
export interface OtherAccount {
  readonly account: Account;
  readonly version: number;
}

/** Whether nothing but time and caps stands between an account and a collection message about it. */
function isCollectable({ governor, setting, now }: World, account: Account): boolean {
  const { ladder, deployment } = setting;
  const current = openCase(account);
  if (current === undefined || !account.customerKnown || isCured(account, ladder) || isArranged(current)) return false;
  if (activeHold([...account.holds, ...(governor?.holds ?? [])], now) !== undefined || isFigureStale(account, deployment, now))
    return false;
  if (!isGranted({ account, current }, 'message')) return false;
  if (current.promises.some((promise) => promise.status === 'open') || current.legal.referredAt !== undefined) return false;
  const quiet = quietAfterConversation(worldOf(account, current, governor, setting));
  if (isPaused({ current, setting, now }) || (quiet !== undefined && quiet > now)) return false;
  return paymentAwaitedUntil({ account, ladder, now }) === undefined && daysPastDue(account, now) > ladder.graceDays;
}

/** The accounts that a message of this one may have to name. */
export function collectableWith(world: World): readonly Account[] {
  return world.others.map(({ account }) => account).filter((account) => isCollectable(world, account));
}

/**
 * The highest stage leads, of one stage the currency that comes first by its code, then the largest overdue amount; of equals the one
 * whose id comes first. Amounts of two currencies have no order, and whoever leads must lead for all.
 */
function goesBefore(one: Account, other: Account): boolean {
  const stageOf = (account: Account) => STAGES.indexOf(openCase(account)?.stage ?? 'reminder');
  if (stageOf(one) !== stageOf(other)) return stageOf(one) > stageOf(other);
  if (one.currency !== other.currency) return (one.currency ?? '') < (other.currency ?? '');
  if (overdueMinor(one) !== overdueMinor(other)) return overdueMinor(one) > overdueMinor(other);
  return one.accountId < other.accountId;
}

/** The other account that leads; undefined where this one does. */
export function leaderOf(world: World): Account | undefined {
  let first = world.account;
  for (const { account } of world.others) {
    if (isCollectable(world, account) && goesBefore(account, first)) first = account;
  }
  return first === world.account ? undefined : first;
}

/** The other accounts that a message of this one may speak for at an instant: those for which it could go by itself. */
export function listedWith(world: World, channel: MessageChannel, point: ContactPoint, at: number): readonly OtherAccount[] {
  const { governor, setting, now } = world;
  const { deployment, ladder } = setting;
  return world.others.filter(({ account }) => {
    if (!isCollectable(world, account)) return false;
    const facts = factsOf({ governor, account, deployment, ladder, now }, at);
    return judge({ channel, point, purpose: 'collection', accountId: account.accountId }, facts, at).decision === 'allow';
  });
}

/** What the ledger calls a message about several accounts once its provider has it: only then it counts for those it spoke for. */
const HANDED_OVER = 'handed-over';

export function asHandedOver(governor: Governor, contactId: string): Governor {
  if (!governor.contacts.some((row) => row.id === contactId && row.alsoAbout !== undefined && row.outcome !== HANDED_OVER)) return governor;
  const contacts = governor.contacts.map((row) => (row.id === contactId ? { ...row, outcome: HANDED_OVER } : row));
  return { ...governor, contacts };
}

/**
 * Messages of other accounts that spoke for this one too, and that its timeline does not know of yet; oldest first. Known by their ids:
 * one that was reserved earlier than another may be handed over later, or be in doubt until a report says that it went.
 */
export function sharedWith({ account, current, governor }: World): readonly ContactRow[] {
  const known = new Set(current.sharedIds);
  return (governor?.contacts ?? [])
    .filter((row) => row.alsoAbout?.includes(account.accountId) && row.outcome === HANDED_OVER && !known.has(row.id))
    .filter((row) => Date.parse(row.at) > Date.parse(current.openedAt))
    .filter((row) => (MESSAGE_CHANNELS as readonly string[]).includes(row.channel))
    .sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
}
