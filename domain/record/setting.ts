import type { Governor } from '../customer.ts';
import { graceDaysFor } from '../gate/gate.ts';
import type { Account } from '../model.ts';
import { ladderFor } from '../policy/ladder-for.ts';
import { overlaysFor } from '../policy/packs/overlay.ts';
import type { Deployment, Setting } from './journal.ts';

/**
 * By what an account is judged at an instant: its product's ladder where the customer is, with the days of grace that the gate keeps
 * there. A ladder that knew of fewer would take the gate's refusal for a customer who cannot be reached.
 */
export function settingFor(
  deployment: Deployment,
  account: Pick<Account, 'facts' | 'jurisdiction'>,
  now: number,
  governor?: Governor,
): Setting {
  const jurisdiction = governor?.jurisdiction ?? deployment.jurisdiction;
  const ladder = ladderFor(account.facts.product, jurisdiction, deployment.products);
  const overlays = overlaysFor(deployment.overlays, account.facts.product);
  const graceDays = graceDaysFor({ jurisdiction: account.jurisdiction ?? jurisdiction, house: deployment.house, overlays }, now);
  return {
    now,
    ladder: graceDays > ladder.graceDays ? { ...ladder, graceDays } : ladder,
    deployment,
    ...(governor === undefined ? {} : { governor }),
  };
}
