import { LedgerReading } from '../evidence/ledger.ts';
import type { State } from '../facts.ts';
import type { Line } from '../stored.ts';
import { statesOf } from '../timeline-states.ts';
import { type Ask, DAY_MILLIS, type Told } from './told.ts';

/**
 * When nothing is asked of a customer: once nothing is owed, counted from the facts themselves and not from what the journal says of them
 * (invariant 1), and while a hold, an arrangement, a promise or an agency has the account. And that nobody forgets a hold.
 */

/** A shortfall of up to this counts as paid; minor units. */
const TOLERANCE: Readonly<Record<string, number>> = { CNY: 1000 };
const CONTACT_QUEUES = ['call', 'field-visit'];
const CONTACTS = ['ContactReserved', 'ContactSuppressed', 'AttemptReserved'];
/** Asks for nothing, or comes before anything is owed. */
const FREE = ['payment-acknowledgement', 'fraud-alert', 'pre-due', 'reply', 'verification', 'moratorium-notice'];
const RESTS: readonly State['name'][] = ['held', 'placed', 'arranged', 'promised', 'closed'];

export function checkRests(told: Told, ask: Ask): void {
  const ledger = new LedgerReading();
  const states = statesOf(told.account, told.customer).filter(({ name }) => RESTS.includes(name));
  let currency = '';
  for (const line of told.account.lines) {
    const isTask = line.type === 'TaskOpened' && CONTACT_QUEUES.includes(String(line.queue));
    const isContact = CONTACTS.includes(line.type) && !FREE.includes(String(line.purpose)) && line.notice === undefined;
    if (isTask || isContact) {
      const owed = ledger.overdue;
      ask('REST.PAID', line, currency !== '' && owed <= (TOLERANCE[currency] ?? 0) ? `${owed} minor units are overdue` : undefined);
    }
    if (isTask) ask('REST.TASK', line, sayRest(line, states));
    ledger.learn(line);
    if (line.type === 'AccountOverdue') currency = (line.overdue as { readonly currency: string }).currency;
  }
}

function sayRest(line: Line, states: readonly State[]): string | undefined {
  const at = Date.parse(line.at);
  const isBefore = (moment: State['from']): boolean =>
    moment === undefined || (moment.seq === undefined ? Date.parse(moment.at) <= at : moment.seq < line.seq);
  const state = states.find(({ from, to }) => isBefore(from) && !(to !== undefined && isBefore(to)));
  return state === undefined ? undefined : `the account rests: ${state.name}${state.detail === undefined ? '' : ` (${state.detail})`}`;
}

/** After how many days a hold without an end is looked at by a person. */
const REVIEW_DAYS: Readonly<Record<string, number>> = {
  dispute: 30,
  complaint: 10,
  'hardship-review': 30,
  negotiation: 14,
  'breathing-space': 60,
  'cease-contact': 90,
  represented: 30,
  bankruptcy: 30,
  deceased: 30,
  fraud: 45,
  disaster: 90,
  manual: 14,
  placed: 90,
};
/** A machine that had died is found and mended meanwhile. */
const SLACK_MILLIS = DAY_MILLIS;

/** Every hold without an end comes before a person in time, as long as a case is open and the record goes on. */
export function checkHolds({ account: { lines } }: Told, ask: Ask): void {
  const last = Date.parse(lines.at(-1)?.at ?? '');
  for (const hold of lines.filter(({ type, expiresAt }) => type === 'HoldPlaced' && expiresAt === undefined)) {
    const about = lines.filter((row) => row.seq > hold.seq && (row.holdId === hold.holdId || row.subject === hold.holdId));
    const ends = about.find(({ type }) => type === 'HoldReleased');
    const until = ends === undefined ? last : Date.parse(ends.at);
    const days = REVIEW_DAYS[String(hold.kind)];
    const since = [Math.max(Date.parse(String(hold.placedAt)), Date.parse(hold.at)), ...timesOf(about, 'HoldReviewed')];
    const asked = timesOf(about, 'TaskOpened');
    const late = since.find((at) => {
      const due = at + (days ?? 0) * DAY_MILLIS + SLACK_MILLIS;
      return due < until && !asked.some((ask) => at <= ask && ask <= due) && wasOpen(lines, due - SLACK_MILLIS, due);
    });
    const why = days === undefined ? `nobody knows the kind ${String(hold.kind)}` : late === undefined ? undefined : sayLate(late, days);
    ask('HOLD.REVIEW', hold, why);
  }
}

function sayLate(since: number, days: number): string {
  return `nobody was asked to review it within ${days} days of ${new Date(since).toISOString()}`;
}

function timesOf(about: readonly Line[], type: string): readonly number[] {
  return about.filter((row) => row.type === type).map(({ at }) => Date.parse(at));
}

function wasOpen(lines: readonly Line[], from: number, to: number): boolean {
  const opened = lines.findLast(({ type, at }) => type === 'JourneyOpened' && Date.parse(at) <= from);
  return (
    opened !== undefined &&
    !lines.some(
      (row) => ['CaseEnded', 'JourneyClosed', 'AccountCured'].includes(row.type) && row.seq > opened.seq && Date.parse(row.at) <= to,
    )
  );
}
