import type { World } from '../decide/world.ts';
import type { Draft } from '../entries.ts';
import { overdueMinor } from '../ledger.ts';
import type { Track } from '../model.ts';
import type { TrackRules } from '../policy/ladder.ts';
import { SCORECARD, type ScoredTrack } from '../policy/scorecard.ts';
import { unansweredDays } from '../score/facts.ts';
import { type Score, scoreOf } from '../score/score.ts';

/** On which track a case is, and what that bends. */

export interface TrackFinding {
  readonly track: Track;
  /** A sentence for a person. */
  readonly why: string;
}

/** The track by what is known now. The first that applies wins: a customer in hardship who hides is in hardship. */
export function trackOf(world: Omit<World, 'track'>): TrackFinding {
  const score = scoreOf(world);
  const found = hardship(world, score) ?? evasive(world, score);
  if (found !== undefined) return found;
  const { account, setting, daysPastDue, contractDaysPastDue } = world;
  const { longTermDays, longTermCases, lightDaysMax, lightOverdueMinor } = setting.ladder.trackFrom;
  if (contractDaysPastDue >= longTermDays) return { track: 'long-term', why: `${contractDaysPastDue} days past due by contract` };
  if (account.caseCount >= longTermCases) return { track: 'long-term', why: `This is case number ${account.caseCount} of the account` };
  if (account.facts.timesOverdueLast12Months === 0) return { track: 'first-time', why: 'Not overdue before in the last 12 months' };
  const light = lightOverdueMinor[account.currency ?? ''];
  if (light !== undefined && daysPastDue <= lightDaysMax && overdueMinor(account) <= light)
    return { track: 'light', why: `A small amount, at most ${lightDaysMax} days past due` };
  if (daysPastDue <= lightDaysMax && leadsTo('light', score))
    return { track: 'light', why: `Willing and able to pay, at most ${lightDaysMax} days past due` };
  return { track: 'standard', why: 'Nothing sets the case apart' };
}

function hardship({ account, current, governor }: Omit<World, 'track'>, score: Score): TrackFinding | undefined {
  if (current.hardshipAt !== undefined) return { track: 'hardship', why: 'The customer reported hardship' };
  if ([...account.holds, ...(governor?.holds ?? [])].some((hold) => hold.kind === 'hardship-review'))
    return { track: 'hardship', why: 'Hardship was or is under review' };
  if (account.facts.flags.includes('vulnerable') || account.flags.includes('vulnerable'))
    return { track: 'hardship', why: 'The customer is vulnerable' };
  if (leadsTo('hardship', score) && isTold(score)) return { track: 'hardship', why: 'The customer would pay and cannot' };
  return undefined;
}

function leadsTo(track: ScoredTrack, { willingness, ability }: Score): boolean {
  const levels = SCORECARD.tracks[track];
  return levels.willingness.includes(willingness) && levels.ability.includes(ability);
}

/** The customer gave a reason, or the bank's own model knows: figures alone make nobody a case of hardship. */
function isTold({ source, explained }: Score): boolean {
  return (
    source.ability === 'bank' ||
    explained.some(({ fact, dimension, points }) => fact.startsWith('reason-') && dimension === 'ability' && points < 0)
  );
}

function evasive(world: Omit<World, 'track'>, score: Score): TrackFinding | undefined {
  const { current, setting } = world;
  const { evasiveBrokenPromises, evasiveRefusals, evasiveUnansweredDays } = setting.ladder.trackFrom;
  const broken = current.promises.filter((promise) => promise.status === 'broken').length;
  if (broken >= evasiveBrokenPromises) return { track: 'evasive', why: `${broken} promises were broken` };
  const refusals = current.refusalCount ?? 0;
  if (refusals >= evasiveRefusals) return { track: 'evasive', why: `The customer refused ${refusals} times` };
  if (leadsTo('evasive', score)) return { track: 'evasive', why: `${whoSays(score)} holds the customer able and unwilling to pay` };
  const tried = unansweredDays(world);
  if (current.lastConversationAt === undefined && tried >= evasiveUnansweredDays)
    return { track: 'evasive', why: `Valid numbers were tried on ${tried} days without one conversation` };
  return undefined;
}

function whoSays({ source }: Score): string {
  return source.willingness === 'bank' && source.ability === 'bank' ? 'The bank' : 'The scorecard';
}

/** The change that the timeline does not know of yet: it is recorded with the next act, which it bent. */
export function trackChange(world: World): Draft<'TrackChanged'>[] {
  const from = world.current.track ?? 'standard';
  if (world.track === from) return [];
  return [{ type: 'TrackChanged', from, to: world.track, why: trackOf(world).why }];
}

export function rulesOf({ setting, track }: World): TrackRules {
  return setting.ladder.tracks[track];
}

/** Days of the ladder as the case's track bends them: whole days, at least one. */
export function paced(days: number, pace: number): number {
  return Math.max(1, Math.round(days * pace));
}
