import { startOfDay } from '../../calendar.ts';
import { CN } from './cn.ts';
import type { Pack } from './pack.ts';

/** Versions of each jurisdiction's pack, oldest first. A new country is one file and one entry here. */
const PACKS: ReadonlyMap<string, readonly Pack[]> = new Map([['CN', [CN]]]);

/** The pack in force at an instant (epoch milliseconds); undefined for a jurisdiction without one. */
export function packFor(jurisdiction: string, at: number): Pack | undefined {
  const versions = PACKS.get(jurisdiction);
  return versions?.findLast((pack, index) => index === 0 || startOfDay(pack.effectiveFrom, pack.homeZone) <= at);
}

export function allPacks(): readonly Pack[] {
  return [...PACKS.values()].flat();
}
