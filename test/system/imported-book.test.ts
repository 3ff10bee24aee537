import { describe, expect, it } from 'vitest';
import { addDays, localDate, localMinutes } from '../../domain/calendar.ts';
import { STAGES, type Stage } from '../../domain/model.ts';
import type { BusEvent } from '../simulation/snapshot.ts';
import { accountsOf, type Line } from '../simulation/stored.ts';
import { aSystem, type System } from './cloud.ts';
import { aCustomer, anOverdue, cny } from './events.ts';

/** A book of a thousand running cases, handed over on one morning and followed for sixty days. */

const ZONE = 'Asia/Shanghai';
const MORNING = '2026-03-02T02:30:00Z';
const TODAY = '2026-03-02';
const CASES = 1000;
const DAYS = 60;
const DAY = 86_400_000;

const ago = (days: number): string => new Date(Date.parse(MORNING) - days * DAY).toISOString().replace('.000Z', 'Z');
const dateIn = (days: number): string => addDays(TODAY, days);

interface BookCase {
  readonly index: number;
  readonly daysPastDue: number;
  readonly claimed: Stage;
  readonly promisedIn?: number;
  readonly hasPlan: boolean;
}

/** The members have no common divisor, so that everything meets everything. */
function aCase(index: number): BookCase {
  const daysPastDue = 5 + ((index * 37) % 190);
  return {
    index,
    daysPastDue,
    claimed: STAGES[(index * 3) % STAGES.length] as Stage,
    ...(index % 4 === 1 ? { promisedIn: ((index * 7) % 40) - 8 } : {}),
    hasPlan: index % 7 === 0,
  };
}

function importOf({ index, daysPastDue, claimed, promisedIn, hasPlan }: BookCase): Record<string, unknown> {
  const spreadOver = (share: number) => ago(1 + ((daysPastDue * share) % 80) + (index % 10) / 24);
  const messages = Array.from({ length: index % 4 }, (_, at) => ({
    channel: 'sms',
    kind: 'attempt',
    at: spreadOver(0.3 + at / 7),
    contactPointId: 'cp-1',
  }));
  const calls = Array.from({ length: index % 6 }, (_, at) => ({
    channel: 'voice',
    kind: at % 3 === 2 ? 'conversation' : 'attempt',
    outcome: at % 3 === 2 ? 'reached-no-commitment' : 'no-answer',
    at: spreadOver(0.1 + at / 9),
    contactPointId: 'cp-2',
  }));
  const plan = {
    planId: `plan-${index}`,
    kind: 'instalments',
    agreedAt: ago(50),
    channel: 'branch',
    instalments: [-20, 10, 40, 70].map((offset, at) => ({
      dueDate: dateIn(offset + (index % 5)),
      amount: cny('1500.00'),
      status: at === 0 && index % 3 !== 0 ? 'paid' : 'open',
    })),
  };
  return {
    importId: `imp-${index}`,
    accountId: `acc-${index}`,
    customerId: `cus-${index}`,
    asOf: ago(0),
    openedAt: ago(Math.min(90, daysPastDue)),
    stage: claimed,
    contacts: [...messages, ...calls],
    promises:
      promisedIn === undefined ? [] : [{ amount: cny('3000.00'), date: dateIn(promisedIn), recordedAt: ago(Math.max(0, -promisedIn) + 5) }],
    ...(hasPlan ? { plan } : {}),
    holds: index % 9 === 2 ? [{ holdId: `h-${index}`, kind: 'complaint', placedAt: ago(3), expiresAt: ago(-((index % 20) + 1)) }] : [],
    notices: [
      ...(index % 2 === 0 ? [{ kind: 'written-demand', at: ago(30), how: 'post', proofRef: `letter-${index}` }] : []),
      ...(index % 3 === 0 ? [{ kind: 'plan-offer', at: ago(12), how: 'sms' }] : []),
      ...(daysPastDue > 100 ? [{ kind: 'formal-notice', at: ago(20), how: 'post', proofRef: `notice-${index}` }] : []),
    ],
  };
}

async function handOver(system: System, book: readonly BookCase[]): Promise<void> {
  for (const row of book) await system.putOnly('CaseImported', importOf(row), 'bank.take-over');
  for (const { index } of book) await system.putOnly('CustomerUpdated', aCustomer({ customerId: `cus-${index}` }));
  for (const { index, daysPastDue } of book) {
    const ids = { accountId: `acc-${index}`, customerId: `cus-${index}` };
    await system.putOnly('AccountOverdue', anOverdue({ ...ids, dueDate: dateIn(-daysPastDue), asOf: ago(0) }));
  }
  await system.cloud.settle();
}

/**
 * Whoever was asked for money pays on the next day, or when the day of their promise is over: so the sixty days are quickly played. One
 * of twenty-five never pays.
 */
async function playWithPayments(system: System, book: readonly BookCase[]): Promise<void> {
  const paying = new Map(book.filter(({ index }) => index % 25 !== 0).map((row) => [`acc-${row.index}`, row]));
  for (let day = 1; day <= DAYS; day += 1) {
    await system.advance('P1D');
    for (const accountId of new Set(
      system
        .events()
        .filter(isRequest)
        .map(({ detail }) => String(detail.accountId)),
    )) {
      const { promisedIn = day } = paying.get(accountId) ?? {};
      // Broken after its day of grace.
      if (promisedIn + 2 > day && promisedIn !== day) continue;
      if (!paying.delete(accountId)) continue;
      await system.putOnly('PaymentReceived', { paymentId: `pay-${accountId}`, accountId, amount: cny('6250.00'), paidAt: system.now() });
    }
    await system.cloud.settle();
  }
}

function isRequest({ source, detail, 'detail-type': type }: BusEvent): boolean {
  if (source !== 'overdue-journeys') return false;
  return type === 'TaskOpened' || (type === 'ContactSent' && !/^(promise|plan-instalment)/.test(String(detail.template)));
}

/** What reaches the customer to collect, or sends a person to; what serves an agreement has a day of its own. */
function isContact({ type, queue, purpose }: Line): boolean {
  const asks = purpose === 'collection' || purpose === 'plan-offer' || purpose === 'formal-notice';
  return (type === 'ContactReserved' && asks) || (type === 'TaskOpened' && (queue === 'call' || queue === 'field-visit'));
}

function countBy(rows: readonly Line[], nameOf: (at: number) => string): number[] {
  const counts = new Map<string, number>();
  for (const { at } of rows) counts.set(nameOf(Date.parse(at)), (counts.get(nameOf(Date.parse(at))) ?? 0) + 1);
  return [...counts.values()];
}

describe('a book of a thousand cases', () => {
  it('is taken over without a stage skipped, a promise lost, or a storm', async () => {
    // Prepare
    const book = Array.from({ length: CASES }, (_, index) => aCase(index));
    const system = await aSystem();
    await system.advanceTo(MORNING);

    // Act
    await handOver(system, book);
    const sentByImport = system.outbox().length;
    await playWithPayments(system, book);

    // Assess
    const accounts = new Map(accountsOf(await system.snapshot()).map((account) => [account.accountId, account.lines]));
    expect(sentByImport).toBe(0);
    expect(system.events().filter((event) => event['detail-type'] === 'EventRejected')).toEqual([]);
    const firsts: Line[] = [];
    const seen = { lowered: 0, promises: 0, broken: 0, plans: 0 };
    for (const row of book) {
      const lines = accounts.get(`acc-${row.index}`) ?? [];
      const taken = lines.findIndex(({ type }) => type === 'CaseTakenOver');
      expect(taken).toBeGreaterThan(0);
      const [entered, ...moves] = lines.slice(taken).filter(({ type }) => type === 'StageEntered');
      if (entered?.stage !== row.claimed) seen.lowered += 1;
      expect(STAGES.indexOf(entered?.stage as Stage)).toBeLessThanOrEqual(STAGES.indexOf(row.claimed));
      let from = STAGES.indexOf(entered?.stage as Stage);
      for (const move of moves) {
        if (move.rise === true) expect(STAGES.indexOf(move.stage as Stage)).toBe(from + 1);
        from = STAGES.indexOf(move.stage as Stage);
      }
      if (row.promisedIn !== undefined) {
        const recorded = lines.filter(({ type }) => type === 'PromiseRecorded');
        expect(recorded.map(({ date }) => date)).toEqual([dateIn(row.promisedIn)]);
        const end = lines.find(({ type, promiseId }) => /^Promise(Kept|Broken|Ended)$/.test(type) && promiseId === recorded[0]?.promiseId);
        expect(end?.type).toBe(row.hasPlan && row.promisedIn >= -1 ? 'PromiseEnded' : 'PromiseBroken');
        seen.promises += 1;
        if (end?.type === 'PromiseBroken') seen.broken += 1;
      }
      if (row.hasPlan)
        seen.plans += lines.some(({ type, planId }) => type === 'InstalmentMissed' && planId === `plan-${row.index}`) ? 1 : 0;
      const first = lines.find(isContact);
      if (first !== undefined) firsts.push(first);
    }
    expect(seen.lowered).toBeGreaterThan(CASES / 4);
    expect(seen.promises).toBe(CASES / 4);
    expect(seen.broken).toBeGreaterThan(150);
    expect(seen.plans).toBeGreaterThan(100);
    expect(firsts.length).toBeGreaterThan(CASES * 0.9);
    expect(Math.max(...countBy(firsts, (at) => localDate(at, ZONE)))).toBeLessThanOrEqual(CASES / 10);
    expect(Math.max(...countBy(firsts, (at) => `${localDate(at, ZONE)} ${Math.floor(localMinutes(at, ZONE) / 60)}`))).toBeLessThanOrEqual(
      CASES / 40,
    );
  });
});
