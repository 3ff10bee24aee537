import { readFileSync } from 'node:fs';
import { dayNumber, localTime } from '../../audit/clock.ts';
import type { Channel, Contact, CustomerRecord, State, StateName, Wishes } from '../../audit/facts.ts';

/** The worked cases of the contact gate as the checker's records: what is asked is a contact made at an instant. */

interface Expected {
  readonly decision: string;
  readonly notBeforeUtc?: string;
  readonly acceptable?: readonly string[];
}

export interface GateCase {
  readonly id: string;
  readonly jurisdiction: string;
  readonly channel: string;
  readonly nowUtc: string;
  readonly customerTimeZone: string | null;
  readonly history: readonly {
    readonly channel: string;
    readonly atUtc: string;
    readonly kind: 'attempt' | 'conversation';
    readonly debtId?: string;
    readonly contactPoint?: string;
    readonly actor?: string;
    readonly direction?: 'inbound';
    readonly outcome?: string;
  }[];
  readonly flags: readonly string[];
  readonly expect: Expected;
  readonly why: string;
  readonly strict: boolean;
}

export function gateCases(file = 'cases.jsonl'): GateCase[] {
  const path = new URL(`../fixtures/contact-gate/${file}`, import.meta.url);
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as GateCase);
}

const CHANNELS: Readonly<Record<string, Channel>> = { call: 'voice', sms: 'sms', email: 'email', letter: 'post', visit: 'visit' };
const OUTCOMES: Readonly<Record<string, string>> = { not_connected: 'not-connected', voicemail_lcm: 'limited-message' };

function channelOf(name: string): Channel {
  const channel = CHANNELS[name];
  if (channel === undefined) throw new Error(`unknown channel ${name}`);
  return channel;
}

/** Flags that are a state as they stand. */
const STATES: Readonly<Record<string, StateName>> = {
  cease_written: 'cease-written',
  refuses_to_pay_written: 'refuses-to-pay-written',
  represented: 'represented',
  attorney_represented: 'represented',
  deceased: 'deceased',
  attorney_unresponsive: 'representative-silent',
  bankruptcy_filed: 'bankrupt',
  bankruptcy_order: 'bankrupt',
  objection_pending: 'objection',
  dispute_valid_grounds: 'dispute-with-grounds',
  mental_health_moratorium: 'mental-health-moratorium',
  sensitive_occasion: 'sensitive-occasion',
  customer_refuses_time_barred: 'refuses-time-barred',
  employer_prohibits: 'employer-prohibits',
  'visit:refused': 'visit-refused',
  debtor_unreachable: 'unreachable',
  third_party_refused: 'third-party-refused',
  location_contacted_before: 'located-before',
  agency_notice_missing: 'agency-not-announced',
  agency_unlicensed: 'agency-unlicensed',
};
/** Flags that say of a state that it has ended. */
const ENDED: Readonly<Record<string, string>> = { plan_active: 'plan_breached', dispute_written_in_validation: 'verification_sent' };
/** Facts that no rule turns on. */
const NO_RULE = ['collector_tz', 'time_barred', 'dispute_oral', 'validation_period_open', 'tz_source', 'visit', 'actor'];
/** What no record of a contact says: by what device, that a threat was in it, that the customer asked for it. */
const NOT_ON_RECORD = ['device:private_unapproved', 'medium:public_posting', 'purpose:legal_threat', 'debtor_requested_contact'];

/** Whether a record can hold all that a case turns on. */
export function isOnRecord({ flags }: GateCase): boolean {
  return !flags.some((flag) => NOT_ON_RECORD.includes(flag));
}

interface Flags {
  readonly has: (flag: string) => boolean;
  readonly values: (name: string) => string[];
}

function flagsOf(list: readonly string[]): Flags {
  return {
    has: (flag) => list.includes(flag),
    values: (name) => list.filter((flag) => flag.startsWith(`${name}:`)).map((flag) => flag.slice(name.length + 1)),
  };
}

function statesOf(gateCase: GateCase): State[] {
  const { has, values } = flagsOf(gateCase.flags);
  const states: State[] = [];
  for (const flag of gateCase.flags) {
    const name = STATES[flag] ?? STATES[flag.slice(0, flag.indexOf(':'))];
    if (name !== undefined) states.push({ name });
  }
  const stands = (flag: string): boolean => has(flag) && !has(ENDED[flag] ?? '');
  if (stands('plan_active')) states.push({ name: 'plan' });
  if (stands('dispute_written_in_validation')) states.push({ name: 'dispute-written' });
  for (const channel of [...values('medium_refused'), ...values('opted_out')]) {
    states.push({ name: 'opted-out', channel: channelOf(channel) });
  }
  for (const start of values('breathing_space_started')) {
    // Sixty days, of which the first is the day of the start: it ends as day 61 begins.
    const end = new Date((dayNumber(start) + 60) * 86_400_000).toISOString().slice(0, 10);
    const zone = gateCase.customerTimeZone ?? 'Europe/London';
    states.push({ name: 'breathing-space', from: { at: startOf(start, zone) }, to: { at: startOf(end, zone) } });
  }
  return states;
}

/** The first instant of a local date, found by trying all quarters of an hour. */
function startOf(date: string, zone: string): string {
  for (let at = Date.parse(`${date}T00:00:00Z`) - 86_400_000; ; at += 900_000) {
    if (localTime(at, zone).date === date) return new Date(at).toISOString();
  }
}

function zonesOf({ customerTimeZone, flags }: GateCase): string[] {
  const { has, values } = flagsOf(flags);
  const stated = customerTimeZone === null ? [] : [customerTimeZone];
  if (has('tz_source:customer_stated')) return stated;
  return [...new Set([...stated, ...values('phone_tz'), ...values('address_tz'), ...values('candidate_tz')])];
}

function wishesOf({ flags }: GateCase): Wishes {
  const { has, values } = flagsOf(flags);
  return {
    windows: values('customer_window'),
    inconvenient: values('inconvenient'),
    outsideHours: has('consent:outside_hours'),
  };
}

function atAddress(point: string | undefined): Pick<Contact, 'addressKey' | 'atWork'> {
  return point === undefined ? {} : { addressKey: point, atWork: point === 'workplace' || point === 'work_email' };
}

/** The contact that a case asks about, as if made at an instant. */
function askedFor(gateCase: GateCase, at: string): Contact {
  const { values } = flagsOf(gateCase.flags);
  const [point] = values('contact_point');
  const [debt] = values('debt');
  const [target] = values('target');
  const [purpose = 'collection'] = values('purpose');
  return {
    id: 'asked',
    at,
    channel: channelOf(gateCase.channel),
    kind: 'attempt',
    purpose: purpose === 'locate' ? 'location' : purpose.replaceAll('_', '-'),
    ...atAddress(point),
    ...(debt === undefined ? {} : { accountId: debt }),
    ...(target === undefined ? {} : { target }),
  };
}

/** @throws Error on a flag that says something the records cannot */
export function recordOf(gateCase: GateCase, at: string): CustomerRecord {
  const { values } = flagsOf(gateCase.flags);
  checkFlags(gateCase);
  const contacts = gateCase.history.map(
    (row, index): Contact => ({
      id: `h${index}`,
      at: row.atUtc,
      channel: channelOf(row.channel),
      kind: row.kind,
      purpose: 'collection',
      reported: true,
      ...(row.debtId === undefined ? {} : { accountId: row.debtId }),
      ...atAddress(row.contactPoint),
      ...(row.direction === undefined ? {} : { direction: row.direction }),
      ...(row.outcome === undefined ? {} : { outcome: OUTCOMES[row.outcome] ?? row.outcome }),
    }),
  );
  const zones = zonesOf(gateCase);
  const [role] = values('role');
  const dues = values('days_past_due').map((days) => {
    const today = localTime(Date.parse(gateCase.nowUtc), zones[0] ?? 'UTC').day;
    const dueDate = new Date((today - Number(days)) * 86_400_000).toISOString().slice(0, 10);
    return { accountId: 'any', from: { at: '1970-01-01T00:00:00Z' }, dueDate };
  });
  return {
    customerId: gateCase.id,
    contacts: [...contacts, askedFor(gateCase, at)],
    settings: [
      {
        jurisdiction: gateCase.jurisdiction,
        zones,
        role: role === 'first_party' ? 'first-party' : 'third-party',
        house: false,
      },
    ],
    wishes: [wishesOf(gateCase)],
    states: statesOf(gateCase),
    dues,
    directConsents: values('direct_consent_at'),
    holidays: values('holiday'),
  };
}

const READ = [
  ...Object.keys(STATES),
  ...Object.keys(ENDED),
  ...Object.values(ENDED),
  ...NO_RULE,
  'role',
  'debt',
  'contact_point',
  'target',
  'purpose',
  'phone_tz',
  'address_tz',
  'candidate_tz',
  'consent',
  'direct_consent_at',
  'customer_window',
  'inconvenient',
  'holiday',
  'medium_refused',
  'opted_out',
  'breathing_space_started',
  'days_past_due',
];

function checkFlags({ id, flags }: GateCase): void {
  for (const flag of flags) {
    if (!READ.includes(flag) && !READ.includes(flag.split(':')[0] ?? '')) throw new Error(`case ${id} has the unknown flag ${flag}`);
  }
}
