import { expect, it } from 'vitest';
import { aSystem, type System } from './cloud.ts';
import { aCustomer, anOverdue } from './events.ts';
import { disturbedAt, isOf, type Scene } from './interleave.ts';

/** A case that a person ended in error, over the API. */

async function closed(system: System): Promise<string> {
  await system.put('CustomerUpdated', aCustomer());
  await system.put('AccountOverdue', anOverdue({ dueDate: '2026-02-20' }));
  const { caseId } = await system.journey();
  const said = { reason: 'deceased', reference: 'memo-1', by: 'anna' };
  expect(await system.api('POST', `/cases/${caseId}/close`, said)).toMatchObject({ status: 200 });
  return caseId;
}

const reopen = (system: System, caseId: string, body: object) =>
  system.api<Record<string, unknown>>('POST', `/cases/${caseId}/reopen`, body);

it('is taken back by another, and what is overdue goes on in the next case', async () => {
  // Prepare
  const system = await aSystem();
  const caseId = await closed(system);
  await system.put('AccountOverdue', anOverdue({ dueDate: '2026-02-20', asOf: '2026-03-02T01:20:00Z' }));
  expect(await system.journey()).toMatchObject({ status: 'closed', closeReason: 'deceased' });

  // Act
  const own = await reopen(system, caseId, { reference: 'memo-2', by: 'anna' });
  const first = await reopen(system, caseId, { reference: 'memo-2', by: 'ben' });
  await system.advance('PT1H');
  const again = await reopen(system, caseId, { reference: 'memo-2', by: 'ben' });
  const other = await reopen(system, caseId, { reference: 'memo-3', by: 'ben' });
  const unknown = await reopen(system, 'c-9', { reference: 'memo-2', by: 'ben' });
  const worded = await reopen(system, caseId, { reference: 'she is alive', by: 'ben' });

  // Assess
  expect(own).toMatchObject({ status: 422, json: { rule: 'PERSONS.REQUESTER' } });
  expect(first).toMatchObject({
    status: 200,
    json: { accountId: 'acc-1', caseId, reference: 'memo-2', by: 'ben', reopenedAt: expect.any(String) },
  });
  expect(again).toEqual(first);
  expect([other.status, unknown.status, worded.status]).toEqual([409, 404, 400]);
  expect(await system.journey()).toMatchObject({ status: 'open', stage: 'reminder', previousCaseId: caseId });
  expect((await system.journey('acc-1', caseId)).status).toBe('closed');
  await system.advance('P1D');
  expect(system.outbox('acc-1')).toHaveLength(1);
});

it('opens the next case once, wherever it meets the closing', async () => {
  const scene: Scene = { name: 'a person ends a case', act: async (system) => void (await closed(system)) };
  for (let position = 0; position <= 6; position += 1) {
    const system = await disturbedAt(scene, position, isOf('move-case'), async (world) => {
      // Not settled meanwhile: the machine that closes the case stands still.
      const { json } = await world.cloud.fetchApi('GET', '/accounts/acc-1/journey');
      const { caseId } = json as { readonly caseId: string };
      const answer = await world.cloud.fetchApi('POST', `/cases/${caseId}/reopen`, { reference: 'memo-2', by: 'ben' });
      expect(answer.status).toBe(200);
    });
    await system.advance('PT5M');
    const { status, previousCaseId, timeline } = await system.journey();
    expect({ position, status, isNext: previousCaseId !== undefined }).toEqual({ position, status: 'open', isNext: true });
    expect(timeline.filter(({ type }) => type === 'JourneyOpened')).toHaveLength(1);
    await system.checkSound();
    await system.close();
  }
});
