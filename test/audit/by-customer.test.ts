import { describe, expect, it } from 'vitest';
import { auditByCustomer, type TableReader } from '../../audit/by-customer.ts';
import { audit } from '../../audit/report.ts';
import type { Item } from '../../audit/stored.ts';
import { attempt, message, outcome, overdue, reported, TableBuilder } from './table.ts';

/** Customer by customer or all at once: the report must be the same, and no more may be in memory than belongs together. */

const DEPLOYMENT = { jurisdiction: 'CN', role: 'first-party', house: true } as const;
const MORNING = '2026-03-02T01:30:00Z';
const NOON = '2026-03-06T04:00:00Z';
const NIGHT = '2026-03-06T15:00:00Z';

/** A customer with two accounts, the guarantor of one, a stranger to both, and contacts about no account. */
function aTable(): Item[] {
  const own = { customerId: 'cus-1' };
  return new TableBuilder()
    .customer('cus-1')
    .customer('cus-2')
    .customer('cus-3')
    .entries('acc-1', MORNING, overdue(own))
    .entries('acc-1', NOON, message({ channel: 'email', contactPointId: 'cp-email' }))
    .entries('acc-2', MORNING, overdue(own))
    .entries('acc-2', NOON, message(), message({ contactPointId: 'cp-sms' }))
    .entries('acc-2', NOON, reported(NOON, { contactId: 'rep-2', customerId: 'cus-2' }))
    .entries('acc-3', MORNING, overdue({ customerId: 'cus-3' }))
    .entries('acc-3', NIGHT, message())
    .entries('acc-3', NIGHT, attempt('att-3', '2026-03-06T15:10:00Z'), outcome(NIGHT, { attemptId: 'att-3' }))
    .entries('acc-4', MORNING, overdue({ customerId: 'cus-unknown' }))
    .fact('contact', 'rep-9', {
      event: { ...reported(NOON, { contactId: 'rep-9', customerId: 'cus-1' }), at: NOON },
      recordedAt: NOON,
      contactPointId: 'cp-voice',
      gated: false,
    })
    .build();
}

function readerOf(items: readonly Item[]): TableReader & { readonly together: string[][] } {
  const together: string[][] = [];
  return {
    together,
    scan: async function* () {
      yield* items;
    },
    partition: async (pk) => {
      together.push([pk]);
      return items.filter((item) => item.pk === pk);
    },
  };
}

const sorted = <T>(list: readonly T[]): T[] =>
  list
    .map((row) => JSON.stringify(row))
    .sort()
    .map((row) => JSON.parse(row) as T);

describe('an audit customer by customer', () => {
  it('reports what an audit of all items together reports', async () => {
    // Prepare
    const items = aTable();
    const whole = audit(items, DEPLOYMENT);
    // Act
    const parts = await auditByCustomer(readerOf(items), DEPLOYMENT);
    // Assess
    expect({ ...parts, violations: sorted(parts.violations), ungated: sorted(parts.ungated) }).toEqual({
      ...whole,
      violations: sorted(whole.violations),
      ungated: sorted(whole.ungated),
    });
    expect(new Set(parts.violations.map(({ customerId }) => customerId))).toEqual(new Set(['cus-1', 'cus-3']));
    expect(parts.ungated.map(({ contactId }) => contactId).sort()).toEqual(['acc-2:4', 'rep-9']);
  });

  it('counts the contacts that somebody answers for, and not their reports', () => {
    expect(audit(aTable(), DEPLOYMENT)).toMatchObject({ contacts: 8, judged: 5 });
  });

  it('looks at accounts of one customer together and at no others', async () => {
    // Prepare
    const reader = readerOf(aTable());
    const seen: string[][] = [];
    // Act: a group is audited when its last partition was read.
    await auditByCustomer(reader, DEPLOYMENT, ({ accountId }) => seen.push([accountId, reader.together.flat().join(' ')]));
    // Assess
    const readBefore = new Map(seen.map(([accountId = '', read = '']) => [accountId, read.split(' ')]));
    const first = readBefore.get('acc-1') ?? [];
    expect([...first].sort()).toEqual(['ACCOUNT#acc-1', 'ACCOUNT#acc-2', 'CUSTOMER#cus-1', 'CUSTOMER#cus-2']);
    expect(readBefore.get('acc-2')).toEqual(first);
    expect(seen.map(([accountId]) => accountId).sort()).toEqual(['acc-1', 'acc-2', 'acc-3', 'acc-4']);
  });

  it('names a timeline that lost an entry, whichever part it is in', async () => {
    // Prepare
    const items = aTable().filter(({ pk, sk }) => !(pk === 'ACCOUNT#acc-3' && sk === 'T#0000000002'));
    // Act
    const { unproven, accounts } = await auditByCustomer(readerOf(items), DEPLOYMENT);
    // Assess
    expect(unproven).toEqual([{ accountId: 'acc-3', why: 'entry 2 is missing' }]);
    expect(accounts).toBe(4);
  });

  it('reports nothing of an empty table', async () => {
    expect(await auditByCustomer(readerOf([]), DEPLOYMENT)).toEqual(audit([], DEPLOYMENT));
  });
});
