import { describe, expect, it } from 'vitest';
import { DAY, toMillis } from '../../../domain/calendar.ts';
import { Journal } from '../../../domain/record/journal.ts';
import { keyItem, N, number, S, type Table } from '../../../functions/adapters/table.ts';
import { notesPut } from '../../../functions/facts/notes.ts';
import { notesKey, textKey } from '../../../functions/protocol/items.ts';
import { endKeeping, keptItem } from '../../../functions/protocol/keeping.ts';
import { anAccount } from '../../builders/account.ts';
import { aSetting } from '../../builders/setting.ts';
import { aCaseTable } from './table.ts';

const NOW = toMillis('2026-03-12T02:00:00Z');
const LATER = NOW + 400 * DAY;

const open = anAccount().build();
const CASE = open.case?.caseId ?? '';
const closed = { ...open, case: { ...open.case, status: 'closed' as const } } as typeof open;

const journalIn = (jurisdiction: string, now = NOW, account = open) => new Journal({ ...account, jurisdiction }, aSetting({ now }));

async function expiryOf(table: Table, id: string): Promise<number | undefined> {
  return number(await table.get(notesKey('acc-1', id)), 'expiresAt');
}

const inDays = (from: number, days: number) => Math.floor((from + days * DAY) / 1000);

describe('words that are written', () => {
  it.each([
    ['CN', 1825],
    ['EU-GR', 366],
    ['AU', 2557],
    ['HK', 2557],
    ['UK', 2192],
  ])('in %s end after %d days of their own', async (jurisdiction, days) => {
    const { table } = aCaseTable();
    await table.write([notesPut({ table }, journalIn(jurisdiction), 'n-1', 'words')]);
    expect(await expiryOf(table, 'n-1')).toBe(inDays(NOW, days));
  });

  it('where the end of the case counts have none while it is open, and their own after it', () => {
    expect(keptItem(journalIn('US'))).toEqual({ keptForCase: S(CASE) });
    expect(keptItem(journalIn('US', NOW, closed))).toEqual({ expiresAt: N(inDays(NOW, 1096)) });
  });
});

describe('the end of a case', () => {
  it('gives the words of that case their end, texts and notes, and no others', async () => {
    // Prepare
    const { table } = aCaseTable();
    const written = journalIn('US');
    const text = { ...keyItem(textKey('acc-1', CASE, 'reminder-1')), body: S('Pay'), ...keptItem(written) };
    const earlier = { ...keyItem(notesKey('acc-1', 'n-0')), notes: S('words'), keptForCase: S('acc-1-0'), expiresAt: N(inDays(NOW, 10)) };
    const ownEnd = { ...keyItem(notesKey('acc-1', 'n-2')), notes: S('words'), expiresAt: N(inDays(NOW, 54)) };
    await table.write([
      notesPut({ table }, written, 'n-1', 'words'),
      ...[text, earlier, ownEnd].map((Item) => ({ Put: { TableName: table.name, Item } })),
    ]);

    // Act
    await endKeeping(table, journalIn('US', LATER), CASE);

    // Assess
    expect(await expiryOf(table, 'n-1')).toBe(inDays(LATER, 1096));
    expect(number(await table.get(textKey('acc-1', CASE, 'reminder-1')), 'expiresAt')).toBe(inDays(LATER, 1096));
    expect([await expiryOf(table, 'n-0'), await expiryOf(table, 'n-2')]).toEqual([inDays(NOW, 10), inDays(NOW, 54)]);
  });

  it('counts from the last closing where an earlier one was not recorded', async () => {
    const { table } = aCaseTable();
    await table.write([notesPut({ table }, journalIn('US'), 'n-1', 'words')]);
    await endKeeping(table, journalIn('US', NOW + DAY), CASE);
    await endKeeping(table, journalIn('US', LATER), CASE);
    expect(await expiryOf(table, 'n-1')).toBe(inDays(LATER, 1096));
  });

  it('ends what was kept for it by the place that the account has moved to', async () => {
    const { table } = aCaseTable();
    await table.write([notesPut({ table }, journalIn('US'), 'n-1', 'words')]);
    await endKeeping(table, journalIn('EU-GR', LATER), CASE);
    expect(await expiryOf(table, 'n-1')).toBe(inDays(LATER, 366));
  });
});
