import { describe, expect, it } from 'vitest';
import { bearer } from './callers.ts';
import { aSystem, type System } from './cloud.ts';
import { aCustomer, aHold, anOverdue, cny } from './events.ts';

/** What a customer asks for through the bank's portal, with a token of their own or by a system of the bank. */

interface Asked {
  readonly requestId: string;
  readonly state: string;
  readonly offerId?: string;
  readonly rule?: string;
  readonly field?: string;
  readonly months?: number;
}

const PATH = '/accounts/acc-1/plan-requests';
const LONG = { requestId: 'r-1', kind: 'instalments', months: 24 };

const customer = (customerId: string) => bearer({ sub: `login-of-${customerId}`, scope: 'customer', customer_id: customerId });
const person = (sub: string, scope: string) => bearer({ sub, scope });

async function aCase(options: Parameters<typeof aSystem>[0] = {}): Promise<System> {
  const system = await aSystem(options);
  await system.put('CustomerUpdated', aCustomer());
  await system.put('AccountOverdue', anOverdue());
  return system;
}

const ask = (system: System, body: object) => system.api<Asked>('POST', PATH, body);
const offersOf = async (system: System) =>
  (await system.api<{ offers: { offerId: string; instalments: unknown[] }[] }>('GET', '/accounts/acc-1/plan-offers')).json.offers;
const requestIn = async (system: System) => (await system.journey()) as unknown as { planRequest?: Asked; next: { why: string } };

describe('a request for an arrangement', () => {
  it('opens a review, and what is approved is offered, agreed and told of', async () => {
    // Prepare
    const system = await aCase();
    const before = await offersOf(system);

    // Act
    const asked = await ask(system, { ...LONG, amountPerMonth: cny('300.00'), reasonForArrears: 'illness' });
    const waiting = await requestIn(system);
    const task = await system.task('plan-review');
    await system.report(task.taskId, 'approve', { by: 'supervisor-1' });
    const approved = await requestIn(system);
    const repeated = await ask(system, { ...LONG, amountPerMonth: cny('300.00'), reasonForArrears: 'illness' });
    const { offerId } = repeated.json;
    const body = { offerId, agreedAt: system.now(), channel: 'app' };
    const agreed = await system.api('POST', '/accounts/acc-1/plans', body);

    // Assess
    expect(asked).toMatchObject({ status: 200, json: { requestId: 'r-1', state: 'in-review', kind: 'instalments', months: 24 } });
    expect(waiting.planRequest).toMatchObject({ requestId: 'r-1', state: 'in-review' });
    expect(waiting.next.why).toContain('is being looked at');
    expect(task).toMatchObject({
      objective: 'approve-plan',
      facts: { subject: 'long-instalments-24', asks: { requestId: 'r-1', reasonForArrears: 'illness', perMonth: cny('300.00') } },
    });
    expect(before.map((offer) => offer.instalments.length)).toEqual([3, 6, 12]);
    expect(approved.planRequest).toMatchObject({ state: 'approved' });
    expect(repeated).toMatchObject({
      status: 200,
      json: { state: 'approved', offerId: expect.any(String), validUntil: expect.any(String) },
    });
    expect(agreed).toMatchObject({ status: 200, json: { status: 'arranged' } });
    expect((await requestIn(system)).planRequest).toMatchObject({ state: 'agreed' });
  });

  it('that is declined says so to whoever asks, and calls go on', async () => {
    // Prepare
    const system = await aCase();
    await ask(system, LONG);

    // Act
    await system.report((await system.task('plan-review')).taskId, 'reject', { by: 'supervisor-1' });

    // Assess
    const { planRequest, next } = await requestIn(system);
    expect(planRequest).toMatchObject({ state: 'declined', decidedAt: system.now() });
    expect(next.why).toContain('An arrangement that the customer asked for was declined');
    expect(await ask(system, LONG)).toMatchObject({ status: 200, json: { state: 'declined' } });
    expect(await ask(system, { ...LONG, requestId: 'r-2' })).toMatchObject({ status: 409, json: { rule: 'PLAN.DECLINED', field: 'kind' } });
  });

  it.each([
    ['approve', 'plan-request-approved', '分24期还款'],
    ['reject', 'plan-request-declined', '未能批准'],
  ])('that a person decides on (%s) is answered by one message', async (outcome, template, words) => {
    // Prepare
    const system = await aCase();
    await ask(system, LONG);

    // Act
    const { taskId } = await system.task('plan-review');
    await system.report(taskId, outcome, { by: 'supervisor-1' });
    await system.report(taskId, outcome, { by: 'supervisor-1' });
    await system.advance('P4D');

    // Assess
    const answers = system.outbox().filter((message) => message.template?.startsWith('plan-request-'));
    expect(answers).toMatchObject([{ template, accountId: 'acc-1' }]);
    expect(answers[0]?.body).toContain(words);
  });

  it('is one however often it is sent, and another with the same id is refused', async () => {
    // Prepare
    const system = await aCase();

    // Act
    const answers = await Promise.all(Array.from({ length: 5 }, () => ask(system, LONG)));
    const others = await Promise.all(['r-2', 'r-3', 'r-4'].map((requestId) => ask(system, { ...LONG, requestId })));
    const reused = await ask(system, { ...LONG, months: 36 });

    // Assess
    expect(answers.map(({ status, json }) => [status, json.state])).toEqual(answers.map(() => [200, 'in-review']));
    expect(others.map(({ status, json }) => [status, json.rule])).toEqual(others.map(() => [409, 'PLAN.IN_REVIEW']));
    expect(reused.status).toBe(409);
    expect(await system.tasks('plan-review')).toHaveLength(1);
    expect((await system.journey()).timeline.filter(({ type }) => type === 'PlanRequested')).toHaveLength(1);
  });

  it('of two at the same instant is one', async () => {
    // Prepare
    const system = await aCase();

    // Act
    const both = await Promise.all([ask(system, LONG), ask(system, { requestId: 'r-2', kind: 'instalments', months: 36 })]);

    // Assess
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(await system.tasks('plan-review')).toHaveLength(1);
  });

  it('for what may be agreed at once is answered with the offer', async () => {
    const system = await aCase();
    const asked = await ask(system, { requestId: 'r-1', kind: 'instalments', amountPerMonth: cny('600.00') });
    expect(asked).toMatchObject({ status: 200, json: { state: 'offered', months: 12, offerId: expect.any(String) } });
    expect((await offersOf(system)).map(({ offerId }) => offerId)).toContain(asked.json.offerId);
    expect(await system.tasks('plan-review')).toEqual([]);
  });

  it.each<[string, object, number, string | undefined, string | undefined]>([
    ['without an id', { ...LONG, requestId: undefined }, 400, 'requestId', undefined],
    ['for a kind that there is not', { ...LONG, kind: 'gift' }, 400, 'kind', undefined],
    ['for half a month', { ...LONG, months: 1.5 }, 400, 'months', undefined],
    ['with a reason in words', { ...LONG, reasonForArrears: 'my wife left' }, 400, 'reasonForArrears', undefined],
    ['for months that nobody offers', { ...LONG, months: 7 }, 422, 'months', 'PLAN.MONTHS'],
    ['for a settlement too early', { requestId: 'r-1', kind: 'settlement' }, 422, 'kind', 'PLAN.KIND'],
    ['for too little', { requestId: 'r-1', kind: 'instalments', amountPerMonth: cny('10.00') }, 422, 'amountPerMonth', 'PLAN.AMOUNT'],
    ['in euros', { ...LONG, amountPerMonth: { amount: '300.00', currency: 'EUR' } }, 422, 'amountPerMonth.currency', undefined],
  ])('%s is refused with its field, and nothing is written', async (_what, body, status, field, rule) => {
    const system = await aCase();
    const before = (await system.snapshot()).items;
    const answer = await ask(system, body);
    expect([answer.status, answer.json.field, answer.json.rule]).toEqual([status, field, rule]);
    expect((await system.snapshot()).items).toEqual(before);
  });

  it('is not to be had for an account without a journey, or of a customer who died', async () => {
    const system = await aCase();
    expect((await system.api('POST', '/accounts/acc-9/plan-requests', LONG)).status).toBe(404);
    await system.put('HoldPlaced', aHold({ kind: 'deceased' }));
    expect(await ask(system, LONG)).toMatchObject({ status: 409, json: { rule: 'PLAN.NONE' } });
  });
});

describe('the token of a customer', () => {
  it("asks for the customer's own accounts, in nobody's name, and sees what became of it", async () => {
    // Prepare
    const system = await aCase({ authorization: true });
    await system.put('AccountOverdue', anOverdue({ accountId: 'acc-2', customerId: 'cus-2' }));
    const own = customer('cus-1');

    // Act
    const asked = await system.apiAs<Asked>(own, 'POST', PATH, { ...LONG, by: 'anna' });
    const foreign = await system.apiAs(own, 'POST', '/accounts/acc-2/plan-requests', LONG);
    const counsel = await system.apiAs(person('carl', 'counsel'), 'POST', PATH, { ...LONG, requestId: 'r-2' });
    const { taskId } = await system.task('plan-review');
    const review = await system.apiAs(own, 'POST', `/tasks/${taskId}/outcome`, { outcome: 'approve' });
    const seen = await system.apiAs<Record<string, unknown>>(own, 'GET', '/accounts/acc-1/journey');

    // Assess
    expect(asked).toMatchObject({ status: 200, json: { state: 'in-review' } });
    expect(foreign).toMatchObject({ status: 403, json: { rule: 'SCOPE.OWN_ACCOUNTS' } });
    expect([counsel.status, review.status]).toEqual([403, 403]);
    const entry = (await system.journey()).timeline.find(({ type }) => type === 'PlanRequested');
    expect(entry).not.toHaveProperty('by');
    expect(seen.json).toMatchObject({ planRequest: { requestId: 'r-1', state: 'in-review' } });
    expect(JSON.stringify(seen.json)).not.toContain('login-of');
  });

  it('places a hold for hardship and gets no years by that: a person is asked first', async () => {
    // Prepare
    const system = await aCase({ authorization: true });
    const own = customer('cus-1');

    // Act
    const hold = { holdId: 'h-1', kind: 'hardship-review' };
    const held = await system.apiAs(own, 'POST', '/accounts/acc-1/holds', hold);
    const offers = await system.apiAs<{ offers: { instalments: unknown[] }[] }>(own, 'GET', '/accounts/acc-1/plan-offers');
    const asked = await system.apiAs<Asked>(own, 'POST', PATH, LONG);

    // Assess
    expect(held.status).toBe(200);
    expect(Math.max(...offers.json.offers.map(({ instalments }) => instalments.length))).toBe(12);
    expect(asked).toMatchObject({ status: 200, json: { state: 'in-review' } });
    expect(await system.task('plan-review')).toMatchObject({ objective: 'approve-plan' });
  });

  it('of a collector who asks for the customer puts their name to it, and the same person does not approve', async () => {
    const system = await aCase({ authorization: true });
    await system.apiAs(person('anna', 'collector'), 'POST', PATH, { ...LONG, by: 'somebody else' });
    const { taskId, facts } = await system.task('plan-review');
    expect(facts.asks).toMatchObject({ requestedBy: 'anna' });
    const self = await system.apiAs(person('anna', 'supervisor'), 'POST', `/tasks/${taskId}/outcome`, { outcome: 'approve' });
    expect(self).toMatchObject({ status: 422, json: { rule: 'PERSONS.REQUESTER' } });
  });
});
