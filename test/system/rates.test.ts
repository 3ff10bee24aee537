import { describe, expect, it } from 'vitest';
import { AwsError } from '../../local/kernel/errors.ts';
import { aSystem, type System } from './cloud.ts';
import { configured } from './configured.ts';
import { aCustomer, anOverdue } from './events.ts';
import { types } from './walk.ts';

/** Seven in the evening of a Thursday: the first message of a case that opens now is due at once. */
const SEVEN = '2026-03-05T11:00:00Z';

/** All places of every second are taken by others, until this is told otherwise. @returns how often a place was asked for */
function crowd(system: System): { full: boolean; asked: number } {
  const state = { full: true, asked: 0 };
  system.cloud.kernel.intercept((call, next) => {
    const key = (call.input as { Key?: { pk?: { S?: string } } }).Key?.pk?.S ?? '';
    if (call.service !== 'dynamodb' || !key.startsWith('RATE#')) return next();
    state.asked += 1;
    if (!state.full) return next();
    throw new AwsError('ConditionalCheckFailedException', 'The conditional request failed', 400);
  });
  return state;
}

async function historyEvents(system: System): Promise<number> {
  const executions = await system.executions();
  return executions.reduce((count, { history }) => count + (JSON.parse(history) as unknown[]).length, 0);
}

describe('a channel that is full', () => {
  it('keeps a message for a day at a small part of what an execution can remember, and then it goes once', async () => {
    // Prepare
    const system = await aSystem({ start: SEVEN, assembly: configured({ rates: { sms: 1 } }) }, { lateWakes: true });
    const places = crowd(system);
    await system.put('CustomerUpdated', aCustomer());
    await system.put('AccountOverdue', anOverdue());
    const before = { events: await historyEvents(system), asked: places.asked };

    // Act
    await system.advance('PT24H');
    const turns = places.asked - before.asked;
    const events = (await historyEvents(system)) - before.events;
    const whileFull = { outbox: system.outbox().length, types: types(await system.journey()).filter((type) => type.startsWith('Contact')) };
    places.full = false;
    await system.advance('PT30M');

    // Assess
    expect(before.asked).toBe(1);
    expect(whileFull).toEqual({ outbox: 0, types: ['ContactWithheld'] });
    expect(turns).toBeGreaterThan(15);
    // One turn more when the evening closes.
    expect(events / (turns + 1)).toBeLessThanOrEqual(18);
    expect(events).toBeLessThan(1000);
    expect(system.outbox()).toHaveLength(1);
  });
});
