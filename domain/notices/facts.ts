import type { Governor } from '../customer.ts';
import type { GateFacts } from '../gate/types.ts';
import { activeHold, isHeldAs } from '../holds.ts';
import type { Account } from '../model.ts';
import { overlaysFor } from '../policy/packs/overlay.ts';
import type { Deployment } from '../record/journal.ts';

/**
 * The zone in which an account's notices are planned and dated. The customer's own record stands before what the account was once told:
 * an account without a case hears of no later one.
 */
export function noticeZone(account: Pick<Account, 'ownTimeZone' | 'timeZone'>, governor: Pick<Governor, 'timeZone'> | undefined): string {
  return account.ownTimeZone ?? governor?.timeZone ?? account.timeZone;
}

/**
 * What the gate is told of a message outside the journey: there is no case to stand in its way, only the customer's wishes, hours, caps
 * and holds. An answer to the customer goes whatever hold there is, unless the customer has died.
 */
export function noticeFacts(
  account: Account,
  governor: Governor,
  deployment: Deployment,
  now: number,
  notice: 'pre-due' | 'payment-acknowledgement',
): GateFacts {
  const holds = [...account.holds, ...governor.holds];
  const hold = notice === 'pre-due' ? activeHold(holds, now) : undefined;
  const overlays = overlaysFor(deployment.overlays, account.facts.product);
  const zone = noticeZone(account, governor);
  const customers = governor.timeZone ?? zone;
  return {
    jurisdiction: governor.jurisdiction ?? account.jurisdiction ?? deployment.jurisdiction,
    timeZones: zone === customers ? [zone] : [zone, customers],
    ledger: governor.contacts,
    findings: governor.findings,
    wishes: governor.wishes,
    standing: {
      caseOpen: true,
      cured: false,
      arranged: false,
      daysPastDue: Number.MAX_SAFE_INTEGER,
      ...(hold === undefined ? {} : { heldBy: hold.kind }),
    },
    facts: isHeldAs('deceased', holds, now) ? ['deceased'] : [],
    house: deployment.house,
    role: deployment.role,
    ...(overlays === undefined ? {} : { overlays }),
  };
}
