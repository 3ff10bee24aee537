import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { toInstant } from '../../domain/calendar.ts';
import { type HoldReason, holdReasonCode } from '../../domain/codes.ts';
import type { Governor } from '../../domain/customer.ts';
import type { Hold } from '../../domain/model.ts';
import { checkHold, recordHoldPlaced, recordHoldReleased } from '../../domain/record/bank-facts.ts';
import { Contradiction, type Journal } from '../../domain/record/journal.ts';
import { type Item, type Key, keyItem, S, type Table, text } from '../adapters/table.ts';
import type { Inbound } from '../contract/inbound-events.ts';
import { governorPut } from '../protocol/commit.ts';
import { bankFactKey, governorKey, readGovernor, subjectFactKey } from '../protocol/items.ts';
import { contentHash, type Ports, ReusedId, signal } from '../protocol/signal.ts';
import { tellAnsweredFor } from './answered-for.ts';
import { notesPut, wordsBeside } from './notes.ts';

/**
 * Holds, on an account or on a customer. A release may come before its hold: it is parked under the hold's id, and each of the two
 * is written on the condition that the other is as it was read, so that neither can miss the other.
 */

const TRIES_MAX = 10;
export const placedKey = (holdId: string): Key => bankFactKey('hold-placed', holdId);
export const releasedKey = (holdId: string): Key => bankFactKey('hold-released', holdId);

export async function takeHoldPlaced(ports: Ports, event: Inbound<'HoldPlaced'>): Promise<'recorded' | 'duplicate'> {
  checkHold({ kind: event.kind, placedAt: event.placedAt, ...(event.expiresAt === undefined ? {} : { expiresAt: event.expiresAt }) });
  if (event.accountId !== undefined) return placeOnAccount(ports, event, event.accountId);
  if (event.customerId !== undefined) return placeOnCustomer(ports, event, event.customerId);
  throw new Contradiction('accountId', 'a hold names either an account or a customer');
}

async function placeOnAccount(ports: Ports, event: Inbound<'HoldPlaced'>, accountId: string): Promise<'recorded' | 'duplicate'> {
  const { holdId, kind, placedAt } = event;
  const { kind: done } = await signal(ports, {
    accountId,
    fact: { key: placedKey(holdId), content: event, body: { accountId } },
    related: [releasedKey(holdId)],
    apply: ({ journal, related: [release] }) => {
      const { facts, items } = reasonOf(ports, event, journal);
      const hold = { holdId, kind, placedAt, ...optional('expiresAt', event.expiresAt), ...facts };
      recordHoldPlaced(journal, hold, text(release, 'releasedAt'));
      return { items: release === undefined ? [...items, absent(ports.table, releasedKey(holdId))] : items };
    },
  });
  return done;
}

/** What an outcome placed has the id of what was reported; what the bank placed may have its words, which go into notes. */
type Cause = { readonly taskId: string } | { readonly contactId: string } | { readonly reason: 'case-closed' };

/** What the timeline says of why a hold was placed, a code, and the note that keeps the bank's own words for their retention. */
export function reasonOf(ports: Ports, { holdId, reason }: Inbound<'HoldPlaced'>, journal: Journal, cause?: Cause) {
  if (cause !== undefined) {
    if ('reason' in cause) return { facts: cause, items: [] };
    const code: HoldReason = 'taskId' in cause ? 'task-outcome' : 'contact-outcome';
    return { facts: { reason: code, ...cause }, items: [] };
  }
  if (reason === undefined) return { facts: {}, items: [] };
  const code = holdReasonCode(reason);
  const words = wordsBeside({ reason }, { reason: code });
  if (words === undefined) return { facts: { reason: code }, items: [] };
  const notesRef = `hold#${holdId}`;
  return { facts: { reason: code, notesRef }, items: [notesPut(ports, journal, notesRef, words)] };
}

/** The customer's governor first, then each open case (protocol.md section 3, "Signal"). A repeat runs the second part again. */
export async function placeOnCustomer(
  ports: Ports,
  event: Inbound<'HoldPlaced'>,
  customerId: string,
  cause?: Cause,
): Promise<'recorded' | 'duplicate'> {
  const hash = contentHash(event);
  const { holdId } = event;
  for (let attempt = 1; attempt <= TRIES_MAX; attempt += 1) {
    const [fact, release, item] = await ports.table.snapshot([placedKey(holdId), releasedKey(holdId), governorKey(customerId)]);
    const record = readGovernor(customerId, item);
    if (fact !== undefined) {
      if (text(fact, 'hash') !== hash) throw new ReusedId('a hold of this id with other content was accepted before');
      await placeOnOpenCases(ports, event, record.governor, cause);
      await tellAnsweredFor(ports, customerId, { what: 'hold', id: holdId });
      return 'duplicate';
    }
    const { next, fact: placed } = placingOnCustomer(ports, event, record.governor, text(release, 'releasedAt'));
    const written = await ports.table.write([
      placed,
      governorPut(ports.table, { record, next }),
      ...(release === undefined ? [absent(ports.table, releasedKey(holdId))] : []),
    ]);
    if (!written.ok) continue;
    await placeOnOpenCases(ports, event, next, cause);
    await tellAnsweredFor(ports, customerId, { what: 'hold', id: holdId });
    return 'recorded';
  }
  throw new Error(`Customer ${customerId} changed under every one of ${TRIES_MAX} tries`);
}

/** The first part, for a transaction that does more: the customer's governor with the hold, and the fact of it, once. */
export function placingOnCustomer(
  { table, now }: Pick<Ports, 'table' | 'now'>,
  event: Inbound<'HoldPlaced'>,
  governor: Governor,
  releasedAt?: string,
): { readonly next: Governor; readonly fact: TransactWriteItem } {
  const { holdId, kind, placedAt, expiresAt } = event;
  const ends = { ...optional('expiresAt', expiresAt), ...optional('releasedAt', releasedAt) };
  const hold: Hold = { holdId, kind, placedAt, customerWide: true, recordedAt: toInstant(now), ...ends };
  const Item = { ...keyItem(placedKey(holdId)), hash: S(contentHash(event)), customerId: S(governor.customerId) };
  return {
    next: { ...governor, holds: [...governor.holds.filter((row) => row.holdId !== holdId), hold] },
    fact: { Put: { TableName: table.name, ConditionExpression: 'attribute_not_exists(pk)', Item } },
  };
}

/**
 * The second part alone, of a hold that the customer's governor has.
 *
 * @param from of which account it was said, and whose timeline has it: only the others are told
 */
export async function tellOpenCases(
  ports: Ports,
  event: Inbound<'HoldPlaced'>,
  customerId: string,
  from?: { readonly accountId: string; readonly cause: Cause },
): Promise<void> {
  const { governor } = readGovernor(customerId, await ports.table.get(governorKey(customerId)));
  const openCases = governor.openCases.filter(({ accountId }) => accountId !== from?.accountId);
  await placeOnOpenCases(ports, event, { ...governor, openCases }, from?.cause);
  await tellAnsweredFor(ports, customerId, { what: 'hold', id: event.holdId });
}

async function placeOnOpenCases(ports: Ports, event: Inbound<'HoldPlaced'>, governor: Governor, cause?: Cause): Promise<void> {
  const { holdId, kind, placedAt } = event;
  for (const { accountId } of governor.openCases) {
    await signal(ports, {
      accountId,
      customerId: governor.customerId,
      fact: { key: subjectFactKey(`ACCOUNT#${accountId}`, 'HoldPlaced', holdId), content: { holdId } },
      apply: ({ journal, governor: now }) => {
        const { facts, items } = reasonOf(ports, event, journal, cause);
        const hold = { holdId, kind, placedAt, customerWide: true, ...optional('expiresAt', event.expiresAt), ...facts } as const;
        // The release may have come before the hold, or been told to this account before it.
        recordHoldPlaced(journal, hold, now?.holds.find((row) => row.holdId === holdId)?.releasedAt);
        return { items };
      },
    });
  }
}

/** Releases a hold wherever it was placed. A release that comes before its hold is kept until the hold comes. */
export async function takeHoldReleased(ports: Ports, event: Inbound<'HoldReleased'>): Promise<'recorded' | 'duplicate'> {
  const { holdId, releasedAt } = event;
  for (let attempt = 1; attempt <= TRIES_MAX; attempt += 1) {
    const [placed] = await ports.table.snapshot([placedKey(holdId)]);
    const accountId = text(placed, 'accountId');
    const customerId = text(placed, 'customerId');
    if (accountId !== undefined) {
      const { kind } = await signal(ports, {
        accountId,
        fact: { key: releasedKey(holdId), content: event, body: { releasedAt } },
        apply: ({ journal }) => {
          recordHoldReleased(journal, { holdId, releasedAt });
          return {};
        },
      });
      return kind;
    }
    const done = customerId === undefined ? await parkRelease(ports, event) : await releaseOnCustomer(ports, event, customerId);
    if (done !== undefined) return done;
  }
  throw new Error(`Hold ${holdId} changed under every one of ${TRIES_MAX} tries`);
}

/** The hold is not known yet: the release waits under its id. Undefined where the hold came meanwhile. */
async function parkRelease(ports: Ports, event: Inbound<'HoldReleased'>): Promise<'recorded' | 'duplicate' | undefined> {
  const [known] = await ports.table.snapshot([releasedKey(event.holdId)]);
  if (known !== undefined) return sameRelease(known, event);
  const written = await ports.table.write([releasePut(ports.table, event), absent(ports.table, placedKey(event.holdId))]);
  return written.ok ? 'recorded' : undefined;
}

async function releaseOnCustomer(
  ports: Ports,
  event: Inbound<'HoldReleased'>,
  customerId: string,
): Promise<'recorded' | 'duplicate' | undefined> {
  const { holdId, releasedAt } = event;
  const [known, item] = await ports.table.snapshot([releasedKey(holdId), governorKey(customerId)]);
  const record = readGovernor(customerId, item);
  const next: Governor = {
    ...record.governor,
    holds: record.governor.holds.map((hold) => (hold.holdId === holdId ? { ...hold, releasedAt } : hold)),
  };
  if (known === undefined) {
    const written = await ports.table.write([releasePut(ports.table, event), governorPut(ports.table, { record, next })]);
    if (!written.ok) return undefined;
  } else sameRelease(known, event);
  for (const { accountId } of next.openCases) {
    await signal(ports, {
      accountId,
      customerId,
      fact: { key: subjectFactKey(`ACCOUNT#${accountId}`, 'HoldReleased', holdId), content: { holdId } },
      apply: ({ journal }) => {
        recordHoldReleased(journal, { holdId, releasedAt });
        return {};
      },
    });
  }
  await tellAnsweredFor(ports, customerId, { what: 'hold', id: `${holdId}#released` });
  return known === undefined ? 'recorded' : 'duplicate';
}

function sameRelease(known: Item, event: Inbound<'HoldReleased'>): 'duplicate' {
  if (text(known, 'hash') !== contentHash(event)) throw new ReusedId('a release of this hold with other content was accepted before');
  return 'duplicate';
}

function releasePut(table: Table, event: Inbound<'HoldReleased'>) {
  return {
    Put: {
      TableName: table.name,
      ConditionExpression: 'attribute_not_exists(pk)',
      Item: {
        ...keyItem(releasedKey(event.holdId)),
        hash: S(contentHash(event)),
        releasedAt: S(event.releasedAt),
        body: S(JSON.stringify({ releasedAt: event.releasedAt })),
      },
    },
  };
}

export function absent(table: Table, key: Key) {
  return { ConditionCheck: { TableName: table.name, Key: keyItem(key), ConditionExpression: 'attribute_not_exists(pk)' } };
}

function optional<K extends string, V>(name: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [name]: value } as Partial<Record<K, V>>);
}
