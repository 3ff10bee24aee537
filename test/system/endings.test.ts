import { describe, expect, it } from 'vitest';
import { aSystem, type Journey, type System } from './cloud.ts';
import { check } from './contacts.ts';
import { aCustomer, aHold, anOverdue, aPayment, cny } from './events.ts';
import { anAccountToCall, isReferred, openTasks, walk } from './walk.ts';

const aStatus = (system: System, status: string, change: object = {}): Record<string, unknown> => ({
  accountId: 'acc-1',
  status,
  at: system.now(),
  reference: `core-${status}`,
  ...change,
});

interface Closed {
  readonly status: string;
  readonly closeReason: string;
  readonly reference?: string;
  readonly by?: string;
}
const close = (system: System, caseId: string, reason: string, more: object = {}) =>
  system.api<Closed>('POST', `/cases/${caseId}/close`, { reason, reference: 'memo-1', by: 'approver-1', ...more });

const advised = (system: System, accountId = 'acc-1') =>
  system.events(accountId).flatMap(({ 'detail-type': type, detail }) => (type === 'AccountActionAdvised' ? [String(detail.action)] : []));

/** What is left open of a case, by its timeline. */
function leftOpen(journey: Journey): string[] {
  const promised = journey.promise?.status === 'open' ? ['promise'] : [];
  const planned = journey.plan?.status === 'active' ? ['plan'] : [];
  return [...openTasks(journey).map(({ objective }) => objective), ...promised, ...planned];
}

describe('the core’s final word', () => {
  it.each(['charged-off', 'sold', 'closed', 'settled', 'time-barred'])('%s ends the case with all that is open in it', async (status) => {
    // Prepare
    const { system } = await anAccountToCall();
    const word = aStatus(system, status);

    // Act
    await system.put('AccountStatusChanged', word);
    await system.put('AccountStatusChanged', word);
    const journey = await system.journey();
    const sent = system.outbox().length;
    await system.put('AccountOverdue', anOverdue({ asOf: system.now() }));
    await system.advance('P20D');

    // Assess
    expect(journey).toMatchObject({ status: 'closed', closeReason: status, accountStatus: { status, reference: `core-${status}` } });
    expect([journey.stage, journey.next, leftOpen(journey)]).toEqual([undefined, undefined, []]);
    expect(await system.tasks('call')).toEqual([]);
    expect(system.said().filter((type) => type === 'JourneyClosed')).toHaveLength(1);
    expect([system.outbox().length, (await system.journey()).caseId]).toEqual([sent, journey.caseId]);
  });

  it.each(['charged-off', 'time-barred'])('%s, taken back as an error, lets the next case begin', async (status) => {
    // Prepare
    const { system } = await anAccountToCall();
    const before = await system.journey();
    await system.put('AccountStatusChanged', aStatus(system, status));
    await system.advance('P2D');
    const said = aStatus(system, status, { retracted: true, reference: 'core-error-7' });

    // Act
    await system.put('AccountStatusChanged', said);
    await system.put('AccountStatusChanged', said);
    const after = await system.journey();
    await system.put('AccountStatusChanged', aStatus(system, 'placed', { retracted: true, at: '2026-03-02T00:00:00Z' }));
    await system.advance('P5D');

    // Assess
    expect(after).toMatchObject({ status: 'open', previousCaseId: before.caseId, accountStatus: { status, retractedAt: said.at } });
    const told = after.timeline.filter(({ type }) => type === 'AccountStatusRetracted');
    expect(told).toMatchObject([{ endedCaseId: before.caseId, reference: 'core-error-7' }]);
    const rejected = system.events().filter((event) => event['detail-type'] === 'EventRejected');
    expect(rejected.map(({ detail }) => [detail.rejectedType, detail.field])).toEqual([['AccountStatusChanged', 'retracted']]);
    expect(system.outbox().some(({ at }) => at > String(said.at))).toBe(true);
  });

  it('is rejected where it contradicts another of its instant, or where words stand for its record', async () => {
    // Prepare
    const system = await aSystem();
    await system.put('AccountStatusChanged', aStatus(system, 'sold'));

    // Act
    await system.put('AccountStatusChanged', aStatus(system, 'closed'));
    await system.put('AccountStatusChanged', aStatus(system, 'closed', { at: '2026-03-02T00:00:00Z', reference: 'sold by Wang Xiaoming' }));
    await system.put(
      'LegalStatusReported',
      aStatus(system, 'filed', { at: '2026-03-02T00:00:00Z', reference: '（2026）沪0115民初12345号' }),
    );

    // Assess
    const rejected = system.events().filter((event) => event['detail-type'] === 'EventRejected');
    expect(rejected.map(({ detail }) => [detail.rejectedType, detail.field])).toEqual([
      ['AccountStatusChanged', 'detail'],
      ['AccountStatusChanged', 'reference'],
    ]);
  });

  it('said before the account is known keeps a case from opening, and a placement holds it from its first day', async () => {
    // Prepare
    const system = await aSystem();
    for (const [accountId, status] of [
      ['acc-1', 'sold'],
      ['acc-2', 'placed'],
    ]) {
      const customerId = `cus-${accountId}`;
      await system.put('AccountStatusChanged', aStatus(system, status ?? '', { accountId }));
      await system.put('CustomerUpdated', aCustomer({ customerId }));
      await system.put('AccountOverdue', anOverdue({ accountId, customerId }));
    }

    // Act
    await system.advance('P10D');

    // Assess
    expect((await system.api('GET', '/accounts/acc-1/journey')).status).toBe(404);
    expect(await system.journey('acc-2')).toMatchObject({ status: 'held', stage: 'reminder', accountStatus: { status: 'placed' } });
    expect(system.outbox()).toEqual([]);
  });
});

describe('a statement that went out before the account was sold', () => {
  it.each([
    ['sold', []],
    ['recalled', ['pre-due', 'pre-due']],
  ])('is reminded of after the word %s: %j', async (status, expected) => {
    // Prepare
    const system = await aSystem({ reminders: true });
    await system.put('CustomerUpdated', aCustomer());
    const amounts = { statementBalance: cny('3000.00'), minimumDue: cny('300.00') };
    const issued = {
      statementId: 'st-1',
      accountId: 'acc-1',
      customerId: 'cus-1',
      dueDate: '2026-03-12',
      issuedAt: '2026-03-02T01:00:00Z',
    };
    await system.put('StatementIssued', { ...issued, ...amounts });

    // Act
    await system.put('AccountStatusChanged', aStatus(system, status));
    await system.advance('P20D');

    // Assess
    expect(system.outbox().map(({ template }) => template)).toEqual(expected);
  });
});

describe('closing a case', () => {
  it('is answered alike when it is asked again, and refused where the case ended otherwise', async () => {
    // Prepare
    const { system } = await anAccountToCall();
    const { caseId } = await system.journey();

    // Act
    const unknown = await close(system, 'c-none-1', 'written-off');
    const malformed = await close(system, caseId, 'lost-interest');
    const closed = await close(system, caseId, 'written-off');
    const again = await close(system, caseId, 'written-off', { by: 'approver-2' });
    const other = await close(system, caseId, 'sold');
    const elsewhere = await close(system, caseId, 'written-off', { reference: 'memo-2' });

    // Assess
    expect([unknown.status, malformed.status, other.status, elsewhere.status]).toEqual([404, 400, 409, 409]);
    expect(malformed.json).toMatchObject({ field: 'reason' });
    expect(closed).toMatchObject({ status: 200, json: { status: 'closed', closeReason: 'written-off', by: 'approver-1' } });
    expect(again).toEqual(closed);
    expect(await system.journey()).toMatchObject({ status: 'closed', closeReason: 'written-off' });
    const told = system.events('acc-1').filter((event) => event['detail-type'] === 'JourneyClosed');
    expect(told).toMatchObject([{ detail: { reason: 'written-off', reference: 'memo-1', by: 'approver-1' } }]);
    // A case that was cured is not ended a second time.
    await system.put('AccountOverdue', anOverdue({ dueDate: '2026-03-05', asOf: system.now() }));
    expect((await system.journey()).caseId).toBe(caseId);
  });

  it.each([
    ['reminder', '2026-03-01', []],
    ['call', '2026-02-20', ['recover']],
    ['plan', '2026-01-16', ['plan']],
    ['field-visit', '2025-12-20', ['promise']],
    ['legal', '2025-11-20', ['confirm-intent']],
  ])('ends promise, plan and tasks in the stage %s', async (stage, dueDate, open) => {
    // Prepare
    const system = await aSystem();
    await system.put('CustomerUpdated', aCustomer());
    await system.put('AccountOverdue', anOverdue({ dueDate }));
    const reached = (journey: Journey) => journey.stage === stage && (stage === 'reminder' || openTasks(journey).length > 0);
    const { caseId } = await walk(system, { until: reached });
    if (stage === 'plan') {
      const { json } = await system.api<{ offers: { offerId: string }[] }>('GET', '/accounts/acc-1/plan-offers');
      await system.api('POST', '/accounts/acc-1/plans', { offerId: json.offers[0]?.offerId, agreedAt: system.now(), channel: 'app' });
    }
    if (stage === 'field-visit') {
      const promises = [{ amount: cny('100.00'), date: new Date(Date.parse(system.now()) + 5 * 86_400_000).toISOString().slice(0, 10) }];
      const { taskId = '' } = openTasks(await system.journey()).find(({ queue }) => queue === 'call') ?? {};
      await system.report(taskId, 'promise', { promises });
    }
    const before = leftOpen(await system.journey());

    // Act
    const closed = await close(system, caseId, 'closed');
    const journey = await system.journey();
    await system.advance('P30D');

    // Assess
    expect(before).toEqual(expect.arrayContaining(open));
    expect([closed.status, journey.status, leftOpen(journey)]).toEqual([200, 'closed', []]);
    expect((await system.journey()).timeline).toEqual(journey.timeline);
  });
});

describe('a placement with an agency', () => {
  it('stops all contact, and is called back when the customer pays', async () => {
    // Prepare
    const { system } = await anAccountToCall();
    const sent = system.outbox().length;

    // Act
    await system.put('AccountStatusChanged', aStatus(system, 'placed', { reference: 'agency-3' }));
    const placed = await system.journey();
    await system.advance('P10D');
    const later = system.outbox().length;
    await system.put('PaymentReceived', aPayment({ paidAt: system.now() }));

    // Assess
    expect(placed).toMatchObject({ status: 'held', stage: 'call', holds: [{ kind: 'placed' }] });
    expect(leftOpen(placed)).toEqual([]);
    expect(later).toBe(sent);
    expect(system.said()).toContain('JourneyHeld');
    expect(advised(system)).toEqual(['recall-from-agency']);
    expect(await system.journey()).toMatchObject({ status: 'cured' });
  });

  it('leaves the gate open for the agency until it is recalled, and for nobody else', async () => {
    // Prepare
    const { system } = await anAccountToCall();
    await system.put('AccountStatusChanged', aStatus(system, 'placed', { reference: 'agency-3' }));
    const asked = async () => [(await check(system)).json.rule, (await check(system, { actor: 'agency-3' })).json.rule];

    // Act
    const placed = await asked();
    await system.advance('PT1M');
    await system.put('AccountStatusChanged', aStatus(system, 'recalled'));

    // Assess
    expect(placed).toEqual(['STATE.HELD', 'CN.PASS']);
    expect(await asked()).toEqual(['CN.PASS', 'STATE.RECALLED']);
  });

  it('that the core does not end on our advice is asked after within days, and a yes advises it again', async () => {
    // Prepare
    const { system } = await anAccountToCall();
    await system.put('AccountStatusChanged', aStatus(system, 'placed'));
    await system.put('HoldPlaced', aHold({ kind: 'complaint', placedAt: system.now() }));

    // Act
    await system.advance('P9D');
    const tasks = (await system.tasks('case-review')).filter(({ objective }) => objective === 'review-placement');
    await system.report(tasks[0]?.taskId ?? '', 'approve', { by: 'supervisor-1' });

    // Assess
    expect(tasks).toHaveLength(1);
    expect(advised(system)).toEqual(['recall-from-agency', 'recall-from-agency']);
  });

  it('goes on after the recall, and a complaint under it asks for that', async () => {
    // Prepare
    const { system } = await anAccountToCall();
    await system.put('AccountStatusChanged', aStatus(system, 'placed'));
    await system.advance('P1D');

    // Act
    await system.put('HoldPlaced', aHold({ kind: 'complaint', placedAt: system.now() }));
    await system.advance('P1D');
    await system.put('AccountStatusChanged', aStatus(system, 'recalled'));
    await system.put('HoldReleased', { holdId: 'hold-1', releasedAt: system.now() });
    const journey = await walk(system, { answers: {}, until: (seen) => openTasks(seen).length > 0 });

    // Assess
    expect(advised(system)).toEqual(['recall-from-agency']);
    expect(journey).toMatchObject({ status: 'open', stage: 'call' });
    expect(openTasks(journey)).toMatchObject([{ objective: 'recover' }]);
  });
});

describe('a suit', () => {
  it('that others filed, of a case that is still called about, leaves its record under lock when it ends', async () => {
    // Prepare
    const { system } = await anAccountToCall();
    const { stage } = await system.journey();
    await system.put('LegalStatusReported', aStatus(system, 'filed', { reference: 'docket-7' }));
    await system.advance('P5D');

    // Act
    await system.put('PaymentReceived', aPayment({ amount: cny('6250.00'), paidAt: system.now() }));
    await system.advance('PT5M');

    // Assess
    const [closed] = system.events('acc-1').filter(({ 'detail-type': type }) => type === 'JourneyClosed');
    expect(stage).toBe('call');
    expect(closed?.detail).toMatchObject({ reason: 'cured', evidenceRef: expect.stringMatching(/^s3:/), evidenceHash: expect.any(String) });
  });

  it('is stayed while an arrangement is kept, and goes on once that is broken', async () => {
    // Prepare
    const { system } = await anAccountToCall();
    await system.put('LegalStatusReported', aStatus(system, 'filed', { reference: 'docket-7' }));
    const { json } = await system.api<{ offers: { offerId: string }[] }>('GET', '/accounts/acc-1/plan-offers');

    // Act
    const body = { offerId: json.offers[0]?.offerId, agreedAt: system.now(), channel: 'app' };
    const agreed = await system.api('POST', '/accounts/acc-1/plans', body);
    const stayed = advised(system);
    await system.advance('P2D');
    const kept = await system.journey();
    await system.advance('P40D');

    // Assess
    expect(agreed).toMatchObject({ status: 200, json: { status: 'arranged' } });
    expect(stayed).toEqual(['stay-suit']);
    expect([kept.stage, openTasks(kept).filter(({ queue }) => queue === 'legal-review')]).toEqual(['plan', []]);
    expect(advised(system).filter((action) => action.endsWith('-suit'))).toEqual(['stay-suit', 'resume-suit']);
    expect((await system.journey()).plan?.status).toBe('broken');
  });

  it('is followed to judgment and enforcement, withdrawn, referred again, and settled', async () => {
    // Prepare
    const system = await aSystem();
    await system.put('CustomerUpdated', aCustomer());
    await system.put('AccountOverdue', anOverdue({ dueDate: '2025-11-20' }));
    await walk(system, { until: isReferred });
    const states = async () => (await system.executions()).find(({ machine }) => machine === 'legal')?.states ?? [];

    // Act
    const seen: unknown[] = [];
    for (const status of ['filed', 'judgment', 'enforcement']) {
      await system.advance('P40D');
      await system.put('LegalStatusReported', aStatus(system, status, { reference: '（2026）沪0115民初12345号' }));
      const { stage, status: is, next, ...journey } = await system.journey();
      seen.push([stage, is, next?.why, (journey as { legal?: { status: string } }).legal?.status]);
    }
    const sent = system.collected().length;
    await system.put('LegalStatusReported', aStatus(system, 'withdrawn', { at: '2026-03-02T00:00:00Z' }));
    await system.advance('P20D');
    const silent = system.collected().length;
    await system.put('LegalStatusReported', aStatus(system, 'settled'));

    // Assess
    const why = (awaited: string) => `Referred; the court's news is awaited (${awaited}), and without any a person finds out`;
    expect(seen).toEqual([
      ['legal', 'open', why('judgment'), 'filed'],
      ['legal', 'open', why('enforcement'), 'judgment'],
      ['legal', 'open', why('recovery'), 'enforcement'],
    ]);
    expect(silent).toBe(sent);
    expect(await states()).toEqual(expect.arrayContaining(["Wait for the court's news", 'Close the case']));
    expect(await system.journey()).toMatchObject({ status: 'closed', closeReason: 'settled', legal: { status: 'settled' } });
    expect(advised(system)).toEqual(['block-card', 'charge-off-review']);
  });

  it('that was withdrawn returns to the legal stage, and a payment ends it at once', async () => {
    // Prepare
    const system = await aSystem();
    await system.put('CustomerUpdated', aCustomer());
    await system.put('AccountOverdue', anOverdue({ dueDate: '2025-11-20' }));
    await walk(system, { until: isReferred });
    await system.put('LegalStatusReported', aStatus(system, 'judgment'));
    await system.advance('P1D');

    // Act
    await system.put('LegalStatusReported', aStatus(system, 'withdrawn'));
    const back = await system.journey();
    await walk(system, { until: (journey) => journey.timeline.filter(({ type }) => type === 'IntentConfirmed').length > 1 });
    await system.put('LegalStatusReported', aStatus(system, 'filed'));
    await system.put('PaymentReceived', aPayment({ paidAt: system.now() }));

    // Assess
    expect([back.stage, back.status]).toEqual(['legal', 'open']);
    expect(await system.journey()).toMatchObject({ status: 'cured', legal: { status: 'filed' } });
    expect(advised(system)).toContain('unblock-card');
  });
});
