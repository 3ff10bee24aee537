import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { outcomeCode } from '../../domain/codes.ts';
import type { ContactRow } from '../../domain/customer.ts';
import type { Hold } from '../../domain/model.ts';
import { TAKE_OVER } from '../../domain/policy/take-over.ts';
import { outcomeInLedger, withContactRows } from '../../domain/record/contacts.ts';
import { type ImportedHold, recordCaseImported } from '../../domain/record/imports.ts';
import { Contradiction, type Journal } from '../../domain/record/journal.ts';
import type { CaseImport } from '../../domain/take-over/import.ts';
import { type Item, keyItem, N, S, text } from '../adapters/table.ts';
import type { Inbound } from '../contract/inbound-events.ts';
import { bankFactKey, importNotes } from '../protocol/items.ts';
import { expiryWithin } from '../protocol/keeping.ts';
import { contentHash, type Ports, type Signalled, signal } from '../protocol/signal.ts';
import { absent, placedKey, reasonOf, releasedKey, tellOpenCases } from './holds.ts';
import { notesPut } from './notes.ts';

/** As long as a payment is told from its repeat: longer than the bus archive keeps events. */
const IMPORT_KEPT_SECONDS = 400 * 86_400;
/** Its words as long as it may be rejected, and as long as a rejection is kept. */
const ORIGINAL_KEPT_DAYS = TAKE_OVER.waitDays + 14;

/**
 * A case that ran elsewhere, in one transaction: its acts on the account's timeline, its contacts in the customer's ledger, its holds
 * where holds are. Sends nothing, and opens no case.
 */

/**
 * Takes a case over, once under the import's id.
 *
 * @throws ReusedId, Contradiction; nothing was written then
 */
export async function takeCaseImported(ports: Ports, event: Inbound<'CaseImported'>): Promise<Signalled> {
  const { accountId, customerId, importId } = event;
  const imported = inCodes(event);
  const holds = holdsOf(event);
  const related = holds.flatMap(({ holdId }) => [placedKey(holdId), releasedKey(holdId)]);
  const planKeys = event.plan === undefined ? [] : [bankFactKey('plan', event.plan.planId)];
  const done = await signal(ports, {
    accountId,
    customerId,
    fact: {
      key: bankFactKey('import', importId),
      content: event,
      expiresAt: Math.floor(ports.now / 1000) + IMPORT_KEPT_SECONDS,
    },
    related: [...related, ...planKeys],
    apply: ({ journal, governor, related: found }) => {
      const plan = planItem(ports, event, found[related.length]);
      const placed = holds.map((hold, index) => placing(ports, journal, hold, index, event, found.slice(2 * index, 2 * index + 2)));
      const fresh = placed.filter((row) => row !== undefined);
      recordCaseImported(
        journal,
        imported,
        fresh.map(({ told }) => told),
        holds.map(({ holdId }) => holdId),
      );
      const kept = { expiresAt: N(expiryWithin(journal, ORIGINAL_KEPT_DAYS)) };
      const asSent = notesPut(ports, journal, importNotes(importId), JSON.stringify(event), kept);
      const items = [asSent, ...plan, ...fresh.flatMap(({ items: own }) => own)];
      if (governor === undefined) return { items };
      const held = fresh.flatMap(({ onCustomer }) => (onCustomer === undefined ? [] : [onCustomer]));
      const counted = withContactRows(governor, rowsOf(event), ports.now);
      return { items, governor: held.length === 0 ? counted : { ...counted, holds: [...counted.holds, ...held] } };
    },
  });
  // A repeat runs this again: the first delivery may have died before it.
  for (const hold of holds) {
    if (hold.customerId !== undefined) await tellOpenCases(ports, hold, hold.customerId);
  }
  return done;
}

/** Words are not kept: what was said elsewhere is known there. */
function inCodes({ accountId: _account, holds: _holds, contacts, plan, promises, notices, ...rest }: Inbound<'CaseImported'>): CaseImport {
  return {
    ...rest,
    contacts: contacts.map(({ direction, outcome, contactId, contactPointId, ...contact }) => ({
      ...contact,
      ...(contactId === undefined ? {} : { contactId }),
      ...(contactPointId === undefined ? {} : { contactPointId }),
      ...(direction === 'inbound' ? { direction } : {}),
      ...(outcome === undefined ? {} : { outcome: outcomeCode(outcome) }),
    })),
    promises: promises.map(({ paid, ...promise }) => (paid === undefined ? promise : { ...promise, paid })),
    notices: notices.map(({ kind, at, how, proofRef }) => ({
      kind,
      at,
      ...(how === undefined ? {} : { how }),
      ...(proofRef === undefined ? {} : { proofRef }),
    })),
    ...(plan === undefined ? {} : { plan: withProof(plan) }),
  };
}

function withProof({ proofRef, ...plan }: NonNullable<Inbound<'CaseImported'>['plan']>): NonNullable<CaseImport['plan']> {
  return proofRef === undefined ? plan : { ...plan, proofRef };
}

/** The contacts as the caps count them, whatever becomes of the case. */
function rowsOf({ importId, accountId, contacts }: Inbound<'CaseImported'>): ContactRow[] {
  return contacts.map(({ contactId, channel, kind, at, direction, outcome, contactPointId }, index) => ({
    id: contactId ?? `${importId}-${index + 1}`,
    at,
    channel,
    kind,
    accountId,
    purpose: 'collection',
    ...(contactPointId === undefined ? {} : { contactPointId }),
    ...(direction === 'inbound' ? { direction } : {}),
    ...(outcome === undefined ? {} : outcomeInLedger(outcome)),
  }));
}

/** As `HoldPlaced` has them: one that names nobody is the account's. */
function holdsOf({ accountId, holds }: Inbound<'CaseImported'>): readonly Inbound<'HoldPlaced'>[] {
  return holds.map((hold) => (hold.customerId === undefined ? { ...hold, accountId } : hold));
}

interface Placing {
  readonly told: ImportedHold;
  readonly items: readonly TransactWriteItem[];
  readonly onCustomer?: Hold;
}

/** What places a hold together with the import; undefined for one that is placed already. */
function placing(
  ports: Ports,
  journal: Journal,
  hold: Inbound<'HoldPlaced'>,
  index: number,
  { accountId, customerId }: Inbound<'CaseImported'>,
  [known, release]: readonly (Item | undefined)[],
): Placing | undefined {
  const { holdId, kind, placedAt, expiresAt } = hold;
  const hash = contentHash(hold);
  if (known !== undefined) {
    if (text(known, 'hash') !== hash)
      throw new Contradiction(`holds.${index}.holdId`, 'a hold of this id with other content was accepted before');
    return undefined;
  }
  const ends = expiresAt === undefined ? {} : { expiresAt };
  const isCustomers = hold.customerId !== undefined;
  const releasedAt = text(release, 'releasedAt');
  const { facts, items } = reasonOf(ports, hold, journal);
  const owner = isCustomers ? { customerId: S(customerId) } : { accountId: S(accountId), body: S(JSON.stringify({ accountId })) };
  const fact: TransactWriteItem = {
    Put: {
      TableName: ports.table.name,
      ConditionExpression: 'attribute_not_exists(pk)',
      Item: { ...keyItem(placedKey(holdId)), hash: S(hash), ...owner },
    },
  };
  const released = releasedAt === undefined ? {} : { releasedAt };
  return {
    told: { index, hold: { holdId, kind, placedAt, ...ends, ...facts, ...(isCustomers ? { customerWide: true } : {}) }, releasedAt },
    items: [fact, ...items, ...(release === undefined ? [absent(ports.table, releasedKey(holdId))] : [])],
    ...(isCustomers ? { onCustomer: { holdId, kind, placedAt, customerWide: true, ...ends, ...released } } : {}),
  };
}

/** The core answers by the plan's id alone: whose it is. */
function planItem(ports: Ports, { plan, accountId }: Inbound<'CaseImported'>, known: Item | undefined): readonly TransactWriteItem[] {
  if (plan === undefined) return [];
  // An earlier import of this account, which no case went on with, may have told of the same plan.
  if (known !== undefined && text(known, 'accountId') === accountId) return [];
  if (known !== undefined) throw new Contradiction('plan.planId', 'this id belongs to another plan');
  const Item = { ...keyItem(bankFactKey('plan', plan.planId)), accountId: S(accountId) };
  return [{ Put: { TableName: ports.table.name, ConditionExpression: 'attribute_not_exists(pk)', Item } }];
}
