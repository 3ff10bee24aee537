import { aSystem, type Journey, type System } from './cloud.ts';
import { aCustomer, anOverdue } from './events.ts';
import { silenceProviders } from './feedback.ts';
import { copyState, stateFolder } from './fork.ts';
import { isReferred, tell, walk } from './walk.ts';

/** The world at rest at one moment of an account's way to the referral. */
export interface Moment {
  readonly name: string;
  readonly journey: Journey;
  readonly stateDir: string;
}

/**
 * Walks an account to the referral and keeps a copy of the world at each moment at which something new had happened. Moments that
 * differ only in the number of the call are kept once per stage. Nothing is reported of messages: what time alone brings is among them.
 */
export async function momentsToReferral(): Promise<readonly Moment[]> {
  const stateDir = stateFolder();
  const system = await aSystem({ stateDir });
  silenceProviders(system);
  await system.put('CustomerUpdated', aCustomer());
  await system.put('AccountOverdue', anOverdue());
  const moments = new Map<string, Moment>();
  await walk(system, {
    until: isReferred,
    onStep: async (step) => {
      const name = `${step.journey.stage}: ${tell(step).split(': ')[1]}, then ${step.journey.next?.what}`;
      if (!moments.has(name)) moments.set(name, { name, journey: step.journey, stateDir: copyState(stateDir) });
    },
  });
  await system.checkSound();
  await system.close();
  return [...moments.values()];
}

/** Lets something happen at each moment, on a copy; afterwards every invariant must hold there. */
export async function atEach(moments: readonly Moment[], act: (system: System, moment: Moment) => Promise<void>): Promise<void> {
  for (const moment of moments) {
    const system = await aSystem({ stateDir: copyState(moment.stateDir) });
    try {
      await act(system, moment);
      await system.checkSound();
    } catch (error) {
      throw new Error(`At "${moment.name}": ${(error as Error).message}`, { cause: error });
    } finally {
      await system.close();
    }
  }
}
