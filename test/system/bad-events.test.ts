import { describe, expect, it } from 'vitest';
import { aSystem, type System } from './cloud.ts';
import { aBalance, aCustomer, aHold, anOverdue, aPayment, aReversal, cny } from './events.ts';

/** One full sample of each event: every field of the contract is there. */
const SAMPLES: Readonly<Record<string, Record<string, unknown>>> = {
  AccountOverdue: anOverdue({
    accountId: 'acc-9',
    timeZone: 'Asia/Shanghai',
    arrears: [{ dueDate: '2026-03-01', amount: cny('6250.00') }],
    components: { principal: cny('18000.00'), interest: cny('500.00'), fees: cny('100.00') },
    terms: { annualRate: '0.1825', dayCount: 'ACT/365' },
    risk: { score: 612, timesOverdueLast12Months: 1, willingness: 'unknown', ability: 'unknown' },
    parties: [{ customerId: 'cus-2', role: 'guarantor', liable: true }],
    flags: ['staff'],
  }),
  BalanceUpdated: aBalance({ arrears: [{ dueDate: '2026-03-01', amount: cny('6250.00') }] }),
  CustomerUpdated: aCustomer({ preferences: { windows: ['18:00-21:00'], inconvenient: ['12:00-13:00'], optedOut: ['email'] } }),
  PaymentReceived: aPayment({ postedAt: '2026-03-02T01:16:00Z', state: 'posted', method: 'transfer' }),
  PaymentReversed: aReversal({ reason: 'recalled' }),
  HoldPlaced: aHold({ expiresAt: '2026-04-01T00:00:00Z', reason: 'asked for' }),
  HoldReleased: { holdId: 'hold-1', releasedAt: '2026-03-02T01:20:00Z' },
  TaskOutcomeReported: {
    taskId: 'task-1',
    outcome: 'promise',
    by: 'anna',
    at: '2026-03-02T01:20:00Z',
    attemptId: 'a-1',
    contactPointId: 'cp-1',
    notes: 'says Friday',
    reasonForArrears: 'illness',
    promises: [{ amount: cny('100.00'), date: '2026-03-04' }],
    callBackAt: '2026-03-03T00:00:00Z',
    planOfferId: 'o-1',
    recordingRef: 'rec-1',
    evidence: ['e-1'],
  },
};

/** Fields without which an event still means something. */
const OPTIONAL = new Set([
  ...['timeZone', 'arrears', 'components', 'terms', 'risk', 'parties', 'flags', 'postedAt', 'state', 'method', 'reason', 'expiresAt'],
  ...['score', 'timesOverdueLast12Months', 'willingness', 'ability', 'consent', 'preferences', 'windows', 'inconvenient', 'optedOut'],
  ...[
    'attemptId',
    'contactPointId',
    'notes',
    'reasonForArrears',
    'promises',
    'callBackAt',
    'planOfferId',
    'recordingRef',
    'evidence',
    'at',
  ],
]);

type Path = readonly (string | number)[];

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (Array.isArray(value)) return [path, ...value.slice(0, 1).flatMap((member, index) => pathsOf(member, [...path, index]))];
  if (typeof value !== 'object' || value === null) return [path];
  return [...(path.length > 0 ? [path] : []), ...Object.entries(value).flatMap(([name, member]) => pathsOf(member, [...path, name]))];
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((found, step) => (found as Record<string | number, unknown>)[step], value);
}

function changed(sample: object, path: Path, change: unknown): Record<string, unknown> {
  // Not a structured clone: that keeps one object for what the sample names twice.
  const copy = JSON.parse(JSON.stringify(sample)) as Record<string, unknown>;
  const parent = valueAt(copy, path.slice(0, -1)) as Record<string | number, unknown>;
  const last = path.at(-1) ?? '';
  if (change === undefined) delete parent[last];
  else parent[last] = change;
  return copy;
}

/** Values that a field of this kind must not have. */
function wrongValues(path: Path, value: unknown): unknown[] {
  const name = String(path.at(-1));
  const wrong: unknown[] = [null, typeof value === 'string' ? 42 : 'x'];
  if (typeof value === 'object') wrong.push(7);
  if (/Id$|^id$/.test(name)) wrong.push('', 'with space', 'x'.repeat(65));
  if (/Ref$/.test(name) || path.at(-2) === 'evidence') wrong.push('', 'with space', '王小明', 'wang@example.com', '+8613800138000');
  if (/At$|^asOf$|^at$/.test(name)) wrong.push('2026-03-02', '2026-02-30T00:00:00Z', '2026-03-02T01:00:00+08:00', 'soon');
  if (/^dueDate$|^date$/.test(name)) wrong.push('2026-02-30', '2026-3-1', '2026-03-01T00:00:00Z');
  if (name === 'amount' && typeof value === 'string') wrong.push('1250', '1250.0', '1250.000', '1,250.00', '1e3', '');
  if (name === 'currency') wrong.push('cny', 'RMB', 'XYZ', '');
  if (name === 'timeZone') wrong.push('Mars/Olympus', '+08:00');
  if (['channel', 'owner', 'kind', 'state', 'dayCount', 'role'].includes(name)) wrong.push('smoke-signal');
  if (['windows', 'inconvenient'].includes(String(path.at(-2)))) wrong.push('6pm-9pm');
  return wrong;
}

interface Bad {
  readonly path: string;
  readonly detail: Record<string, unknown>;
}

function badVersions(sample: Record<string, unknown>): Bad[] {
  return pathsOf(sample).flatMap((path) => {
    const name = String(path.at(-1));
    const missing = OPTIONAL.has(name) || typeof path.at(-1) === 'number' ? [] : [changed(sample, path, undefined)];
    const wrong = wrongValues(path, valueAt(sample, path)).map((value) => changed(sample, path, value));
    return [...missing, ...wrong].map((detail) => ({ path: path.join('.'), detail }));
  });
}

interface Rejected {
  readonly field: string;
  readonly rule: string;
}

function rejectionsOf(system: System): Rejected[] {
  return system
    .events()
    .flatMap((event) =>
      event.source === 'overdue-journeys' && event['detail-type'] === 'EventRejected' ? [event.detail as unknown as Rejected] : [],
    );
}

async function rejectionOf(system: System, type: string, detail: object): Promise<Rejected | undefined> {
  const before = rejectionsOf(system).length;
  await system.put(type, detail);
  const after = rejectionsOf(system).slice(before);
  expect(after.length).toBeLessThanOrEqual(1);
  return after[0];
}

async function stored(system: System): Promise<unknown[]> {
  return (await system.snapshot()).items.filter((item) => !item.pk.startsWith('REJECTED#'));
}

describe('a malformed event', () => {
  // checkSound holds after each: every rejected event is told of, and once in the dead-letter queue.
  it.each(Object.entries(SAMPLES))(
    '%s: is rejected with the field and the rule, whichever field is wrong, and touches nothing',
    async (type, sample) => {
      // Prepare
      const system = await aSystem();
      await system.put('CustomerUpdated', aCustomer());
      await system.put('AccountOverdue', anOverdue());
      const before = await stored(system);
      const bad = badVersions(sample);

      for (const { path, detail } of bad) {
        // Act
        const rejected = await rejectionOf(system, type, detail);

        // Assess
        const value = JSON.stringify(detail);
        expect({ type, path, value, field: rejected?.field }).toEqual({
          type,
          path,
          value,
          field: expect.stringMatching(fieldOf(type, path)),
        });
        expect(rejected?.rule).toEqual(expect.any(String));
      }
      expect(bad.length).toBeGreaterThan(5);
      expect(await stored(system)).toEqual(before);
    },
  );

  it('of an unknown type, or none that a bank may send, is rejected', async () => {
    // Prepare
    const system = await aSystem();

    // Act
    for (const type of ['AccountOverdew', 'EventRejected', 'JourneyOpened', 'toString', '__proto__'])
      expect(await rejectionOf(system, type, { accountId: 'acc-1' })).toMatchObject({ field: 'detail-type' });

    // Assess
    expect(await stored(system)).toEqual([]);
    expect((await system.snapshot()).deadLetters).toHaveLength(5);
  });

  it('that comes twice is rejected once', async () => {
    // Prepare
    const system = await aSystem();
    const original = { id: 'evt-1', source: 'bank.core', 'detail-type': 'PaymentReceived', time: system.now(), detail: { paymentId: 'x' } };
    const Payload = JSON.stringify({ Records: [{ messageId: 'm-1', body: JSON.stringify(original) }] });

    // Act
    for (let delivery = 0; delivery < 3; delivery += 1)
      await system.cloud.call('lambda', 'Invoke', { FunctionName: 'overdue-journeys-take-in-events', Payload });
    await system.cloud.settle();

    // Assess
    expect(rejectionsOf(system)).toMatchObject([{ field: 'accountId' }]);
    expect((await system.snapshot()).deadLetters).toEqual([JSON.stringify(original)]);
  });
});

/** A wrong member may be told of where it is, or where what it belongs to is. */
function fieldOf(type: string, path: string): RegExp {
  const parts = path.split('.');
  const prefixes = parts.map((_, index) => parts.slice(0, index + 1).join('\\.'));
  const hold = type === 'HoldPlaced' && path === 'accountId';
  return new RegExp(`^(${[...prefixes, ...prefixes.map((prefix) => `${prefix}\\..*`), ...(hold ? ['customerId'] : [])].join('|')})$`);
}

describe('a contradiction', () => {
  const AHEAD = '2026-03-03T01:31:00Z';
  const cases: [string, string, Record<string, unknown>, string][] = [
    ['nothing overdue', 'AccountOverdue', anOverdue({ overdue: cny('0.00'), asOf: '2026-03-02T01:20:00Z' }), 'overdue.amount'],
    ['a negative overdue amount', 'AccountOverdue', anOverdue({ overdue: cny('-5.00'), asOf: '2026-03-02T01:20:00Z' }), 'overdue.amount'],
    ['a due date to come', 'AccountOverdue', anOverdue({ dueDate: '2026-03-03', asOf: '2026-03-02T01:20:00Z' }), 'dueDate'],
    ['another customer', 'AccountOverdue', anOverdue({ customerId: 'cus-2', asOf: '2026-03-02T01:20:00Z' }), 'customerId'],
    [
      'arrears of another sum',
      'AccountOverdue',
      anOverdue({ arrears: [{ dueDate: '2026-03-01', amount: cny('1.00') }], asOf: '2026-03-02T01:20:00Z' }),
      'arrears',
    ],
    [
      'components of another sum',
      'AccountOverdue',
      anOverdue({ components: { principal: cny('1.00'), interest: cny('1.00'), fees: cny('1.00') }, asOf: '2026-03-02T01:20:00Z' }),
      'components',
    ],
    [
      'two currencies in one',
      'AccountOverdue',
      anOverdue({ balance: { amount: '5.00', currency: 'EUR' }, asOf: '2026-03-02T01:20:00Z' }),
      'balance.currency',
    ],
    ['the same identity with other content', 'AccountOverdue', anOverdue({ overdue: cny('99.00') }), 'detail'],
    ['a figure from more than a day ahead', 'AccountOverdue', anOverdue({ asOf: AHEAD }), 'asOf'],
    [
      'a figure in another currency',
      'BalanceUpdated',
      aBalance({ overdue: { amount: '5.00', currency: 'EUR' }, balance: { amount: '5.00', currency: 'EUR' } }),
      'overdue.currency',
    ],
    ['a balance from more than a day ahead', 'BalanceUpdated', aBalance({ asOf: AHEAD }), 'asOf'],
    ['a payment in another currency', 'PaymentReceived', aPayment({ amount: { amount: '5.00', currency: 'EUR' } }), 'amount.currency'],
    ['a payment of nothing', 'PaymentReceived', aPayment({ amount: cny('0.00') }), 'amount.amount'],
    ['a payment from more than a day ahead', 'PaymentReceived', aPayment({ paidAt: AHEAD }), 'paidAt'],
    ['a known payment with another amount', 'PaymentReceived', aPayment({ paymentId: 'pay-0', amount: cny('2.00') }), 'detail'],
    [
      'a known payment of another account',
      'PaymentReceived',
      aPayment({ paymentId: 'pay-0', accountId: 'acc-7', amount: cny('1.00') }),
      'detail',
    ],
    ['a reversal on another account', 'PaymentReversed', aReversal({ paymentId: 'pay-0', accountId: 'acc-7' }), 'detail'],
    ['a hold on an account and a customer', 'HoldPlaced', aHold({ customerId: 'cus-1' }), 'accountId'],
    ['a hold on nobody', 'HoldPlaced', aHold({ accountId: undefined }), 'accountId'],
    ['a disaster without an end', 'HoldPlaced', aHold({ kind: 'disaster' }), 'expiresAt'],
    ['a disaster for half a year', 'HoldPlaced', aHold({ kind: 'disaster', expiresAt: '2026-09-01T00:00:00Z' }), 'expiresAt'],
    ['a hold that ends before it begins', 'HoldPlaced', aHold({ expiresAt: '2026-03-01T00:00:00Z' }), 'expiresAt'],
    ['a known hold of another kind', 'HoldPlaced', aHold({ holdId: 'hold-0', kind: 'fraud' }), 'detail'],
    [
      'two contact points of one id',
      'CustomerUpdated',
      aCustomer({
        asOf: '2026-03-02T00:00:00Z',
        contactPoints: ['a@b.example', 'c@d.example'].map((address) => ({ id: 'cp-1', channel: 'email', address, owner: 'self' })),
      }),
      'contactPoints',
    ],
    ['a task that nobody knows', 'TaskOutcomeReported', { taskId: 'none', outcome: 'no-answer', by: 'anna' }, 'taskId'],
  ];

  it.each(cases)('(%s) is rejected with field and rule, and touches nothing', async (_name, type, detail, field) => {
    // Prepare
    const system = await aSystem();
    await system.put('CustomerUpdated', aCustomer());
    await system.put('AccountOverdue', anOverdue());
    await system.put('PaymentReceived', aPayment({ paymentId: 'pay-0', amount: cny('1.00') }));
    await system.put('HoldPlaced', aHold({ holdId: 'hold-0', expiresAt: '2026-03-02T01:20:00Z' }));
    const before = await stored(system);

    // Act
    const rejected = await rejectionOf(system, type, detail);

    // Assess
    expect(rejected).toMatchObject({ field, rule: expect.any(String) });
    expect(await stored(system)).toEqual(before);
  });

  it('about a task says that the task is unknown', async () => {
    // Prepare
    const system = await aSystem();
    // Act
    const rejected = await rejectionOf(system, 'TaskOutcomeReported', { taskId: 'none', outcome: 'no-answer', by: 'anna' });
    // Assess
    expect(rejected).toMatchObject({ field: 'taskId', rule: 'unknown task' });
  });

  it('that is found later, of a payment that came before its account, is rejected then', async () => {
    // Prepare
    const system = await aSystem();
    await system.put('PaymentReceived', aPayment({ amount: { amount: '50.00', currency: 'EUR' } }));
    expect(rejectionsOf(system)).toEqual([]);

    // Act
    await system.put('AccountOverdue', anOverdue());

    // Assess
    expect(rejectionsOf(system)).toMatchObject([{ field: 'amount.currency', accountId: 'acc-1' }]);
    const { deadLetters } = await system.snapshot();
    expect(deadLetters.map((body) => JSON.parse(body) as { paymentId?: string; detail?: { paymentId: string } })).toHaveLength(1);
    expect(deadLetters[0]).toContain('pay-1');
    expect(await system.journey()).toMatchObject({ status: 'open', overdue: { amount: '6250.00' } });
  });
});
