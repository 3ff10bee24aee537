import { goneIn, hadArrived } from './arrivals.ts';
import { localTime } from './clock.ts';
import { daysPastDue } from './conduct/told.ts';
import { broughtAlong } from './imports.ts';
import { type LimitationPlace, lastDayOf } from './limitation.ts';
import type { Line, StoredAccount, StoredCustomer } from './stored.ts';
import { settingsOf, statesOf, zoneAt } from './timeline-states.ts';
import type { Deployment } from './timelines.ts';

/** Whether every suit that was handed over has its gates on the timeline (invariant 6), read from the text of the invariant. */

export interface ReferralProblem {
  readonly accountId: string;
  /** The place of the referral on the account's timeline. */
  readonly seq: number;
  readonly at: string;
  readonly why: string;
}

const DAYS_PAST_DUE = 90;
const WRITTEN_DEMANDS = 2;
/** Between notice and referral; where the law of a place asks for more, that. */
const NOTICE_DAYS = 15;
const MORE_NOTICE_DAYS: Readonly<Record<string, number>> = { UK: 30, AU: 30 };
const DEMANDS = ['collection', 'plan-offer'];
/** @returns what is missing of each referral, and how many there are */
export function referralsOf(
  account: StoredAccount,
  customer: StoredCustomer | undefined,
  deployment: Pick<Deployment, 'jurisdiction' | 'fewerYears'>,
): { readonly count: number; readonly problems: readonly ReferralProblem[] } {
  const referrals = account.lines.filter(({ type }) => type === 'LegalReferred');
  const problems = referrals.flatMap((line) =>
    missingFor(line, account, customer, deployment).map((why) => ({ accountId: account.accountId, seq: line.seq, at: line.at, why })),
  );
  return { count: referrals.length, problems };
}

function missingFor(
  line: Line,
  account: StoredAccount,
  customer: StoredCustomer | undefined,
  { jurisdiction, fewerYears = [] }: Pick<Deployment, 'jurisdiction' | 'fewerYears'>,
): string[] {
  const before = account.lines.filter(({ seq }) => seq < line.seq);
  const own = before.filter(({ caseId }) => caseId === line.caseId);
  const entered = own.findLastIndex(({ type }) => type === 'StageEntered');
  const setting = settingsOf(account, { jurisdiction, role: 'first-party', house: false }).findLast(
    ({ from }) => (from?.seq ?? 0) < line.seq,
  );
  const place = { jurisdiction: setting?.jurisdiction ?? jurisdiction, zone: zoneAt(account, line.seq), fewer: fewerYears };
  return [
    ...(own[entered]?.stage === 'legal' ? [] : ['the case was not in the legal stage']),
    ...demandsMissing(line, own, before),
    ...stepsMissing(line, own.slice(entered), place),
    ...standingMissing(line, before, account, customer, place),
  ];
}

function demandsMissing(line: Line, own: readonly Line[], timeline: readonly Line[]): string[] {
  const purposes = new Map(own.filter(({ type }) => type === 'ContactReserved').map((row) => [row.contactId, row.purpose]));
  const demands = goneIn(own)
    .filter((row) => DEMANDS.includes(String(row.purpose ?? purposes.get(row.contactId))))
    .filter((row) => hadArrived(row, Date.parse(line.at), own));
  const brought = broughtAlong(own, timeline);
  const count = demands.length + brought.demands;
  const offered = brought.offers > 0 || own.some(({ type }) => type === 'PlanOffered' || type === 'PlanAgreed');
  return [
    ...(count >= WRITTEN_DEMANDS ? [] : [`${count} written demands arrived, ${WRITTEN_DEMANDS} are asked for`]),
    ...(offered ? [] : ['no arrangement was offered']),
  ];
}

/** Intent, notice, its days, evidence and approval, each after the one before it. */
function stepsMissing(line: Line, suit: readonly Line[], { jurisdiction, zone }: { jurisdiction: string; zone: string }): string[] {
  const last = (type: string): Line | undefined => suit.findLast((row) => row.type === type);
  const [intent, notice, evidence, approval] = ['IntentConfirmed', 'LegalNoticeServed', 'EvidenceAssembled', 'ReferralApproved'].map(last);
  const missing: string[] = [];
  if (!isNamed(intent?.by)) missing.push('no named person confirmed the intent');
  if (notice === undefined || notice.seq < (intent?.seq ?? 0)) missing.push('no formal notice was served after the intent');
  else {
    if (!wasServed(notice, suit)) missing.push('no formal notice arrived by the time that it counted as served');
    const days = localTime(Date.parse(line.at), zone).day - localTime(Date.parse(notice.at), zone).day;
    const asked = Math.max(NOTICE_DAYS, MORE_NOTICE_DAYS[jurisdiction] ?? 0);
    if (days <= asked) missing.push(`${days - 1} whole days lie between notice and referral, ${asked} are asked for`);
  }
  if (evidence === undefined || evidence.seq < (notice?.seq ?? 0)) missing.push('no evidence was assembled after the notice');
  else if (line.evidenceHash !== evidence.manifestHash || line.evidenceRef !== evidence.packRef)
    missing.push('other evidence was handed over');
  if (!isNamed(approval?.by) || (approval?.seq ?? 0) < (evidence?.seq ?? 0)) missing.push('no named person approved this evidence');
  return missing;
}

/** One of the messages that the service names is enough. */
function wasServed(notice: Line, suit: readonly Line[]): boolean {
  const named = Array.isArray(notice.contactIds) ? notice.contactIds : [];
  return goneIn(suit).some((row) => named.includes(row.contactId) && hadArrived(row, Date.parse(notice.at), suit));
}

function isNamed(by: unknown): boolean {
  return typeof by === 'string' && by !== '';
}

/** Days past due, holds and limitation at the instant of the referral. */
function standingMissing(
  line: Line,
  before: readonly Line[],
  account: StoredAccount,
  customer: StoredCustomer | undefined,
  place: LimitationPlace,
): string[] {
  const at = Date.parse(line.at);
  const { date } = localTime(at, place.zone);
  const held = statesOf(account, customer).filter(({ name }) => name === 'held' || name === 'placed');
  const holds = held.filter(
    ({ from, to }) => (from?.seq ?? 0) < line.seq && Date.parse(from?.at ?? '') <= at && (to === undefined || isAfter(to, line)),
  );
  const missing = holds.map(({ name, detail }) => `a hold (${detail ?? name}) was in force`);
  const days = daysPastDue({ account, customer }, line, place.zone);
  if (days === undefined) return [...missing, 'nothing is known to have fallen due'];
  const { dueDate: due, contract, stopped } = days;
  if (contract - stopped < DAYS_PAST_DUE)
    missing.push(`${contract} days past due, ${stopped} of them stopped; ${DAYS_PAST_DUE} are asked for`);
  const last = lastDayOf(due, before, place);
  if (last !== undefined && date > last) missing.push(`the debt was time-barred since ${last}`);
  return missing;
}

function isAfter(end: { readonly at: string; readonly seq?: number }, line: Line): boolean {
  return end.seq === undefined ? Date.parse(end.at) > Date.parse(line.at) : end.seq > line.seq;
}
