import { describe, expect, it } from 'vitest';
import { brokenInvariants } from '../simulation/invariants.ts';
import type { BusEvent, PlainItem, Snapshot } from '../simulation/snapshot.ts';
import { anOverdue, aPayment, PERSONAL } from './events.ts';
import { callsOf, disturbedAt, isOfTheCase, type Scene, wholeEvent } from './interleave.ts';
import { anAccountToCall } from './walk.ts';

/** The checks themselves: what they must notice, they notice. */

async function aSnapshot(): Promise<Snapshot> {
  const { system } = await anAccountToCall();
  const snapshot = await system.snapshot();
  expect(brokenInvariants(snapshot, { personal: PERSONAL })).toEqual([]);
  return snapshot;
}

function withItems(snapshot: Snapshot, change: (item: PlainItem) => PlainItem | undefined): Snapshot {
  return { ...snapshot, items: snapshot.items.flatMap((item) => change(item) ?? []) };
}

function withState(snapshot: Snapshot, change: (state: Record<string, unknown>) => void): Snapshot {
  return withItems(snapshot, (item) => {
    if (item.sk !== '#HEAD') return item;
    const state = JSON.parse(String(item.state)) as Record<string, unknown>;
    change(state);
    return { ...item, state: JSON.stringify(state) };
  });
}

const withEntries = (from: string | RegExp, to: string) => (snapshot: Snapshot) =>
  withItems(snapshot, (item) => (String(item.sk).startsWith('T#') ? { ...item, entry: String(item.entry).replace(from, to) } : item));

const event = (type: string, detail: Record<string, unknown>): BusEvent => ({
  id: 'e',
  source: 'bank.core',
  'detail-type': type,
  time: '2026-03-02T01:30:00Z',
  detail,
});

const head = (change: Record<string, unknown>) => (snapshot: Snapshot) =>
  withItems(snapshot, (item) => (item.sk === '#HEAD' ? { ...item, ...change } : item));

describe('the invariants', () => {
  const tampered: [number, string, (snapshot: Snapshot) => Snapshot][] = [
    [
      3,
      'a payment that was lost',
      (all) => ({
        ...all,
        events: [...all.events, event('PaymentReceived', aPayment())],
      }),
    ],
    [4, 'a case that nobody runs', (all) => ({ ...all, executions: [] })],
    [4, 'a case that two run', (all) => ({ ...all, executions: [...all.executions, ...all.executions] })],
    [4, 'a wait that has not seen a signal', head({ waitSignals: 0 })],
    [4, 'a wait that is over', head({ waitUntil: '2026-03-01T00:00:00Z' })],
    [4, 'a case that its customer does not list', (all) => withItems(all, (item) => (item.sk === 'GOVERNOR' ? undefined : item))],
    [5, 'a task that outlives its case', (all) => withState(all, (state) => Object.assign(state.case as object, { status: 'closed' }))],
    [
      6,
      'a visit that nobody approved',
      withEntries(/"objective":"recover"(.*)"queue":"call"/, '"objective":"visit"$1"queue":"field-visit"'),
    ],
    [6, 'a referral without its gates', withEntries('"type":"TaskOpened"', '"type":"LegalReferred"')],
    [
      7,
      'an event on nobody’s record',
      (all) => ({
        ...all,
        events: [...all.events, event('HoldPlaced', { holdId: 'h', accountId: 'acc-1' })],
      }),
    ],
    [
      7,
      'a step that nobody was told of',
      (all) => ({ ...all, events: all.events.filter((event) => event['detail-type'] !== 'TaskOpened') }),
    ],
    [
      8,
      'a changed entry',
      (all) =>
        withItems(all, (item) =>
          item.sk === 'T#0000000003' ? { ...item, entry: String(item.entry).replace('6250.00', '9250.00') } : item,
        ),
    ],
    [8, 'a missing entry', (all) => withItems(all, (item) => (item.sk === 'T#0000000002' ? undefined : item))],
    [8, 'a header that its timeline does not give', (all) => withState(all, (state) => Object.assign(state, { timeZone: 'UTC' }))],
    [9, 'a name in a log', (all) => ({ ...all, logs: [`hello ${PERSONAL[0]}`] })],
    [
      9,
      'a number in an execution',
      (all) => ({ ...all, executions: all.executions.map((one) => ({ ...one, history: `${one.history}${PERSONAL[1]}` })) }),
    ],
  ];

  it.each(tampered)('%i notices %s', async (invariant, _name, tamper) => {
    const snapshot = await aSnapshot();
    const broken = brokenInvariants(tamper(snapshot), { personal: PERSONAL });
    expect(broken.map((row) => row.invariant)).toContain(invariant);
  });

  it('3 leaves out what was rejected, also when the table has forgotten it, and nothing else', async () => {
    // Prepare
    const snapshot = await aSnapshot();
    const payment = event('PaymentReceived', aPayment());
    const told: BusEvent = { ...event('EventRejected', { eventId: 'rejected:e' }), id: 'told', source: 'overdue-journeys' };
    const rejection = { pk: 'REJECTED#e', sk: '#REJECTED', eventId: 'e' };
    const seen = (events: readonly BusEvent[], items: readonly PlainItem[] = []) => ({
      ...snapshot,
      items: [...snapshot.items, ...items],
      events: [...snapshot.events, payment, ...events],
    });

    // Act
    const complaints = [seen([]), seen([], [rejection]), seen([told], [rejection]), seen([told])].map((all) =>
      brokenInvariants(all).some(({ invariant }) => invariant === 3),
    );

    // Assess
    expect(complaints).toEqual([true, false, false, false]);
  });

  it('7 notices a letter that is not there or there twice, but where things are done twice, or it is too old to be kept', async () => {
    // Prepare
    const all = await aSnapshot();
    const rejected = { pk: 'REJECTED#e', sk: '#REJECTED', eventId: 'e' };
    const told = { ...event('EventRejected', { eventId: 'rejected:e' }), source: 'overdue-journeys' };
    const seen = (letters: number, change: Partial<Snapshot> = {}) => ({
      ...all,
      items: [...all.items, rejected],
      events: [...all.events, event('PaymentReceived', aPayment()), told],
      deadLetters: Array.from({ length: letters }, () => '{"id":"e"}'),
      ...change,
    });
    const notices = (snapshot: Snapshot, lettersRepeat = false) =>
      brokenInvariants(snapshot, { lettersRepeat }).some(({ invariant, subject }) => invariant === 7 && subject === 'e');
    // Assess
    expect([0, 1, 2].map((letters) => notices(seen(letters)))).toEqual([true, false, true]);
    expect([0, 1, 2].map((letters) => notices(seen(letters), true))).toEqual([true, false, false]);
    expect(notices(seen(0, { now: Date.parse('2026-03-17T01:30:00Z') }))).toBe(false);
  });

  it('1 and 2 notice contact after the cure, at night and twice a day', async () => {
    // Prepare
    const snapshot = await aSnapshot();
    const lines = snapshot.items.filter((item) => item.sk.startsWith('T#'));
    const contact = JSON.parse(String(lines.find((item) => String(item.entry).includes('ContactReserved'))?.entry)) as Record<
      string,
      unknown
    >;
    const late = (seq: number, change: object): PlainItem => {
      const entry = JSON.stringify({ ...contact, seq, ...change });
      return { pk: 'ACCOUNT#acc-1', sk: `T#${String(seq).padStart(10, '0')}`, entry, hash: '' };
    };
    const next = lines.length + 1;
    const payment = {
      type: 'PaymentReceived',
      state: 'posted',
      paymentId: 'p',
      amount: { amount: '6250.00', currency: 'CNY' },
      paidAt: '2026-03-07T02:00:00Z',
      postedAt: '2026-03-07T02:00:00Z',
    };

    // Act
    const added = [late(next, payment), late(next + 1, { at: '2026-03-07T18:00:00Z' }), late(next + 2, { at: '2026-03-07T18:30:00Z' })];
    const broken = brokenInvariants({ ...snapshot, items: [...snapshot.items, ...added] });

    // Assess
    expect(broken.filter((row) => row.invariant === 1).map((row) => row.why)).toEqual([
      'after the cure, overdue 0',
      'after the cure, overdue 0',
    ]);
    const rules = broken.filter((row) => row.invariant === 2).map((row) => row.why.split(':')[0]);
    expect(new Set(rules)).toEqual(new Set(['CN.HOURS', 'CN.FREQ.SMS', 'HOUSE.HOURS', 'HOUSE.SMS']));
  });
});

describe('the races', () => {
  it('notice a wait that is armed without looking for new signals', async () => {
    // Prepare: the machine's own condition, weakened on its way to the table.
    const scene: Scene = {
      name: 'weakened',
      act: async (system) => {
        system.cloud.kernel.intercept((call, next) => {
          const { ConditionExpression: condition } = call.input;
          if (call.origin.startsWith('states:') && typeof condition === 'string')
            Object.assign(call.input, {
              ConditionExpression: condition.replace('signals = :signals', 'waits <= :signals OR waits > :signals'),
            });
          return next();
        });
        await system.put('AccountOverdue', anOverdue());
      },
    };
    const calls = await callsOf(scene, isOfTheCase);

    // Act
    const lost: number[] = [];
    for (const position of calls.keys()) {
      const system = await disturbedAt(scene, position, isOfTheCase, (one) => wholeEvent(one, 'PaymentReceived', aPayment()));
      const broken = brokenInvariants(await system.snapshot());
      if (broken.some((row) => row.invariant === 4)) lost.push(position);
      await system.close();
    }

    // Assess
    expect(lost.length).toBeGreaterThan(0);
  });
});
