import { describe, expect, it } from 'vitest';
import { DAY, toInstant, toMillis } from '../../../domain/calendar.ts';
import type { Governor } from '../../../domain/customer.ts';
import { type World, worldOf } from '../../../domain/decide/world.ts';
import type { Account, Case, Task } from '../../../domain/model.ts';
import type { Deployment } from '../../../domain/record/journal.ts';
import { type Change, whatWouldChange } from '../../../domain/strategy/changes.ts';
import { anAccount } from '../../builders/account.ts';
import { aCustomer } from '../../builders/customer.ts';
import { aSetting, START } from '../../builders/setting.ts';

const NOW = toMillis(START);
const ago = (days: number) => toInstant(NOW - days * DAY);
const ahead = (days: number) => toInstant(NOW + days * DAY);

interface Setup {
  readonly daysPastDue?: number;
  readonly account?: Partial<Account>;
  readonly current?: Partial<Case>;
  readonly governor?: Governor;
  readonly deployment?: Partial<Deployment>;
}

function aWorld({ daysPastDue = 12, account = {}, current = {}, governor = aCustomer().build(), deployment = {} }: Setup): World {
  const base = anAccount().overdueBy(daysPastDue).build();
  if (base.case === undefined) throw new Error('The builder opens a case');
  return worldOf({ ...base, ...account }, { ...base.case, ...current }, governor, aSetting({ now: NOW, governor, deployment }));
}

const task = (objective: Task['objective'], queue: Task['queue'] = 'case-review'): Task => ({
  taskId: 'c-t1',
  queue,
  objective,
  stage: 'call',
  openedAt: ago(1),
  dueAt: ahead(1),
});
const instalment = (dueDate: string, status: 'open' | 'paid') => ({ dueDate, amountMinor: 200_000, status });

/** Overdue are CNY 6,250.00; up to CNY 10.00 count as paid. */
const CURED: Change = aChange('A payment of at least CNY 6240.00', 'The case is cured and closes');

function aChange(what: string, outcome: string): Change {
  return Object.fromEntries([
    ['what', what],
    ['then', outcome],
  ]) as unknown as Change;
}

describe('what would change what comes next', () => {
  const rows: readonly (readonly [string, Setup, readonly Change[]])[] = [
    ['nothing but the debt', {}, [CURED]],
    [
      'a hold',
      { account: { holds: [{ holdId: 'h-1', kind: 'dispute', placedAt: ago(1) }] } },
      [CURED, aChange('Hold h-1 (dispute) is released', 'The case goes on where it stopped')],
    ],
    [
      'two holds, one with an end, one on the customer and known by both',
      {
        account: {
          holds: [
            { holdId: 'h-1', kind: 'disaster', placedAt: ago(1), expiresAt: '2026-04-01T00:00:00Z' },
            { holdId: 'h-2', kind: 'fraud', placedAt: ago(1), customerWide: true },
          ],
        },
        governor: aCustomer()
          .held({ holdId: 'h-2', kind: 'fraud', placedAt: ago(1) })
          .build(),
      },
      [
        CURED,
        aChange('Hold h-1 (disaster) is released, or ends on 2026-04-01T00:00:00Z', 'One hold less stops contact'),
        aChange('Hold h-2 (fraud) is released', 'One hold less stops contact'),
      ],
    ],
    [
      'an unknown customer',
      { account: { customerKnown: false } },
      [CURED, aChange("The bank sends the customer's data", 'The first message is planned')],
    ],
    [
      'an arrangement',
      {
        current: {
          plan: {
            planId: 'p',
            offerId: 'o',
            kind: 'instalments',
            agreedAt: ago(20),
            channel: 'voice',
            status: 'active',
            totalMinor: 400_000,
            instalments: [instalment('2026-02-20', 'paid'), instalment('2026-03-20', 'open')],
          },
        },
      },
      [
        CURED,
        aChange('CNY 2000.00 of the arrangement is paid by 2026-03-25', 'The arrangement goes on'),
        aChange('It is not paid by then', 'The arrangement is broken and the ladder goes on'),
      ],
    ],
    [
      'arrears of two months',
      {
        daysPastDue: 40,
        current: { stage: 'plan' },
        account: {
          figure: {
            asOf: ago(1),
            source: 'AccountOverdue',
            overdueMinor: 625_000,
            balanceMinor: 1_860_000,
            arrears: [
              { dueDate: '2026-01-21', amountMinor: 300_000 },
              { dueDate: '2026-02-20', amountMinor: 325_000 },
            ],
          },
        },
      },
      [CURED, aChange('A payment of at least CNY 3000.00', 'The case falls back to call')],
    ],
    [
      'a payment on its way',
      { account: { payments: { 'pay-1': { amountMinor: 12_345, currency: 'CNY', paidAt: ago(1), postedAt: ago(1), state: 'pending' } } } },
      [CURED, aChange('Payment pay-1 of CNY 123.45 is booked', 'It counts towards what is overdue')],
    ],
    [
      'a promise',
      {
        current: {
          promises: [{ promiseId: 'p', taskId: 't', recordedAt: ago(1), amountMinor: 50_000, date: '2026-03-10', status: 'open' }],
        },
      },
      [
        CURED,
        aChange('CNY 500.00 is paid by 2026-03-11', 'The promise is kept'),
        aChange('It is not paid by then', 'The promise is broken and the ladder goes on'),
      ],
    ],
    [
      'a figure that is too old',
      {
        account: { figure: { asOf: ago(5), source: 'AccountOverdue', overdueMinor: 625_000, balanceMinor: 1_860_000 } },
        deployment: { maxFigureAgeHours: 48 },
      },
      [CURED, aChange(`The core sends a figure newer than ${ago(5)}`, 'Collection goes on')],
    ],
    [
      'a call that somebody works',
      { current: { tasks: [task('recover', 'call')] } },
      [CURED, aChange('Task c-t1 (recover) brings a promise', 'Only its reminder goes until the date')],
    ],
    [
      'a person who decides whether to go on',
      { current: { tasks: [task('review-pressure')] } },
      [
        CURED,
        aChange('Task c-t1 (review-pressure) is approved', 'Contact goes on'),
        aChange('Task c-t1 (review-pressure) is rejected', 'Contact stays away for the days that the ladder gives'),
      ],
    ],
    [
      'a visit to approve',
      { current: { stage: 'field-visit', tasks: [task('approve-visit', 'field-visit')] } },
      [
        CURED,
        aChange('Task c-t1 (approve-visit) is approved', 'A visit is assigned'),
        aChange('Task c-t1 (approve-visit) is rejected', 'No visit is asked for until the ladder asks again'),
      ],
    ],
    [
      'a customer who opted out of text messages',
      {
        governor: aCustomer()
          .wishing({ optedOut: ['sms'] })
          .build(),
      },
      [CURED, aChange('The customer opts in to sms again', 'The customer can be reached by sms')],
    ],
    [
      'a customer who says that it is paid',
      { current: { quietUntil: '2026-03-05T16:00:00Z' } },
      [CURED, aChange('Nothing is paid by 2026-03-06', 'Contact goes on')],
    ],
    [
      'a suit',
      { daysPastDue: 120, current: { stage: 'legal', legal: { noticeContactKeys: [], referredAt: ago(3) } } },
      [CURED, aChange('The suit is settled', 'The case closes'), aChange('The suit is withdrawn', 'The case goes on in its stage')],
    ],
  ];

  it.each(rows)('beside %s', (_name, setup, changes) => {
    expect(whatWouldChange(aWorld(setup))).toEqual(changes);
  });

  it('is nothing once the account is cured', () => {
    const figure = { asOf: ago(1), source: 'BalanceUpdated' as const, overdueMinor: 1000, balanceMinor: 1000 };

    expect(whatWouldChange(aWorld({ account: { figure } }))).toEqual([]);
  });

  it('names amounts in the currency’s own digits', () => {
    const account = anAccount().owing('6250', '18600', 'JPY').build();
    const current = account.case;
    if (current === undefined) throw new Error('The builder opens a case');

    const changes = whatWouldChange(worldOf(account, current, aCustomer().build(), aSetting({ now: NOW })));
    expect(changes[0]?.what).toBe('A payment of at least JPY 6250');
  });
});
