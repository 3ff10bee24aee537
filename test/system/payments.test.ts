import { describe, expect, it } from 'vitest';
import { aPayment, aReversal, cny } from './events.ts';
import { anAccountToCall } from './walk.ts';

describe('payments on the way', () => {
  it('a pending payment stops contact for three business days and cures nothing', async () => {
    // Prepare
    const { system, taskId } = await anAccountToCall();
    await system.report(taskId, 'no-answer');
    const messages = system.collected().length;

    // Act: Saturday 7 March; three business days end with Wednesday.
    await system.put('PaymentReceived', aPayment({ state: 'pending', paidAt: system.now() }));
    const pending = await system.journey();
    await system.advanceTo('2026-03-11T15:59:00Z');
    const quiet = { tasks: await system.tasks('call'), messages: system.collected().length };
    await system.advance('P1D');

    // Assess
    expect(pending).toMatchObject({ status: 'open', overdue: { amount: '6250.00' } });
    expect(quiet).toEqual({ tasks: [], messages });
    expect(await system.tasks('call')).toHaveLength(1);
  });

  it('a pending payment that is booked cures, and its late pending twin changes nothing', async () => {
    // Prepare
    const { system } = await anAccountToCall();
    const pending = aPayment({ state: 'pending', paidAt: system.now() });

    // Act
    await system.put('PaymentReceived', aPayment({ paidAt: system.now() }));
    const cured = await system.journey();
    await system.put('PaymentReceived', pending);

    // Assess
    expect(cured.status).toBe('cured');
    expect(await system.journey()).toMatchObject({ status: 'cured', balance: { amount: '12350.00' } });
  });

  it('"paid already" stops contact for three business days', async () => {
    // Prepare
    const { system, taskId } = await anAccountToCall();
    const messages = system.collected().length;

    // Act
    await system.report(taskId, 'paid-already');
    await system.advanceTo('2026-03-11T15:59:00Z');
    const quiet = { tasks: await system.tasks('call'), messages: system.collected().length };
    await system.advance('P2D');

    // Assess
    expect(quiet).toEqual({ tasks: [], messages });
    expect(await system.tasks('call')).toHaveLength(1);
  });

  it('a part payment that cures is within the tolerance of ten yuan, one below it is not', async () => {
    // Prepare
    const { system } = await anAccountToCall();

    // Act
    await system.put('PaymentReceived', aPayment({ amount: cny('6239.99'), paidAt: system.now() }));
    const short = await system.journey();
    await system.put('PaymentReceived', aPayment({ paymentId: 'pay-2', amount: cny('0.01'), paidAt: system.now() }));

    // Assess
    expect(short).toMatchObject({ status: 'open', overdue: { amount: '10.01' } });
    expect(await system.journey()).toMatchObject({ status: 'cured', overdue: { amount: '10.00' } });
  });
});

describe('the end of a case', () => {
  it('a late reversal opens the next case with the old due date; the earlier one stays readable', async () => {
    // Prepare
    const { system } = await anAccountToCall();
    await system.put('PaymentReceived', aPayment({ paidAt: system.now() }));
    const first = await system.journey();
    await system.advance('P20D');

    // Act
    await system.put('PaymentReversed', aReversal({ reversedAt: system.now() }));

    // Assess
    const second = await system.journey();
    expect(second).toMatchObject({ status: 'open', stage: 'reminder', previousCaseId: first.caseId, contractDaysPastDue: 26 });
    expect(await system.journey('acc-1', first.caseId)).toMatchObject({ caseId: first.caseId, status: 'cured' });
    expect((await system.api('GET', '/accounts/acc-1/journey?caseId=none')).status).toBe(404);
    expect((await system.api('GET', '/accounts/acc-9/journey')).status).toBe(404);
  });
});
