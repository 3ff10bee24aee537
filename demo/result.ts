/** What came of a portfolio. Plain data: results of clouds beside each other are added up. */

export type Counts = Record<string, number>;

export interface DemoResult {
  accounts: number;
  /** What the bank sent. */
  events: number;
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
  contactsByChannel: Counts;
  /** Closed tasks by queue, then outcome; the ones closed otherwise by the reason in brackets. */
  tasks: Record<string, Counts>;
  tasksOpened: Counts;
  /** Events out by name. */
  eventsOut: Counts;
  desk: {
    outcomes: number;
    attempts: number;
    attemptsDeferred: number;
    attemptsDenied: number;
    plansAsked: number;
    plansAgreed: number;
  };
  work: Work;
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
  /** The part of the reads that the scheduled sweep makes, whatever the number of cases. */
  sweepReads: number;
  sweepReadUnits: number;
  eventsPut: number;
  emails: number;
}

type Sums = { readonly [name: string]: number | Sums };

/** Adds up two results, name by name; a name that only one has counts from zero. */
export function addResults(one: DemoResult, other: DemoResult): DemoResult {
  return add(one as unknown as Sums, other as unknown as Sums) as unknown as DemoResult;
}

function add(one: Sums, other: Sums): Sums {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return Object.fromEntries([...names].map((name) => [name, sum(one[name], other[name])]));
}

function sum(one: number | Sums | undefined, other: number | Sums | undefined): number | Sums {
  if (typeof one === 'object' || typeof other === 'object') return add((one ?? {}) as Sums, (other ?? {}) as Sums);
  return (one ?? 0) + (other ?? 0);
}
