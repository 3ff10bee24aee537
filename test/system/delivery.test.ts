import { describe, expect, it } from 'vitest';
import { aBounce, aComplaint, aDelivery, aTextStatus, inLog, onTopic } from '../builders/feedback.ts';
import { aSystem, type System } from './cloud.ts';
import { aCustomer, anOverdue, aPayment } from './events.ts';
import { findings, lastSent, report, reportsOn, sentOn, silenceProviders, tellFeedback } from './feedback.ts';
import { isOf } from './interleave.ts';
import { types, walk } from './walk.ts';

const MAILS = [
  { id: 'cp-a', channel: 'email', address: 'wang@example.com', owner: 'self' },
  { id: 'cp-b', channel: 'email', address: 'xiaoming.wang@example.org', owner: 'self' },
];
const PHONE = { id: 'cp-1', channel: 'sms', address: '+8613800138000', owner: 'self' };

async function aSilentSystem(): Promise<System> {
  const system = await aSystem();
  silenceProviders(system);
  return system;
}

/** A case whose first message has just gone. */
async function aCaseWithAMessage(contactPoints: readonly object[] = MAILS): Promise<System> {
  const system = await aSilentSystem();
  await system.put('CustomerUpdated', aCustomer({ contactPoints }));
  await system.put('AccountOverdue', anOverdue());
  await walk(system, { until: (journey) => sentOn(journey).length === 1 });
  return system;
}

const pointsUsed = async (system: System) =>
  (await system.journey()).timeline.flatMap((entry) => (entry.type === 'ContactReserved' ? [entry.contactPointId] : []));
const rejections = (system: System) =>
  system
    .events()
    .flatMap((event) => (event['detail-type'] === 'EventRejected' ? [{ field: event.detail.field, rule: event.detail.rule }] : []));

describe('a message that bounces', () => {
  it('bars its address at once, and goes by another; when none is left somebody is asked', async () => {
    // Prepare
    const system = await aCaseWithAMessage();
    const first = await lastSent(system);

    // Act
    expect(await tellFeedback(system, onTopic(aBounce(first.contactId, system.now())))).toBe(true);
    const learnt = await findings(system);
    await walk(system, { until: (journey) => sentOn(journey).length === 2 });
    const second = await lastSent(system);
    await tellFeedback(system, onTopic(aBounce(second.contactId, system.now())));
    await system.advance('P2D');

    // Assess
    const [one, other] = await pointsUsed(system);
    expect(learnt).toEqual({ [String(one)]: 'bounced' });
    expect(new Set([one, other])).toEqual(new Set(['cp-a', 'cp-b']));
    expect(reportsOn(await system.journey())).toEqual([
      { status: 'bounced', how: 'provider', finding: 'bounced' },
      { status: 'bounced', how: 'provider', finding: 'bounced' },
    ]);
    expect(await system.task('data-quality')).toMatchObject({
      objective: 'complete-contact-data',
      facts: { unusable: { 'cp-a': 'bounced', 'cp-b': 'bounced' } },
    });
    expect(system.outbox()).toHaveLength(2);
  });

  it('says nothing of the other channels of the customer', async () => {
    // Prepare
    const system = await aCaseWithAMessage([PHONE, { ...PHONE, id: 'cp-2', channel: 'voice' }]);
    const { contactId } = await lastSent(system);

    // Act
    await report(system, contactId, 'bounced');

    // Assess
    expect(await findings(system)).toEqual({ 'cp-1': 'bounced' });
  });

  it('is not sent to again when the bank sends the same address once more', async () => {
    // Prepare
    const system = await aCaseWithAMessage([MAILS[0] ?? {}]);
    const { contactId } = await lastSent(system);
    await report(system, contactId, 'bounced');

    // Act
    const again = { ...MAILS[0], id: 'cp-new', consent: true };
    await system.put('CustomerUpdated', aCustomer({ contactPoints: [again], asOf: '2026-03-05T00:00:00Z' }));
    await system.advance('P10D');

    // Assess
    expect(await findings(system)).toEqual({ 'cp-new': 'bounced' });
    expect(system.outbox()).toHaveLength(1);
  });
});

describe('a message that fails for now', () => {
  it('bars the address the third time in a row, and a new consent opens it again', async () => {
    // Prepare
    const system = await aCaseWithAMessage([PHONE]);
    const seen: unknown[] = [];

    // Act
    for (let count = 1; count <= 3; count += 1) {
      await walk(system, { until: (journey) => sentOn(journey).length === count });
      const { providerRef } = await lastSent(system);
      const line = aTextStatus(providerRef, system.now(), 'Phone is currently unreachable/unavailable');
      expect(await tellFeedback(system, inLog(line))).toBe(true);
      seen.push(await findings(system));
    }
    const asOf = new Date(Date.parse(system.now()) + 3_600_000).toISOString();
    await system.put('CustomerUpdated', aCustomer({ contactPoints: [{ ...PHONE, consent: true }], asOf }));

    // Assess
    expect(seen).toEqual([{}, {}, { 'cp-1': 'undeliverable' }]);
    expect(await findings(system)).toEqual({});
  });

  it('through our own fault says nothing of the address', async () => {
    // Prepare
    const system = await aCaseWithAMessage([PHONE]);
    const { providerRef } = await lastSent(system);

    // Act
    await tellFeedback(system, inLog(aTextStatus(providerRef, system.now(), 'No quota left for account')));

    // Assess
    expect(reportsOn(await system.journey())).toEqual([{ status: 'failed', how: 'provider' }]);
    expect(await findings(system)).toEqual({});
  });
});

describe('a complaint', () => {
  it('ends mail to that address at once, after the report of its delivery', async () => {
    // Prepare
    const system = await aCaseWithAMessage([...MAILS.slice(0, 1), PHONE]);
    await walk(system, { until: (journey) => sentOn(journey).some((sent) => sent.channel === 'email') });
    const { contactId } = sentOn(await system.journey()).find((sent) => sent.channel === 'email') ?? { contactId: '' };

    // Act
    await tellFeedback(system, onTopic(aDelivery(contactId, system.now())));
    await tellFeedback(system, onTopic(aComplaint(contactId, system.now())));
    const mails = system.outbox().filter((message) => message.channel === 'email').length;
    await system.advance('P20D');

    // Assess
    expect(await findings(system)).toEqual({ 'cp-a': 'complained' });
    expect(reportsOn(await system.journey())).toEqual([
      { status: 'delivered', how: 'provider' },
      { status: 'delivered', how: 'provider', finding: 'complained' },
    ]);
    expect(system.outbox().filter((message) => message.channel === 'email')).toHaveLength(mails);
    expect(system.outbox().filter((message) => message.channel === 'sms').length).toBeGreaterThan(0);
  });
});

describe('a report', () => {
  it('that comes twice changes nothing; of one status with another content it is rejected', async () => {
    // Prepare
    const system = await aCaseWithAMessage([PHONE]);
    const { contactId } = await lastSent(system);
    const at = system.now();

    // Act
    await report(system, contactId, 'delivered', { at, proofRef: 'receipt-1' });
    const once = (await system.journey()).timeline;
    await report(system, contactId, 'delivered', { at, proofRef: 'receipt-1' });
    const twice = (await system.journey()).timeline;
    await report(system, contactId, 'delivered', { at, proofRef: 'receipt-2' });

    // Assess
    expect(once.at(-1)).toMatchObject({ type: 'DeliveryReported', contactId, status: 'delivered', reportedAt: at, proofRef: 'receipt-1' });
    expect(twice).toEqual(once);
    expect(rejections(system)).toEqual([{ field: 'detail', rule: expect.stringContaining('other content') }]);
    expect((await system.journey()).timeline).toEqual(once);
  });

  it.each([
    ['on a message that we never made', { contactId: 'c-none-1-reminder_1' }, 'contactId'],
    ['with a status of its own', { status: 'lost' }, 'status'],
    ['from the day after tomorrow', { at: '2026-04-30T00:00:00Z' }, 'at'],
  ])('%s is rejected', async (_what, change, field) => {
    // Prepare
    const system = await aCaseWithAMessage([PHONE]);
    const { contactId } = await lastSent(system);

    // Act
    await report(system, contactId, 'delivered', change);

    // Assess
    expect(rejections(system).map((rejection) => rejection.field)).toEqual([field]);
    expect(reportsOn(await system.journey())).toEqual([]);
  });

  it('leads to the same whichever of several came first', async () => {
    // Prepare
    const reports = [
      { status: 'accepted', at: '2026-03-05T00:00:00Z' },
      { status: 'failed', at: '2026-03-05T01:00:00Z' },
      { status: 'delivered', at: '2026-03-05T02:00:00Z' },
    ];
    const ends: unknown[] = [];

    // Act
    for (const order of [reports, [...reports].reverse()]) {
      const system = await aCaseWithAMessage([PHONE]);
      const { contactId } = await lastSent(system);
      for (const { status, at } of order) await report(system, contactId, status, { at });
      await system.advance('P5D');
      ends.push({ findings: await findings(system), sent: sentOn(await system.journey()).map(({ key, channel }) => ({ key, channel })) });
    }

    // Assess
    expect(ends[1]).toEqual(ends[0]);
  });

  it('that overtakes our own recording is recorded and holds', async () => {
    // Prepare
    const system = await aSilentSystem();
    await system.put('CustomerUpdated', aCustomer({ contactPoints: MAILS }));
    await system.put('AccountOverdue', anOverdue());
    const isSender = isOf('send-contact');
    let told = false;
    system.cloud.kernel.intercept(async (call, next) => {
      const answer = await next();
      if (told || !isSender(call) || call.service !== 'ses') return answer;
      told = true;
      const tags = call.input.Tags as readonly { Name: string; Value: string }[];
      const contactId = tags.find((tag) => tag.Name === 'contactId')?.Value ?? '';
      await system.cloud.call('lambda', 'Invoke', {
        FunctionName: 'overdue-journeys-take-in-feedback',
        Payload: JSON.stringify(onTopic(aBounce(contactId, system.now()))),
      });
      return answer;
    });

    // Act
    await walk(system, { until: (journey) => sentOn(journey).length === 2 });

    // Assess
    const journey = await system.journey();
    const own = types(journey).filter((type) => ['ContactReserved', 'DeliveryReported', 'ContactSent'].includes(type));
    expect(own).toEqual(['ContactReserved', 'DeliveryReported', 'ContactSent', 'ContactReserved', 'ContactSent']);
    expect(new Set(await pointsUsed(system))).toEqual(new Set(['cp-a', 'cp-b']));
  });

  it('on a message of a case that has ended is recorded, teaches the address, and opens nothing', async () => {
    // Prepare
    const system = await aCaseWithAMessage();
    const { contactId, caseId } = await lastSent(system);
    await system.put('PaymentReceived', aPayment({ paidAt: system.now() }));
    const before = await system.journey();

    // Act
    await report(system, contactId, 'bounced');

    // Assess
    const after = await system.journey();
    expect(after.status).toBe('cured');
    expect(after.timeline.slice(before.timeline.length)).toMatchObject([{ type: 'DeliveryReported', caseId, status: 'bounced' }]);
    expect(Object.values(await findings(system))).toEqual(['bounced']);
    expect(await system.executions()).toMatchObject([{ status: 'SUCCEEDED' }]);
  });
});

describe('feedback', () => {
  it('on messages that others in the account sent is dropped, and taken in with the rest', async () => {
    // Prepare
    const system = await aCaseWithAMessage([PHONE]);
    const { providerRef } = await lastSent(system);
    const others = ['other-1', 'other-2'].map((ref) => aTextStatus(ref, system.now(), 'Invalid phone number'));

    // Act
    const taken = await tellFeedback(
      system,
      inLog(...others, aTextStatus(providerRef, system.now(), 'Message has been accepted by phone', 'SUCCESS')),
    );
    const mail = await tellFeedback(system, onTopic(aBounce('c-none-1-reminder_1', system.now())));

    // Assess
    expect([taken, mail]).toEqual([true, true]);
    expect(reportsOn(await system.journey())).toEqual([{ status: 'delivered', how: 'provider' }]);
    expect(await findings(system)).toEqual({});
  });

  it('that cannot be read fails for somebody to look at, and keeps nothing from the rest', async () => {
    // Prepare
    const system = await aCaseWithAMessage([PHONE]);
    const { providerRef } = await lastSent(system);

    // Act
    const event = inLog('nothing', aTextStatus(providerRef, system.now(), 'Invalid phone number'));
    const taken = [await tellFeedback(system, event), await tellFeedback(system, event)];

    // Assess
    expect(taken).toEqual([false, false]);
    expect(reportsOn(await system.journey())).toEqual([{ status: 'bounced', how: 'provider', finding: 'bounced' }]);
  });

  it('that says the same end of a message at another time changes nothing', async () => {
    // Prepare
    const system = await aCaseWithAMessage();
    const { contactId } = await lastSent(system);
    await tellFeedback(system, onTopic(aBounce(contactId, '2026-03-05T02:00:00Z', 'Transient')));

    // Act
    const taken = await tellFeedback(system, onTopic(aBounce(contactId, '2026-03-05T03:00:00Z', 'Transient')));

    // Assess
    expect(taken).toBe(true);
    expect(reportsOn(await system.journey())).toEqual([{ status: 'failed', how: 'provider' }]);
  });
});

describe('from the services themselves', () => {
  /** A case whose messages have the fate that the rules give them. */
  async function aCaseWithFates(
    contactPoints: readonly object[],
    rules: Parameters<System['cloud']['delivery']['add']>[0][],
  ): Promise<System> {
    const system = await aSystem();
    for (const rule of rules) system.cloud.delivery.add(rule);
    await system.put('CustomerUpdated', aCustomer({ contactPoints }));
    await system.put('AccountOverdue', anOverdue());
    return system;
  }

  it('a bounce comes through topic and set, and the message goes by the other address', async () => {
    // Prepare
    const system = await aCaseWithFates(MAILS, [
      { service: 'ses', match: { to: 'wang@example.com' }, outcome: 'bounce', reason: 'NoEmail' },
    ]);

    // Act
    await system.advance('P8D');

    // Assess
    const reports = reportsOn(await system.journey());
    expect(await findings(system)).toEqual({ 'cp-a': 'bounced' });
    expect(reports.filter(({ status }) => status === 'bounced')).toHaveLength(1);
    expect(reports.filter(({ status }) => status === 'delivered').length).toBeGreaterThan(0);
    expect(system.outbox().filter(({ to }) => to === 'wang@example.com')).toHaveLength(1);
  });

  it('a complaint comes a minute after the delivery', async () => {
    // Prepare
    const system = await aCaseWithFates(MAILS.slice(0, 1), [{ service: 'ses', outcome: 'complaint', reason: 'abuse' }]);

    // Act
    await system.advance('P8D');

    // Assess
    expect(await findings(system)).toEqual({ 'cp-a': 'complained' });
    expect(system.outbox()).toHaveLength(1);
  });

  it('a text that fails is told of by the log, and one that a carrier took is not told of at all', async () => {
    // Prepare
    const rule = { service: 'sns', match: { to: PHONE.address, count: 1 }, outcome: 'failure', reason: 'Phone has blocked SMS' } as const;
    const system = await aCaseWithFates([PHONE, ...MAILS.slice(0, 1)], [rule, { service: 'ses', outcome: 'none' }]);

    // Act
    await system.advance('P12D');

    // Assess
    expect(system.outbox().filter(({ channel }) => channel === 'sms').length).toBeGreaterThan(1);
    expect(reportsOn(await system.journey())).toEqual([{ status: 'failed', how: 'provider' }]);
  });

  it('a formal notice that is delivered is served by the report', async () => {
    // Prepare
    const system = await aCaseWithFates([...MAILS.slice(0, 1), { ...PHONE, channel: 'voice' }], []);
    const served = (journey: { timeline: readonly { type: string }[] }) =>
      journey.timeline.find((entry) => entry.type === 'LegalNoticeServed');

    // Act
    const journey = await walk(system, { until: (seen) => served(seen) !== undefined });

    // Assess
    const notices = sentOn(journey).filter((sent) => sent.template.startsWith('legal-formal-notice'));
    expect(served(journey)).toMatchObject({ how: 'reported', contactIds: notices.map(({ contactId }) => contactId) });
  });
});
