import { broughtAlong } from './imported.ts';
import type { Line, StoredAccount } from './stored.ts';

/**
 * Invariants 1 and 6 by a walk along a timeline: what had been accepted before each act, in the timeline's own order. Written from the
 * text of the invariants, without the application's decider.
 */

const TOLERANCE: Readonly<Record<string, number>> = { CNY: 1000 };
const CONTACT_QUEUES = ['call', 'field-visit'];
/** Kinds of hold that stop the ladder's clock (contract section 2). */
const STOPS_CLOCK = [
  'dispute',
  'complaint',
  'hardship-review',
  'negotiation',
  'breathing-space',
  'deceased',
  'fraud',
  'disaster',
  'manual',
];
const DAY = 86_400_000;

interface Amount {
  readonly amount: string;
  readonly currency: string;
}

interface HoldSeen {
  readonly kind: string;
  readonly from: number;
  readonly expires: number;
  to: number;
}

interface Figure {
  asOf: number;
  overdue: number;
  dueDate: string | undefined;
}

/** What was known when an act was recorded. */
class Known {
  figure: Figure | undefined;
  currency = '';
  dueDate: { asOf: number; date: string } | undefined;
  readonly booked = new Map<string, { minor: number; postedAt: number }>();
  readonly reversed = new Map<string, number>();
  readonly holds = new Map<string, HoldSeen>();
  readonly promises = new Set<string>();
  /** When each statement was issued. */
  readonly statements = new Map<string, number>();
  arranged = false;
  /** The instant that the last case ended as of, while no other was opened. */
  endedAt: number | undefined;
  /** The core's newest word on the account, as far as it places it with an agency or takes it back. */
  standing: { at: number; placed: boolean } | undefined;

  get overdue(): number {
    if (this.figure === undefined) return 0;
    let owed = this.figure.overdue;
    for (const [id, payment] of this.booked) {
      const undone = this.reversed.get(id);
      const included = payment.postedAt <= this.figure.asOf;
      if (!included && undone === undefined) owed -= payment.minor;
      if (included && undone !== undefined && undone > this.figure.asOf) owed += payment.minor;
    }
    return Math.max(0, owed);
  }

  get cured(): boolean {
    return this.figure !== undefined && this.overdue <= (TOLERANCE[this.currency] ?? 0);
  }

  heldAt(at: number): string | undefined {
    return [...this.holds.values()].find((hold) => hold.from <= at && at < Math.min(hold.to, hold.expires))?.kind;
  }

  /** A reminder before the due date of a statement that was issued after the end: what it asks for is no part of what ended. */
  isOfALaterDebt({ purpose, notice }: Line): boolean {
    const { about } = (notice ?? {}) as { readonly about?: string };
    return purpose === 'pre-due' && (this.statements.get(String(about)) ?? 0) > (this.endedAt ?? 0);
  }

  learn(line: Line): void {
    const { type } = line;
    if (type === 'AccountOverdue' || type === 'BalanceUpdated') this.#learnFigure(line);
    if (type === 'PaymentReceived' && line.state === 'posted') {
      this.booked.set(String(line.paymentId), { minor: minor(line.amount), postedAt: Date.parse(String(line.postedAt)) });
      if (line.reversedAt !== undefined) this.reversed.set(String(line.paymentId), Date.parse(String(line.reversedAt)));
    }
    if (type === 'PaymentReversed') this.#learnReversal(line);
    if (type === 'PaymentRejected') this.booked.delete(String(line.paymentId));
    if (type === 'HoldPlaced' && !this.holds.has(String(line.holdId))) {
      const expires = line.expiresAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(String(line.expiresAt));
      this.holds.set(String(line.holdId), {
        kind: String(line.kind),
        from: Date.parse(String(line.placedAt)),
        expires,
        to: Number.POSITIVE_INFINITY,
      });
    }
    const released = type === 'HoldReleased' ? this.holds.get(String(line.holdId)) : undefined;
    // Contact goes on when the release is known, whenever it says it was made.
    if (released !== undefined) released.to = Math.min(released.to, Date.parse(line.at));
    if (type === 'PromiseRecorded' || type === 'PromiseReopened') this.promises.add(String(line.promiseId));
    if (['PromiseKept', 'PromiseBroken', 'PromiseEnded'].includes(type)) this.promises.delete(String(line.promiseId));
    if (type === 'StatementIssued') this.statements.set(String(line.statementId), Date.parse(String(line.issuedAt)));
    if (type === 'CaseEnded') this.endedAt = Date.parse(String(line.endedAt));
    if (type === 'JourneyOpened') this.endedAt = undefined;
    const changedAt = Date.parse(String(line.changedAt));
    if (type === 'AccountStatusChanged' && changedAt > (this.standing?.at ?? 0))
      this.standing = { at: changedAt, placed: line.status === 'placed' };
    if (type === 'PlanAgreed' || type === 'PlanReopened') this.arranged = true;
    if (['PlanBroken', 'PlanCompleted', 'PlanEnded'].includes(type)) this.arranged = false;
  }

  #learnFigure(line: Line): void {
    const asOf = Date.parse(String(line.asOf));
    this.currency = (line.overdue as Amount).currency;
    const arrears = line.arrears as readonly { dueDate: string }[] | undefined;
    const dueDate = arrears?.[0]?.dueDate ?? (line.dueDate as string | undefined);
    if (dueDate !== undefined && asOf > (this.dueDate?.asOf ?? 0)) this.dueDate = { asOf, date: dueDate };
    const newer = this.figure === undefined || asOf > this.figure.asOf || (asOf === this.figure.asOf && line.type === 'AccountOverdue');
    if (newer) this.figure = { asOf, overdue: minor(line.overdue), dueDate };
  }

  #learnReversal(line: Line): void {
    const id = String(line.paymentId);
    this.reversed.set(id, Date.parse(String(line.reversedAt)));
    const payment = line.payment as { amount: Amount; postedAt: string; state: string } | undefined;
    if (payment?.state === 'posted' && !this.booked.has(id))
      this.booked.set(id, { minor: minor(payment.amount), postedAt: Date.parse(payment.postedAt) });
  }
}

function minor(amount: unknown): number {
  return Number((amount as Amount).amount.replace('.', ''));
}

export type Complain = (invariant: number, subject: string, why: string) => void;

export function checkConduct(account: StoredAccount, complain: Complain): void {
  const known = new Known();
  for (const [index, line] of account.lines.entries()) {
    const say = (invariant: number, why: string) => complain(invariant, `${account.accountId}:${line.seq} ${line.type}`, why);
    checkContact(line, known, (why) => say(1, why));
    const ours = account.lines.slice(0, index).filter((row) => row.caseId === line.caseId);
    const before = [...broughtAlong(account, line.caseId), ...ours];
    if (line.type === 'LegalReferred') checkReferral(line, before, account, known, (why) => say(6, why));
    if (line.type === 'TaskOpened' && line.queue === 'field-visit') checkVisit(line, before, (why) => say(6, why));
    known.learn(line);
  }
}

/** Invariant 1, and what follows of it for the tasks that make contact (design section 5). */
function checkContact(line: Line, known: Known, say: (why: string) => void): void {
  const contact = ['ContactReserved', 'ContactSuppressed', 'AttemptReserved'].includes(line.type);
  const task = line.type === 'TaskOpened' && CONTACT_QUEUES.includes(String(line.queue));
  if (!contact && !task) return;
  // An answer to a payment is no collection, and before a due date there is no case that could be cured.
  if (line.purpose === 'payment-acknowledgement') return;
  const held = known.heldAt(Date.parse(line.at));
  if (known.cured && line.purpose !== 'pre-due') say(`after the cure, overdue ${known.overdue}`);
  if (known.endedAt !== undefined && !known.isOfALaterDebt(line)) say('after the case had ended');
  // What a customer in hardship is answered is asked for nothing, whatever stops those who ask.
  if (line.purpose === 'reply') return;
  const byAgency = String(line.actor).startsWith('agency');
  if (known.standing?.placed === true && known.standing.at <= Date.parse(line.at) && !byAgency) say('while an agency works the account');
  if (held !== undefined) say(`while a hold (${held}) stops contact`);
  if (known.arranged && line.purpose !== 'plan-servicing') say('while an arrangement is kept');
  if (known.promises.size > 0 && line.purpose !== 'promise-reminder') say('while a promise is open');
}

/** A message that went: its sender says so, or, where its sender died, whoever delivered it. */
function hasGone(row: Line, before: readonly Line[]): boolean {
  // What another party of the account was told is nothing that its customer was told.
  if (row.role !== undefined) return false;
  if (row.type !== 'ContactLost') return row.type === 'ContactSent' || row.type === 'ContactSuppressed';
  return before.some(
    (other) => other.type === 'DeliveryReported' && other.key === row.key && ['accepted', 'delivered'].includes(String(other.status)),
  );
}

/** What a report says did not arrive: the last that was reported of it. */
function cameBack(contactId: unknown, before: readonly Line[]): boolean {
  const reports = before
    .filter((row) => row.type === 'DeliveryReported' && row.contactId === contactId && row.status !== 'accepted')
    .sort((one, other) => Date.parse(String(one.reportedAt)) - Date.parse(String(other.reportedAt)));
  return reports.length > 0 && reports.at(-1)?.status !== 'delivered';
}

/** A report says so, or 72 hours passed and none says otherwise. */
function hasArrived(sent: Line, by: Line, before: readonly Line[]): boolean {
  if (cameBack(sent.contactId, before)) return false;
  const told = before.some((row) => row.type === 'DeliveryReported' && row.contactId === sent.contactId && row.status === 'delivered');
  return told || Date.parse(by.at) - Date.parse(sent.at) >= 3 * DAY;
}

function checkReferral(line: Line, before: readonly Line[], account: StoredAccount, known: Known, say: (why: string) => void): void {
  const entered = before.map((row) => row.type).lastIndexOf('StageEntered');
  if (before[entered]?.stage !== 'legal') say('not in the legal stage');
  const suit = before.slice(entered);
  const last = (type: string, rows: readonly Line[]) => rows.findLast((row) => row.type === type);
  const intent = last('IntentConfirmed', suit);
  const notice = last('LegalNoticeServed', suit);
  const evidence = last('EvidenceAssembled', suit);
  const approval = last('ReferralApproved', suit);
  const sent = before.filter((row) => hasGone(row, before));
  const purposeOf = (key: unknown) => before.find((row) => row.type === 'ContactReserved' && row.key === key)?.purpose;
  const demands = sent
    .filter((row) => ['collection', 'plan-offer'].includes(String(row.purpose ?? purposeOf(row.key))))
    .filter((row) => hasArrived(row, line, before));
  const notices = sent.filter((row) => (row.purpose ?? purposeOf(row.key)) === 'formal-notice');
  if (demands.length < 2) say(`${demands.length} written demands before it`);
  if (!before.some((row) => row.type === 'PlanOffered' || row.type === 'PlanAgreed')) say('no arrangement was offered');
  if (typeof intent?.by !== 'string' || intent.by === '') say('no named person confirmed the intent');
  if (notice === undefined || notices.length === 0) say('no formal notice was sent and served');
  else if (Date.parse(line.at) - Date.parse(notice.at) < 15 * DAY) say('the notice period ran');
  if ((notice?.contactIds as readonly string[] | undefined)?.every((contactId) => cameBack(contactId, before)))
    say('every notice that was served came back');
  if (notice !== undefined && intent !== undefined && notice.seq < intent.seq) say('the notice was served before the intent was confirmed');
  if (approval === undefined || evidence === undefined || approval.seq < evidence.seq) say('nobody approved the assembled evidence');
  const { contract, ladder } = daysPastDueAt(line, known, account);
  if (Math.min(contract, ladder) < 90) say(`${contract} days past due by contract, ${ladder} of the ladder`);
}

/** The visits' approval, and the proof that the remote channels are exhausted (design section 5). */
function checkVisit(line: Line, before: readonly Line[], say: (why: string) => void): void {
  if (line.objective === 'visit') {
    const approved = before.findLast((row) => row.type === 'VisitApproved');
    const used = before.findLast((row) => row.type === 'VisitReported');
    if (approved === undefined || (used !== undefined && used.seq > approved.seq)) say('nobody approved this visit');
  }
  const tried = new Map<string, Line[]>();
  for (const row of before) {
    const called =
      row.type === 'ContactReported' && row.channel === 'voice' && row.direction === 'outbound' && row.contactPointId !== undefined;
    const worked = row.type === 'TaskOutcomeReported' && row.late !== true && (row.ungated === true || row.attemptId !== undefined);
    if (!called && !worked) continue;
    const point = String(row.contactPointId);
    tried.set(point, [...(tried.get(point) ?? []), row]);
  }
  const calls = before.some((row) => row.type === 'TaskOpened' && row.queue === 'call');
  for (const [point, rows] of tried) {
    const days = [...new Set(rows.map((row) => String(row.onDate)))].sort();
    const span = (Date.parse(days.at(-1) ?? '') - Date.parse(days[0] ?? '')) / DAY;
    // A number that was found dead or wrong on the way needs no proof.
    const dead = rows.some((row) =>
      ['number-dead', 'wrong-number', 'do-not-call', 'moved', 'address-invalid'].includes(String(row.outcome)),
    );
    if (!calls || dead || rows.some((row) => String(row.outcome).startsWith('met-') || row.outcome === 'not-home')) continue;
    if (days.length < 3 || span < 10) say(`${point} was tried on ${days.length} days that span ${span}`);
    if (!rows.some((row) => Number(row.minutesOfDay) >= 18 * 60)) say(`${point} was never tried in the evening`);
    if (!rows.some((row) => [0, 6].includes(new Date(`${row.onDate}T00:00:00Z`).getUTCDay()))) say(`${point} was never tried at a weekend`);
  }
  if (before.filter((row) => hasGone(row, before)).length < 2) say('fewer than 2 messages');
}

function daysPastDueAt(line: Line, known: Known, account: StoredAccount): { contract: number; ladder: number } {
  const zone = String((JSON.parse(String(account.head.state)) as { timeZone: string }).timeZone);
  const day = (at: number) => Date.parse(`${new Intl.DateTimeFormat('sv-SE', { timeZone: zone }).format(at)}T00:00:00Z`) / DAY;
  const due = Date.parse(`${known.figure?.dueDate ?? known.dueDate?.date}T00:00:00Z`) / DAY;
  const today = day(Date.parse(line.at));
  let stopped = 0;
  for (let date = due; date < today; date += 1) {
    const stands = [...known.holds.values()].some(
      (hold) =>
        STOPS_CLOCK.includes(hold.kind) && day(hold.from) <= date && date < day(Math.min(hold.to, hold.expires, Date.parse(line.at) + DAY)),
    );
    if (stands) stopped += 1;
  }
  return { contract: today - due, ladder: today - due - stopped };
}
