import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, daysBetween, localDate, toInstant, toMillis } from '../../domain/calendar.ts';
import { contractDaysPastDue, daysPastDue, statusOf } from '../../domain/case-status.ts';
import { HOLD_RULES, reviewDue } from '../../domain/holds.ts';
import { type Account, HOLD_KINDS, type Hold, type HoldKind } from '../../domain/model.ts';
import { LADDER } from '../../domain/policy/ladder.ts';
import { anAccount } from '../builders/account.ts';
import { aCustomer } from '../builders/customer.ts';

const SHANGHAI = 'Asia/Shanghai';
const DUE = '2026-02-18';

/** An account due on 18 February with these holds on it; each is `[kind, placed, released?, expires?]`. */
function held(...holds: readonly (readonly [HoldKind, string, (string | undefined)?, (string | undefined)?])[]): Account {
  return {
    ...anAccount().build(),
    holds: holds.map(
      ([kind, placedAt, releasedAt, expiresAt], index): Hold => ({
        holdId: `h-${index}`,
        kind,
        placedAt,
        ...(releasedAt === undefined ? {} : { releasedAt }),
        ...(expiresAt === undefined ? {} : { expiresAt }),
      }),
    ),
  };
}

/** Noon in Shanghai, away from any midnight. */
const noon = (date: string) => `${date}T04:00:00Z`;
const both = (account: Account, date: string) => [
  contractDaysPastDue(account, toMillis(noon(date))),
  daysPastDue(account, toMillis(noon(date))),
];

describe('days past due', () => {
  it('are 0 up to the last instant of the due date and 1 from local midnight on', () => {
    const account = anAccount().with({ dueDate: '2026-03-02' }).build();
    expect(contractDaysPastDue(account, toMillis('2026-03-02T15:59:59Z'))).toBe(0);
    expect(contractDaysPastDue(account, toMillis('2026-03-02T16:00:00Z'))).toBe(1);
    expect(daysPastDue(account, toMillis('2026-03-02T15:59:59Z'))).toBe(0);
    expect(daysPastDue(account, toMillis('2026-03-02T16:00:00Z'))).toBe(1);
  });

  it.each([
    ['Pacific/Kiritimati', '2026-03-04T09:59:59Z', 2],
    ['Pacific/Kiritimati', '2026-03-04T10:00:00Z', 3],
    ['America/Los_Angeles', '2026-03-04T07:59:59Z', 1],
    ['America/Los_Angeles', '2026-03-04T08:00:00Z', 2],
  ])('are counted by the dates of the account’s own zone: %s at %s', (timeZone, at, days) => {
    const account = anAccount().at('2026-03-03T12:00:00Z').with({ timeZone, dueDate: '2026-03-02' }).build();
    expect(contractDaysPastDue(account, toMillis(at))).toBe(days);
  });

  it('take the customer’s zone where the account has none of its own', () => {
    const account = anAccount().of(aCustomer().in('America/New_York').build()).with({ dueDate: '2026-02-28' }).build();
    expect(account.timeZone).toBe('America/New_York');
    expect(contractDaysPastDue(account, toMillis('2026-03-02T04:59:59Z'))).toBe(1);
    expect(contractDaysPastDue(account, toMillis('2026-03-02T05:00:00Z'))).toBe(2);
  });

  it.each<[string, Account, string, number, number]>([
    ['no hold', held(), '2026-03-10', 20, 20],
    ['on the day of the hold nothing that had passed is taken away', held(['dispute', noon('2026-03-10')]), '2026-03-10', 20, 20],
    ['the day after it the clock has stood for a day', held(['dispute', noon('2026-03-10')]), '2026-03-11', 21, 20],
    ['a released hold gives back no days', held(['dispute', noon('2026-03-01'), noon('2026-03-06')]), '2026-03-10', 20, 15],
    ['placed and released on one day stops no day', held(['dispute', noon('2026-03-06'), noon('2026-03-06')]), '2026-03-10', 20, 20],
    ['an expired hold counts up to its end', held(['disaster', noon('2026-03-01'), undefined, noon('2026-03-06')]), '2026-03-10', 20, 15],
    [
      'released before it would have expired',
      held(['disaster', noon('2026-03-01'), noon('2026-03-03'), noon('2026-03-06')]),
      '2026-03-10',
      20,
      18,
    ],
    ['released after it had expired', held(['disaster', noon('2026-03-01'), noon('2026-03-09'), noon('2026-03-06')]), '2026-03-10', 20, 15],
    [
      'overlapping holds count once',
      held(['dispute', noon('2026-03-01'), noon('2026-03-06')], ['manual', noon('2026-03-04'), noon('2026-03-08')]),
      '2026-03-10',
      20,
      13,
    ],
    [
      'one inside the other',
      held(['manual', noon('2026-03-03'), noon('2026-03-04')], ['dispute', noon('2026-03-01'), noon('2026-03-06')]),
      '2026-03-10',
      20,
      15,
    ],
    [
      'end to end',
      held(['dispute', noon('2026-03-01'), noon('2026-03-03')], ['manual', noon('2026-03-03'), noon('2026-03-06')]),
      '2026-03-10',
      20,
      15,
    ],
    [
      'with days between',
      held(['dispute', noon('2026-03-01'), noon('2026-03-02')], ['manual', noon('2026-03-05'), noon('2026-03-07')]),
      '2026-03-10',
      20,
      17,
    ],
    ['placed before the due date', held(['dispute', noon('2026-02-01'), noon('2026-02-20')]), '2026-03-10', 20, 18],
    ['placed and released before the due date', held(['dispute', noon('2026-02-01'), noon('2026-02-10')]), '2026-03-10', 20, 20],
    ['still running since before the due date', held(['dispute', noon('2026-02-01')]), '2026-03-10', 20, 0],
    ['a hold that does not stop the clock', held(['bankruptcy', noon('2026-03-01')]), '2026-03-10', 20, 20],
    [
      'beside one that does',
      held(['represented', noon('2026-02-20')], ['fraud', noon('2026-03-05'), noon('2026-03-08')]),
      '2026-03-10',
      20,
      17,
    ],
    ['one that begins later', held(['dispute', noon('2026-03-12')]), '2026-03-10', 20, 20],
  ])('%s', (_name, account, date, contract, ladder) => {
    expect(both(account, date)).toEqual([contract, ladder]);
  });

  it('stop for exactly the kinds that the contract names', () => {
    const stopping = HOLD_KINDS.filter((kind) => both(held([kind, noon('2026-03-01')]), '2026-03-10')[1] !== 20);
    const running: HoldKind[] = ['cease-contact', 'represented', 'bankruptcy'];
    expect(stopping).toEqual(HOLD_KINDS.filter((kind) => !running.includes(kind)));
  });

  it('leave out, day by day, exactly the dates on which a clock-stopping hold stood', () => {
    const day = fc.integer({ min: -20, max: 60 });
    const hold = fc.record({
      kind: fc.constantFrom<HoldKind>('dispute', 'manual', 'bankruptcy', 'disaster'),
      from: day,
      released: fc.option(fc.integer({ min: 0, max: 40 })),
      expires: fc.option(fc.integer({ min: 0, max: 40 })),
      hour: fc.integer({ min: 0, max: 23 }),
    });
    fc.assert(
      fc.property(fc.array(hold, { maxLength: 5 }), fc.integer({ min: 0, max: 60 }), (rows, elapsed) => {
        const at = (offset: number, hour: number) =>
          toInstant(toMillis(`${addDays(DUE, offset)}T00:00:00Z`) - 8 * 3_600_000 + hour * 3_600_000);
        const holds = rows.map(
          ({ kind, from, released, expires, hour }): readonly [HoldKind, string, (string | undefined)?, (string | undefined)?] => [
            kind,
            at(from, hour),
            released === null ? undefined : at(from + released, hour),
            expires === null ? undefined : at(from + expires, hour),
          ],
        );
        const today = addDays(DUE, elapsed);
        let stood = 0;
        for (let date = DUE; date < today; date = addDays(date, 1)) {
          const stops = holds.some(([kind, placed, released, expires]) => {
            const ends = [released, expires].filter((end) => end !== undefined).map((end) => localDate(toMillis(end), SHANGHAI));
            return HOLD_RULES[kind].stopsClock && localDate(toMillis(placed), SHANGHAI) <= date && ends.every((end) => date < end);
          });
          if (stops) stood += 1;
        }
        expect(both(held(...holds), today)).toEqual([elapsed, elapsed - stood]);
        expect(daysBetween(DUE, today)).toBe(elapsed);
      }),
    );
  });
});

describe('a hold', () => {
  it.each([
    ['active from the instant it is placed', noon('2026-03-10'), undefined, undefined, noon('2026-03-10'), 'held'],
    ['not before', '2026-03-10T04:00:01Z', undefined, undefined, noon('2026-03-10'), 'open'],
    ['over at the instant it expires', noon('2026-03-01'), undefined, noon('2026-03-10'), noon('2026-03-10'), 'open'],
    ['over when it is released', noon('2026-03-01'), noon('2026-03-09'), undefined, noon('2026-03-10'), 'open'],
  ])('is %s', (_name, placed, released, expires, now, status) => {
    expect(statusOf(held(['manual', placed, released, expires]), LADDER, toMillis(now))).toBe(status);
  });

  it('comes up for review after the days of its kind, and again after a review; with an end never', () => {
    const hold: Hold = { holdId: 'h', kind: 'complaint', placedAt: noon('2026-03-01') };
    expect(reviewDue(hold)).toBe(toMillis(noon('2026-03-11')));
    expect(reviewDue({ ...hold, reviewedAt: noon('2026-03-12') })).toBe(toMillis(noon('2026-03-22')));
    expect(reviewDue({ ...hold, expiresAt: noon('2026-05-01') })).toBeUndefined();
    expect(reviewDue({ ...hold, releasedAt: noon('2026-03-02') })).toBeUndefined();
  });
});
