import { checkCustomer, isJudged } from './check.ts';
import { type ConductProblem, conductOf } from './conduct.ts';
import type { Violation } from './facts.ts';
import { type Imported, importsOf } from './imports.ts';
import { type ReferralProblem, referralsOf } from './referrals.ts';
import { accountsOf, customersOf, customersOwn, type Item, type StoredAccount } from './stored.ts';
import type { ToldContact } from './timeline-contacts.ts';
import { type Deployment, recordsOf } from './timelines.ts';

/** What an audit of a table found. */
export interface Report {
  readonly accounts: number;
  readonly customers: number;
  readonly contacts: number;
  /** Those of them that somebody answers for, and that the rules were asked about. */
  readonly judged: number;
  /** Timelines whose chain of hashes does not prove them: nothing that they say can be relied on. */
  readonly unproven: readonly { readonly accountId: string; readonly why: string }[];
  /** By rule, in the order of their names: how many contacts it was asked about, and how many broke it. */
  readonly rules: readonly { readonly rule: string; readonly checked: number; readonly violations: number }[];
  readonly violations: readonly (Violation & { readonly customerId: string })[];
  /** Contacts that were made without asking the gate. */
  readonly ungated: readonly Ungated[];
  /** Cases that ran elsewhere, with how many contacts; those count and were others' to answer for. */
  readonly imported: readonly Imported[];
  /** Suits that were handed over, and what the timeline does not show of what must come before. */
  readonly referrals: { readonly count: number; readonly problems: readonly ReferralProblem[] };
  /** What the bank and its people did beside contacts: by rule, how many entries it was asked about and how many broke it; and those. */
  readonly conduct: {
    readonly rules: readonly { readonly rule: string; readonly checked: number; readonly violations: number }[];
    readonly problems: readonly ConductProblem[];
  };
}

export interface Ungated {
  readonly customerId: string;
  readonly contactId: string;
  readonly at: string;
  readonly recordedAt: string;
  readonly channel: string;
  readonly outcome: string;
  readonly by: string;
}

/**
 * Judges all contacts that the items of a case table tell of; items of other kinds do not matter.
 *
 * @param see is shown every account with its timeline
 */
export function audit(items: readonly Item[], deployment: Deployment, see: (account: StoredAccount) => void = () => undefined): Report {
  const accounts = accountsOf(items);
  accounts.forEach(see);
  const customers = customersOf(items);
  const records = recordsOf({ accounts, customers, own: customersOwn(items) }, deployment);
  const conduct = accounts.map((account) => conductOf({ account, customer: customers.get(customerIdOf(account) ?? '') }));
  const referrals = accounts.map((account) => referralsOf(account, customers.get(customerIdOf(account) ?? ''), deployment));
  const rules = new Map<string, { checked: number; violations: number }>();
  const violations: Report['violations'][number][] = [];
  for (const record of records) {
    const { customerId } = record;
    const found = checkCustomer(record);
    for (const [rule, count] of found.checked) {
      const row = rules.get(rule) ?? { checked: 0, violations: 0 };
      row.checked += count;
      rules.set(rule, row);
    }
    for (const violation of found.violations) {
      violations.push({ customerId, ...violation });
      const row = rules.get(violation.rule);
      if (row !== undefined) row.violations += 1;
    }
  }
  return {
    accounts: accounts.length,
    customers: records.length,
    contacts: records.reduce((sum, record) => sum + record.contacts.length, 0),
    judged: records.reduce((sum, record) => sum + record.contacts.filter(isJudged).length, 0),
    unproven: accounts.flatMap(({ accountId, problem }) => (problem === undefined ? [] : [{ accountId, why: problem }])),
    rules: [...rules].map(([rule, row]) => ({ rule, ...row })).sort((one, other) => (one.rule < other.rule ? -1 : 1)),
    violations,
    ungated: records.flatMap(({ customerId, contacts }) =>
      contacts.filter(({ ungated }) => ungated === true).map((contact) => listed(customerId, contact)),
    ),
    imported: accounts.flatMap(importsOf),
    referrals: {
      count: referrals.reduce((sum, { count }) => sum + count, 0),
      problems: referrals.flatMap(({ problems }) => problems),
    },
    conduct: summed(conduct),
  };
}

function summed(parts: readonly ReturnType<typeof conductOf>[]): Report['conduct'] {
  const rules = new Map<string, { checked: number; violations: number }>();
  const problems = parts.flatMap((part) => part.problems);
  for (const { asked } of parts) {
    for (const [rule, count] of asked) {
      const row = rules.get(rule) ?? { checked: 0, violations: 0 };
      row.checked += count;
      rules.set(rule, row);
    }
  }
  for (const { rule } of problems) {
    const row = rules.get(rule);
    if (row !== undefined) row.violations += 1;
  }
  return { rules: [...rules].map(([rule, row]) => ({ rule, ...row })).sort((one, other) => (one.rule < other.rule ? -1 : 1)), problems };
}

function customerIdOf({ lines }: StoredAccount): string | undefined {
  const customerId = lines.find(({ type }) => type === 'JourneyOpened')?.customerId;
  return typeof customerId === 'string' ? customerId : undefined;
}

function listed(customerId: string, { id, at, recordedAt = at, channel, said = '', actor = '' }: ToldContact): Ungated {
  return { customerId, contactId: id, at, recordedAt, channel, outcome: said, by: actor };
}

/**
 * Whether the table is in order: every timeline proves itself, every contact that went through the gate kept the rules, every suit has its
 * gates, and every other act came after what must come before it.
 */
export function isClean({ unproven, violations, referrals, conduct }: Report): boolean {
  return [unproven, violations, referrals.problems, conduct.problems].every(({ length }) => length === 0);
}

/** The report for a person, in lines. */
export function toText(report: Report): string {
  const { accounts, customers, contacts, unproven, rules, violations, ungated, imported, referrals, conduct } = report;
  const width = Math.max(...[...rules, ...conduct.rules].map(({ rule }) => rule.length), 'rule'.length);
  const row = (rule: string, checked: string, broken: string): string =>
    `${rule.padEnd(width)}  ${checked.padStart(9)}  ${broken.padStart(10)}`;
  return [
    `${contacts} contacts with ${customers} customers, on the timelines of ${accounts} accounts.`,
    '',
    row('rule', 'contacts', 'violations'),
    ...rules.map(({ rule, checked, violations: broken }) => row(rule, String(checked), String(broken))),
    '',
    `Violations: ${violations.length}`,
    ...violations.map(({ rule, customerId, contactId, at, why }) => `  ${rule}  ${customerId}  ${contactId}  ${at}  ${why}`),
    `Timelines that do not prove themselves: ${unproven.length}`,
    ...unproven.map(({ accountId, why }) => `  ${accountId}  ${why}`),
    `Suits handed over: ${referrals.count}; what their timelines do not show: ${referrals.problems.length}`,
    ...referrals.problems.map(({ accountId, seq, at, why }) => `  ${accountId}  entry ${seq}  ${at}  ${why}`),
    '',
    row('rule', 'entries', 'violations'),
    ...conduct.rules.map(({ rule, checked, violations: broken }) => row(rule, String(checked), String(broken))),
    '',
    `Acts that broke a rule: ${conduct.problems.length}`,
    ...conduct.problems.map(({ rule, accountId, seq, at, type, why }) => `  ${rule}  ${accountId}  entry ${seq} (${type})  ${at}  ${why}`),
    `Contacts that came with imported cases, counted and not judged: ${imported.reduce((sum, row) => sum + row.contacts, 0)}`,
    ...imported.map(
      ({ customerId, accountId, importId, recordedAt, contacts: brought }) =>
        `  ${customerId}  ${accountId}  ${importId}  ${brought} contacts  recorded ${recordedAt}`,
    ),
    `Contacts made without asking the gate: ${ungated.length}`,
    ...ungated.map(
      ({ customerId, contactId, at, recordedAt, channel, outcome, by }) =>
        `  ${customerId}  ${contactId}  ${channel}  ${at}  recorded ${recordedAt}  ${outcome}  by ${by}`,
    ),
    '',
  ].join('\n');
}
