import { Stillness, type Stir } from './stillness.ts';

interface Job {
  readonly label: string;
  readonly run: () => unknown;
}

export interface Failure {
  readonly label: string;
  readonly error: unknown;
}

/** What the work queue asks of those whose work it is. */
export interface Workers {
  /** What goes on by itself that the queue does not see. */
  stir(): Stir;
  /** All that is under way waits for time. */
  onStill(): void;
}

/** The first failures tell the story; a thousand more of the same would only fill memory. */
const FAILURES_KEPT = 1000;

/** A job may not post work for ever at one instant: a loop that never lets time pass is a defect of the application. */
const JOBS_AT_ONE_INSTANT_MAX = 10_000_000;

/** The work that is ready at an instant, and that under way. */
export class Work {
  readonly #workers: Workers;
  readonly #concurrency: number;
  readonly #draw: ((among: number) => number) | undefined;
  readonly #stillness = new Stillness(
    () => (this.#behind.length > 0 || this.#gathering ? 'soon' : this.#workers.stir()),
    () => this.#onStill(),
  );
  readonly #ready: Job[] = [];
  readonly #failures: Failure[] = [];
  #behind: Job[] = [];
  /** Jobs are posted that nobody has drawn from yet. */
  #gathering = false;
  #head = 0;
  #running = 0;
  /** Counts the times when the running jobs were found to wait for time, and were no longer counted as running. */
  #holds = 0;
  #posted = 0;
  #quiet: { promise: Promise<void>; resolve: () => void } | undefined;
  #stopped = false;

  /** @param draw which of so many ready jobs is next; without it the one that was posted first */
  constructor(concurrency: number, workers: Workers, draw?: (among: number) => number) {
    this.#concurrency = concurrency;
    this.#workers = workers;
    this.#draw = draw;
  }

  post(label: string, run: () => unknown): void {
    this.#posted += 1;
    this.#ready.push({ label, run });
    this.#stillness.stir();
    if (this.#draw === undefined) this.#pump();
    else this.#gather();
  }

  /** A draw among jobs needs some: what others post at the same time is waited for. */
  #gather(): void {
    if (this.#gathering) return;
    this.#gathering = true;
    setImmediate(() => {
      this.#gathering = false;
      this.#stillness.stir();
      this.#pump();
    });
  }

  postBehind(label: string, run: () => unknown): void {
    this.#posted += 1;
    this.#behind.push({ label, run });
    this.#stillness.stir();
    if (this.#behind.length > 1) return;
    // Work of this process leads on in microtasks; an immediate comes when they have run dry.
    setImmediate(() => this.#bringForward());
  }

  #bringForward(): void {
    // What is gathered for a draw comes first.
    if (this.#gathering) {
      setImmediate(() => this.#bringForward());
      return;
    }
    this.#ready.push(...this.#behind);
    this.#behind = [];
    this.#stillness.stir();
    this.#pump();
  }

  /** Something begins that may wait for time. */
  begin(): void {
    this.#stillness.begin();
  }

  end(): void {
    this.#stillness.end();
    if (this.#quiet !== undefined) this.#pump();
  }

  /** Whoever waited for time may have been set going, by other means than a job. */
  stir(): void {
    this.#stillness.stir();
  }

  /** Resolves when all that is under way waits for time. */
  stillness(): Promise<void> {
    return this.#stillness.next();
  }

  get isWaiting(): boolean {
    return this.#stillness.underway > 0 && this.#stillness.still;
  }

  /** Resolves when nothing is ready, and nothing runs but what waits for time. */
  async untilQuiet(): Promise<void> {
    const before = this.#posted;
    // What waits for time may have been set going since it was found to.
    this.#stillness.stir();
    while (this.#isActive()) {
      if (this.#posted - before > JOBS_AT_ONE_INSTANT_MAX) throw new Error('Work goes round in a circle and lets no time pass.');
      this.#quiet ??= Promise.withResolvers();
      await this.#quiet.promise;
    }
  }

  failures(): readonly Failure[] {
    return this.#failures;
  }

  /** Starts nothing more. */
  stop(): void {
    this.#stopped = true;
  }

  #isActive(): boolean {
    return this.#running > 0 || this.#head < this.#ready.length || this.#behind.length > 0 || !this.#stillness.still;
  }

  /** Jobs that wait for time take no room from others, and nobody waits for them. */
  #onStill(): void {
    this.#workers.onStill();
    if (!this.#stillness.still) return;
    this.#stillness.join(this.#running);
    this.#running = 0;
    this.#holds += 1;
    if (this.#head < this.#ready.length) this.#stillness.stir();
    this.#pump();
  }

  #pump(): void {
    while (this.#running < this.#concurrency && this.#head < this.#ready.length && !this.#stopped) {
      const job = this.#next();
      this.#head += 1;
      if (this.#head > 1024 && this.#head * 2 > this.#ready.length) {
        this.#ready.splice(0, this.#head);
        this.#head = 0;
      }
      this.#running += 1;
      void this.#runJob(job);
    }
    if (this.#quiet !== undefined && !this.#isActive()) {
      const quiet = this.#quiet;
      this.#quiet = undefined;
      quiet.resolve();
    }
  }

  /** The job at the head of the queue, where the one that is drawn changes places with it. */
  #next(): Job {
    const [first, drawn] = [this.#head, this.#head + (this.#draw?.(this.#ready.length - this.#head) ?? 0)];
    const job = this.#ready[drawn] as Job;
    this.#ready[drawn] = this.#ready[first] as Job;
    return job;
  }

  async #runJob(job: Job): Promise<void> {
    const holds = this.#holds;
    try {
      // A turn of the microtask queue first: posting never runs the work inside the poster's own stack.
      await undefined;
      await job.run();
    } catch (error) {
      // What is cut off when the cloud stops fails, and nobody is to hear of it.
      if (this.#failures.length < FAILURES_KEPT && !this.#stopped) this.#failures.push({ label: job.label, error });
    } finally {
      if (holds === this.#holds) this.#running -= 1;
      else this.#stillness.end();
      this.#pump();
    }
  }
}
