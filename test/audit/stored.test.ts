import { describe, expect, it } from 'vitest';
import { audit } from '../../audit/report.ts';
import type { Item } from '../../audit/stored.ts';
import { message, overdue, TableBuilder } from './table.ts';

const DEPLOYMENT = { jurisdiction: 'CN', role: 'first-party', house: true } as const;

function aTable(): Item[] {
  return new TableBuilder()
    .entries('acc-1', '2026-03-02T01:30:00Z', overdue())
    .entries('acc-1', '2026-03-06T04:00:00Z', message({ template: 'ünïcode “名”\u2028\u0007' }))
    .entries('acc-1', '2026-03-07T04:00:00Z', message({ channel: 'email', contactPointId: 'cp-email' }))
    .build();
}

const problemOf = (items: readonly Item[]): string | undefined => audit(items, DEPLOYMENT).unproven[0]?.why;
const changed = (sk: string, change: (item: Item) => Item | undefined): Item[] =>
  aTable().flatMap((item) => (item.sk === sk ? (change(item) ?? []) : item));

describe('a timeline', () => {
  it('proves itself as it was written, in whatever order the items come', () => {
    expect(problemOf(aTable())).toBeUndefined();
    expect(problemOf(aTable().reverse())).toBeUndefined();
  });

  it.each([
    {
      what: 'an entry was changed',
      items: changed('T#0000000002', (item) => ({ ...item, entry: String(item.entry).replace('"sms"', '"im"') })),
      why: 'entry 2 was changed after it was written',
    },
    { what: 'an entry is gone', items: changed('T#0000000002', () => undefined), why: 'entry 2 is missing' },
    { what: 'the last entry is gone', items: changed('T#0000000003', () => undefined), why: 'the head counts 3 entries of 2' },
    { what: 'the head is gone', items: changed('#HEAD', () => undefined), why: 'there is no head' },
    {
      what: 'the head names another entry',
      items: changed('#HEAD', (item) => ({ ...item, headHash: '0'.repeat(64) })),
      why: 'the head names another last entry',
    },
    {
      what: 'an entry is written in another way',
      items: changed('T#0000000002', (item) => ({ ...item, entry: `${String(item.entry)} ` })),
      why: 'entry 2 is not in canonical form',
    },
    {
      what: 'an entry is no JSON',
      items: changed('T#0000000002', (item) => ({ ...item, entry: 'now' })),
      why: 'entry 2 is no JSON object',
    },
  ])('does not where $what', ({ items, why }) => {
    expect(problemOf(items)).toBe(why);
  });

  it('does not where an entry was put into it under a hash of its own', () => {
    const [, , second] = aTable();
    const other = new TableBuilder()
      .entries('acc-1', '2026-03-02T01:30:00Z', overdue({ dueDate: '2026-02-19' }))
      .entries('acc-1', '2026-03-06T04:00:00Z', message())
      .build();
    const forged = other.find((item) => item.sk === second?.sk);

    expect(problemOf(changed('T#0000000002', () => forged))).toBe('entry 2 does not follow the one before it');
  });
});
