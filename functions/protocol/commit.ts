import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { toInstant } from '../../domain/calendar.ts';
import type { Governor } from '../../domain/customer.ts';
import type { Entry } from '../../domain/entries.ts';
import type { Stage } from '../../domain/model.ts';
import type { Journal } from '../../domain/record/journal.ts';
import { canonicalJson, link } from '../../domain/timeline.ts';
import { type Item, keyItem, N, S, type Table } from '../adapters/table.ts';
import { itemsOfEntry } from './entry-items.ts';
import { entryKey, type GovernorRecord, governorKey, type Head, headKey, importShard, sweepShard } from './items.ts';
import { lateRejections } from './reject.ts';

/** One transaction on an account: the head, its timeline entries, and what goes with them (protocol.md section 2, "TX(v)"). */
export interface Change {
  readonly head: Head;
  readonly journal: Journal;
  readonly now: number;
  /** The change needs a Decide: it counts as a signal. */
  readonly signal: boolean;
  /** The case starts a new execution: at its opening, a hand-over, or a restart. */
  readonly start?: Stage;
  readonly closing?: boolean;
  /** The token of a wait that the start leaves behind: its execution is to be woken before the new one starts. */
  readonly leaves?: string;
  /** Which execution does this, and on which decision; absent for facts from outside. */
  readonly owner?: { readonly execN: number; readonly signals?: number; readonly waits?: number };
  readonly governor?: { readonly record: GovernorRecord; readonly next: Governor };
  /** Other accounts that must be as they were read: their heads are checked and left alone. */
  readonly unmoved?: readonly { readonly accountId: string; readonly version: number }[];
  /** A customer's record that must be as it was read, and is another than the one written. */
  readonly unmovedGovernor?: GovernorRecord;
  /** The fact's own items; the first one's condition tells a duplicate. */
  readonly facts?: readonly TransactWriteItem[];
}

export type Outcome = { readonly ok: true; readonly head: Head } | { readonly ok: false; readonly failed: 'head' | 'fact' | 'governor' };

const SOON_MILLIS = 5 * 60_000;
/** DynamoDB allows 100 items in a transaction; the protocol leaves room. */
const ITEMS_MAX = 90;

/**
 * Writes the change, all or nothing: the head under its version, the journal's entries chained to the one before, the items they need,
 * the fact and the governor, in this order.
 * @returns the head as it now is, or which condition did not hold; nothing was written then
 */
export async function commit(table: Table, change: Change): Promise<Outcome> {
  const { head, journal, now } = change;
  const at = toInstant(now);
  const links = [];
  let previous = head.headHash;
  for (const draft of journal.drafts) {
    const next = link(draft, head.version + links.length + 1, at, previous);
    links.push(next);
    previous = next.hash;
  }
  const { account } = journal;
  const start = change.start === undefined ? undefined : startRequest(change, change.start);
  const items: TransactWriteItem[] = [headUpdate(table, change, links.length, previous, start)];
  for (const { entry, text, hash } of links) {
    const item: Item = { ...keyItem(entryKey(account.accountId, entry.seq)), entry: S(text), hash: S(hash) };
    if (account.customerId !== undefined) item.customerId = S(account.customerId);
    items.push({ Put: { TableName: table.name, Item: item, ConditionExpression: 'attribute_not_exists(sk)' } });
  }
  const factsFrom = items.length;
  const facts = [...(change.facts ?? []), ...(await lateRejections({ table, now }, journal))];
  items.push(...facts);
  for (const { entry } of links) items.push(...itemsOfEntry(table, journal, entry as Entry, now));
  const governorFrom = items.length;
  if (change.governor !== undefined) items.push(governorPut(table, change.governor));
  items.push(...(change.unmoved ?? []).map((row) => unmovedCheck(table, row)));
  if (change.unmovedGovernor !== undefined) items.push(governorCheck(table, change.unmovedGovernor));
  if (items.length > ITEMS_MAX) throw new Error(`A transaction of ${items.length} items on one account`);

  const written = await table.write(items);
  if (!written.ok) return { ok: false, failed: whichFailed(written.failed, factsFrom, facts.length, governorFrom) };
  return { ok: true, head: headAfter(change, links.length, previous, start) };
}

function unmovedCheck(table: Table, { accountId, version }: { readonly accountId: string; readonly version: number }): TransactWriteItem {
  return {
    ConditionCheck: {
      TableName: table.name,
      Key: keyItem(headKey(accountId)),
      ConditionExpression: 'version = :version',
      ExpressionAttributeValues: { ':version': N(version) },
    },
  };
}

/** The contact of a reservation is a fact of its own here: position tells them apart. */
function whichFailed(failed: readonly number[], factsFrom: number, facts: number, governorFrom: number): 'head' | 'fact' | 'governor' {
  if (failed.some((index) => index >= factsFrom && index < factsFrom + facts)) return 'fact';
  if (failed.includes(governorFrom)) return 'governor';
  return 'head';
}

interface StartRequest {
  readonly execN: number;
  readonly machine: Stage;
  readonly name: string;
  readonly input: string;
  readonly since: string;
}

/** Stored on the item and started word for word: never derived a second time. */
function startRequest(change: Change, machine: Stage): StartRequest {
  const { account } = change.journal;
  const caseId = account.case?.caseId ?? '';
  const execN = change.head.execN + 1;
  const input = canonicalJson({ accountId: account.accountId, customerId: account.customerId ?? '', caseId, execN, stage: machine });
  return { execN, machine, name: `${caseId}-${machine}-${execN}`, input, since: toInstant(change.now) };
}

function headUpdate(table: Table, change: Change, entries: number, headHash: string, start: StartRequest | undefined): TransactWriteItem {
  const { head, journal, owner } = change;
  const { account } = journal;
  const caseOpen = account.case?.status === 'open';
  const waitsUntil = caseOpen ? undefined : account.import?.waitsUntil;
  const values: Item = {
    ':state': S(JSON.stringify(account)),
    ':hash': S(headHash),
    ':next': N(head.version + entries),
    ':shard': S(waitsUntil === undefined ? sweepShard(account.accountId) : importShard(account.accountId)),
  };
  const sets = ['#state = :state', 'headHash = :hash', 'version = :next', 'sweepShard = :shard'];
  const removes: string[] = [];
  const conditions = head.exists ? ['version = :version'] : ['attribute_not_exists(pk)'];
  if (head.exists) values[':version'] = N(head.version);

  sets.push('caseStatus = :caseStatus', 'signals = :signals', 'execN = :execN');
  values[':caseStatus'] = S(account.case?.status ?? 'none');
  values[':signals'] = N(head.signals + (change.signal ? 1 : 0));
  values[':execN'] = N(start?.execN ?? head.execN);
  // Arm alone counts waits, beside the version: a transaction only puts the first number there.
  if (!head.exists) {
    sets.push('waits = :none');
    values[':none'] = N(0);
  }
  if (account.case !== undefined) {
    sets.push('caseId = :caseId', 'stage = :stage');
    values[':caseId'] = S(account.case.caseId);
    values[':stage'] = S(account.case.stage);
  }
  if (owner !== undefined) {
    conditions.push('execN = :owner', 'caseStatus = :open');
    values[':owner'] = N(owner.execN);
    values[':open'] = S('open');
    if (owner.signals !== undefined) {
      conditions.push('signals = :seen');
      values[':seen'] = N(owner.signals);
    }
    if (owner.waits !== undefined) {
      conditions.push('waits = :waits');
      values[':waits'] = N(owner.waits);
    }
  }
  if (start !== undefined) {
    sets.push('execMachine = :machine', 'execName = :name', 'execInput = :input', 'execSince = :since');
    values[':machine'] = S(start.machine);
    values[':name'] = S(start.name);
    values[':input'] = S(start.input);
    values[':since'] = S(start.since);
    removes.push('waitToken', 'waitSignals', 'waitUntil');
    // Whoever starts the new execution first lets the old one find out that the case is not its own any more.
    if (change.leaves === undefined) removes.push('leftToken');
    else {
      sets.push('leftToken = :left');
      values[':left'] = S(change.leaves);
    }
  }
  if (change.closing) removes.push('waitToken', 'waitSignals', 'waitUntil', 'leftToken');
  const looked = lookedAt(change, caseOpen, start !== undefined, waitsUntil);
  if (looked !== undefined) {
    sets.push('sweepAt = :looked');
    values[':looked'] = S(looked);
  } else if (!caseOpen) removes.push('sweepAt');
  return {
    Update: {
      TableName: table.name,
      Key: keyItem(headKey(account.accountId)),
      ConditionExpression: conditions.join(' AND '),
      UpdateExpression: `SET ${sets.join(', ')}${removes.length === 0 ? '' : ` REMOVE ${removes.join(', ')}`}`,
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: values,
    },
  };
}

/** When the sweep looks at the account: soon after a change that somebody must wake for, or when an import has waited for its case in vain. */
function lookedAt({ signal, now }: Change, caseOpen: boolean, starts: boolean, waitsUntil: string | undefined): string | undefined {
  if (!caseOpen) return waitsUntil;
  return signal || starts ? toInstant(now + SOON_MILLIS) : undefined;
}

function headAfter(change: Change, entries: number, headHash: string, start: StartRequest | undefined): Head {
  const { head, journal } = change;
  const { account } = journal;
  return {
    ...head,
    exists: true,
    version: head.version + entries,
    headHash,
    signals: head.signals + (change.signal ? 1 : 0),
    caseStatus: account.case?.status ?? 'none',
    account,
    ...(account.case === undefined ? {} : { caseId: account.case.caseId }),
    ...(start === undefined
      ? {}
      : { execN: start.execN, execMachine: start.machine, execName: start.name, execInput: start.input, execSince: start.since }),
  };
}

function governorCheck(table: Table, { exists, version, governor }: GovernorRecord): TransactWriteItem {
  const Key = keyItem(governorKey(governor.customerId));
  return { ConditionCheck: { TableName: table.name, Key, ...asRead(exists, version) } };
}

/** The condition that a governor is as it was read. */
function asRead(exists: boolean, version: number) {
  return exists
    ? { ConditionExpression: 'governorVersion = :version', ExpressionAttributeValues: { ':version': N(version) } }
    : { ConditionExpression: 'attribute_not_exists(pk)' };
}

/** The customer's governor under the version it was read at: two accounts that reserve at once cannot both pass a cap. */
export function governorPut(table: Table, change: { readonly record: GovernorRecord; readonly next: Governor }): TransactWriteItem {
  const { record, next } = change;
  return {
    Put: {
      TableName: table.name,
      Item: { ...keyItem(governorKey(next.customerId)), governorVersion: N(record.version + 1), state: S(JSON.stringify(next)) },
      ...asRead(record.exists, record.version),
    },
  };
}
