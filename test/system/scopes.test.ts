import { describe, expect, it } from 'vitest';
import { ROUTE_SCOPES, type Scope, taskScopes } from '../../functions/contract/scopes.ts';
import { bearer } from './callers.ts';
import { aSystem, type Journey, type System } from './cloud.ts';
import { aBalance, aCustomer, anOverdue, cny } from './events.ts';
import { walk } from './walk.ts';

/** People and customers with tokens, on the embedded cloud with `AUTH=on`. */

interface Problem {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly rule?: string;
  readonly field?: string;
}

/** A person of the bank by name and scopes. */
const person = (sub: string, ...scopes: readonly Scope[]) => bearer({ sub, scope: scopes.join(' ') });
const customer = (customerId: string) => bearer({ sub: `login-of-${customerId}`, scope: 'customer', customer_id: customerId });

/** One account of each of two customers, the first with a call to make. */
async function aBank(): Promise<{ system: System; taskId: string }> {
  const system = await aSystem({ authorization: true });
  await system.put('CustomerUpdated', aCustomer());
  await system.put('AccountOverdue', anOverdue());
  await walk(system, { until: (journey) => journey.timeline.some(({ type }) => type === 'TaskOpened') });
  await system.put('AccountOverdue', anOverdue({ accountId: 'acc-2', customerId: 'cus-2' }));
  const { taskId } = await system.task('call');
  return { system, taskId };
}

describe('a token', () => {
  it('opens what its scopes say, and what nobody gave it is refused by name', async () => {
    // Prepare
    const { system, taskId } = await aBank();
    const all = ['collector', 'supervisor', 'approver', 'counsel'] as const;
    const requests: readonly (readonly [route: string, path: string, body?: object])[] = [
      ['GET /accounts/{accountId}/journey', '/accounts/acc-1/journey'],
      ['GET /accounts/{accountId}/plan-offers', '/accounts/acc-1/plan-offers'],
      ['GET /tasks', '/tasks?queue=call'],
      ['GET /tasks/{taskId}', `/tasks/${taskId}`],
      ['GET /stops', '/stops'],
      ['POST /stops/{stopId}/lift', '/stops/none/lift', {}],
      ['POST /contacts/check', '/contacts/check', { customerId: 'cus-1', channel: 'sms' }],
    ];
    for (const [route, path, body] of requests) {
      for (const scope of all) {
        // Act
        const { status } = await system.apiAs(person('anna', scope), route.split(' ')[0] ?? '', path, body);
        // Assess: at the edge nobody says why; a task is looked at more closely.
        const wanted = route === 'GET /tasks/{taskId}' ? taskScopes('call', 'recover') : (ROUTE_SCOPES[route] ?? []);
        expect({ route, scope, refused: status === 403 }).toEqual({ route, scope, refused: !wanted.includes(scope) });
      }
    }
  });

  it('without a scope, or without a name, opens nothing', async () => {
    const { system } = await aBank();
    const path = '/accounts/acc-1/journey';
    expect((await system.apiAs(bearer({ sub: 'anna' }), 'GET', path)).status).toBe(403);
    expect((await system.apiAs(bearer({ sub: 'anna', scope: 'admin' }), 'GET', path)).status).toBe(403);
    expect((await system.apiAs({}, 'GET', path)).status).toBe(403);
    expect((await system.apiAs(bearer({ scope: 'supervisor' }), 'GET', path)).json).toMatchObject({ rule: 'TOKEN.SUBJECT' });
    expect((await system.apiAs(bearer({ scope: 'supervisor', sub: 'anna', iss: 'https://else.example' }), 'GET', path)).status).toBe(401);
  });

  it('names who acts: what the body says of it does not count', async () => {
    // Prepare
    const { system, taskId } = await aBank();
    // Act
    const claimed = await system.apiAs(person('anna', 'collector'), 'POST', `/tasks/${taskId}/claim`, { assignee: 'ben' });
    const body = { outcome: 'no-answer', by: 'ben' };
    await system.apiAs(person('anna', 'collector'), 'POST', `/tasks/${taskId}/outcome`, body);
    // Assess
    expect(claimed).toMatchObject({ status: 200, json: { assignee: 'anna' } });
    expect((await system.journey()).timeline.find(({ type }) => type === 'TaskOutcomeReported')).toMatchObject({ by: 'anna' });
  });

  it('turns no malformed id into a fault of ours', async () => {
    const { system } = await aBank();
    const tooLong = 'x'.repeat(3000);
    for (const path of [`/accounts/${tooLong}/journey`, `/tasks/${tooLong}`])
      expect(await system.apiAs(person('anna', 'collector'), 'GET', path)).toMatchObject({ status: 400 });
    expect((await system.apiAs(customer('cus-1'), 'GET', `/accounts/${tooLong}/journey`)).status).toBe(403);
  });

  it('opens a task to those whose task it is', async () => {
    const { system, taskId } = await aBank();
    const refused = await system.apiAs<Problem>(person('carl', 'counsel'), 'POST', `/tasks/${taskId}/outcome`, { outcome: 'no-answer' });
    expect(refused).toMatchObject({ status: 403, json: { rule: 'SCOPE.TASK', title: 'Not allowed' } });
    expect(refused.json.detail).toContain('collector, supervisor');
    const released = await system.apiAs(person('carl', 'counsel'), 'POST', `/tasks/${taskId}/release`, {});
    expect(released).toMatchObject({ status: 403, json: { rule: 'SCOPE.TASK' } });
    expect((await system.apiAs(person('carl', 'counsel'), 'GET', '/tasks/none')).status).toBe(404);
  });
});

it('of a collector does not open what is confidential: neither the account nor its tasks', async () => {
  // Prepare
  const system = await aSystem({ authorization: true });
  await system.put('CustomerUpdated', aCustomer());
  await system.put('AccountOverdue', anOverdue({ flags: ['staff'] }));
  await walk(system, { until: (journey) => journey.timeline.some(({ type }) => type === 'TaskOpened') });
  const { taskId, facts } = await system.task('call');
  // Act
  const read = (scope: Scope, path: string) => system.apiAs<Problem>(person('anna', scope), 'GET', path);
  const [journey, task] = [await read('collector', '/accounts/acc-1/journey'), await read('collector', `/tasks/${taskId}`)];
  const listed = async (scope: Scope) => {
    const { json } = await system.apiAs<{ tasks: unknown[] }>(person('anna', scope), 'GET', '/tasks?queue=call');
    return json.tasks.length;
  };
  const check = (scope: Scope, about: object) =>
    system.apiAs<Problem>(person('anna', scope), 'POST', '/contacts/check', { customerId: 'cus-1', channel: 'sms', ...about });
  // Assess
  for (const about of [{}, { accountId: 'acc-1' }]) {
    expect(await check('collector', about)).toMatchObject({ status: 403, json: { rule: 'SCOPE.CONFIDENTIAL' } });
    expect((await check('supervisor', about)).status).toBe(200);
  }
  expect(facts).toMatchObject({ confidential: true });
  expect(journey).toMatchObject({ status: 403, json: { rule: 'SCOPE.CONFIDENTIAL' } });
  expect(task).toMatchObject({ status: 403, json: { rule: 'SCOPE.TASK' } });
  const released = await system.apiAs(person('anna', 'collector'), 'POST', `/tasks/${taskId}/release`, {});
  expect(released).toMatchObject({ status: 403, json: { rule: 'SCOPE.TASK' } });
  expect([await listed('collector'), await listed('supervisor')]).toEqual([0, 1]);
  expect((await read('supervisor', '/accounts/acc-1/journey')).status).toBe(200);
  expect((await read('supervisor', `/tasks/${taskId}`)).status).toBe(200);
});

describe("a customer's token", () => {
  it('opens their own accounts and no others, whether those exist or not', async () => {
    // Prepare
    const { system } = await aBank();
    const read = (accountId: string, token = customer('cus-1')) => system.apiAs<Problem>(token, 'GET', `/accounts/${accountId}/journey`);
    // Act
    const [own, others, unknown, nobodys] = [
      await read('acc-1'),
      await read('acc-2'),
      await read('acc-9'),
      await read('acc-1', bearer({ sub: 'x', scope: 'customer' })),
    ];
    // Assess
    expect(own.status).toBe(200);
    expect(others).toMatchObject({ status: 403, json: { rule: 'SCOPE.OWN_ACCOUNTS' } });
    expect(unknown).toEqual(others);
    expect(nobodys).toEqual(others);
    expect((await system.apiAs(customer('cus-1'), 'GET', '/tasks?queue=call')).status).toBe(403);
  });

  it('shows what they owe and what was agreed, and nothing of how the bank thinks of them', async () => {
    // Prepare
    const { system } = await aBank();
    for (const kind of ['fraud', 'complaint'])
      await system.put('HoldPlaced', { holdId: `h-${kind}`, accountId: 'acc-1', kind, placedAt: system.now() });
    // Act
    const { json } = await system.apiAs<Journey>(customer('cus-1'), 'GET', '/accounts/acc-1/journey');
    // Assess
    const bank = await system.journey();
    expect(json).toMatchObject({ accountId: 'acc-1', status: 'held', overdue: cny('6250.00'), balance: cny('18600.00') });
    expect(json).toMatchObject({ holds: [{ kind: 'complaint' }] });
    expect(bank).toMatchObject({ holds: [{ kind: 'fraud' }, { kind: 'complaint' }] });
    for (const member of ['stage', 'track', 'score', 'pressure', 'next', 'limitation']) expect(json).not.toHaveProperty(member);
    expect(bank).toHaveProperty('score');
    expect(json).toHaveProperty('recovery.nextReportOn', '2026-03-25');
    const types = new Set(json.timeline.map(({ type }) => type));
    expect(types).toEqual(new Set(['AccountOverdue', 'ContactSent']));
    expect(json.timeline[0]).not.toHaveProperty('risk');
    expect(json.timeline.every((entry) => bank.timeline.some(({ seq }) => seq === entry.seq))).toBe(true);
  });

  it('opens no case of an earlier customer of the account', async () => {
    // Prepare
    const { system } = await aBank();
    const { caseId } = await system.journey();
    await system.put('BalanceUpdated', aBalance({ overdue: cny('0.00'), asOf: system.now() }));
    await system.advance('PT1H');
    const read = (query = '') => system.apiAs<Problem & Journey>(customer('cus-2'), 'GET', `/accounts/acc-1/journey${query}`);

    // Act: first nothing is overdue for the new customer, then something is.
    await system.put('CustomerUpdated', aCustomer({ customerId: 'cus-2' }));
    await system.put(
      'AccountOverdue',
      anOverdue({ customerId: 'cus-2', overdue: cny('5.00'), minimumDue: cny('5.00'), asOf: system.now() }),
    );
    const latest = await read();
    await system.advance('PT1H');
    await system.put('AccountOverdue', anOverdue({ customerId: 'cus-2', asOf: system.now() }));
    const [earlier, own] = [await read(`?caseId=${caseId}`), await read()];

    // Assess
    expect([latest.status, earlier.status, own.status]).toEqual([404, 404, 200]);
    expect(own.json.caseId).not.toBe(caseId);
  });

  it('agrees an arrangement, and places the holds that are a customer’s to place, from now on', async () => {
    // Prepare
    const { system } = await aBank();
    const token = customer('cus-1');
    const place = (body: object) => system.apiAs<Problem>(token, 'POST', '/accounts/acc-1/holds', { holdId: 'h-1', ...body });
    const { json } = await system.apiAs<{ offers: { offerId: string }[] }>(token, 'GET', '/accounts/acc-1/plan-offers');
    const agree = (agreedAt: string) =>
      system.apiAs<Problem>(token, 'POST', '/accounts/acc-1/plans', { offerId: json.offers[0]?.offerId, agreedAt, channel: 'app' });
    // Act and assess
    expect(await place({ kind: 'fraud' })).toMatchObject({ status: 422, json: { field: 'kind' } });
    const expiresAt = '2026-06-01T00:00:00Z';
    expect(await place({ kind: 'dispute', expiresAt })).toMatchObject({ status: 422, json: { field: 'expiresAt' } });
    expect(await place({ kind: 'dispute', placedAt: '2026-02-01T00:00:00Z' })).toMatchObject({ status: 422, json: { field: 'placedAt' } });
    expect(await agree('2026-03-01T00:00:00Z')).toMatchObject({ status: 422, json: { field: 'agreedAt' } });
    expect(await agree(system.now())).toMatchObject({ status: 200, json: { status: 'arranged' } });
    expect(await place({ kind: 'hardship-review' })).toMatchObject({ status: 200, json: { kind: 'hardship-review' } });
    expect((await place({ kind: 'hardship-review' })).status).toBe(200);
    expect((await place({ kind: 'hardship-review', holdId: 'h-2' })).status).toBe(409);
    expect((await place({ kind: 'dispute', holdId: 'h-3' })).status).toBe(200);
    const { json: seen } = await system.apiAs<Journey>(token, 'GET', '/accounts/acc-1/journey');
    expect(seen).toMatchObject({ status: 'held', holds: [{ kind: 'hardship-review' }, { kind: 'dispute' }], plan: { status: 'active' } });
  });
});
