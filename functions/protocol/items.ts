import type { Governor } from '../../domain/customer.ts';
import type { Account, Case, Contact, Stage } from '../../domain/model.ts';
import { emptyAccount } from '../../domain/reducer/account.ts';
import { GENESIS, sha256 } from '../../domain/timeline.ts';
import { type Item, type Key, number, text } from '../adapters/table.ts';

/** Where things are in the table, and how the head and the governor are read (docs/architecture.md, "The table"). */

export const headKey = (accountId: string): Key => ({ pk: `ACCOUNT#${accountId}`, sk: '#HEAD' });
export const entryKey = (accountId: string, seq: number): Key => ({ pk: `ACCOUNT#${accountId}`, sk: `T#${String(seq).padStart(10, '0')}` });
/** Under its own id: whoever reports on a message knows that and nothing else. */
export const contactKey = (contactId: string): Key => ({ pk: `CONTACT#${contactId}`, sk: '#CONTACT' });
/** The same contact by the reference of a provider that reports by no other. */
export const providerRefKey = (providerRef: string): Key => ({ pk: `SENT#${providerRef}`, sk: '#CONTACT' });
/** What the sort keys of texts and of notes begin with, below their account. */
export const TEXTS = 'TEXT#';
export const NOTES = 'NOTES#';
export const textKey = (accountId: string, caseId: string, key: string): Key => ({
  pk: `ACCOUNT#${accountId}`,
  sk: `${TEXTS}${caseId}#${key}`,
});
export const notesKey = (accountId: string, id: string): Key => ({ pk: `ACCOUNT#${accountId}`, sk: `${NOTES}${id}` });
/** The words of a payment, of each of its states, and an import as it came: what is rejected later is rejected with its original. */
export const paymentNotes = (state: string, paymentId: string): string => `payment-${state}#${paymentId}`;
export const importNotes = (importId: string): string => `import#${importId}`;
/** What those who visit a customer should know for their safety, until it expires. */
export const safetyKey = (customerId: string): Key => ({ pk: `CUSTOMER#${customerId}`, sk: 'SAFETY' });
/** For which accounts a person answers beside their customer. */
export const ANSWERS = 'ANSWERS#';
export const answersKey = (customerId: string, accountId: string): Key => ({ pk: `CUSTOMER#${customerId}`, sk: `${ANSWERS}${accountId}` });
/** Where a case is, for whoever knows its own id alone. */
export const caseKey = (caseId: string): Key => ({ pk: `CASE#${caseId}`, sk: '#CASE' });
export const governorKey = (customerId: string): Key => ({ pk: `CUSTOMER#${customerId}`, sk: 'GOVERNOR' });
export const profileKey = (customerId: string): Key => ({ pk: `CUSTOMER#${customerId}`, sk: 'PROFILE' });
export const taskKey = (taskId: string): Key => ({ pk: `TASK#${taskId}`, sk: '#TASK' });
/** The next reminder before a due date; at most one an account, of its newest statement. */
export const preDueKey = (accountId: string): Key => ({ pk: `ACCOUNT#${accountId}`, sk: '#PREDUE' });
/** A payment that is to be acknowledged to the customer, once. */
export const acknowledgementKey = (accountId: string, paymentId: string): Key => ({ pk: `ACCOUNT#${accountId}`, sk: `ACK#${paymentId}` });
/** What all senders look at before they hand a message over: the stops in force, and the channels whose provider fails. */
export const controlsKey: Key = { pk: 'SENDING', sk: '#CONTROLS' };
export const stopKey = (stopId: string): Key => ({ pk: 'SENDING', sk: `STOP#${stopId}` });
export const rateKey = (channel: string, second: number, shard: number): Key => ({ pk: `RATE#${channel}#${second}#${shard}`, sk: '#RATE' });
export const rejectionKey = (id: string): Key => ({ pk: `REJECTED#${id}`, sk: '#REJECTED' });
/** A bank's id is unique per kind: the fact's own key holds the account, so that an id reused elsewhere is a contradiction. */
export const bankFactKey = (kind: string, id: string): Key => ({ pk: `FACT#${kind}#${id}`, sk: '#FACT' });
/** A fact without an id of the bank's: by type, subject and its own time. */
export const subjectFactKey = (pk: string, kind: string, id: string): Key => ({ pk, sk: `FACT#${kind}#${id}` });

/** One index partition takes 1,000 writes a second and Step Functions arms at most 800 waits a second outside the big Regions: two suffice. */
const SWEEP_SHARDS = 2;
/** The sweep index is spread over partitions; which one follows from the account. */
export function sweepShard(accountId: string): string {
  return `sweep-${Number.parseInt(sha256(accountId).slice(0, 2), 16) % SWEEP_SHARDS}`;
}
/** Reminders before a due date share the index with the cases, in partitions of their own. */
export function preDueShard(accountId: string): string {
  return `pre-due-${Number.parseInt(sha256(accountId).slice(0, 2), 16) % PRE_DUE_SHARDS}`;
}
/** Many statements fall due on the same day, and each reminder moves its item once or twice. */
const PRE_DUE_SHARDS = 2;
export const ALL_PRE_DUE_SHARDS = Array.from({ length: PRE_DUE_SHARDS }, (_, index) => `pre-due-${index}`);
/** Imports that wait for their case share it too: a book that waits in vain ends at once, and no case is to be mended later for that. */
export function importShard(accountId: string): string {
  return `import-${Number.parseInt(sha256(accountId).slice(0, 2), 16) % SWEEP_SHARDS}`;
}
export const ALL_IMPORT_SHARDS = Array.from({ length: SWEEP_SHARDS }, (_, index) => `import-${index}`);
export const ALL_SWEEP_SHARDS = Array.from({ length: SWEEP_SHARDS }, (_, index) => `sweep-${index}`);

/** The account's head item: the protocol's fields, and the account as its timeline tells it. */
export interface Head {
  readonly exists: boolean;
  readonly accountId: string;
  readonly version: number;
  readonly headHash: string;
  readonly signals: number;
  readonly waits: number;
  readonly execN: number;
  readonly caseStatus: 'none' | 'open' | 'closed';
  readonly caseId?: string;
  readonly execMachine?: Stage;
  readonly execName?: string;
  readonly execInput?: string;
  /** When the present execution's start request was made. */
  readonly execSince?: string;
  /** A credential: never logged, never in an answer. */
  readonly waitToken?: string;
  readonly waitSignals?: number;
  /** Of a wait that a fact left behind when it moved the case; a credential too. */
  readonly leftToken?: string;
  readonly account: Account;
}

/** The head as the table holds it; of an account never heard of, the head before its first entry. */
export function readHead(accountId: string, item: Item | undefined): Head {
  const optional = <T>(name: string, value: T | undefined) => (value === undefined ? {} : { [name]: value });
  return {
    exists: item !== undefined,
    accountId,
    version: number(item, 'version') ?? 0,
    headHash: text(item, 'headHash') ?? GENESIS,
    signals: number(item, 'signals') ?? 0,
    waits: number(item, 'waits') ?? 0,
    execN: number(item, 'execN') ?? 0,
    caseStatus: (text(item, 'caseStatus') as Head['caseStatus'] | undefined) ?? 'none',
    account: item === undefined ? emptyAccount(accountId) : (JSON.parse(text(item, 'state') ?? 'null') as Account),
    ...optional('caseId', text(item, 'caseId')),
    ...optional('execMachine', text(item, 'execMachine')),
    ...optional('execName', text(item, 'execName')),
    ...optional('execInput', text(item, 'execInput')),
    ...optional('execSince', text(item, 'execSince')),
    ...optional('waitToken', text(item, 'waitToken')),
    ...optional('waitSignals', number(item, 'waitSignals')),
    ...optional('leftToken', text(item, 'leftToken')),
  };
}

export interface GovernorRecord {
  readonly exists: boolean;
  readonly version: number;
  readonly governor: Governor;
}

/** A customer of whom nothing is known yet. */
function emptyGovernor(customerId: string): Governor {
  return {
    customerId,
    known: false,
    points: [],
    findings: {},
    wishes: { windows: [], inconvenient: [], optedOut: [] },
    contacts: [],
    holds: [],
    openCases: [],
  };
}

export function readGovernor(customerId: string, item: Item | undefined): GovernorRecord {
  if (item === undefined) return { exists: false, version: 0, governor: emptyGovernor(customerId) };
  return { exists: true, version: number(item, 'governorVersion') ?? 0, governor: JSON.parse(text(item, 'state') ?? 'null') as Governor };
}

export function contactIdOf(current: Pick<Case, 'caseId'>, contact: Pick<Contact, 'key'>): string {
  return `${current.caseId}-${contact.key}`;
}
