import type { World } from '../decide/world.ts';
import { type Dimension, SCORECARD, type Scorecard, type ScoreRow } from '../policy/scorecard.ts';
import { type FactsOfScore, factsOfScore } from './facts.ts';
import type { Level } from './levels.ts';

/** Willingness and ability as a scorecard that a person can add up: every point has its fact and its reason. */

/** One fact and what it is worth. `points` is 0 where the fact is known and speaks neither way. */
export interface ScorePart {
  readonly fact: string;
  readonly dimension: Dimension;
  readonly points: number;
  readonly why: string;
}

export interface Score {
  readonly willingness: Level;
  readonly ability: Level;
  /** The sums of the parts, also where the bank's own model decides the level. */
  readonly points: Readonly<Record<Dimension, number>>;
  /** Who said the level: this scorecard, or the bank's own model, which wins where it says anything. */
  readonly source: Readonly<Record<Dimension, 'scorecard' | 'bank'>>;
  readonly explained: readonly ScorePart[];
  readonly version: string;
}

/** What a score is made from: the track is not among it, since tracks read the score. */
export type ScoredWorld = Pick<World, 'account' | 'current' | 'governor'>;

/** The score of a case by what is known now. Pure: the same facts give the same score. */
export function scoreOf(world: ScoredWorld, card: Scorecard = SCORECARD): Score {
  return scoreFrom(factsOfScore(world, card.bankScore), card);
}

/** The score of facts that are given as numbers. */
export function scoreFrom(facts: FactsOfScore, card: Scorecard = SCORECARD): Score {
  const explained = [...card.rows.flatMap((row) => partOf(row, facts)), ...reasonParts(facts, card)];
  const willingness = levelOf('willingness', facts, explained, card);
  const ability = levelOf('ability', facts, explained, card);
  return {
    willingness: willingness.level,
    ability: ability.level,
    points: { willingness: sumOf(explained, 'willingness'), ability: sumOf(explained, 'ability') },
    source: { willingness: willingness.source, ability: ability.source },
    explained: [...[willingness, ability].flatMap(({ part }) => part ?? []), ...explained],
    version: card.version,
  };
}

function partOf({ fact, dimension, steps, why }: ScoreRow, { numbers }: FactsOfScore): ScorePart[] {
  const value = numbers[fact];
  const reached = value === undefined ? undefined : steps.findLast((step) => value >= step.atLeast);
  return reached === undefined ? [] : [{ fact, dimension, points: reached.points, why }];
}

function reasonParts({ reasonForArrears }: FactsOfScore, card: Scorecard): ScorePart[] {
  const reason = reasonForArrears === undefined ? undefined : card.reasons[reasonForArrears];
  if (reason === undefined) return [];
  const { why } = reason;
  return (['willingness', 'ability'] as const).map((dimension) => ({
    fact: `reason-${reasonForArrears}`,
    dimension,
    points: reason[dimension],
    why,
  }));
}

/** Codes and words come from outside: what an object inherits is none of them. */
function ownValue<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

function sumOf(parts: readonly ScorePart[], dimension: Dimension): number {
  return parts.reduce((sum, part) => sum + (part.dimension === dimension ? part.points : 0), 0);
}

interface Levelled {
  readonly level: Level;
  readonly source: 'scorecard' | 'bank';
  readonly part?: ScorePart;
}

/** The bank's own model wins where it says anything that is understood; it is named among the reasons and has no points. */
function levelOf(dimension: Dimension, facts: FactsOfScore, parts: readonly ScorePart[], card: Scorecard): Levelled {
  const word = facts.bank[dimension];
  const said = word === undefined ? undefined : ownValue(card.bankWords[dimension], word);
  if (said !== undefined && said !== 'unknown') {
    const part = { fact: `bank-${dimension}`, dimension, points: 0, why: `The bank's own model says ${word}` };
    return { level: said, source: 'bank', part };
  }
  if (!parts.some((part) => part.dimension === dimension && part.points !== 0)) return { level: 'unknown', source: 'scorecard' };
  const points = sumOf(parts, dimension);
  const { lowTo, highFrom } = card.levels[dimension];
  return { level: points <= lowTo ? 'low' : points >= highFrom ? 'high' : 'medium', source: 'scorecard' };
}
