import { toMillis } from '../calendar.ts';
import type { AddressFinding, AddressHealth, ContactPoint, ContactRow, Governor } from '../customer.ts';
import type { DeliveryStatus, Instant } from '../model.ts';

/**
 * What is learnt about an address by using it. It stays with the address, whatever contact point names it and however often the
 * customer's record is replaced: a finding about one channel under `<channel>|<addressKey>`, one about the address itself under its
 * key alone.
 */

/** An address as one channel uses it. */
export type Route = Pick<ContactPoint, 'channel' | 'addressKey'>;

/** These say nothing about other channels: who wants no calls may want messages, and a full inbox answers the phone. */
const OF_ONE_CHANNEL: ReadonlySet<AddressFinding> = new Set(['opted-out', 'bounced', 'complained', 'undeliverable']);

/** A stronger finding stands against a weaker: that a message came back must not make a wish forgotten. */
const STRENGTH: Readonly<Record<AddressFinding, number>> = {
  malformed: 0,
  undeliverable: 1,
  bounced: 2,
  complained: 3,
  'opted-out': 4,
  moved: 5,
  'address-invalid': 5,
  'number-dead': 5,
  'wrong-number': 6,
};

function routeKey({ channel, addressKey }: Route): string {
  return `${channel}|${addressKey}`;
}

/** What stands against using this address on this channel; undefined when nothing does. */
export function findingOn(findings: Governor['findings'], route: Route): AddressFinding | undefined {
  return findings[route.addressKey] ?? findings[routeKey(route)];
}

/** The customer with a finding more; the same object where it is known or a stronger one stands. */
export function withFinding(governor: Governor, route: Route, finding: AddressFinding): Governor {
  const key = OF_ONE_CHANNEL.has(finding) ? routeKey(route) : route.addressKey;
  const known = governor.findings[key];
  if (known !== undefined && STRENGTH[known] >= STRENGTH[finding]) return governor;
  return { ...governor, findings: { ...governor.findings, [key]: finding } };
}

// ---- deliveries --------------------------------------------------------------------------------------------------------

/** So many messages in a row that did not arrive, with no delivery between: no more are sent there. */
export const FAILURES_MAX = 3;

const UNTRIED: AddressHealth = { failures: [] };

/** What a report says about the address, besides about its message. */
export interface DeliveryNews {
  readonly contactId: string;
  readonly status: DeliveryStatus;
  readonly at: Instant;
}

/**
 * What a delivery report teaches about an address. A message that came back for good bars it at once; one that could not be delivered
 * now, or was refused, only together with others in a row. In a row means by the times of the reports: in whatever order they come,
 * the result is the same.
 */
export function afterDelivery(governor: Governor, route: Route, news: DeliveryNews): Governor {
  switch (news.status) {
    case 'accepted':
      return governor;
    case 'bounced':
    case 'returned':
      return withFinding(governor, route, 'bounced');
    case 'delivered':
      return withHealth(governor, route, arrived(healthOf(governor, route), news.at));
    case 'failed':
    case 'refused':
      return withHealth(governor, route, failed(healthOf(governor, route), news));
  }
}

/**
 * The customer's record names the address again and consents to its use: a better time for another try than any. Only what passes is
 * forgotten by that; that an address does not exist, or that somebody wants nothing there, is not.
 */
export function afterConsent(governor: Governor, route: Route, asOf: Instant): Governor {
  const health = governor.health?.[routeKey(route)];
  return health === undefined ? governor : withHealth(governor, route, arrived(health, asOf));
}

function healthOf(governor: Governor, route: Route): AddressHealth {
  return governor.health?.[routeKey(route)] ?? UNTRIED;
}

function arrived(health: AddressHealth, at: Instant): AddressHealth {
  const latest = health.arrivedAt === undefined || toMillis(at) > toMillis(health.arrivedAt) ? at : health.arrivedAt;
  return { arrivedAt: latest, failures: health.failures.filter((failure) => toMillis(failure.at) > toMillis(latest)) };
}

function failed(health: AddressHealth, { contactId, at }: DeliveryNews): AddressHealth {
  if (health.arrivedAt !== undefined && toMillis(at) <= toMillis(health.arrivedAt)) return health;
  const own = health.failures.find((failure) => failure.contactId === contactId);
  // One message fails once, however many reports say so.
  if (own !== undefined && toMillis(own.at) >= toMillis(at)) return health;
  const failures = [...health.failures.filter((failure) => failure !== own), { contactId, at }];
  return { ...health, failures: failures.sort(byTime).slice(-FAILURES_MAX) };
}

function byTime(one: AddressHealth['failures'][number], other: AddressHealth['failures'][number]): number {
  return toMillis(one.at) - toMillis(other.at) || (one.contactId < other.contactId ? -1 : 1);
}

function withHealth(governor: Governor, route: Route, health: AddressHealth): Governor {
  const key = routeKey(route);
  const next = { ...governor, health: { ...governor.health, [key]: health } };
  if (health.failures.length >= FAILURES_MAX) return withFinding(next, route, 'undeliverable');
  if (governor.findings[key] !== 'undeliverable') return next;
  const { [key]: _passed, ...findings } = governor.findings;
  return { ...next, findings };
}

// ---- the wrong person ----------------------------------------------------------------------------------------------------

/** How a ledger row says that somebody else answered. */
export const ANSWERED_BY_ANOTHER = 'third-party';

/** So many calls in a row that somebody else answered: the number is taken to be theirs. */
const STRANGERS_MAX = 2;

/**
 * Whether a number is to be taken for somebody else's: it was answered by another person as often as the house allows, and by the
 * customer never since the first of these. Counted on the ledger, so it is forgotten with its rows. At a place of work others answer
 * by right.
 *
 * @param rows the customer's ledger, the newest call included
 */
export function isAnotherPersons(rows: readonly ContactRow[], point: Pick<ContactPoint, 'addressKey' | 'owner'>): boolean {
  if (point.owner === 'work') return false;
  const calls = rows
    .filter((row) => row.channel === 'voice' && row.addressKey === point.addressKey)
    .sort((one, other) => toMillis(one.at) - toMillis(other.at));
  const since = calls.findLastIndex((row) => row.kind === 'conversation') + 1;
  return calls.slice(since).filter((row) => row.outcome === ANSWERED_BY_ANOTHER).length >= STRANGERS_MAX;
}
