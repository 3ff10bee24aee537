import { describe, expect, it } from 'vitest';
import { S, type Table } from '../../../functions/adapters/table.ts';
import { controlsKey } from '../../../functions/protocol/items.ts';
import { SendingControls } from '../../../functions/protocol/sending-controls.ts';
import { aCaseTable } from './table.ts';

const NOW = Date.parse('2026-03-02T01:30:00Z');
const MINUTE = 60_000;

async function fail(controls: SendingControls, times: number, at = NOW): Promise<void> {
  for (let time = 0; time < times; time += 1) await controls.failed('sms', at);
}

/** A breaker that one sender has opened. */
async function anOpenBreaker(table: Table): Promise<void> {
  await fail(new SendingControls(table), 5);
}

describe('a sender', () => {
  it('looks at the controls once in 15 seconds, and writes nothing while all is well', async () => {
    // Prepare
    const { table, calls } = aCaseTable();
    const controls = new SendingControls(table);
    // Act
    for (let second = 0; second < 30; second += 1) {
      await controls.stops(NOW + second * 1000);
      expect(await controls.closedUntil('sms', NOW + second * 1000)).toBeUndefined();
      await controls.answered('sms');
    }
    // Assess
    expect(calls).toEqual(['GetItem', 'GetItem']);
  });

  it('sees a stop within 15 seconds', async () => {
    // Prepare
    const { table } = aCaseTable();
    const controls = new SendingControls(table);
    const before = await controls.stops(NOW);
    await table.update(controlsKey, {
      UpdateExpression: 'SET stops = :stops',
      ExpressionAttributeValues: { ':stops': S(JSON.stringify([{ stopId: 'stop-1', channel: 'sms' }])) },
    });
    // Act
    const soon = await controls.stops(NOW + 14_999);
    const later = await controls.stops(NOW + 15_000);
    // Assess
    expect([before, soon, later]).toEqual([[], [], [{ stopId: 'stop-1', channel: 'sms' }]]);
  });
});

describe('the breaker of a channel', () => {
  it('opens for all senders after five failures in a row, for a minute, and for that channel alone', async () => {
    // Prepare
    const { table } = aCaseTable();
    const one = new SendingControls(table);
    // Act
    await fail(one, 4);
    const before = await new SendingControls(table).closedUntil('sms', NOW);
    await fail(one, 1);
    const other = new SendingControls(table);
    // Assess
    expect(before).toBeUndefined();
    expect(await other.closedUntil('sms', NOW)).toBe(NOW + MINUTE);
    expect(await one.closedUntil('sms', NOW)).toBe(NOW + MINUTE);
    expect(await other.closedUntil('email', NOW)).toBeUndefined();
  });

  it.each([
    { what: 'an answer in between', between: (controls: SendingControls) => controls.answered('sms'), at: NOW },
    { what: 'a long time in between', between: async () => undefined, at: NOW + 6 * MINUTE },
  ])('stays closed with $what', async ({ between, at }) => {
    const { table } = aCaseTable();
    const controls = new SendingControls(table);
    await fail(controls, 4);
    await between(controls);
    await fail(controls, 4, at);
    expect(await new SendingControls(table).closedUntil('sms', at)).toBeUndefined();
  });

  it('lets one sender try after its pause, and the others wait for the end of that', async () => {
    // Prepare
    const { table } = aCaseTable();
    await anOpenBreaker(table);
    const [one, other] = [new SendingControls(table), new SendingControls(table)];
    const after = NOW + MINUTE;
    await other.stops(after);
    // Act
    const tries = await one.closedUntil('sms', after);
    const waits = await other.closedUntil('sms', after);
    const late = await new SendingControls(table).closedUntil('sms', after + 1000);
    // Assess
    expect(tries).toBeUndefined();
    expect(waits).toBe(after + MINUTE);
    expect(late).toBe(after + MINUTE);
  });

  it('closes when the try is answered', async () => {
    // Prepare
    const { table } = aCaseTable();
    await anOpenBreaker(table);
    const one = new SendingControls(table);
    await one.closedUntil('sms', NOW + MINUTE);
    // Act
    await one.answered('sms');
    // Assess
    expect(await new SendingControls(table).closedUntil('sms', NOW + MINUTE)).toBeUndefined();
    expect(await table.get(controlsKey)).toEqual({ pk: S('SENDING'), sk: S('#CONTROLS') });
  });

  it('opens for twice as long when the try fails', async () => {
    const { table } = aCaseTable();
    await anOpenBreaker(table);
    const one = new SendingControls(table);
    await one.closedUntil('sms', NOW + MINUTE);
    await one.failed('sms', NOW + MINUTE + 5000);
    expect(await new SendingControls(table).closedUntil('sms', NOW + MINUTE + 5000)).toBe(NOW + 3 * MINUTE + 5000);
  });

  it('lets the next try where whoever tried was never heard of again, who closes nothing when it comes back', async () => {
    // Prepare
    const { table } = aCaseTable();
    await anOpenBreaker(table);
    const [dead, next] = [new SendingControls(table), new SendingControls(table)];
    await dead.closedUntil('sms', NOW + MINUTE);
    // Act
    const tries = await next.closedUntil('sms', NOW + 2 * MINUTE);
    await dead.answered('sms');
    // Assess
    expect(tries).toBeUndefined();
    expect(await new SendingControls(table).closedUntil('sms', NOW + 2 * MINUTE)).toBe(NOW + 3 * MINUTE);
  });

  it('that two senders open at once is open once', async () => {
    const { table } = aCaseTable();
    const [one, other] = [new SendingControls(table), new SendingControls(table)];
    await fail(one, 4);
    await fail(other, 4);
    await fail(one, 1);
    await fail(other, 1, NOW + 1000);
    expect(await new SendingControls(table).closedUntil('sms', NOW + 1000)).toBe(NOW + MINUTE);
  });
});
