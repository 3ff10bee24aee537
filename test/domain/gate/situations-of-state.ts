import fc from 'fast-check';
import type { State, StateName } from '../../../audit/facts.ts';
import type { AddressFinding } from '../../../domain/customer.ts';
import { CHANNELS } from '../../../domain/model.ts';
import type { ContactPurpose, Fact, Target } from '../../../domain/policy/packs/pack.ts';
import { aRequest, someFacts } from './builders.ts';
import type { Situation } from './situations.ts';

/** Random states at a time when nothing else stands in the way, for the gate and for the checker. */

/** The gate's word for a fact about the customer, and the checker's. */
const WORDS: readonly (readonly [Fact, StateName])[] = [
  ['cease-written', 'cease-written'],
  ['refuses-to-pay-written', 'refuses-to-pay-written'],
  ['attorney-represented', 'represented'],
  ['attorney-unresponsive', 'representative-silent'],
  ['deceased', 'deceased'],
  ['bankruptcy-filed', 'bankrupt'],
  ['bankruptcy-order', 'bankrupt'],
  ['dispute-written', 'dispute-written'],
  ['verification-sent', 'verification-sent'],
  ['dispute-valid-grounds', 'dispute-with-grounds'],
  ['objection-pending', 'objection'],
  ['plan-active', 'plan'],
  ['breathing-space', 'breathing-space'],
  ['mental-health-moratorium', 'mental-health-moratorium'],
  ['sensitive-occasion', 'sensitive-occasion'],
  ['refuses-time-barred', 'refuses-time-barred'],
  ['customer-unreachable', 'unreachable'],
  ['third-party-refused', 'third-party-refused'],
  ['location-asked-before', 'located-before'],
  ['visit-refused', 'visit-refused'],
  ['employer-prohibits', 'employer-prohibits'],
  ['agency-unannounced', 'agency-not-announced'],
  ['agency-unlicensed', 'agency-unlicensed'],
];
/** Facts that mean nothing to a rule. */
const WITHOUT_EFFECT: readonly Fact[] = ['dispute-oral', 'validation-open', 'time-barred'];

/** Eleven in the morning of Wednesday, 11 March 2026: open everywhere, for everything. */
const NOON: Readonly<Record<string, readonly [zone: string, at: string]>> = {
  CN: ['Asia/Shanghai', '2026-03-11T03:00:00Z'],
  US: ['America/New_York', '2026-03-11T15:00:00Z'],
  'US-MA': ['America/New_York', '2026-03-11T15:00:00Z'],
  UK: ['Europe/London', '2026-03-11T11:00:00Z'],
  AU: ['Australia/Sydney', '2026-03-11T00:00:00Z'],
  IN: ['Asia/Kolkata', '2026-03-11T05:30:00Z'],
  HK: ['Asia/Hong_Kong', '2026-03-11T03:00:00Z'],
  SG: ['Asia/Singapore', '2026-03-11T03:00:00Z'],
  EU: ['Europe/Brussels', '2026-03-11T10:00:00Z'],
  'EU-GR': ['Europe/Athens', '2026-03-11T09:00:00Z'],
  'EU-RO': ['Europe/Bucharest', '2026-03-11T09:00:00Z'],
};

const PURPOSES: readonly ContactPurpose[] = [
  'collection',
  'plan-offer',
  'promise-reminder',
  'plan-servicing',
  'formal-notice',
  'statutory-notice',
  'pre-due',
  'location',
];
const TARGETS: readonly (Target | undefined)[] = [undefined, undefined, 'guarantor', 'executor', 'spouse', 'attorney', 'third-party'];
const FINDINGS: readonly (AddressFinding | undefined)[] = [undefined, undefined, undefined, 'number-dead', 'opted-out'];

export interface SituationOfState {
  readonly situation: Situation;
  readonly states: readonly State[];
}

const seldom = fc.constantFrom(false, false, false, false, true);

export const situationsOfState: fc.Arbitrary<SituationOfState> = fc
  .record({
    jurisdiction: fc.constantFrom(...Object.keys(NOON)),
    channel: fc.constantFrom(...CHANNELS),
    purpose: fc.constantFrom(...PURPOSES),
    target: fc.constantFrom(...TARGETS),
    owner: fc.constantFrom('self', 'self', 'work'),
    role: fc.constantFrom('first-party', 'third-party'),
    house: fc.boolean(),
    words: fc.subarray([...WORDS], { maxLength: 2 }),
    idle: fc.subarray([...WITHOUT_EFFECT]),
    broken: seldom,
    cured: seldom,
    closed: seldom,
    held: seldom,
    arranged: seldom,
    refused: seldom,
    finding: fc.constantFrom(...FINDINGS),
  })
  .map(({ jurisdiction, channel, purpose, target, owner, role, house, words, idle, finding, ...is }) => {
    const [zone = '', at = ''] = NOON[jurisdiction] ?? [];
    const request = { ...aRequest(channel, { purpose, point: { addressKey: 'n1', owner } }), ...(target === undefined ? {} : { target }) };
    const facts = someFacts({
      jurisdiction,
      timeZones: [zone],
      role,
      house,
      facts: ['visit-prepared', ...idle, ...words.map(([fact]) => fact), ...(is.broken ? (['plan-breached'] as const) : [])],
      wishes: { windows: [], inconvenient: [], optedOut: is.refused ? [channel] : [] },
      findings: finding === undefined ? {} : { [finding === 'opted-out' ? `${channel}|n1` : 'n1']: finding },
      standing: { caseOpen: !is.closed, cured: is.cured, arranged: is.arranged, ...(is.held ? { heldBy: 'manual' } : {}) },
      ...(owner === 'work' ? { workKeys: ['n1'] } : {}),
    });
    const states: State[] = words.filter(([fact]) => !(is.broken && fact === 'plan-active')).map(([, name]) => ({ name }));
    for (const name of ['cured', 'closed', 'held', 'arranged'] as const) if (is[name]) states.push({ name });
    if (is.refused) states.push({ name: 'opted-out', channel });
    if (finding !== undefined) states.push({ name: 'unusable-address', addressKey: 'n1' });
    return { situation: { now: Date.parse(at), request, facts }, states };
  });
