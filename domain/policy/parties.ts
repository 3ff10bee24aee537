import type { Stage } from '../model.ts';
import type { TemplateId } from '../words/template-ids.ts';

/** Who may be contacted about an account beside its customer: roles as the core sends them (contract section 2, `parties`). */
export const PARTY_ROLES = ['joint', 'guarantor', 'supplementary'] as const;
export type PartyRole = (typeof PARTY_ROLES)[number];

export interface PartyRule {
  readonly fromStage: Stage;
  readonly minimumDaysPastDue: number;
  /** Written demands that have reached the account's own customer before; one on its way has not. */
  readonly writtenDemands: number;
  /** Goes ahead with fewer where the customer cannot be reached: the remote channels are exhausted, or nothing of theirs can be used. */
  readonly orExhausted: boolean;
  /** Not before the customer was offered an arrangement and had the days to answer, or none could be offered. */
  readonly afterOffer: boolean;
  /** What they are written; at the pace of the stage, by its channels. */
  readonly template: TemplateId;
  /** A sentence for a person. */
  readonly why: string;
}

/** Roles without a rule are third parties: nobody tells them of the account, whatever they hold of it. */
export const PARTY_RULES: Readonly<Partial<Record<PartyRole, PartyRule>>> = {
  // Owes the same as the customer does: after the customer's own first reminders went unheard.
  joint: {
    fromStage: 'call',
    minimumDaysPastDue: 6,
    writtenDemands: 1,
    orExhausted: true,
    afterOffer: false,
    template: 'overdue-joint',
    why: 'A joint holder owes the whole and hears of it once the first reminders brought nothing',
  },
  // Answers for somebody else's debt: only once the customer was asked in writing twice and did not take up an arrangement.
  guarantor: {
    fromStage: 'plan',
    minimumDaysPastDue: 31,
    writtenDemands: 2,
    orExhausted: true,
    afterOffer: true,
    template: 'overdue-guaranteed',
    why: 'A guarantor is asked after the customer was, in writing and more than once, and after an arrangement was offered',
  },
};
