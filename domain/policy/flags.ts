import type { Flag } from '../model.ts';

/** What may be done about a flagged account, act by act. */
export const FLAGGED_ACTS = ['message', 'call', 'visit', 'legal'] as const;
export type FlaggedAct = (typeof FLAGGED_ACTS)[number];

/**
 * `allow`: as for everybody. `ask`: a named person decides first, once for the case. `pretend`: decided and recorded, and handed to
 * nobody. `never`: not at all. Of several flags the strictest word counts, in this order.
 */
export const TREATMENTS = ['allow', 'ask', 'pretend', 'never'] as const;
export type Treatment = (typeof TREATMENTS)[number];

export interface FlagRule {
  readonly acts: Readonly<Record<FlaggedAct, Treatment>>;
  /** Its journey and tasks are open to those alone who stand above the desk. */
  readonly confidential: boolean;
  /** A sentence for a person. */
  readonly why: string;
}

/**
 * Flags that the bank sends with an account, and those that people raise. Nothing here is law of one country: it is what banks do, and
 * where a pack forbids more, the pack wins.
 */
export const FLAG_RULES: Readonly<Record<Flag, FlagRule>> = {
  // Colleagues owe like customers do; what they owe is nobody's business at the desk next to theirs.
  staff: {
    acts: { message: 'allow', call: 'allow', visit: 'ask', legal: 'ask' },
    confidential: true,
    why: "The customer works for the bank: a named team handles the account, and nobody at the customer's own desk",
  },
  // Whoever knows the customer decides before anybody rings at their door or goes to court.
  vip: {
    acts: { message: 'allow', call: 'allow', visit: 'ask', legal: 'ask' },
    confidential: true,
    why: 'The customer is looked after by a named team, which decides what goes beyond messages and calls',
  },
  // A contract with a minor binds, if at all, through a guardian: a person finds out who that is. Nothing is asked of the child.
  minor: {
    acts: { message: 'never', call: 'never', visit: 'never', legal: 'never' },
    confidential: false,
    why: 'The customer is a minor: nothing is collected from them, a person decides who acts for them',
  },
  // What is written can be read again, with somebody's help; a voice presses. A person who knows the case decides about calls.
  vulnerable: {
    acts: { message: 'allow', call: 'ask', visit: 'ask', legal: 'ask' },
    confidential: false,
    why: 'The customer is vulnerable: a named person decides before anybody calls, visits or goes to court',
  },
  // It looks like the real thing up to the provider, the dialler and the court, and stops there.
  test: {
    acts: { message: 'pretend', call: 'pretend', visit: 'never', legal: 'never' },
    confidential: false,
    why: 'It is a test account: nothing of it leaves the bank',
  },
};

/** A review of a flagged account that was answered with no comes up again: circumstances change, and guardians are found. */
export const FLAG_REVIEW_DAYS = 90;
