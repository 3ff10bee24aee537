import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { ownedCase } from '../../domain/case-status.ts';
import type { Governor } from '../../domain/customer.ts';
import { type Deployment, Journal } from '../../domain/record/journal.ts';
import { settingFor } from '../../domain/record/setting.ts';
import { canonicalJson, sha256 } from '../../domain/timeline.ts';
import type { Machines } from '../adapters/machines.ts';
import { type Item, type Key, keyItem, S, type Table, text } from '../adapters/table.ts';
import { commit } from './commit.ts';
import { type GovernorRecord, governorKey, type Head, headKey, readGovernor, readHead } from './items.ts';
import { wake } from './nudge.ts';

export interface Ports {
  readonly table: Table;
  readonly machines: Machines;
  readonly deployment: Deployment;
  readonly now: number;
}

/** A fact about an account, and how to record it. Used by events and by the API alike. */
export interface Signal {
  readonly accountId: string;
  /** Who the customer is, where the fact says so; else the account's. */
  readonly customerId?: string;
  /** The fact's identity; the same content again is a duplicate, other content a contradiction. */
  readonly fact: { readonly key: Key; readonly content: unknown; readonly body?: unknown; readonly expiresAt?: number };
  /** Further facts to read in the same picture. */
  readonly related?: readonly Key[];
  /** The customer's governor is needed even when no case opens. */
  readonly needsGovernor?: boolean;
  apply(view: SignalView): Applied;
}

export interface SignalView {
  readonly journal: Journal;
  readonly head: Head;
  readonly related: readonly (Item | undefined)[];
  readonly governor: Governor | undefined;
}

export interface Applied {
  /** The governor as it is after the fact, where the fact changes it. */
  readonly governor?: Governor;
  readonly items?: readonly TransactWriteItem[];
  /** Nothing that is due or planned can change by it: it is no signal, and nobody is woken. */
  readonly quiet?: true;
}

export type Signalled = { readonly kind: 'recorded' | 'duplicate'; readonly head: Head };

/** The same id with other content, or of another account. */
export class ReusedId extends Error {
  override readonly name = 'ReusedId';
}

const TRIES_MAX = 10;

export function contentHash(content: unknown): string {
  return sha256(canonicalJson(JSON.parse(JSON.stringify(content))));
}

/**
 * Records a fact and wakes the case (protocol.md section 3, "Signal" and "Open"). Safe to run again from any point: the fact's own key
 * tells a duplicate, and a duplicate still wakes.
 *
 * @throws ReusedId, and what `apply` throws (Contradiction, Refusal); nothing was written then
 */
export async function signal(ports: Ports, request: Signal): Promise<Signalled> {
  const hash = contentHash(request.fact.content);
  let customerId = request.customerId;
  for (let attempt = 1; attempt <= TRIES_MAX; attempt += 1) {
    const keys = [
      headKey(request.accountId),
      request.fact.key,
      ...(request.related ?? []),
      ...(customerId === undefined ? [] : [governorKey(customerId)]),
    ];
    const items = await ports.table.snapshot(keys);
    const head = readHead(request.accountId, items[0]);
    if (items[1] !== undefined) {
      checkSame(items[1], hash, request.accountId);
      await wake(ports.machines, head);
      return { kind: 'duplicate', head };
    }
    const record = customerId === undefined ? undefined : readGovernor(customerId, items.at(-1));
    const attempted = tryRecord(ports, request, head, record, items.slice(2, 2 + (request.related?.length ?? 0)));
    if (attempted.kind === 'needs-governor') {
      customerId = attempted.customerId;
      continue;
    }
    const { change, applied } = attempted;
    const outcome = await commit(ports.table, {
      ...change,
      facts: [factPut(ports.table, request, hash), ...(applied.items ?? [])],
    });
    if (!outcome.ok) continue;
    if (change.signal && outcome.head.caseStatus === 'open') await wake(ports.machines, await reread(ports, request.accountId));
    return { kind: 'recorded', head: outcome.head };
  }
  throw new Error(`Account ${request.accountId} changed under every one of ${TRIES_MAX} tries`);
}

async function reread(ports: Ports, accountId: string): Promise<Head> {
  return readHead(accountId, await ports.table.get(headKey(accountId)));
}

function checkSame(item: Item, hash: string, accountId: string): void {
  const owner = text(item, 'accountId');
  if (owner !== undefined && owner !== accountId) throw new ReusedId('this id belongs to a fact of another account');
  if (text(item, 'hash') !== hash) throw new ReusedId('a fact of this identity with other content was accepted before');
}

type Attempt =
  | { readonly kind: 'needs-governor'; readonly customerId: string }
  | { readonly kind: 'ready'; readonly change: Parameters<typeof commit>[1]; readonly applied: Applied };

function tryRecord(
  ports: Ports,
  request: Signal,
  head: Head,
  record: GovernorRecord | undefined,
  related: readonly (Item | undefined)[],
): Attempt {
  const setting = settingFor(ports.deployment, head.account, ports.now, record?.governor);
  const journal = new Journal(head.account, setting);
  const known = head.account.customerId;
  if (record === undefined && request.needsGovernor && known !== undefined) return { kind: 'needs-governor', customerId: known };
  const applied = request.apply({ journal, head, related, governor: record?.governor });
  const before = ownedCase(head.account);
  const after = ownedCase(journal.account);
  const opening = after !== undefined && after.caseId !== before?.caseId;
  const moved = !opening && after !== undefined && before !== undefined && after.stage !== before.stage;
  const customerId = journal.account.customerId;
  if (opening && record === undefined && customerId !== undefined) return { kind: 'needs-governor', customerId };
  let next = applied.governor ?? record?.governor;
  if (opening && next !== undefined)
    next = { ...next, openCases: [...next.openCases, { accountId: request.accountId, caseId: after.caseId }] };
  const governor = record !== undefined && next !== undefined && next !== record.governor ? { record, next } : undefined;
  return {
    kind: 'ready',
    applied,
    change: {
      head,
      journal,
      now: ports.now,
      signal: applied.quiet !== true,
      ...(opening ? { start: after.stage } : {}),
      // A case that is taken over goes on in another stage; a wait that is armed meanwhile makes it start again, or it would be lost.
      ...(moved ? { start: after.stage, owner: { execN: head.execN, waits: head.waits }, ...leaving(head) } : {}),
      ...(governor === undefined ? {} : { governor }),
    },
  };
}

function leaving({ waitToken }: Head): { readonly leaves?: string } {
  return waitToken === undefined ? {} : { leaves: waitToken };
}

function factPut(table: Table, request: Signal, hash: string): TransactWriteItem {
  const { key, body, expiresAt } = request.fact;
  return {
    Put: {
      TableName: table.name,
      ConditionExpression: 'attribute_not_exists(pk)',
      Item: {
        ...keyItem(key),
        accountId: S(request.accountId),
        hash: S(hash),
        ...(body === undefined ? {} : { body: S(JSON.stringify(body)) }),
        ...(expiresAt === undefined ? {} : { expiresAt: { N: String(expiresAt) } }),
      },
    },
  };
}
