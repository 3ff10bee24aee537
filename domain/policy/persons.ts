/**
 * Whoever approves an act against a customer looks at the case with fresh eyes: not the one who asked for it, and nobody who spoke with
 * the customer about it or tried to in these days. Thirty is the longest look-back of a bank's own four-eyes rules, and a month of the
 * ladder: a collector's whole round with a customer lies within it.
 */
export const APPROVER_WITHOUT_CONTACT_DAYS = 30;
