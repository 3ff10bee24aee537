import { describe, expect, it } from 'vitest';
import type { System } from './cloud.ts';
import { cny } from './events.ts';
import { agree, aHardUpAccount, aPlanOf, offersOf, type PlanMonths } from './plan-months.ts';

const MONTHS = 60;
/** https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
const EVENTS_MAX = 25_000;
const EXECUTION_DAYS_MAX = 365;

/** How long each execution of the plan machine runs, and how many events its history has; ended ones are kept for 90 days only. */
class Sizes {
  readonly #sizes = new Map<string, { readonly events: number; readonly days: number }>();

  async look(system: System): Promise<void> {
    const { cloud } = system;
    const stateMachineArn = cloud.outputs().PlanStateMachineArn;
    const { executions } = await cloud.call<{ executions: { executionArn: string; startDate: number; stopDate?: number }[] }>(
      'states',
      'ListExecutions',
      { stateMachineArn },
    );
    for (const { executionArn, startDate, stopDate = Date.parse(system.now()) / 1000 } of executions) {
      const { events } = await cloud.call<{ events: { id: number }[] }>('states', 'GetExecutionHistory', {
        executionArn,
        reverseOrder: true,
        maxResults: 1,
      });
      this.#sizes.set(executionArn, { events: events[0]?.id ?? 0, days: (stopDate - startDate) / 86_400 });
    }
  }

  get largest(): { readonly executions: number; readonly events: number; readonly days: number } {
    const all = [...this.#sizes.values()];
    return { executions: all.length, events: Math.max(...all.map(({ events }) => events)), days: Math.max(...all.map(({ days }) => days)) };
  }
}

const count = (system: System, type: string) => system.said().filter((said) => said === type).length;
const statuses = (journey: { plan?: { instalments: readonly { status: string }[] } }) =>
  (journey.plan?.instalments ?? []).map((row) => row.status);
const paidUpTo = (month: number, of: number) => Array.from({ length: of }, (_, index) => (index < month ? 'paid' : 'open'));

/** Month by month as it should be: paid, running, and asked for once. */
async function pays(plan: PlanMonths, from: number, to: number): Promise<void> {
  const due = count(plan.system, 'InstalmentDue');
  for (let month = from; month <= to; month += 1) {
    const journey = await plan.month(month);
    expect({ month, plan: statuses(journey) }).toEqual({ month, plan: paidUpTo(month, plan.rows.length) });
    expect(journey.status).toBe(month === plan.rows.length ? 'cured' : 'arranged');
    expect(count(plan.system, 'InstalmentDue')).toBe(due + month - from + 1);
  }
}

describe('a plan of sixty months', () => {
  it('that is paid in full completes, month by month, within the limits of an execution', async () => {
    // Prepare
    const plan = await aPlanOf(MONTHS, { autodebit: true });
    const { system } = plan;
    const messages = system.collected().length;
    const sizes = new Sizes();

    // Act
    for (let month = 1; month <= MONTHS; month += 1) {
      await pays(plan, month, month);
      await sizes.look(system);
    }

    // Assess
    expect([count(system, 'InstalmentPaid'), count(system, 'PlanCompleted'), count(system, 'PlanBroken')]).toEqual([MONTHS, 1, 0]);
    expect(system.collected().length - messages).toBe(MONTHS);
    const debits = system.events('acc-1').filter((event) => event['detail-type'] === 'InstalmentDue' && event.detail.autodebit === true);
    expect(debits).toHaveLength(MONTHS);
    // The arithmetic of docs/adr/0047: some 70 events a month, and an execution that is older than 300 days ends with its next wait.
    expect(sizes.largest.events).toBeLessThan(1500);
    expect(sizes.largest.events).toBeLessThan(EVENTS_MAX);
    expect(sizes.largest.days).toBeLessThan(300 + 31);
    expect(sizes.largest.days).toBeLessThan(EXECUTION_DAYS_MAX);
    expect(sizes.largest.executions).toBeGreaterThanOrEqual(6);
  });

  it('whose seventh instalment is missed and made good within its days goes on to its end', async () => {
    // Prepare
    const plan = await aPlanOf(MONTHS);
    const { system } = plan;
    await pays(plan, 1, 6);
    const messages = system.collected().length;

    // Act
    await plan.goTo(7, 2);
    const missed = await system.journey();
    await plan.goTo(7, 4);
    await plan.pay(plan.row(7).amountMinor);
    const cured = await system.journey();
    await plan.figure(7);
    await pays(plan, 8, MONTHS);

    // Assess
    expect([missed.status, statuses(missed)[6]]).toEqual(['arranged', 'missed']);
    expect([cured.status, statuses(cured)[6]]).toEqual(['arranged', 'paid']);
    const said = system.collected().slice(messages, messages + 2);
    expect(said.map((message) => message.template)).toEqual(['plan-instalment-due', 'plan-instalment-missed']);
    expect([count(system, 'PlanBroken'), count(system, 'PlanCompleted')]).toEqual([0, 1]);
  });

  it('whose seventh instalment stays unpaid is broken; the ladder goes on one stage above, and a person decides on another plan', async () => {
    // Prepare
    const plan = await aPlanOf(MONTHS);
    const { system } = plan;
    await pays(plan, 1, 6);

    // Act
    await plan.goTo(7, 5);
    const last = await system.journey();
    await plan.goTo(7, 6);
    const broken = await system.journey();
    await system.advance('P3D');
    const later = await system.journey();
    const none = await offersOf(system);
    await system.advance('P30D');
    const call = (await system.tasks('call'))[0];
    await system.report(call?.taskId ?? '', 'plan-requested');
    const review = await system.task('plan-review');
    const self = await system.outcome(review.taskId, 'approve', { by: 'collector-7' });
    await system.report(review.taskId, 'approve', { by: 'supervisor-1' });
    const again = await offersOf(system);

    // Assess
    expect([last.status, broken.status, broken.plan?.status]).toEqual(['arranged', 'open', 'broken']);
    // Agreed from the call stage: back in the plan stage, and up from there as the days past due allow, one stage a night.
    const stages = later.timeline.flatMap((entry) => (entry.type === 'StageEntered' ? [entry.stage] : []));
    expect(stages).toEqual(['reminder', 'call', 'plan', 'field-visit', 'legal']);
    expect(none.offers).toEqual([]);
    expect(review).toMatchObject({ objective: 'approve-plan', facts: { subject: 'new-plan', asks: { authority: 'supervisor' } } });
    expect(self.status).toBe(422);
    expect(again.offers.length).toBeGreaterThan(0);
    await plan.pay(1_000_000);
    expect((await system.journey()).status).toBe('cured');
  });

  it('that is paid off early asks for no interest of the time that is left', async () => {
    // Prepare
    const plan = await aPlanOf(MONTHS);
    const { system } = plan;
    await pays(plan, 1, 5);

    // Act
    await plan.goTo(5, 10);
    const before = (await system.journey()) as unknown as { plan: { payoff: { amount: string } } };
    const payoff = Math.round(Number(before.plan.payoff.amount) * 100);
    await plan.pay(payoff - 1);
    const almost = await system.journey();
    await plan.pay(1);
    const done = await system.journey();
    await plan.figure(MONTHS);

    // Assess
    const left = plan.rows.slice(5).reduce((sum, row) => sum + row.amountMinor, 0);
    const interest = plan.rows.slice(5).reduce((sum, row) => sum + row.interestMinor, 0);
    expect(payoff).toBeLessThan(left);
    expect(payoff).toBeGreaterThan(left - interest);
    expect([almost.plan?.status, done.plan?.status]).toEqual(['active', 'completed']);
    const completed = done.timeline.find((entry) => entry.type === 'PlanCompleted');
    expect(completed).toMatchObject({ early: true });
    expect((await system.journey()).status).toBe('cured');
  });

  it('of which a paid instalment is reversed leaves days to make it good', async () => {
    // Prepare
    const plan = await aPlanOf(MONTHS);
    const { system } = plan;
    await pays(plan, 1, 2);
    await plan.goTo(3);
    const paymentId = await plan.pay(plan.row(3).amountMinor);

    // Act
    await plan.goTo(3, 10);
    await plan.reverse(paymentId);
    const reversed = await system.journey();
    await system.advance('P4D');
    await plan.pay(plan.row(3).amountMinor);
    const mended = await system.journey();
    await plan.figure(3);
    await pays(plan, 4, MONTHS);

    // Assess
    expect([reversed.status, statuses(reversed)[2]]).toEqual(['arranged', 'missed']);
    expect([mended.status, statuses(mended)[2]]).toEqual(['arranged', 'paid']);
    expect([count(system, 'PlanBroken'), count(system, 'PlanCompleted')]).toEqual([0, 1]);
  });
});

describe('what the core answers to an agreement', () => {
  it('is a booking, and nothing that it says of the amounts breaks the plan', async () => {
    // Prepare
    const plan = await aPlanOf(12, { booked: false });
    const { system } = plan;

    // Act
    await system.put('PlanBooked', { planId: plan.planId, at: '2026-03-07T02:00:00Z' });
    await system.put('PlanBooked', { planId: plan.planId, at: '2026-03-07T02:00:00Z' });
    await system.put('BalanceUpdated', { accountId: 'acc-1', overdue: cny('9100.00'), balance: cny('18600.00'), asOf: system.now() });
    await system.put('StatementIssued', {
      statementId: 'st-1',
      accountId: 'acc-1',
      customerId: 'cus-1',
      statementBalance: cny('18700.00'),
      minimumDue: cny('930.00'),
      dueDate: '2026-04-01',
      issuedAt: system.now(),
    });
    await system.advance('P4D');

    // Assess
    expect(await system.journey()).toMatchObject({
      status: 'arranged',
      plan: { bookedAt: '2026-03-07T02:00:00Z' },
      overdue: cny('9100.00'),
    });
    expect(await system.tasks('plan-review')).toEqual([]);
  });

  it('is a rejection: the plan ends, collection goes on, and the words stay off the timeline', async () => {
    // Prepare
    const plan = await aPlanOf(12, { booked: false });
    const { system } = plan;
    const key = { planId: plan.planId, at: system.now() };

    // Act
    await system.put('PlanRejected', { ...key, reason: 'Mr Wang lost his job' });
    const journey = await system.journey();
    await system.put('PlanRejected', { planId: 'plan-of-nobody', at: system.now() });

    // Assess
    expect(journey).toMatchObject({ status: 'open', plan: { status: 'ended' } });
    expect(journey.timeline.find((entry) => entry.type === 'PlanRejected')).toMatchObject({ reason: 'other' });
    expect(JSON.stringify(journey.timeline)).not.toContain('lost his job');
    const { items } = await system.snapshot();
    expect(items.filter((item) => item.sk.startsWith('NOTES#') && JSON.stringify(item).includes('lost his job'))).toHaveLength(1);
    expect(system.events().find((event) => event['detail-type'] === 'EventRejected')?.detail).toMatchObject({ field: 'planId' });
    await system.advance('P3D');
    expect((await system.journey()).stage).toBe('call');
  });

  it('is nothing for two business days: a person finds out', async () => {
    // Prepare
    const plan = await aPlanOf(12, { booked: false });
    const { system } = plan;

    // Act
    await system.advanceTo('2026-03-10T15:59:00Z');
    const early = await system.tasks('plan-review');
    await system.advance('PT2M');
    const task = await system.task('plan-review');
    await system.report(task.taskId, 'approve', { by: 'clerk-1' });

    // Assess
    expect(early).toEqual([]);
    expect(task).toMatchObject({ objective: 'confirm-booking', facts: { subject: plan.planId } });
    expect(await system.journey()).toMatchObject({ status: 'arranged', plan: { bookedAt: system.now() } });
  });
});

describe('an agreement by word of mouth', () => {
  it('is proven by a recording that somebody finds, and stands until then', async () => {
    // Prepare
    const system = await aHardUpAccount({});
    const [offer] = (await offersOf(system)).offers;

    // Act
    await system.api('POST', '/accounts/acc-1/plans', { offerId: offer?.offerId, agreedAt: system.now(), channel: 'voice' });
    const task = await system.task('plan-review');
    const words = await system.outcome(task.taskId, 'approve', { recordingRef: 'I heard it' });
    const nothing = await system.outcome(task.taskId, 'approve');
    const arranged = await system.journey();
    await system.report(task.taskId, 'approve', { by: 'collector-7', recordingRef: 'rec-2026-7' });

    // Assess
    expect(task).toMatchObject({ objective: 'obtain-proof', facts: { subject: expect.stringContaining('-plan-') } });
    expect(words).toMatchObject({ status: 400, json: { field: 'recordingRef' } });
    expect(nothing).toMatchObject({ status: 422, json: { field: 'recordingRef', rule: 'PLAN.PROOF' } });
    expect(arranged.status).toBe('arranged');
    const after = await system.journey();
    expect(after.status).toBe('arranged');
    expect(after.timeline.find(({ type }) => type === 'PlanProven')).toMatchObject({ proofRef: 'rec-2026-7', by: 'collector-7' });
    expect(await system.tasks('plan-review')).toEqual([]);
  });
});

describe('what gives something up', () => {
  const components = (interest: string, fees: string, principal: string) => ({
    components: { principal: cny(principal), interest: cny(interest), fees: cny(fees) },
  });

  it.each([
    ['a supervisor', components('300.00', '90.00', '18210.00'), 'approve-plan', ['supervisor-1']],
    ['an approver', components('610.00', '90.00', '17900.00'), 'approve-waiver', ['approver-1']],
    ['two approvers', components('4900.00', '200.00', '13500.00'), 'approve-waiver', ['approver-1', 'approver-2']],
  ])('is offered once %s approved it, and never by who asked for it', async (_name, parts, objective, approvers) => {
    // Prepare
    const system = await aHardUpAccount(parts);
    const { offers, onRequest } = await offersOf(system);
    const wanted = onRequest.find((offer) => offer.kind === 'waiver' && offer.instalments.length === 1);
    const refused = await system.api('POST', '/accounts/acc-1/plans', { offerId: wanted?.offerId, agreedAt: system.now(), channel: 'app' });

    // Act
    await system.report((await system.task('call')).taskId, 'plan-requested', { planOfferId: wanted?.offerId });
    const asked = await system.task('plan-review');
    const self = await system.outcome(asked.taskId, 'approve', { by: 'collector-7' });
    for (const [index, by] of approvers.entries()) {
      const { taskId } = await system.task('plan-review');
      if (index > 0) expect((await system.outcome(taskId, 'approve', { by: approvers[0] ?? '' })).status).toBe(422);
      await system.report(taskId, 'approve', { by });
    }
    const granted = (await offersOf(system)).offers.find((offer) => offer.kind === 'waiver' && offer.instalments.length === 1);
    await agree(system, granted?.offerId, { proofRef: 'signed-1' });

    // Assess
    expect(offers.some((offer) => offer.waived !== undefined)).toBe(false);
    expect(refused.status).toBe(422);
    expect(asked).toMatchObject({ objective, facts: { asks: { people: approvers.length, requestedBy: 'collector-7' } } });
    expect(self.status).toBe(422);
    expect(await system.journey()).toMatchObject({ status: 'arranged', plan: { kind: 'waiver' } });
    await system.put('PlanBooked', {
      planId: ((await system.journey()) as unknown as { plan: { planId: string } }).plan.planId,
      at: system.now(),
    });
    // The rest is paid: what was given up is the core's to book, and nobody asks for it meanwhile.
    const messages = system.collected().length;
    await system.put('PaymentReceived', { paymentId: 'p-1', accountId: 'acc-1', amount: granted?.total, paidAt: system.now() });
    await system.advance('P7D');
    expect(await system.journey()).toMatchObject({ status: 'open', plan: { status: 'completed' } });
    expect(system.collected()).toHaveLength(messages);
    expect(await system.tasks('call')).toEqual([]);
    // The core did not: a person says whether the rest stands, and until then it is not asked for either.
    await system.advance('P21D');
    expect(system.collected()).toHaveLength(messages);
    const question = await system.task('plan-review');
    expect(question).toMatchObject({ objective: 'confirm-booking' });
    await system.report(question.taskId, 'reject', { by: 'clerk-1' });
    await system.advance('P3D');
    expect(await system.tasks('plan-review')).toEqual([]);
    expect((await system.tasks('call')).length + system.collected().length).toBeGreaterThan(messages);
  });
});
