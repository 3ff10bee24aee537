import type { Account } from './model.ts';
import { type Overlay, overlaysFor } from './policy/packs/overlay.ts';
import type { RetentionProvision } from './policy/packs/pack.ts';
import { allPacks, packFor } from './policy/packs/registry.ts';
import type { Setting } from './record/journal.ts';

/** How long words are kept: the texts of messages, and notes. */
export type Retention = Pick<RetentionProvision, 'rule' | 'days' | 'from'>;

/**
 * The retention by the pack in force where the account is, as the bank's overlays shorten it. Of a customer who is not known yet, or in a
 * place without a pack, the shortest there is: nobody could give a reason why words about somebody who may live anywhere stay longer than
 * the strictest place has them.
 */
export function retentionOf(account: Account, { governor, deployment, now }: Pick<Setting, 'governor' | 'deployment' | 'now'>): Retention {
  const overlays = overlaysFor(deployment.overlays, account.facts.product);
  const known = account.customerKnown || governor?.known === true;
  const jurisdiction = account.jurisdiction ?? governor?.jurisdiction ?? deployment.jurisdiction;
  const there = known ? packFor(jurisdiction, now)?.duties.retentionDays : undefined;
  return there === undefined ? shortest(overlays, now) : shortened(there, overlays);
}

function shortest(overlays: readonly Overlay[] | undefined, now: number): Retention {
  const inForce = allPacks().filter((pack) => packFor(pack.id, now) === pack);
  const all = inForce.map(({ duties }) => shortened(duties.retentionDays, overlays));
  const found = all.reduce((least, one) => (one.days < least.days ? one : least));
  // Where the last act decides is a duty of the place that has it, and nobody knows whether this is the place.
  return { ...found, from: 'item' };
}

function shortened({ rule, days, from }: RetentionProvision, overlays: readonly Overlay[] | undefined): Retention {
  const own = (overlays ?? []).flatMap((overlay) => (overlay.rule === rule && overlay.keptDays !== undefined ? [overlay.keptDays] : []));
  return { rule, from, days: Math.min(days, ...own) };
}
