import { startOfDay } from '../../calendar.ts';
import { AU } from './au.ts';
import { checkPack } from './check.ts';
import { CN } from './cn.ts';
import { EU, EU_GR, EU_RO } from './eu.ts';
import { HK } from './hk.ts';
import { IN } from './in.ts';
import type { Pack } from './pack.ts';
import { SG } from './sg.ts';
import { UK } from './uk.ts';
import { US, US_MA } from './us.ts';

/** Versions of each jurisdiction's pack, oldest first. A new country is one file and one entry here. */
const PACKS: readonly Pack[] = [...CN, US, US_MA, UK, AU, ...IN, HK, ...SG, ...EU, EU_GR, EU_RO];

interface Version {
  readonly pack: Pack;
  /** Epoch milliseconds; open at the one end for the first version, at the other for one without an end. */
  readonly from: number;
  readonly to: number;
}

function versionsOf(packs: readonly Pack[]): ReadonlyMap<string, readonly Version[]> {
  const versions = new Map<string, Version[]>();
  for (const pack of packs) {
    checkPack(pack);
    if (pack.draft) continue;
    const known = versions.get(pack.id) ?? [];
    const before = known.at(-1)?.pack.effectiveFrom ?? '';
    if (pack.effectiveFrom <= before) throw new RangeError(`Pack ${pack.version}: must come into force after ${before}`);
    const from = known.length === 0 ? Number.NEGATIVE_INFINITY : startOfDay(pack.effectiveFrom, pack.homeZone);
    const to = pack.effectiveTo === undefined ? Number.POSITIVE_INFINITY : startOfDay(pack.effectiveTo, pack.homeZone);
    versions.set(pack.id, [...known, { pack, from, to }]);
  }
  return versions;
}

const VERSIONS = versionsOf(PACKS);

/** The pack in force at an instant (epoch milliseconds); undefined for a jurisdiction without one. A draft is never in force. */
export function packFor(jurisdiction: string, at: number): Pack | undefined {
  return VERSIONS.get(jurisdiction)?.findLast(({ from, to }) => from <= at && at < to)?.pack;
}

/** When the next version of a pack comes into force after an instant, epoch milliseconds; infinite where none is known. */
export function nextVersionAt(jurisdiction: string, at: number): number {
  return VERSIONS.get(jurisdiction)?.find(({ from }) => from > at)?.from ?? Number.POSITIVE_INFINITY;
}

/** Every version that is, was or will be in force. */
export function allPacks(): readonly Pack[] {
  return PACKS.filter((pack) => !pack.draft);
}

/** Published for comment and never in force, for the documents. */
export function draftPacks(): readonly Pack[] {
  return PACKS.filter((pack) => pack.draft);
}
