import { describe, expect, it } from 'vitest';
import { takeSnapshot } from '../simulation/snapshot.ts';
import { type ApiAnswer, aSystem, type Journey, type System } from './cloud.ts';
import { configured } from './configured.ts';
import { aCustomer, anOverdue, aPayment, aReversal, cny } from './events.ts';
import { anAccountToCall, types, walk } from './walk.ts';

interface TaskRead {
  readonly status: string;
  readonly assignee?: string;
  readonly claimedUntil?: string;
  readonly name?: string;
  readonly number?: string;
  readonly script?: {
    readonly script: string;
    readonly sections: readonly { readonly section: string; readonly lines: readonly { readonly text: string }[] }[];
  };
}

const read = (system: System, taskId: string, by?: string): Promise<ApiAnswer<TaskRead>> =>
  system.api('GET', `/tasks/${taskId}${by === undefined ? '' : `?by=${by}`}`);
const claim = (system: System, taskId: string, assignee: string): Promise<ApiAnswer<TaskRead>> =>
  system.api('POST', `/tasks/${taskId}/claim`, { assignee });

/** What was written down of who looked at a task, in order. */
async function looks(system: System, taskId: string) {
  return (await takeSnapshot(system.cloud)).items
    .filter(({ pk, sk }) => pk === `TASK#${taskId}` && sk.startsWith('LOOK#'))
    .map(({ what, by, assignee, personal }) => ({
      what,
      by,
      ...(assignee === undefined ? {} : { assignee }),
      personal: personal === true,
    }));
}

describe('a task and its claimant', () => {
  it('shows name, number and script to whoever has it and to nobody else, and every look is on record', async () => {
    // Prepare
    const { system, taskId } = await anAccountToCall();
    await claim(system, taskId, 'anna');

    // Act
    const anonymous = await read(system, taskId);
    const other = await read(system, taskId, 'bo');
    const own = await read(system, taskId, 'anna');
    await system.report(taskId, 'no-answer', { by: 'anna' });
    const after = await read(system, taskId, 'anna');

    // Assess
    for (const { json } of [anonymous, other, after])
      for (const member of ['name', 'number', 'address', 'script']) expect(json).not.toHaveProperty(member);
    expect(own.json).toMatchObject({ name: '王小明', number: '+8613800138000', script: { script: 'recover', locale: 'zh-CN' } });
    const said = (own.json.script?.sections ?? []).flatMap(({ lines }) => lines.map(({ text }) => text)).join('\n');
    expect(said).toContain('王小明');
    expect(said).toContain('6,250.00');
    expect(await looks(system, taskId)).toEqual(
      expect.arrayContaining([
        { what: 'claimed', by: 'anna', personal: false },
        { what: 'read', by: undefined, personal: false },
        { what: 'read', by: 'bo', personal: false },
        { what: 'read', by: 'anna', personal: true },
        { what: 'read', by: 'anna', personal: false },
      ]),
    );
    expect(await looks(system, taskId)).toHaveLength(5);
  });

  it('goes to one of two who claim at once', async () => {
    // Prepare
    const { system, taskId } = await anAccountToCall();

    // Act
    const answers = await Promise.all(['anna', 'bo'].map((person) => claim(system, taskId, person)));

    // Assess
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  it('loses it after half an hour without a sign, and keeps it by reading', async () => {
    // Prepare
    const { system, taskId } = await anAccountToCall();
    await claim(system, taskId, 'anna');

    // Act
    await system.advance('PT29M');
    const renewed = await read(system, taskId, 'anna');
    await system.advance('PT29M');
    const held = await claim(system, taskId, 'bo');
    await system.advance('PT2M');
    const free = (await read(system, taskId, 'anna')).json;
    const taken = await claim(system, taskId, 'bo');
    const late = await system.outcome(taskId, 'no-answer', { by: 'anna' });

    // Assess
    expect(renewed.json).toMatchObject({ name: '王小明' });
    expect(held.status).toBe(409);
    expect(free).not.toHaveProperty('assignee');
    expect(free).not.toHaveProperty('name');
    expect(taken).toMatchObject({ status: 200, json: { assignee: 'bo' } });
    expect(late.status).toBe(409);
  });

  it('keeps it by dialling', async () => {
    // Prepare
    const { system, taskId } = await anAccountToCall();
    await claim(system, taskId, 'anna');

    // Act
    await system.advance('PT25M');
    const attempt = await system.api('POST', `/tasks/${taskId}/attempts`, { by: 'anna' });
    await system.advance('PT25M');
    const other = await claim(system, taskId, 'bo');

    // Assess
    expect([attempt.status, other.status]).toEqual([200, 409]);
  });

  it('changes when a supervisor gives it to somebody else, while it is open', async () => {
    // Prepare
    const { system, taskId } = await anAccountToCall();
    await claim(system, taskId, 'anna');
    const reassign = (assignee: string) => system.api('POST', `/tasks/${taskId}/reassign`, { assignee, by: 'lead' });

    // Act
    const given = await reassign('bo');
    const before = await read(system, taskId, 'anna');
    const now = await read(system, taskId, 'bo');
    await system.report(taskId, 'no-answer', { by: 'bo' });
    const closed = await reassign('anna');

    // Assess
    expect(given).toMatchObject({ status: 200, json: { assignee: 'bo' } });
    expect(before.json).not.toHaveProperty('name');
    expect(now.json).toMatchObject({ name: '王小明' });
    expect(closed.status).toBe(409);
    expect(await looks(system, taskId)).toContainEqual({ what: 'reassigned', by: 'lead', assignee: 'bo', personal: false });
  });
});

describe('a reason for arrears', () => {
  it('in words of its own is kept beside the timeline, which has a code', async () => {
    // Prepare
    const { system, taskId } = await anAccountToCall();

    // Act
    await system.report(taskId, 'reached-no-commitment', { reasonForArrears: 'his brother has the card', notes: 'calm' });

    // Assess
    const reported = (await system.journey()).timeline.find((entry) => entry.type === 'TaskOutcomeReported');
    expect(reported).toMatchObject({ reasonForArrears: 'other', notesRef: expect.any(String) });
    const notes = (await takeSnapshot(system.cloud)).items.filter(({ sk }) => sk.startsWith('NOTES#'));
    expect(notes.map(({ notes: text }) => text)).toEqual(['calm\n{"reasonForArrears":"his brother has the card"}']);
  });

  it('that is technical brings a message at once, and unemployment a call that asks about hardship', async () => {
    // Prepare
    const { system, taskId } = await anAccountToCall();
    const sent = system.outbox().length;

    // Act
    await system.report(taskId, 'reached-no-commitment', { reasonForArrears: 'technical' });
    await system.advance('PT12H');
    const written = system.outbox().length - sent;
    await walk(system, { answers: {}, until: (journey) => journey.timeline.filter((entry) => entry.type === 'TaskOpened').length === 2 });
    await system.report((await system.task('call')).taskId, 'reached-no-commitment', { reasonForArrears: 'unemployment' });
    await walk(system, { answers: {}, until: (journey) => journey.timeline.filter((entry) => entry.type === 'TaskOpened').length === 3 });

    // Assess
    expect(written).toBe(1);
    expect(await system.task('call')).toMatchObject({
      objective: 'understand-hardship',
      facts: { track: 'hardship', reasonForArrears: 'unemployment', priorityWhy: expect.stringContaining('understand-hardship') },
    });
  });
});

describe('a promise', () => {
  it('that a payment kept is broken by its reversal after the day, and the case goes on where it was', async () => {
    // Prepare
    const { system, taskId } = await anAccountToCall();
    await system.report(taskId, 'promise', { promises: [{ amount: cny('500.00'), date: '2026-03-09' }] });
    await system.advanceTo('2026-03-08T02:00:00Z');
    await system.put('PaymentReceived', aPayment({ amount: cny('500.00'), paidAt: '2026-03-08T01:30:00Z' }));
    const kept = await system.journey();
    await system.advanceTo('2026-03-12T02:00:00Z');
    const stage = (await system.journey()).stage;

    // Act
    await system.put('PaymentReversed', aReversal({ reversedAt: '2026-03-12T01:50:00Z', reason: 'charged-back' }));

    // Assess
    const after = await system.journey();
    expect(kept.promise).toMatchObject({ status: 'kept' });
    expect(after.promise).toMatchObject({ status: 'broken' });
    expect(after.stage).toBe(stage);
    expect(types(after).filter((type) => type === 'PromiseKept' || type === 'PromiseBroken')).toEqual(['PromiseKept', 'PromiseBroken']);
  });
});

describe('a budget of one call a day', () => {
  it('is kept by accounts that come at once; who is left out gets a message, and the timeline says why', async () => {
    // Prepare
    const system = await aSystem({ assembly: configured({ capacity: { call: 1 } }) });
    const ids = ['acc-1', 'acc-2', 'acc-3'];
    for (const [index, accountId] of ids.entries()) {
      await system.put('CustomerUpdated', aCustomer({ customerId: `cus-${index + 1}` }));
      await system.put('AccountOverdue', anOverdue({ accountId, customerId: `cus-${index + 1}`, dueDate: '2026-02-20' }));
    }

    // Act
    await system.advanceTo('2026-03-03T15:00:00Z');

    // Assess
    const journeys: Journey[] = [];
    for (const accountId of ids) journeys.push(await system.journey(accountId));
    const called = journeys.filter((journey) => types(journey).includes('TaskOpened'));
    const left = journeys.filter((journey) => types(journey).includes('TaskForgone'));
    expect([called.length, left.length]).toEqual([1, 2]);
    for (const journey of left) {
      expect(journey.timeline.find((entry) => entry.type === 'TaskForgone')).toMatchObject({
        budget: 1,
        why: expect.stringContaining('CNY 6250.00 overdue x'),
      });
      expect(journey.timeline.some((entry) => entry.type === 'ContactReserved' && entry.stage === 'call')).toBe(true);
    }
    expect((await system.task('call')).facts).toMatchObject({ worth: expect.stringContaining('CNY') });
  });
});
