import type { PlainItem, Snapshot } from './snapshot.ts';

/** One timeline entry as it is stored, read without the application's types. */
export interface Line {
  readonly seq: number;
  readonly at: string;
  readonly type: string;
  readonly caseId?: string;
  readonly [fact: string]: unknown;
}

export interface StoredAccount {
  readonly accountId: string;
  readonly head: PlainItem;
  readonly lines: readonly Line[];
  readonly chain: readonly { readonly text: string; readonly hash: string }[];
}

/** The accounts of a table: head items with their timelines. */
export function accountsOf({ items }: Pick<Snapshot, 'items'>): StoredAccount[] {
  const entries = new Map<string, PlainItem[]>();
  for (const item of items) if (item.sk.startsWith('T#')) entries.set(item.pk, [...(entries.get(item.pk) ?? []), item]);
  return items
    .filter((item) => item.sk === '#HEAD')
    .map((head) => {
      const own = (entries.get(head.pk) ?? []).sort((one, other) => (one.sk < other.sk ? -1 : 1));
      return {
        accountId: head.pk.slice('ACCOUNT#'.length),
        head,
        lines: own.map((item) => JSON.parse(String(item.entry)) as Line),
        chain: own.map((item) => ({ text: String(item.entry), hash: String(item.hash) })),
      };
    });
}

/** The customers' records that the gate reads, by customer. */
export function governorsOf({ items }: Snapshot): Map<string, GovernorState> {
  const found = new Map<string, GovernorState>();
  for (const item of items)
    if (item.sk === 'GOVERNOR') found.set(item.pk.slice('CUSTOMER#'.length), JSON.parse(String(item.state)) as GovernorState);
  return found;
}

export interface GovernorState {
  readonly timeZone?: string;
  readonly jurisdiction?: string;
  readonly points: readonly { readonly id: string; readonly channel: string; readonly owner: string; readonly addressKey: string }[];
  readonly wishes: { readonly windows: readonly string[]; readonly inconvenient: readonly string[]; readonly optedOut: readonly string[] };
  readonly holds: readonly { readonly holdId: string; readonly releasedAt?: string }[];
  readonly openCases: readonly { readonly accountId: string; readonly caseId: string }[];
}
