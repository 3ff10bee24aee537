import { describe, expect, it } from 'vitest';
import type { Entry } from '../../domain/entries.ts';
import { AwsError } from '../../local/kernel/errors.ts';
import type { System } from './cloud.ts';
import { aCustomer, aHold, anOverdue, cny } from './events.ts';
import { anAccountWith, aPerson, GUARANTOR, JOINT, reservedFor, sentTo, smsOf, untilGuarantorIsDue } from './guaranteed.ts';
import { isOfTheCase } from './interleave.ts';
import { walk } from './walk.ts';

/** Messages to those who answer for an account beside its customer: who hears of it, what, after whom, and by whose caps. */

const toStage = (system: System, stage: string, daysPastDue: number) =>
  walk(system, { until: (journey) => journey.stage === stage && journey.daysPastDue >= daysPastDue });

const dates = (system: System, customerId: string) => sentTo(system, customerId).map(({ at }) => at.slice(0, 10));

describe('the parties of an account', () => {
  it('who are liable are written to in their own name and language, after the customer; nobody else hears of it', async () => {
    // Prepare
    const system = await anAccountWith([
      GUARANTOR,
      JOINT,
      { customerId: 'cus-4', role: 'supplementary', liable: true },
      { customerId: 'cus-5', role: 'guarantor', liable: false },
    ]);
    await system.put('CustomerUpdated', aPerson('cus-2', { locale: 'en' }));
    for (const customerId of ['cus-3', 'cus-4', 'cus-5']) await system.put('CustomerUpdated', aPerson(customerId));

    // Act
    await toStage(system, 'field-visit', 65);

    // Assess
    const { timeline } = await system.journey();
    const first = (customerId: string) => timeline.findIndex((entry) => entry.type === 'ContactSent' && entry.customerId === customerId);
    const stages = (stage: string) => timeline.findIndex((entry) => entry.type === 'StageEntered' && entry.stage === stage);
    const demands = timeline.slice(0, first('cus-2')).filter((entry) => entry.type === 'ContactSent' && entry.role === undefined);
    expect(first('cus-3')).toBeGreaterThan(stages('call'));
    expect(first('cus-3')).toBeLessThan(stages('plan'));
    expect(first('cus-2')).toBeGreaterThan(timeline.findIndex(({ type }) => type === 'PlanOffered'));
    expect(demands.length).toBeGreaterThan(2);
    expect(new Set(sentTo(system, 'cus-2').map(({ template }) => template))).toEqual(new Set(['overdue-guaranteed']));
    expect(new Set(sentTo(system, 'cus-3').map(({ template }) => template))).toEqual(new Set(['overdue-joint']));
    expect([...sentTo(system, 'cus-4'), ...sentTo(system, 'cus-5')]).toEqual([]);
    const [{ body } = { body: '' }] = sentTo(system, 'cus-2');
    expect(body).toContain('you guarantee');
    expect(body).not.toContain('王小明');
    expect(sentTo(system, 'cus-3')[0]?.body).toContain('Person 3');
  });

  it('are named in the events by id and role, and their own record is on the timeline once', async () => {
    const system = await anAccountWith([JOINT]);
    await system.put('CustomerUpdated', aPerson('cus-3'));

    await toStage(system, 'call', 12);

    const sent = system.events('acc-1').filter(({ 'detail-type': type, detail }) => type === 'ContactSent' && detail.role !== undefined);
    expect(sent.length).toBeGreaterThan(1);
    for (const { detail } of sent) expect(detail).toMatchObject({ accountId: 'acc-1', customerId: 'cus-3', role: 'joint' });
    const { timeline } = await system.journey();
    expect(timeline.filter(({ type }) => type === 'PartyUpdated')).toMatchObject([{ customerId: 'cus-3', jurisdiction: 'CN' }]);
  });

  it('change nothing for the customer: the case takes its stages on the same days, with the same messages', async () => {
    const days = async (parties: readonly object[]) => {
      const system = await anAccountWith(parties);
      for (const customerId of ['cus-2', 'cus-3']) await system.put('CustomerUpdated', aPerson(customerId));
      const { timeline } = await toStage(system, 'field-visit', 75);
      return timeline.flatMap((entry) => {
        if (entry.type === 'StageEntered') return [`${entry.onDate} ${entry.stage}`];
        return entry.type === 'ContactSent' && entry.role === undefined ? [`${entry.onDate} ${entry.template} ${entry.channel}`] : [];
      });
    };

    expect(await days([GUARANTOR, JOINT])).toEqual(await days([]));
  });

  it('cost nothing where none of them may be written to: as many reads and writes as an account of one person has', async () => {
    const calls = async (parties: readonly object[]) => {
      const system = await anAccountWith(parties);
      const seen: string[] = [];
      system.cloud.kernel.intercept((call, next) => {
        if (isOfTheCase(call)) seen.push(`${call.origin.split(':')[0]} ${call.service}.${call.operation}`);
        return next();
      });
      await system.advance('P8D');
      return seen.sort();
    };

    const supplementary = { customerId: 'cus-4', role: 'supplementary', liable: true };
    expect(await calls([supplementary, GUARANTOR])).toEqual(await calls([]));
  });

  it('of whom the bank says nothing yet are written to within days of their record, by that', async () => {
    // Prepare
    const system = await anAccountWith([JOINT]);
    await toStage(system, 'call', 9);
    expect(sentTo(system, 'cus-3')).toEqual([]);

    // Act
    await system.put('CustomerUpdated', aPerson('cus-3', { asOf: '2026-03-10T00:00:00Z' }));
    await system.advance('P4D');

    // Assess
    expect(sentTo(system, 'cus-3').length).toBeGreaterThan(0);
  });

  it('who want no messages, or have died, get none; the other goes on', async () => {
    const system = await anAccountWith([JOINT, { ...JOINT, customerId: 'cus-6' }, { ...JOINT, customerId: 'cus-7' }]);
    await system.put('CustomerUpdated', aPerson('cus-3', { preferences: { optedOut: ['sms', 'email'] } }));
    await system.put('CustomerUpdated', aPerson('cus-6'));
    await system.put('CustomerUpdated', aPerson('cus-7'));
    const { accountId: _account, ...hold } = aHold({ customerId: 'cus-6', kind: 'deceased' });
    await system.put('HoldPlaced', hold);

    await toStage(system, 'call', 14);

    expect([...sentTo(system, 'cus-3'), ...sentTo(system, 'cus-6')]).toEqual([]);
    expect(sentTo(system, 'cus-7').length).toBeGreaterThan(0);
  });

  it('of two accounts, in arrears themselves, hear of each by the caps of one person', async () => {
    // Prepare
    const system = await anAccountWith([JOINT]);
    await system.put('CustomerUpdated', aCustomer({ customerId: 'cus-8' }));
    await system.put('CustomerUpdated', aPerson('cus-3'));
    await system.put('AccountOverdue', anOverdue({ accountId: 'acc-8', customerId: 'cus-8', parties: [JOINT] }));
    await system.put('AccountOverdue', anOverdue({ accountId: 'acc-3', customerId: 'cus-3', overdue: cny('900.00') }));

    // Act
    await system.advanceTo('2026-03-20T00:00:00Z');

    // Assess: the independent checker judges all by one ledger after the test.
    const about = new Set(sentTo(system, 'cus-3').map(({ accountId }) => accountId));
    expect(about).toEqual(new Set(['acc-1', 'acc-3', 'acc-8']));
    const texts = sentTo(system, 'cus-3').filter(({ to }) => to === smsOf('cus-3'));
    const days = texts.map(({ at }) => at.slice(0, 10));
    expect(days).toEqual([...new Set(days)]);
  });
});

describe('a guarantor', () => {
  it('whose message bounced is known to be out of reach there, and the customer is not', async () => {
    // Prepare
    const system = await anAccountWith([GUARANTOR]);
    await system.put('CustomerUpdated', aPerson('cus-2'));
    await untilGuarantorIsDue(system);
    await system.advance('P1D');
    const [sent] = reservedFor(await system.journey(), 'cus-2');
    const before = (await system.journey()).timeline.length;

    // Act
    await system.put('DeliveryReported', { contactId: sent?.contactId, status: 'bounced', at: system.now() });
    await system.advance('P20D');

    // Assess
    const { timeline } = await system.journey();
    const report = timeline.slice(before).find((entry) => entry.type === 'DeliveryReported' && entry.contactId === sent?.contactId);
    expect(report).toMatchObject({ customerId: 'cus-2', role: 'guarantor', finding: 'bounced' });
    const later = reservedFor({ timeline: timeline.slice(before) }, 'cus-2');
    expect(new Set(later.map(({ channel }) => channel))).toEqual(new Set(['email']));
    const toCustomer = timeline.slice(before).filter((entry) => entry.type === 'ContactReserved' && entry.role === undefined);
    expect(toCustomer.some((entry) => entry.type === 'ContactReserved' && entry.channel === 'sms')).toBe(true);
  });

  it('is never contacted on what a figure said that a newer one has taken back', async () => {
    const system = await anAccountWith([GUARANTOR]);
    await system.put('CustomerUpdated', aPerson('cus-2'));
    await untilGuarantorIsDue(system);
    await system.put('AccountOverdue', anOverdue({ parties: [{ ...GUARANTOR, liable: false }], asOf: system.now() }));

    await system.advance('P15D');

    expect(dates(system, 'cus-2')).toEqual([]);
  });
});

describe('a message to a joint holder that finds no way', () => {
  it('costs them nothing where its provider was too busy, and goes again', async () => {
    // Prepare
    const system = await anAccountWith([JOINT]);
    await system.put('CustomerUpdated', aPerson('cus-3'));
    let busy = 0;
    system.cloud.kernel.intercept(async (call, next) => {
      if (call.service !== 'sns' || call.operation !== 'Publish' || !JSON.stringify(call.input).includes(smsOf('cus-3')) || busy > 0)
        return next();
      busy += 1;
      throw new AwsError('Throttling', 'Rate exceeded', 400);
    });

    // Act
    await toStage(system, 'call', 8);

    // Assess
    const { timeline } = await system.journey();
    const [reserved] = reservedFor({ timeline }, 'cus-3');
    const steps = timeline.filter((entry) => 'contactId' in entry && entry.contactId === reserved?.contactId);
    expect(busy).toBe(1);
    expect(steps.map(({ type }) => type)).toEqual(['ContactReserved', 'ContactDeferred', 'ContactReserved', 'ContactSent']);
    for (const step of steps) expect(step).toMatchObject({ customerId: 'cus-3', role: 'joint' });
    expect(sentTo(system, 'cus-3').length).toBe(1);
  });

  it('because it is stopped waits alone: the customer is called and written to on time, and the timeline says it once', async () => {
    const until = '2026-03-14T00:00:00Z';
    const acts = (timeline: readonly Entry[]) =>
      timeline.flatMap((entry) => {
        const told = entry.type === 'TaskOpened' || (entry.type === 'ContactSent' && entry.role === undefined);
        return told ? [`${entry.at.slice(0, 10)} ${entry.type}`] : [];
      });
    // Prepare
    const alone = await anAccountWith([]);
    await alone.advanceTo(until);
    const system = await anAccountWith([JOINT, { ...JOINT, customerId: 'cus-6' }], {}, { lateWakes: true });
    for (const customerId of ['cus-3', 'cus-6']) await system.put('CustomerUpdated', aPerson(customerId));
    const stop = { stopId: 'stop-1', by: 'anna', template: 'overdue-joint', reason: 'wrong words' };
    expect((await system.api('POST', '/stops', stop)).status).toBe(200);

    // Act
    await system.advanceTo(until);

    // Assess
    const { timeline } = await system.journey();
    expect(acts(timeline)).toEqual(acts((await alone.journey()).timeline));
    const told = timeline.filter((entry) => entry.type === 'ContactWithheld');
    expect(told).toMatchObject(['cus-3', 'cus-6'].map((customerId) => ({ customerId, role: 'joint' })));
    expect([...sentTo(system, 'cus-3'), ...sentTo(system, 'cus-6')]).toEqual([]);
  });
});
