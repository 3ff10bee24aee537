/** A timer that lives in memory: whoever waits for it is there too, and neither outlives the process. */
export interface MemoryTimer {
  readonly at: number;
  /** Begins with a service's name and a space. */
  readonly label: string;
  readonly run: () => unknown;
  /** The last timer in the store when this one was set: those of one instant fire in the order in which they were set. */
  readonly behind: number;
  /** Nobody waits for it any more. */
  forgotten?: true;
}

/** The timers in memory, in time order, those of one instant in the order in which they were set. */
export class MemoryTimers {
  readonly #timers: MemoryTimer[] = [];

  get size(): number {
    return this.#timers.length;
  }

  add(timer: MemoryTimer): void {
    this.#timers.splice(this.#indexBehind(timer.at), 0, timer);
  }

  remove(timer: MemoryTimer): void {
    timer.forgotten = true;
    const index = this.#timers.lastIndexOf(timer, this.#indexBehind(timer.at) - 1);
    if (index >= 0) this.#timers.splice(index, 1);
  }

  /** The first instant behind another at which one is due. */
  nextAt(after: number): number | undefined {
    return this.#timers[this.#indexBehind(after)]?.at;
  }

  /** The first of them, up to so many. */
  list(limit: number): readonly MemoryTimer[] {
    return this.#timers.slice(0, limit);
  }

  /** Takes those that are due. */
  take(now: number): MemoryTimer[] {
    return this.#timers.splice(0, this.#indexBehind(now));
  }

  /** Where the first timer stands that is later than an instant. */
  #indexBehind(at: number): number {
    let [low, high] = [0, this.#timers.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#timers[middle] as MemoryTimer).at <= at) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
