import { describe, expect, it } from 'vitest';
import { HOUR, toInstant, toMillis } from '../../domain/calendar.ts';
import { afterDelivery } from '../../domain/contact-points/health.ts';
import { missingForIntent, proposeLegalStep } from '../../domain/decide/legal.ts';
import { missingForVisit } from '../../domain/decide/visits.ts';
import type { Entry } from '../../domain/entries.ts';
import type { DeliveryStatus } from '../../domain/model.ts';
import { recordDelivery } from '../../domain/record/delivery.ts';
import { Journal } from '../../domain/record/journal.ts';
import { anAccount } from '../builders/account.ts';
import { aCustomer, aPoint } from '../builders/customer.ts';
import { aSetting } from '../builders/setting.ts';
import type { CaseDriver } from './case-driver.ts';
import { drive } from './drive.ts';
import { unprovenOfReferral } from './proofs.ts';

type Sent = Entry<'ContactSent'>;

/** Tells the case and the customer's record what became of a message, as the intake does. */
function report(driver: CaseDriver, { contactId, key, channel, caseId }: Sent, status: DeliveryStatus, at = driver.now): void {
  const contact = { contactId, key, channel, ...(caseId === undefined ? {} : { caseId }) };
  const addressKey = driver.governor.contacts.find((row) => row.id === contactId)?.addressKey ?? '';
  driver.tell((journal) => recordDelivery(journal, contact, { status, at: toInstant(at), how: 'provider' }, undefined));
  driver.governor = afterDelivery(driver.governor, { channel, addressKey }, { contactId, status, at: toInstant(at) });
}

/** Plays on for an hour. Stopping there asks for a decision that nothing else does. */
function anHour(driver: CaseDriver): void {
  driver.runTo(driver.now + HOUR);
  driver.deadlines += 1;
}

/** Plays on, hour by hour, and reports on every message as it went. */
function runReporting(driver: CaseDriver, hours: number, statusOf: (sent: Sent) => DeliveryStatus | undefined): void {
  for (let hour = 0; hour < hours; hour += 1) {
    const before = driver.entriesOf('ContactSent').length;
    anHour(driver);
    for (const sent of driver.entriesOf('ContactSent').slice(before)) {
      const status = statusOf(sent);
      if (status !== undefined) report(driver, sent, status);
    }
  }
}

const isNotice = (sent: Sent) => sent.template === 'legal-formal-notice';
const notices = (driver: CaseDriver) => driver.entriesOf('ContactSent').filter(isNotice);
const served = (driver: CaseDriver) => driver.entriesOf('LegalNoticeServed').map(({ how, contactIds }) => ({ how, contactIds }));
const hoursBetween = (one: { at: string } | undefined, other: { at: string } | undefined) =>
  (toMillis(other?.at ?? '') - toMillis(one?.at ?? '')) / HOUR;

/** A case that reaches its formal notice within days. */
function aCaseBeforeItsNotice(governor = aCustomer().build()): CaseDriver {
  const driver = drive(anAccount().overdueBy(95), undefined, { governor });
  while (driver.entriesOf('IntentConfirmed').length === 0) anHour(driver);
  return driver;
}

describe('a formal notice', () => {
  it('is served when a report says that it arrived, and after every channel that can carry it', () => {
    const driver = aCaseBeforeItsNotice();
    runReporting(driver, 48, () => 'delivered');
    expect(
      notices(driver)
        .map(({ channel }) => channel)
        .sort(),
    ).toEqual(['email', 'sms']);
    expect(served(driver)).toEqual([{ how: 'reported', contactIds: expect.arrayContaining(notices(driver).map((row) => row.contactId)) }]);
    expect(hoursBetween(notices(driver).at(-1), driver.entriesOf('LegalNoticeServed')[0])).toBeLessThanOrEqual(1);
    driver.check();
  });

  it('is served after 72 hours where no report says otherwise', () => {
    const driver = aCaseBeforeItsNotice();
    runReporting(driver, 120, () => 'accepted');
    expect(served(driver)).toMatchObject([{ how: 'elapsed' }]);
    expect(hoursBetween(notices(driver).at(-1), driver.entriesOf('LegalNoticeServed')[0])).toBeGreaterThanOrEqual(72);
  });

  it('that came back on one channel is served by the other alone', () => {
    const driver = aCaseBeforeItsNotice();
    runReporting(driver, 120, (sent) => (sent.channel === 'email' ? 'bounced' : undefined));
    const [mail] = notices(driver).filter(({ channel }) => channel === 'email');
    const [text] = notices(driver).filter(({ channel }) => channel === 'sms');
    expect(mail).toBeDefined();
    expect(served(driver)).toEqual([{ how: 'elapsed', contactIds: [text?.contactId] }]);
  });

  it('that came back goes to another address of the customer, and is served by that', () => {
    const second = aPoint('email', { id: 'p-second' });
    const governor = { ...aCustomer().reachableBy('email', 'voice').withPoints(second).build() };
    const driver = aCaseBeforeItsNotice(governor);
    const tried: string[] = [];
    runReporting(driver, 48, (sent) => {
      const { contactPointId = '' } = driver.case.contacts.find((contact) => contact.key === sent.key) ?? {};
      if (isNotice(sent)) tried.push(contactPointId);
      return tried.length === 1 ? 'bounced' : 'delivered';
    });
    expect(new Set(tried).size).toBe(2);
    expect(served(driver)).toEqual([{ how: 'reported', contactIds: [notices(driver).at(-1)?.contactId] }]);
    driver.check();
  });

  it('that came back everywhere is not served, however long it is waited', () => {
    const driver = aCaseBeforeItsNotice();
    runReporting(driver, 24 * 60, (sent) => (isNotice(sent) ? 'bounced' : undefined));
    expect(notices(driver).length).toBeGreaterThan(0);
    expect(served(driver)).toEqual([]);
    expect(driver.entriesOf('LegalReferred')).toEqual([]);
    driver.check();
  });

  it('that could not be delivered now goes again a day later', () => {
    const driver = aCaseBeforeItsNotice(aCustomer().reachableBy('email', 'voice').build());
    runReporting(driver, 40, (sent) => (isNotice(sent) ? 'failed' : undefined));
    const [first, second] = notices(driver);
    expect(hoursBetween(first, second)).toBeGreaterThanOrEqual(24);
    expect(served(driver)).toEqual([]);
  });

  it('that came back after it counted as served never was: everything that was built on it is done anew', () => {
    const driver = aCaseBeforeItsNotice();
    while (driver.entriesOf('ReferralApproved').length === 0 && driver.entriesOf('EvidenceAssembled').length === 0) anHour(driver);
    const lost = notices(driver);
    for (const sent of lost) report(driver, sent, 'returned', toMillis(sent.at) + 100 * HOUR);
    expect(driver.case.legal).not.toHaveProperty('noticeServedAt');
    expect(driver.case.legal).not.toHaveProperty('evidenceHash');

    // The bank finds another address.
    driver.governor = { ...driver.governor, points: [...driver.governor.points, aPoint('email', { id: 'p-new' })] };
    driver.runDays(60);

    expect(driver.entriesOf('LegalNoticeServed').length).toBe(2);
    expect(
      served(driver)
        .at(-1)
        ?.contactIds.some((contactId) => lost.some((row) => row.contactId === contactId)),
    ).toBe(false);
    expect(driver.entriesOf('LegalReferred').length).toBe(1);
    expect(unprovenOfReferral(driver)).toEqual([]);
    driver.check();
  });
});

describe('the proof that messages were tried', () => {
  it.each([
    ['is there at once when a report says that they arrived', 'delivered', false],
    ['is there at once when they came back', 'bounced', false],
    ['is waited for when a report says only that they were taken', 'accepted', true],
    ['is waited for without a report', undefined, true],
  ] as const)('%s', (_what, status, waits) => {
    const driver = drive(anAccount().overdueBy(5), undefined, { deployment: { house: false } });
    while (driver.entriesOf('ContactSent').length < 2) anHour(driver);
    for (const sent of driver.entriesOf('ContactSent')) if (status !== undefined) report(driver, sent, status);
    expect(missingForVisit(driver.world()).some((why) => why.includes('messages were delivered'))).toBe(waits);
  });
});

describe('the written demands before a suit', () => {
  const lacking = (driver: CaseDriver) => missingForIntent(driver.world()).some((why) => why.includes('written demands'));

  it.each([
    ['count at once when a report says that they arrived', 'delivered', false, false],
    ['never count when they bounced', 'bounced', true, true],
    ['never count when they failed', 'failed', true, true],
    ['count after 72 hours when a report says only that they were taken', 'accepted', true, false],
    ['count after 72 hours without a report', undefined, true, false],
  ] as const)('%s', (_what, status, atFirst, later) => {
    // Prepare
    const driver = drive(anAccount().overdueBy(5), undefined, { deployment: { house: false } });
    while (driver.entriesOf('ContactSent').length < 2) anHour(driver);

    // Act
    for (const sent of driver.entriesOf('ContactSent')) if (status !== undefined) report(driver, sent, status);
    const before = lacking(driver);
    const since = driver.entriesOf('ContactSent').length;
    const world = driver.world();
    const after = missingForIntent({ ...world, now: world.now + 72 * HOUR }).some((why) => why.includes('written demands'));

    // Assess
    expect(since).toBe(2);
    expect([before, after]).toEqual([atFirst, later]);
  });

  it('count again when one that failed is reported as delivered after all, and not twice', () => {
    const driver = drive(anAccount().overdueBy(5), undefined, { deployment: { house: false } });
    while (driver.entriesOf('ContactSent').length < 2) anHour(driver);
    const counts = (['failed', 'failed', 'delivered', 'delivered'] as const).map((status) => {
      for (const sent of driver.entriesOf('ContactSent')) report(driver, sent, status);
      return driver.case.writtenDemands;
    });
    expect(counts).toEqual([0, 0, 2, 2]);
  });

  it('are waited for, and the intent is asked for as soon as there are enough', () => {
    // Prepare
    const driver = drive(anAccount().overdueBy(95), undefined, { deployment: { house: false } });
    while (driver.case.stage !== 'legal') anHour(driver);
    const { writtenDemands, contacts } = driver.case;
    const sent = contacts.filter(({ purpose, sentAt }) => sentAt !== undefined && purpose !== 'formal-notice').slice(-2);
    const sentAt = toInstant(driver.now - HOUR);
    const young = contacts.map((contact) => (sent.includes(contact) ? { ...contact, sentAt } : contact));
    const world = driver.world();

    // Act
    const decided = proposeLegalStep({
      ...world,
      current: { ...world.current, tasks: [], approvals: ['legal'], contacts: young, writtenDemands: Math.min(2, writtenDemands) },
    });

    // Assess
    expect(sent).toHaveLength(2);
    expect(decided).toMatchObject({ kind: 'wait', at: toMillis(sentAt) + 72 * HOUR });
  });
});

describe('a report', () => {
  const contact = { contactId: 'c-1-k_1', key: 'k_1', channel: 'sms', caseId: 'c-1' } as const;
  const when = '2026-03-03T02:00:00Z';

  /** A case with one message handed over and nothing known of it. */
  function aReservation(): Journal {
    const driver = drive(anAccount().overdueBy(5));
    const journal = new Journal(driver.account, aSetting({ now: driver.now, governor: driver.governor }));
    const { caseId } = driver.case;
    journal.add({
      ...contact,
      caseId,
      type: 'ContactReserved',
      contactPointId: 'p-sms',
      template: 'reminder-first',
      purpose: 'collection',
      stage: 'reminder',
      rule: 'PASS',
    });
    return journal;
  }
  const seen = (journal: Journal) => journal.account.case?.contacts.find((row) => row.key === contact.key);
  const tell = (journal: Journal, status: DeliveryStatus, caseId = journal.account.case?.caseId ?? '') =>
    recordDelivery(journal, { ...contact, caseId }, { status, at: when, how: 'gateway' }, undefined);

  it('that is quicker than our own recording holds when that comes', () => {
    const journal = aReservation();
    tell(journal, 'bounced');
    journal.add({
      type: 'ContactSent',
      contactId: contact.contactId,
      key: contact.key,
      channel: 'sms',
      template: 'reminder-first@1',
      locale: 'zh-CN',
      bodyHash: '',
      providerRef: 'ref',
      onDate: '2026-03-03',
    });
    expect(seen(journal)).toMatchObject({ status: 'sent', delivery: { status: 'bounced', at: when } });
  });

  it.each(['accepted', 'delivered'] as const)('"%s" of a message in doubt says that it went, before it is given up or after', (status) => {
    const lost = { type: 'ContactLost', contactId: contact.contactId, key: contact.key } as const;
    const before = aReservation();
    tell(before, status);
    before.add(lost);
    const after = aReservation();
    after.add(lost);
    tell(after, status);
    for (const journal of [before, after]) {
      expect(seen(journal)).toMatchObject({ status: 'sent', delivery: { status } });
      expect(journal.account.case?.sentByStage).toEqual({ reminder: 1 });
      expect(journal.account.case?.writtenDemands).toBe(1);
    }
  });

  it('"bounced" of a message that was given up leaves it given up', () => {
    const journal = aReservation();
    journal.add({ type: 'ContactLost', contactId: contact.contactId, key: contact.key });
    tell(journal, 'bounced');
    expect(seen(journal)).toMatchObject({ status: 'lost', delivery: { status: 'bounced' } });
    expect(journal.account.case?.sentByStage).toEqual({});
  });

  it('of an earlier case changes nothing in this one, though the keys are alike', () => {
    const journal = aReservation();
    const before = journal.account;
    tell(journal, 'bounced', 'c-earlier-1');
    expect(journal.account).toEqual(before);
    expect(journal.drafts.at(-1)).toMatchObject({ type: 'DeliveryReported', caseId: 'c-earlier-1' });
  });
});
