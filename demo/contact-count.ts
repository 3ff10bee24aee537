import type { Line, StoredAccount } from '../audit/stored.ts';
import { type Counts, total, up } from './result.ts';

/** The contacts with customers, as the timelines of their accounts tell of them. */
export interface ContactCounts {
  /** Messages sent, calls made and visits paid for cases, by channel. */
  byChannel: Counts;
  /** The part of them that was for cases which were cured. */
  ofCuredByChannel: Counts;
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
  ContactWithheld: 'withheld for a while',
  ContactSuppressed: 'only as if (shadow)',
  ContactFailed: 'failed',
  ContactLost: 'lost',
  MessageImpossible: 'impossible',
};

interface CaseSeen {
  readonly contacts: Counts;
  isCured: boolean;
  isOpen: boolean;
  track: string;
}

/** Counts timelines, one account after the other; nothing is kept of an account but numbers. */
export class ContactCount {
  readonly counts: ContactCounts = {
    byChannel: {},
    ofCuredByChannel: {},
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
    for (const seen of cases.values()) this.#count(seen);
  }

  #count({ contacts, isCured, isOpen, track }: CaseSeen): void {
    const number = String(total(contacts));
    up(this.counts.perCase, number);
    if (isOpen) up(this.counts.tracks, track);
    if (!isCured) return;
    up(this.counts.perCuredCase, number);
    for (const [channel, count] of Object.entries(contacts)) up(this.counts.ofCuredByChannel, channel, count);
  }

  #sent({ channel, template, notice }: Line, current: CaseSeen | undefined): void {
    if (notice !== undefined) {
      up(this.counts.notices, `${(notice as { readonly kind: string }).kind} ${String(channel)}`);
      return;
    }
    up(this.counts.byChannel, String(channel));
    if (String(template).split(VERSION)[0] === BUREAU_NOTICE) this.counts.bureauNotices += 1;
    if (current !== undefined) up(current.contacts, String(channel));
  }

  /** Reviews are reported too: a call or a visit was made under an attempt, or without one where nobody asked the gate. */
  #reported({ attemptId, ungated }: Line, task: Line | undefined, cases: ReadonlyMap<string, CaseSeen>): void {
    if (attemptId === undefined && ungated !== true) return;
    const channel = task?.queue === 'field-visit' ? 'visit' : 'voice';
    up(this.counts.byChannel, channel);
    // It counts for the case of its task, which may have ended when the report came.
    const current = cases.get(String(task?.caseId));
    if (current !== undefined) up(current.contacts, channel);
  }
}

function caseOf({ type, caseId }: Line, cases: Map<string, CaseSeen>): CaseSeen | undefined {
  if (typeof caseId !== 'string') return undefined;
  if (type === 'JourneyOpened') cases.set(caseId, { contacts: {}, isCured: false, isOpen: true, track: TRACK_AT_FIRST });
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
  const all = total(cases);
  let seen = 0;
  const p95 = rows.find(({ count }) => {
    seen += count;
    return seen >= 0.95 * all;
  });
  return {
    cases: all,
    mean: all === 0 ? 0 : rows.reduce((sum, { contacts, count }) => sum + contacts * count, 0) / all,
    p95: p95?.contacts ?? 0,
    max: rows.at(-1)?.contacts ?? 0,
  };
}
