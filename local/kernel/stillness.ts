/** What goes on by itself, without time: nothing; work of this process, which is done in a moment; or something outside it. */
export type Stir = 'none' | 'soon' | 'outside';

/** So often in a row nothing may be found to go on. One look is enough for what is counted; the rest is for what nobody counts. */
const LOOKS = 3;
/** How long what is outside the process is left alone between two looks, in real time. */
const OUTSIDE_MILLISECONDS = 2;

/**
 * Finds out when all that is under way waits for time to pass, or for nothing. Work of this process leads on in microtasks and immediates;
 * an immediate comes when the microtasks have run dry. So where a few immediates in a row find nothing ready, posted or counted, nothing
 * goes on by itself. Costs an immediate for each turn of the event loop in which something is under way, else nothing.
 */
export class Stillness {
  readonly #look: () => Stir;
  readonly #found: () => void;
  #underway = 0;
  #looks = 0;
  #armed = false;
  #still = false;
  #next: { promise: Promise<void>; resolve: () => void } | undefined;

  /** @param look what goes on by itself, @param found called each time when all is still */
  constructor(look: () => Stir, found: () => void) {
    this.#look = look;
    this.#found = found;
  }

  /** Something began that may wait for time. */
  begin(): void {
    this.#underway += 1;
    this.stir();
  }

  /** So many that were going on until now were found to wait for time. */
  join(count: number): void {
    this.#underway += count;
  }

  /** It ended. */
  end(): void {
    this.#underway -= 1;
    this.stir();
  }

  /** How much is under way. */
  get underway(): number {
    return this.#underway;
  }

  /** Whether nothing goes on by itself, as far as was looked. */
  get still(): boolean {
    return this.#still || this.#underway === 0;
  }

  /** Resolves when all was found to be still the next time; with nothing under way, when something has been. */
  next(): Promise<void> {
    this.#next ??= Promise.withResolvers<void>();
    this.stir();
    return this.#next.promise;
  }

  /** Something happened: whoever waits may go on. */
  stir(): void {
    this.#still = false;
    this.#looks = 0;
    if (!this.#armed && this.#underway > 0) this.#arm();
  }

  #arm(): void {
    this.#armed = true;
    setImmediate(() => this.#turn());
  }

  #turn(): void {
    this.#armed = false;
    if (this.#underway === 0) return;
    const stir = this.#look();
    if (stir === 'outside') {
      this.#looks = 0;
      this.#armed = true;
      setTimeout(() => this.#turn(), OUTSIDE_MILLISECONDS);
      return;
    }
    this.#looks = stir === 'none' ? this.#looks + 1 : 0;
    if (this.#looks < LOOKS) {
      if (!this.#armed) this.#arm();
      return;
    }
    this.#still = true;
    this.#found();
    // Whoever was told may have set something going.
    if (!this.#still) return;
    const next = this.#next;
    this.#next = undefined;
    next?.resolve();
  }
}
