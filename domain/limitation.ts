import { addMonths } from './calendar.ts';
import { oldestDueDate } from './ledger.ts';
import type { Account, Interruption, LocalDate } from './model.ts';
import { type Overlay, overlaysFor } from './policy/packs/overlay.ts';
import type { LimitationProvision } from './policy/packs/pack.ts';
import { packFor } from './policy/packs/registry.ts';

/**
 * How long a suit may still be filed. The years run from the due date of the oldest amount that is unpaid, and anew from whatever
 * interrupts them where the account is; once they are over, nothing here lets them begin again. All readings are the earlier end of
 * what a court may find: no weekend at the end is added, no suspension, and no demand counts whose arrival nobody reported. Whether a
 * suit that the clock allows is in time stays counsel's word.
 */

/** The limitation of an account as it stands. `endsOn` is the last day on which a suit is in time. */
export interface Limitation {
  readonly rule: string;
  readonly endsOn: LocalDate;
  /** What the years run from, where that is not the due date. */
  readonly interruptedBy?: Interruption;
}

/** What a deployment says of a place. */
interface Place {
  readonly jurisdiction: string;
  readonly overlays?: readonly Overlay[] | undefined;
}

/** The limitation by the pack in force where the account is; undefined where nothing has fallen due or the place has no pack. */
export function limitationOf(account: Account, { jurisdiction, overlays }: Place, now: number): Limitation | undefined {
  const due = oldestDueDate(account);
  const provision = packFor(account.jurisdiction ?? jurisdiction, now)?.duties.limitation;
  if (due === undefined || provision === undefined) return undefined;
  const there = inPlace(provision, account.timeZone);
  return limitationBy(due, account.interruptions ?? [], tightened(there, overlaysFor(overlays, account.facts.product)));
}

/** The same by one provision. */
export function limitationBy(
  dueDate: LocalDate,
  interruptions: readonly Interruption[],
  { rule, years, interruptedBy }: Pick<LimitationProvision, 'rule' | 'years' | 'interruptedBy'>,
): Limitation {
  let endsOn = addMonths(dueDate, years * 12);
  let last: Interruption | undefined;
  for (const row of interruptions) {
    if (!interruptedBy.includes(row.kind) || row.on < dueDate || row.on > endsOn) continue;
    last = row;
    endsOn = addMonths(row.on, years * 12);
  }
  return { rule, endsOn, ...(last === undefined ? {} : { interruptedBy: last }) };
}

/** A part of a jurisdiction may have fewer years, where the account's clock tells that it is there. */
function inPlace(provision: LimitationProvision, timeZone: string): LimitationProvision {
  const { fewerIn } = provision;
  return fewerIn?.zones.includes(timeZone) ? { ...provision, years: fewerIn.years } : provision;
}

function tightened(provision: LimitationProvision, overlays: readonly Overlay[] | undefined): LimitationProvision {
  const own = (overlays ?? []).flatMap(({ rule, years }) => (rule === provision.rule && years !== undefined ? [years] : []));
  return own.length === 0 ? provision : { ...provision, years: Math.min(provision.years, ...own) };
}
