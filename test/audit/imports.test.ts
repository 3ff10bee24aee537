import { describe, expect, it } from 'vitest';
import { audit, toText } from '../../audit/report.ts';
import type { Draft } from '../../domain/entries.ts';
import type { ImportedContact } from '../../domain/take-over/import.ts';
import { message, overdue, TableBuilder } from './table.ts';

/** What an audit makes of cases that ran elsewhere before. */

const DEPLOYMENT = { jurisdiction: 'CN', role: 'first-party', house: true } as const;
const at = (time: string): string => new Date(Date.parse(`2026-03-06T${time}:00+08:00`)).toISOString();

const imported = (contacts: readonly ImportedContact[]): Draft<'CaseImported'> => ({
  type: 'CaseImported',
  importId: 'imp-1',
  customerId: 'cus-1',
  asOf: at('10:00'),
  openedAt: at('09:00'),
  stage: 'reminder',
  contacts,
  promises: [],
  notices: [],
  waitsUntil: new Date(Date.parse(at('10:00')) + 40 * 86_400_000).toISOString(),
  holds: [],
});

/** @param sent when a message of ours went; absent: none did */
function aTable(recorded: string, contacts: readonly ImportedContact[], sent?: string) {
  const table = new TableBuilder()
    .customer('cus-1')
    .entries('acc-1', at('09:00'), overdue())
    .entries('acc-1', at(recorded), imported(contacts));
  return (sent === undefined ? table : table.entries('acc-1', at(sent), message())).build();
}

describe('contacts that came with an imported case', () => {
  const night: ImportedContact = { channel: 'sms', kind: 'attempt', at: at('00:30'), contactPointId: 'cp-sms' };

  it('are listed, and not judged by the hours at which others made them', () => {
    const report = audit(aTable('10:00', [night, { ...night, direction: 'inbound' }]), DEPLOYMENT);

    expect(report).toMatchObject({ violations: [], ungated: [], judged: 0 });
    expect(report.imported).toEqual([{ accountId: 'acc-1', customerId: 'cus-1', importId: 'imp-1', recordedAt: at('10:00'), contacts: 2 }]);
    expect(toText(report)).toContain('Contacts that came with imported cases, counted and not judged: 2\n');
  });

  it('count against what we send after them', () => {
    const broken = (recorded: string, sent: string) =>
      audit(aTable(recorded, [night], sent), DEPLOYMENT).violations.map(({ rule }) => rule);

    expect(broken('10:00', '12:00')).toEqual(['CN.FREQ.SMS', 'HOUSE.SMS']);
    // Nobody is blamed for what was told later.
    const before = new TableBuilder().customer('cus-1').entries('acc-1', at('09:00'), overdue()).entries('acc-1', at('12:00'), message());
    const told = before.entries('acc-1', at('13:00'), imported([night])).build();
    expect(audit(told, DEPLOYMENT).violations).toEqual([]);
  });

  it.each([
    { what: 'the customer’s own', contact: { ...night, direction: 'inbound' as const } },
    { what: 'one of another channel', contact: { ...night, channel: 'email' as const } },
  ])('do not count as $what', ({ contact }) => {
    expect(audit(aTable('10:00', [contact], '12:00'), DEPLOYMENT).violations.filter(({ rule }) => rule.endsWith('SMS'))).toEqual([]);
  });
});
