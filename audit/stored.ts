import { createHash } from 'node:crypto';

/** The case table as it is stored: accounts with their timelines, customers with what the gate reads of them. */

/** An item with plain values for DynamoDB's typed ones. */
export type Item = Readonly<Record<string, unknown>> & { readonly pk: string; readonly sk: string };

/** One entry of a timeline. */
export interface Line {
  readonly seq: number;
  /** When it was recorded. */
  readonly at: string;
  readonly type: string;
  readonly [fact: string]: unknown;
}

export interface StoredAccount {
  readonly accountId: string;
  readonly lines: readonly Line[];
  /** Why the chain of hashes does not prove the timeline; absent when it does. */
  readonly problem?: string;
}

export interface StoredPoint {
  readonly id: string;
  readonly channel: string;
  readonly owner: string;
  readonly consent?: boolean;
  readonly addressKey: string;
}

/** A hold as the customer's record has it. */
export interface StoredHold {
  readonly kind: string;
  readonly placedAt: string;
  /** When it became known; of older ones nobody can say. */
  readonly recordedAt?: string;
  readonly expiresAt?: string;
  readonly releasedAt?: string;
}

/** What is not on any timeline: the customer's contact points and wishes as they are now. */
export interface StoredCustomer {
  readonly customerId: string;
  readonly asOf?: string;
  readonly timeZone?: string;
  readonly jurisdiction?: string;
  readonly points: readonly StoredPoint[];
  /** What is known of addresses, by `<channel>|<address key>` or the key alone. */
  readonly findings?: Readonly<Record<string, string>>;
  /** Placed on the customer, over all accounts. */
  readonly holds?: readonly StoredHold[];
  readonly wishes: { readonly windows: readonly string[]; readonly inconvenient: readonly string[]; readonly optedOut: readonly string[] };
}

export function accountsOf(items: Iterable<Item>): StoredAccount[] {
  const heads = new Map<string, Item>();
  const entries = new Map<string, Item[]>();
  for (const item of items) {
    if (!item.pk.startsWith('ACCOUNT#')) continue;
    if (item.sk === '#HEAD') heads.set(item.pk, item);
    if (item.sk.startsWith('T#')) entries.set(item.pk, [...(entries.get(item.pk) ?? []), item]);
  }
  return [...new Set([...heads.keys(), ...entries.keys()])].sort().map((pk) => {
    const own = (entries.get(pk) ?? []).sort((one, other) => (one.sk < other.sk ? -1 : 1));
    const problem = chainProblem(own, heads.get(pk));
    const lines = own.flatMap((item) => parsed(item.entry) ?? []);
    return { accountId: pk.slice('ACCOUNT#'.length), lines, ...(problem === undefined ? {} : { problem }) };
  });
}

export function customersOf(items: Iterable<Item>): Map<string, StoredCustomer> {
  const found = new Map<string, StoredCustomer>();
  for (const { pk, sk, state } of items) {
    if (sk !== 'GOVERNOR') continue;
    const customerId = pk.slice('CUSTOMER#'.length);
    found.set(customerId, { ...(JSON.parse(String(state)) as StoredCustomer), customerId });
  }
  return found;
}

/** The account's own customer. */
export function ownerOf({ lines }: Pick<StoredAccount, 'lines'>): unknown {
  return lines.find(({ type }) => ['AccountOverdue', 'StatementIssued', 'JourneyOpened'].includes(type))?.customerId;
}

/** A reservation about no account in particular: no timeline tells of it. */
export interface StoredAttempt {
  readonly attemptId: string;
  readonly customerId: string;
  readonly channel: string;
  readonly contactPointId: string;
  readonly purpose: string;
  readonly actor?: string;
  readonly reservedAt: string;
  readonly expiresAt: string;
}

/** A reported contact about no account in particular: the timelines of the cases then open have copies. */
export interface StoredReport {
  readonly event: Readonly<Record<string, unknown>>;
  readonly recordedAt: string;
  readonly contactPointId?: string;
  readonly gated: boolean;
}

export interface CustomersOwn {
  readonly attempts: readonly StoredAttempt[];
  readonly reports: readonly StoredReport[];
}

/** What was recorded of contacts with customers that named no account. */
export function customersOwn(items: Iterable<Item>): CustomersOwn {
  const attempts: StoredAttempt[] = [];
  const reports: StoredReport[] = [];
  for (const { pk, body } of items) {
    if (pk.startsWith('FACT#attempt#')) {
      const attempt = JSON.parse(String(body)) as StoredAttempt & { readonly accountId?: string };
      if (attempt.accountId === undefined) attempts.push(attempt);
    }
    if (pk.startsWith('FACT#contact#')) {
      const report = JSON.parse(String(body)) as StoredReport;
      if (report.event.accountId === undefined) reports.push(report);
    }
  }
  return { attempts, reports };
}

// ---- the chain of hashes -------------------------------------------------------------------------------------------------

/** Every entry's text is canonical and gives its hash, names its place and the hash before it; the head names the last. */
function chainProblem(entries: readonly Item[], head: Item | undefined): string | undefined {
  let previous = '0'.repeat(64);
  for (const [index, { entry: text, hash }] of entries.entries()) {
    const place = `entry ${index + 1}`;
    const line = parsed(text);
    if (line === undefined) return `${place} is no JSON object`;
    if (canonical(line) !== text) return `${place} is not in canonical form`;
    if (createHash('sha256').update(String(text)).digest('hex') !== hash) return `${place} was changed after it was written`;
    if (line.seq !== index + 1) return `${place} is missing`;
    if (line.previousHash !== previous) return `${place} does not follow the one before it`;
    previous = String(hash);
  }
  if (head === undefined) return 'there is no head';
  if (head.version !== entries.length) return `the head counts ${String(head.version)} entries of ${entries.length}`;
  return head.headHash === previous ? undefined : 'the head names another last entry';
}

/** An entry of a timeline; undefined for what is none. */
export function parsed(text: unknown): Line | undefined {
  try {
    const value: unknown = JSON.parse(String(text));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Line) : undefined;
  } catch {
    return undefined;
  }
}

/** RFC 8785: no white space, members in the order of their names by UTF-16 code units, strings and numbers as JavaScript writes them. */
export function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((element) => canonical(element)).join(',')}]`;
  const names = Object.keys(value).sort((one, other) => (one < other ? -1 : 1));
  const members = names.map((name) => `${JSON.stringify(name)}:${canonical((value as Record<string, unknown>)[name])}`);
  return `{${members.join(',')}}`;
}
