/** How a book that ran elsewhere is taken over, as data. The values were chosen; each says why. */
export const TAKE_OVER = {
  /** The first contacts of a book are spread over so many business days: with some to spare, no more than a tenth of it a day. */
  firstContactsOverBusinessDays: 15,
  /**
   * How long an import waits for the case that it is about. A core that tells of an account once a billing cycle has done so in 31 days;
   * the rest is for a file that comes late. What opens later is another arrears, in which an old promise or stage has no place.
   */
  waitDays: 40,
} as const;
