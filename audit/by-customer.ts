import { audit, type Report } from './report.ts';
import { customersOwn, type Item, parsed, type StoredAccount } from './stored.ts';
import type { Deployment } from './timelines.ts';

/** A table that is read bit by bit. */
export interface TableReader {
  /** Every item that an audit reads, in any order. */
  scan(): AsyncIterable<Item>;
  /** The items of one partition; none where there is no such partition. */
  partition(pk: string): Promise<readonly Item[]>;
}

/**
 * The same report as `audit` gives of all items together, for a table of any size: it is gone through once for who belongs together, and
 * then once more, customer by customer. Only the accounts that one customer has or is a party of are in memory at a time.
 *
 * @param see is shown every account with its timeline
 */
export async function auditByCustomer(table: TableReader, deployment: Deployment, see?: (account: StoredAccount) => void): Promise<Report> {
  const sum = new ReportSum();
  for (const { partitions, facts } of await groupsOf(table)) {
    const items = [...facts];
    for (const pk of partitions) items.push(...(await table.partition(pk)));
    sum.add(audit(items, deployment, see));
  }
  return sum.report();
}

/** Accounts and customers that must be looked at together, by their partitions, and what was recorded of them elsewhere. */
interface Group {
  readonly partitions: string[];
  readonly facts: Item[];
}

async function groupsOf(table: TableReader): Promise<Iterable<Group>> {
  const joined = new Joined();
  const facts: { readonly owner: string; readonly item: Item }[] = [];
  for await (const item of table.scan()) {
    if (item.pk.startsWith('FACT#')) {
      const owner = ownerOf(item);
      if (owner !== undefined) facts.push({ owner: joined.root(customerPartition(owner)), item });
    } else {
      const customerId = parsed(item.entry)?.customerId;
      if (typeof customerId === 'string') joined.join(item.pk, customerPartition(customerId));
      else joined.root(item.pk);
    }
  }
  const groups = new Map<string, Group>();
  const groupOf = (pk: string): Group => {
    const root = joined.root(pk);
    const group = groups.get(root) ?? { partitions: [], facts: [] };
    groups.set(root, group);
    return group;
  };
  for (const pk of joined.members()) groupOf(pk).partitions.push(pk);
  for (const { owner, item } of facts) groupOf(owner).facts.push(item);
  return groups.values();
}

const customerPartition = (customerId: string): string => `CUSTOMER#${customerId}`;

/** The customer whom a fact about no account in particular is about. */
function ownerOf(item: Item): string | undefined {
  const { attempts, reports } = customersOwn([item]);
  const customerId = attempts[0]?.customerId ?? reports[0]?.event.customerId;
  return typeof customerId === 'string' ? customerId : undefined;
}

/** Which of many names belong together, directly or by others between them. */
class Joined {
  readonly #parents = new Map<string, string>();

  /** The name that stands for all that belong to this one; itself where nothing was joined to it. */
  root(name: string): string {
    let root = name;
    for (let parent = this.#parents.get(root) ?? root; parent !== root; parent = this.#parents.get(root) ?? root) {
      // Each look shortens the chain for the next one.
      this.#parents.set(root, this.#parents.get(parent) ?? parent);
      root = parent;
    }
    this.#parents.set(root, root);
    return root;
  }

  join(one: string, other: string): void {
    this.#parents.set(this.root(one), this.root(other));
  }

  members(): Iterable<string> {
    return [...this.#parents.keys()];
  }
}

/** Counts by rule, added up. */
class RuleSum {
  readonly #rules = new Map<string, { checked: number; violations: number }>();

  add(rules: Report['rules']): void {
    for (const { rule, checked, violations } of rules) {
      const row = this.#rules.get(rule) ?? { checked: 0, violations: 0 };
      row.checked += checked;
      row.violations += violations;
      this.#rules.set(rule, row);
    }
  }

  rows(): Report['rules'] {
    return [...this.#rules].map(([rule, row]) => ({ rule, ...row })).sort((one, other) => (one.rule < other.rule ? -1 : 1));
  }
}

class ReportSum {
  readonly #rules = new RuleSum();
  readonly #conduct = new RuleSum();
  readonly #acts: Report['conduct']['problems'][number][] = [];
  readonly #unproven: Report['unproven'][number][] = [];
  readonly #violations: Report['violations'][number][] = [];
  readonly #ungated: Report['ungated'][number][] = [];
  readonly #imported: Report['imported'][number][] = [];
  readonly #referrals: Report['referrals']['problems'][number][] = [];
  #referred = 0;
  #accounts = 0;
  #customers = 0;
  #contacts = 0;
  #judged = 0;

  add(part: Report): void {
    this.#accounts += part.accounts;
    this.#customers += part.customers;
    this.#contacts += part.contacts;
    this.#judged += part.judged;
    this.#unproven.push(...part.unproven);
    this.#violations.push(...part.violations);
    this.#ungated.push(...part.ungated);
    this.#imported.push(...part.imported);
    this.#referrals.push(...part.referrals.problems);
    this.#referred += part.referrals.count;
    this.#acts.push(...part.conduct.problems);
    this.#rules.add(part.rules);
    this.#conduct.add(part.conduct.rules);
  }

  report(): Report {
    return {
      accounts: this.#accounts,
      customers: this.#customers,
      contacts: this.#contacts,
      judged: this.#judged,
      unproven: this.#unproven,
      rules: this.#rules.rows(),
      violations: this.#violations,
      ungated: this.#ungated,
      imported: this.#imported,
      referrals: { count: this.#referred, problems: this.#referrals },
      conduct: { rules: this.#conduct.rows(), problems: this.#acts },
    };
  }
}
