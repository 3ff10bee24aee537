/** The only place that reads the clock: once per invocation, and passed down from there. Milliseconds since the epoch. */
export function readClock(): number {
  return Date.now();
}
