/** What a bank does when a customer says that they cannot pay. */
export const HARDSHIP = {
  /** Days to send papers in: two weeks are what a doctor or an authority takes, and half of what the review allows. */
  documentDays: 14,
  /** Somebody who has just spoken with the customer may still have more to record: the answer leaves it this long. */
  answerAfterHours: 1,
} as const;

/** What a person approves who finds, at the review of a `hardship-review`, that the customer is in hardship. */
export const HARDSHIP_FOUND = 'hardship';

/**
 * How long an entry at the credit bureau lasts after the arrears have ended, in years, by policy pack; where a pack is not here, nothing
 * is said. CN: 征信业管理条例 (2013), article 16.
 */
export const BUREAU_ENTRY_YEARS: Readonly<Record<string, number>> = { CN: 5 };
