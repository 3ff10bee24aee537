import { randomNumber, randomStep } from '../../local/kernel/random.ts';

/** All that is left to chance in a run, from its seed. */
export class Chance {
  #position: number;

  constructor(seed: number) {
    this.#position = seed >>> 0;
  }

  /** A number in [0, 1). */
  next(): number {
    this.#position = randomStep(this.#position);
    return randomNumber(this.#position);
  }

  /** An integer in [0, limit). */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  happens(probability: number): boolean {
    return this.next() < probability;
  }

  /** One of a list; undefined of an empty one. */
  oneOf<T>(list: readonly T[]): T | undefined {
    return list[this.below(list.length)];
  }

  /** One of a list that is known to have some. */
  pick<T>(list: readonly [T, ...T[]]): T {
    return list[this.below(list.length)] as T;
  }

  /** One of several, each as often as its weight says. */
  weighted<T>(rows: readonly (readonly [weight: number, what: T])[]): T {
    let left = this.next() * rows.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, what] of rows) {
      left -= weight;
      if (left < 0) return what;
    }
    throw new Error('there is nothing to choose from');
  }
}
