import { beforeAll, describe, expect, it } from 'vitest';
import type { Entry } from '../../domain/entries.ts';
import type { System } from './cloud.ts';
import { aHold, aPayment, aReversal, cny } from './events.ts';
import { atEach, type Moment, momentsToReferral } from './moments.ts';
import { isReferred, openTasks } from './walk.ts';

/** Every kind of moment that the walk to the referral has. */
const MOMENTS_MIN = 30;
const KINDS_MIN = 18;

async function workedTasks(system: System): Promise<readonly unknown[]> {
  return [...(await system.tasks('call')), ...(await system.tasks('field-visit'))];
}

/** Without what was said of the payment itself, which is no collection. */
function withoutReceipts(timeline: readonly Entry[]): readonly Entry[] {
  return timeline.filter((entry) => !('notice' in entry && entry.notice?.kind === 'payment-acknowledgement'));
}

describe('at each moment of the way to the referral', () => {
  let moments: readonly Moment[];
  /** One for each thing that can come next in each stage, with and without an open task. */
  let kinds: readonly Moment[];
  beforeAll(async () => {
    moments = await momentsToReferral();
    const kindOf = ({ journey }: Moment) => `${journey.stage} ${journey.next?.what} ${openTasks(journey).length}`;
    kinds = moments.filter((moment, index) => moments.findIndex((other) => kindOf(other) === kindOf(moment)) === index);
    expect(moments.length).toBeGreaterThanOrEqual(MOMENTS_MIN);
    expect(kinds.length).toBeGreaterThanOrEqual(KINDS_MIN);
  });

  it('a payment ends the case as cured, with everything on it closed and nothing sent any more', async () => {
    await atEach(moments, async (system, { journey: before }) => {
      // Prepare
      const messages = system.collected().length;
      const said = system.said().length;
      const closing = openTasks(before).map(() => 'TaskClosed');
      // The core is told to give back what it was told to take.
      const undone = before.timeline.some((entry) => entry.type === 'AccountActionAdvised') ? ['AccountActionAdvised'] : [];

      // The record of a suit is put under lock before its case closes.
      const recorded = isReferred(before) ? ['EvidenceAssembled'] : [];

      // Act
      await system.put('PaymentReceived', aPayment({ paidAt: system.now() }));
      const cured = await system.journey();
      await system.advance('P60D');

      // Assess
      expect(cured).toMatchObject({ status: 'cured', closeReason: 'cured', overdue: { amount: '0.00' } });
      expect(cured).not.toHaveProperty('stage');
      const types = withoutReceipts(cured.timeline)
        .slice(before.timeline.length)
        .map((entry) => entry.type);
      expect(types).toEqual(['PaymentReceived', 'AccountCured', ...closing, ...undone, ...recorded, 'JourneyClosed']);
      // The payment itself is acknowledged, and nothing else is sent.
      const saidAfter = system.said().slice(said);
      expect(saidAfter.filter((type) => type !== 'ContactSent')).toEqual(types.slice(1).filter((type) => type !== 'EvidenceAssembled'));
      expect(saidAfter.filter((type) => type === 'ContactSent').length).toBeLessThanOrEqual(1);
      // Nothing was reserved, opened or sent in the two months after.
      expect(withoutReceipts((await system.journey()).timeline)).toEqual(withoutReceipts(cured.timeline));
      expect(system.collected()).toHaveLength(messages);
    });
  });

  it('the core saying that nothing is overdue any more ends it likewise', async () => {
    await atEach(kinds, async (system) => {
      // Act
      await system.put('BalanceUpdated', { accountId: 'acc-1', overdue: cny('0.00'), balance: cny('12000.00'), asOf: system.now() });

      // Assess
      const { status, timeline } = await system.journey();
      expect(status).toBe('cured');
      expect(timeline.find((entry) => entry.type === 'AccountCured')).toMatchObject({ by: 'balance' });
    });
  });

  it('a hold stops contact and the clock until it is released', async () => {
    await atEach(kinds, async (system, { journey: before }) => {
      // Prepare
      const messages = system.collected().length;

      // Act
      await system.put('HoldPlaced', aHold({ placedAt: system.now() }));
      const held = await system.journey();
      const worked = await workedTasks(system);
      await system.advance('P20D');
      const later = await system.journey();
      const whileHeld = system.collected().length;
      await system.put('HoldReleased', { holdId: 'hold-1', releasedAt: system.now() });
      const released = await system.journey();
      await system.advance('P15D');

      // Assess
      expect(held).toMatchObject({ status: 'held', holds: [{ holdId: 'hold-1', kind: 'dispute' }] });
      expect(worked).toEqual([]);
      expect(later).toMatchObject({
        status: 'held',
        stage: before.stage,
        daysPastDue: before.daysPastDue,
        contractDaysPastDue: before.contractDaysPastDue + 20,
      });
      expect(whileHeld).toBe(messages);
      expect(released).toMatchObject({ status: 'open', stage: before.stage, daysPastDue: before.daysPastDue });
    });
  });

  it('an arrangement may be agreed, and stops collection while it is kept', async () => {
    await atEach(kinds, async (system) => {
      // Prepare
      const { json } = await system.api<{ offers: { offerId: string }[] }>('GET', '/accounts/acc-1/plan-offers');
      const messages = system.collected().length;

      // Act
      const offerId = json.offers[0]?.offerId;
      const agreed = await system.api('POST', '/accounts/acc-1/plans', { offerId, agreedAt: system.now(), channel: 'branch' });
      await system.advance('P3D');

      // Assess
      expect(agreed).toMatchObject({ status: 200, json: { status: 'arranged' } });
      // It is worked in the plan stage, wherever the customer asked for it.
      expect(await system.journey()).toMatchObject({ status: 'arranged', stage: 'plan', plan: { status: 'active' } });
      expect(system.collected()).toHaveLength(messages);
      expect([...(await workedTasks(system)), ...(await system.tasks('legal-review'))]).toEqual([]);
    });
  });

  it('a payment that is taken back before the case ends goes on in the same case, after it in a new one', async () => {
    await atEach(kinds, async (system, { journey: before }) => {
      // Prepare
      const part = aPayment({ paymentId: 'pay-part', amount: cny('1000.00'), paidAt: system.now() });
      await system.put('PaymentReceived', part);
      const paid = await system.journey();

      // Act
      await system.put('PaymentReversed', aReversal({ paymentId: 'pay-part', reversedAt: system.now() }));
      const undone = await system.journey();
      await system.put('PaymentReceived', aPayment({ paidAt: system.now() }));
      await system.put('PaymentReversed', aReversal({ reversedAt: system.now() }));
      const reopened = await system.journey();
      await system.advance('P10D');

      // Assess
      expect([paid.overdue.amount, undone.overdue.amount]).toEqual(['5250.00', '6250.00']);
      expect(undone.caseId).toBe(before.caseId);
      expect(reopened).toMatchObject({
        status: 'open',
        stage: 'reminder',
        previousCaseId: before.caseId,
        overdue: { amount: '6250.00' },
        contractDaysPastDue: before.contractDaysPastDue,
      });
      expect(await system.journey('acc-1', before.caseId)).toMatchObject({ status: 'cured', closeReason: 'cured' });
    });
  });
});
