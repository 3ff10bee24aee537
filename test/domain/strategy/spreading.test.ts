import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY, HOUR, instantAt, localDate, localMinutes } from '../../../domain/calendar.ts';
import type { Governor } from '../../../domain/customer.ts';
import { ownPoints, plannedInstant, type World, whenAllowed, worldOf } from '../../../domain/decide/world.ts';
import { spreadAfter } from '../../../domain/strategy/spreading.ts';
import { anAccount } from '../../builders/account.ts';
import { aCustomer } from '../../builders/customer.ts';
import { aSetting } from '../../builders/setting.ts';

const ZONE = 'Asia/Shanghai';
const ACCOUNTS = 100_000;

/** The same case of so many accounts, at an instant. */
function worldsAt(now: number, governor: Governor = aCustomer().build()): (index: number) => World {
  const account = anAccount().overdueBy(12).build();
  if (account.case === undefined) throw new Error('The builder opens a case');
  const base = worldOf(account, account.case, governor, aSetting({ now, governor }));
  return (index) => ({ ...base, account: { ...account, accountId: `acc-${index}` } });
}

/** How many of the instants fall into the fullest second, and into the fullest minute. */
function crowds(instants: readonly number[]): { readonly second: number; readonly minute: number } {
  const fullest = (unit: number) => {
    const counts = new Map<number, number>();
    for (const at of instants) counts.set(Math.floor(at / unit), (counts.get(Math.floor(at / unit)) ?? 0) + 1);
    return Math.max(...counts.values());
  };
  return { second: fullest(1000), minute: fullest(60_000) };
}

function instantsOf(worldOfIndex: (index: number) => World, count: number): number[] {
  return Array.from({ length: count }, (_, index) => {
    const world = worldOfIndex(index);
    const [point] = ownPoints(world, 'sms');
    const reachable = point === undefined ? undefined : whenAllowed(world, 'sms', point, 'collection', world.now);
    if (reachable === undefined) throw new Error('The gate lets a message through in the morning');
    return reachable.at;
  });
}

describe('a hundred thousand accounts that wait for the same opening', () => {
  it('go over the morning and the afternoon of the day: no second and no minute has much more than its share', () => {
    const night = instantAt('2026-03-03', 2 * 60, ZONE);
    const instants = instantsOf(worldsAt(night), ACCOUNTS);

    const { second, minute } = crowds(instants);
    // Over eight hours a minute's share is 208, a second's 3.5.
    expect(minute).toBeLessThan(300);
    expect(second).toBeLessThan(25);
    expect(instants.every((at) => localDate(at, ZONE) === '2026-03-03')).toBe(true);
    expect(Math.min(...instants.map((at) => localMinutes(at, ZONE)))).toBe(9 * 60);
    expect(Math.max(...instants.map((at) => localMinutes(at, ZONE)))).toBeLessThan(20 * 60 + 30);
  });

  it('go within the customer’s own window, however short it is', () => {
    const night = instantAt('2026-03-03', 2 * 60, ZONE);
    const governor = aCustomer()
      .wishing({ windows: ['18:00-19:00'] })
      .build();
    const instants = instantsOf(worldsAt(night, governor), 5000);

    const minutes = instants.map((at) => localMinutes(at, ZONE));
    expect(Math.min(...minutes)).toBeGreaterThanOrEqual(18 * 60);
    expect(Math.max(...minutes)).toBeLessThan(19 * 60);
    // 5,000 over 60 minutes are 83 a minute, were they even.
    expect(crowds(instants).minute).toBeLessThan(5 * 83);
  });

  it('go when they come where the gate is open: what is due now is not put off', () => {
    const noon = instantAt('2026-03-03', 12 * 60, ZONE);

    expect(new Set(instantsOf(worldsAt(noon), 100))).toEqual(new Set([noon]));
  });

  it('are planned over the whole day', () => {
    const worlds = worldsAt(instantAt('2026-03-03', 2 * 60, ZONE));
    const instants = Array.from({ length: ACCOUNTS }, (_, index) => plannedInstant(worlds(index), '2026-03-05', 'call-message'));

    // Over nine hours a minute's share is 185.
    expect(crowds(instants).minute).toBeLessThan(270);
  });
});

describe('what waits for an opening', () => {
  it('is due at the same instant whoever looks meanwhile, and not before', () => {
    const windows = fc.constantFrom<readonly string[]>([], ['18:00-21:00'], ['10:15-10:45'], ['09:00-12:00', '14:00-16:00']);
    const wanted = fc.integer({ min: 0, max: 3 * 24 * 60 - 1 });
    fc.assert(
      fc.property(fc.nat(1_000_000), windows, wanted, fc.double({ min: 0, max: 1, noNaN: true }), (index, wishes, minutes, share) => {
        const from = instantAt('2026-03-06', 0, ZONE) + minutes * 60_000;
        const governor = aCustomer().wishing({ windows: wishes }).build();
        const reachAt = (now: number) => {
          const world = worldsAt(now, governor)(index);
          const [point] = ownPoints(world, 'sms');
          return point === undefined ? undefined : whenAllowed(world, 'sms', point, 'collection', from)?.at;
        };
        const at = reachAt(from) ?? Number.NaN;
        const between = from + Math.floor((at - from) * share);

        expect(reachAt(between)).toBe(at);
        expect(reachAt(at)).toBe(at);
        expect(reachAt(at + 60_000)).toBeGreaterThanOrEqual(at);
      }),
      { numRuns: 300 },
    );
  });
});

describe('an instant after an opening', () => {
  it('is never before the opening, never more than eight hours after, allowed wherever the opening is, and the same each time', () => {
    const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(share, fc.integer({ min: 1, max: 20 * 60 }), (part, openMinutes) => {
        const opens = instantAt('2026-03-05', 9 * 60, ZONE);
        const allowed = (at: number) => at >= opens && at < opens + openMinutes * 60_000;
        const at = spreadAfter(opens, part, allowed);

        expect(at).toBe(spreadAfter(opens, part, allowed));
        expect(allowed(at)).toBe(true);
        expect(at - opens).toBeLessThan(8 * HOUR);
        expect(at - opens).toBeLessThan(DAY);
      }),
    );
  });
});
