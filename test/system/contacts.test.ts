import { describe, expect, it } from 'vitest';
import { type ApiAnswer, aSystem, type Journey, type System } from './cloud.ts';
import { aCustomer, aHold, anOverdue, aPayment, cny } from './events.ts';
import { anAccountToCall, types } from './walk.ts';

interface Checked {
  readonly decision: string;
  readonly rule: string;
  readonly why: string;
  readonly notBefore?: string;
  readonly contactPointId?: string;
  readonly attemptId?: string;
  readonly expiresAt?: string;
  readonly field?: string;
}

function check(system: System, change: object = {}): Promise<ApiAnswer<Checked>> {
  return system.api('POST', '/contacts/check', { customerId: 'cus-1', accountId: 'acc-1', channel: 'voice', ...change });
}

function aContact(system: System, change: object = {}): Record<string, unknown> {
  return {
    contactId: 'con-1',
    customerId: 'cus-1',
    accountId: 'acc-1',
    contactPointId: 'cp-2',
    channel: 'voice',
    direction: 'outbound',
    kind: 'attempt',
    at: system.now(),
    actor: 'agency-7',
    outcome: 'no-answer',
    ...change,
  };
}

async function governor(system: System, customerId = 'cus-1') {
  const { Item } = await system.cloud.call<{ Item: { state: { S: string } } }>('dynamodb', 'GetItem', {
    TableName: system.cloud.outputs().CaseTableName,
    Key: { pk: { S: `CUSTOMER#${customerId}` }, sk: { S: 'GOVERNOR' } },
  });
  return JSON.parse(Item.state.S) as { contacts: Record<string, unknown>[]; findings: Record<string, string> };
}

const reported = (journey: Journey) => journey.timeline.filter((entry) => entry.type === 'ContactReported');

function rejections(system: System): readonly unknown[] {
  return system
    .events()
    .filter((event) => event['detail-type'] === 'EventRejected')
    .map((event) => event.detail.field);
}

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
    expect(reported(journey)).toMatchObject([{ contactId: 'dial-1', contactPointId: 'cp-2', actor: 'agency-7' }]);
    expect(reported(journey)[0]).not.toHaveProperty('ungated');
    expect(types(journey).includes('AttemptReserved')).toBe(accountId !== undefined);
  });
});

describe('a contact that others report', () => {
  it('counts once under its id, is ungated, and keeps the next one apart', async () => {
    // Prepare
    const { system, taskId } = await anAccountToCall();
    const contact = aContact(system);

    // Act
    await system.put('ContactReported', contact);
    await system.put('ContactReported', contact);
    await system.put('ContactReported', { ...contact, outcome: 'busy' });

    // Assess
    expect(reported(await system.journey())).toMatchObject([{ contactId: 'con-1', kind: 'attempt', ungated: true, outcome: 'no-answer' }]);
    expect((await governor(system)).contacts.filter((row) => row.id === 'con-1')).toHaveLength(1);
    expect(rejections(system)).toEqual(['detail']);
    const dialled = await system.api<Checked>('POST', `/tasks/${taskId}/attempts`, {});
    expect(dialled).toMatchObject({ status: 409, json: { decision: 'defer' } });
  });

  it('about no account in particular is told to every open case, and counts once', async () => {
    // Prepare
    const { system } = await anAccountToCall();
    await system.put('AccountOverdue', anOverdue({ accountId: 'acc-2', asOf: system.now() }));

    // Act
    await system.put('ContactReported', aContact(system, { accountId: undefined, kind: 'conversation', outcome: 'reached' }));

    // Assess
    for (const accountId of ['acc-1', 'acc-2']) expect(reported(await system.journey(accountId))).toHaveLength(1);
    expect((await governor(system)).contacts.filter((row) => row.id === 'con-1')).toHaveLength(1);
  });

  it('counts for a customer and an account that nobody has heard of, by its own time', async () => {
    // Prepare
    const system = await aSystem();
    const at = '2026-02-25T02:00:00Z';

    // Act
    await system.put('ContactReported', aContact(system, { customerId: 'cus-7', accountId: 'acc-7', at }));
    await system.put('AccountOverdue', anOverdue({ accountId: 'acc-7', customerId: 'cus-7' }));
    await system.put('CustomerUpdated', aCustomer({ customerId: 'cus-7' }));

    // Assess
    expect((await governor(system, 'cus-7')).contacts).toMatchObject([{ id: 'con-1', at, accountId: 'acc-7', actor: 'agency-7' }]);
    expect((await system.journey('acc-7')).status).toBe('open');
  });

  it('an inbound call counts as such and is nobody’s omission', async () => {
    // Prepare
    const { system } = await anAccountToCall();

    // Act
    await system.put('ContactReported', aContact(system, { direction: 'inbound', kind: 'conversation', outcome: 'reached-no-commitment' }));

    // Assess
    const [entry] = reported(await system.journey());
    expect(entry).toMatchObject({ direction: 'inbound', kind: 'conversation' });
    expect(entry).not.toHaveProperty('ungated');
    expect((await governor(system)).contacts.at(-1)).toMatchObject({ direction: 'inbound', kind: 'conversation' });
  });

  it.each(['hardship', 'dispute', 'complaint', 'vulnerable', 'deceased'])('that says "%s" holds the case', async (outcome) => {
    // Prepare
    const { system } = await anAccountToCall();
    const messages = system.outbox().length;

    // Act
    const contact = aContact(system, { kind: 'conversation', outcome });
    await system.put('ContactReported', contact);
    await system.put('ContactReported', contact);
    await system.advance('P9D');

    // Assess
    const journey = await system.journey();
    expect(journey.status).toBe('held');
    expect(journey.holds).toHaveLength(1);
    expect(system.outbox()).toHaveLength(messages);
    expect(await system.tasks('call')).toEqual([]);
  });

  it('a death is told to all accounts, also where one was named', async () => {
    // Prepare
    const { system } = await anAccountToCall();
    await system.put('AccountOverdue', anOverdue({ accountId: 'acc-2', asOf: system.now() }));

    // Act
    await system.put('ContactReported', aContact(system, { outcome: 'deceased' }));

    // Assess
    for (const accountId of ['acc-1', 'acc-2']) expect((await system.journey(accountId)).status).toBe('held');
  });

  it('that says it is paid stops contact for three business days; an old report stops none', async () => {
    // Prepare
    const { system } = await anAccountToCall();

    // Act
    await system.put('ContactReported', aContact(system, { contactId: 'con-0', at: '2026-02-20T02:00:00Z', outcome: 'paid-already' }));
    const old = await check(system);
    await system.put(
      'ContactReported',
      aContact(system, { kind: 'conversation', channel: 'visit', contactPointId: 'cp-4', outcome: 'met-paid' }),
    );
    const fresh = await check(system, { channel: 'email' });

    // Assess
    expect(old.json.decision).toBe('allow');
    expect(fresh.json).toMatchObject({ decision: 'defer', rule: 'STATE.QUIET' });
  });

  it.each([
    ['wrong-number', 'cp-2'],
    ['number-dead', 'cp-2'],
    ['do-not-call', 'cp-2'],
    ['do-not-call', undefined],
  ])('that says "%s" of %s takes the number out of use', async (outcome, contactPointId) => {
    // Prepare
    const { system } = await anAccountToCall();

    // Act
    await system.put('ContactReported', aContact(system, { outcome, contactPointId, at: '2026-03-06T02:00:00Z' }));

    // Assess
    expect((await check(system)).json).toMatchObject({ decision: 'deny', rule: 'POINT.FINDING' });
  });

  it('keeps an outcome that it does not know, and does nothing about it', async () => {
    // Prepare
    const { system } = await anAccountToCall();

    // Act
    await system.put('ContactReported', aContact(system, { outcome: 'left with the neighbour' }));

    // Assess
    const journey = await system.journey();
    expect(reported(journey)).toMatchObject([{ outcome: 'left with the neighbour' }]);
    expect(journey.status).toBe('open');
    expect(await system.tasks('call')).toHaveLength(1);
  });

  it('is rejected with the field where it cannot be', async () => {
    // Prepare
    const { system } = await anAccountToCall();
    await check(system, { reserve: true, attemptId: 'dial-1' });
    const wrong: [change: object, field: string][] = [
      [{ at: '2026-03-09T01:31:00Z' }, 'at'],
      [{ actor: '' }, 'actor'],
      [{ outcome: 'x'.repeat(65) }, 'outcome'],
      [{ kind: 'chat' }, 'kind'],
      [{ direction: 'both' }, 'direction'],
      [{ contactId: 'dial-1', customerId: 'cus-2' }, 'customerId'],
      [{ contactId: 'dial-1', channel: 'sms' }, 'channel'],
      [{ contactId: 'dial-1', direction: 'inbound' }, 'direction'],
      [{ contactId: 'dial-1', accountId: 'acc-2' }, 'accountId'],
    ];

    for (const [change] of wrong) await system.put('ContactReported', aContact(system, change));

    // Assess
    expect(rejections(system)).toEqual(wrong.map(([, field]) => field));
    expect(reported(await system.journey())).toEqual([]);
  });

  it('by a dialler of a collector’s own attempt counts once, by what the collector said, in either order', async () => {
    for (const first of ['outcome', 'report']) {
      // Prepare
      const { system, taskId } = await anAccountToCall();
      const { attemptId } = (await system.api<Checked>('POST', `/tasks/${taskId}/attempts`, {})).json;
      const outcome = () => system.report(taskId, 'third-party-answered', { attemptId });
      const report = () =>
        system.put('ContactReported', aContact(system, { contactId: attemptId, kind: 'conversation', outcome: 'answered' }));

      // Act
      if (first === 'outcome') await outcome();
      await report();
      if (first === 'report') await outcome();

      // Assess
      expect((await governor(system)).contacts.filter((row) => row.channel === 'voice')).toMatchObject([
        { id: attemptId, kind: 'attempt' },
      ]);
    }
  });
});
