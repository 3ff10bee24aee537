import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { isWellFormed } from '../../domain/contact-points/addresses.ts';
import { afterConsent, withFinding } from '../../domain/contact-points/health.ts';
import type { ContactPoint, Governor } from '../../domain/customer.ts';
import { isNewer } from '../../domain/ledger.ts';
import type { Channel } from '../../domain/model.ts';
import { recordCustomerUpdated } from '../../domain/record/bank-facts.ts';
import { sha256 } from '../../domain/timeline.ts';
import { type Item, keyItem, S, text } from '../adapters/table.ts';
import type { Inbound } from '../contract/inbound-events.ts';
import { governorPut } from '../protocol/commit.ts';
import { governorKey, profileKey, readGovernor, subjectFactKey } from '../protocol/items.ts';
import { contentHash, type Ports, ReusedId, signal } from '../protocol/signal.ts';
import { tellAnsweredFor } from './answered-for.ts';

/**
 * Who the customer is. Names and addresses go to the customer's profile alone; the governor, which the gate reads, knows contact
 * points by id and by a hash of their address, so that what was learnt about an address stays with it.
 */

const TRIES_MAX = 10;

export interface CustomerPorts extends Ports {
  readonly newSalt: () => string;
}

/** Channels that use the same kind of address: what is learnt of a number or a place is learnt for both. */
const KIND: Partial<Record<Channel, string>> = { sms: 'phone', voice: 'phone', post: 'place', visit: 'place' };

/** A hash under the customer's own salt: without the profile that holds the salt it leads to no address. */
function addressKey(salt: string, channel: Channel, address: string): string {
  return sha256(`${salt}|${KIND[channel] ?? channel}|${address.toLowerCase()}`).slice(0, 24);
}

/**
 * Replaces the customer's contact points and tells each open case. Names and addresses go to an item of their own; the record keeps
 * hashes only.
 */
export async function takeCustomerUpdated(ports: CustomerPorts, event: Inbound<'CustomerUpdated'>): Promise<'recorded' | 'duplicate'> {
  const factKey = subjectFactKey(`CUSTOMER#${event.customerId}`, 'CustomerUpdated', event.asOf);
  for (let attempt = 1; attempt <= TRIES_MAX; attempt += 1) {
    const [fact, item, profile] = await ports.table.snapshot([factKey, governorKey(event.customerId), profileKey(event.customerId)]);
    const salt = text(profile, 'salt') ?? ports.newSalt();
    const hash = sha256(salt + contentHash(event));
    if (fact !== undefined) {
      if (text(fact, 'hash') !== hash) throw new ReusedId('a customer record of this instant with other content was accepted before');
      await tellAll(ports, event, readGovernor(event.customerId, item).governor);
      return 'duplicate';
    }
    const record = readGovernor(event.customerId, item);
    const newer = isNewer(event.asOf, record.governor.asOf);
    const next = newer ? updated(record.governor, event, salt) : record.governor;
    const items: TransactWriteItem[] = [
      {
        Put: { TableName: ports.table.name, ConditionExpression: 'attribute_not_exists(sk)', Item: { ...keyItem(factKey), hash: S(hash) } },
      },
    ];
    if (newer)
      items.push({ Put: { TableName: ports.table.name, Item: profileItem(event, salt) } }, governorPut(ports.table, { record, next }));
    if (!(await ports.table.write(items)).ok) continue;
    if (newer) await tellAll(ports, event, next);
    return 'recorded';
  }
  throw new Error(`Customer ${event.customerId} changed under every one of ${TRIES_MAX} tries`);
}

/**
 * The customer as the record now says. Findings stay with their addresses; one that its channel cannot have is kept as a point, never
 * used, and named where somebody is asked for better ones. A consent to the use of an address lets it be tried again.
 */
function updated(governor: Governor, event: Inbound<'CustomerUpdated'>, salt: string): Governor {
  const next: Governor = {
    ...governor,
    findings: withoutMalformed(governor.findings),
    known: true,
    asOf: event.asOf,
    timeZone: event.timeZone,
    locale: event.locale,
    jurisdiction: event.jurisdiction,
    points: event.contactPoints.map(({ id, channel, owner, consent, address, area }) => {
      const point = { id, channel, owner, addressKey: addressKey(salt, channel, address) };
      return {
        ...point,
        ...(consent === undefined ? {} : { consent }),
        ...(area === undefined ? {} : { area }),
        ...renewal(governor, point, event.asOf),
      };
    }),
    wishes: event.preferences,
  };
  return event.contactPoints.reduce((learnt, { channel, address, consent }) => {
    const route = { channel, addressKey: addressKey(salt, channel, address) };
    if (!isWellFormed(channel, address)) return withFinding(learnt, route, 'malformed');
    return consent === true ? afterConsent(learnt, route, event.asOf) : learnt;
  }, next);
}

/** Whether the id named another address before this record, or since which one. */
function renewal(
  before: Governor,
  { id, addressKey }: Pick<ContactPoint, 'id' | 'addressKey'>,
  asOf: string,
): Pick<ContactPoint, 'renewedAt'> {
  const known = before.points.find((row) => row.id === id);
  if (known === undefined) return {};
  if (known.addressKey !== addressKey) return { renewedAt: asOf };
  return known.renewedAt === undefined ? {} : { renewedAt: known.renewedAt };
}

/** Told anew from the addresses of each record: those of earlier ones would only pile up. */
function withoutMalformed(findings: Governor['findings']): Governor['findings'] {
  return Object.fromEntries(Object.entries(findings).filter(([, finding]) => finding !== 'malformed'));
}

function profileItem(event: Inbound<'CustomerUpdated'>, salt: string): Item {
  const addresses = Object.fromEntries(event.contactPoints.map((point) => [point.id, { S: point.address }]));
  return {
    ...keyItem(profileKey(event.customerId)),
    salt: S(salt),
    name: S(event.name),
    locale: S(event.locale),
    asOf: S(event.asOf),
    addresses: { M: addresses },
  };
}

/** The customer's own cases, and those of others that the customer answers for. */
async function tellAll(ports: Ports, event: Inbound<'CustomerUpdated'>, governor: Governor): Promise<void> {
  if (governor.asOf !== event.asOf) return;
  await tellOpenCases(ports, event, governor);
  await tellAnsweredFor(ports, event.customerId, { what: 'record', id: event.asOf });
}

/** Cases that wait for the customer's data go on; each has its own copy of the fact, so a repeat tells none twice. */
async function tellOpenCases(ports: Ports, event: Inbound<'CustomerUpdated'>, governor: Governor): Promise<void> {
  const { customerId, timeZone, locale, jurisdiction, asOf, preferences: wishes } = event;
  const renewed = governor.points.flatMap(({ id, renewedAt }) => (renewedAt === asOf ? [id] : []));
  for (const { accountId } of governor.openCases) {
    await signal(ports, {
      accountId,
      customerId,
      fact: { key: subjectFactKey(`ACCOUNT#${accountId}`, 'CustomerUpdated', event.asOf), content: { customerId, asOf: event.asOf } },
      apply: ({ journal }) => {
        recordCustomerUpdated(journal, {
          customerId,
          timeZone,
          locale,
          jurisdiction,
          contactPoints: event.contactPoints.length,
          asOf,
          wishes,
          ...(renewed.length === 0 ? {} : { renewed }),
        });
        return {};
      },
    });
  }
}
