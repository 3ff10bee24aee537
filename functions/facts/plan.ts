import { type Agreement, recordPlanAgreed } from '../../domain/plans/agreement.ts';
import { subjectFactKey } from '../protocol/items.ts';
import { type Ports, type Signalled, signal } from '../protocol/signal.ts';

/** A customer, or somebody for them, agrees an offered arrangement. The same agreement again answers the same. */
export function takePlanAgreed(ports: Ports, accountId: string, agreement: Agreement): Promise<Signalled> {
  return signal(ports, {
    accountId,
    fact: { key: subjectFactKey(`ACCOUNT#${accountId}`, 'PlanAgreed', agreement.offerId), content: agreement },
    apply: ({ journal }) => {
      recordPlanAgreed(journal, agreement);
      return {};
    },
  });
}
