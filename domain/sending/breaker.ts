/**
 * A channel whose provider fails is left alone for a while: what is due waits instead of being lost one by one. After the while one
 * message tries, and its end opens the way for all or closes it for longer.
 */

const MINUTE = 60_000;

/** A provider fails when so many calls in a row ended badly, no two of them further apart than the window, all seen by one sender. */
export const FAILURES_MAX = 5;
export const FAILURE_WINDOW_MILLIS = 5 * MINUTE;
/** Whoever tries has so long to say how it went; then the next may try. More than a sending function has. */
export const PROBE_MILLIS = MINUTE;

const FIRST_PAUSE_MILLIS = MINUTE;
const PAUSE_MILLIS_MAX = 30 * MINUTE;

/** Of one channel, as all senders share it. Absent while all is well. */
export interface OpenBreaker {
  /** Epoch milliseconds until which nothing is handed over; afterwards one message may try. */
  readonly until: number;
  /** How often in a row it opened: the pauses grow. */
  readonly trips: number;
}

/** The breaker after its provider failed once more. */
export function tripped(before: OpenBreaker | undefined, now: number): OpenBreaker {
  const trips = (before?.trips ?? 0) + 1;
  return { trips, until: now + Math.min(FIRST_PAUSE_MILLIS * 2 ** (trips - 1), PAUSE_MILLIS_MAX) };
}

/** What one sender has seen of a provider: failures without a word that it works in between. */
export interface FailureRun {
  readonly count: number;
  readonly lastAt: number;
}

/** The run after one more failure; one that lies too far back has nothing to do with it. */
export function afterFailure(run: FailureRun | undefined, now: number): FailureRun {
  const goesOn = run !== undefined && now - run.lastAt <= FAILURE_WINDOW_MILLIS;
  return { count: goesOn ? run.count + 1 : 1, lastAt: now };
}
