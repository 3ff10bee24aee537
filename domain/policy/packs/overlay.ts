import { HOUSE_RULES } from './house.ts';
import type { CountProvision, HoursProvision, LimitationProvision, Provision, RetentionProvision, RuleSet } from './pack.ts';
import { allPacks } from './registry.ts';

/**
 * A bank's own tightening of one value, for one product or for all (`*`). What it names must be a rule of a pack or of the house; it can
 * only make the value stricter.
 */
export interface Overlay {
  readonly product: string;
  readonly rule: string;
  /** Of a count: fewer. */
  readonly max?: number | undefined;
  /** Of a count over days in a row: more days. */
  readonly windowDays?: number | undefined;
  /** Of hours, `HH:MM`: opens later, shuts earlier, on every day it covers. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Of a spacing: longer. */
  readonly minutes?: number | undefined;
  /** Of a grace: longer. */
  readonly days?: number | undefined;
  /** Of a limitation: shorter. */
  readonly years?: number | undefined;
  /** Of a retention: shorter. */
  readonly keptDays?: number | undefined;
}

/** Why an overlay cannot be used, and the field that is to blame. */
export interface OverlayProblem {
  readonly field: keyof Overlay;
  readonly problem: string;
}

const FIELDS = ['max', 'windowDays', 'from', 'to', 'minutes', 'days', 'years', 'keptDays'] as const;
type Field = (typeof FIELDS)[number];

function provisionsOf(rules: RuleSet): readonly Provision[] {
  return [...rules.hours, ...rules.counts, ...rules.spacings, ...(rules.grace === undefined ? [] : [rules.grace])];
}

/** What stands in the way of using an overlay; undefined where it tightens every version of the rule that it names. */
export function overlayProblem(overlay: Overlay): OverlayProblem | undefined {
  const duties = allPacks().flatMap(({ duties: { limitation, retentionDays } }) => [limitation, retentionDays]);
  const found = [...[...allPacks(), HOUSE_RULES].flatMap(provisionsOf), ...duties].filter(({ rule }) => rule === overlay.rule);
  if (found.length === 0) return { field: 'rule', problem: `must name a rule of a policy pack or of the house, not ${overlay.rule}` };
  const given = FIELDS.filter((field) => overlay[field] !== undefined);
  if (given.length === 0) return { field: 'rule', problem: `must say what is stricter than ${overlay.rule}: one of ${FIELDS.join(', ')}` };
  for (const provision of found) {
    for (const field of given) {
      const problem = fieldProblem(overlay, field, provision);
      if (problem !== undefined) return { field, problem };
    }
  }
  return undefined;
}

function fieldProblem(overlay: Overlay, field: Field, provision: Provision): string | undefined {
  const { rule } = provision;
  if ((field === 'from' || field === 'to') && 'openings' in provision) return hoursProblem(overlay, provision as HoursProvision);
  const value = Number(overlay[field]);
  if (field === 'max' && 'max' in provision) {
    const { max } = provision as CountProvision;
    return value >= 1 && value <= max ? undefined : `must not loosen ${rule}, which allows ${max}: at least 1, at most ${max}`;
  }
  if (field === 'windowDays' && 'window' in provision) {
    const { window } = provision as CountProvision;
    const least = window.kind === 'rollingDays' ? window.days : undefined;
    if (least === undefined) return `does not fit ${rule}, which counts by the ${window.kind === 'calendarDay' ? 'day' : 'month'}`;
    const most = longestWindowDays();
    return value >= least && value <= most
      ? undefined
      : `must not loosen ${rule}, which counts over ${least} days: at least ${least}, at most the ${most} for which contacts are kept`;
  }
  if (field === 'years' && 'years' in provision) {
    const { years } = provision as LimitationProvision;
    return value >= 1 && value <= years
      ? undefined
      : `must not loosen ${rule}, which ends after ${years} years: at least 1, at most ${years}`;
  }
  if (field === 'keptDays' && isRetention(provision)) {
    const { days, leastDays = 1 } = provision;
    return value >= leastDays && value <= days
      ? undefined
      : `must not lengthen ${rule}, which keeps for ${days} days, or fall below its duty to keep: at least ${leastDays}, at most ${days}`;
  }
  if ((field === 'minutes' || field === 'days') && field in provision && !isRetention(provision)) {
    const least = Number((provision as unknown as Readonly<Record<string, unknown>>)[field]);
    return value >= least ? undefined : `must not loosen ${rule}, which asks for ${least} ${field}: at least ${least}`;
  }
  return `does not fit ${rule}, which has no such value`;
}

function isRetention(provision: Provision): provision is RetentionProvision {
  return 'days' in provision && 'from' in provision;
}

function hoursProblem(overlay: Overlay, { rule, openings }: HoursProvision): string | undefined {
  const from = openings.map((opening) => opening.from).sort()[0] ?? '';
  const to =
    openings
      .map((opening) => opening.to)
      .sort()
      .at(-1) ?? '';
  const narrowed = { from: overlay.from ?? from, to: overlay.to ?? to };
  const times = /^([01]\d|2[0-3]):[0-5]\d$/;
  if (!times.test(narrowed.from) || !times.test(narrowed.to)) return 'must be HH:MM';
  if (narrowed.from < from || narrowed.to > to) return `must not loosen ${rule}, which is open from ${from} to ${to} at most`;
  return narrowed.from < narrowed.to ? undefined : `leaves no time of ${rule} open`;
}

function laterOf(one: string, other: string | undefined): string {
  return other === undefined || one > other ? one : other;
}

function earlierOf(one: string, other: string | undefined): string {
  return other === undefined || one < other ? one : other;
}

function tightenHours(provision: HoursProvision, overlays: readonly Overlay[]): HoursProvision {
  let { openings, onHolidays } = provision;
  for (const { from, to } of overlays) {
    const narrow = <T extends { readonly from: string; readonly to: string }>(list: readonly T[]): T[] =>
      list
        .map((opening) => ({ ...opening, from: laterOf(opening.from, from), to: earlierOf(opening.to, to) }))
        .filter((opening) => opening.from < opening.to);
    openings = narrow(openings);
    onHolidays = onHolidays && narrow(onHolidays);
  }
  return { ...provision, openings, ...(onHolidays === undefined ? {} : { onHolidays }) };
}

function tightenCount(provision: CountProvision, overlays: readonly Overlay[]): CountProvision {
  let { max, window } = provision;
  for (const overlay of overlays) {
    max = Math.min(max, overlay.max ?? max);
    if (window.kind === 'rollingDays') window = { ...window, days: Math.max(window.days, overlay.windowDays ?? 0) };
  }
  return { ...provision, max, window };
}

const tightened = new WeakMap<readonly Overlay[], WeakMap<RuleSet, RuleSet>>();

/** A set of rules with a bank's overlays in it; the same object for the same arguments. */
export function tighten<T extends RuleSet>(rules: T, overlays: readonly Overlay[] | undefined): T {
  if (overlays === undefined || overlays.length === 0) return rules;
  const known = tightened.get(overlays)?.get(rules);
  if (known !== undefined) return known as T;
  const on = (rule: string): Overlay[] => overlays.filter((overlay) => overlay.rule === rule);
  const most = (rule: string, own: number, field: 'minutes' | 'days'): number =>
    on(rule).reduce((value, overlay) => Math.max(value, overlay[field] ?? 0), own);
  const { grace } = rules;
  const made: T = {
    ...rules,
    hours: rules.hours.map((provision) => tightenHours(provision, on(provision.rule))),
    counts: rules.counts.map((provision) => tightenCount(provision, on(provision.rule))),
    spacings: rules.spacings.map((provision) => ({ ...provision, minutes: most(provision.rule, provision.minutes, 'minutes') })),
    ...(grace === undefined ? {} : { grace: { ...grace, days: most(grace.rule, grace.days, 'days') } }),
  };
  const ofOverlays = tightened.get(overlays) ?? new WeakMap<RuleSet, RuleSet>();
  tightened.set(overlays, ofOverlays);
  ofOverlays.set(rules, made);
  return made;
}

const chosen = new WeakMap<readonly Overlay[], Map<string, readonly Overlay[]>>();

/** The overlays of a deployment that apply to a product; the same list for the same arguments. */
export function overlaysFor(overlays: readonly Overlay[] | undefined, product: string | undefined): readonly Overlay[] | undefined {
  if (overlays === undefined || overlays.length === 0) return undefined;
  const byProduct = chosen.get(overlays) ?? new Map<string, readonly Overlay[]>();
  chosen.set(overlays, byProduct);
  const known = byProduct.get(product ?? '');
  if (known !== undefined) return known;
  // Without a product the strictest holds: nobody knows which one a contact without an account is about.
  const applying = overlays.filter((overlay) => overlay.product === '*' || product === undefined || overlay.product === product);
  byProduct.set(product ?? '', applying);
  return applying;
}

/** The longest window of all packs and the house, in days: no overlay may look back further. */
export function longestWindowDays(): number {
  const daysOf = ({ window }: CountProvision): number =>
    window.kind === 'rollingDays' ? window.days : window.kind === 'calendarMonth' ? 31 : 1;
  const sets: readonly RuleSet[] = [...allPacks(), HOUSE_RULES];
  return Math.max(...sets.flatMap((rules) => rules.counts.map(daysOf)));
}
