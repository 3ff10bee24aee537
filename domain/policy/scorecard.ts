import type { ReasonForArrears } from '../codes.ts';
import type { Track } from '../model.ts';
import type { Level } from '../score/levels.ts';

/** Whether a customer means to pay, and whether they can: two questions, each with points of its own. */
export type Dimension = 'willingness' | 'ability';

/** What is counted or measured of a case. Each is a number, or not known. */
export const SCORED_FACTS = [
  'promises-kept',
  'promises-part-kept',
  'promises-broken',
  'refusals',
  'conversations',
  'inbound-contacts',
  'unanswered-days',
  'payments',
  'minimum-paid',
  'hardship',
  'bank-score',
  'times-overdue',
  'overdue-share',
] as const;
export type ScoredFact = (typeof SCORED_FACTS)[number];

/** The tracks that a score can lead to. */
export type ScoredTrack = Extract<Track, 'evasive' | 'hardship' | 'light'>;

/** Points for a fact: those of the highest step that it reaches; below all of them the fact says nothing. */
export interface ScoreRow {
  readonly fact: ScoredFact;
  readonly dimension: Dimension;
  readonly steps: readonly { readonly atLeast: number; readonly points: number }[];
  readonly why: string;
}

/**
 * The scorecard as data. Points are additive and small in number, so that a person can add them up on paper. Within a row they rise or
 * fall with the fact, never both: a further broken promise never makes a customer look more willing.
 */
export interface Scorecard {
  readonly version: string;
  readonly effectiveFrom: string;
  /** A dimension is low up to `lowTo` points, high from `highFrom`, between them medium; where no fact has points it is unknown. */
  readonly levels: Readonly<Record<Dimension, { readonly lowTo: number; readonly highFrom: number }>>;
  readonly rows: readonly ScoreRow[];
  /** The scale of the bank's own score: a number outside of it is one of another kind, and says nothing. */
  readonly bankScore: { readonly from: number; readonly to: number };
  /** The newest reason that the customer gave; others say nothing. */
  readonly reasons: Readonly<
    Partial<Record<ReasonForArrears, { readonly willingness: number; readonly ability: number; readonly why: string }>>
  >;
  /**
   * Which levels put a case on a track. A score bends the pace and the tone, and does no more: it neither opens nor closes a stage, and
   * what a person or the customer said comes first.
   */
  readonly tracks: Readonly<Record<ScoredTrack, Readonly<Record<Dimension, readonly Level[]>>>>;
  /** The words in which a bank's own model answers, and the levels that they mean. */
  readonly bankWords: Readonly<Record<Dimension, Readonly<Record<string, Level>>>>;
}

const cannot = (ability: number, why: string) => ({ willingness: 5, ability, why });

export const SCORECARD: Scorecard = {
  version: 'scorecard/1',
  effectiveFrom: '2000-01-01',
  levels: { willingness: { lowTo: -15, highFrom: 15 }, ability: { lowTo: -15, highFrom: 15 } },
  rows: [
    // What somebody did weighs more than what was said of them: a promise tells of the will first, and of the means a little.
    {
      fact: 'promises-kept',
      dimension: 'willingness',
      steps: [
        { atLeast: 1, points: 15 },
        { atLeast: 2, points: 25 },
      ],
      why: 'A promise was kept',
    },
    { fact: 'promises-kept', dimension: 'ability', steps: [{ atLeast: 1, points: 10 }], why: 'What was promised could be paid' },
    { fact: 'promises-part-kept', dimension: 'willingness', steps: [{ atLeast: 1, points: 5 }], why: 'A promise was kept in part' },
    { fact: 'promises-part-kept', dimension: 'ability', steps: [{ atLeast: 1, points: -5 }], why: 'Less could be paid than was promised' },
    {
      fact: 'promises-broken',
      dimension: 'willingness',
      steps: [
        { atLeast: 1, points: -15 },
        { atLeast: 2, points: -30 },
      ],
      why: 'A promise was broken',
    },
    { fact: 'promises-broken', dimension: 'ability', steps: [{ atLeast: 1, points: -5 }], why: 'What was promised was not paid' },
    {
      fact: 'refusals',
      dimension: 'willingness',
      steps: [
        { atLeast: 1, points: -15 },
        { atLeast: 2, points: -30 },
      ],
      why: 'The customer refused to pay',
    },
    {
      fact: 'conversations',
      dimension: 'willingness',
      steps: [
        { atLeast: 1, points: 5 },
        { atLeast: 3, points: 10 },
      ],
      why: 'The customer answers',
    },
    { fact: 'inbound-contacts', dimension: 'willingness', steps: [{ atLeast: 1, points: 10 }], why: 'The customer came to the bank' },
    {
      fact: 'unanswered-days',
      dimension: 'willingness',
      steps: [
        { atLeast: 5, points: -10 },
        { atLeast: 10, points: -20 },
      ],
      why: 'Valid numbers rang on many days and nobody answered',
    },
    {
      fact: 'payments',
      dimension: 'willingness',
      steps: [
        { atLeast: 1, points: 10 },
        { atLeast: 3, points: 15 },
      ],
      why: 'Something was paid since the case opened',
    },
    {
      fact: 'minimum-paid',
      dimension: 'ability',
      steps: [{ atLeast: 1, points: 15 }],
      why: 'The minimum due was paid since the case opened',
    },
    { fact: 'hardship', dimension: 'ability', steps: [{ atLeast: 1, points: -30 }], why: 'The customer reported hardship' },
    {
      fact: 'bank-score',
      dimension: 'ability',
      steps: [
        { atLeast: 300, points: -10 },
        { atLeast: 580, points: 0 },
        { atLeast: 670, points: 5 },
        { atLeast: 740, points: 10 },
      ],
      why: "The bank's behaviour score",
    },
    {
      fact: 'times-overdue',
      dimension: 'willingness',
      steps: [
        { atLeast: 0, points: 5 },
        { atLeast: 1, points: 0 },
        { atLeast: 4, points: -5 },
        { atLeast: 7, points: -10 },
      ],
      why: 'How often the account was overdue in the last 12 months',
    },
    {
      fact: 'overdue-share',
      dimension: 'ability',
      steps: [
        { atLeast: 0, points: 5 },
        { atLeast: 0.1, points: 0 },
        { atLeast: 0.5, points: -5 },
        { atLeast: 0.9, points: -10 },
      ],
      why: 'The share of the balance that is overdue',
    },
  ],
  // The usual scale of behaviour scores. A bank with another one changes this and the steps of `bank-score` together.
  bankScore: { from: 300, to: 850 },
  // Who names what happened to them speaks openly; what happened says whether they can pay.
  reasons: {
    technical: { willingness: 5, ability: 10, why: 'A payment went wrong on its way' },
    forgot: { willingness: 5, ability: 10, why: 'The due date was overlooked' },
    'cash-flow': cannot(-5, 'Money comes later than the due date'),
    'income-reduced': cannot(-15, 'The income fell'),
    unemployment: cannot(-25, 'The work was lost'),
    illness: cannot(-20, 'Illness in the family'),
    bereavement: cannot(-20, 'A death in the family'),
    separation: cannot(-15, 'A separation'),
    'business-failure': cannot(-25, 'The business failed'),
    'over-indebted': cannot(-25, 'More debts than the income carries'),
    disaster: cannot(-20, 'A disaster'),
    unwilling: { willingness: -20, ability: 0, why: 'The customer says that they will not pay' },
  },
  tracks: {
    // Can pay and does not want to.
    evasive: { willingness: ['low'], ability: ['high'] },
    // Wants to and cannot; who neither can nor wants to is no case of hardship by points alone.
    hardship: { willingness: ['medium', 'high'], ability: ['low'] },
    // Wants to and can: most of these pay by themselves.
    light: { willingness: ['high'], ability: ['high'] },
  },
  bankWords: {
    willingness: { willing: 'high', unwilling: 'low', high: 'high', medium: 'medium', low: 'low', unknown: 'unknown' },
    ability: { able: 'high', 'partly-able': 'medium', unable: 'low', high: 'high', medium: 'medium', low: 'low', unknown: 'unknown' },
  },
};
