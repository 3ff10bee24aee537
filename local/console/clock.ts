import type { Cloud } from '../cloud.ts';
import { parseDuration, parseInstant } from '../duration.ts';
import { AwsError } from '../kernel/errors.ts';

/** A move further than this is taken for a mistyped one. */
const MOVE_MILLISECONDS_MAX = 3660 * 86_400_000;
/** So long a move may work, in real time, before it lets others have their turn. */
const TURN_MILLISECONDS = 20;

/** A move of the clock that a person asked for. Instants are milliseconds since the epoch. */
export interface Move {
  readonly from: number;
  readonly to: number;
  /** How many timers have fired. */
  readonly fired: number;
  readonly state: 'moving' | 'done' | 'stopped' | 'failed';
  /** Why it failed. */
  readonly problem?: string;
}

/**
 * Moves the clock on behalf of people: one move at a time, from timer to timer, so that everybody else is served on the way and the
 * move can be stopped. What happens is what one long move would have done.
 */
export class ClockMover {
  readonly #cloud: Cloud;
  #move: Move | undefined;
  #stopping = false;
  #moves = 0;
  #ended: Promise<void> = Promise.resolve();

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
  }

  /** The move under way, or the last one. */
  get move(): Move | undefined {
    return this.#move;
  }

  /** Another number tells that a move has begun or ended. */
  get turns(): number {
    return this.#moves;
  }

  get moving(): boolean {
    return this.#move?.state === 'moving';
  }

  /**
   * Begins a move.
   * @param wish `quiet`: to the end of the work of this instant; `next`: to the next timer; an ISO 8601 duration or instant.
   * @throws AwsError where the clock cannot be moved so, with `ConflictException` while another move is under way.
   */
  start(wish: string): void {
    if (this.moving) throw new AwsError('ConflictException', 'The clock is already moving.', 409);
    const { kernel } = this.#cloud;
    const from = this.#cloud.now();
    if (kernel.clock === 'real' && wish !== 'quiet') throw new AwsError('ValidationException', 'The real clock cannot be moved.');
    const to = this.#target(wish, from);
    if (to < from) throw new AwsError('ValidationException', 'The clock never runs backwards.');
    if (to - from > MOVE_MILLISECONDS_MAX) throw new AwsError('ValidationException', 'The clock moves by ten years at most.');
    this.#stopping = false;
    this.#set({ from, to, fired: 0, state: 'moving' });
    this.#ended = this.#run(to);
  }

  /** Ends the move under way at the timer that it has come to. */
  stop(): void {
    this.#stopping = true;
  }

  /** Resolves when the move has ended, or after so many real milliseconds. */
  async settled(millisecondsMax: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, millisecondsMax);
    });
    await Promise.race([this.#ended, late]);
    clearTimeout(timer);
  }

  #target(wish: string, now: number): number {
    if (wish === 'quiet') return now;
    if (wish === 'next') {
      const at = this.#cloud.kernel.nextTimerAt();
      if (at === undefined) throw new AwsError('ValidationException', 'No timer is set: nothing is due.');
      return Math.max(at, now);
    }
    return wish.startsWith('P') ? now + parseDuration(wish, 'move') : parseInstant(wish, 'move');
  }

  async #run(to: number): Promise<void> {
    try {
      if (this.#cloud.kernel.clock === 'real') await this.#cloud.advance(0);
      else await this.#walk(to);
      this.#end(this.#stopping && this.#cloud.now() < to ? 'stopped' : 'done');
    } catch (error) {
      this.#end('failed', error instanceof Error ? error.message : String(error));
    }
  }

  async #walk(to: number): Promise<void> {
    const { kernel } = this.#cloud;
    let since = performance.now();
    for (;;) {
      if (this.#cloud.kernel !== kernel) throw new AwsError('ConflictException', 'The cloud went back to a snapshot meanwhile.', 409);
      const at = Math.min(kernel.nextTimerAt() ?? to, to);
      // Somebody else may have moved the clock meanwhile.
      const { fired } = await this.#cloud.advanceTo(Math.max(at, this.#cloud.now()));
      if (this.#move !== undefined) this.#move = { ...this.#move, fired: this.#move.fired + fired };
      if (this.#stopping || this.#cloud.now() >= to) return;
      if (performance.now() - since < TURN_MILLISECONDS) continue;
      await new Promise((resolve) => setImmediate(resolve));
      since = performance.now();
    }
  }

  #end(state: 'done' | 'stopped' | 'failed', problem?: string): void {
    if (this.#move !== undefined) this.#set({ ...this.#move, state, ...(problem !== undefined && { problem }) });
  }

  #set(move: Move): void {
    this.#move = move;
    this.#moves += 1;
  }
}
