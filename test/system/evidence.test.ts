import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isVerified, toText, verifyPack } from '../../audit/evidence/report.ts';
import type { Entry } from '../../domain/entries.ts';
import { AwsError } from '../../local/kernel/errors.ts';
import { aSystem, type Journey, type System } from './cloud.ts';
import { aCustomer, anOverdue, aPayment, aReversal, cny } from './events.ts';
import { isReferred, walk } from './walk.ts';

/** The evidence of a suit, from the table of a whole journey to a file that counsel verifies offline. */

const BUCKET = 'overdue-journeys-evidence-000000000000-us-east-1';

interface StoredPack {
  readonly Body: Uint8Array;
  readonly VersionId: string;
  readonly ObjectLockMode: string;
  readonly ObjectLockRetainUntilDate: string | Date;
  readonly ServerSideEncryption: string;
}

function lastOf<T extends Entry['type']>(journey: Journey, type: T): Entry<T> {
  const entry = journey.timeline.findLast((row) => row.type === type);
  if (entry === undefined) throw new Error(`The timeline has no ${type}`);
  return entry as Entry<T>;
}

function keyOf(packRef: string): string {
  expect(packRef.startsWith(`s3://${BUCKET}/evidence/`)).toBe(true);
  return packRef.slice(`s3://${BUCKET}/`.length);
}

function readPack(system: System, packRef: string): Promise<StoredPack> {
  return system.cloud.call<StoredPack>('s3', 'GetObject', { Bucket: BUCKET, Key: keyOf(packRef) });
}

async function begin(system: System): Promise<void> {
  await system.put('CustomerUpdated', aCustomer());
  await system.put('AccountOverdue', anOverdue());
}

/** A task for counsel, once the evidence is there. */
const isAsked = (journey: Journey): boolean =>
  journey.timeline.some((entry) => entry.type === 'TaskOpened' && entry.objective === 'approve-referral');

describe('the evidence of a suit', () => {
  it('is handed to counsel by its place and hash, lies under lock, and verifies offline; a changed byte is named', async () => {
    // Prepare
    const system = await aSystem();
    await begin(system);
    await walk(system, { until: (journey) => journey.daysPastDue >= 20 });
    await system.put('PaymentReceived', aPayment({ amount: cny('500.00'), paidAt: system.now() }));
    await system.put('PaymentReceived', aPayment({ paymentId: 'pay-2', amount: cny('50.00'), paidAt: system.now() }));
    await system.put('PaymentReversed', aReversal({ paymentId: 'pay-2', reversedAt: system.now() }));

    // Act
    const asked = await walk(system, { until: isAsked });
    const task = await system.task('legal-review');
    const referred = await walk(system, { until: isReferred });

    // Assess
    const { packRef, manifestHash, lines, bytes } = lastOf(referred, 'EvidenceAssembled');
    expect(task.facts.evidence).toEqual({ ref: packRef, hash: manifestHash });
    expect(lastOf(referred, 'LegalReferred')).toMatchObject({ evidenceRef: packRef, evidenceHash: manifestHash });
    const told = system.events('acc-1').find((event) => event['detail-type'] === 'LegalReferred');
    expect(told?.detail).toMatchObject({ evidenceRef: packRef, evidenceHash: manifestHash });

    const stored = await readPack(system, packRef);
    expect(stored).toMatchObject({ ObjectLockMode: 'GOVERNANCE', ServerSideEncryption: 'aws:kms' });
    expect(new Date(stored.ObjectLockRetainUntilDate).getTime() - system.cloud.now()).toBeGreaterThan(1825 * 86_400_000);

    const file = Buffer.from(stored.Body);
    expect(file.length).toBe(bytes);
    const verdict = verifyPack(file, manifestHash);
    expect(verdict?.checks.flatMap(({ findings }) => findings)).toEqual([]);
    expect(verdict?.about).toContain(
      `case ${asked.caseId}, account acc-1: timeline up to entry ${lastOf(asked, 'EvidenceAssembled').upTo}`,
    );
    const text = verdict === undefined ? '' : toText(verdict);
    expect(text).toContain('two demands received thirty days apart: yes');
    expect(text).toContain('formal notice served: timeline');
    // Every message of the journey with the words that were sent; receipts of payments are none of them.
    const sent = referred.timeline.filter((entry) => entry.type === 'ContactSent' && entry.notice === undefined).length;
    expect(text).toContain(`${sent} messages (${sent} with their text)`);
    expect(file.toString()).toContain('王小明');
    expect(file.toString().split('\n')).toHaveLength(lines + 1);

    const lineAt = (position: number): number => file.subarray(0, position).filter((byte) => byte === 0x0a).length;
    fc.assert(
      fc.property(fc.nat({ max: file.length - 1 }), fc.integer({ min: 1, max: 255 }), (position, mask) => {
        const changed = Buffer.from(file);
        changed[position] = (changed[position] ?? 0) ^ mask;
        const broken = verifyPack(changed, manifestHash);
        expect(broken !== undefined && isVerified(broken)).toBe(false);
        const [finding] = broken?.checks.flatMap(({ findings }) => findings) ?? [];
        expect(finding?.entry.split(' ').slice(0, 2)).toEqual(['entry', String(lineAt(position))]);
      }),
      { numRuns: 150 },
    );
  });

  it('has the words that are kept until their case ends, and have no end yet', async () => {
    const system = await aSystem();
    await system.put('CustomerUpdated', aCustomer({ jurisdiction: 'US', timeZone: 'America/New_York' }));
    await system.put('AccountOverdue', anOverdue());

    const asked = await walk(system, { until: isAsked });

    const { packRef, manifestHash } = lastOf(asked, 'EvidenceAssembled');
    const verdict = verifyPack(Buffer.from((await readPack(system, packRef)).Body), manifestHash);
    const sent = asked.timeline.filter((entry) => entry.type === 'ContactSent' && entry.notice === undefined).length;
    expect(sent).toBeGreaterThan(0);
    expect(verdict === undefined ? '' : toText(verdict)).toContain(`${sent} messages (${sent} with their text)`);
  });

  it('stays where it was put: its version cannot be removed before its time, nor written over', async () => {
    // Prepare
    const system = await aSystem();
    await begin(system);
    const { packRef } = lastOf(await walk(system, { until: isAsked }), 'EvidenceAssembled');
    const Key = keyOf(packRef);
    const { VersionId } = await readPack(system, packRef);

    // Act
    const removal = system.cloud.call('s3', 'DeleteObject', { Bucket: BUCKET, Key, VersionId });
    const again = system.cloud.call('s3', 'PutObject', {
      Bucket: BUCKET,
      Key,
      Body: Buffer.from('other'),
      IfNoneMatch: '*',
      ContentMD5: 'eV8yFn3tVzNWCUUkFhvEjg==',
    });

    // Assess
    await expect(removal).rejects.toThrow(/object lock/i);
    await expect(again).rejects.toThrow();
    expect((await readPack(system, packRef)).VersionId).toBe(VersionId);
  });

  it('is put once however often the function has to try, and named only when it lies there', async () => {
    // Prepare
    const system = await aSystem();
    await begin(system);
    const ends: ('refused' | 'lost' | 'fine')[] = ['refused', 'lost', 'fine'];
    let puts = 0;
    system.cloud.kernel.intercept(async (call, next) => {
      if (call.service !== 's3' || call.operation !== 'PutObject') return next();
      const end = ends[Math.min(puts, 2)];
      puts += 1;
      if (end === 'refused') throw new AwsError('AccessDenied', 'Access Denied', 403);
      const answer = await next();
      if (end === 'lost') throw new AwsError('AccessDenied', 'Access Denied', 403);
      return answer;
    });

    // Act
    const journey = await walk(system, { until: isAsked });

    // Assess
    expect(puts).toBe(3);
    const assembled = journey.timeline.filter(({ type }) => type === 'EvidenceAssembled');
    expect(assembled).toHaveLength(1);
    const { Contents } = await system.cloud.call<{ Contents: { Key: string }[] }>('s3', 'ListObjectsV2', { Bucket: BUCKET });
    expect(Contents.map(({ Key }) => Key)).toEqual([keyOf(lastOf(journey, 'EvidenceAssembled').packRef)]);
  });

  it('has the whole timeline, however many pages it takes to read', async () => {
    // Prepare
    const system = await aSystem();
    await begin(system);
    const first = Date.parse('2026-03-01T00:00:00Z');
    for (let minute = 0; minute < 520; minute += 1) {
      const asOf = new Date(first + minute * 60_000).toISOString();
      await system.putOnly('BalanceUpdated', { accountId: 'acc-1', overdue: cny('6250.00'), balance: cny('18600.00'), asOf });
    }
    await system.cloud.settle();

    // Act
    const journey = await walk(system, { until: isAsked });

    // Assess
    const { packRef, manifestHash, upTo } = lastOf(journey, 'EvidenceAssembled');
    const { Body } = await readPack(system, packRef);
    const verdict = verifyPack(Buffer.from(Body), manifestHash);
    expect(upTo).toBeGreaterThan(520);
    expect(verdict?.checks.flatMap(({ findings }) => findings)).toEqual([]);
    expect(verdict?.about.join('\n')).toContain(`${upTo} of the timeline`);
  });

  it('tells how long a suit is in time, and what let the years run anew', async () => {
    const system = await aSystem();
    await begin(system);
    const due = (await system.journey()) as Journey & { limitation?: unknown };
    expect(due.limitation).toEqual({ rule: 'CN.LIMITATION', endsOn: '2029-03-01' });
    await system.put('PaymentReceived', aPayment({ amount: cny('50.00'), paidAt: '2026-03-02T01:20:00Z' }));
    const paid = (await system.journey()) as Journey & { limitation?: unknown };
    expect(paid.limitation).toEqual({ rule: 'CN.LIMITATION', endsOn: '2029-03-02', interruptedBy: { kind: 'payment', on: '2026-03-02' } });
  });
});
