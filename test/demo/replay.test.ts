import { describe, expect, it } from 'vitest';
import { parsePortfolio } from '../../demo/portfolio.ts';
import { type BankEvent, replay } from '../../demo/replay.ts';
import { INBOUND } from '../../functions/contract/inbound-events.ts';
import { HEADER, line } from './lines.ts';

function eventsOf(...lines: readonly string[]): { at: string; event: BankEvent }[] {
  const { accounts } = parsePortfolio([HEADER, ...lines].join('\n'), 'file.csv');
  return [...replay(accounts)].flatMap(({ at, events }) => [...events()].map((event) => ({ at, event })));
}

const figuresOf = (...lines: readonly string[]) =>
  eventsOf(...lines)
    .map(({ event }) => event)
    .filter(({ detailType }) => detailType === 'AccountOverdue' || detailType === 'BalanceUpdated');

const twd = (amount: string) => ({ amount, currency: 'TWD' });

describe('the replay', () => {
  it('tells each customer first, with every way to reach them', () => {
    const [first] = eventsOf(line(17));
    expect(first?.at).toBe('2005-04-01T00:00:00Z');
    expect(first?.event).toEqual({
      detailType: 'CustomerUpdated',
      detail: {
        customerId: 'uci-c-17',
        name: 'Cardholder 17',
        locale: 'zh-CN',
        timeZone: 'Asia/Taipei',
        jurisdiction: 'CN',
        contactPoints: [
          { id: 'cp-sms', channel: 'sms', address: '+886900000017', owner: 'self', consent: true },
          { id: 'cp-voice', channel: 'voice', address: '+886900000017', owner: 'self', consent: true },
          { id: 'cp-email', channel: 'email', address: 'cardholder-17@example.com', owner: 'self', consent: true },
          { id: 'cp-visit', channel: 'visit', address: 'Registered address of cardholder 17', owner: 'self', consent: true },
        ],
        asOf: '2005-04-01T00:00:00Z',
      },
    });
  });

  it('pays on the day that the account’s number and the month give', () => {
    // Prepare: 1 + (17 * 7 + 5 * 11) mod 27 = 13; month 5 is May.
    const events = eventsOf(line(17, { PAY_AMT5: 1650 }));
    // Assess
    expect(events.at(-1)).toEqual({
      at: '2005-05-13T04:00:00Z',
      event: {
        detailType: 'PaymentReceived',
        detail: { paymentId: 'uci-17-5', accountId: 'uci-17', amount: twd('1650.00'), paidAt: '2005-05-13T04:00:00Z' },
      },
    });
  });

  it('says what is overdue on the 21st, with the due date of the oldest month', () => {
    expect(figuresOf(line(17, { PAY_6: 5, BILL_AMT6: 100_000 }))[0]?.detail).toEqual({
      accountId: 'uci-17',
      customerId: 'uci-c-17',
      product: 'credit-card',
      dueDate: '2004-12-20',
      overdue: twd('25000.00'),
      minimumDue: twd('25000.00'),
      balance: twd('100000.00'),
      asOf: '2005-04-21T01:00:00Z',
      timeZone: 'Asia/Taipei',
    });
  });

  it.each([
    { why: 'a twentieth of the bill', bill: 40_000, status: 1, overdue: '2000.00' },
    { why: 'half a unit, rounded up', bill: 40_010, status: 1, overdue: '2001.00' },
    { why: 'less than half a unit, rounded down', bill: 40_009, status: 1, overdue: '2000.00' },
    { why: 'at least 1000 a month', bill: 5000, status: 2, overdue: '2000.00' },
    { why: 'never more than the bill', bill: 1500, status: 3, overdue: '1500.00' },
    { why: 'nothing where the bill is negative', bill: -30, status: 2, overdue: '0.00' },
  ])('asks for $why', ({ bill, status, overdue }) => {
    expect(figuresOf(line(1, { PAY_3: status, BILL_AMT3: bill }))[0]?.detail.overdue).toEqual(twd(overdue));
  });

  it('says once that nothing is overdue any more, also after a figure that said nothing', () => {
    // Prepare: overdue in April (without a bill) and in July.
    const figures = figuresOf(line(1, { PAY_6: 1, BILL_AMT6: 0, PAY_3: 1, BILL_AMT3: 9000, BILL_AMT2: -5 }));
    // Assess
    expect(figures.map(({ detailType, detail }) => [detailType, String(detail.asOf).slice(5, 7), detail.overdue])).toEqual([
      ['AccountOverdue', '04', twd('0.00')],
      ['BalanceUpdated', '05', twd('0.00')],
      ['AccountOverdue', '07', twd('1000.00')],
      ['BalanceUpdated', '08', twd('0.00')],
    ]);
    expect(figures.at(-1)?.detail.balance).toEqual(twd('0.00'));
  });

  it('goes in time order, ties by account id', () => {
    // Prepare
    const busy = Object.fromEntries([1, 2, 3, 4, 5, 6].map((k) => [`PAY_AMT${k}`, 10]));
    const lines = [9, 100, 2, 31].map((id) => line(id, { ...busy, PAY_2: 1, BILL_AMT2: 3000 }));
    // Act
    const events = eventsOf(...lines);
    // Assess
    const keys = events.map(({ at, event }) => `${at} ${event.detail.accountId ?? event.detail.customerId}`);
    expect(keys).toEqual([...keys].sort());
    expect(events).toHaveLength(4 * (1 + 6 + 2));
  });

  it('sends nothing that the contract would not read', () => {
    // Prepare
    const events = eventsOf(line(99_999_999, { PAY_6: 8, BILL_AMT6: 123, PAY_AMT6: 1 }));
    // Act
    const read = events.map(({ event }) => INBOUND[event.detailType].safeParse(event.detail).success);
    // Assess
    expect(read).toEqual(events.map(() => true));
  });
});
