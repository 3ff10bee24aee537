import { isVerified, verifyPack } from '../audit/evidence/report.ts';
import type { Line, StoredAccount } from '../audit/stored.ts';
import type { Cloud } from '../local/cloud.ts';

/** Evidence packs as whoever may read them gets them, verified as counsel does: offline, by their bytes and the hash alone. */

export interface EvidenceCounts {
  /** Packs that a timeline names. */
  written: number;
  verified: number;
  /** What does not hold, as sentences; the first few. */
  problems: string[];
}

const PROBLEMS_MAX = 10;
const PLACE = /^s3:\/\/([^/]+)\/(.+)$/;

/** Whether the pack at `ref` (`s3://…`) is there and verifies, with the hash that was named for it. */
export async function isProven(cloud: Pick<Cloud, 'call'>, ref: string, hash: string): Promise<boolean> {
  const [, Bucket, Key] = PLACE.exec(ref) ?? [];
  const { Body } = await cloud.call<{ Body: Uint8Array }>('s3', 'GetObject', { Bucket, Key });
  const verdict = verifyPack(Buffer.from(Body), hash);
  return verdict !== undefined && isVerified(verdict);
}

/** Collects from timelines which packs there are, account by account, and verifies all of them. */
export class EvidenceCount {
  readonly #packs: { readonly ref: string; readonly hash: string }[] = [];

  add({ lines }: StoredAccount): void {
    for (const line of lines) if (line.type === 'EvidenceAssembled') this.#packs.push(packOf(line));
  }

  async verify(cloud: Pick<Cloud, 'call'>): Promise<EvidenceCounts> {
    const counts: EvidenceCounts = { written: this.#packs.length, verified: 0, problems: [] };
    for (const { ref, hash } of this.#packs) {
      if (await isProven(cloud, ref, hash)) counts.verified += 1;
      else if (counts.problems.length < PROBLEMS_MAX) counts.problems.push(`The evidence ${ref} does not verify`);
    }
    return counts;
  }
}

function packOf({ packRef, manifestHash }: Line): { readonly ref: string; readonly hash: string } {
  return { ref: String(packRef), hash: String(manifestHash) };
}
