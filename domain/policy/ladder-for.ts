import { STAGES, type Stage } from '../model.ts';
import { LADDER, type Ladder } from './ladder.ts';
import { PARTY_ROLES, type PartyRole } from './parties.ts';

/**
 * What a bank does more gently with the accounts of a product than the ladder of its jurisdiction does: later stages, fewer contacts, no
 * visits for smaller amounts, no word to other parties before a later day. It can harden nothing.
 */
export interface LadderOverlay {
  /** From which day past due a stage's tools may be used. */
  readonly fromDaysPastDue?: Readonly<Partial<Record<Stage, number | undefined>>> | undefined;
  /** Days between two messages of a stage. */
  readonly messageEveryDays?: Readonly<Partial<Record<Stage, number | undefined>>> | undefined;
  /** Days between two calls of a stage that calls. */
  readonly callEveryDays?: Readonly<Partial<Record<Stage, number | undefined>>> | undefined;
  /** Minor units by currency, below which nobody is visited. */
  readonly visitMinimumMinor?: Readonly<Record<string, number>> | undefined;
  /** From which day past due another party of an account may be told of it. */
  readonly partiesFromDaysPastDue?: Readonly<Partial<Record<PartyRole, number | undefined>>> | undefined;
}

/** By product; `*` for all others. */
export type LadderOverlays = Readonly<Record<string, { readonly ladder?: LadderOverlay | undefined }>>;

/** By jurisdiction; `*` for those without one of their own. */
const LADDERS: Readonly<Record<'*', Ladder> & Record<string, Ladder>> = { '*': LADDER };

/** More than two years late is not later any more. */
const FROM_DAYS_MAX = 730;
const EVERY_DAYS_MAX = 90;

/** The ladder that an account climbs. An account without a product has the overlay of `*`. */
export function ladderFor(product: string | undefined, jurisdiction: string, overlays: LadderOverlays): Ladder {
  const ladder = LADDERS[jurisdiction] ?? LADDERS['*'];
  const overlay = (overlays[product ?? ''] ?? overlays['*'])?.ladder;
  return overlay === undefined ? ladder : softened(ladder, overlay);
}

function softened(ladder: Ladder, overlay: LadderOverlay): Ladder {
  const { fromDaysPastDue, messageEveryDays, callEveryDays, visitMinimumMinor, partiesFromDaysPastDue } = overlay;
  const minimumOverdueMinor = { ...ladder.fieldVisit.minimumOverdueMinor, ...visitMinimumMinor };
  return {
    ...ladder,
    ceilings: ladder.ceilings.map((row) => ({ ...row, fromDaysPastDue: fromDaysPastDue?.[row.stage] ?? row.fromDaysPastDue })),
    messageEveryDays: withDays(ladder.messageEveryDays, messageEveryDays),
    callEveryDays: withDays(ladder.callEveryDays, callEveryDays),
    fieldVisit: { ...ladder.fieldVisit, minimumOverdueMinor },
    parties: partiesFromDaysPastDue === undefined ? ladder.parties : laterParties(ladder.parties, partiesFromDaysPastDue),
  };
}

function laterParties(parties: Ladder['parties'], days: NonNullable<LadderOverlay['partiesFromDaysPastDue']>): Ladder['parties'] {
  const rules = Object.entries(parties.rules).map(([role, rule]) => [
    role,
    { ...rule, minimumDaysPastDue: days[role as PartyRole] ?? rule.minimumDaysPastDue },
  ]);
  return { ...parties, rules: Object.fromEntries(rules) };
}

function withDays<T extends Readonly<Partial<Record<Stage, number>>>>(days: T, changed: LadderOverlay['callEveryDays']): T {
  const given = Object.entries(changed ?? {}).filter(([, value]) => value !== undefined);
  return { ...days, ...Object.fromEntries(given) };
}

/** Why an overlay cannot be used, and the field that is to blame. */
export interface LadderProblem {
  readonly field: readonly string[];
  readonly problem: string;
}

/** What stands in the way of an overlay; undefined where it softens every ladder that there is and keeps its stages in order. */
export function ladderProblem(overlay: LadderOverlay): LadderProblem | undefined {
  for (const ladder of Object.values(LADDERS)) {
    const found = numbersOf(overlay, ladder).find(({ value, least, most }) => value < least || value > most);
    if (found !== undefined) {
      const { field, least, most } = found;
      return { field, problem: `must not be harder than ${ladder.version}: at least ${least}, at most ${most}` };
    }
    const starts = softened(ladder, overlay).ceilings;
    const late = starts.find((row, index) => row.fromDaysPastDue >= (starts[index - 1]?.fromDaysPastDue ?? Number.POSITIVE_INFINITY));
    if (late !== undefined) return { field: ['fromDaysPastDue', late.stage], problem: 'must be before the day of the stage that follows' };
  }
  return undefined;
}

interface Bounded {
  readonly field: readonly string[];
  readonly value: number;
  readonly least: number;
  readonly most: number;
}

function numbersOf(overlay: LadderOverlay, ladder: Ladder): Bounded[] {
  const starts = Object.fromEntries(ladder.ceilings.map((row) => [row.stage, row.fromDaysPastDue]));
  const ofStages = (name: 'fromDaysPastDue' | 'messageEveryDays' | 'callEveryDays', least: Partial<Record<Stage, number>>, most: number) =>
    STAGES.flatMap((stage): Bounded[] => {
      const value = overlay[name]?.[stage];
      // A stage that does not call has no days between calls to stretch.
      return value === undefined ? [] : [{ field: [name, stage], value, least: least[stage] ?? Number.POSITIVE_INFINITY, most }];
    });
  const minima = Object.entries(overlay.visitMinimumMinor ?? {}).map(([currency, value]) => ({
    field: ['visitMinimumMinor', currency],
    value,
    least: ladder.fieldVisit.minimumOverdueMinor[currency] ?? 0,
    most: Number.MAX_SAFE_INTEGER,
  }));
  const parties = PARTY_ROLES.flatMap((role): Bounded[] => {
    const value = overlay.partiesFromDaysPastDue?.[role];
    const least = ladder.parties.rules[role]?.minimumDaysPastDue ?? Number.POSITIVE_INFINITY;
    return value === undefined ? [] : [{ field: ['partiesFromDaysPastDue', role], value, least, most: FROM_DAYS_MAX }];
  });
  return [
    ...parties,
    ...ofStages('fromDaysPastDue', starts, FROM_DAYS_MAX),
    ...ofStages('messageEveryDays', ladder.messageEveryDays, EVERY_DAYS_MAX),
    ...ofStages('callEveryDays', ladder.callEveryDays, EVERY_DAYS_MAX),
    ...minima,
  ];
}
