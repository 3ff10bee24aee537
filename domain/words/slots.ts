import { addDays, localDate } from '../calendar.ts';
import { breaksOn } from '../decide/arrangement.ts';
import { documentsDeadline, HARDSHIP_TEMPLATE } from '../decide/hardship.ts';
import { isTimeBarred, noticeDays } from '../decide/legal.ts';
import type { World } from '../decide/world.ts';
import { balanceMinor, oldestDueDate, overdueMinor, remainingArrears } from '../ledger.ts';
import type { Account } from '../model.ts';
import { offersOn, type PlanOffer } from '../plans/offers.ts';
import { untoldAnswer } from '../plans/wish.ts';
import { REQUEST_TEMPLATES } from '../reducer/answers.ts';
import { productFacts, reportingDate } from '../strategy/reporting.ts';
import { consequencesOf } from './consequences.ts';
import type { AccountLine, Amount, Item, OfferLine, Slots } from './template.ts';

const ACCOUNT_DIGITS = 4;

/** The last characters of an account's id: enough for the customer to know it, too little for anybody else. */
export function accountRefOf(accountId: string): string {
  return accountId.slice(-ACCOUNT_DIGITS);
}

/** Everything a template may say about a case; each takes what it declares. Time is given by what the text is about. */
export function slotsOf(
  world: World,
  template: string,
  customerName: string,
  words: { readonly bankName: string; readonly hotline: string; readonly paymentLink: string },
): Partial<Slots> {
  const { account, current, today } = world;
  const currency = account.currency ?? '';
  const arrears = remainingArrears(account);
  const amount = (amountMinor: number): Amount => ({ amountMinor, currency });
  const items: Item[] = arrears.map((row) => ({ dueDate: row.dueDate, amountMinor: row.amountMinor, currency }));
  const promise = current.promises.filter((row) => row.status === 'open').sort((a, b) => (a.date < b.date ? -1 : 1))[0];
  const instalment = current.plan?.instalments.find((row) => row.status !== 'paid');
  const components = componentsOf(account);
  // The formal notice states the decision itself, with the day up to which it can be averted.
  const intent = template !== 'legal-formal-notice' && isSuitIntended(world);
  const report = reportingDate(world);
  return {
    bankName: words.bankName,
    hotline: words.hotline,
    paymentLink: words.paymentLink,
    customerName,
    accountRef: accountRefOf(account.accountId),
    overdue: amount(overdueMinor(account)),
    balance: amount(balanceMinor(account)),
    items,
    dueDate: arrears[0]?.dueDate ?? localDate(world.now, account.timeZone),
    daysPastDue: world.contractDaysPastDue,
    consequences: consequencesOf(world.contractDaysPastDue, productFacts(world), intent),
    deadline: deadlineOf(world, template, instalment),
    visitDate: addDays(today, world.setting.ladder.fieldVisit.noticeDays),
    asOf: today,
    ...(isOfOffers(template) ? { offers: offerLines(world, template) } : {}),
    ...(components === undefined ? {} : { components }),
    ...(report === undefined ? {} : { reportingDate: report }),
    ...(promise === undefined ? {} : { promised: amount(promise.amountMinor), promiseDate: promise.date }),
    ...(instalment === undefined ? {} : { instalment: amount(instalment.amountMinor), instalmentDate: instalment.dueDate }),
  };
}

/** The lines of a message about several accounts, its own first; none where it is about one. */
export function accountLines(world: World, alsoAbout: readonly string[] | undefined): readonly AccountLine[] {
  const others = world.others.filter(({ account }) => alsoAbout?.includes(account.accountId)).map(({ account }) => account);
  if (others.length === 0) return [];
  return [world.account, ...others].map((account) => ({
    accountRef: accountRefOf(account.accountId),
    overdue: { amountMinor: overdueMinor(account), currency: account.currency ?? '' },
    dueDate: oldestDueDate(account) ?? world.today,
  }));
}

/** The offers that a text of today names: those that may be agreed at once. */
export function namedOffers({ account, setting, today }: World): readonly PlanOffer[] {
  const all = offersOn(account, setting, today);
  const equal = all.filter((offer) => offer.kind === 'instalments' && offer.method === 'equal-instalments');
  return equal.length === 0 ? all : equal;
}

const isOfOffers = (template: string): boolean => template === 'plan-offer' || template === REQUEST_TEMPLATES.approved;

/** What a text that offers something names: of an approval what was approved, else what anybody may agree. */
function offersOf(world: World, template: string): readonly PlanOffer[] {
  if (template === 'plan-offer') return namedOffers(world);
  const { account, current, setting } = world;
  return untoldAnswer(account, current, setting)?.offers ?? [];
}

function offerLines(world: World, template: string): readonly OfferLine[] {
  const currency = world.account.currency ?? '';
  return offersOf(world, template).flatMap(({ instalments }) => {
    const [first] = instalments;
    if (first === undefined) return [];
    return [{ count: instalments.length, first: { amountMinor: first.amountMinor, currency }, firstDate: first.dueDate }];
  });
}

/** The last day on which all that a text names may be agreed. */
function offersEnd(world: World, template: string): string {
  const [last = addDays(world.today, world.setting.ladder.plan.offerValidDays)] = offersOf(world, template)
    .map(({ validUntil }) => validUntil)
    .sort();
  return last;
}

function deadlineOf(world: World, template: string, instalment: Parameters<typeof breaksOn>[0] | undefined): string {
  const { setting, today } = world;
  const { plan, legal } = setting.ladder;
  if (template === HARDSHIP_TEMPLATE) return documentsDeadline(world);
  if (template === 'legal-formal-notice') return addDays(today, noticeDays(world) + Math.ceil(legal.deliveredAfterHours / 24));
  if (isOfOffers(template)) return offersEnd(world, template);
  return instalment === undefined ? addDays(today, plan.offerValidDays) : addDays(breaksOn(instalment, plan.cureDays), -1);
}

/** A suit that a named person decided on and that may still be averted: in time, neither given up nor already handed over. */
function isSuitIntended(world: World): boolean {
  const { legal } = world.current;
  return !isTimeBarred(world) && legal.intentConfirmedAt !== undefined && legal.rejectedAt === undefined && legal.referredAt === undefined;
}

/** How the balance is made up, where the core said so of this very balance: after a payment or a newer figure nobody knows. */
function componentsOf(account: Account): Slots['components'] | undefined {
  const { components } = account.facts;
  if (components === undefined || account.factsAsOf !== account.figure?.asOf) return undefined;
  const { principalMinor, interestMinor, feesMinor } = components;
  if (principalMinor + interestMinor + feesMinor !== balanceMinor(account)) return undefined;
  const amount = (amountMinor: number): Amount => ({ amountMinor, currency: account.currency ?? '' });
  return { principal: amount(principalMinor), interest: amount(interestMinor), fees: amount(feesMinor) };
}
