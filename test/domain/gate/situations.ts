import fc from 'fast-check';
import { checkCustomer } from '../../../audit/check.ts';
import { localTime } from '../../../audit/clock.ts';
import type { Contact, State, Violation } from '../../../audit/facts.ts';
import type { ContactRow } from '../../../domain/customer.ts';
import type { GateFacts } from '../../../domain/gate/types.ts';
import { CHANNELS } from '../../../domain/model.ts';
import type { ContactPurpose } from '../../../domain/policy/packs/pack.ts';
import { aRequest, type RequestOnPoint, someFacts } from './builders.ts';

/** Random questions to the gate, and the same questions to the checker. */

export interface Situation {
  readonly now: number;
  readonly request: RequestOnPoint;
  readonly facts: GateFacts;
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** Places of each jurisdiction's customers; one and all may be elsewhere too. */
const PLACES: Readonly<Record<string, readonly string[]>> = {
  CN: ['Asia/Shanghai', 'Asia/Shanghai', 'Asia/Urumqi', 'Asia/Kashgar'],
  US: ['America/New_York', 'America/Chicago', 'America/Denver', 'America/Los_Angeles', 'America/Phoenix', 'Pacific/Honolulu'],
  'US-MA': ['America/New_York'],
  UK: ['Europe/London'],
  AU: ['Australia/Sydney', 'Australia/Brisbane', 'Australia/Adelaide', 'Australia/Perth', 'Australia/Lord_Howe'],
  IN: ['Asia/Kolkata'],
  HK: ['Asia/Hong_Kong'],
  SG: ['Asia/Singapore'],
  EU: ['Europe/Brussels', 'Europe/Madrid', 'Europe/Helsinki', 'Atlantic/Canary'],
  'EU-GR': ['Europe/Athens'],
  'EU-RO': ['Europe/Bucharest'],
};
const ELSEWHERE = ['Asia/Kathmandu', 'Africa/Cairo', 'America/Santiago', 'Pacific/Chatham', 'America/New_York', 'Europe/London'];

// Clock changes of these places in 2026, and days around which holidays lie: a third of all cases is judged within three days of one.
const CHANGES = [
  '2026-03-08',
  '2026-03-29',
  '2026-04-05',
  '2026-04-24',
  '2026-09-06',
  '2026-10-04',
  '2026-10-25',
  '2026-10-29',
  '2026-11-01',
];
const HOLIDAYS = ['2026-01-01', '2026-02-17', '2026-04-03', '2026-05-01', '2026-08-10', '2026-10-01', '2026-12-25'];

const within = (from: string, to: string, step: number): fc.Arbitrary<number> =>
  fc.integer({ min: Date.parse(from) / step, max: Date.parse(to) / step }).map((steps) => steps * step);
const nows = fc.oneof(
  within('2026-01-01', '2026-12-01', 1000),
  within('2026-01-01', '2026-12-01', 15 * MINUTE),
  fc
    .tuple(fc.constantFrom(...CHANGES, ...HOLIDAYS), fc.integer({ min: -72 * 60, max: 72 * 60 }))
    .map(([date, minutes]) => Date.parse(date) + minutes * MINUTE),
);

const times = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom('00', '15', '30'))
  .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${minute}`);
const windows = fc.array(
  fc
    .tuple(times, times)
    .filter(([from, to]) => from !== to)
    .map(([from, to]) => `${from}-${to}`),
  { maxLength: 2 },
);
const wishes = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ windows: [], inconvenient: [], optedOut: [] }) },
  { weight: 1, arbitrary: fc.record({ windows, inconvenient: windows, optedOut: fc.constant([]) }) },
);

/** How long before now a contact was made: mostly within days, where the caps are near. */
const ages = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 12 * 60 }) },
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 9 * 24 * 60 }) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 100 * 24 * 60 }) },
);
const numbers = fc.constantFrom('n1', 'n1', 'n2', undefined);
const accounts = fc.constantFrom('acc-1', 'acc-1', 'acc-2', undefined);

const row = fc.record({
  age: ages,
  channel: fc.constantFrom('voice', 'voice', 'voice', ...CHANNELS),
  kind: fc.constantFrom('attempt', 'attempt', 'conversation'),
  number: numbers,
  account: accounts,
  also: fc.constantFrom(undefined, undefined, undefined, ['acc-1']),
  direction: fc.constantFrom(undefined, undefined, undefined, undefined, 'inbound'),
  outcome: fc.constantFrom(undefined, undefined, 'not-connected', 'voicemail', 'limited-message'),
  purpose: fc.constantFrom('collection', 'collection', 'collection', 'plan-offer', 'formal-notice', 'payment-acknowledgement'),
  pending: fc.constantFrom(false, false, false, true),
});
type Made = typeof row extends fc.Arbitrary<infer T> ? T : never;

function rowOf({ age, channel, kind, number, account, also, direction, outcome, purpose, pending }: Made, index: number, now: number) {
  const at = now - age * MINUTE;
  const spoken = channel === 'voice' || channel === 'visit';
  const isPending = pending && spoken && direction === undefined;
  return {
    id: `r${index}`,
    at: new Date(at).toISOString(),
    channel,
    kind: isPending || !spoken ? 'attempt' : kind,
    purpose,
    ...(number === undefined ? {} : { addressKey: number }),
    ...(account === undefined ? {} : { accountId: account }),
    ...(also === undefined || account === undefined ? {} : { alsoAbout: also }),
    ...(direction === undefined ? {} : { direction }),
    ...(outcome === undefined || channel !== 'voice' || kind === 'conversation' || isPending ? {} : { outcome }),
    ...(isPending ? { pendingUntil: new Date(at + 10 * MINUTE).toISOString() } : {}),
  } as ContactRow;
}

const histories = (now: number): fc.Arbitrary<ContactRow[]> => {
  const upTo = (maxLength: number) => fc.array(row, { maxLength }).map((made) => made.map((one, index) => rowOf(one, index, now)));
  return fc.oneof(upTo(4), upTo(12), upTo(50));
};

const PURPOSES: readonly ContactPurpose[] = [
  'collection',
  'collection',
  'plan-offer',
  'promise-reminder',
  'plan-servicing',
  'formal-notice',
  'statutory-notice',
  'payment-acknowledgement',
  'pre-due',
];

/** Now and then something that is mostly absent. */
const seldom = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined, freq: 8 });
const ago = (daysMax: number): fc.Arbitrary<number> => fc.integer({ min: 0, max: daysMax * 24 * 60 }).map((minutes) => minutes * MINUTE);
const instant = (at: number): string => new Date(at).toISOString();

export const situations: fc.Arbitrary<Situation> = fc.tuple(nows, fc.constantFrom(...Object.keys(PLACES))).chain(([now, jurisdiction]) =>
  fc
    .record({
      channel: fc.constantFrom('voice', 'voice', ...CHANNELS),
      purpose: fc.constantFrom(...PURPOSES),
      point: fc.record({ addressKey: fc.constantFrom('n1', 'n2'), owner: fc.constantFrom('self', 'self', 'self', 'work') }),
      alsoAbout: fc.constantFrom(undefined, undefined, undefined, ['acc-2']),
      timeZones: fc.oneof(
        { weight: 3, arbitrary: fc.constantFrom(...(PLACES[jurisdiction] ?? [])).map((zone) => [zone]) },
        {
          weight: 1,
          arbitrary: fc.uniqueArray(fc.constantFrom(...(PLACES[jurisdiction] ?? []), ...ELSEWHERE), { minLength: 1, maxLength: 2 }),
        },
      ),
      ledger: histories(now),
      house: fc.boolean(),
      role: fc.constantFrom('first-party', 'third-party'),
      daysPastDue: fc.constantFrom(0, 2, 3, 4, 10, 11, 20, 20, 20, 20),
      quiet: seldom(fc.integer({ min: -DAY / 1000, max: (3 * DAY) / 1000 })),
      consentOutsideHours: seldom(fc.constant(true)),
      consentedAgo: seldom(ago(10)),
      approvedAgo: seldom(ago(95)),
      holiday: seldom(ago(6)),
      wishes,
    })
    .map(({ channel, purpose, point, alsoAbout, quiet, consentedAgo, approvedAgo, holiday, daysPastDue, consentOutsideHours, ...rest }) => {
      const { addressKey, owner } = point;
      return {
        now,
        request: {
          ...aRequest(channel, { purpose, point: { addressKey, owner } }),
          ...(alsoAbout === undefined ? {} : { alsoAbout }),
        },
        facts: someFacts({
          jurisdiction,
          ...rest,
          standing: { daysPastDue, ...(quiet === undefined ? {} : { quietUntil: instant(now + quiet * 1000) }) },
          ...(owner === 'work' ? { workKeys: [addressKey] } : {}),
          ...(consentOutsideHours === undefined ? {} : { consentOutsideHours }),
          ...(consentedAgo === undefined ? {} : { directConsentAt: instant(now - consentedAgo) }),
          ...(approvedAgo === undefined ? {} : { pressureApprovedAt: instant(now - approvedAgo) }),
          ...(holiday === undefined ? {} : { holidays: [instant(now + holiday).slice(0, 10)] }),
        }),
      };
    }),
);

/** What the checker says if the contact were made at an instant. */
export function complaints({ now, request, facts }: Situation, at: number, states: readonly State[] = []): readonly Violation[] {
  const { channel, purpose, accountId, alsoAbout, point, target } = request;
  const { quietUntil, daysPastDue } = facts.standing;
  const isWork = (key: string | undefined): boolean => key !== undefined && (facts.workKeys?.includes(key) ?? false);
  const made: Contact = {
    id: 'new',
    at: instant(at),
    channel,
    kind: 'attempt',
    addressKey: point.addressKey,
    atWork: point.owner === 'work',
    accountId,
    purpose,
    ...(alsoAbout === undefined ? {} : { alsoAbout }),
    ...(target === undefined ? {} : { target }),
  };
  const earlier = facts.ledger.map(
    (known): Contact => ({
      ...known,
      reported: true,
      atWork: isWork(known.addressKey),
      ...(known.pendingUntil === undefined ? {} : { reservedAt: known.at }),
    }),
  );
  // The due date from which so many days have passed wherever the customer may be.
  const due = Math.min(...facts.timeZones.map((zone) => localTime(now, zone).day)) - daysPastDue;
  return checkCustomer({
    customerId: 'cus-1',
    contacts: [...earlier, made],
    settings: [{ jurisdiction: facts.jurisdiction, zones: facts.timeZones, role: facts.role ?? 'third-party', house: facts.house }],
    wishes: [
      {
        windows: facts.wishes.windows,
        inconvenient: facts.wishes.inconvenient,
        outsideHours: facts.consentOutsideHours ?? false,
      },
    ],
    states: [...(quietUntil === undefined ? [] : [{ name: 'quiet', to: { at: quietUntil } } as const]), ...states],
    dues: [{ accountId, from: { at: '1970-01-01T00:00:00Z' }, dueDate: instant(due * DAY).slice(0, 10) }],
    directConsents: facts.directConsentAt === undefined ? [] : [facts.directConsentAt],
    pressureApprovals: facts.pressureApprovedAt === undefined ? [] : [{ at: facts.pressureApprovedAt }],
    holidays: facts.holidays ?? [],
  }).violations;
}
