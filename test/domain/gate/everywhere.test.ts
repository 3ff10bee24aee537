import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ContactRow } from '../../../domain/customer.ts';
import { judge } from '../../../domain/gate/gate.ts';
import type { ContactRequest, GateFacts, Verdict } from '../../../domain/gate/types.ts';
import { CHANNELS } from '../../../domain/model.ts';
import { type ContactPurpose, FACTS, TARGETS } from '../../../domain/policy/packs/pack.ts';
import { allPacks } from '../../../domain/policy/packs/registry.ts';
import { aRequest, someFacts } from './builders.ts';

/**
 * What must hold of every verdict in every jurisdiction, whatever the facts: with reservations, consents, inbound contacts, several
 * accounts, places of work and versions that change between the question and its answer.
 */

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
const PLACES: Readonly<Record<string, readonly string[]>> = {
  CN: ['Asia/Shanghai', 'Asia/Urumqi'],
  US: ['America/New_York', 'America/Phoenix', 'Pacific/Honolulu'],
  'US-MA': ['America/New_York'],
  UK: ['Europe/London'],
  AU: ['Australia/Sydney', 'Australia/Lord_Howe', 'Australia/Perth'],
  IN: ['Asia/Kolkata'],
  HK: ['Asia/Hong_Kong'],
  SG: ['Asia/Singapore'],
  EU: ['Europe/Berlin', 'Atlantic/Azores'],
  'EU-GR': ['Europe/Athens'],
  'EU-RO': ['Europe/Bucharest'],
};
const PURPOSES: readonly ContactPurpose[] = ['collection', 'collection', 'collection', 'formal-notice', 'reply', 'statutory-notice'];
/** Instants around which rules or clocks change. */
const TURNS = ['2024-03-01', '2026-01-30', '2026-03-08', '2026-03-29', '2026-04-05', '2026-10-04', '2026-11-20', '2026-12-31'];

const instants = fc
  .tuple(fc.constantFrom(...TURNS), fc.integer({ min: -6 * 1440, max: 6 * 1440 }), fc.constantFrom(0, 0, 0, 1, 59_999))
  .map(([date, minutes, millis]) => Date.parse(date) + minutes * MINUTE + millis);

function rowsBefore(now: number): fc.Arbitrary<ContactRow[]> {
  const text = (at: number): string => new Date(at).toISOString();
  const row = fc.record({
    age: fc.oneof(fc.integer({ min: -600, max: 1440 }), fc.integer({ min: 0, max: 40 * 1440 })),
    channel: fc.constantFrom(...CHANNELS, 'voice', 'voice'),
    kind: fc.constantFrom('attempt', 'attempt', 'conversation'),
    outcome: fc.constantFrom(undefined, undefined, 'voicemail', 'not-connected'),
    inbound: fc.constantFrom(false, false, false, true),
    pending: fc.option(fc.integer({ min: 1, max: 90 }), { nil: undefined, freq: 6 }),
    addressKey: fc.constantFrom('n1', 'work', undefined),
    accountId: fc.constantFrom('acc-1', 'acc-2', undefined),
  });
  return fc.array(row, { maxLength: 14 }).map((rows) =>
    rows.map(({ age, channel, kind, outcome, inbound, pending, addressKey, accountId }, index) => ({
      id: `r${index}`,
      at: text(now - age * MINUTE),
      channel,
      kind: kind as ContactRow['kind'],
      purpose: 'collection',
      ...(outcome === undefined ? {} : { outcome }),
      ...(inbound ? { direction: 'inbound' as const } : {}),
      ...(pending === undefined ? {} : { pendingUntil: text(now + pending * MINUTE) }),
      ...(addressKey === undefined ? {} : { addressKey }),
      ...(accountId === undefined ? {} : { accountId }),
    })),
  );
}

interface Situation {
  readonly now: number;
  readonly request: ContactRequest;
  readonly facts: GateFacts;
}

const windows = fc.constantFrom('18:00-21:00', '22:00-02:00', '07:00-10:30', '00:00-24:00');

const situations: fc.Arbitrary<Situation> = fc.tuple(instants, fc.constantFrom(...Object.keys(PLACES))).chain(([now, jurisdiction]) =>
  fc
    .record({
      channel: fc.constantFrom(...CHANNELS, 'voice', 'voice'),
      purpose: fc.constantFrom(...PURPOSES),
      target: fc.option(fc.constantFrom(...TARGETS), { nil: undefined, freq: 10 }),
      owner: fc.constantFrom('self', 'self', 'work'),
      alsoAbout: fc.constantFrom([], [], ['acc-2']),
      timeZones: fc.uniqueArray(fc.constantFrom(...(PLACES[jurisdiction] ?? [])), { maxLength: 2 }),
      ledger: rowsBefore(now),
      house: fc.boolean(),
      role: fc.constantFrom('first-party', 'third-party'),
      facts: fc.oneof(
        { weight: 5, arbitrary: fc.constant(['visit-prepared'] as const) },
        { weight: 1, arbitrary: fc.subarray([...FACTS], { maxLength: 2 }) },
      ),
      consentOutsideHours: fc.constantFrom(false, false, true),
      consentAge: fc.option(fc.integer({ min: -2 * 1440, max: 9 * 1440 }), { nil: undefined, freq: 4 }),
      wished: fc.option(windows, { nil: undefined, freq: 4 }),
      shut: fc.option(windows, { nil: undefined, freq: 6 }),
    })
    .map(({ channel, purpose, target, owner, alsoAbout, consentAge, wished, shut, role, ...rest }) => ({
      now,
      request: {
        ...aRequest(channel, { purpose, point: { owner: owner as 'self', addressKey: owner === 'work' ? 'work' : 'n1' } }),
        alsoAbout,
        ...(target === undefined ? {} : { target }),
      },
      facts: someFacts({
        ...rest,
        jurisdiction,
        role: role as 'first-party',
        workKeys: ['work'],
        wishes: { windows: wished === undefined ? [] : [wished], inconvenient: shut === undefined ? [] : [shut], optedOut: [] },
        ...(consentAge === undefined ? {} : { directConsentAt: new Date(now - consentAge * MINUTE).toISOString() }),
      }),
    })),
);

const RUNS = { numRuns: 6000, seed: 20_261_122 };

function earliest(verdict: Verdict, now: number): number {
  if (verdict.decision === 'allow') return now;
  return verdict.decision === 'defer' ? verdict.notBefore : Number.POSITIVE_INFINITY;
}

describe('in every jurisdiction', () => {
  it('the situations are of every pack', () => {
    expect(Object.keys(PLACES).sort()).toEqual([...new Set(allPacks().map(({ id }) => id))].sort());
  });

  it('a deferral ends at the first instant that passes, and says so all the way', () => {
    const seen = { allow: 0, defer: 0, deny: 0 };
    fc.assert(
      fc.property(situations, fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), ({ now, request, facts }, share) => {
        const verdict = judge(request, facts, now);
        seen[verdict.decision] += 1;
        if (verdict.decision !== 'defer') return;

        expect(verdict.notBefore).toBeGreaterThan(now);
        expect(verdict.rules[0]).toBe(verdict.rule);
        expect(judge(request, facts, verdict.notBefore)).toMatchObject({ decision: 'allow' });
        const between = Math.min(verdict.notBefore - 1, Math.floor(now + (verdict.notBefore - now) * share));
        for (const before of [verdict.notBefore - 1, Math.max(now, verdict.notBefore - 1000), between]) {
          expect(judge(request, facts, before)).toMatchObject({ decision: 'defer', notBefore: verdict.notBefore });
        }
      }),
      RUNS,
    );
    expect(Math.min(seen.allow, seen.defer, seen.deny)).toBeGreaterThan(75);
  });

  it('a verdict names a rule and says why in a sentence', () => {
    fc.assert(
      fc.property(situations, ({ now, request, facts }) => {
        const { rule, why } = judge(request, facts, now);

        expect(rule).toMatch(/^[A-Z][A-Z0-9_.-]+$/);
        expect(why).toMatch(/^[A-Z0-9].{10,}$/);
      }),
      RUNS,
    );
  });

  it('the rules of the house never let a contact go earlier, nor does anything in the ledger that the customer did not begin', () => {
    fc.assert(
      fc.property(situations, fc.nat(), ({ now, request, facts }, pick) => {
        const own = facts.ledger.filter((row) => row.direction !== 'inbound');
        const dropped = own[pick % Math.max(1, own.length)];
        const fewer = { ...facts, ledger: facts.ledger.filter((row) => row !== dropped) };
        const at = earliest(judge(request, { ...facts, house: true }, now), now);

        expect(at).toBeGreaterThanOrEqual(earliest(judge(request, { ...fewer, house: true }, now), now));
        // With a house the customer's own windows stand in for both, so only without them can the two be compared.
        if (facts.wishes.windows.length === 0) {
          expect(at).toBeGreaterThanOrEqual(earliest(judge(request, { ...facts, house: false }, now), now));
        }
      }),
      RUNS,
    );
  });

  it('the order of the ledger and the age of what is long past change nothing', () => {
    fc.assert(
      fc.property(situations, ({ now, request, facts }) => {
        const verdict = judge(request, facts, now);
        const old: ContactRow = {
          id: 'old',
          at: new Date(now - 200 * DAY).toISOString(),
          channel: request.channel,
          kind: 'conversation',
          purpose: 'collection',
        };

        expect(judge(request, { ...facts, ledger: [...facts.ledger].reverse() }, now)).toEqual(verdict);
        expect(judge(request, { ...facts, ledger: [old, ...facts.ledger] }, now)).toEqual(verdict);
      }),
      RUNS,
    );
  });
});
