import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { isVerified, verifyPack } from '../../audit/evidence/report.ts';
import type { Draft } from '../../domain/entries.ts';
import { canonicalJson, GENESIS } from '../../domain/timeline.ts';
import { cny } from '../builders/account.ts';
import { aLegalTimeline, opened, packOf, payment } from '../builders/evidence.ts';

interface Line {
  n: number;
  part: string;
  previousHash: string;
  body?: Record<string, unknown>;
}

const pack = packOf(aLegalTimeline());
const findingsOf = (bytes: Buffer, hash?: string) => verifyPack(bytes, hash)?.checks.flatMap(({ findings }) => findings) ?? [];

/** The pack with one line changed, and every hash after it made anew: only what it says can give it away. */
function forged(part: string, change: (body: Record<string, unknown>) => void): Buffer {
  const lines = pack.bytes
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
  const target = lines.find((line) => line.part === part);
  if (target?.body === undefined) throw new Error(`No line of ${part}`);
  change(target.body);
  const entries: { n: number; part: string; sha256: string }[] = [];
  let previousHash = GENESIS;
  const texts = lines.map(({ n, part: ofLine, body }) => {
    const told = ofLine === 'manifest' ? { entries } : body;
    const text = canonicalJson({ n, part: ofLine, previousHash, body: told });
    previousHash = createHash('sha256').update(text).digest('hex');
    if (ofLine !== 'manifest' && ofLine !== 'seal') entries.push({ n, part: ofLine, sha256: previousHash });
    return text;
  });
  return Buffer.from(`${texts.join('\n')}\n`);
}

/** An entry of the timeline that was changed and hashed anew: the one after it still names the old hash. */
function rehash(body: Record<string, unknown>, change: object): void {
  const entry = Object.assign(body.entry as object, change);
  body.hash = createHash('sha256').update(canonicalJson(entry)).digest('hex');
}

interface Act {
  readonly what: string;
  readonly paymentId: string;
  readonly at: string;
  readonly overdue: string;
  readonly balance: string;
}

/** As the intake records them: each state of a payment once, a reversal with the payment where that is known, else the other way round. */
function draftsOf(acts: readonly Act[]): Draft[] {
  const booked = new Map<string, Draft<'PaymentReceived'>>();
  const seen = new Set<string>();
  const reversals = new Map<string, string>();
  return acts.flatMap(({ what, paymentId, at, overdue, balance }): Draft[] => {
    if (what === 'figure') return [{ type: 'BalanceUpdated', asOf: at, overdue: cny(overdue), balance: cny(balance) }];
    if (what === 'statement') {
      const money = { statementBalance: cny(balance), minimumDue: cny('1.00'), dueDate: '2026-04-01', autopay: false };
      return [{ type: 'StatementIssued', statementId: `st-${at}`, customerId: 'cus-1', issuedAt: at, timeZone: 'Asia/Shanghai', ...money }];
    }
    if (seen.has(`${what} ${paymentId}`) || (what === 'pending' && reversals.has(paymentId))) return [];
    seen.add(`${what} ${paymentId}`);
    if (what === 'reversal') {
      const known = booked.get(paymentId);
      reversals.set(paymentId, at);
      const { amount, paidAt, postedAt, state } = known ?? {};
      const payment = amount && paidAt && postedAt && state ? { payment: { amount, paidAt, postedAt, state } } : {};
      return [{ type: 'PaymentReversed', paymentId, reversedAt: at, ...payment }];
    }
    const reversedAt = reversals.get(paymentId);
    const state = what === 'pending' ? 'pending' : 'posted';
    const known = booked.get(paymentId)?.amount ?? cny(overdue);
    const draft: Draft<'PaymentReceived'> = { type: 'PaymentReceived', paymentId, amount: known, paidAt: at, postedAt: at, state };
    if (state === 'posted' || !booked.has(paymentId)) booked.set(paymentId, draft);
    return [{ ...draft, ...(reversedAt === undefined ? {} : { reversedAt }) }];
  });
}

describe('a pack', () => {
  it('as it was built verifies, with the hash that the timeline keeps', () => {
    const verdict = verifyPack(pack.bytes, pack.manifestHash);
    expect(findingsOf(pack.bytes, pack.manifestHash)).toEqual([]);
    expect(verdict?.manifestHash).toBe(pack.manifestHash);
    expect(verdict?.checks.map(({ name }) => name)).toEqual(['form', 'chain', 'hash', 'timeline', 'contacts', 'statement', 'demands']);
    expect(verdict?.about.join('\n')).toContain('two demands received thirty days apart: yes');
  });

  it('of any case verifies: figures, statements, payments and reversals in any order', () => {
    const instants = fc.integer({ min: 0, max: 59 }).map((minute) => `2026-03-10T02:${String(minute).padStart(2, '0')}:00Z`);
    const act = fc.record({
      what: fc.constantFrom('figure', 'statement', 'payment', 'pending', 'reversal'),
      paymentId: fc.constantFrom('pay-1', 'pay-2', 'pay-3'),
      at: instants,
      overdue: fc.integer({ min: 1, max: 900_000 }).map((minor) => (minor / 100).toFixed(2)),
      balance: fc.integer({ min: 1, max: 900_000 }).map((minor) => (minor / 100).toFixed(2)),
    });
    fc.assert(
      fc.property(fc.array(act, { maxLength: 14 }), (acts) => {
        const drafts = draftsOf(acts);
        const timeline = [...opened(), ...drafts.map((draft) => ({ at: '2026-03-11T02:00:00Z', draft }))];
        expect(findingsOf(packOf(timeline).bytes)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('with one byte changed anywhere fails, and the entry is named', () => {
    const lineAt = (position: number): number => pack.bytes.subarray(0, position).filter((byte) => byte === 0x0a).length;
    fc.assert(
      fc.property(fc.nat({ max: pack.bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), (position, mask) => {
        const changed = Buffer.from(pack.bytes);
        changed[position] = (changed[position] ?? 0) ^ mask;
        const [finding] = findingsOf(changed);
        expect(finding?.entry.split(' ').slice(0, 2)).toEqual(['entry', String(lineAt(position))]);
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    ['without its last byte', () => pack.bytes.subarray(0, -1)],
    ['with a byte more', () => Buffer.concat([pack.bytes, Buffer.from(' ')])],
    ['without its seal', () => pack.bytes.subarray(0, pack.bytes.lastIndexOf('{"n":'))],
    ['without its first line', () => pack.bytes.subarray(pack.bytes.indexOf('\n') + 1)],
    ['with a line twice', () => Buffer.concat([pack.bytes.subarray(0, pack.bytes.indexOf('\n') + 1), pack.bytes])],
  ])('%s fails', (_name, change) => {
    expect(findingsOf(change()).length).toBeGreaterThan(0);
  });

  it.each([
    [
      'timeline',
      (body: Record<string, unknown>) => Object.assign(body.entry as object, { dueDate: '2026-01-18' }),
      'was changed after it was written',
    ],
    ['pack', (body: Record<string, unknown>) => Object.assign(body, { headHash: 'ab'.repeat(32) }), 'names another last entry'],
    ['pack', (body: Record<string, unknown>) => Object.assign(body, { format: 'other/1' }), 'has the format other/1'],
    ['pack', (body: Record<string, unknown>) => Object.assign(body, { upTo: 3 }), 'says that the timeline has 3 entries'],
    ['timeline', (body: Record<string, unknown>) => rehash(body, { dueDate: '2026-01-18' }), 'does not follow the one before it'],
    ['timeline', (body: Record<string, unknown>) => rehash(body, { seq: 2 }), 'must be number 1'],
    ['contact', (body: Record<string, unknown>) => Object.assign(body, { bodyHash: 'ab'.repeat(32) }), 'says of the sending'],
    ['contact', (body: Record<string, unknown>) => Object.assign(body.text as object, { body: '请还款' }), 'is not the one that was sent'],
    ['contact', (body: Record<string, unknown>) => Object.assign(body, { deliveries: [] }), 'deliveries are not those'],
    ['contact', (body: Record<string, unknown>) => Object.assign(body, { contactId: 'another' }), 'knows of no|tells of no such'],
    ['statement-row', (body: Record<string, unknown>) => Object.assign(body, { overdue: cny('1.00') }), 'its overdue is not'],
    [
      'statement-row',
      (body: Record<string, unknown>) => Object.assign(body, { after: { overdue: cny('1.00'), balance: cny('18600.00') } }),
      'says overdue 1.00',
    ],
    ['statement', (body: Record<string, unknown>) => Object.assign(body, { balance: cny('99999.00') }), 'says balance 99999.00'],
    ['demands', (body: Record<string, unknown>) => Object.assign(body, { effective: [] }), 'lists other demands'],
    ['demands', (body: Record<string, unknown>) => Object.assign(body, { twoThirtyDaysApart: false }), 'are thirty days apart'],
  ])('that was written anew with another %s is given away by what it says', (part, change, why) => {
    const bytes = forged(part, change);
    expect(
      findingsOf(bytes)
        .map((finding) => finding.why)
        .join('\n'),
    ).toMatch(new RegExp(why));
    expect(findingsOf(bytes, pack.manifestHash).some((finding) => finding.entry.includes('manifest'))).toBe(true);
  });

  it('that was written anew from end to end is given away by the hash from elsewhere', () => {
    const other = packOf([...aLegalTimeline(), payment('pay-3', '2026-06-01T02:00:00Z')]);
    expect(findingsOf(other.bytes)).toEqual([]);
    const verdict = verifyPack(other.bytes, pack.manifestHash);
    expect(verdict !== undefined && isVerified(verdict)).toBe(false);
  });
});

describe('npm run verify-evidence', () => {
  const MAIN = fileURLToPath(new URL('../../audit/verify-evidence.ts', import.meta.url));
  const folder = mkdtempSync(join(tmpdir(), 'overdue-journeys-evidence-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  function file(name: string, bytes: Buffer | string): string {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    return path;
  }

  function run(...options: readonly string[]): Promise<{ readonly status: number; readonly out: string; readonly err: string }> {
    return new Promise((resolve) => {
      execFile(process.execPath, [MAIN, ...options], (error, out, err) => {
        resolve({ status: typeof error?.code === 'number' ? error.code : 0, out, err });
      });
    });
  }

  it('says what it verified, and ends with 0', async () => {
    const { status, out } = await run(file('good.jsonl', pack.bytes), '--hash', pack.manifestHash);
    expect(status).toBe(0);
    expect(out).toContain('case acc-1-1, account acc-1');
    expect(out).toContain(`manifest hash: ${pack.manifestHash}`);
    expect(out.trimEnd().endsWith('\nverified')).toBe(true);
  });

  it('names the entry that was changed, and ends with 1', async () => {
    const { status, out } = await run(file('bad.jsonl', Buffer.from(pack.bytes.toString().replace('refused', 'refuses'))));
    expect(status).toBe(1);
    expect(out).toMatch(/BROKEN {2}chain.*\n +entry \d+ \(timeline 8 TaskOutcomeReported\) was changed/);
  });

  it('explains itself', async () => {
    const { status, out } = await run('--help');
    expect(status).toBe(0);
    expect(out).toContain('usage: npm run verify-evidence -- FILE');
  });

  it.each([
    ['no file', []],
    ['two files', ['a', 'b']],
    ['a file that is not there', ['/nowhere/pack.jsonl']],
    ['an option that there is not', ['--fast', 'a']],
    ['a hash that is none', ['a', '--hash', 'abc']],
  ])('given %s ends with 2', async (_name, options) => {
    const { status, err } = await run(...options);
    expect(status).toBe(2);
    expect(err).toContain('usage:');
  });

  it('given something else than a pack ends with 2', async () => {
    for (const [name, bytes] of [
      ['empty', ''],
      ['text', 'overdue\n'],
      ['json', '{"pk":"a"}\n'],
    ] as const) {
      const { status, err } = await run(file(name, bytes));
      expect({ name, status }).toEqual({ name, status: 2 });
      expect(err).toContain('is no evidence pack');
    }
  });
});
