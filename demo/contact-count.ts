import type { Line, StoredAccount } from '../audit/stored.ts';
import { type Counts, up } from './result.ts';

/** The contacts with customers, as the timelines of their accounts tell of them. */
export interface ContactCounts {
  /** Messages sent, calls made and visits paid for cases, by channel. */
  byChannel: Counts;
  /** Cases by how many of those each had. */
  perCase: Counts;
  perCuredCase: Counts;
  /** Messages outside the cases, by kind and channel: acknowledgements of payments, reminders before a due date. */
  notices: Counts;
  /** Of the messages: those that announce a report to the credit bureau. */
  bureauNotices: number;
  /** What became of messages, by channel and report. */
  deliveries: Counts;
  /** What kept messages from going, or from going at once. */
  setbacks: Counts;
  /** Cases open at the end, by track. */
  tracks: Counts;
}

const BUREAU_NOTICE = 'bureau-notice';
/** What was sent names the version of its words behind the template. */
const VERSION = '@';
const TRACK_AT_FIRST = 'standard';

const SETBACKS: Readonly<Record<string, string>> = {
  ContactDeferred: 'put off by the provider',
  ContactWithheld: 'withheld by a stop',
  ContactSuppressed: 'only as if (shadow)',
  ContactFailed: 'failed',
  ContactLost: 'lost',
  MessageImpossible: 'impossible',
};

interface CaseSeen {
  contacts: number;
  isCured: boolean;
  isOpen: boolean;
  track: string;
}

/** Counts timelines, one account after the other; nothing is kept of an account but numbers. */
export class ContactCount {
  readonly counts: ContactCounts = {
    byChannel: {},
    perCase: {},
    perCuredCase: {},
    notices: {},
    bureauNotices: 0,
    deliveries: {},
    setbacks: {},
    tracks: {},
  };

  add({ lines }: StoredAccount): void {
    const cases = new Map<string, CaseSeen>();
    const tasks = new Map<unknown, Line>();
    for (const line of lines) {
      const current = caseOf(line, cases);
      if (current !== undefined) follow(current, line);
      if (line.type === 'TaskOpened') tasks.set(line.taskId, line);
      if (line.type === 'ContactSent') this.#sent(line, current);
      if (line.type === 'TaskOutcomeReported') this.#reported(line, tasks.get(line.taskId), cases);
      if (line.type === 'DeliveryReported') up(this.counts.deliveries, `${String(line.channel)} ${String(line.status)}`);
      const setback = SETBACKS[line.type];
      if (setback !== undefined) up(this.counts.setbacks, setback);
    }
    for (const { contacts, isCured, isOpen, track } of cases.values()) {
      up(this.counts.perCase, String(contacts));
      if (isCured) up(this.counts.perCuredCase, String(contacts));
      if (isOpen) up(this.counts.tracks, track);
    }
  }

  #sent({ channel, template, notice }: Line, current: CaseSeen | undefined): void {
    if (notice !== undefined) {
      up(this.counts.notices, `${(notice as { readonly kind: string }).kind} ${String(channel)}`);
      return;
    }
    up(this.counts.byChannel, String(channel));
    if (String(template).split(VERSION)[0] === BUREAU_NOTICE) this.counts.bureauNotices += 1;
    if (current !== undefined) current.contacts += 1;
  }

  /** Reviews are reported too: a call or a visit was made under an attempt, or without one where nobody asked the gate. */
  #reported({ attemptId, ungated }: Line, task: Line | undefined, cases: ReadonlyMap<string, CaseSeen>): void {
    if (attemptId === undefined && ungated !== true) return;
    up(this.counts.byChannel, task?.queue === 'field-visit' ? 'visit' : 'voice');
    // It counts for the case of its task, which may have ended when the report came.
    const current = cases.get(String(task?.caseId));
    if (current !== undefined) current.contacts += 1;
  }
}

function caseOf({ type, caseId }: Line, cases: Map<string, CaseSeen>): CaseSeen | undefined {
  if (typeof caseId !== 'string') return undefined;
  if (type === 'JourneyOpened') cases.set(caseId, { contacts: 0, isCured: false, isOpen: true, track: TRACK_AT_FIRST });
  return cases.get(caseId);
}

function follow(current: CaseSeen, line: Line): void {
  switch (line.type) {
    case 'TrackChanged':
      current.track = String(line.to);
      break;
    case 'AccountCured':
      current.isCured = true;
      break;
    case 'CureReversed':
      current.isCured = false;
      break;
    case 'JourneyClosed':
      current.isOpen = false;
      break;
  }
}

/** How many contacts cases had, read off their distribution. */
export interface Spread {
  readonly cases: number;
  readonly mean: number;
  /** No more than so many in 95 of 100 cases. */
  readonly p95: number;
  readonly max: number;
}

export function spreadOf(cases: Counts): Spread {
  const rows = Object.entries(cases)
    .map(([contacts, count]) => ({ contacts: Number(contacts), count }))
    .sort((one, other) => one.contacts - other.contacts);
  const total = rows.reduce((sum, { count }) => sum + count, 0);
  let seen = 0;
  const p95 = rows.find(({ count }) => {
    seen += count;
    return seen >= 0.95 * total;
  });
  return {
    cases: total,
    mean: total === 0 ? 0 : rows.reduce((sum, { contacts, count }) => sum + contacts * count, 0) / total,
    p95: p95?.contacts ?? 0,
    max: rows.at(-1)?.contacts ?? 0,
  };
}
