import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import { audit, isClean, toText } from '../../audit/report.ts';
import type { Item } from '../../audit/stored.ts';
import { brokenRecords } from '../simulation/invariants.ts';
import { itemsNow } from '../simulation/snapshot.ts';
import { aSystem, type System } from '../system/cloud.ts';
import { BankSystems } from './bank.ts';
import { Chance } from './chance.ts';
import { People } from './people.ts';
import { Trouble } from './trouble.ts';
import { DAY, HOUR, MINUTE } from './when.ts';

export interface Run {
  readonly seed: number;
  readonly acts: number;
  readonly days: number;
  /** How many times everything was checked. */
  readonly checks: number;
  /** Of every event that was put on the bus and every message that left: the same for the same seed. */
  readonly digest: string;
}

const DEPLOYMENT = { jurisdiction: 'CN', role: 'first-party', house: true } as const;
/** Longer than a machine waits between tries, a message stays hidden in its queue, and a case stays unseen by the sweep. */
const PEACE = 'PT2H';
/** What a failed run shows of what came before. */
const ACTS_SHOWN = 60;

/**
 * Lets a bank, its people and its customers do what chance has them do, while services fail and functions die, and asks again and again
 * whether every invariant of the design holds (design.md section 3): after every act those that every commit keeps, and all of them as
 * soon as nothing was disturbed for two hours. At the end the independent audit reads the timelines. All chance comes from the seed, so that a failure can be met again by it.
 */
export async function simulate(seed: number, days: number): Promise<Run> {
  const chance = new Chance(seed);
  const concurrency = 1 + chance.below(8);
  const shuffled = chance.happens(0.7);
  const system = await aSystem({ sweep: true, reminders: true, seed, concurrency, shuffled });
  const played = new Played(system, chance, days);
  try {
    await played.toTheEnd();
  } catch (error) {
    system.closed = true;
    await system.cloud.close();
    const story = played.story.slice(-ACTS_SHOWN).join('\n');
    throw new Error(`Seed ${seed}, after ${played.story.length} acts: ${(error as Error).message}\n\nWhat came before:\n${story}`, {
      cause: error,
    });
  }
  const digest = digestOf(system);
  await system.close();
  return { seed, acts: played.story.length, days, checks: played.checks, digest };
}

class Played {
  /** What was done, with the time. */
  readonly story: string[] = [];
  checks = 0;
  readonly #system: System;
  readonly #chance: Chance;
  readonly #end: number;
  readonly #bank: BankSystems;
  readonly #people: People;
  readonly #trouble: Trouble;

  constructor(system: System, chance: Chance, days: number) {
    this.#system = system;
    this.#chance = chance;
    this.#end = system.cloud.now() + days * DAY;
    this.#bank = new BankSystems(system, chance);
    this.#people = new People(system, this.#bank, chance);
    this.#trouble = new Trouble(system, chance);
  }

  async toTheEnd(): Promise<void> {
    while (this.#system.cloud.now() < this.#end) {
      await this.#period();
      await this.#check();
    }
    await this.#bank.catchUp();
    await this.#pass(10 * DAY);
    await this.#check();
    const { items } = await this.#system.snapshot();
    const report = audit(items as readonly Item[], DEPLOYMENT);
    expect({ clean: isClean(report), report: isClean(report) ? '' : toText(report) }).toEqual({ clean: true, report: '' });
  }

  /** A time without a look: every other is without trouble. */
  async #period(): Promise<void> {
    const troubled = this.#chance.happens(0.5);
    const acts = 10 + this.#chance.below(30);
    for (let act = 0; act < acts; act += 1) {
      await this.#act(troubled);
      await this.#pass(this.#someTime());
    }
  }

  async #act(troubled: boolean): Promise<void> {
    const what = await this.#chance.weighted<() => Promise<string>>([
      [10, () => this.#bank.say()],
      [10, () => this.#people.act()],
      [troubled ? 4 : 0, () => this.#trouble.make()],
    ])();
    this.#note(what);
    expect(brokenRecords(itemsNow(this.#system.cloud))).toEqual([]);
  }

  /** Often nothing, so that one thing falls upon another; now and then days, in which much falls due. */
  #someTime(): number {
    return this.#chance.weighted<() => number>([
      [40, () => 0],
      [20, () => this.#chance.below(90) * 1000],
      [20, () => this.#chance.below(60) * MINUTE],
      [15, () => this.#chance.below(12) * HOUR],
      [5, () => this.#chance.below(3 * 24) * HOUR],
    ])();
  }

  async #pass(milliseconds: number): Promise<void> {
    // Without a move the next act comes upon what is under way.
    if (milliseconds > 0) await this.#system.cloud.advance(milliseconds);
  }

  async #check(): Promise<void> {
    this.#trouble.end();
    await this.#people.liftAll();
    await this.#system.advance(PEACE);
    this.#note('everything is checked');
    await this.#system.checkSound({ deadExecutions: true, repeatedLetters: true });
    this.checks += 1;
  }

  #note(what: string): void {
    this.story.push(`${this.#system.now()} ${what}`);
  }
}

function digestOf(system: System): string {
  const told = JSON.stringify([system.events(), system.outbox()]);
  return createHash('sha256').update(told).digest('hex');
}
