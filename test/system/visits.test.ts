import { describe, expect, it } from 'vitest';
import { aSystem, type System } from './cloud.ts';
import { aCustomer, anOverdue, aPayment, cny } from './events.ts';
import { anAccountToCall, openTasks, types, walk } from './walk.ts';

/** Visits as those who approve, assign and make them see them. */

const ADDRESS = { id: 'cp-4', channel: 'visit', address: '上海市浦东新区世纪大道1号', owner: 'self', area: '310115' };

async function aCaseWith(objective: string): Promise<{ system: System; taskId: string }> {
  const system = await aSystem();
  const { contactPoints } = aCustomer() as { contactPoints: readonly { id: string }[] };
  await system.put('CustomerUpdated', aCustomer({ contactPoints: [...contactPoints.filter(({ id }) => id !== ADDRESS.id), ADDRESS] }));
  await system.put('AccountOverdue', anOverdue());
  await walk(system, { until: (journey) => openTasks(journey).some((task) => task.objective === objective) });
  return { system, taskId: (await system.task('field-visit')).taskId };
}

describe('a visit', () => {
  it('is approved on what was tried, assigned by area to two people, and made by them alone', async () => {
    // Prepare
    const { system } = await aCaseWith('approve-visit');
    const asked = await system.task('field-visit');
    await walk(system, { until: (journey) => openTasks(journey).some((task) => task.objective === 'visit') });
    const { taskId, facts } = await system.task('field-visit');
    const setOut = (by: string) => system.api('POST', `/tasks/${taskId}/attempts`, { by });
    const read = (by: string) => system.api('GET', `/tasks/${taskId}?by=${by}`);

    // Act
    const alone = await setOut('anna');
    const one = await system.api('POST', `/tasks/${taskId}/assign`, { staff: ['anna', 'anna'], by: 'lead' });
    const { by: approver } = (await system.journey()).timeline.findLast((entry) => entry.type === 'VisitApproved') ?? { by: '' };
    const sent = await system.api('POST', `/tasks/${taskId}/assign`, { staff: ['anna', approver], by: 'lead' });
    const two = { staff: ['anna', 'bo'], safetyNote: 'A dog in the yard', by: 'lead' };
    const given = await system.api('POST', `/tasks/${taskId}/assign`, two);
    const again = await system.api('POST', `/tasks/${taskId}/assign`, two);
    const other = await setOut('carl');
    const claims = await Promise.all(
      [
        { path: 'claim', assignee: 'carl' },
        { path: 'reassign', assignee: 'carl' },
      ].map(({ path, ...body }) => system.api('POST', `/tasks/${taskId}/${path}`, body)),
    );
    const seen = await read('bo');
    const unseen = await read('carl');
    const out = await setOut('bo');

    // Assess
    expect(asked.facts.proof).toMatchObject({
      numbers: [{ contactPointId: 'cp-2', evening: true, weekend: true, days: expect.any(Number) }],
      messages: expect.any(Number),
    });
    expect(facts).toMatchObject({ area: '310115', conduct: { rule: 'CN.VISIT.CONDUCT' } });
    expect(alone).toMatchObject({ status: 409, json: { decision: 'deny', rule: 'VISIT.TWO_PERSONS' } });
    expect(one).toMatchObject({ status: 422, json: { field: 'staff', rule: 'VISIT.TWO_PERSONS' } });
    expect(sent).toMatchObject({ status: 422, json: { field: 'staff', rule: 'PERSONS.APPROVER' } });
    expect(given).toMatchObject({ status: 200, json: { staff: ['anna', 'bo'] } });
    expect(again).toEqual(given);
    expect(other).toMatchObject({ status: 409, json: { rule: 'VISIT.STAFF' } });
    expect(claims.map(({ status }) => status)).toEqual([409, 409]);
    expect(seen.json).toMatchObject({ address: ADDRESS.address, safetyNote: { note: 'A dog in the yard' } });
    expect(unseen.json).not.toHaveProperty('address');
    expect(unseen.json).not.toHaveProperty('safetyNote');
    expect(out.status).toBe(200);
    expect(types(await system.journey()).filter((type) => type === 'VisitAssigned')).toHaveLength(1);
    expect(JSON.stringify(await system.journey())).not.toContain('世纪大道');
  });

  it('is not proven by tries of a number that another has replaced under its id', async () => {
    // Prepare
    const { system, taskId } = await anAccountToCall();
    await system.report(taskId, 'no-answer');
    const { contactPoints } = aCustomer() as { contactPoints: readonly { id: string }[] };
    const other = contactPoints.map((point) => (point.id === 'cp-2' ? { ...point, address: '+8613900139000' } : point));

    // Act
    await system.put('CustomerUpdated', aCustomer({ contactPoints: other, asOf: system.now() }));

    // Assess
    const told = (await system.journey()).timeline.flatMap((entry) => (entry.type === 'CustomerUpdated' ? [entry.renewed] : []));
    expect(told.at(-1)).toEqual(['cp-2']);
    const { Item } = await system.cloud.call<{ Item: { state: { S: string } } }>('dynamodb', 'GetItem', {
      TableName: system.cloud.outputs().CaseTableName,
      Key: { pk: { S: 'ACCOUNT#acc-1' }, sk: { S: '#HEAD' } },
    });
    expect((JSON.parse(Item.state.S) as { case: { tries: object } }).case.tries).toEqual({});
  });

  it('is made at the time that was agreed, and what it brings is kept by reference and hash', async () => {
    // Prepare
    const { system, taskId } = await aCaseWith('visit');
    const opened = new Date(system.cloud.now() + 28_800_000).toISOString().slice(0, 10);
    const day = new Date(Date.parse(opened) + 86_400_000).toISOString().slice(0, 10);
    const assign = (from: string, to: string) =>
      system.api('POST', `/tasks/${taskId}/assign`, { staff: ['anna', 'bo'], windows: [{ from, to }] });
    const photo = { ref: 'photo-17', sha256: 'a'.repeat(64), kind: 'photo' };

    // Act
    const night = await assign(`${day}T11:00:00Z`, `${day}T15:00:00Z`);
    const agreed = await assign(`${day}T06:00:00Z`, `${day}T08:00:00Z`);
    const early = await system.api('POST', `/tasks/${taskId}/attempts`, { by: 'anna' });
    await system.advanceTo(`${day}T06:30:00Z`);
    const out = await system.api('POST', `/tasks/${taskId}/attempts`, { by: 'anna' });
    const told = { by: 'anna', attemptId: out.json.attemptId, evidence: ['letter-1', photo] };
    const talked = await system.outcome(taskId, 'third-party-met', { ...told, reasonForArrears: 'illness' });
    await system.report(taskId, 'third-party-met', told);

    // Assess
    expect(night).toMatchObject({ status: 422, json: { field: 'windows.0', rule: 'VISIT.WINDOW' } });
    expect(agreed.status).toBe(200);
    expect(early).toMatchObject({ status: 409, json: { decision: 'defer', notBefore: `${day}T06:00:00Z`, rule: 'VISIT.WINDOW' } });
    expect(out.status).toBe(200);
    expect(talked).toMatchObject({ status: 422, json: { field: 'reasonForArrears', rule: 'VISIT.THIRD_PARTY' } });
    expect((await system.journey()).timeline.findLast((entry) => entry.type === 'TaskOutcomeReported')).toMatchObject({
      outcome: 'third-party-met',
      evidence: ['letter-1', photo],
    });
  });

  it('that was unsafe is looked at by a person before anybody is sent there again, and the next are told why', async () => {
    // Prepare
    const { system, taskId } = await aCaseWith('visit');
    await system.api('POST', `/tasks/${taskId}/assign`, { staff: ['anna', 'bo'] });

    // Act
    await system.report(taskId, 'unsafe', { by: 'anna', notes: 'Threatened at the door' });
    await system.advance('PT1H');

    // Assess
    expect(await system.task('case-review')).toMatchObject({ objective: 'review-visit' });
    expect(await system.tasks('field-visit')).toEqual([]);
    const { Item } = await system.cloud.call<{ Item: Record<string, { S?: string; N?: string }> }>('dynamodb', 'GetItem', {
      TableName: system.cloud.outputs().CaseTableName,
      Key: { pk: { S: 'CUSTOMER#cus-1' }, sk: { S: 'SAFETY' } },
    });
    expect(Item.note).toEqual({ S: 'Threatened at the door' });
    expect(Number(Item.expiresAt?.N)).toBeGreaterThan(system.cloud.now() / 1000);
  });

  it('is called off by a payment that lets the case fall: its people are told, and nobody sets out any more', async () => {
    // Prepare
    const { system, taskId } = await aCaseWith('visit');
    await system.api('POST', `/tasks/${taskId}/assign`, { staff: ['anna', 'bo'] });
    const before = await system.api('POST', `/tasks/${taskId}/attempts`, { by: 'anna' });

    // Act
    const asOf = system.now();
    const dueDate = new Date(system.cloud.now() - 20 * 86_400_000).toISOString().slice(0, 10);
    await system.put('PaymentReceived', aPayment({ amount: cny('100.00'), paidAt: asOf }));
    await system.put('AccountOverdue', anOverdue({ asOf, dueDate }));
    await system.advance('PT15M');
    const after = await system.api('POST', `/tasks/${taskId}/attempts`, { by: 'anna' });

    // Assess
    expect(before.status).toBe(200);
    expect(await system.journey()).toMatchObject({ stage: 'call' });
    expect(system.events('acc-1').findLast((event) => event['detail-type'] === 'TaskClosed')?.detail).toMatchObject({
      taskId,
      reason: 'stage-left',
    });
    expect(after).toMatchObject({ status: 409, json: { rule: 'TASK.CLOSED' } });
    const { Item } = await system.cloud.call<{ Item: { state: { S: string } } }>('dynamodb', 'GetItem', {
      TableName: system.cloud.outputs().CaseTableName,
      Key: { pk: { S: 'CUSTOMER#cus-1' }, sk: { S: 'GOVERNOR' } },
    });
    const visits = (JSON.parse(Item.state.S) as { contacts: { channel: string; pendingUntil?: string }[] }).contacts.filter(
      ({ channel }) => channel === 'visit',
    );
    expect(visits.every(({ pendingUntil }) => pendingUntil !== undefined && Date.parse(pendingUntil) < system.cloud.now())).toBe(true);
  });
});
