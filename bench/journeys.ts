import { startCloud } from '../local/cloud.ts';
import type { Row } from './table.ts';

const START = '2026-03-02T01:00:00Z';
const DAYS = 180;
const ACCOUNTS = 100;

/** Accounts that nobody pays and nobody works, from the first reminder on, for half a year: what the clock's jumps cost. */
export async function journeyRows(assembly: string): Promise<Row[]> {
  const cloud = await startCloud({ assembly, start: START });
  try {
    for (let n = 0; n < ACCOUNTS; n += 1) {
      const id = String(n).padStart(4, '0');
      await cloud.call('events', 'PutEvents', {
        Entries: [entry('CustomerUpdated', customer(id)), entry('AccountOverdue', overdue(id))].map((put) => ({
          ...put,
          EventBusName: cloud.outputs().EventBusName,
        })),
      });
    }
    const startedAt = performance.now();
    await cloud.advance(`P${DAYS}D`);
    const seconds = (performance.now() - startedAt) / 1000;
    const messages = cloud.counters().outbox;
    if (messages < ACCOUNTS) throw new Error(`Only ${messages} messages left for ${ACCOUNTS} accounts.`);
    const { stateTransitions } = cloud.counters();
    return [
      { what: `${ACCOUNTS} journeys of ${DAYS} days from the first reminder on, s`, measured: seconds.toFixed(1), aim: '' },
      { what: '  state transitions a second', measured: (stateTransitions / seconds).toFixed(0), aim: '' },
    ];
  } finally {
    await cloud.close();
  }
}

function entry(DetailType: string, detail: object): object {
  return { Source: 'bank.core', DetailType, Detail: JSON.stringify(detail) };
}

function customer(id: string): object {
  return {
    customerId: `cus-${id}`,
    name: `Customer ${id}`,
    locale: 'zh-CN',
    timeZone: 'Asia/Shanghai',
    jurisdiction: 'CN',
    contactPoints: [
      { id: 'cp-1', channel: 'sms', address: `+861380013${id}`, owner: 'self' },
      { id: 'cp-2', channel: 'email', address: `customer-${id}@example.com`, owner: 'self', consent: true },
    ],
    asOf: '2026-03-01T00:00:00Z',
  };
}

function overdue(id: string): object {
  const money = (amount: string) => ({ amount, currency: 'CNY' });
  return {
    accountId: `acc-${id}`,
    customerId: `cus-${id}`,
    product: 'credit-card',
    dueDate: '2026-03-01',
    overdue: money('1250.00'),
    minimumDue: money('1250.00'),
    balance: money('18600.00'),
    asOf: '2026-03-02T00:30:00Z',
  };
}
