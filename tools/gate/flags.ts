import { epochDay, isTimeZone, toMillis } from '../../domain/calendar.ts';
import { wishedHours } from '../../domain/gate/hours.ts';
import type { Channel, LocalDate } from '../../domain/model.ts';
import type { ContactPurpose, Fact, Role, Target } from '../../domain/policy/packs/pack.ts';

/** Flags of a case: facts, each `name` or `name:value`. What they say together: */
export interface Told {
  role?: Role;
  readonly debts: string[];
  contactPoint?: string;
  target?: Target;
  purpose?: ContactPurpose;
  /** Where the customer may be, the customer's own zone aside. */
  readonly zones: string[];
  zoneStated: boolean;
  readonly facts: Set<Fact>;
  readonly since: Partial<Record<Fact, LocalDate>>;
  readonly windows: string[];
  readonly inconvenient: string[];
  readonly holidays: LocalDate[];
  readonly optedOut: Channel[];
  consentOutsideHours: boolean;
  directConsentAt?: string;
  daysPastDue?: number;
}

/** A flag that is none, or whose value is none. */
class FlagError extends Error {
  override readonly name = 'FlagError';
}

export const CHANNELS: Readonly<Record<string, Channel>> = { call: 'voice', sms: 'sms', email: 'email', letter: 'post', visit: 'visit' };

/** Facts that stand for themselves. */
const FACTS: Readonly<Record<string, Fact>> = {
  employer_prohibits: 'employer-prohibits',
  cease_written: 'cease-written',
  refuses_to_pay_written: 'refuses-to-pay-written',
  attorney_represented: 'attorney-represented',
  attorney_unresponsive: 'attorney-unresponsive',
  represented: 'represented',
  deceased: 'deceased',
  bankruptcy_filed: 'bankruptcy-filed',
  bankruptcy_order: 'bankruptcy-order',
  dispute_written_in_validation: 'dispute-written',
  verification_sent: 'verification-sent',
  dispute_oral: 'dispute-oral',
  validation_period_open: 'validation-open',
  dispute_valid_grounds: 'dispute-valid-grounds',
  objection_pending: 'objection-pending',
  plan_active: 'plan-active',
  plan_breached: 'plan-breached',
  mental_health_moratorium: 'mental-health-moratorium',
  time_barred: 'time-barred',
  customer_refuses_time_barred: 'refuses-time-barred',
  debtor_unreachable: 'customer-unreachable',
  third_party_refused: 'third-party-refused',
  location_contacted_before: 'location-asked-before',
  debtor_requested_contact: 'contact-requested',
  agency_notice_missing: 'agency-unannounced',
  agency_unlicensed: 'agency-unlicensed',
};

/** Facts that are told by one of a few values. */
const NAMED: Readonly<Record<string, Readonly<Record<string, Fact>>>> = {
  visit: { preconditions_met: 'visit-prepared', refused: 'visit-refused' },
  device: { private_unapproved: 'private-device' },
  medium: { public_posting: 'public-posting' },
};

/** Anybody else is an unrelated third party. */
const TARGETS: Readonly<Record<string, Target>> = {
  guarantor: 'guarantor',
  cosigner: 'guarantor',
  executor: 'executor',
  administrator: 'administrator',
  spouse: 'spouse',
  parent: 'parent',
  parent_of_minor: 'parent',
  guardian: 'guardian',
  attorney: 'attorney',
  representative: 'attorney',
  creditor: 'creditor',
  credit_bureau: 'bureau',
  consumer_reporting_agency: 'bureau',
};

/** Anything else is collection. */
const PURPOSES: Readonly<Record<string, ContactPurpose>> = {
  location: 'location',
  locate: 'location',
  pass_message: 'location',
  remedy_notice: 'remedy-notice',
  termination_notice: 'remedy-notice',
  legal_threat: 'legal-threat',
  formal_notice: 'formal-notice',
  statutory_notice: 'statutory-notice',
  default_notice: 'statutory-notice',
  moratorium: 'moratorium-notice',
  moratorium_notice: 'moratorium-notice',
  verification: 'verification',
  dispute_resolution: 'verification',
  reply: 'reply',
  customer_query: 'reply',
  payment_receipt: 'payment-acknowledgement',
  payment_confirmation: 'payment-acknowledgement',
  statement: 'payment-acknowledgement',
  fraud_alert: 'fraud-alert',
  plan_servicing: 'plan-servicing',
  plan_offer: 'plan-offer',
  promise_reminder: 'promise-reminder',
};

function zone(value: string): string {
  if (!isTimeZone(value)) throw new FlagError(`must be a time zone such as Asia/Shanghai, not ${value}`);
  return value;
}

function date(value: string): LocalDate {
  epochDay(value);
  return value;
}

function instant(value: string): string {
  toMillis(value);
  return value;
}

function times(value: string): string {
  if (wishedHours('', '', [value], true) === undefined) throw new FlagError(`must be HH:MM-HH:MM, not ${value}`);
  return value;
}

function channel(value: string): Channel {
  const found = Object.hasOwn(CHANNELS, value) ? CHANNELS[value] : undefined;
  if (found === undefined) throw new FlagError(`must be one of ${Object.keys(CHANNELS).join(', ')}, not ${value}`);
  return found;
}

function oneOf(value: string, known: readonly string[]): string {
  if (!known.includes(value)) throw new FlagError(`must be one of ${known.join(', ')}, not ${value}`);
  return value;
}

function days(value: string): number {
  if (!/^-?\d{1,5}$/.test(value)) throw new FlagError(`must be a number of days, not ${value}`);
  return Number(value);
}

/** Told once: a second value would contradict the first. */
function once<K extends 'role' | 'contactPoint' | 'target' | 'purpose' | 'directConsentAt' | 'daysPastDue'>(
  told: Told,
  key: K,
  value: Told[K],
): void {
  if (told[key] !== undefined && told[key] !== value) throw new FlagError('is given twice, with different values');
  told[key] = value;
}

type Reader = (told: Told, value: string) => void;

const READERS: Readonly<Record<string, Reader>> = {
  role: (told, value) => once(told, 'role', oneOf(value, ['third_party', 'first_party']) === 'first_party' ? 'first-party' : 'third-party'),
  debt: (told, value) => void told.debts.push(value),
  contact_point: (told, value) => once(told, 'contactPoint', value),
  // Who makes a contact decides nothing: the limits are for all together.
  actor: () => {},
  target: (told, value) => once(told, 'target', Object.hasOwn(TARGETS, value) ? TARGETS[value] : 'third-party'),
  purpose: (told, value) => once(told, 'purpose', Object.hasOwn(PURPOSES, value) ? PURPOSES[value] : 'collection'),
  phone_tz: (told, value) => void told.zones.push(zone(value)),
  address_tz: (told, value) => void told.zones.push(zone(value)),
  candidate_tz: (told, value) => void told.zones.push(zone(value)),
  tz_source: (told, value) => {
    told.zoneStated = oneOf(value, ['customer_stated']) === value;
  },
  // Where the collector sits never counts.
  collector_tz: (_told, value) => void zone(value),
  consent: (told, value) => {
    told.consentOutsideHours = oneOf(value, ['outside_hours']) === value;
  },
  direct_consent_at: (told, value) => once(told, 'directConsentAt', instant(value)),
  customer_window: (told, value) => void told.windows.push(times(value)),
  inconvenient: (told, value) => void told.inconvenient.push(times(value)),
  holiday: (told, value) => void told.holidays.push(date(value)),
  opted_out: (told, value) => void told.optedOut.push(channel(value)),
  medium_refused: (told, value) => void told.optedOut.push(channel(value)),
  breathing_space_started: (told, value) => {
    told.facts.add('breathing-space');
    told.since['breathing-space'] = date(value);
  },
  sensitive_occasion: (told) => void told.facts.add('sensitive-occasion'),
  days_past_due: (told, value) => once(told, 'daysPastDue', days(value)),
};

function readFlag(told: Told, flag: string): void {
  const [name = '', ...rest] = flag.split(':');
  const value = rest.length === 0 ? undefined : rest.join(':');
  if (Object.hasOwn(FACTS, name)) {
    if (value !== undefined) throw new FlagError('takes no value');
    told.facts.add(FACTS[name] as Fact);
    return;
  }
  const named = Object.hasOwn(NAMED, name) ? NAMED[name] : undefined;
  const reader = Object.hasOwn(READERS, name) ? READERS[name] : undefined;
  if (named === undefined && reader === undefined) throw new FlagError('is not a flag that the gate knows');
  if (value === undefined || value === '') throw new FlagError('needs a value');
  if (named !== undefined) told.facts.add(named[oneOf(value, Object.keys(named))] as Fact);
  else reader?.(told, value);
}

/**
 * Reads the flags of a case.
 *
 * @throws FlagError naming the flag, for one that is unknown or has no such value: an unknown fact must not become an allow.
 */
export function readFlags(flags: readonly string[]): Told {
  const told: Told = {
    debts: [],
    zones: [],
    zoneStated: false,
    facts: new Set(),
    since: {},
    windows: [],
    inconvenient: [],
    holidays: [],
    optedOut: [],
    consentOutsideHours: false,
  };
  for (const flag of flags) {
    try {
      readFlag(told, flag);
    } catch (error) {
      throw new FlagError(`flags: ${flag}: ${error instanceof Error ? error.message : 'cannot be read'}`);
    }
  }
  return told;
}
