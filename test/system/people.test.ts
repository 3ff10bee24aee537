import { describe, expect, it } from 'vitest';
import { aSystem } from './cloud.ts';
import { aCustomer, aHold, anOverdue, cny } from './events.ts';
import { anAccountToCall } from './walk.ts';

describe('a customer who is not known', () => {
  it('gets nothing; after a day somebody is asked, and the record wakes the case', async () => {
    // Prepare
    const system = await aSystem();
    await system.put('AccountOverdue', anOverdue({ dueDate: '2026-02-20' }));

    // Act
    await system.advance('PT23H');
    const before = await system.tasks('data-quality');
    await system.advance('PT2H');
    const asked = await system.task('data-quality');
    await system.advance('P3D');
    const messages = system.outbox().length;
    await system.put('CustomerUpdated', aCustomer({ asOf: system.now() }));
    await system.advance('P1D');

    // Assess
    expect(before).toEqual([]);
    expect(asked).toMatchObject({ objective: 'complete-contact-data', accountId: 'acc-1' });
    expect(messages).toBe(0);
    expect(await system.tasks('data-quality')).toEqual([]);
    expect(system.outbox()).toMatchObject([{ template: 'reminder-first', channel: 'sms' }]);
  });

  it('stays silent and open where somebody says that no address can be found', async () => {
    // Prepare
    const system = await aSystem();
    await system.put('AccountOverdue', anOverdue({ dueDate: '2026-02-20' }));
    await system.advance('P2D');

    // Act
    await system.report((await system.task('data-quality')).taskId, 'unreachable');
    await system.advance('P10D');

    // Assess
    expect(system.outbox()).toEqual([]);
    expect((await system.journey()).status).toBe('open');
  });
});

describe('people at their tasks', () => {
  it('a call-back is queued for the time that the customer asked for', async () => {
    // Prepare
    const { system, taskId } = await anAccountToCall();

    // Act
    await system.report(taskId, 'call-back', { callBackAt: '2026-03-08T06:00:00Z' });
    await system.advanceTo('2026-03-08T05:59:00Z');
    const before = await system.tasks('call');
    await system.advance('PT2M');

    // Assess
    expect(before).toEqual([]);
    expect(await system.task('call')).toMatchObject({ objective: 'call-back' });
  });

  it('a task belongs to whoever claimed it until it is released', async () => {
    // Prepare
    const { system, taskId } = await anAccountToCall();
    const claim = (assignee: string) => system.api('POST', `/tasks/${taskId}/claim`, { assignee });

    // Act
    const first = await claim('anna');
    const again = await claim('anna');
    const other = await claim('bo');
    const outcome = await system.outcome(taskId, 'no-answer', { by: 'bo' });
    const wrong = await system.api('POST', `/tasks/${taskId}/release`, { assignee: 'bo' });
    const released = await system.api('POST', `/tasks/${taskId}/release`, { assignee: 'anna' });
    const taken = await claim('bo');

    // Assess
    expect(first).toMatchObject({ status: 200, json: { assignee: 'anna' } });
    expect(again).toEqual(first);
    expect([other.status, outcome.status, wrong.status]).toEqual([409, 409, 409]);
    expect(released.json).not.toHaveProperty('assignee');
    expect(taken).toMatchObject({ status: 200, json: { assignee: 'bo' } });
    expect((await system.outcome(taskId, 'no-answer', { by: 'bo' })).status).toBe(200);
  });

  it('nobody approves who had a contact on the case in the last 30 days; anybody may refuse', async () => {
    // Prepare: the collector who rang is asked whether contact may go on.
    const { system, taskId } = await anAccountToCall();
    await system.report(taskId, 'vulnerable', { by: 'anna' });
    await system.advance('P15D');
    const review = await system.task('case-review');

    // Act
    const refused = await system.outcome(review.taskId, 'approve', { by: 'anna' });
    const approved = await system.outcome(review.taskId, 'approve', { by: 'ben' });

    // Assess
    expect(refused).toMatchObject({ status: 422, json: { field: 'by', rule: 'PERSONS.CONTACT', title: 'A rule forbids this' } });
    expect(approved.status).toBe(200);
    expect((await system.journey()).timeline.some((entry) => entry.type === 'HoldReleased')).toBe(true);
  });

  it('an outcome for a task that closed meanwhile counts as a contact and changes nothing else', async () => {
    // Prepare
    const { system, taskId } = await anAccountToCall();
    await system.put('HoldPlaced', aHold({ placedAt: system.now() }));
    const before = await system.journey();

    // Act
    const late = await system.outcome(taskId, 'promise', { promises: [{ amount: cny('100.00'), date: '2026-03-10' }] });

    // Assess
    expect(late).toMatchObject({ status: 200, json: { status: 'closed', closeReason: 'held' } });
    const after = await system.journey();
    expect(after.timeline.slice(before.timeline.length)).toMatchObject([{ type: 'TaskOutcomeReported', late: true }]);
    expect(after).not.toHaveProperty('promise');
  });

  it.each(['hardship', 'dispute', 'complaint', 'vulnerable', 'deceased'])('the outcome "%s" holds the case', async (outcome) => {
    // Prepare
    const { system, taskId } = await anAccountToCall();
    const messages = system.outbox().length;

    // Act
    await system.report(taskId, outcome);
    await system.advance('P9D');

    // Assess
    const said = system.outbox().slice(messages);
    expect((await system.journey()).status).toBe('held');
    // Who cannot pay is answered: which papers would help. Nobody is asked for anything else.
    expect(said.map(({ template }) => template)).toEqual(outcome === 'hardship' ? ['hardship-documents'] : []);
  });

  it('a customer who says "deceased" of one account is left alone on all', async () => {
    // Prepare
    const { system, taskId } = await anAccountToCall();
    await system.put('AccountOverdue', anOverdue({ accountId: 'acc-2' }));

    // Act
    await system.report(taskId, 'deceased');

    // Assess
    expect((await system.journey('acc-2')).status).toBe('held');
  });

  it('a wrong number is not rung again', async () => {
    // Prepare
    const { system, taskId } = await anAccountToCall();

    // Act
    await system.report(taskId, 'wrong-number');
    await system.advance('P10D');

    // Assess
    expect(await system.tasks('call')).toEqual([]);
    expect(
      system
        .outbox()
        .slice(2)
        .every((message) => message.channel === 'email'),
    ).toBe(true);
  });

  it('a call that nobody works expires and is followed by the next', async () => {
    // Prepare
    const { system, taskId } = await anAccountToCall();

    // Act
    await system.advance('P5D');

    // Assess
    const closed = await system.tasks('call', 'closed');
    expect(closed.find((task) => task.taskId === taskId)).toMatchObject({ closeReason: 'expired' });
    expect(await system.tasks('call')).toHaveLength(1);
  });

  it('a request for an arrangement is answered with an offer in any stage', async () => {
    // Prepare
    const { system, taskId } = await anAccountToCall();

    // Act
    await system.report(taskId, 'plan-requested');
    await system.advance('PT6H');

    // Assess
    expect(system.outbox().at(-1)).toMatchObject({ template: 'plan-offer', stage: 'call' });
  });
});
