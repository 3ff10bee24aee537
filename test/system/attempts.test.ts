import { describe, expect, it } from 'vitest';
import type { Entry } from '../../domain/entries.ts';
import { type ApiAnswer, aSystem, type Journey, type System } from './cloud.ts';
import { aCustomer, aHold, anOverdue, aPayment, cny } from './events.ts';
import { anAccountToCall, openTasks, types, walk } from './walk.ts';

interface Attempted {
  readonly attemptId: string;
  readonly expiresAt: string;
}

interface Refused {
  readonly decision: string;
  readonly rule: string;
  readonly why: string;
  readonly notBefore?: string;
  readonly field?: string;
}

function attempt(system: System, taskId: string, body: object = {}): Promise<ApiAnswer<Attempted & Refused>> {
  return system.api('POST', `/tasks/${taskId}/attempts`, body);
}

/** The customer's ledger of contacts, as the gate reads it. */
async function ledger(system: System, customerId = 'cus-1') {
  const { Item } = await system.cloud.call<{ Item: { state: { S: string } } }>('dynamodb', 'GetItem', {
    TableName: system.cloud.outputs().CaseTableName,
    Key: { pk: { S: `CUSTOMER#${customerId}` }, sk: { S: 'GOVERNOR' } },
  });
  return (JSON.parse(Item.state.S) as { contacts: Record<string, unknown>[] }).contacts;
}

function last<T extends Entry['type']>(journey: Journey, type: T): Entry | undefined {
  return journey.timeline.findLast((entry) => entry.type === type);
}

describe('before somebody dials', () => {
  it('an attempt takes the slot for ten minutes, is on the timeline, and wakes nobody', async () => {
    // Prepare
    const { system, taskId } = await anAccountToCall();
    const transitions = system.cloud.counters().stateTransitions;

    // Act
    const answer = await attempt(system, taskId, { contactPointId: 'cp-2', by: 'anna' });

    // Assess
    const expiresAt = new Date(system.cloud.now() + 600_000).toISOString().replace('.000Z', 'Z');
    const { attemptId } = answer.json;
    expect(answer).toEqual({ status: 200, json: { attemptId, expiresAt } });
    expect(attemptId).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
    expect(last(await system.journey(), 'AttemptReserved')).toMatchObject({
      attemptId,
      taskId,
      channel: 'voice',
      contactPointId: 'cp-2',
      rule: 'CN.PASS',
      expiresAt,
      by: 'anna',
    });
    expect((await ledger(system)).at(-1)).toMatchObject({ id: attemptId, channel: 'voice', kind: 'attempt', pendingUntil: expiresAt });
    expect(system.cloud.counters().stateTransitions).toBe(transitions);
  });

  it('the point is the one named in the task where none is given, and the same question gets the same answer', async () => {
    // Prepare
    const { system, taskId } = await anAccountToCall();

    // Act
    const first = await attempt(system, taskId);

    // Assess
    expect(first.status).toBe(200);
    expect(await attempt(system, taskId, { contactPointId: 'cp-2' })).toEqual(first);
    expect((await ledger(system)).filter((row) => row.channel === 'voice')).toHaveLength(1);
    expect(types(await system.journey()).filter((type) => type === 'AttemptReserved')).toHaveLength(1);
  });

  it('an id of the caller’s own is kept, repeated while it runs, and given out no second time', async () => {
    // Prepare
    const { system, taskId } = await anAccountToCall();

    // Act
    const first = await attempt(system, taskId, { attemptId: 'dial-1', by: 'anna' });
    const again = await attempt(system, taskId, { attemptId: 'dial-1', by: 'anna' });
    const other = await attempt(system, taskId, { attemptId: 'dial-1', by: 'bo' });
    await system.advance('PT11M');
    const late = await attempt(system, taskId, { attemptId: 'dial-1', by: 'anna' });

    // Assess
    expect(first).toMatchObject({ status: 200, json: { attemptId: 'dial-1' } });
    expect(again).toEqual(first);
    expect(other.status).toBe(409);
    expect(late).toMatchObject({ status: 409, json: { decision: 'deny', rule: 'ATTEMPT.OVER' } });
  });

  it('a second person at the same task hears when, and by which rule', async () => {
    // Prepare
    const { system, taskId } = await anAccountToCall();
    await attempt(system, taskId, { by: 'anna' });

    // Act
    const { status, json } = await attempt(system, taskId, { by: 'bo' });

    // Assess
    expect(status).toBe(409);
    expect(json).toMatchObject({ decision: 'defer', rule: expect.stringMatching(/^HOUSE\./), why: expect.stringMatching(/\w/) });
    expect(Date.parse(json.notBefore ?? '')).toBeGreaterThan(system.cloud.now());
  });

  it('outside the hours nobody dials, though the task is open', async () => {
    // Prepare
    const { system, taskId } = await anAccountToCall();
    await system.advanceTo('2026-03-07T12:30:00Z');

    // Act
    const { status, json } = await attempt(system, taskId);

    // Assess: 20:30 in Shanghai, on a Saturday; calls begin at ten on Sundays.
    expect({ status, json }).toMatchObject({ status: 409, json: { decision: 'defer', notBefore: '2026-03-08T02:00:00Z' } });
    expect(types(await system.journey())).not.toContain('AttemptReserved');
  });

  it('a claimed task is attempted by whoever claimed it', async () => {
    // Prepare
    const { system, taskId } = await anAccountToCall();
    await system.api('POST', `/tasks/${taskId}/claim`, { assignee: 'anna' });

    // Act
    const other = await attempt(system, taskId, { by: 'bo' });
    const own = await attempt(system, taskId, { by: 'anna' });

    // Assess
    expect(other).toMatchObject({ status: 409, json: { rule: 'TASK.CLAIMED' } });
    expect(own.status).toBe(200);
  });

  it('asks for a task, a task that is dialled for, and a contact point that the customer has for it', async () => {
    // Prepare
    const { system, taskId } = await anAccountToCall();
    const wrong: [path: string, body: object, status: number, field: string | undefined][] = [
      ['none', {}, 404, undefined],
      [taskId, { contactPointId: 'cp-1' }, 422, 'contactPointId'],
      [taskId, { contactPointId: 'cp-9' }, 422, 'contactPointId'],
      [taskId, { contactPointId: 'c p' }, 400, 'contactPointId'],
      [taskId, { attemptId: 'a b' }, 400, 'attemptId'],
      [taskId, { by: '' }, 400, 'by'],
    ];

    for (const [path, body, status, field] of wrong) {
      // Act
      const answer = await attempt(system, path, body);

      // Assess
      expect({ body, status: answer.status, field: answer.json.field }).toEqual({ body, status, field });
    }
    expect(types(await system.journey())).not.toContain('AttemptReserved');
  });

  it.each([
    ['held', 'HoldPlaced', aHold({ placedAt: '2026-03-07T01:30:00Z' })],
    ['paid', 'PaymentReceived', aPayment({ paidAt: '2026-03-07T01:30:00Z' })],
    ['held with all accounts', 'HoldPlaced', aHold({ accountId: undefined, customerId: 'cus-1', placedAt: '2026-03-07T01:30:00Z' })],
  ])('nobody dials once the case is %s', async (_state, type, fact) => {
    // Prepare
    const { system, taskId } = await anAccountToCall();
    await system.put(type, fact);

    // Act
    const { status, json } = await attempt(system, taskId);

    // Assess
    expect({ status, json }).toMatchObject({ status: 409, json: { decision: 'deny' } });
    expect(types(await system.journey())).not.toContain('AttemptReserved');
  });

  it('nobody dials while calls are stopped, until two people agree to go on', async () => {
    // Prepare
    const { system, taskId } = await anAccountToCall();
    await system.api('POST', '/stops', { stopId: 'stop-1', by: 'anna', channel: 'voice', reason: 'A script that names the debt' });

    // Act
    const stopped = await attempt(system, taskId);
    for (const by of ['bo', 'cy']) await system.api('POST', '/stops/stop-1/lift', { by });
    const lifted = await attempt(system, taskId);

    // Assess
    expect(stopped).toMatchObject({ status: 409, json: { decision: 'deny', rule: 'STOP' } });
    expect(lifted.status).toBe(200);
  });

  it('a review is not dialled for', async () => {
    // Prepare
    const { system, taskId } = await anAccountToCall();
    await system.report(taskId, 'dispute');
    await system.advance('P31D');

    // Act
    const answer = await attempt(system, (await system.task('case-review')).taskId);

    // Assess
    expect(answer).toMatchObject({ status: 422, json: { field: 'taskId' } });
  });
});

describe('an outcome', () => {
  it('with its attempt settles it: counted once, as what it became, not ungated', async () => {
    // Prepare
    const { system, taskId } = await anAccountToCall();
    const { attemptId } = (await attempt(system, taskId)).json;
    await system.advance('PT5M');

    // Act
    const at = system.now();
    const first = await system.report(taskId, 'no-answer', { attemptId });
    const again = await system.report(taskId, 'no-answer', { attemptId });

    // Assess
    expect(again).toEqual(first);
    const reported = last(await system.journey(), 'TaskOutcomeReported');
    expect(reported).toMatchObject({ attemptId, contactPointId: 'cp-2', reportedAt: at });
    expect(reported).not.toHaveProperty('ungated');
    const calls = (await ledger(system)).filter((row) => row.channel === 'voice');
    expect(calls).toEqual([
      {
        id: attemptId,
        at,
        channel: 'voice',
        kind: 'attempt',
        contactPointId: 'cp-2',
        addressKey: expect.any(String),
        accountId: 'acc-1',
        purpose: 'collection',
      },
    ]);
  });

  it('of a conversation counts as one, never before its reservation', async () => {
    // Prepare
    const { system, taskId } = await anAccountToCall();
    const reservedAt = system.now();
    const { attemptId } = (await attempt(system, taskId)).json;

    // Act
    await system.report(taskId, 'refused', { attemptId, at: '2026-03-01T00:00:00Z' });

    // Assess
    expect((await ledger(system)).at(-1)).toMatchObject({ id: attemptId, kind: 'conversation', at: reservedAt });
  });

  it('comes late and still has its attempt', async () => {
    // Prepare
    const { system, taskId } = await anAccountToCall();
    const { attemptId } = (await attempt(system, taskId)).json;
    await system.advance('PT40M');

    // Act and assess
    await system.report(taskId, 'voicemail', { attemptId });
    expect(last(await system.journey(), 'TaskOutcomeReported')).not.toHaveProperty('ungated');
    expect((await ledger(system)).filter((row) => row.id === attemptId)).toMatchObject([{ kind: 'attempt', outcome: 'voicemail' }]);
  });

  it('without an attempt counts and is ungated; so is one on another number than was asked for', async () => {
    // Prepare
    const { system, taskId } = await anAccountToCall();
    const contactPoints = [
      ...(aCustomer().contactPoints as object[]),
      { id: 'cp-5', channel: 'voice', address: '+8613900139000', owner: 'self' },
    ];
    await system.put('CustomerUpdated', aCustomer({ contactPoints, asOf: system.now() }));
    const { attemptId } = (await attempt(system, taskId)).json;

    // Act
    await system.report(taskId, 'no-answer', { attemptId, contactPointId: 'cp-5' });
    const elsewhere = last(await system.journey(), 'TaskOutcomeReported');
    await walk(system, { until: (journey) => openTasks(journey).some((task) => task.queue === 'call') });
    await system.report((await system.task('call')).taskId, 'no-answer');

    // Assess
    expect(elsewhere).toMatchObject({ attemptId, contactPointId: 'cp-5', ungated: true });
    const unasked = last(await system.journey(), 'TaskOutcomeReported');
    expect(unasked).toMatchObject({ ungated: true });
    expect(unasked).not.toHaveProperty('attemptId');
    expect((await ledger(system)).filter((row) => row.channel === 'voice')).toMatchObject([
      { id: attemptId, contactPointId: 'cp-5' },
      { contactPointId: expect.any(String) },
    ]);
  });

  it('says each ungated contact as a metric', async () => {
    // Prepare
    const { system, taskId } = await anAccountToCall();

    // Act
    await system.report(taskId, 'no-answer');

    // Assess
    const lines = (await system.snapshot()).logs.filter((line) => line.includes('"UngatedContact"'));
    expect(lines.map((line) => (JSON.parse(line) as { UngatedContact: number }).UngatedContact)).toEqual([1]);
  });

  it('of another task’s attempt is refused', async () => {
    // Prepare
    const { system, taskId } = await anAccountToCall();
    const { attemptId } = (await attempt(system, taskId)).json;
    await system.report(taskId, 'no-answer', { attemptId });
    await walk(system, { until: (journey) => openTasks(journey).some((task) => task.queue === 'call') });
    const next = (await system.task('call')).taskId;

    // Act
    const other = await system.outcome(next, 'no-answer', { attemptId });
    const unknown = await system.outcome(next, 'no-answer', { attemptId: 'none' });

    // Assess
    expect([other, unknown]).toMatchObject([
      { status: 422, json: { field: 'attemptId' } },
      { status: 422, json: { field: 'attemptId' } },
    ]);
  });

  it('for a task that closed meanwhile settles its attempt and changes nothing else', async () => {
    // Prepare
    const { system, taskId } = await anAccountToCall();
    const { attemptId } = (await attempt(system, taskId)).json;
    await system.put('PaymentReceived', aPayment({ paidAt: system.now() }));

    // Act
    const late = await system.outcome(taskId, 'promise', { attemptId, promises: [{ amount: cny('100.00'), date: '2026-03-10' }] });

    // Assess
    expect(late).toMatchObject({ status: 200, json: { status: 'closed', closeReason: 'cured' } });
    const journey = await system.journey();
    expect(journey.status).toBe('cured');
    expect(journey).not.toHaveProperty('promise');
    expect((await ledger(system)).filter((row) => row.id === attemptId)).toMatchObject([{ kind: 'conversation' }]);
  });
});

describe('a reservation that nobody reports', () => {
  it('counts no more after ten minutes, and goes when the next contact is made', async () => {
    // Prepare
    const { system, taskId } = await anAccountToCall();
    const { attemptId } = (await attempt(system, taskId, { by: 'anna' })).json;
    const during = await attempt(system, taskId, { by: 'bo' });

    // Act
    await system.advance('PT11M');
    const after = await attempt(system, taskId, { by: 'bo' });

    // Assess
    expect(during.status).toBe(409);
    expect(after.status).toBe(200);
    expect((await ledger(system)).map((row) => row.id)).not.toContain(attemptId);
  });

  it('keeps a message back as long as it runs, where it would be one contact too many', async () => {
    // Prepare: a branch has written today, and an agency is about to dial.
    const system = await aSystem();
    await system.put('CustomerUpdated', aCustomer());
    await system.put('AccountOverdue', anOverdue());
    await system.advanceTo('2026-03-05T00:30:00Z');
    const due = Date.parse((await system.journey()).next?.notBefore ?? '');
    await system.advanceTo(new Date(due - 60_000).toISOString());
    const told = { channel: 'email', direction: 'outbound', kind: 'attempt', actor: 'branch-7', outcome: 'delivered' };
    await system.put('ContactReported', { contactId: 'con-1', customerId: 'cus-1', accountId: 'acc-1', at: system.now(), ...told });
    const wanted = { customerId: 'cus-1', accountId: 'acc-1', channel: 'voice', actor: 'agency-7', reserve: true };
    const reserved = await system.api<Attempted>('POST', '/contacts/check', wanted);

    // Act
    await system.advanceTo(new Date(due + 60_000).toISOString());
    const during = system.outbox().length;
    await system.advanceTo(new Date(Date.parse(reserved.json.expiresAt) + 60_000).toISOString());

    // Assess
    expect(reserved).toMatchObject({ status: 200, json: { decision: 'allow' } });
    expect(during).toBe(0);
    expect(system.outbox()).toMatchObject([{ template: 'reminder-first' }]);
  });
});

describe('a visit', () => {
  it('is reserved before somebody sets out, its approval is not', async () => {
    // Prepare
    const { system } = await anAccountToCall();
    await walk(system, { until: (journey) => openTasks(journey).some((task) => task.objective === 'approve-visit') });
    const asked = await attempt(system, (await system.task('field-visit')).taskId);
    await walk(system, { until: (journey) => openTasks(journey).some((task) => task.objective === 'visit') });
    const { taskId } = await system.task('field-visit');
    await system.api('POST', `/tasks/${taskId}/assign`, { staff: ['visitor-1', 'visitor-2'] });

    // Act
    const answer = await attempt(system, taskId, { contactPointId: 'cp-4', by: 'visitor-1' });
    await system.advance('PT3H');
    await system.report(taskId, 'not-home', { attemptId: answer.json.attemptId });

    // Assess
    expect(asked.status).toBe(422);
    expect(answer.status).toBe(200);
    expect((await ledger(system)).filter((row) => row.channel === 'visit')).toMatchObject([{ id: answer.json.attemptId, kind: 'attempt' }]);
  });
});
