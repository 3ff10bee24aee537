import { describe, expect, it } from 'vitest';
import type { AccountFacts } from '../../../domain/account-facts.ts';
import { DAY, toInstant } from '../../../domain/calendar.ts';
import type { Governor } from '../../../domain/customer.ts';
import { type World, worldOf } from '../../../domain/decide/world.ts';
import type { Account, Case, Hold, Promise_, Track } from '../../../domain/model.ts';
import { recordPaymentReceived } from '../../../domain/record/bank-facts.ts';
import { paced, trackOf } from '../../../domain/strategy/tracks.ts';
import { anAccount, cny } from '../../builders/account.ts';
import { aCustomer } from '../../builders/customer.ts';
import { aSetting, START } from '../../builders/setting.ts';
import type { CaseDriver } from '../case-driver.ts';
import { patientDesk } from '../desks.ts';
import { drive } from '../drive.ts';

const NOW = Date.parse(START);
const ago = (days: number) => toInstant(NOW - days * DAY);
const promise = (status: Promise_['status'], id: string): Promise_ => ({
  promiseId: id,
  taskId: 't',
  recordedAt: ago(9),
  amountMinor: 1,
  date: '2026-02-25',
  status,
});
const hold = (kind: Hold['kind'], change: Partial<Hold> = {}): Hold => ({ holdId: 'h', kind, placedAt: ago(9), ...change });
/** Two promises kept and the minimum paid. */
const reliable: Partial<Case> = {
  promises: [promise('kept', 'a'), promise('kept', 'b')],
  payments: [{ paymentId: 'p', amountMinor: 625_000, paidAt: ago(2) }],
};
const tried = (days: number) => ({ days, firstDate: '2026-02-10', lastDate: '2026-02-28', evening: true, weekend: true });

interface Change {
  readonly daysPastDue?: number;
  readonly owing?: string;
  readonly current?: Partial<Case>;
  readonly account?: Partial<Account>;
  readonly facts?: Partial<AccountFacts>;
  readonly governor?: Governor;
}

function aWorld({
  daysPastDue = 12,
  owing = '6250.00',
  current = {},
  account = {},
  facts = {},
  governor = aCustomer().build(),
}: Change): World {
  const base = anAccount().overdueBy(daysPastDue).owing(owing).build();
  if (base.case === undefined) throw new Error('The builder opens a case');
  const changed: Account = { ...base, ...account, facts: { ...base.facts, ...facts } };
  return worldOf(changed, { ...base.case, ...current }, governor, aSetting({ now: NOW, governor }));
}

describe('the track of a case', () => {
  const rows: readonly (readonly [string, Track, Change])[] = [
    ['nothing sets it apart', 'standard', {}],
    ['the customer reported hardship', 'hardship', { current: { hardshipAt: ago(3) } }],
    ['hardship is under review', 'hardship', { account: { holds: [hold('hardship-review')] } }],
    ['hardship was reviewed and the hold lifted', 'hardship', { account: { holds: [hold('hardship-review', { releasedAt: ago(2) })] } }],
    ['hardship is under review for the customer', 'hardship', { governor: aCustomer().held(hold('hardship-review')).build() }],
    ['another hold ended', 'standard', { account: { holds: [hold('dispute', { releasedAt: ago(2) })] } }],
    ['the bank flags a vulnerable customer', 'hardship', { facts: { flags: ['vulnerable'] } }],
    ['somebody flagged a vulnerable customer', 'hardship', { account: { flags: ['vulnerable'] } }],
    ['two promises were broken', 'evasive', { current: { promises: [promise('broken', 'a'), promise('broken', 'b')] } }],
    ['one promise was broken', 'standard', { current: { promises: [promise('broken', 'a'), promise('part-kept', 'b')] } }],
    ['the customer refused twice', 'evasive', { current: { refusalCount: 2 } }],
    ['the customer refused once', 'standard', { current: { refusalCount: 1 } }],
    ['the bank holds the customer able and unwilling', 'evasive', { facts: { willingness: 'unwilling', ability: 'able' } }],
    ['the customer is unwilling and nobody knows whether able', 'standard', { facts: { willingness: 'unwilling', ability: 'unknown' } }],
    ["the bank's model says willing and unable", 'hardship', { facts: { willingness: 'willing', ability: 'unable' } }],
    ["the bank's model says neither willing nor able", 'standard', { facts: { willingness: 'unwilling', ability: 'unable' } }],
    ['the customer lost the work, and says so', 'hardship', { current: { conversationCount: 1, reasonForArrears: 'unemployment' } }],
    ['figures alone say unable', 'standard', { owing: '18600.00', current: { conversationCount: 1 }, facts: { score: 400 } }],
    ['promises and the minimum were paid', 'light', { current: reliable }],
    ['they were paid, and the account is long overdue', 'standard', { current: reliable, daysPastDue: 31 }],
    ['a valid number went unanswered on ten days', 'evasive', { current: { tries: { 'p-voice': tried(10) } } }],
    ['it went unanswered on nine', 'standard', { current: { tries: { 'p-voice': tried(9) } } }],
    ['it was answered once', 'standard', { current: { tries: { 'p-voice': tried(20) }, lastConversationAt: ago(5) } }],
    [
      'the number is dead',
      'standard',
      { current: { tries: { 'p-voice': tried(20) } }, governor: { ...aCustomer().build(), findings: { 'a-p-voice': 'number-dead' } } },
    ],
    ['91 days past due', 'long-term', { daysPastDue: 91 }],
    ['90 days past due', 'standard', { daysPastDue: 90 }],
    ['the third case of the account', 'long-term', { account: { caseCount: 3 } }],
    ['not overdue before', 'first-time', { facts: { timesOverdueLast12Months: 0 } }],
    ['a small amount for not long', 'light', { owing: '500.00', daysPastDue: 30 }],
    ['a small amount for longer', 'standard', { owing: '500.00', daysPastDue: 31 }],
    ['a little more', 'standard', { owing: '500.01' }],
    [
      'in hardship, evasive, long overdue and new',
      'hardship',
      { daysPastDue: 100, current: { hardshipAt: ago(3), refusalCount: 5 }, facts: { timesOverdueLast12Months: 0 } },
    ],
    [
      'evasive, long overdue and new',
      'evasive',
      { daysPastDue: 100, current: { refusalCount: 5 }, facts: { timesOverdueLast12Months: 0 } },
    ],
    ['long overdue and new', 'long-term', { daysPastDue: 100, facts: { timesOverdueLast12Months: 0 } }],
    ['new and small', 'first-time', { owing: '400.00', facts: { timesOverdueLast12Months: 0 } }],
  ];

  it.each(rows)('where %s is %s, with a sentence why', (_name, track, change) => {
    const found = trackOf(aWorld(change));

    expect(found.track).toBe(track);
    expect(found.why).toMatch(/^[A-Z0-9].{10,}/);
  });

  it('without a word on earlier arrears is not the first-timer’s', () => {
    const { timesOverdueLast12Months: _unknown, ...facts } = aWorld({}).account.facts;

    expect(trackOf(aWorld({ account: { facts }, facts: {} })).track).not.toBe('first-time');
  });

  it('without an amount for the currency is never light', () => {
    expect(trackOf(aWorld({ owing: '400.00', account: { currency: 'EUR' } })).track).toBe('standard');
  });
});

describe('the days of a track', () => {
  it.each([
    [3, 1, 3],
    [2, 0.75, 2],
    [3, 0.75, 2],
    [7, 0.75, 5],
    [2, 2, 4],
    [1, 0.1, 1],
  ])('bend %d days by %d to %d, never below one', (days, pace, bent) => {
    expect(paced(days, pace)).toBe(bent);
  });
});

const callsOf = (driver: CaseDriver) => driver.entriesOf('TaskOpened').filter((entry) => entry.queue === 'call').length;
const actsOf = (driver: CaseDriver) =>
  new Set([...driver.entriesOf('TaskOpened').map((entry) => entry.objective), ...driver.sent.map((message) => message.purpose)]);

describe('a journey on a track', () => {
  const standard = () => drive(anAccount().overdueBy(7), patientDesk()).runDays(20);

  it('of hardship is called and written to less, and of an evasive customer no less than on the standard one', () => {
    const middle = standard();
    const gentle = drive(anAccount().overdueBy(7).flagged('vulnerable'), patientDesk()).runDays(20);
    const close = drive(
      anAccount()
        .overdueBy(7)
        .with({ risk: { willingness: 'unwilling', ability: 'able' } }),
      patientDesk(),
    ).runDays(20);

    expect(callsOf(gentle)).toBeLessThan(callsOf(middle));
    expect(gentle.sent.length).toBeLessThan(middle.sent.length);
    expect(callsOf(close)).toBeGreaterThanOrEqual(callsOf(middle));
    expect(close.sent.length).toBeGreaterThanOrEqual(middle.sent.length);
    for (const driver of [middle, gentle, close]) driver.check();
  });

  it.each([
    ['evasive', { willingness: 'unwilling', ability: 'able' }],
    ['standard', { timesOverdueLast12Months: 2 }],
  ])('%s drops no act of the ladder', (_name, risk) => {
    const driver = drive(anAccount().overdueBy(1).with({ risk }), patientDesk()).runDays(150);

    expect([...actsOf(driver)].sort()).toEqual(
      expect.arrayContaining([
        'agree-a-plan',
        'approve-referral',
        'approve-visit',
        'collection',
        'confirm-intent',
        'formal-notice',
        'plan-offer',
        'recover',
        'visit',
      ]),
    );
    driver.check();
  });

  it('says on the timeline when it changes, once and with the reason, before the act that it bent', () => {
    const driver = drive(anAccount().overdueBy(80), patientDesk()).runDays(15);

    const changes = driver.entriesOf('TrackChanged');
    expect(changes.map(({ from, to }) => [from, to])).toEqual([['standard', 'long-term']]);
    expect(changes[0]?.why).toMatch(/^9\d days past due by contract$/);
    expect(driver.case.track).toBe('long-term');
    const after = driver.entries.find((entry) => entry.seq === (changes[0]?.seq ?? 0) + 1);
    expect(after?.at).toBe(changes[0]?.at);
    driver.check();
  });

  it('hands its track to the words', () => {
    const driver = drive(anAccount().overdueBy(7).firstTimer(), patientDesk()).runDays(3);

    expect(driver.sent.map((message) => message.track)).toEqual(driver.sent.map(() => 'first-time'));
    expect(driver.sent.length).toBeGreaterThan(0);
  });

  it('that a payment makes small goes on as light', () => {
    const driver = drive(anAccount().overdueBy(7), patientDesk());
    driver.later('2026-03-04T02:00:00Z', (journal) =>
      recordPaymentReceived(journal, {
        paymentId: 'p',
        amount: cny('6000.00'),
        paidAt: toInstant(driver.now),
        postedAt: toInstant(driver.now),
        state: 'posted',
      }),
    );
    driver.runDays(6);

    expect(driver.entriesOf('TrackChanged').map(({ to }) => to)).toEqual(['light']);
    driver.check();
  });
});
