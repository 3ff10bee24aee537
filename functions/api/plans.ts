import * as z from 'zod';
import { localDate } from '../../domain/calendar.ts';
import { isArranged, openCase } from '../../domain/case-status.ts';
import type { Account } from '../../domain/model.ts';
import { type Money, moneyOf } from '../../domain/money.ts';
import { annualRateOf } from '../../domain/plans/interest.ts';
import { catalogueOn, firstDueWindow, givenUpMinor, mayRefer, type PlanOffer } from '../../domain/plans/offers.ts';
import { noOfferReason } from '../../domain/plans/standing.ts';
import { settingFor } from '../../domain/record/setting.ts';
import { id, instant, localDate as localDateText, reference } from '../contract/values.ts';
import { takePlanAgreed } from '../facts/plan.ts';
import { headKey, readHead } from '../protocol/items.ts';
import type { Ports } from '../protocol/signal.ts';
import { planView } from './plan-view.ts';
import { Conflict, NotFound, RuleBroken } from './problem.ts';

/** Arrangements over the API: what may be agreed, what may be asked for, and the agreement itself. */

export const planOffersQuery = z.object({ firstDueOn: localDateText.optional() });

/**
 * `GET /accounts/{accountId}/plan-offers`. `onRequest` needs an approval: it is asked for with `plan-requested` and its `offerId`. With
 * `firstDueOn` as they are where the first instalment falls due on the day that the customer named.
 *
 * @throws NotFound, Conflict; RuleBroken where the day is outside the window
 */
export async function planOffers(ports: Ports, accountId: string, { firstDueOn }: z.infer<typeof planOffersQuery>): Promise<unknown> {
  const { account } = readHead(accountId, await ports.table.get(headKey(accountId)));
  if (account.case === undefined) throw new NotFound('No journey was ever opened for this account.');
  const setting = settingFor(ports.deployment, account, ports.now);
  const none = noOfferReason(account, setting);
  if (none !== undefined) throw new Conflict(none);
  const today = localDate(ports.now, account.timeZone);
  const { from, to, unlessNamed } = firstDueWindow(setting, today);
  if (firstDueOn !== undefined && (firstDueOn < from || firstDueOn > to))
    throw new RuleBroken(`must be from ${from} to ${to}`, 'firstDueOn', 'PLAN.FIRST_DUE');
  const all = catalogueOn(account, setting, today, firstDueOn);
  if (all.length === 0) throw new Conflict('No arrangement fits what is overdue and what is known of the customer.');
  const view = (offer: PlanOffer) => offerView(offer, account);
  return {
    offers: all.filter((offer) => offer.needs === undefined).map(view),
    onRequest: all.filter((offer) => offer.needs !== undefined).map(view),
    firstDue: { on: firstDueOn ?? unlessNamed, from, to },
    referrals: mayRefer(account, setting) ? [{ kind: 'refinance' }] : [],
  };
}

function offerView(offer: PlanOffer, account: Account): Record<string, unknown> {
  const money = (minor: number): Money => moneyOf(account, minor);
  const { rate, needs, waived } = offer;
  return {
    offerId: offer.offerId,
    kind: offer.kind,
    method: offer.method,
    validUntil: offer.validUntil,
    startsOn: offer.startsOn,
    instalments: offer.instalments.map((row) => ({
      dueDate: row.dueDate,
      amount: money(row.amountMinor),
      principal: money(row.principalMinor),
      interest: money(row.interestMinor),
      fees: money(row.feesMinor),
    })),
    total: money(offer.totalMinor),
    principal: money(offer.principalMinor),
    interest: money(offer.interestMinor),
    fees: money(offer.feesMinor),
    ...(rate === undefined ? {} : { annualRate: annualRateOf(rate.micros), dayCount: rate.dayCount }),
    effectiveAnnualRate: offer.effectiveRate,
    ...(waived.interestMinor + waived.feesMinor === 0
      ? {}
      : { waived: { interest: money(waived.interestMinor), fees: money(waived.feesMinor) } }),
    ...(needs === undefined ? {} : { needs: { ...needs, givesUp: money(givenUpMinor(offer)) } }),
  };
}

export const planBody = z.object({
  offerId: id,
  agreedAt: instant,
  // On a timeline that keeps it for ever, and in an event: a code, no words.
  channel: z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,31}$/, 'must be a code of 1-32 letters, digits, _ or -, a letter first'),
  proofRef: reference.optional(),
  autodebit: z.boolean().optional(),
});

/** `POST /accounts/{accountId}/plans`: the arrangement as it stands then, or as it stood when the case closed meanwhile. */
export async function agreePlan(ports: Ports, accountId: string, agreement: z.infer<typeof planBody>): Promise<unknown> {
  const { account: before } = readHead(accountId, await ports.table.get(headKey(accountId)));
  if (before.case === undefined) throw new NotFound('No journey was ever opened for this account.');
  await takePlanAgreed(ports, accountId, agreement);
  const { account } = readHead(accountId, await ports.table.get(headKey(accountId)));
  const current = openCase(account) ?? account.case;
  if (current?.plan === undefined) throw new Conflict('The case ended meanwhile.');
  return {
    accountId,
    caseId: current.caseId,
    status: isArranged(current) ? 'arranged' : 'closed',
    plan: planView(current, account, ports.now),
  };
}
