import { describe, expect, it } from 'vitest';
import type { System } from './cloud.ts';
import { aPayment, cny } from './events.ts';
import { anAccountToCall, types } from './walk.ts';

describe('a promise', () => {
  const promise = (amount: string, date: string) => ({ promises: [{ amount: cny(amount), date }] });

  it('is reminded of on the day before and nothing else, and kept by a payment', async () => {
    // Prepare
    const { system, taskId } = await anAccountToCall();
    const messages = system.collected().length;

    // Act
    await system.report(taskId, 'promise', promise('3000.00', '2026-03-12'));
    await system.advanceTo('2026-03-12T01:00:00Z');
    const reminded = system.collected().slice(messages);
    await system.put('PaymentReceived', aPayment({ amount: cny('3000.00'), paidAt: system.now() }));

    // Assess
    expect(reminded).toMatchObject([{ template: 'promise-tomorrow' }]);
    const journey = await system.journey();
    expect(journey).toMatchObject({ status: 'open', promise: { status: 'kept', date: '2026-03-12' }, overdue: { amount: '3250.00' } });
    expect(system.said()).toEqual(expect.arrayContaining(['PromiseRecorded', 'PromiseKept']));
    await system.advance('P2D');
    expect(await system.tasks('call')).toHaveLength(1);
  });

  it.each([
    ['broken', undefined, 'broken'],
    ['part-kept', '1000.00', 'part-kept'],
  ])('that is not kept by the end of its day of grace is %s, and the calls go on', async (_name, paid, status) => {
    // Prepare
    const { system, taskId } = await anAccountToCall();
    await system.report(taskId, 'promise', promise('3000.00', '2026-03-12'));
    if (paid !== undefined) await system.put('PaymentReceived', aPayment({ amount: cny(paid), paidAt: system.now() }));

    // Act
    await system.advanceTo('2026-03-13T15:59:00Z');
    const graced = await system.journey();
    await system.advance('PT2M');
    const broken = await system.journey();
    await system.advance('P1D');

    // Assess
    expect(graced.promise?.status).toBe('open');
    expect(broken.promise?.status).toBe(status);
    expect(system.said()).toContain('PromiseBroken');
    expect(await system.tasks('call')).toHaveLength(1);
  });
});

describe('an arrangement', () => {
  async function arranged(): Promise<System> {
    const { system } = await anAccountToCall();
    const { json } = await system.api<{ offers: { offerId: string }[] }>('GET', '/accounts/acc-1/plan-offers');
    await system.api('POST', '/accounts/acc-1/plans', { offerId: json.offers[0]?.offerId, agreedAt: system.now(), channel: 'app' });
    return system;
  }

  it('begins on the day that the customer named, which is not found unpaid before', async () => {
    // Prepare
    const { system } = await anAccountToCall();
    interface Seen {
      readonly firstDue: { readonly on: string; readonly from: string; readonly to: string };
      readonly offers: readonly { readonly offerId: string; readonly instalments: readonly { readonly dueDate: string }[] }[];
    }
    const offers = (query: string) => system.api<Seen>('GET', `/accounts/acc-1/plan-offers${query}`);

    // Act
    const usual = await offers('');
    const payday = '2026-03-28';
    const named = await offers(`?firstDueOn=${payday}`);
    const [late, malformed] = [await offers('?firstDueOn=2026-06-01'), await offers('?firstDueOn=28th')];
    const body = { offerId: named.json.offers[0]?.offerId, agreedAt: system.now(), channel: 'app' };
    const agreed = await system.api('POST', '/accounts/acc-1/plans', body);
    await system.advanceTo(`${payday}T01:00:00Z`);
    await system.put('PaymentReceived', aPayment({ amount: cny('2083.33'), paidAt: system.now() }));
    await system.advance('P8D');

    // Assess
    expect(usual.json.firstDue).toEqual({ on: '2026-03-14', from: '2026-03-10', to: '2026-04-09' });
    expect(named.json.firstDue).toMatchObject({ on: payday });
    expect(named.json.offers.map(({ instalments }) => instalments[0]?.dueDate)).toEqual(usual.json.offers.map(() => payday));
    expect([late, malformed]).toMatchObject([
      { status: 422, json: { field: 'firstDueOn', rule: 'PLAN.FIRST_DUE' } },
      { status: 400, json: { field: 'firstDueOn' } },
    ]);
    expect(agreed.status).toBe(200);
    const journey = await system.journey();
    expect(journey.plan).toMatchObject({
      status: 'active',
      instalments: [{ dueDate: payday, status: 'paid' }, { dueDate: '2026-04-28' }, {}],
    });
    expect(types(journey)).not.toContain('InstalmentMissed');
  });

  it('is offered in equal parts, agreed once, and refused with a reason where it cannot be', async () => {
    // Prepare
    const { system } = await anAccountToCall();

    // Act
    interface Offer {
      readonly offerId: string;
      readonly total: unknown;
      readonly instalments: readonly { dueDate: string; amount: { amount: string } }[];
    }
    const { json } = await system.api<{ offers: Offer[] }>('GET', '/accounts/acc-1/plan-offers');
    const body = { offerId: json.offers[0]?.offerId, agreedAt: system.now(), channel: 'app' };
    const unknown = await system.api('POST', '/accounts/acc-1/plans', { ...body, offerId: 'o-none' });
    const agreed = await system.api('POST', '/accounts/acc-1/plans', body);
    const again = await system.api('POST', '/accounts/acc-1/plans', body);

    // Assess
    expect(json.offers[0]).toMatchObject({
      total: cny('6250.00'),
      instalments: [
        { dueDate: '2026-03-14', amount: cny('2083.33') },
        { dueDate: '2026-04-14', amount: cny('2083.33') },
        { dueDate: '2026-05-14', amount: cny('2083.34') },
      ],
    });
    expect(unknown).toMatchObject({ status: 422, json: { field: 'offerId' } });
    expect(agreed).toMatchObject({ status: 200, json: { status: 'arranged', plan: { status: 'active' } } });
    expect(again).toEqual(agreed);
    expect(system.said().filter((type) => type === 'PlanAgreed')).toHaveLength(1);
    expect((await system.api('GET', '/accounts/acc-1/plan-offers')).status).toBe(409);
  });

  it('is named in the message that offers it, by the ids by which it can be agreed', async () => {
    // Prepare
    const { system, taskId } = await anAccountToCall();
    await system.report(taskId, 'plan-requested');

    // Act
    await system.advance('P1D');

    // Assess
    const offering = system.collected().find(({ template }) => template === 'plan-offer');
    const { timeline } = await system.journey();
    const ids = timeline.flatMap((entry) => (entry.type === 'PlanOffered' ? entry.offerIds : []));
    expect(offering?.body).toContain('可以申请分3、6或12期还款');
    expect(ids.length).toBeGreaterThanOrEqual(3);
    await system.advance('P5D');
    const agreed = await system.api('POST', '/accounts/acc-1/plans', { offerId: ids[1], agreedAt: system.now(), channel: 'app' });
    expect(agreed).toMatchObject({ status: 200, json: { plan: { offerId: ids[1], total: cny('6250.00') } } });
    expect((agreed.json.plan as { instalments: unknown[] }).instalments).toHaveLength(6);
  });

  it('that is kept to the end completes, with a reminder before each instalment', async () => {
    // Prepare
    const system = await arranged();
    const messages = system.collected().length;

    // Act
    for (const [index, day] of ['2026-03-14', '2026-04-14', '2026-05-14'].entries()) {
      await system.advanceTo(`${day}T02:00:00Z`);
      const amount = cny(index === 2 ? '2083.34' : '2083.33');
      await system.put('PaymentReceived', aPayment({ paymentId: `pay-${index}`, amount, paidAt: system.now() }));
    }

    // Assess
    expect(await system.journey()).toMatchObject({ status: 'cured', plan: { status: 'completed' } });
    const out = system.said();
    expect(out.filter((type) => ['InstalmentDue', 'InstalmentPaid', 'PlanCompleted'].includes(type))).toEqual([
      ...['InstalmentDue', 'InstalmentPaid', 'InstalmentDue', 'InstalmentPaid', 'InstalmentDue', 'InstalmentPaid'],
      'PlanCompleted',
    ]);
    expect(
      system
        .collected()
        .slice(messages)
        .map((message) => message.template),
    ).toEqual(['plan-instalment-due', 'plan-instalment-due', 'plan-instalment-due']);
  });

  it('whose missed instalment is made good within its days goes on', async () => {
    // Prepare
    const system = await arranged();

    // Act
    await system.advanceTo('2026-03-16T08:00:00Z');
    const warned = system.collected().at(-1);
    await system.put('PaymentReceived', aPayment({ amount: cny('2083.33'), paidAt: system.now() }));
    await system.advanceTo('2026-03-25T00:00:00Z');

    // Assess
    expect(warned).toMatchObject({ template: 'plan-instalment-missed' });
    expect(await system.journey()).toMatchObject({
      status: 'arranged',
      plan: { instalments: [{ status: 'paid' }, { status: 'open' }, {}] },
    });
  });

  it('that is missed for longer is broken, and the ladder goes on where the days past due allow', async () => {
    // Prepare
    const system = await arranged();

    // Act
    await system.advanceTo('2026-03-21T00:00:00Z');
    const broken = await system.journey();
    await system.advance('P5D');

    // Assess
    expect(types(broken)).toEqual(expect.arrayContaining(['InstalmentMissed', 'PlanBroken']));
    expect(system.said()).toContain('PlanBroken');
    const journey = await system.journey();
    expect(journey).toMatchObject({ status: 'open', stage: 'call', plan: { status: 'broken' } });
    expect((await system.api('GET', '/accounts/acc-1/plan-offers')).status).toBe(409);
  });
});
