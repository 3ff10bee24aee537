import { expect, it } from 'vitest';
import { SendingRate } from '../../../functions/protocol/sending-rate.ts';
import { aCaseTable } from './table.ts';

const NOW = Date.parse('2026-03-02T01:30:00Z');

async function taken(rate: SendingRate, wanted: number, now = NOW): Promise<number> {
  let count = 0;
  for (let index = 0; index < wanted; index += 1) if (await rate.take('sms', `case-${index}-reminder_1`, now)) count += 1;
  return count;
}

it('as many messages a second as the rate allows, over all senders, and as many in the next', async () => {
  const { table } = aCaseTable();
  const [one, other] = [new SendingRate(table, { sms: 5 }), new SendingRate(table, { sms: 5 })];
  expect(await taken(one, 3)).toBe(3);
  expect(await taken(other, 10, NOW + 999)).toBe(2);
  expect(await taken(one, 10, NOW + 1000)).toBe(5);
});

it('a high rate is spread over several items, and never exceeded', async () => {
  const { table } = aCaseTable();
  const count = await taken(new SendingRate(table, { sms: 250 }), 1000);
  expect(count).toBe(250);
  expect(await table.list('RATE#sms#1772415000#0', '#')).toMatchObject([{ taken: { N: '84' } }]);
  expect(await table.list('RATE#sms#1772415000#2', '#')).toMatchObject([{ taken: { N: '83' } }]);
});

it('a channel without a rate asks nobody', async () => {
  const { table, calls } = aCaseTable();
  expect(await new SendingRate(table, { sms: 1 }).take('email', 'case-1-reminder_1', NOW)).toBe(true);
  expect(calls).toEqual([]);
});
