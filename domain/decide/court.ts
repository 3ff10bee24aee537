import { addDays, DAY, startOfDay, toMillis } from '../calendar.ts';
import { isCured } from '../case-status.ts';
import { isNewer } from '../ledger.ts';
import { limitationOf } from '../limitation.ts';
import type { Instant, LegalStatus } from '../model.ts';
import type { Proposal, World } from './world.ts';

/** A suit is driven from outside, and nobody outside is bound to tell: where no news comes, a person finds out. Its end is put on record. */

/** What was said of a suit last; `referred` while nobody has said that it was filed. */
type Told = 'referred' | Exclude<LegalStatus, 'settled' | 'withdrawn'>;

/** What is awaited after each: what the review is about. */
const AWAITED = { referred: 'filing', filed: 'judgment', judgment: 'enforcement', enforcement: 'recovery' } as const;

function lastNews({ account, current }: World): { readonly told: Told; readonly at: Instant } | undefined {
  const { referredAt } = current.legal;
  if (referredAt === undefined) return undefined;
  const { suit } = account;
  const isOver = suit === undefined || suit.status === 'withdrawn' || suit.status === 'settled';
  return isOver ? { told: 'referred', at: referredAt } : { told: suit.status, at: suit.at };
}

/**
 * When somebody asks next. Where nobody knew, soon again; the same where a suit that nobody filed comes close to its last day, since only
 * the filing stops the clock.
 */
function asksAt(world: World, told: Told, newsAt: Instant): number {
  const { account, current, setting, now } = world;
  const { newsDays, newsAgainDays, unfiledDays } = setting.ladder.legal;
  const { asked } = current.legal;
  const since = toMillis(asked?.at ?? newsAt);
  const again = since + newsAgainDays * DAY;
  if (asked?.known === false) return again;
  const usual = since + newsDays[told] * DAY;
  const endsOn = told === 'referred' ? limitationOf(account, setting.deployment, now)?.endsOn : undefined;
  if (endsOn === undefined) return usual;
  return Math.min(usual, Math.max(again, startOfDay(addDays(endsOn, -unfiledDays), account.timeZone)));
}

/** A person finds out what became of a suit of which nothing was heard for long; undefined where none is awaited, or somebody is asked. */
export function proposeNewsReview(world: World): Proposal | undefined {
  const { account, current, setting } = world;
  const news = lastNews(world);
  if (news === undefined || current.ending !== undefined || isCured(account, setting.ladder)) return undefined;
  if (current.tasks.some((task) => task.objective === 'review-suit')) return undefined;
  const subject = AWAITED[news.told];
  return {
    kind: 'task',
    act: 'open-review',
    at: asksAt(world, news.told, news.at),
    why: `Referred; the court's news is awaited (${subject}), and without any a person finds out`,
    task: { queue: 'case-review', objective: 'review-suit', subject },
  };
}

/**
 * Of a case that was in court, or on its way there, the whole record goes under lock before it closes, whoever filed the suit and whatever became of
 * it: what counsel was handed ends with the referral, and where others filed there is nothing else.
 */
export function proposeClosing({ account, current, now }: Pick<World, 'account' | 'current' | 'now'>, why: string): Proposal {
  const { referredAt, record } = current.legal;
  // News of before the case are of one that is over: those that still counted made it a referral as it opened.
  const wasInCourt = referredAt !== undefined || (account.suit !== undefined && !isNewer(current.openedAt, account.suit.at));
  return wasInCourt && record === undefined
    ? { kind: 'record', act: 'assemble-record', at: now, why: 'The record of the suit goes under lock before the case closes' }
    : { kind: 'close', act: 'close', at: now, why };
}
