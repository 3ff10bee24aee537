import { describe, expect, it } from 'vitest';
import { aContact, check, governor } from './contacts.ts';
import { aHold, anOverdue, aPayment, cny } from './events.ts';
import { anAccountToCall, types } from './walk.ts';

describe('the gate for diallers and agencies', () => {
  it('answers what it would answer a collector, and names the number', async () => {
    // Prepare
    const { system } = await anAccountToCall();

    // Act
    const now = await check(system);
    const named = await check(system, { contactPointId: 'cp-2', actor: 'agency-7', purpose: 'collection' });
    const tonight = await check(system, { at: '2026-03-07T13:00:00Z' });

    // Assess
    expect(now).toEqual({ status: 200, json: { decision: 'allow', rule: 'CN.PASS', why: expect.any(String), contactPointId: 'cp-2' } });
    expect(named.json).toEqual(now.json);
    expect(tonight).toMatchObject({ status: 200, json: { decision: 'defer', notBefore: '2026-03-08T02:00:00Z' } });
    expect(types(await system.journey())).not.toContain('AttemptReserved');
  });

  it.each([
    ['held', 'HoldPlaced', aHold({ placedAt: '2026-03-07T01:30:00Z' }), 'STATE.HELD'],
    ['paid', 'PaymentReceived', aPayment({ paidAt: '2026-03-07T01:30:00Z' }), 'STATE.CLOSED'],
  ])('denies an account that is %s; another account of the customer it does not', async (_state, type, fact, rule) => {
    // Prepare
    const { system } = await anAccountToCall();
    await system.put('AccountOverdue', anOverdue({ accountId: 'acc-2', dueDate: '2026-02-20', asOf: system.now() }));
    await system.put(type, fact);

    // Act
    const about = await check(system);
    const other = await check(system, { accountId: 'acc-2' });
    const none = await check(system, { accountId: undefined });

    // Assess
    expect(about).toMatchObject({ status: 200, json: { decision: 'deny', rule } });
    expect([other.json.decision, none.json.decision]).toEqual(['allow', 'allow']);
  });

  it('without an account denies where no case of the customer may be contacted about', async () => {
    // Prepare
    const { system } = await anAccountToCall();
    await system.put('HoldPlaced', aHold({ placedAt: system.now() }));

    // Act
    const held = await check(system, { accountId: undefined });
    await system.put('PaymentReceived', aPayment({ paidAt: system.now() }));
    const closed = await check(system, { accountId: undefined });

    // Assess
    expect(held.json).toMatchObject({ decision: 'deny', rule: 'STATE.HELD' });
    expect(closed.json).toMatchObject({ decision: 'deny', rule: 'STATE.CLOSED' });
  });

  it('leaves a customer with an open promise alone, whoever asks, but for the reminder', async () => {
    // Prepare
    const { system, taskId } = await anAccountToCall();
    await system.report(taskId, 'promise', { promises: [{ amount: cny('100.00'), date: '2026-03-10' }] });
    await system.advance('P1D');

    // Act
    const asked = await check(system, { channel: 'email' });
    const reminder = await check(system, { channel: 'email', purpose: 'promise-reminder' });

    // Assess
    expect(asked.json).toMatchObject({ decision: 'deny', rule: 'STATE.PROMISED' });
    expect(reminder.json).toMatchObject({ decision: 'allow' });
  });

  it('denies an agency that is stopped, and no other', async () => {
    // Prepare
    const { system } = await anAccountToCall();
    await system.api('POST', '/stops', { stopId: 'stop-1', by: 'anna', agency: 'agency-7', reason: 'Its licence ran out' });

    // Act
    const stopped = await check(system, { actor: 'agency-7' });
    const other = await check(system, { actor: 'agency-8' });

    // Assess
    expect(stopped.json).toMatchObject({ decision: 'deny', rule: 'STOP' });
    expect(other.json).toMatchObject({ decision: 'allow' });
  });

  it('says so where there is no point for the channel', async () => {
    const { system } = await anAccountToCall();
    expect((await check(system, { channel: 'im' })).json).toMatchObject({ decision: 'deny', rule: 'POINT.NONE' });
  });

  it('asks for what it needs to know', async () => {
    // Prepare
    const { system } = await anAccountToCall();
    await system.put('AccountOverdue', anOverdue({ accountId: 'acc-9', customerId: 'cus-9' }));
    const wrong: [change: object, status: number, field: string | undefined][] = [
      [{ customerId: undefined }, 400, 'customerId'],
      [{ channel: 'smoke' }, 400, 'channel'],
      [{ purpose: 'fun' }, 400, 'purpose'],
      [{ at: '2026-03-01T00:00:00Z' }, 400, 'at'],
      [{ at: '2026-06-01T00:00:00Z' }, 400, 'at'],
      [{ at: '2026-03-08T03:00:00Z', reserve: true }, 400, 'at'],
      [{ attemptId: 'dial-1' }, 400, 'attemptId'],
      [{ customerId: 'cus-none' }, 404, undefined],
      [{ accountId: 'acc-none' }, 404, undefined],
      [{ accountId: 'acc-9' }, 422, 'accountId'],
      [{ contactPointId: 'cp-9' }, 422, 'contactPointId'],
      [{ contactPointId: 'cp-1' }, 422, 'contactPointId'],
    ];

    for (const [change, status, field] of wrong) {
      // Act
      const answer = await check(system, change);

      // Assess
      expect({ change, status: answer.status, field: answer.json.field }).toEqual({ change, status, field });
    }
  });

  it.each([
    ['acc-1', 'acc-1'],
    ['no account in particular', undefined],
  ])('reserves for %s, once, and the report of that id settles it', async (_name, accountId) => {
    // Prepare
    const { system } = await anAccountToCall();
    const expiresAt = new Date(system.cloud.now() + 600_000).toISOString().replace('.000Z', 'Z');
    const wanted = { accountId, reserve: true, attemptId: 'dial-1', actor: 'agency-7' };

    // Act
    const first = await check(system, wanted);
    const again = await check(system, wanted);
    const other = await check(system, { ...wanted, attemptId: 'dial-2' });
    const reused = await check(system, { ...wanted, actor: 'agency-8' });
    const during = (await governor(system)).contacts.filter((row) => row.channel === 'voice');
    await system.advance('PT3M');
    const at = system.now();
    await system.put('ContactReported', aContact(system, { contactId: 'dial-1', accountId, kind: 'conversation', outcome: 'refused' }));

    // Assess
    expect(first).toMatchObject({ status: 200, json: { decision: 'allow', attemptId: 'dial-1', expiresAt } });
    expect(again.json).toMatchObject({ decision: 'allow', attemptId: 'dial-1', expiresAt });
    expect(other.json).toMatchObject({ decision: 'defer', notBefore: expect.any(String) });
    expect(other.json).not.toHaveProperty('attemptId');
    expect(reused.status).toBe(409);
    expect(during).toMatchObject([{ id: 'dial-1', pendingUntil: expiresAt, actor: 'agency-7' }]);
    const settled = (await governor(system)).contacts.filter((row) => row.channel === 'voice');
    expect(settled).toMatchObject([{ id: 'dial-1', kind: 'conversation', at }]);
    expect(settled[0]).not.toHaveProperty('pendingUntil');
    const journey = await system.journey();
    expect(journey.timeline.filter((entry) => entry.type === 'ContactReported')).toMatchObject([
      { contactId: 'dial-1', contactPointId: 'cp-2', actor: 'agency-7' },
    ]);
    expect(journey.timeline.filter((entry) => entry.type === 'ContactReported')[0]).not.toHaveProperty('ungated');
    expect(types(journey).includes('AttemptReserved')).toBe(accountId !== undefined);
  });
});
