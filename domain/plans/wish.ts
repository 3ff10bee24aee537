import { addDays, DAY, localDate, toInstant, toMillis } from '../calendar.ts';
import { openCase } from '../case-status.ts';
import type { ReasonForArrears } from '../codes.ts';
import type { Account, Case, Instant, LocalDate } from '../model.ts';
import { moneyOf } from '../money.ts';
import { ARRANGEMENTS } from '../policy/arrangements.ts';
import { type Journal, Refusal, type Setting } from '../record/journal.ts';
import { catalogueOn, offersOn, type PlanOffer } from './offers.ts';
import { type PlanKind, type PlanWish, REPLAN } from './plan.ts';
import { requestOn } from './request.ts';
import { forbiddingHold, noOfferReason } from './standing.ts';

/** What a customer asks for by themselves: which line of the catalogue it is, whether it may be asked for now, and what became of it. */

export interface AskedPlan {
  readonly requestId: string;
  readonly kind: PlanKind;
  /** Months of the plan; of a deferral until its one payment. */
  readonly months?: number | undefined;
  /** The most that the customer can pay a month. */
  readonly perMonthMinor?: number | undefined;
  readonly reasonForArrears?: ReasonForArrears | undefined;
  /** Who of the bank passes it on; absent: the customer asks. */
  readonly by?: string | undefined;
}

/** What was asked for may be agreed at once: nobody has to approve it. */
export interface Offered {
  readonly offer: PlanOffer;
}

/**
 * Records what a customer asks for; where nothing has to be approved nothing is recorded.
 *
 * @returns the offer that may be agreed at once; undefined where a person is asked first
 * @throws Refusal 409 where nothing may be asked for now, 422 where the catalogue has no such line for this customer
 */
export function recordPlanRequested(journal: Journal, asked: AskedPlan): Offered | undefined {
  const { account, setting } = journal;
  const current = openCase(account);
  if (current === undefined) throw new Refusal(409, 'No case is open for this account.', undefined, 'PLAN.NONE');
  const today = localDate(setting.now, account.timeZone);
  const wanted = wantedOn(account, setting, today, asked);
  if (wanted.offer !== undefined && wanted.offer.needs === undefined) return { offer: wanted.offer };
  refuseTooMany(current, account, setting, wanted.key);
  const { requestId, kind, perMonthMinor, reasonForArrears, by } = asked;
  const months = wanted.offer?.months ?? asked.months;
  journal.add({
    type: 'PlanRequested',
    requestId,
    kind,
    key: wanted.key,
    ...(months === undefined ? {} : { months }),
    ...(wanted.offer === undefined ? {} : { total: moneyOf(account, wanted.offer.totalMinor) }),
    ...(perMonthMinor === undefined ? {} : { perMonth: moneyOf(account, perMonthMinor) }),
    ...(reasonForArrears === undefined ? {} : { reasonForArrears }),
    ...(by === undefined ? {} : { by }),
  });
  return undefined;
}

// ---- which line --------------------------------------------------------------------------------------------------------

/** After a broken arrangement another one as such is asked for, whatever its terms: they are offered once it is approved. */
function wantedOn(account: Account, setting: Setting, today: LocalDate, asked: AskedPlan): { key: string; offer?: PlanOffer } {
  if (requestOn(account, setting, today, REPLAN) !== undefined && forbiddingHold(account, setting) === undefined) return { key: REPLAN };
  const none = noOfferReason(account, setting, today);
  if (none !== undefined) throw new Refusal(409, none, undefined, 'PLAN.NONE');
  const offer = lineFor(account, catalogueOn(account, setting, today), asked);
  return { key: offer.key, offer };
}

/** What nobody has to approve goes first, of the rest what is paid soonest. */
function lineFor(account: Account, all: readonly PlanOffer[], { kind, months, perMonthMinor }: AskedPlan): PlanOffer {
  const ofKind = all.filter((offer) => offer.kind === kind);
  if (ofKind.length === 0) throw new Refusal(422, `no arrangement of this kind fits the account now`, 'kind', 'PLAN.KIND');
  const ofMonths = months === undefined ? ofKind : ofKind.filter((offer) => offer.months === months);
  const known = [...new Set(ofKind.map((offer) => offer.months))].sort((one, other) => one - other);
  if (ofMonths.length === 0) throw new Refusal(422, `must be one of ${known.join(', ')} for this kind`, 'months', 'PLAN.MONTHS');
  if (months === undefined && perMonthMinor === undefined && known.length > 1)
    throw new Refusal(422, `must be given, or amountPerMonth: one of ${known.join(', ')}`, 'months', 'PLAN.MONTHS');
  const affordable = ofMonths.filter((offer) => perMonthMinor === undefined || highest(offer) <= perMonthMinor);
  const [first] = affordable.sort(
    (one, other) => Number(one.needs !== undefined) - Number(other.needs !== undefined) || one.months - other.months,
  );
  if (first !== undefined) return first;
  const { amount, currency } = moneyOf(account, Math.min(...ofMonths.map(highest)));
  throw new Refusal(
    422,
    `must be at least ${currency} ${amount}, the least that such an arrangement takes`,
    'amountPerMonth',
    'PLAN.AMOUNT',
  );
}

function highest({ instalments }: PlanOffer): number {
  return Math.max(...instalments.map(({ amountMinor }) => amountMinor));
}

// ---- how often ---------------------------------------------------------------------------------------------------------

/** One question at a time, few a month, and none again that was answered: people answer them. */
function refuseTooMany(current: Case, account: Account, setting: Setting, key: string): void {
  const { max, everyDays } = ARRANGEMENTS.requests;
  const from = addDays(localDate(setting.now, account.timeZone), -everyDays);
  const recent = wishesOf(current).filter(({ at }) => localDate(toMillis(at), account.timeZone) > from);
  if (recent.some((wish) => stateOf(account, current, setting, wish) === 'in-review'))
    throw new Refusal(409, 'Another request is being looked at.', 'requestId', 'PLAN.IN_REVIEW');
  if (recent.some((wish) => wish.key === key && wish.state === 'declined'))
    throw new Refusal(409, `The same was declined in the last ${everyDays} days.`, 'kind', 'PLAN.DECLINED');
  if (recent.length >= max)
    throw new Refusal(409, `${max} requests were made in the last ${everyDays} days.`, 'requestId', 'PLAN.REQUESTS');
}

function wishesOf({ planRequests }: Pick<Case, 'planRequests'>): readonly PlanWish[] {
  return planRequests?.wishes ?? [];
}

// ---- what became of it -------------------------------------------------------------------------------------------------

export const WISH_STATES = ['in-review', 'approved', 'declined', 'agreed', 'lapsed'] as const;
export type WishState = (typeof WISH_STATES)[number];

/** What a person is still to be asked, or is being asked, for a customer who asked by themselves. */
export function openWish(account: Account, current: Case, setting: Setting): PlanWish | undefined {
  return wishesOf(current).find((wish) => stateOf(account, current, setting, wish) === 'in-review');
}

/** A wish lapses where nobody could answer it as long as an offer is valid, where it is off the table, and where its approval ended. */
function stateOf(account: Account, current: Case, setting: Setting, { state, key, at, until }: PlanWish): WishState {
  const today = localDate(setting.now, account.timeZone);
  if (state === 'approved') return until !== undefined && today > until ? 'lapsed' : state;
  if (state !== 'in-review') return state;
  if (openCase(account) === undefined || current.curedAt !== undefined) return 'lapsed';
  if (current.tasks.some(({ subject, objective }) => subject === key && objective.startsWith('approve-'))) return state;
  const askedOn = localDate(toMillis(at), account.timeZone);
  if (today > addDays(askedOn, setting.ladder.plan.offerValidDays)) return 'lapsed';
  return requestOn(account, setting, today, key) === undefined ? 'lapsed' : state;
}

/** What a person said to a wish of which the customer has not been written yet. */
export interface WishAnswer {
  readonly wish: PlanWish;
  readonly decidedAt: Instant;
  /** What may be agreed by it today; none where it was declined. */
  readonly offers: readonly PlanOffer[];
}

/**
 * The oldest answer that the customer has not been written; undefined where there is none. An approval is told while it may be agreed,
 * a refusal for as long as an offer is valid: later it answers nothing.
 */
export function untoldAnswer(account: Account, current: Case, setting: Setting): WishAnswer | undefined {
  const today = localDate(setting.now, account.timeZone);
  for (const wish of wishesOf(current)) {
    const { decidedAt, toldAt, key } = wish;
    if (decidedAt === undefined || toldAt !== undefined) continue;
    const state = stateOf(account, current, setting, wish);
    if (state === 'declined' && today <= addDays(localDate(toMillis(decidedAt), account.timeZone), setting.ladder.plan.offerValidDays))
      return { wish, decidedAt, offers: [] };
    if (state !== 'approved') continue;
    const offers = offersOn(account, setting, today).filter((offer) => key === REPLAN || offer.key === key);
    if (offers.length > 0) return { wish, decidedAt, offers };
  }
  return undefined;
}

/** A wish as the API answers it. */
export interface WishSeen {
  readonly requestId: string;
  readonly state: WishState;
  readonly kind: PlanKind;
  readonly months?: number;
  readonly requestedAt: Instant;
  readonly decidedAt?: Instant;
  /** The last day on which what was approved may be agreed. */
  readonly validUntil?: LocalDate;
}

/** The newest wish of a case, or the one of an id; undefined where there is none. */
export function wishSeen(account: Account, current: Case, setting: Setting, requestId?: string): WishSeen | undefined {
  const wishes = wishesOf(current);
  const wish = requestId === undefined ? wishes.at(-1) : wishes.find((row) => row.requestId === requestId);
  if (wish === undefined) return undefined;
  const { kind, months, at, decidedAt, until } = wish;
  const state = stateOf(account, current, setting, wish);
  return {
    requestId: wish.requestId,
    state,
    kind,
    ...(months === undefined ? {} : { months }),
    requestedAt: toInstant(toMillis(at)),
    ...(decidedAt === undefined ? {} : { decidedAt }),
    ...(state === 'approved' && until !== undefined ? { validUntil: until } : {}),
  };
}

const SAID: Readonly<Partial<Record<WishState, string>>> = {
  'in-review': 'An arrangement that the customer asked for is being looked at',
  approved: 'An arrangement that the customer asked for was approved and may be agreed',
  declined: 'An arrangement that the customer asked for was declined',
};

/** What became of the newest wish, as a sentence; undefined where it has nothing to say any more. */
export function wishSentence(account: Account, current: Case, setting: Setting): string | undefined {
  const seen = wishSeen(account, current, setting);
  if (seen === undefined) return undefined;
  const { everyDays } = ARRANGEMENTS.requests;
  const isOld = seen.state === 'declined' && setting.now - toMillis(seen.decidedAt ?? seen.requestedAt) > everyDays * DAY;
  return isOld ? undefined : SAID[seen.state];
}
