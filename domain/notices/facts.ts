import type { GateFacts } from '../gate/types.ts';
import { activeHold } from '../holds.ts';
import type { Account, Governor, Hold } from '../model.ts';
import type { Deployment } from '../record/journal.ts';

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
  const holds = [...account.holds, ...governor.holds].filter((hold) => notice === 'pre-due' || stopsAnswers(hold));
  const hold = activeHold(holds, now);
  const zone = governor.timeZone ?? account.timeZone;
  return {
    jurisdiction: account.jurisdiction ?? governor.jurisdiction ?? deployment.jurisdiction,
    timeZones: zone === account.timeZone || account.ownTimeZone === undefined ? [zone] : [account.ownTimeZone, zone],
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
    house: deployment.house,
  };
}

function stopsAnswers({ kind }: Hold): boolean {
  return kind === 'deceased';
}
