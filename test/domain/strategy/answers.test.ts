import { describe, expect, it } from 'vitest';
import { addDays, DAY, instantAt, localDate, localMinutes, toInstant, toMillis } from '../../../domain/calendar.ts';
import type { ContactRow, Governor } from '../../../domain/customer.ts';
import { plannedInstant, type World, worldOf } from '../../../domain/decide/world.ts';
import type { Case } from '../../../domain/model.ts';
import { recordPaymentReceived } from '../../../domain/record/bank-facts.ts';
import { answeredInstant, quietAfterConversation } from '../../../domain/strategy/answers.ts';
import { anAccount, cny } from '../../builders/account.ts';
import { aCustomer } from '../../builders/customer.ts';
import { aSetting } from '../../builders/setting.ts';
import { onceOnCall, patientDesk } from '../desks.ts';
import { drive } from '../drive.ts';

const ZONE = 'Asia/Shanghai';
/** A Monday, early. */
const NOW = instantAt('2026-03-02', 8 * 60, ZONE);

function aRow(daysAgo: number, minutes: number, change: Partial<ContactRow> = {}): ContactRow {
  const at = toInstant(instantAt(addDays('2026-03-02', -daysAgo), minutes, ZONE));
  return {
    id: `row-${daysAgo}-${minutes}`,
    at,
    channel: 'voice',
    kind: 'conversation',
    accountId: 'acc-1',
    purpose: 'collection',
    ...change,
  };
}

function aWorld(rows: readonly ContactRow[], current: Partial<Case> = {}, customer: Governor = aCustomer().build()): World {
  const base = anAccount().overdueBy(12).build();
  if (base.case === undefined) throw new Error('The builder opens a case');
  const governor = { ...customer, contacts: rows };
  return worldOf(base, { ...base.case, ...current }, governor, aSetting({ now: NOW, governor }));
}

const always = () => true;
const minutesOf = (at: number) => localMinutes(at, ZONE);

describe('the hour of the next contact', () => {
  it.each([
    ['in the morning', [aRow(10, 10 * 60)], 570, 720],
    ['at noon', [aRow(10, 12 * 60)], 720, 840],
    ['in the afternoon', [aRow(10, 17 * 60 + 59)], 840, 1080],
    ['in the evening', [aRow(10, 18 * 60)], 1080, 1185],
    ['mostly in the evening', [aRow(3, 10 * 60), aRow(10, 18 * 60), aRow(20, 19 * 60)], 1080, 1185],
    ['as often in the morning, and there last', [aRow(3, 10 * 60), aRow(10, 18 * 60)], 570, 720],
    ['by ringing the bank in the evening', [aRow(3, 19 * 60, { direction: 'inbound' })], 1080, 1185],
    ['about several accounts in the evening', [aRow(3, 19 * 60, { accountId: 'acc-2', alsoAbout: ['acc-1'] })], 1080, 1185],
  ])('follows a customer who was spoken to %s', (_name, rows, from, to) => {
    const at = answeredInstant(aWorld(rows), '2026-03-05', 'call', always);

    expect(localDate(at, ZONE)).toBe('2026-03-05');
    expect(minutesOf(at)).toBeGreaterThanOrEqual(from);
    expect(minutesOf(at)).toBeLessThan(to);
  });

  it.each([
    ['nothing', []],
    ['calls that nobody took', [aRow(3, 19 * 60, { kind: 'attempt' })]],
    ['a call about another account', [aRow(3, 19 * 60, { accountId: 'acc-2' })]],
    ['a visit', [aRow(3, 19 * 60, { channel: 'visit' })]],
    ['a call that nobody has reported on yet', [aRow(3, 19 * 60, { pendingUntil: toInstant(NOW) })]],
    ['a call in the night', [aRow(3, 23 * 60)]],
  ])('is spread over the day where %s is known', (_name, rows) => {
    const world = aWorld(rows);

    expect(answeredInstant(world, '2026-03-05', 'call', always)).toBe(plannedInstant(world, '2026-03-05', 'call'));
  });

  it('is another one where the gate does not let a contact through at that hour', () => {
    const world = aWorld([aRow(3, 19 * 60)]);
    const daytime = (at: number) => minutesOf(at) < 18 * 60;

    expect(answeredInstant(world, '2026-03-05', 'call', daytime)).toBe(plannedInstant(world, '2026-03-05', 'call'));
  });

  it('is the same for all who ask', () => {
    const rows = [aRow(3, 10 * 60), aRow(10, 18 * 60), aRow(20, 19 * 60)];

    expect(answeredInstant(aWorld(rows), '2026-03-05', 'call', always)).toBe(
      answeredInstant(aWorld([...rows].reverse()), '2026-03-05', 'call', always),
    );
  });

  it('of calls in a journey is the evening once the customer took one there, but a proof that is still missing comes first', () => {
    const evening = aCustomer().build();
    const driver = drive(anAccount().overdueBy(7), patientDesk(), { governor: { ...evening, contacts: [aRow(6, 19 * 60)] } }).runDays(12);

    const calls = driver.entriesOf('TaskOpened').filter((entry) => entry.queue === 'call');
    const early = calls.filter((entry) => localMinutes(toMillis(entry.at), ZONE) < 18 * 60);
    expect(calls.length).toBeGreaterThan(3);
    // A number that was rung in the evenings only still lacks its weekend, which is planned over the day.
    expect(early.every((entry) => [6, 7].includes(new Date(`${localDate(toMillis(entry.at), ZONE)}T00:00:00Z`).getUTCDay() || 7))).toBe(
      true,
    );
    driver.check();
  });
});

describe('the quiet after a conversation', () => {
  const quietUntil = (world: World) => {
    const until = quietAfterConversation(world);
    return until === undefined ? undefined : localDate(until, ZONE);
  };

  it.each([
    ['yesterday', [aRow(1, 600)], {}, '2026-03-04'],
    ['three days ago, which is over', [aRow(3, 600)], {}, '2026-03-02'],
    ['yesterday about another account', [aRow(1, 600, { accountId: 'acc-2' })], {}, undefined],
    ['yesterday about both', [aRow(1, 600, { accountId: 'acc-2', alsoAbout: ['acc-1'] })], {}, '2026-03-04'],
    ['yesterday about no account in particular', [{ ...aRow(1, 600), accountId: undefined }], {}, '2026-03-04'],
    ['yesterday, when the customer rang', [aRow(1, 600, { direction: 'inbound' })], {}, '2026-03-04'],
    ['yesterday in chat', [aRow(1, 600, { channel: 'im' })], {}, '2026-03-04'],
    ['yesterday, and nobody answered', [aRow(1, 600, { kind: 'attempt' })], {}, undefined],
    ['only as a task’s outcome says', [], { lastConversationAt: toInstant(NOW - DAY) }, '2026-03-04'],
    ['yesterday, by an evasive customer', [aRow(1, 600)], { refusalCount: 4 }, '2026-03-03'],
  ] as [string, ContactRow[], Partial<Case>, string | undefined][])('of %s', (_name, rows, current, until) => {
    const cleaned = rows.map((row) => JSON.parse(JSON.stringify(row)) as ContactRow);

    expect(quietUntil(aWorld(cleaned, current))).toBe(until);
  });

  it('does not begin where it brought a promise', () => {
    const promises = [
      { promiseId: 'p', taskId: 't', recordedAt: toInstant(NOW - DAY), amountMinor: 1, date: '2026-03-20', status: 'kept' as const },
    ];

    expect(quietUntil(aWorld([aRow(2, 600)], { promises }))).toBeUndefined();
  });

  it('holds messages and calls back, not what the customer asked for', () => {
    const spoken = drive(anAccount().overdueBy(7), onceOnCall({ outcome: 'reached-no-commitment' })).runDays(8);
    const first = spoken.entriesOf('TaskOutcomeReported')[0];
    const quietDays = [1, 2].map((days) => addDays(localDate(toMillis(first?.at ?? ''), ZONE), days));
    const contacts = [...spoken.sent, ...spoken.entriesOf('TaskOpened')].filter((row) =>
      quietDays.includes(localDate(toMillis(row.at), ZONE)),
    );
    expect(contacts).toEqual([]);
    expect(spoken.entriesOf('TaskOpened').length).toBeGreaterThan(1);

    const asked = drive(anAccount().overdueBy(7), onceOnCall({ outcome: 'call-back', callBackAt: '2026-03-04T06:00:00Z' })).runDays(3);
    expect(asked.entriesOf('TaskOpened').map((entry) => [entry.objective, entry.at])[1]).toEqual(['call-back', '2026-03-04T06:00:00Z']);

    const plan = drive(anAccount().overdueBy(7), onceOnCall({ outcome: 'plan-requested' })).runDays(2);
    expect(plan.sent.some((message) => message.purpose === 'plan-offer')).toBe(true);
    for (const driver of [spoken, asked, plan]) driver.check();
  });

  it('does not keep a case from closing', () => {
    const driver = drive(anAccount().overdueBy(7), onceOnCall({ outcome: 'reached-no-commitment' })).runDays(2);
    const at = toInstant(driver.now);
    driver.tell((journal) =>
      recordPaymentReceived(journal, { paymentId: 'p', amount: cny('6250.00'), paidAt: at, postedAt: at, state: 'posted' }),
    );
    driver.runDays(1);

    expect(driver.case.status).toBe('closed');
  });
});
