import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { toInstant, toMillis } from '../../domain/calendar.ts';
import { type ActorCode, actorCode, outcomeCode, type ReportedOutcome } from '../../domain/codes.ts';
import type { ContactRow, Governor } from '../../domain/customer.ts';
import { settledRow } from '../../domain/record/attempts.ts';
import {
  holdOfContact,
  mayTeach,
  outcomeInLedger,
  recordContactReported,
  withContactRows,
  withFinding,
} from '../../domain/record/contacts.ts';
import { Contradiction } from '../../domain/record/journal.ts';
import { type Key, keyItem, S, text } from '../adapters/table.ts';
import type { Inbound } from '../contract/inbound-events.ts';
import { governorPut } from '../protocol/commit.ts';
import { bankFactKey, governorKey, readGovernor, subjectFactKey } from '../protocol/items.ts';
import { contentHash, type Ports, ReusedId, signal } from '../protocol/signal.ts';
import { tellAnsweredFor, tellOfAddress } from './answered-for.ts';
import { attemptKey, readAttempt, type StoredAttempt } from './attempt-facts.ts';
import { placeOnCustomer } from './holds.ts';
import { notesPut, wordsBeside } from './notes.ts';

/**
 * Contacts that diallers, branches and agencies made, and that customers made with them. Each counts in the customer's ledger first,
 * whether or not anything else is known of the customer, and is then told to the account that it was about, or to every open case.
 */

const TRIES_MAX = 10;

const contactKey = (contactId: string): Key => bankFactKey('contact', contactId);

/** The event without its words: those go into notes that expire, on each account that it is told to. */
type CodedContact = Inbound<'ContactReported'> & { readonly actor: ActorCode; readonly outcome: ReportedOutcome };

function inCodes(event: Inbound<'ContactReported'>): CodedContact {
  return { ...event, actor: actorCode(event.actor), outcome: outcomeCode(event.outcome) };
}

/** What a repeat needs to finish what the first delivery began, to the letter. */
interface Stored {
  readonly event: CodedContact;
  readonly recordedAt: string;
  /** The point reported, else the one reserved. */
  readonly contactPointId?: string | undefined;
  readonly taskId?: string | undefined;
  /** The gate had let it pass. */
  readonly gated: boolean;
  readonly accounts: readonly string[];
}

/** Counts a contact, once under its id, and tells the cases. One that was reserved has the id of its reservation. */
export async function takeContactReported(ports: Ports, event: Inbound<'ContactReported'>): Promise<'recorded' | 'duplicate'> {
  const hash = contentHash(event);
  const { contactId, customerId } = event;
  for (let attempt = 1; attempt <= TRIES_MAX; attempt += 1) {
    const keys = [contactKey(contactId), attemptKey(contactId), governorKey(customerId)];
    const [fact, reserved, item] = await ports.table.snapshot(keys);
    if (fact !== undefined) {
      if (text(fact, 'hash') !== hash) throw new ReusedId('a contact of this id with other content was accepted before');
      await tell(ports, JSON.parse(text(fact, 'body') ?? '{}') as Stored, event);
      return 'duplicate';
    }
    const reservation = ofCustomer(readAttempt(reserved), event);
    const record = readGovernor(customerId, item);
    const next = withContact(record.governor, event, reservation, ports.now);
    const contactPointId = event.contactPointId ?? reservation?.contactPointId;
    const stored: Stored = {
      event: inCodes(event),
      recordedAt: toInstant(ports.now),
      contactPointId,
      taskId: reservation?.taskId,
      gated: reservation !== undefined && reservation.contactPointId === contactPointId,
      accounts: accountsOf(event, reservation, record.governor),
    };
    const written = await ports.table.write([factPut(ports, stored, hash), governorPut(ports.table, { record, next })]);
    if (!written.ok) continue;
    await tell(ports, stored, event);
    return 'recorded';
  }
  throw new Error(`Customer ${customerId} changed under every one of ${TRIES_MAX} tries`);
}

/** @throws Contradiction where the id is that of a reservation for something else */
function ofCustomer(reservation: StoredAttempt | undefined, event: Inbound<'ContactReported'>): StoredAttempt | undefined {
  if (reservation === undefined) return undefined;
  if (reservation.customerId !== event.customerId) throw new Contradiction('customerId', 'this contact was reserved for another customer');
  if (reservation.channel !== event.channel) throw new Contradiction('channel', `this contact was reserved for ${reservation.channel}`);
  if (event.direction === 'inbound') throw new Contradiction('direction', 'a contact that was reserved is outbound');
  if (event.accountId !== undefined && reservation.accountId !== undefined && event.accountId !== reservation.accountId)
    throw new Contradiction('accountId', 'this contact was reserved about another account');
  return reservation;
}

function accountsOf(event: Inbound<'ContactReported'>, reservation: StoredAttempt | undefined, governor: Governor): readonly string[] {
  const about = event.accountId ?? reservation?.accountId;
  return about === undefined ? governor.openCases.map(({ accountId }) => accountId) : [about];
}

function withContact(governor: Governor, event: Inbound<'ContactReported'>, reservation: StoredAttempt | undefined, now: number): Governor {
  const { contactId, accountId, channel, direction, kind, at, actor, outcome } = event;
  const contactPointId = event.contactPointId ?? reservation?.contactPointId;
  const addressKey = governor.points.find((row) => row.id === contactPointId)?.addressKey;
  const told = {
    at,
    kind,
    ...outcomeInLedger(outcome),
    ...(contactPointId === undefined ? {} : { contactPointId }),
    ...(addressKey === undefined ? {} : { addressKey }),
  };
  const row: ContactRow =
    reservation === undefined
      ? {
          ...told,
          id: contactId,
          channel,
          actor,
          purpose: 'collection',
          ...(accountId === undefined ? {} : { accountId }),
          ...(direction === 'inbound' ? { direction } : {}),
        }
      : { actor, ...settledRow(reservation, told) };
  const before = governor.contacts.find((known) => known.id === contactId);
  if (before !== undefined && reservation === undefined) throw new Contradiction('contactId', 'this id belongs to another contact');
  // What a person said of a task's call is better than what the dialler made of it, whichever came first.
  const settled = before !== undefined && before.pendingUntil === undefined;
  return withFinding(settled ? governor : withContactRows(governor, [row], now), { outcome, channel, contactPointId });
}

function factPut(ports: Ports, stored: Stored, hash: string): TransactWriteItem {
  const { contactId, customerId } = stored.event;
  return {
    Put: {
      TableName: ports.table.name,
      ConditionExpression: 'attribute_not_exists(pk)',
      Item: { ...keyItem(contactKey(contactId)), hash: S(hash), customerId: S(customerId), body: S(JSON.stringify(stored)) },
    },
  };
}

/** Each account has its own copy of the fact, so that a repeat tells none twice. A death holds the customer, with all accounts. */
async function tell(ports: Ports, stored: Stored, said: Inbound<'ContactReported'>): Promise<void> {
  const { event, recordedAt, contactPointId, taskId, gated, accounts } = stored;
  const { contactId, customerId, actor, outcome } = event;
  const words = wordsBeside({ actor: said.actor, outcome: said.outcome }, { actor, outcome });
  const notesRef = words === undefined ? undefined : `contact#${contactId}`;
  for (const accountId of accounts) {
    await signal(ports, {
      accountId,
      fact: { key: subjectFactKey(`ACCOUNT#${accountId}`, 'ContactReported', contactId), content: { contactId } },
      apply: ({ journal }) => {
        recordContactReported(journal, { ...event, contactPointId, taskId, gated, notesRef });
        return words === undefined || notesRef === undefined ? {} : { items: [notesPut(ports, journal, notesRef, words)] };
      },
    });
  }
  // Told of one account, it may matter to the others; told of none, the customer's own were all told of it.
  if (mayTeach(outcome) && event.accountId !== undefined) await tellOfAddress(ports, customerId, contactId, event.accountId);
  else if (mayTeach(outcome)) await tellAnsweredFor(ports, customerId, { what: 'address', id: contactId });
  const hold = holdOfContact(event);
  if (hold?.kind !== 'deceased') return;
  const placedAt = toMillis(event.at) < toMillis(recordedAt) ? event.at : recordedAt;
  await placeOnCustomer(ports, { ...hold, customerId, kind: 'deceased', placedAt }, customerId, { contactId });
}
