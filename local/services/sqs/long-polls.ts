import type { Kernel } from '../../kernel/kernel.ts';

/**
 * Clients that wait for a message. They do so on the real clock only: the virtual one stands still while a client waits, and whatever
 * arrives meanwhile can be had by asking again.
 */
export class LongPolls {
  readonly #kernel: Kernel;
  readonly #waiting = new Map<string, Set<() => void>>();
  readonly #ends = new Set<() => void>();

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  /** Answers what `take` finds, as soon as it finds something, or undefined when the time is over. `onWait` hears that somebody waits. */
  wait<T>(queue: string, seconds: number, take: () => T | undefined, onWait: () => void): T | undefined | Promise<T | undefined> {
    const found = take();
    if (found !== undefined || seconds === 0 || this.#kernel.clock === 'virtual') return found;
    return new Promise((resolve) => {
      const end = (answer?: T) => {
        looks.delete(look);
        if (looks.size === 0) this.#waiting.delete(queue);
        this.#ends.delete(end);
        this.#kernel.forget(timer);
        this.#kernel.end();
        resolve(answer);
      };
      const look = () => {
        const arrived = take();
        if (arrived !== undefined) end(arrived);
      };
      const looks = this.#waiting.get(queue) ?? new Set();
      this.#waiting.set(queue, looks.add(look));
      this.#ends.add(end);
      this.#kernel.begin();
      const timer = this.#kernel.remind(this.#kernel.now() + seconds * 1000, `sqs long poll:${queue}`, () => end());
      onWait();
    });
  }

  /** A message of the queue may be received: whoever came first looks first. */
  arrived(queue: string): void {
    for (const look of [...(this.#waiting.get(queue) ?? [])]) look();
  }

  isAwaited(queue: string): boolean {
    return this.#waiting.has(queue);
  }

  /** Nobody waits any longer. */
  stop(): void {
    for (const end of [...this.#ends]) end();
  }
}
