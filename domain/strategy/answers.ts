import { addDays, instantAt, localDate, localMinutes, startOfDay, toMillis } from '../calendar.ts';
import type { ContactRow } from '../customer.ts';
import { plannedInstant, spread, type World } from '../decide/world.ts';
import type { LocalDate } from '../model.ts';
import { paced, rulesOf } from './tracks.ts';

/** What past conversations say about the next contact: when it is answered best, and how long it waits. */

const MINUTE = 60_000;

/** Conversations about this account, or about none in particular: of another one's the case is not told, and would wake too late. */
function conversations({ governor, account }: World): readonly ContactRow[] {
  return (governor?.contacts ?? []).filter(
    (row) => row.kind === 'conversation' && row.pendingUntil === undefined && concerns(row, account.accountId),
  );
}

/** The part of the day in which the customer took or made the most calls; of equals the one of the latest. */
function bestBand(world: World): World['setting']['ladder']['answerBands'][number] | undefined {
  const { account, setting } = world;
  let best: { readonly count: number; readonly lastAt: number; readonly index: number } | undefined;
  const minutes = conversations(world)
    .filter((row) => row.channel === 'voice')
    .map((row) => ({ at: toMillis(row.at), minutes: localMinutes(toMillis(row.at), account.timeZone) }));
  for (const [index, band] of setting.ladder.answerBands.entries()) {
    const within = minutes.filter((row) => row.minutes >= band.fromMinutes && row.minutes < band.toMinutes);
    const found = { count: within.length, lastAt: Math.max(...within.map((row) => row.at)), index };
    if (found.count === 0) continue;
    if (best === undefined || found.count > best.count || (found.count === best.count && found.lastAt > best.lastAt)) best = found;
  }
  return best === undefined ? undefined : setting.ladder.answerBands[best.index];
}

/**
 * When a contact of a date is planned: in the part of the day in which the customer answers, where that is known and the gate lets it
 * through, else somewhere in the day. The same for all who ask.
 *
 * @param allowed whether the gate allows the contact at an instant (epoch milliseconds)
 */
export function answeredInstant(world: World, date: LocalDate, what: string, allowed: (at: number) => boolean): number {
  const band = bestBand(world);
  if (band === undefined) return plannedInstant(world, date, what);
  const width = (band.toMinutes - band.fromMinutes) * MINUTE;
  const share = spread(world.account.accountId, what);
  const at = instantAt(date, band.fromMinutes, world.account.timeZone) + Math.floor(share * width);
  return at <= world.now || allowed(at) ? at : plannedInstant(world, date, what);
}

/** Until when nothing is collected after the last conversation, if it led to nothing; may lie in the past. Undefined where there was none. */
export function quietAfterConversation(world: World): number | undefined {
  const { account, current, setting, now } = world;
  const spoken = conversations(world).map((row) => toMillis(row.at));
  if (current.lastConversationAt !== undefined) spoken.push(toMillis(current.lastConversationAt));
  const last = spoken.reduce((latest, at) => (at <= now && at > latest ? at : latest), Number.NEGATIVE_INFINITY);
  // A promise is its own commitment: what follows it is decided by whether it is kept.
  if (last === Number.NEGATIVE_INFINITY || current.promises.some((promise) => toMillis(promise.recordedAt) >= last)) return undefined;
  const days = paced(setting.ladder.quietDaysAfterConversation, Math.min(1, rulesOf(world).messagePace));
  return startOfDay(addDays(localDate(last, account.timeZone), days), account.timeZone);
}

function concerns(row: ContactRow, accountId: string): boolean {
  return row.accountId === undefined || row.accountId === accountId || (row.alsoAbout ?? []).includes(accountId);
}
