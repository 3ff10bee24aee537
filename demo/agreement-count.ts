import type { Line, StoredAccount } from '../audit/stored.ts';
import { type Counts, up } from './result.ts';

/** What was agreed with customers, what became of it, and what people and courts said, as the timelines tell of it. */
export interface AgreementCounts {
  /** Promises by how they stand at the end; each part of one counts. */
  promises: Counts;
  /** The same by how many parts each had. */
  promiseParts: Counts;
  /** Plans by kind, each by its fate. */
  plans: Record<string, Counts>;
  /** Instalments by how they stand at the end: `due` counts those whose day has come, and so do the others but for the paid early. */
  instalments: Counts;
  /** What became of agreements at the core. */
  bookings: Counts;
  /** Why accounts were overdue, by what their customers said. */
  reasons: Counts;
  /** How often customers in hardship were asked for papers. */
  papersAsked: number;
  /** What the core was advised to do. */
  advised: Counts;
  /** Tasks that nobody got round to, by queue and objective. */
  expired: Counts;
  /** Suits and accounts by what was told of them: how often each. */
  told: Counts;
}

interface PlanSeen {
  readonly name: string;
  fate: string;
  booking: string;
}

/** Of one account, while it is counted. */
interface Seen {
  readonly promises: Map<string, string>;
  readonly parts: Map<string, number>;
  readonly plans: Map<string, PlanSeen>;
  /** By plan and number: whether it fell due, and how it stands. */
  readonly instalments: Map<string, { isDue: boolean; wasMissed: boolean; isPaid: boolean }>;
}

type Reading = (line: Line, seen: Seen, counts: AgreementCounts) => void;

/** Counts timelines, one account after the other; nothing is kept of an account but numbers. */
export class AgreementCount {
  readonly counts: AgreementCounts = {
    promises: {},
    promiseParts: {},
    plans: {},
    instalments: {},
    bookings: {},
    reasons: {},
    papersAsked: 0,
    advised: {},
    expired: {},
    told: {},
  };

  add({ lines }: StoredAccount): void {
    const seen: Seen = { promises: new Map(), parts: new Map(), plans: new Map(), instalments: new Map() };
    for (const line of lines) READINGS[line.type]?.(line, seen, this.counts);
    this.#count(seen);
  }

  #count({ promises, parts, plans, instalments }: Seen): void {
    const { counts } = this;
    for (const status of promises.values()) up(counts.promises, status);
    for (const number of parts.values()) up(counts.promiseParts, String(number));
    for (const { name, fate, booking } of plans.values()) {
      counts.plans[name] ??= {};
      up(counts.plans[name], fate);
      up(counts.bookings, booking);
    }
    for (const { isDue, isPaid, wasMissed } of instalments.values()) {
      if (isDue || wasMissed) up(counts.instalments, 'due');
      if (isPaid) up(counts.instalments, 'paid');
      if (isPaid && wasMissed) up(counts.instalments, 'made good late');
      if (wasMissed) up(counts.instalments, 'missed');
    }
  }
}

const PAPERS = 'hardship-documents@';

const promise =
  (status: string): Reading =>
  ({ promiseId }, { promises }) => {
    promises.set(String(promiseId), status);
  };

const plan =
  (change: Partial<PlanSeen>): Reading =>
  ({ planId }, { plans }) => {
    const known = plans.get(String(planId));
    if (known !== undefined) Object.assign(known, change);
  };

const instalment =
  (change: Partial<{ isDue: boolean; wasMissed: boolean; isPaid: boolean }>): Reading =>
  ({ planId, index }, { instalments }) => {
    const key = `${String(planId)}#${String(index)}`;
    instalments.set(key, { isDue: false, wasMissed: false, isPaid: false, ...instalments.get(key), ...change });
  };

/** By type of entry. */
const READINGS: Readonly<Record<string, Reading | undefined>> = {
  PromiseRecorded: (line, seen, counts) => {
    promise('open')(line, seen, counts);
    const taskId = String(line.taskId);
    seen.parts.set(taskId, (seen.parts.get(taskId) ?? 0) + 1);
  },
  PromiseKept: promise('kept'),
  PromiseBroken: (line, seen, counts) => promise(line.partKept === true ? 'part-kept' : 'broken')(line, seen, counts),
  PromiseEnded: promise('ended'),
  PromiseReopened: promise('open'),
  PlanAgreed: ({ planId, kind, instalments }, { plans }) => {
    const { length } = instalments as readonly unknown[];
    const name = length === 1 ? String(kind) : `${String(kind)} (${length})`;
    plans.set(String(planId), { name, fate: 'active', booking: 'no answer' });
  },
  PlanCompleted: plan({ fate: 'completed' }),
  PlanBroken: plan({ fate: 'broken' }),
  PlanEnded: ({ planId }, { plans }) => {
    const known = plans.get(String(planId));
    if (known !== undefined) known.fate = known.booking === 'rejected' ? 'rejected' : 'ended';
  },
  PlanBooked: (line, seen, counts) => plan({ booking: line.by === undefined ? 'booked' : 'booked, says a person' })(line, seen, counts),
  PlanRejected: plan({ booking: 'rejected' }),
  InstalmentDue: instalment({ isDue: true }),
  InstalmentPaid: instalment({ isPaid: true }),
  InstalmentMissed: instalment({ wasMissed: true }),
  TaskOutcomeReported: ({ reasonForArrears }, _seen, { reasons }) => {
    if (reasonForArrears !== undefined) up(reasons, String(reasonForArrears));
  },
  ContactSent: ({ template }, _seen, counts) => {
    if (String(template).startsWith(PAPERS)) counts.papersAsked += 1;
  },
  AccountActionAdvised: ({ action }, _seen, { advised }) => up(advised, String(action)),
  TaskClosed: ({ reason, queue, objective }, _seen, { expired }) => {
    if (reason === 'expired') up(expired, `${String(queue)}: ${String(objective)}`);
  },
  LegalStatusReported: ({ status }, _seen, { told }) => up(told, `court: ${String(status)}`),
  AccountStatusChanged: ({ status }, _seen, { told }) => up(told, `core: ${String(status)}`),
};
