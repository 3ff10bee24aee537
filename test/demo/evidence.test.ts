import { describe, expect, it } from 'vitest';
import type { Line } from '../../audit/stored.ts';
import { EvidenceCount, isProven } from '../../demo/evidence.ts';
import type { Cloud } from '../../local/cloud.ts';
import { aLegalTimeline, packOf } from '../builders/evidence.ts';

const pack = packOf(aLegalTimeline());
const REF = 's3://evidence/evidence/acc-1-1/14-pack.jsonl';

/** A cloud with one object, at the place of `REF`. */
function cloudWith(bytes: Buffer): Pick<Cloud, 'call'> {
  return {
    call: async <T>(service: string, operation: string, input: Record<string, unknown>) => {
      expect([service, operation, input]).toEqual(['s3', 'GetObject', { Bucket: 'evidence', Key: 'evidence/acc-1-1/14-pack.jsonl' }]);
      return { Body: new Uint8Array(bytes) } as T;
    },
  };
}

function changed(): Buffer {
  const bytes = Buffer.from(pack.bytes);
  bytes[bytes.indexOf('6250.00')] = '7'.charCodeAt(0);
  return bytes;
}

function countOf(manifestHash: string): EvidenceCount {
  const line: Line = { seq: 1, at: '2005-05-10T02:00:00Z', type: 'EvidenceAssembled', packRef: REF, manifestHash };
  const count = new EvidenceCount();
  count.add({ accountId: 'acc-1', lines: [{ ...line, type: 'JourneyOpened' }, line] });
  return count;
}

describe('the evidence of the demo', () => {
  it('is proven by its bytes and the hash that was named, and by nothing less', async () => {
    expect(await isProven(cloudWith(pack.bytes), REF, pack.manifestHash)).toBe(true);
    expect(await isProven(cloudWith(pack.bytes), REF, 'f'.repeat(64))).toBe(false);
    expect(await isProven(cloudWith(changed()), REF, pack.manifestHash)).toBe(false);
    expect(await isProven(cloudWith(Buffer.from('no pack')), REF, pack.manifestHash)).toBe(false);
  });

  it('is verified, pack by pack of those that a timeline names, and what does not hold is named', async () => {
    expect(await countOf(pack.manifestHash).verify(cloudWith(pack.bytes))).toEqual({ written: 1, verified: 1, problems: [] });
    expect(await countOf(pack.manifestHash).verify(cloudWith(changed()))).toEqual({
      written: 1,
      verified: 0,
      problems: [`The evidence ${REF} does not verify`],
    });
  });
});
