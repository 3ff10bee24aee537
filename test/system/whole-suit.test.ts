import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { isVerified, toText, verifyPack } from '../../audit/evidence/report.ts';
import { addDays } from '../../domain/calendar.ts';
import type { Entry } from '../../domain/entries.ts';
import { aSystem, type Journey, type System } from './cloud.ts';
import { aCustomer, anOverdue, aPayment, cny } from './events.ts';
import { tamperings } from './tampering.ts';
import { isReferred, NOBODY_REACHED, openTasks, walk } from './walk.ts';

/** One account from its first day overdue to judgment and settlement, and what is left of it: two packs under lock, and a table to audit. */

const folder = mkdtempSync(join(tmpdir(), 'overdue-journeys-suit-'));
afterAll(() => rmSync(folder, { recursive: true }));

const DOCKET = '（2026）沪0115民初12345号';
const PHOTO = { ref: 'photo-17', sha256: 'a'.repeat(64), kind: 'photo' };

function run(tool: string, ...options: readonly string[]): Promise<{ readonly status: number; readonly out: string }> {
  const main = fileURLToPath(new URL(`../../audit/${tool}`, import.meta.url));
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...options], { maxBuffer: 16 * 1024 * 1024 }, (error, out) => {
      resolve({ status: typeof error?.code === 'number' ? error.code : 0, out });
    });
  });
}

function written(name: string, bytes: Buffer | string): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

/** The objectives that this story answers in its own words; nobody is reached and everybody approves where it has none. */
async function upTo(system: System, objective: string): Promise<string> {
  const { [objective]: _own, ...answers } = NOBODY_REACHED;
  const journey = await walk(system, { answers, until: (seen) => openTasks(seen).some((task) => task.objective === objective) });
  return openTasks(journey).find((task) => task.objective === objective)?.taskId ?? '';
}

const has = (type: Entry['type']) => (journey: Journey) => journey.timeline.some((entry) => entry.type === type);

function entriesOf<T extends Entry['type']>(journey: Journey, type: T): Entry<T>[] {
  return journey.timeline.filter((entry) => entry.type === type) as unknown as Entry<T>[];
}

const pays = (system: System, paymentId: string, amount: string) =>
  system.put('PaymentReceived', aPayment({ paymentId, amount: cny(amount), paidAt: system.now() }));
const tells = (system: System, status: string) =>
  system.put('LegalStatusReported', { accountId: 'acc-1', status, at: system.now(), reference: DOCKET }, 'bank.counsel');

/** Reminders, calls, a broken promise and a refused offer: to the day on which nothing is left but a visit. */
async function asksInVain(system: System): Promise<void> {
  await system.put('CustomerUpdated', aCustomer());
  await system.put('AccountOverdue', anOverdue());
  await system.report(await upTo(system, 'recover'), 'no-answer');
  const date = addDays(system.now().slice(0, 10), 6);
  await system.report(await upTo(system, 'recover'), 'promise', {
    promises: [{ amount: cny('2000.00'), date }],
    recordingRef: `rec-1#sha256=${'b'.repeat(64)}`,
  });
  await walk(system, { until: has('PromiseBroken') });
  await pays(system, 'pay-late', '500.00');
  await walk(system, { until: has('PlanOffered') });
  await system.report(await upTo(system, 'agree-a-plan'), 'refused', { reasonForArrears: 'unwilling' });
}

/** A visit of two people who find nobody, and bring a photograph. */
async function visits(system: System): Promise<void> {
  await system.report(await upTo(system, 'approve-visit'), 'approve', { by: 'lead-1' });
  const taskId = await upTo(system, 'visit');
  await system.api('POST', `/tasks/${taskId}/assign`, { staff: ['anna', 'bo'], by: 'lead-1' });
  const out = await system.api('POST', `/tasks/${taskId}/attempts`, { by: 'anna' });
  expect(out.status).toBe(200);
  await system.report(taskId, 'not-home', { by: 'anna', attemptId: out.json.attemptId, evidence: [PHOTO] });
}

/** Intent, formal notice, its days, evidence, counsel. */
async function refers(system: System): Promise<Journey> {
  await system.report(await upTo(system, 'confirm-intent'), 'intent-confirmed', { by: 'supervisor-1' });
  await system.report(await upTo(system, 'approve-referral'), 'approve', { by: 'counsel-1' });
  return walk(system, { until: isReferred });
}

/** Filed; half a year of silence, after which somebody asks; judgment, enforcement that brings a part, and a settlement. */
async function settles(system: System): Promise<Journey> {
  await system.advance('P20D');
  await tells(system, 'filed');
  await system.report(await upTo(system, 'review-suit'), 'approve', { by: 'counsel-1' });
  await system.advance('P10D');
  await tells(system, 'judgment');
  await system.advance('P30D');
  await tells(system, 'enforcement');
  await pays(system, 'pay-seized', '1800.00');
  await system.advance('P15D');
  await pays(system, 'pay-settled', '3000.00');
  await tells(system, 'settled');
  await system.advance('P1D');
  return system.journey();
}

interface Pack {
  readonly key: string;
  readonly file: Buffer;
  readonly lockMode: string;
}

/** Every pack of a case as whoever may read them gets them from S3, the oldest first. */
async function exported(system: System, caseId: string): Promise<Pack[]> {
  const Bucket = system.cloud.outputs().EvidenceBucketName;
  const { Contents } = await system.cloud.call<{ Contents: { Key: string }[] }>('s3', 'ListObjectsV2', {
    Bucket,
    Prefix: `evidence/${caseId}/`,
  });
  const keys = Contents.map(({ Key }) => Key).sort((one, other) => entryIn(one) - entryIn(other));
  return Promise.all(
    keys.map(async (Key) => {
      const { Body, ObjectLockMode } = await system.cloud.call<{ Body: Uint8Array; ObjectLockMode: string }>('s3', 'GetObject', {
        Bucket,
        Key,
      });
      return { key: `s3://${Bucket}/${Key}`, file: Buffer.from(Body), lockMode: ObjectLockMode };
    }),
  );
}

/** `evidence/<case>/<timeline entry>-<hash>.jsonl`. */
function entryIn(key: string): number {
  return Number(key.split('/').at(-1)?.split('-')[0]);
}

/** The table as an export of it, a line an item. */
async function tableOf(system: System): Promise<string> {
  const lines: string[] = [];
  let ExclusiveStartKey: unknown;
  do {
    const page = await system.cloud.call<{ Items: unknown[]; LastEvaluatedKey?: unknown }>('dynamodb', 'Scan', {
      TableName: system.cloud.outputs().CaseTableName,
      ...(ExclusiveStartKey === undefined ? {} : { ExclusiveStartKey }),
    });
    for (const item of page.Items) lines.push(`${JSON.stringify(item)}\n`);
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey !== undefined);
  return lines.join('');
}

describe('a whole journey to judgment and settlement', () => {
  it('leaves its evidence and its record under lock, which verify offline and give every change away, and a table without a finding', async () => {
    // Prepare
    const system = await aSystem();

    // Act
    await asksInVain(system);
    await visits(system);
    const referred = await refers(system);
    const before = system.collected().length;
    const journey = await settles(system);
    const packs = await exported(system, journey.caseId);

    // Assess
    expect(journey).toMatchObject({ status: 'closed', closeReason: 'settled', legal: { status: 'settled', reference: DOCKET } });
    expect([openTasks(journey), system.collected().length]).toEqual([[], before]);
    const stages = entriesOf(journey, 'StageEntered').map(({ stage }) => stage);
    expect(stages).toEqual(['reminder', 'call', 'plan', 'field-visit', 'legal']);

    // Counsel was handed the one; the end of the journey names the other.
    const [evidence, record] = packs;
    const [assembled, closing] = entriesOf(journey, 'EvidenceAssembled');
    const [referral] = entriesOf(referred, 'LegalReferred');
    const [closed] = entriesOf(journey, 'JourneyClosed');
    if (evidence === undefined || record === undefined || assembled === undefined || closing === undefined) throw new Error('Two packs');
    expect(packs.map(({ key, lockMode }) => [key, lockMode])).toEqual([
      [assembled.packRef, 'GOVERNANCE'],
      [closing.packRef, 'GOVERNANCE'],
    ]);
    expect([assembled.closing, closing.closing]).toEqual([undefined, true]);
    expect(referral).toMatchObject({ approvedBy: 'counsel-1', evidenceRef: assembled.packRef, evidenceHash: assembled.manifestHash });
    expect(closed).toMatchObject({ reason: 'settled', reference: DOCKET, evidenceRef: closing.packRef });
    const said = system.events('acc-1').find((event) => event['detail-type'] === 'JourneyClosed');
    expect(said?.detail).toMatchObject({ evidenceRef: closing.packRef, evidenceHash: closing.manifestHash });
    expect(closing.upTo).toBe(entriesOf(journey, 'CaseEnded')[0]?.seq);

    // What a judge would want to see is in the record, in order.
    const about = toText(verifyPack(record.file, closing.manifestHash) ?? { checks: [], about: [] });
    const course = ['intent confirmed', 'formal notice served', 'referred', 'court: filed', 'court: judgment', 'court: enforcement'];
    const places = [...course, 'court: settled', 'ended: settled'].map((what) => about.indexOf(`\n${what}`));
    expect(places).toEqual([...places].sort((one, other) => one - other));
    expect(places).not.toContain(-1);
    const inBoth = ['rec-1', PHOTO.sha256, 'PromiseBroken', 'pay-late'];
    const since = ['LegalReferred', 'review-suit', 'pay-seized', 'pay-settled', DOCKET];
    const foundIn = (file: Buffer) => [...inBoth, ...since].filter((what) => file.includes(what));
    expect([foundIn(evidence.file), foundIn(record.file)]).toEqual([inBoth, [...inBoth, ...since]]);

    for (const [name, pack, { manifestHash }] of [
      ['evidence', evidence, assembled],
      ['record', record, closing],
    ] as const) {
      const offline = await run('verify-evidence.ts', written(`${name}.jsonl`, pack.file), '--hash', manifestHash);
      expect([offline.status, offline.out.trimEnd().split('\n').at(-1)]).toEqual([0, 'verified']);
      for (const [kind, tampering] of Object.entries(tamperings(pack.file))) {
        fc.assert(
          fc.property(tampering, ({ bytes, entries }) => {
            const verdict = verifyPack(bytes, manifestHash);
            expect(verdict !== undefined && isVerified(verdict)).toBe(false);
            const [finding] = verdict?.checks.flatMap(({ findings }) => findings) ?? [];
            expect([kind, ...entries.map((entry) => `entry ${entry}`)]).toContain(finding?.entry.split(' ').slice(0, 2).join(' '));
          }),
          { numRuns: 60 },
        );
      }
    }
    const [changed] = fc.sample(tamperings(record.file)['a bit'] ?? fc.constant({ bytes: Buffer.alloc(0), entries: [] }), 1);
    const found = await run('verify-evidence.ts', written('changed.jsonl', changed?.bytes ?? ''), '--hash', closing.manifestHash);
    expect(found.status).toBe(1);
    expect(found.out).toContain(`entry ${changed?.entries[0]} `);

    const audit = await run('main.ts', '--export', written('table.jsonl', await tableOf(system)));
    expect(audit).toMatchObject({ status: 0 });
  });
});
