import type { Stage } from '../model.ts';

/** Who may be contacted about an account beside its customer: roles as the core sends them (contract section 2, `parties`). */
export const PARTY_ROLES = ['joint', 'guarantor', 'supplementary'] as const;
export type PartyRole = (typeof PARTY_ROLES)[number];

export interface PartyRule {
  readonly fromStage: Stage;
  readonly minimumDaysPastDue: number;
  /** Written demands that the account's own customer had before. */
  readonly writtenDemands: number;
  /** Waits until a served formal notice, where there is one to be served at all. */
  readonly afterNotice: boolean;
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
    afterNotice: false,
    why: 'A joint holder owes the whole and hears of it once the first reminders brought nothing',
  },
  // Answers for somebody else's debt: only once the customer was asked in writing twice and offered an arrangement in the stage for it.
  guarantor: {
    fromStage: 'plan',
    minimumDaysPastDue: 31,
    writtenDemands: 2,
    afterNotice: false,
    why: 'A guarantor is asked after the customer was, in writing and more than once',
  },
};
