import { goneIn, hadArrived } from './arrivals.ts';
import { dayNumber, localTime } from './clock.ts';
import { broughtAlong } from './imports.ts';
import { type Line, ownerOf, type StoredAccount, type StoredCustomer } from './stored.ts';
import { duesOf, statesOf, zoneAt } from './timeline-states.ts';

/** Who else an account's customer may be beside: a second reading of when a joint holder or a guarantor may be told of it, and who never. */

interface PartyRule {
  readonly fromStage: string;
  readonly days: number;
  /** That have reached the customer, or the customer is out of reach. */
  readonly demands: number;
  readonly afterOffer: boolean;
}

const RULES: Readonly<Record<string, PartyRule>> = {
  joint: { fromStage: 'call', days: 6, demands: 1, afterOffer: false },
  guarantor: { fromStage: 'plan', days: 31, demands: 2, afterOffer: true },
};
const STAGES = ['reminder', 'call', 'plan', 'field-visit', 'legal'];
const DEMANDS = ['collection', 'plan-offer'];
const NO_DEMANDS_ENDED = ['statutory-notice', 'reply'];
const ANSWER_DAYS = 3;
const MESSAGES_ENDED = 2;
const TRIED = { days: 3, span: 10 };

interface Named {
  readonly customerId: string;
  readonly role: string;
  readonly liable: boolean;
}

/** What the record has against a contact with somebody who is not the account's customer, by rule; empty where it has nothing. */
export interface AgainstParty {
  /** Whom it was with, in the words of the packs. */
  readonly target?: string;
  /** They are no party of the account that answers for it. */
  readonly stranger?: string;
  /** The account's own customer came first. */
  readonly early?: string;
}

/**
 * Judges by what the timeline had before the contact.
 *
 * @param customer of the account: whose contact points it is that were, or were not, of use
 */
export function againstParty(
  customerId: string,
  line: Line,
  account: StoredAccount,
  customer: StoredCustomer | undefined,
): AgainstParty | undefined {
  if (customerId === ownerOf(account)) return undefined;
  const party = partiesBefore(line, account).find((row) => row.customerId === customerId);
  const rule = party === undefined ? undefined : RULES[party.role];
  if (party === undefined) return { target: 'third-party', stranger: 'the account names nobody of this id' };
  if (rule === undefined) return { target: 'third-party', stranger: `a ${party.role} holder is a third party` };
  if (!party.liable) return { target: 'third-party', stranger: `the ${party.role} does not answer for the account` };
  const early = sayEarly(rule, line, account, customer);
  return { ...(party.role === 'guarantor' ? { target: 'guarantor' } : {}), ...(early === undefined ? {} : { early }) };
}

/** The parties that the newest figure named. */
function partiesBefore(line: Line, { lines }: StoredAccount): readonly Named[] {
  const figures = lines.filter(({ type, seq }) => type === 'AccountOverdue' && seq < line.seq);
  const newest = figures.reduce<Line | undefined>(
    (found, row) => (found === undefined || Date.parse(String(row.asOf)) >= Date.parse(String(found.asOf)) ? row : found),
    undefined,
  );
  return Array.isArray(newest?.parties) ? (newest.parties as Named[]) : [];
}

function sayEarly(rule: PartyRule, line: Line, account: StoredAccount, customer: StoredCustomer | undefined): string | undefined {
  const own = account.lines.filter(({ caseId, seq }) => seq < line.seq && caseId === line.caseId);
  const stage = String(own.findLast(({ type }) => type === 'StageEntered')?.stage ?? 'reminder');
  if (STAGES.indexOf(stage) < STAGES.indexOf(rule.fromStage)) return `the case was in the stage ${stage}`;
  const zone = zoneAt(account, line.seq);
  const due = duesOf(account).findLast(({ from }) => (from.seq ?? 0) < line.seq)?.dueDate;
  const days = due === undefined ? 0 : localTime(Date.parse(line.at), zone).day - dayNumber(due);
  if (days < rule.days) return `the account was ${days} days past due`;
  const brought = broughtAlong(own, account.lines);
  const demands = toCustomer(own, DEMANDS).filter((row) => hadArrived(row, Date.parse(line.at), own)).length + brought.demands;
  if (demands < rule.demands && !wasOutOfReach(line, own, account, customer)) return `${demands} written demands had reached the customer`;
  return rule.afterOffer && brought.offers === 0 ? sayUnoffered(line, own, zone) : undefined;
}

/** Messages of a case that left to the account's own customer, for one of the purposes. */
function toCustomer(own: readonly Line[], purposes: readonly string[]): readonly Line[] {
  return goneIn(own).filter((row) => purposes.includes(String(purposeOf(row, own))));
}

function purposeOf(row: Line, own: readonly Line[]): unknown {
  return row.purpose ?? own.find(({ type, contactId }) => type === 'ContactReserved' && contactId === row.contactId)?.purpose;
}

function sayUnoffered(line: Line, own: readonly Line[], zone: string): string | undefined {
  if (own.some(({ type, stage }) => type === 'MessageImpossible' && stage === 'plan')) return undefined;
  const offered = own.findLast(({ type }) => type === 'PlanOffered' || type === 'PlanAgreed');
  if (offered === undefined) return 'the customer had been offered no arrangement';
  const first = own.filter(({ type }) => type === 'PlanOffered' || type === 'PlanAgreed');
  const dayOf = ({ at }: Line): number => localTime(Date.parse(at), zone).day;
  return first.some((row) => dayOf(line) - dayOf(row) >= ANSWER_DAYS)
    ? undefined
    : `the customer had ${ANSWER_DAYS} days to answer the offer`;
}

/** Nothing of the customer's could be used, or all was tried: messages that arrived or came back, and calls on days that lie apart. */
function wasOutOfReach(line: Line, own: readonly Line[], account: StoredAccount, customer: StoredCustomer | undefined): boolean {
  const points = (customer?.points ?? []).filter(({ owner, channel }) => owner === 'self' && channel !== 'visit');
  const lost = statesOf(account, customer).filter(({ name, from }) => name === 'unusable-address' && (from?.seq ?? 0) < line.seq);
  const isLost = (key: string): boolean => lost.some(({ addressKey }) => addressKey === key);
  // What is known of an address may have been learnt about another account of the customer.
  const known = Object.keys(customer?.findings ?? {}).map((key) => key.slice(key.indexOf('|') + 1));
  const usable = points.filter(({ addressKey }) => !isLost(addressKey) && !known.includes(addressKey));
  if (usable.length === 0) return true;
  const ended = goneIn(own)
    .filter((row) => !NO_DEMANDS_ENDED.includes(String(purposeOf(row, own))))
    .filter((row) => hasEnded(row, line, own));
  return ended.length >= MESSAGES_ENDED && usable.filter(({ channel }) => channel === 'voice').every(({ id }) => wasTried(id, own));
}

function hasEnded(row: Line, by: Line, own: readonly Line[]): boolean {
  const isReported = own.some(
    ({ type, contactId, status }) => type === 'DeliveryReported' && contactId === row.contactId && status !== 'accepted',
  );
  return isReported || hadArrived(row, Date.parse(by.at), own);
}

function wasTried(contactPointId: string, own: readonly Line[]): boolean {
  const calls = own.filter(
    (row) => (row.type === 'TaskOutcomeReported' || row.type === 'ContactReported') && row.contactPointId === contactPointId,
  );
  const days = [...new Set(calls.map(({ onDate }) => dayNumber(String(onDate))))];
  return days.length >= TRIED.days && Math.max(...days) - Math.min(...days) >= TRIED.span;
}
