import { describe, expect, it } from 'vitest';
import { type Api, Desk } from '../../demo/desk.ts';
import { type Report, reviewOutcome } from '../../demo/desk-script.ts';
import { anApi, MORNING, many, neverAsked, ok } from './desks.ts';

describe('the desk on arrangements', () => {
  const plan = (offerId: string, givesUp?: string) => ({
    offerId,
    kind: 'instalments',
    ...(givesUp === undefined ? {} : { needs: { givesUp: { amount: givesUp, currency: 'TWD' } } }),
  });
  const dialled =
    (api: Api): Api =>
    async (method, path, body) => {
      const answer = await api(method, path, body);
      return path.endsWith('/attempts') ? ok({ attemptId: 'a-1' }) : answer;
    };
  const calls = many('call', 'agree-a-plan').map((task, index) => ({ ...task, accountId: `uci-${index}` }));
  const offersOf = (offers: unknown) =>
    Object.fromEntries(calls.map(({ accountId }) => [`/accounts/${accountId}/plan-offers`, ok(offers)]));

  it('agrees one of what is offered at once, and asks for one that needs an approval only where that gives nothing up', async () => {
    // Prepare
    const offers = { offers: [plan('o-1'), plan('o-2')], onRequest: [plan('waives', '10.00'), plan('longer', '0.00')] };
    const { api, asked } = anApi({ '/tasks?queue=call&status=open': ok({ tasks: calls }), ...offersOf(offers) });
    const desk = new Desk(dialled(api), neverAsked);
    // Act
    await desk.round(MORNING);
    // Assess
    const wanted = asked.flatMap(([, body]) => (body as Partial<Report>).planOfferId ?? []);
    const agreed = asked.filter(([path]) => path.endsWith('/plans')).map(([, body]) => body as { offerId: string; channel: string });
    expect(new Set(wanted)).toEqual(new Set(['longer']));
    expect(new Set(agreed.map(({ offerId }) => offerId))).toEqual(new Set(['o-1', 'o-2']));
    expect(desk.work).toMatchObject({ plansAskedForApproval: wanted.length, plansAgreed: agreed.length });
    expect(desk.work.plansAsked).toBeGreaterThan(wanted.length + agreed.length);
    expect(desk.problems).toEqual([]);
  });

  it.each([
    [
      'the day on which they last paid',
      [
        { type: 'AccountOverdue', dueDate: '2005-04-20' },
        { type: 'PaymentReceived', paidAt: '2005-05-03T20:00:00Z' },
      ],
      '2005-06-04',
    ],
    ['the day of their statements, where no payment is known', [{ type: 'AccountOverdue', dueDate: '2005-04-20' }], '2005-05-20'],
    ['the last day of a month that is too short', [{ type: 'PaymentReceived', paidAt: '2005-03-31T04:00:00Z' }], '2005-05-31'],
  ])('has instalments begin on %s', async (_what, timeline, date) => {
    // Prepare: of the usual offers and of those from the day that the customer names.
    const window = { firstDue: { from: '2005-05-13', to: '2005-06-12' } };
    const both = calls.flatMap(({ accountId }) => {
      const path = `/accounts/${accountId}/plan-offers`;
      return [
        [path, ok({ ...window, offers: [plan('usual')], onRequest: [] })],
        [`${path}?firstDueOn=${date}`, ok({ ...window, offers: [plan('named')], onRequest: [] })],
        [`/accounts/${accountId}/journey`, ok({ timeline })],
      ];
    });
    const { api, asked } = anApi({ '/tasks?queue=call&status=open': ok({ tasks: calls }), ...Object.fromEntries(both) });
    // Act
    await new Desk(dialled(api), neverAsked).round(MORNING);
    // Assess
    const agreed = asked.filter(([path]) => path.endsWith('/plans')).map(([, body]) => (body as { offerId: string }).offerId);
    expect(new Set(agreed)).toEqual(new Set(['named']));
  });

  it('agrees what was asked for once it is approved, and rejects what is off the table', async () => {
    // Prepare: what is asked for first, and its approval after.
    const asks = { offers: [plan('o-1')], onRequest: [plan('longer', '0.00')] };
    const { api, asked } = anApi({ '/tasks?queue=call&status=open': ok({ tasks: calls }), ...offersOf(asks) });
    let current = dialled(api);
    const desk = new Desk((method, path, body) => current(method, path, body), neverAsked);
    await desk.round(MORNING);
    const wanted = asked.filter(([, body]) => (body as Partial<Report>).planOfferId !== undefined).map(([path]) => path.split('/')[2]);
    const reviews = calls
      .filter(({ taskId }) => wanted.includes(taskId))
      .map((task) => ({ ...task, taskId: `${task.taskId}-r`, queue: 'plan-review', objective: 'approve-plan' }));
    const approving = reviews.filter((task) => reviewOutcome(task)?.outcome === 'approve');
    const gone = approving[0];
    const after = anApi({
      '/tasks?queue=plan-review&status=open': ok({ tasks: reviews }),
      ...offersOf({ offers: [plan('o-1'), plan('longer')], onRequest: [] }),
    });
    current = async (method, path, body) => {
      const answer = await after.api(method, path, body);
      const isGone = path === `/tasks/${gone?.taskId}/outcome` && (body as Report).outcome === 'approve';
      return isGone ? { status: 409, json: {} } : answer;
    };
    // Act
    await desk.round(MORNING + 1);
    // Assess
    const agreed = after.asked.filter(([path]) => path.endsWith('/plans'));
    const outcomes = after.asked.flatMap(([path, body]) => (path === `/tasks/${gone?.taskId}/outcome` ? (body as Report).outcome : []));
    expect(new Set(agreed.map(([, body]) => (body as { offerId: string }).offerId))).toEqual(new Set(['longer']));
    expect(agreed.length).toBeGreaterThan(0);
    expect(agreed.length).toBeLessThan(approving.length);
    expect(agreed.map(([path]) => path)).not.toContain(`/accounts/${gone?.accountId}/plans`);
    expect(outcomes).toEqual(['approve', 'reject']);
    expect(desk.problems).toEqual([]);
  });
});
