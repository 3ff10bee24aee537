import type { AgreementCounts } from './agreement-count.ts';
import type { AuditCounts } from './audit.ts';
import type { ContactCounts } from './contact-count.ts';
import type { DeskCounts } from './desk.ts';
import type { EvidenceCounts } from './evidence.ts';

/** What came of a portfolio. Plain data: results of clouds beside each other are added up. */

export type Counts = Record<string, number>;

export function up(counts: Counts, name: string, by = 1): void {
  counts[name] = (counts[name] ?? 0) + by;
}

export function total(counts: Counts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

export interface DemoResult {
  accounts: number;
  /** What the bank sent: the portfolio's events alone. */
  events: number;
  /** What the script had the core and the courts send besides, by type. */
  scripted: Counts;
  rejected: number;
  opened: number;
  curedByPayment: number;
  curedByBalance: number;
  /** Cases neither cured nor closed, held and arranged ones among them. */
  openAtEnd: number;
  /** By what the rejection said. */
  rejections: Counts;
  /** Cases by the deepest stage each reached. */
  deepestStages: Counts;
  /** Closed tasks by queue, then outcome; the ones closed otherwise by the reason in brackets. */
  tasks: Record<string, Counts>;
  tasksOpened: Counts;
  /** Events out by name. */
  eventsOut: Counts;
  desk: DeskCounts;
  work: Work;
  contacts: ContactCounts;
  agreements: AgreementCounts;
  evidence: EvidenceCounts;
  audit: AuditCounts;
}

/** What the application asked of the cloud. */
export interface Work {
  executions: number;
  stateTransitions: number;
  functionCalls: Counts;
  functionErrors: number;
  tableReads: number;
  tableWrites: number;
  readUnits: number;
  writeUnits: number;
  /** The part of the calls and reads that goes by schedule, whatever the number of cases. */
  scheduledCalls: Counts;
  scheduledReads: number;
  scheduledReadUnits: number;
  eventsPut: number;
  emails: number;
}

type Sum = number | readonly string[] | Sums;
type Sums = { readonly [name: string]: Sum };

/** Adds up two results, name by name; a name that only one has counts from zero. Sentences of one stand before those of the other. */
export function addResults(one: DemoResult, other: DemoResult): DemoResult {
  return add(one as unknown as Sums, other as unknown as Sums) as unknown as DemoResult;
}

function add(one: Sums, other: Sums): Sums {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return Object.fromEntries([...names].map((name) => [name, sum(one[name], other[name])]));
}

function sum(one: Sum = 0, other: Sum = 0): Sum {
  if (typeof one === 'number' && typeof other === 'number') return one + other;
  if (isList(one) || isList(other)) return [...(isList(one) ? one : []), ...(isList(other) ? other : [])];
  return add(one === 0 ? {} : (one as Sums), other === 0 ? {} : (other as Sums));
}

function isList(value: Sum): value is readonly string[] {
  return Array.isArray(value);
}
