/** The events that a bank puts on the bus, with safe defaults: one customer, one credit card account, one day past due. */

const NAME = '王小明';
const PHONE = '+8613800138000';
const EMAIL = 'wang@example.com';
const ADDRESS = '上海市浦东新区世纪大道1号';

/** What must never be seen outside the customer's own record. */
export const PERSONAL: readonly string[] = [NAME, PHONE, PHONE.slice(3), EMAIL, ADDRESS];

export function cny(amount: string): { amount: string; currency: string } {
  return { amount, currency: 'CNY' };
}

export function anOverdue(change: Record<string, unknown> & { overdue?: unknown } = {}): Record<string, unknown> {
  const overdue = change.overdue ?? cny('6250.00');
  return {
    accountId: 'acc-1',
    customerId: 'cus-1',
    product: 'credit-card',
    dueDate: '2026-03-01',
    overdue,
    minimumDue: overdue,
    balance: cny('18600.00'),
    asOf: '2026-03-02T01:00:00Z',
    risk: { timesOverdueLast12Months: 2 },
    ...change,
  };
}

export function aCustomer(change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    customerId: 'cus-1',
    name: NAME,
    locale: 'zh-CN',
    timeZone: 'Asia/Shanghai',
    jurisdiction: 'CN',
    contactPoints: [
      { id: 'cp-1', channel: 'sms', address: PHONE, owner: 'self' },
      { id: 'cp-2', channel: 'voice', address: PHONE, owner: 'self' },
      { id: 'cp-3', channel: 'email', address: EMAIL, owner: 'self', consent: true },
      { id: 'cp-4', channel: 'visit', address: ADDRESS, owner: 'self' },
    ],
    asOf: '2026-03-01T00:00:00Z',
    ...change,
  };
}

export function aPayment(change: Record<string, unknown> = {}): Record<string, unknown> {
  return { paymentId: 'pay-1', accountId: 'acc-1', amount: cny('6250.00'), paidAt: '2026-03-02T01:15:00Z', ...change };
}

export function aReversal(change: Record<string, unknown> = {}): Record<string, unknown> {
  return { paymentId: 'pay-1', accountId: 'acc-1', reversedAt: '2026-03-02T01:20:00Z', ...change };
}

export function aHold(change: Record<string, unknown> = {}): Record<string, unknown> {
  return { holdId: 'hold-1', accountId: 'acc-1', kind: 'dispute', placedAt: '2026-03-02T01:15:00Z', ...change };
}

export function aBalance(change: Record<string, unknown> = {}): Record<string, unknown> {
  return { accountId: 'acc-1', overdue: cny('6250.00'), balance: cny('18600.00'), asOf: '2026-03-02T01:10:00Z', ...change };
}
