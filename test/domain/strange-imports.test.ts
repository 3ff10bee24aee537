import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DAY, HOUR, toInstant, toMillis } from '../../domain/calendar.ts';
import { CHANNELS, STAGES } from '../../domain/model.ts';
import { recordAccountOverdue, recordPaymentReceived } from '../../domain/record/bank-facts.ts';
import { type ImportedHold, recordCaseImported } from '../../domain/record/imports.ts';
import { caseImported } from '../../functions/contract/case-imported.ts';
import { anAccount, cny } from '../builders/account.ts';
import { anImport, day } from '../builders/case-import.ts';
import { START } from '../builders/setting.ts';
import { CaseDriver } from './case-driver.ts';

/** Everything that the contract takes, however strange, becomes a case that keeps its rules; nothing that it brought is lost. */

const now = toMillis(START);
const hours = (count: number): string => toInstant(now - count * HOUR);
const KINDS = ['instalments', 'deferral', 'reduced-rate', 'waiver', 'settlement'] as const;

const ago = fc.integer({ min: 3, max: 24 * 400 });
const contacts = fc.array(
  fc.record({ channel: fc.constantFrom(...CHANNELS), kind: fc.constantFrom('attempt', 'conversation'), ago, inbound: fc.boolean() }),
  { maxLength: 20 },
);
const promises = fc.array(
  fc.record({
    units: fc.integer({ min: 1, max: 90 }),
    ago,
    ahead: fc.integer({ min: 0, max: 300 }),
    paid: fc.integer({ min: 0, max: 90 }),
  }),
  {
    maxLength: 6,
  },
);
const plans = fc.option(
  fc.record({
    kind: fc.constantFrom(...KINDS),
    first: fc.integer({ min: -400, max: 90 }),
    count: fc.integer({ min: 1, max: 12 }),
    paid: fc.integer({ min: 0, max: 11 }),
    ago,
  }),
  { nil: undefined },
);
const notices = fc.array(
  fc.record({ kind: fc.constantFrom('written-demand', 'plan-offer', 'formal-notice', 'intent'), ago, how: fc.constantFrom(...CHANNELS) }),
  { maxLength: 6 },
);
const holds = fc.array(
  fc.record({ kind: fc.constantFrom('dispute', 'deceased', 'bankruptcy', 'manual'), ago, days: fc.integer({ min: -30, max: 60 }) }),
  {
    maxLength: 3,
  },
);

const book = fc.record({
  stage: fc.constantFrom(...STAGES),
  days: fc.integer({ min: 1, max: 400 }),
  contacts,
  promises,
  plans,
  notices,
  holds,
  pays: fc.boolean(),
  first: fc.boolean(),
});
type Book = typeof book extends fc.Arbitrary<infer T> ? T : never;

function importOf({ stage, contacts: made, promises: given, plans: plan, notices: served }: Book) {
  return anImport({
    stage,
    asOf: hours(2),
    openedAt: hours(24 * 420),
    contacts: made.map(({ channel, kind, ago: at, inbound }) => ({
      channel,
      kind: kind as 'attempt',
      at: hours(at),
      contactPointId: channel,
      ...(inbound ? { direction: 'inbound' as const } : {}),
    })),
    promises: given.map(({ units, ago: at, ahead, paid }) => ({
      amount: cny(`${units}.00`),
      recordedAt: hours(at),
      date: day(ahead - Math.floor(at / 24)),
      paid: cny(`${paid}.00`),
    })),
    notices: served.map(({ kind, ago: at, how }) => ({ kind: kind as 'intent', at: hours(at), how })),
    ...(plan === undefined
      ? {}
      : {
          plan: {
            planId: 'plan-7',
            kind: plan.kind,
            agreedAt: hours(plan.ago),
            channel: 'branch',
            instalments: Array.from({ length: plan.count }, (_, index) => ({
              dueDate: day(plan.first + index * 30),
              amount: cny('500.00'),
              status: index < Math.min(plan.paid, plan.count - 1) ? ('paid' as const) : ('open' as const),
            })),
          },
        }),
  });
}

function holdsOf({ holds: rows }: Book): ImportedHold[] {
  return rows.map(({ kind, ago: at, days }, index) => ({
    index,
    hold: {
      holdId: `h-${index}`,
      kind: kind as 'dispute',
      placedAt: hours(at),
      ...(days > 0 ? { expiresAt: toInstant(now + days * DAY) } : {}),
    },
  }));
}

it('becomes a case that keeps the rules, with every promise and the plan accounted for', () => {
  fc.assert(
    fc.property(book, (row) => {
      const imported = importOf(row);
      expect(caseImported.safeParse({ ...imported, accountId: 'acc-1', holds: [] }).error?.issues ?? []).toEqual([]);
      const driver = new CaseDriver();
      const figure = () => driver.tell((journal) => recordAccountOverdue(journal, anAccount().overdueBy(row.days).fact()));
      if (!row.first) figure();
      driver.tell((journal) => recordCaseImported(journal, imported, holdsOf(row)));
      if (row.first) figure();
      driver.runDays(25);
      if (row.pays) {
        const at = toInstant(driver.now);
        driver.tell((journal) =>
          recordPaymentReceived(journal, { paymentId: 'p', amount: cny('700.00'), paidAt: at, postedAt: at, state: 'posted' }),
        );
      }
      driver.runDays(50);
      driver.check();
      expect(driver.entriesOf('CaseTakenOver')).toHaveLength(1);
      expect(driver.entriesOf('PromiseRecorded')).toHaveLength(imported.promises.length);
      expect(driver.entriesOf('PlanAgreed').filter(({ planId }) => planId === 'plan-7')).toHaveLength(imported.plan === undefined ? 0 : 1);
    }),
    { numRuns: 150 },
  );
}, 60_000);
