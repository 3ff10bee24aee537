/** What is wrong with a matcher of an event pattern, in the words of AWS's rule engine where it has any. */
export class InvalidMatcher extends Error {
  override readonly name = 'InvalidMatcher';
}
