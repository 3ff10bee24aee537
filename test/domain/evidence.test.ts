import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { verifyPack } from '../../audit/evidence/report.ts';
import type { Notice } from '../../domain/entries.ts';
import { demandsBody, type EffectiveDemand } from '../../domain/evidence/contacts.ts';
import { EvidenceBuilder } from '../../domain/evidence/evidence.ts';
import { PackWriter } from '../../domain/evidence/pack.ts';
import type { DeliveryStatus } from '../../domain/model.ts';
import { aLegalTimeline, message, opened, packOf, type Told, textOf } from '../builders/evidence.ts';
import { aSetting } from '../builders/setting.ts';

interface Line {
  readonly n: number;
  readonly part: string;
  readonly previousHash: string;
  readonly body: Record<string, unknown>;
}

function linesOf(pack: { readonly bytes: Buffer }): Line[] {
  return pack.bytes
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

function bodies(pack: { readonly bytes: Buffer }, part: string): Record<string, unknown>[] {
  return linesOf(pack).flatMap((line) => (line.part === part ? [line.body] : []));
}

describe('an evidence pack', () => {
  it('is the same to the byte for the same facts, and another for others', () => {
    const [one, same] = [packOf(aLegalTimeline()), packOf(aLegalTimeline())];
    expect(same.bytes.equals(one.bytes)).toBe(true);
    expect(same.manifestHash).toBe(one.manifestHash);
    expect(packOf(aLegalTimeline(), ['first']).manifestHash).not.toBe(one.manifestHash);
  });

  it('chains its lines, lists all of them, and is sealed with the hash of the list', () => {
    const pack = packOf(aLegalTimeline());
    const lines = linesOf(pack);
    const raw = pack.bytes.toString().trimEnd().split('\n');
    const hashes = raw.map((line) => createHash('sha256').update(line).digest('hex'));
    expect(lines.map(({ previousHash }) => previousHash)).toEqual(['0'.repeat(64), ...hashes.slice(0, -1)]);
    expect(bodies(pack, 'manifest')).toEqual([{ entries: lines.slice(0, -2).map(({ n, part }) => ({ n, part, sha256: hashes[n] })) }]);
    expect(lines.at(-1)).toEqual({ n: lines.length - 1, part: 'seal', previousHash: pack.manifestHash });
    expect(pack.lines).toBe(lines.length);
  });

  it('has every message of the case with its deliveries, and its text as long as it is kept', () => {
    const contacts = bodies(packOf(aLegalTimeline()), 'contact');
    expect(contacts.map(({ key, status, text }) => [key, status, text])).toEqual([
      ['first', 'sent', textOf('first')],
      ['second', 'sent', undefined],
      ['notice', 'sent', textOf('notice')],
    ]);
    expect(contacts[0]).toMatchObject({ providerRef: 'ses-first', deliveries: [{ status: 'delivered', proofRef: 'proof-first' }] });
    expect(contacts[1]?.bodyHash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('says of a message to a guarantor whose it is, not what it said, and counts it as no demand on the customer', () => {
    const guarantor = { customerId: 'cus-2', role: 'guarantor' } as const;
    const theirs = message('guaranteed', '2026-04-04T02:00:00Z', { delivered: '2026-04-04T02:01:00Z' });
    const told = theirs.map(({ at, draft }): Told => ({ at, draft: { ...draft, ...guarantor } as Told['draft'] }));
    const pack = packOf([...aLegalTimeline(), ...told], ['first', 'notice', 'guaranteed']);
    expect(bodies(pack, 'contact').at(-1)).toMatchObject({ key: 'guaranteed', status: 'sent', ...guarantor });
    expect(bodies(pack, 'contact').at(-1)).not.toHaveProperty('text');
    expect(bodies(pack, 'demands')).toEqual(bodies(packOf(aLegalTimeline()), 'demands'));
    expect(findingsOf(pack)).toEqual([]);
    expect(bodies(packOf([...aLegalTimeline(), ...theirs]), 'demands')).not.toEqual(bodies(pack, 'demands'));
  });

  it('has no message and no demand of another case, and none that is a notice', () => {
    const others = message('other', '2026-03-04T02:00:00Z', { delivered: '2026-03-04T02:01:00Z' });
    const earlier = others.map(({ at, draft }) => ({ at, draft: { ...draft, caseId: 'acc-1-0' } }));
    const pack = packOf([...aLegalTimeline(), ...earlier, ...others.map(asNotice)]);
    expect(bodies(pack, 'contact').map(({ key }) => key)).toEqual(['first', 'second', 'notice']);
    expect(bodies(pack, 'demands')).toEqual(bodies(packOf(aLegalTimeline()), 'demands'));
    expect(bodies(packOf([...aLegalTimeline(), ...earlier]), 'reference')).toEqual(bodies(packOf(aLegalTimeline()), 'reference'));
    expect(findingsOf(pack)).toEqual([]);
  });

  it('names recordings, letters and proofs, with the hash that a reference brings', () => {
    const references = bodies(packOf(aLegalTimeline()), 'reference');
    expect(references.map(({ kind, ref, sha256 }) => [kind, String(ref).split('#')[0], sha256])).toEqual([
      ['proof', 'proof-first', undefined],
      ['recording', 'rec-1', 'ab'.repeat(32)],
      ['evidence', 'letter-1', undefined],
      ['proof', 'proof-notice', undefined],
      ['shared-message', 'acc-2-1-m', undefined],
    ]);
  });

  it('has a statement with what is owed after every row', () => {
    const pack = packOf(aLegalTimeline());
    const rows = bodies(pack, 'statement-row') as unknown as {
      what: string;
      after: { overdue: { amount: string }; balance: { amount: string } };
    }[];
    expect(rows.map(({ what, after }) => [what, after.overdue.amount, after.balance.amount])).toEqual([
      ['AccountOverdue', '6250.00', '18600.00'],
      ['PaymentReceived', '6000.00', '18350.00'],
      ['PaymentReversed', '6250.00', '18600.00'],
      ['PaymentReceived', '5250.00', '17600.00'],
    ]);
    expect(bodies(pack, 'statement')[0]).toMatchObject({
      asOf: '2026-05-30T02:02:00Z',
      overdue: { amount: '5250.00' },
      arrears: [{ dueDate: '2026-02-18', amount: { amount: '5250.00' } }],
      contractDaysPastDue: 101,
    });
  });

  it('says which rules were in force and until when a suit is in time', () => {
    const pack = packOf(aLegalTimeline());
    expect(bodies(pack, 'policies')[0]).toMatchObject({
      openedUnder: 'ladder/2',
      jurisdiction: 'CN',
      packs: [{ version: 'cn/2' }],
      overlays: [],
    });
    expect(bodies(pack, 'limitation')[0]).toMatchObject({ endsOn: '2029-05-30', interruptedBy: { kind: 'demand', on: '2026-05-30' } });
  });

  it('refuses a timeline that is not the one of the head', () => {
    const subject = { accountId: 'acc-1', customerId: 'cus-1', caseId: 'acc-1-1', upTo: 1, headHash: 'ab'.repeat(32) };
    expect(() => new EvidenceBuilder(subject, aSetting().deployment).seal(new Map())).toThrow('ends with entry 0, the head with entry 1');
  });

  it('has limits', () => {
    const writer = new PackWriter({ lines: 2, bytes: 10_000 });
    writer.add('pack', {});
    writer.add('timeline', {});
    expect(() => writer.seal()).toThrow('at most 2 lines');
    expect(() => new PackWriter({ lines: 2, bytes: 100 }).add('pack', { text: 'x'.repeat(100) })).toThrow('at most 100 bytes');
  });
});

function asNotice({ at, draft }: Told): Told {
  const notice: Notice = { kind: 'payment-acknowledgement', about: 'pay-1' };
  return { at, draft: { ...draft, notice } as Told['draft'] };
}

/** What the second reading has against a pack. */
function findingsOf({ bytes }: { readonly bytes: Buffer }): unknown[] {
  return verifyPack(bytes)?.checks.flatMap(({ findings }) => findings) ?? ['no pack'];
}

/** A demand that went on 3 March 2026, with what was reported of it. */
function reportedAs(...reports: readonly (readonly [status: DeliveryStatus, day: string])[]): Told[] {
  const told = reports.map(([status, day]): Told => {
    const at = `${day}T02:00:00Z`;
    const contact = { caseId: 'acc-1-1', contactId: 'acc-1-1-first', key: 'first', channel: 'email' } as const;
    return { at: '2026-04-20T02:00:00Z', draft: { type: 'DeliveryReported', ...contact, status, reportedAt: at, how: 'provider' } };
  });
  return [...opened(), ...message('first', '2026-03-03T02:00:00Z'), ...told];
}

describe('two effective demands', () => {
  const received = (seq: number, at: string): EffectiveDemand => ({ seq, at, by: 'delivery' });

  it.each([
    { name: 'none', demands: [], apart: false },
    { name: 'one', demands: [received(1, '2026-03-01T02:00:00Z')], apart: false },
    {
      name: 'two a second short of thirty days',
      demands: [received(1, '2026-03-01T02:00:00Z'), received(2, '2026-03-31T01:59:59Z')],
      apart: false,
    },
    {
      name: 'two thirty days apart, whatever lies between',
      demands: [received(3, '2026-03-31T02:00:00Z'), received(2, '2026-03-20T02:00:00Z'), received(1, '2026-03-01T02:00:00Z')],
      apart: true,
      pair: [1, 3],
    },
  ])('$name: $apart', ({ demands, apart, pair }) => {
    expect(demandsBody(demands)).toMatchObject({ twoThirtyDaysApart: apart, ...(pair === undefined ? {} : { pair }) });
  });

  it.each<[string, readonly (readonly [DeliveryStatus, string])[], readonly string[]]>([
    [
      'that came back is none',
      [
        ['delivered', '2026-03-04'],
        ['bounced', '2026-03-05'],
      ],
      [],
    ],
    [
      'that came back is none, whichever report was the first to come',
      [
        ['bounced', '2026-03-05'],
        ['delivered', '2026-03-04'],
      ],
      [],
    ],
    [
      'that arrived after all is one',
      [
        ['bounced', '2026-03-04'],
        ['delivered', '2026-03-05'],
        ['failed', '2026-03-06'],
      ],
      ['2026-03-05'],
    ],
    [
      'whose arrival was reported twice is one',
      [
        ['delivered', '2026-03-04'],
        ['delivered', '2026-04-10'],
      ],
      ['2026-04-10'],
    ],
  ])('one %s', (_name, reports, days) => {
    const pack = packOf(reportedAs(...reports));
    const [demands] = bodies(pack, 'demands') as { effective: { at: string }[] }[];
    expect(demands?.effective.map(({ at }) => at.slice(0, 10))).toEqual(days);
    expect(demands).toMatchObject({ twoThirtyDaysApart: false });
    expect(findingsOf(pack)).toEqual([]);
  });

  it('are those whose receipt is confirmed: a report of delivery, or a conversation', () => {
    const demands = bodies(packOf(aLegalTimeline()), 'demands')[0] as { effective: { by: string; proofRef?: string }[] };
    expect(demands.effective.map(({ by, proofRef }) => [by, proofRef?.split('#')[0]])).toEqual([
      ['delivery', 'proof-first'],
      ['conversation', 'rec-1'],
      ['delivery', 'proof-notice'],
    ]);
    expect(bodies(packOf([...opened(), ...message('first', '2026-03-03T02:00:00Z')]), 'demands')[0]).toMatchObject({ effective: [] });
  });
});
