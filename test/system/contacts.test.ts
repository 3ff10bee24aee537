import { describe, expect, it } from 'vitest';
import { aSystem, type Journey, type System } from './cloud.ts';
import { aContact, type Checked, check, governor } from './contacts.ts';
import { aCustomer, anOverdue } from './events.ts';
import { anAccountToCall } from './walk.ts';

const reported = (journey: Journey) => journey.timeline.filter((entry) => entry.type === 'ContactReported');

function rejections(system: System): readonly unknown[] {
  return system
    .events()
    .filter((event) => event['detail-type'] === 'EventRejected')
    .map((event) => event.detail.field);
}

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
    const said = system.outbox().slice(messages);
    expect(said.map(({ template }) => template)).toEqual(outcome === 'hardship' ? ['hardship-documents'] : []);
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

  it('has an outcome that it does not know as other, and does nothing about it', async () => {
    // Prepare
    const { system } = await anAccountToCall();

    // Act
    await system.put('ContactReported', aContact(system, { outcome: 'left with the neighbour' }));

    // Assess
    const journey = await system.journey();
    expect(reported(journey)).toMatchObject([{ outcome: 'other' }]);
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

  it('under the id of a message is refused, as is a reservation: the message must not be forgotten', async () => {
    // Prepare
    const { system } = await anAccountToCall();
    const message = (await governor(system)).contacts.find((row) => row.channel === 'sms')?.id as string;

    // Act
    await system.put('ContactReported', aContact(system, { contactId: message }));
    const reserved = await check(system, { reserve: true, attemptId: message });

    // Assess
    expect(rejections(system)).toEqual(['contactId']);
    expect(reserved.status).toBe(409);
    expect((await governor(system)).contacts.find((row) => row.id === message)).toMatchObject({ channel: 'sms' });
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
