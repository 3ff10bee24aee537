import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkCustomer } from '../../../audit/check.ts';
import type { Contact, State, Violation } from '../../../audit/facts.ts';
import { epochDay, localDate } from '../../../domain/calendar.ts';
import { judge } from '../../../domain/gate/gate.ts';
import type { GateFacts, Verdict } from '../../../domain/gate/types.ts';
import type { Channel, ContactRow, Purpose } from '../../../domain/model.ts';

import { calendarOf } from '../../../domain/policy/holidays/registry.ts';
import { aRequest, type RequestOnPoint, someFacts } from './builders.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const CHANNELS: readonly Channel[] = ['sms', 'email', 'push', 'im', 'voice', 'post', 'visit'];
const PURPOSES: readonly Purpose[] = ['collection', 'plan-offer', 'promise-reminder', 'formal-notice'];
const ZONES = [
  'Asia/Shanghai',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Europe/London',
  'America/New_York',
  'Australia/Lord_Howe',
  'Africa/Cairo',
  'America/Santiago',
  'Pacific/Chatham',
];

// Clock changes of the zones above in 2026: a third of all cases is judged within three days of one.
const CHANGES = ['2026-03-08', '2026-03-29', '2026-04-05', '2026-04-24', '2026-09-06', '2026-10-04', '2026-10-29', '2026-11-01'];

const nows = fc.oneof(
  fc.integer({ min: Date.parse('2026-01-01') / 1000, max: Date.parse('2027-01-01') / 1000 }).map((seconds) => seconds * 1000),
  fc.integer({ min: Date.parse('2026-01-01') / 60_000, max: Date.parse('2027-01-01') / 60_000 }).map((minutes) => minutes * 60_000),
  fc
    .tuple(fc.constantFrom(...CHANGES), fc.integer({ min: -72 * 60, max: 72 * 60 }))
    .map(([date, minutes]) => Date.parse(date) + minutes * 60_000),
);

const times = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom('00', '15', '30'))
  .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${minute}`);
const windows = fc.tuple(times, times).filter(([from, to]) => from !== to);
const wishes = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ windows: [], inconvenient: [], optedOut: [] }) },
  {
    weight: 1,
    arbitrary: fc.record({
      windows: fc.array(
        windows.map(([from, to]) => `${from}-${to}`),
        { maxLength: 2 },
      ),
      inconvenient: fc.array(
        windows.map(([from, to]) => `${from}-${to}`),
        { maxLength: 2 },
      ),
      optedOut: fc.constant([]),
    }),
  },
);

/** How long before now a contact was made: mostly within days, where the caps are near. */
const ages = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 12 * 60 }) },
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 9 * 24 * 60 }) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 100 * 24 * 60 }) },
);

function rowsBefore(now: number): fc.Arbitrary<ContactRow[]> {
  const row = fc.record({
    age: ages,
    channel: fc.constantFrom(...CHANNELS),
    kind: fc.constantFrom('attempt', 'attempt', 'conversation'),
    number: fc.constantFrom('n1', 'n2'),
    purpose: fc.constantFrom<Purpose>('collection', 'collection', 'collection', 'formal-notice'),
  });
  const rows = (maxLength: number): fc.Arbitrary<ContactRow[]> =>
    fc.array(row, { maxLength }).map((made) =>
      made.map(({ age, channel, kind, number, purpose }, index) => ({
        id: `r${index}`,
        at: new Date(now - age * 60_000).toISOString(),
        channel,
        kind: kind === 'conversation' && (channel === 'voice' || channel === 'visit') ? 'conversation' : 'attempt',
        contactPointId: 'p',
        addressKey: number,
        accountId: 'acc-1',
        purpose,
      })),
    );
  return fc.oneof(rows(4), rows(12), rows(70));
}

interface Situation {
  readonly now: number;
  readonly request: RequestOnPoint;
  readonly facts: GateFacts;
}

const situations: fc.Arbitrary<Situation> = nows.chain((now) =>
  fc
    .record({
      channel: fc.constantFrom(...CHANNELS),
      purpose: fc.constantFrom(...PURPOSES),
      number: fc.constantFrom('n1', 'n2'),
      timeZones: fc.uniqueArray(fc.constantFrom(...ZONES), { minLength: 1, maxLength: 2 }),
      ledger: rowsBefore(now),
      house: fc.boolean(),
      quiet: fc.option(fc.integer({ min: -DAY / 1000, max: (3 * DAY) / 1000 }), { nil: undefined, freq: 8 }),
      wishes,
    })
    .map(({ channel, purpose, number, timeZones, ledger, house, quiet, wishes: wished }) => ({
      now,
      request: aRequest(channel, { purpose, point: { addressKey: number } }),
      facts: someFacts({
        timeZones,
        ledger,
        house,
        wishes: wished,
        standing: quiet === undefined ? {} : { quietUntil: new Date(now + quiet * 1000).toISOString() },
      }),
    })),
);

/** When the contact may be made: now, later, or never. */
function earliest(verdict: Verdict, now: number): number {
  if (verdict.decision === 'allow') return now;
  return verdict.decision === 'defer' ? verdict.notBefore : Number.POSITIVE_INFINITY;
}

/** What the checker says if the contact were made at an instant. */
function complaints({ request, facts }: Situation, at: number): readonly Violation[] {
  const { channel, purpose, accountId, point } = request;
  const { quietUntil } = facts.standing;
  const made: Contact = {
    id: 'new',
    at: new Date(at).toISOString(),
    channel,
    kind: 'attempt',
    addressKey: point.addressKey,
    accountId,
    purpose: purpose as Purpose,
  };
  const earlier = facts.ledger.map((row): Contact => ({ ...row, reported: true }));
  const states: State[] = quietUntil === undefined ? [] : [{ name: 'quiet', to: { at: quietUntil } }];
  return checkCustomer({
    customerId: 'cus-1',
    contacts: [...earlier, made],
    settings: [{ jurisdiction: facts.jurisdiction, zones: facts.timeZones, role: 'first-party', house: facts.house }],
    wishes: [{ windows: facts.wishes.windows, inconvenient: facts.wishes.inconvenient, outsideHours: false }],
    states,
    dues: [],
  }).violations;
}

/** Messages must have left so long before a closing that they arrive before it: the checker, which knows no margin, is asked for both. */
function marginOf({ request, facts }: Situation): number {
  return facts.house && ['sms', 'email', 'push', 'im'].includes(request.channel) ? 5 * 60_000 - 1 : 0;
}

/** Whether the checker complains too. Of public holidays in the house's hours it is not asked. */
function isBlamed(situation: Situation, at: number): boolean {
  const { request, facts } = situation;
  const { days } = calendarOf('CN');
  const holiday = facts.timeZones.some((zone) => days.has(epochDay(localDate(at, zone))));
  if (facts.house && request.channel === 'voice' && holiday) return true;
  return complaints(situation, at).length > 0 || complaints(situation, at + marginOf(situation)).length > 0;
}

const RUNS = { numRuns: 2000 };

describe('the gate', () => {
  it('gives the same verdict for the same facts', () => {
    fc.assert(
      fc.property(situations, ({ now, request, facts }) => {
        const again = structuredClone({ request, facts });

        expect(judge(again.request, again.facts, now)).toEqual(judge(request, facts, now));
      }),
      RUNS,
    );
  });

  it('opens at notBefore and not a moment before', () => {
    fc.assert(
      fc.property(situations, fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), ({ now, request, facts }, share) => {
        const verdict = judge(request, facts, now);
        if (verdict.decision !== 'defer') return;
        const between = Math.min(verdict.notBefore - 1, Math.floor(now + (verdict.notBefore - now) * share));

        expect(verdict.notBefore).toBeGreaterThan(now);
        expect(judge(request, facts, verdict.notBefore).decision).toBe('allow');
        for (const before of [verdict.notBefore - 1, Math.max(now, verdict.notBefore - 1000), between]) {
          expect(judge(request, facts, before)).toMatchObject({ decision: 'defer', notBefore: verdict.notBefore });
        }
      }),
      RUNS,
    );
  });

  it('never opens earlier for more history', () => {
    fc.assert(
      fc.property(situations, fc.nat(), ({ now, request, facts }, pick) => {
        const dropped = pick % Math.max(1, facts.ledger.length);
        const fewer = { ...facts, ledger: facts.ledger.filter((_, index) => index !== dropped) };

        expect(earliest(judge(request, facts, now), now)).toBeGreaterThanOrEqual(earliest(judge(request, fewer, now), now));
      }),
      RUNS,
    );
  });

  it('agrees with the checker, which shares no code with it', () => {
    const seen = { allow: 0, defer: 0 };
    fc.assert(
      fc.property(situations, (situation) => {
        const { now, request, facts } = situation;
        const verdict = judge(request, facts, now);
        if (verdict.decision === 'deny') return;
        seen[verdict.decision] += 1;
        const from = verdict.decision === 'allow' ? now : verdict.notBefore;
        expect(complaints(situation, from)).toEqual([]);
        expect(complaints(situation, from + marginOf(situation))).toEqual([]);
        if (verdict.decision === 'allow' || verdict.rules.some((rule) => rule.startsWith('CN.FREQ.SMS'))) return;
        for (const before of [now, verdict.notBefore - 1]) expect(isBlamed(situation, before)).toBe(true);
      }),
      RUNS,
    );

    expect(seen.allow).toBeGreaterThan(100);
    expect(seen.defer).toBeGreaterThan(100);
  });
});
