import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY, HOUR, toInstant, toMillis } from '../../domain/calendar.ts';
import type { ContactRow } from '../../domain/customer.ts';
import { judge } from '../../domain/gate/gate.ts';
import { HOUSE_RULES } from '../../domain/policy/packs/house.ts';
import { allPacks } from '../../domain/policy/packs/registry.ts';
import { type Attempt, reservedRow, settledRow } from '../../domain/record/attempts.ts';
import { withContactRows } from '../../domain/record/contacts.ts';
import { aCustomer } from '../builders/customer.ts';
import { someFacts } from './gate/builders.ts';

const NOW = toMillis('2026-03-02T04:00:00Z');

function aRow(id: string, hoursAgo: number, change: Partial<ContactRow> = {}): ContactRow {
  return {
    id,
    at: toInstant(NOW - hoursAgo * HOUR),
    channel: 'voice',
    kind: 'attempt',
    addressKey: 'a-1',
    purpose: 'collection',
    ...change,
  };
}

const anAttempt: Attempt = {
  attemptId: 'dial-1',
  channel: 'voice',
  contactPointId: 'p-voice',
  addressKey: 'a-p-voice',
  purpose: 'collection',
  accountId: 'acc-1',
  reservedAt: toInstant(NOW),
  expiresAt: toInstant(NOW + 600_000),
};

describe('the ledger of contacts', () => {
  it('replaces a row by its id, and forgets what is too old or ran out unreported', () => {
    // Prepare
    const old = aRow('old', 120 * 24);
    const out = aRow('out', 1, { pendingUntil: toInstant(NOW) });
    const running = aRow('running', 0, { pendingUntil: toInstant(NOW + 1000) });
    const governor = { ...aCustomer().build(), contacts: [old, out, running, aRow('one', 3)] };

    // Act
    const { contacts } = withContactRows(governor, [aRow('one', 3, { kind: 'conversation' }), aRow('late', 100 * 24)], NOW);

    // Assess
    expect(contacts.map((row) => `${row.id} ${row.kind}`)).toEqual(['running attempt', 'one conversation']);
  });

  it('stays small however many contacts are reported, and keeps the newest of each kind', () => {
    // Prepare
    const flood = Array.from({ length: 5000 }, (_, index) => aRow(`f-${index}`, index / 60));
    const others = Array.from({ length: 40 }, (_, index) => aRow(`o-${index}`, 24 * index, { kind: 'conversation', addressKey: 'a-2' }));

    // Act
    const { contacts } = withContactRows(aCustomer().build(), [...flood, ...others], NOW);

    // Assess
    expect(JSON.stringify(contacts).length).toBeLessThan(100_000);
    expect(contacts.filter((row) => row.kind === 'conversation')).toHaveLength(40);
    expect(contacts.map((row) => row.id)).toContain('f-0');
    expect(contacts.map((row) => row.id)).not.toContain('f-4000');
  });

  it('has a bound even where a thousand agencies report', () => {
    const rows = Array.from({ length: 4000 }, (_, index) => aRow(`r-${index}`, index / 10, { actor: `agency-${index}` }));
    const { contacts } = withContactRows(aCustomer().build(), rows, NOW);
    expect(contacts).toHaveLength(1000);
    expect(JSON.stringify(contacts).length).toBeLessThan(300_000);
  });

  it('fits into its item also where every id and name is as long as it may be', () => {
    const long = (index: number) => ({ actor: '张'.repeat(58) + `${index}`.padStart(6, '0'), accountId: 'a'.repeat(64) });
    const rows = Array.from({ length: 1000 }, (_, index) => aRow(`${index}`.padStart(64, 'r'), index / 10, long(index)));
    const { contacts } = withContactRows(aCustomer().build(), rows, NOW);
    expect(Buffer.byteLength(JSON.stringify(contacts))).toBeLessThan(300_000);
    expect(contacts.map((row) => row.id)).toContain(rows[0]?.id);
  });

  it('has room for every cap of every pack among rows that no rule tells apart', () => {
    const caps = [HOUSE_RULES, ...allPacks()].flatMap((rules) => rules.counts.map((provision) => provision.max));
    const { contacts } = withContactRows(
      aCustomer().build(),
      Array.from({ length: 500 }, (_, index) => aRow(`r-${index}`, index / 10)),
      NOW,
    );
    expect(Math.max(...caps)).toBeLessThan(contacts.length);
  });

  it('says the same to the gate as all rows would', () => {
    const row = fc.record({
      hoursAgo: fc.nat(24 * 20),
      channel: fc.constantFrom('voice', 'sms', 'email', 'visit'),
      kind: fc.constantFrom('attempt', 'conversation'),
      addressKey: fc.constantFrom('a-1', 'a-2'),
    });
    fc.assert(
      fc.property(fc.array(row, { minLength: 60, maxLength: 400 }), fc.constantFrom('voice', 'sms'), (drawn, channel) => {
        const rows = drawn.map(({ hoursAgo, ...rest }, index) => aRow(`r-${index}`, hoursAgo, rest as Partial<ContactRow>));
        const { contacts } = withContactRows(aCustomer().build(), rows, NOW);
        const point = { id: 'p', channel, owner: 'self', addressKey: 'a-1' } as const;
        const request = { channel, point, purpose: 'collection', accountId: 'acc-1' } as const;
        expect(judge(request, someFacts({ ledger: contacts }), NOW)).toEqual(judge(request, someFacts({ ledger: rows }), NOW));
      }),
      { numRuns: 200 },
    );
  });
});

describe('a reservation', () => {
  const reported = { kind: 'conversation', contactPointId: 'p-voice', addressKey: 'a-p-voice' } as const;

  it('becomes what was reported, at its own time, without its end', () => {
    const at = toInstant(NOW + 300_000);
    expect(reservedRow(anAttempt)).toMatchObject({
      id: 'dial-1',
      kind: 'attempt',
      at: anAttempt.reservedAt,
      pendingUntil: anAttempt.expiresAt,
    });
    expect(settledRow(anAttempt, { ...reported, at })).toEqual({
      id: 'dial-1',
      at,
      kind: 'conversation',
      channel: 'voice',
      contactPointId: 'p-voice',
      addressKey: 'a-p-voice',
      accountId: 'acc-1',
      purpose: 'collection',
    });
  });

  it('is never reported into the time before it was taken', () => {
    expect(settledRow(anAttempt, { ...reported, at: toInstant(NOW - DAY) }).at).toBe(anAttempt.reservedAt);
  });

  it('counts on the number that was dialled, also where that is not known', () => {
    const at = anAttempt.reservedAt;
    expect(settledRow(anAttempt, { at, kind: 'attempt', contactPointId: 'p-2', addressKey: 'a-2' })).toMatchObject({
      contactPointId: 'p-2',
      addressKey: 'a-2',
    });
    const unknown = settledRow(anAttempt, { at, kind: 'attempt', contactPointId: 'p-9' });
    expect(unknown).toMatchObject({ contactPointId: 'p-9' });
    expect(unknown).not.toHaveProperty('addressKey');
  });
});
