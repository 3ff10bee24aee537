import { describe, expect, it } from 'vitest';
import { aSystem, type System } from './cloud.ts';
import { aBalance, aCustomer, aHold, anOverdue, aPayment, cny } from './events.ts';
import { copyState, stateFolder } from './fork.ts';
import { isReferred, openTasks, types, walk } from './walk.ts';

/** Published bugs of comparable systems (docs/features.md, "Known pains elsewhere"), as scenarios that must pass here. */

async function overdue(system: System, change: Record<string, unknown> = {}): Promise<void> {
  await system.put('CustomerUpdated', aCustomer());
  await system.put('AccountOverdue', anOverdue(change));
}

describe('P1: someone who paid is chased, or the case does not clear', () => {
  it('a balance of nothing after a credit clears the case (killbill 695)', async () => {
    // Prepare
    const system = await aSystem();
    await overdue(system, { dueDate: '2026-02-20' });

    // Act
    await system.put('BalanceUpdated', aBalance({ overdue: cny('0.00'), balance: cny('-20.00') }));

    // Assess
    expect(await system.journey()).toMatchObject({ status: 'cured', balance: { amount: '-20.00' } });
    await system.advance('P30D');
    expect(system.outbox()).toEqual([]);
  });

  it('a payment between two reminders stops the second (akaunting 259)', async () => {
    // Prepare
    const system = await aSystem();
    await overdue(system);
    await system.advanceTo('2026-03-06T03:25:30Z');
    const before = system.collected().length;

    // Act
    await system.put('PaymentReceived', aPayment({ paidAt: system.now() }));
    await system.advance('P90D');

    // Assess
    expect(before).toBe(1);
    expect(system.collected()).toHaveLength(1);
  });

  it('a second message never goes the day after a first that the pace forbids (invoiceninja 9312)', async () => {
    // Prepare
    const system = await aSystem();
    await overdue(system);

    // Act
    await walk(system, { until: (journey) => journey.stage === 'plan' });
    // The notice of the report to the bureau has its own day.
    const series = system.outbox().filter((message) => message.template !== 'bureau-notice');
    const days = series.map((message) => Date.parse(message.at) / 86_400_000);

    // Assess
    expect(days.length).toBeGreaterThan(4);
    for (const [index, day] of days.entries()) if (index > 1) expect(day - (days[index - 1] ?? 0)).toBeGreaterThanOrEqual(2.5);
  });

  it('a payment that comes twice, and beside its own pending notice, counts once (open-forms 1498, woocommerce-payments 3783)', async () => {
    // Prepare
    const system = await aSystem();
    await overdue(system);

    // Act
    const payment = aPayment({ amount: cny('3000.00') });
    for (const detail of [payment, { ...payment, state: 'pending' }, payment, payment]) await system.putOnly('PaymentReceived', detail);
    await system.cloud.settle();

    // Assess
    expect(await system.journey()).toMatchObject({ status: 'open', overdue: { amount: '3250.00' } });
    expect(types(await system.journey()).filter((type) => type === 'PaymentReceived')).toHaveLength(2);
  });

  it('a payment that comes before its account is overdue counts when it is (odoo/documentation 4497)', async () => {
    // Prepare
    const system = await aSystem();
    await system.put('PaymentReceived', aPayment({ paidAt: '2026-03-02T01:15:00Z' }));
    await overdue(system);

    // Assess
    expect((await system.api('GET', '/accounts/acc-1/journey')).status).toBe(404);
    await system.advance('P30D');
    expect(system.outbox()).toEqual([]);
  });
});

describe('P2: storms of duplicates and missed sends', () => {
  it('a hundred deliveries of everything send what one does (invoiceninja 553, 1693, 1447)', async () => {
    // Prepare
    const once = await aSystem();
    await overdue(once);
    await once.advance('P5D');
    const storm = await aSystem();

    // Act
    for (let delivery = 0; delivery < 100; delivery += 1) {
      await storm.putOnly('CustomerUpdated', aCustomer());
      await storm.putOnly('AccountOverdue', anOverdue());
    }
    await storm.cloud.settle();
    await storm.advance('P5D');

    // Assess
    expect(storm.outbox()).toHaveLength(2);
    expect(storm.outbox().map((message) => message.body)).toEqual(once.outbox().map((message) => message.body));
    expect(storm.said()).toEqual(once.said());
  });

  it('days that nobody looked at are caught up, one stage a day and no message doubled (invoiceninja 637)', async () => {
    // Prepare
    const stateDir = stateFolder();
    const before = await aSystem({ stateDir });
    await overdue(before);
    await before.checkSound();
    await before.close();

    // Act: the machine stood for six weeks, and everything that fell due runs in its order when it comes back.
    const after = await aSystem({ stateDir });
    await after.advance('P42D');
    const days = after.outbox().map((message) => message.at.slice(0, 10));

    // Assess
    expect(new Set(days).size).toBe(days.length);
    const stages = (await after.journey()).timeline.flatMap((entry) => (entry.type === 'StageEntered' ? [entry.stage] : []));
    expect(stages).toEqual(['reminder', 'call', 'plan']);
  });

  it('a restart in the middle of the way changes nothing of it (invoiceninja 8665, 9228)', async () => {
    // Prepare
    const straight = await aSystem();
    await overdue(straight);
    await walk(straight, { until: isReferred });
    let stateDir = stateFolder();
    let system = await aSystem({ stateDir });
    await overdue(system);

    // Act
    for (const days of [4, 9, 25, 40, 63]) {
      const target = Date.parse('2026-03-02T01:30:00Z') + days * 86_400_000;
      await walk(system, { until: () => system.cloud.now() >= target });
      await system.checkSound();
      await system.close();
      stateDir = copyState(stateDir);
      system = await aSystem({ stateDir });
    }
    await walk(system, { until: isReferred });

    // Assess
    expect(types(await system.journey())).toEqual(types(await straight.journey()));
    expect(system.outbox().map((message) => message.template)).toEqual(straight.outbox().map((message) => message.template));
  });
});

describe('P3: a step is skipped or fires at the wrong time', () => {
  const arrears = (...rows: [string, string][]) => rows.map(([dueDate, amount]) => ({ dueDate, amount: cny(amount) }));

  it('a part payment that moves the oldest due date never makes the ladder skip a step (killbill 2297)', async () => {
    // Prepare
    const system = await aSystem();
    const rows = arrears(['2025-12-31', '1000.00'], ['2026-01-31', '1000.00'], ['2026-02-28', '4250.00']);
    await overdue(system, { dueDate: '2025-12-31', arrears: rows });

    // Act
    await walk(system, { until: (journey) => journey.stage === 'plan' });
    await system.put('PaymentReceived', aPayment({ amount: cny('1000.00'), paidAt: system.now() }));
    const lowered = await system.journey();
    await walk(system, { until: isReferred });
    const stages = (await system.journey()).timeline.flatMap((entry) => (entry.type === 'StageEntered' ? [entry.stage] : []));

    // Assess
    expect(lowered.contractDaysPastDue).toBeLessThan(45);
    const order = ['reminder', 'call', 'plan', 'field-visit', 'legal'];
    for (const [index, stage] of stages.entries())
      if (index > 0) expect(order.indexOf(stage) - order.indexOf(stages[index - 1] ?? '')).toBeLessThanOrEqual(1);
    expect(stages.at(-1)).toBe('legal');
  });

  it('nothing is sent on the due date itself, nor in the days of grace (erpnext 45685)', async () => {
    // Prepare
    const system = await aSystem();
    await overdue(system, { dueDate: '2026-03-02' });

    // Act
    await system.advanceTo('2026-03-05T15:59:00Z');
    const inGrace = system.outbox().length;
    await system.advance('P1D');

    // Assess
    expect(inGrace).toBe(0);
    expect(system.outbox()).toHaveLength(1);
  });

  it('a case at its last step stays there and does nothing for ever (killbill 894)', async () => {
    // Prepare
    const system = await aSystem();
    await overdue(system);

    // Act
    const referred = await walk(system, { until: isReferred });
    await system.advance('P365D');
    const later = await system.journey();

    // Assess: somebody was asked after the suit once, the core was advised of the charge-off once, and that is all.
    const since = later.timeline.slice(referred.timeline.length).map(({ type }) => type);
    expect(since.filter((type) => type !== 'ExecutionRestarted')).toEqual(['TaskOpened', 'AccountActionAdvised']);
    expect(openTasks(later).map(({ objective }) => objective)).toEqual(['review-suit']);
  });

  it('a hold that is told of days late counts from when it was placed (fineract, openMF/web-app 1937)', async () => {
    // Prepare
    const system = await aSystem();
    await overdue(system);

    // Act
    await system.advanceTo('2026-03-05T02:00:00Z');
    await system.put('HoldPlaced', aHold({ placedAt: '2026-03-02T02:00:00Z' }));
    await system.advanceTo('2026-03-12T02:00:00Z');
    await system.put('HoldReleased', { holdId: 'hold-1', releasedAt: '2026-03-12T01:00:00Z' });

    // Assess
    expect(await system.journey()).toMatchObject({ daysPastDue: 1, contractDaysPastDue: 11, status: 'open', stage: 'reminder' });
    expect(system.outbox()).toEqual([]);
  });
});

describe('P6: what happens at the end', () => {
  it('a debt is written off by somebody, and never by its age (killbill 708)', async () => {
    // Prepare
    const system = await aSystem();
    await overdue(system, { dueDate: '2025-08-14' });

    // Act
    await system.advance('P30D');
    const old = await system.journey();
    const closed = await system.api('POST', `/cases/${old.caseId}/close`, {
      reason: 'written-off',
      reference: 'committee-12',
      by: 'approver-1',
    });

    // Assess
    expect(old).toMatchObject({ status: 'open', contractDaysPastDue: 230 });
    expect(old.timeline).toContainEqual(expect.objectContaining({ type: 'AccountActionAdvised', action: 'charge-off-review' }));
    expect(closed).toMatchObject({ status: 200, json: { closeReason: 'written-off' } });
    expect(system.said().at(-1)).toBe('JourneyClosed');
  });

  it('the closing of a case is said whatever the balance is (lago 4179)', async () => {
    // Prepare
    const system = await aSystem();
    await overdue(system);

    // Act
    await system.put('PaymentReceived', aPayment({ amount: cny('9000.00') }));

    // Assess
    expect(await system.journey()).toMatchObject({ status: 'cured', overdue: { amount: '0.00' }, balance: { amount: '9600.00' } });
    expect(system.said().filter((type) => type === 'JourneyClosed')).toHaveLength(1);
  });
});
