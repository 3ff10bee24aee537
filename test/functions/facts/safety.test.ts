import { expect, it } from 'vitest';
import { DAY, toMillis } from '../../../domain/calendar.ts';
import type { Overlay } from '../../../domain/policy/packs/overlay.ts';
import { Journal } from '../../../domain/record/journal.ts';
import { readSafetyNote, safetyPut } from '../../../functions/facts/safety.ts';
import { anAccount } from '../../builders/account.ts';
import { aSetting } from '../../builders/setting.ts';
import { aCaseTable } from '../protocol/table.ts';

const NOW = toMillis('2026-03-12T02:00:00Z');

function stored(note: string, overlays: readonly Overlay[] = []) {
  const journal = new Journal(anAccount().build(), aSetting({ now: NOW, deployment: { overlays } }));
  return safetyPut(aCaseTable(), journal, 'cus-1', { note, by: 'anna' }).Put?.Item;
}

it('a safety note is read for a year and not a day longer, whenever the table deletes it', () => {
  const item = stored('A dog in the yard');
  expect(readSafetyNote(item, NOW)).toEqual({ at: '2026-03-12T02:00:00Z', note: 'A dog in the yard' });
  expect(readSafetyNote(item, NOW + 365 * DAY - 1000)).toBeDefined();
  expect(readSafetyNote(item, NOW + 365 * DAY)).toBeUndefined();
  expect(readSafetyNote(undefined, NOW)).toBeUndefined();
});

it('a safety note goes sooner where the bank keeps no words for a year', () => {
  const item = stored('A dog in the yard', [{ product: '*', rule: 'CN.RETENTION', keptDays: 100 }]);
  expect(readSafetyNote(item, NOW + 100 * DAY - 1000)).toBeDefined();
  expect(readSafetyNote(item, NOW + 100 * DAY)).toBeUndefined();
});

it('a safety note that is longer than it may be is cut', () => {
  expect(readSafetyNote(stored('x'.repeat(4000)), NOW)?.note).toHaveLength(1000);
});
