import { describe, expect, it } from 'vitest';
import type { Entry } from '../../domain/entries.ts';
import { AwsError } from '../../local/kernel/errors.ts';
import { aSystem, type System } from './cloud.ts';
import { aCustomer, aHold, anOverdue, aPayment, aReversal, cny } from './events.ts';

/** Messages outside the journey: reminders before a due date, and acknowledgements of payments. */

/** Issued on 2 March, due on the 12th: the reminders belong to the 9th and the 12th. */
function aStatement(change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    statementId: 'st-1',
    accountId: 'acc-1',
    customerId: 'cus-1',
    statementBalance: cny('3000.00'),
    minimumDue: cny('300.00'),
    dueDate: '2026-03-12',
    issuedAt: '2026-03-02T01:00:00Z',
    ...change,
  };
}

async function stated(change: Record<string, unknown> = {}): Promise<System> {
  const system = await aSystem({ reminders: true });
  await system.put('CustomerUpdated', aCustomer());
  await system.put('StatementIssued', aStatement(change));
  return system;
}

const seen = (system: System) => system.outbox().map(({ at, template, channel }) => `${at.slice(0, 10)} ${template} ${channel}`);
/** What the account's timeline says of reminders, in order. */
async function contactsOf(system: System): Promise<readonly string[]> {
  const { items } = await system.snapshot();
  const entries = items
    .filter(({ pk, sk }) => pk === 'ACCOUNT#acc-1' && String(sk).startsWith('T#'))
    .map(({ entry }) => JSON.parse(String(entry)) as Entry);
  return entries.flatMap((entry) => ('notice' in entry && entry.notice !== undefined ? [`${entry.type} of ${entry.notice.about}`] : []));
}

const REMINDERS = ['2026-03-09 pre-due sms', '2026-03-12 pre-due sms'];

describe('reminders before the due date', () => {
  it('go three days before and on the day, by day, with date and amount, and open no case', async () => {
    const system = await stated();

    await system.advanceTo('2026-03-20T00:00:00Z');

    expect(seen(system)).toEqual(REMINDERS);
    for (const { at, body, accountId } of system.outbox()) {
      expect(accountId).toBe('acc-1');
      expect(body).toContain('300.00');
      expect(body).toContain('400-000-0000');
      expect(Number(at.slice(11, 13))).toBeGreaterThanOrEqual(2);
      expect(Number(at.slice(11, 13))).toBeLessThan(10);
    }
    expect((await system.api('GET', '/accounts/acc-1/journey')).status).toBe(404);
    expect(system.said()).toEqual(['ContactSent', 'ContactSent']);
  });

  it('stop when what is asked for has been paid, also by a payment that is on its way', async () => {
    for (const state of ['posted', 'pending']) {
      const system = await stated();
      await system.advanceTo('2026-03-10T00:00:00Z');

      await system.put('PaymentReceived', aPayment({ amount: cny('300.00'), paidAt: '2026-03-10T00:00:00Z', state }));
      await system.advanceTo('2026-03-20T00:00:00Z');

      expect(seen(system)).toEqual(REMINDERS.slice(0, 1));
    }
  });

  it('go on after a payment that was reversed, and after one that is too small', async () => {
    const system = await stated();
    await system.put('PaymentReceived', aPayment({ amount: cny('300.00'), paidAt: '2026-03-02T01:10:00Z' }));
    await system.put('PaymentReversed', aReversal());
    await system.put('PaymentReceived', aPayment({ paymentId: 'pay-2', amount: cny('299.99') }));

    await system.advanceTo('2026-03-20T00:00:00Z');

    expect(seen(system)).toEqual(REMINDERS);
  });

  it('ask for funds where the bank debits the amount itself', async () => {
    const system = await stated({ autopay: true });

    await system.advanceTo('2026-03-20T00:00:00Z');

    expect(system.outbox().map(({ body }) => body.includes('自动还款'))).toEqual([true, true]);
  });

  it('come once however often and late the statement is told, and of the newest one only', async () => {
    const system = await stated();
    await system.put('StatementIssued', aStatement());
    await system.put('StatementIssued', aStatement({ statementId: 'st-0', issuedAt: '2026-02-20T00:00:00Z', dueDate: '2026-03-10' }));

    await system.advanceTo('2026-03-20T00:00:00Z');

    expect(seen(system)).toEqual(REMINDERS);
  });

  it('do not go under a hold, to a customer who opted out, or while a case is open', async () => {
    const held = await stated();
    await held.put('HoldPlaced', aHold());
    const optedOut = await stated();
    await optedOut.put('CustomerUpdated', aCustomer({ asOf: '2026-03-02T01:00:00Z', preferences: { optedOut: ['sms', 'email'] } }));
    const overdue = await stated();
    await overdue.put('AccountOverdue', anOverdue());

    for (const system of [held, optedOut, overdue]) await system.advanceTo('2026-03-13T00:00:00Z');

    expect(held.outbox()).toEqual([]);
    expect(optedOut.outbox()).toEqual([]);
    expect(overdue.outbox().filter(({ template }) => template === 'pre-due')).toEqual([]);
  });

  it('wait within their day for the hours the customer asked for', async () => {
    const system = await aSystem({ reminders: true });
    await system.put('CustomerUpdated', aCustomer({ preferences: { windows: ['18:00-21:00'] } }));
    await system.put('StatementIssued', aStatement());

    await system.advanceTo('2026-03-20T00:00:00Z');

    expect(seen(system)).toEqual(REMINDERS);
    expect(system.outbox().map(({ at }) => at.slice(11, 13))).toEqual(['10', '10']);
  });

  it('count like any message: a reminder and a collection message of one day share the cap', async () => {
    const system = await aSystem({ reminders: true });
    await system.put(
      'CustomerUpdated',
      aCustomer({ contactPoints: [{ id: 'cp-1', channel: 'sms', address: '+8613800138000', owner: 'self' }] }),
    );
    await system.put('StatementIssued', aStatement());
    await system.advanceTo('2026-03-08T23:00:00Z');
    await system.put('AccountOverdue', anOverdue({ accountId: 'acc-2', dueDate: '2026-03-05', asOf: '2026-03-08T22:00:00Z' }));

    // Each of the two accounts has something to say on the 9th, by the one number.
    await system.advanceTo('2026-03-13T00:00:00Z');

    const days = system.outbox().map(({ at }) => at.slice(0, 10));
    expect(days).toContain('2026-03-09');
    expect(days).toEqual([...new Set(days)]);
    expect(new Set(system.outbox().map(({ accountId }) => accountId))).toEqual(new Set(['acc-1', 'acc-2']));
  });

  it('go on their days by the customer’s own clock, also where that is known only after the statement', async () => {
    const timeZone = 'America/Los_Angeles';
    const system = await aSystem({ reminders: true });
    await system.put('StatementIssued', aStatement());
    await system.put('CustomerUpdated', aCustomer({ timeZone }));

    await system.advanceTo('2026-03-20T00:00:00Z');

    const local = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' });
    expect(system.outbox().map(({ at, template }) => `${local.format(new Date(at))} ${template}`)).toEqual([
      '2026-03-09 pre-due',
      '2026-03-12 pre-due',
    ]);
  });

  it('whose sender died are settled, also where a newer statement took their place', async () => {
    // Prepare
    const system = await stated();
    let [mortal, dead] = [true, false];
    system.cloud.kernel.intercept((call, next) => {
      if (!call.origin.endsWith('send-notices')) return next();
      if (mortal && call.service === 'sns') dead = true;
      if (dead) throw new AwsError('Crashed', 'The invocation that made this call is dead.', 400);
      return next();
    });
    await system.advanceTo('2026-03-09T09:31:00Z');
    expect(dead).toBe(true);
    [mortal, dead] = [false, false];

    // Act
    await system.put('StatementIssued', aStatement({ statementId: 'st-2', issuedAt: '2026-03-09T09:30:00Z', dueDate: '2026-03-25' }));
    await system.advanceTo('2026-03-09T10:31:00Z');
    const settled = await contactsOf(system);
    const { logs } = await system.snapshot();
    await system.advanceTo('2026-03-30T00:00:00Z');

    // Assess
    expect(settled).toEqual(['ContactReserved of st-1', 'ContactLost of st-1']);
    const failed = logs.filter((line) => line.includes('"FailedReminders"'));
    const counts = failed.map((line) => (JSON.parse(line) as { FailedReminders: number }).FailedReminders);
    expect([counts.includes(1), counts.at(-1)]).toEqual([true, 0]);
    expect(seen(system)).toEqual(['2026-03-22 pre-due sms', '2026-03-25 pre-due sms']);
  });

  it('of a malformed statement are rejected with the field', async () => {
    const system = await aSystem();
    await system.put('StatementIssued', aStatement({ minimumDue: { amount: '3.00', currency: 'USD' } }));

    const rejected = system.events().filter((event) => event['detail-type'] === 'EventRejected');
    expect(rejected.map(({ detail }) => (detail as { field?: string }).field)).toEqual(['minimumDue.currency']);
  });
});

describe('a notice whose channel is stopped', () => {
  const stop = { stopId: 'stop-1', by: 'anna', channel: 'sms', reason: 'wrong amounts in the texts' };

  it('goes by another that may carry it, and not where all are stopped', async () => {
    // Prepare
    const system = await stated();
    await system.put('AccountOverdue', anOverdue({ accountId: 'acc-2' }));
    await system.api('POST', '/stops', stop);

    // Act
    await system.put('PaymentReceived', aPayment({ accountId: 'acc-2' }));
    await system.advanceTo('2026-03-10T00:00:00Z');
    const byMail = seen(system);
    await system.api('POST', '/stops', { ...stop, stopId: 'stop-2', channel: 'email' });
    await system.advanceTo('2026-03-20T00:00:00Z');

    // Assess
    expect(byMail).toEqual(['2026-03-02 payment-received email', '2026-03-09 pre-due email']);
    expect(seen(system)).toEqual(byMail);
  });
});

describe('an acknowledgement', () => {
  const acknowledgements = (system: System) => system.outbox().filter(({ template }) => template === 'payment-received');

  async function overdue(): Promise<System> {
    const system = await aSystem();
    await system.put('CustomerUpdated', aCustomer());
    await system.put('AccountOverdue', anOverdue());
    return system;
  }

  it('of a payment on an account with a case goes at once and once, with what is still overdue', async () => {
    const system = await overdue();

    await system.put('PaymentReceived', aPayment({ amount: cny('250.00') }));
    await system.put('PaymentReceived', aPayment({ amount: cny('250.00') }));
    await system.advance('PT2H');

    expect(acknowledgements(system)).toMatchObject([{ at: system.outbox()[0]?.at, channel: 'sms' }]);
    expect(acknowledgements(system)[0]?.at).toBe('2026-03-02T01:30:00Z');
    expect(acknowledgements(system)[0]?.body).toContain('250.00');
    expect(acknowledgements(system)[0]?.body).toContain('6,000.00');
  });

  it('that comes later than a minute is not sent, says so on its record, is counted, and is no dead letter', async () => {
    // Prepare
    const system = await overdue();
    const { CaseTableName: TableName } = system.cloud.outputs();
    const due = {
      accountId: 'acc-1',
      customerId: 'cus-1',
      paymentId: 'pay-9',
      amount: JSON.stringify(cny('250.00')),
      paidAt: '2026-03-02T01:00:00Z',
      acceptedAt: '2026-03-02T01:28:59Z',
      noticeStatus: 'due',
    };
    const Item = Object.fromEntries(Object.entries({ pk: 'ACCOUNT#acc-1', sk: 'ACK#pay-9', ...due }).map(([name, S]) => [name, { S }]));

    // Act
    await system.cloud.call('dynamodb', 'PutItem', { TableName, Item });
    await system.advance('PT5M');

    // Assess
    const { items, logs, deadLetters } = await system.snapshot();
    const counted = logs.filter((line) => line.includes('"LateAcknowledgements"'));
    expect(acknowledgements(system)).toEqual([]);
    expect(items.find(({ sk }) => sk === 'ACK#pay-9')).toMatchObject({ noticeStatus: 'late' });
    expect(counted.map((line) => (JSON.parse(line) as { LateAcknowledgements: number }).LateAcknowledgements)).toEqual([1]);
    expect(deadLetters).toEqual([]);
  });

  it('comes with the payment that cures, and nothing after it', async () => {
    const system = await overdue();

    await system.put('PaymentReceived', aPayment());
    await system.advance('P30D');

    expect(system.outbox().map(({ template }) => template)).toEqual(['payment-received']);
    expect((await system.journey()).status).toBe('cured');
  });

  it('stands in the timeline of the case that its payment ended, and in no later one', async () => {
    // Prepare
    const system = await overdue();
    const { caseId } = await system.journey();
    const receipts = async (query: string) => {
      const { json } = await system.api<{ caseId: string; timeline: Entry[] }>('GET', `/accounts/acc-1/journey${query}`);
      return json.timeline.flatMap((entry) => ('notice' in entry ? [`${entry.type} of ${entry.notice?.about}`] : []));
    };

    // Act
    await system.put('PaymentReceived', aPayment());
    await system.advance('PT1H');
    const afterClose = await receipts('');
    await system.put('AccountOverdue', anOverdue({ dueDate: '2026-03-02', asOf: system.now() }));
    await system.advance('PT1H');

    // Assess
    expect(afterClose).toEqual(['ContactReserved of pay-1', 'ContactSent of pay-1']);
    expect((await system.journey()).previousCaseId).toBe(caseId);
    expect(await receipts(`?caseId=${caseId}`)).toEqual(afterClose);
    expect(await receipts('')).toEqual([]);
  });

  it('is one for a payment that was pending first', async () => {
    const system = await overdue();

    await system.put('PaymentReceived', aPayment({ state: 'pending' }));
    await system.put('PaymentReceived', aPayment({ state: 'posted' }));

    expect(acknowledgements(system)).toHaveLength(1);
  });

  it('is not sent without a case, of a payment reversed before it came, at night, or by a channel that was opted out of', async () => {
    const without = await aSystem();
    await without.put('CustomerUpdated', aCustomer());
    const reversed = await overdue();
    await reversed.put('PaymentReversed', aReversal());
    const night = await overdue();
    await night.advanceTo('2026-03-02T16:00:00Z');
    const optedOut = await overdue();
    await optedOut.put('CustomerUpdated', aCustomer({ asOf: '2026-03-02T01:00:00Z', preferences: { optedOut: ['sms', 'email'] } }));

    for (const system of [without, reversed, night, optedOut]) {
      await system.put('PaymentReceived', aPayment());
      await system.advance('P1D');
      expect(acknowledgements(system)).toEqual([]);
    }
  });

  it('stands outside the caps: it takes no message its place', async () => {
    const system = await overdue();
    await system.advanceTo('2026-03-05T16:00:00Z');
    await system.advanceTo('2026-03-06T01:30:00Z');
    const before = system.outbox().length;

    await system.put('PaymentReceived', aPayment({ amount: cny('100.00'), paidAt: '2026-03-06T01:00:00Z' }));
    await system.put('PaymentReceived', aPayment({ paymentId: 'pay-2', amount: cny('100.00'), paidAt: '2026-03-06T01:00:00Z' }));
    await system.put('PaymentReceived', aPayment({ paymentId: 'pay-3', amount: cny('100.00'), paidAt: '2026-03-06T01:00:00Z' }));
    await system.advance('P1D');

    expect(acknowledgements(system)).toHaveLength(3);
    expect(system.outbox().length).toBeGreaterThan(before + 3);
  });
});
