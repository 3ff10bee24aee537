/** The position in a sequence of random numbers (mulberry32) that follows another. */
export function randomStep(state: number): number {
  return (state + 0x6d2b79f5) >>> 0;
}

/** The random number in [0, 1) at a position. */
export function randomNumber(state: number): number {
  let t = Math.imul(state ^ (state >>> 15), state | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
}

/** Draws one of so many, in a sequence of its own: whoever else draws from the seed draws what it would. */
export function drawing(seed: number): (among: number) => number {
  let state = seed >>> 0;
  return (among) => {
    state = randomStep(state);
    return Math.floor(randomNumber(state) * among);
  };
}
