import { addDays, localDate, toInstant, toMillis } from '../calendar.ts';
import { openCase } from '../case-status.ts';
import { balanceMinor, overdueMinor } from '../ledger.ts';
import type { Account } from '../model.ts';
import { toMoney } from '../money.ts';
import { ARRANGEMENTS } from '../policy/arrangements.ts';
import { drawConsequences, restForPlan } from '../record/consequences.ts';
import { type Journal, Refusal } from '../record/journal.ts';
import { sha256 } from '../timeline.ts';
import type { AgreedInstalment, PlanTerms } from './entries.ts';
import { annualRateOf } from './interest.ts';
import { findOffer, type PlanOffer } from './offers.ts';
import { noOfferReason } from './standing.ts';

export interface Agreement {
  readonly offerId: string;
  readonly agreedAt: string;
  readonly channel: string;
  /** Where the signed text or the recording is. */
  readonly proofRef?: string | undefined;
  /** The customer lets the bank debit each instalment. */
  readonly autodebit?: boolean | undefined;
}

/**
 * Agrees an offer: collection stops, calls and visits close, open promises end.
 *
 * @throws Refusal 409 where none may be agreed now, 422 for an offer that is not on the table
 */
export function recordPlanAgreed(journal: Journal, agreement: Agreement): string {
  const { account, setting } = journal;
  const reason = noOfferReason(account, setting);
  if (reason !== undefined) throw new Refusal(409, reason);
  const offer = findOffer(account, setting, localDate(setting.now, account.timeZone), agreement.offerId);
  const current = openCase(account);
  if (offer === undefined || current === undefined || account.currency === undefined) {
    throw new Refusal(422, 'this offer is unknown, expired, or was made for another overdue amount', 'offerId');
  }
  if (offer.needs !== undefined)
    throw new Refusal(422, 'this offer needs an approval: it is asked for with the outcome plan-requested', 'offerId');
  const planId = `${current.caseId}-plan-${sha256(offer.offerId).slice(0, 8)}`;
  const { proofRef, channel, autodebit } = agreement;
  const spoken = proofRef === undefined && ARRANGEMENTS.oralChannels.includes(channel.toLowerCase());
  journal.add({
    type: 'PlanAgreed',
    planId,
    offerId: offer.offerId,
    kind: offer.kind,
    agreedAt: toInstant(toMillis(agreement.agreedAt)),
    channel,
    ...(proofRef === undefined ? {} : { proofRef }),
    ...(spoken ? { proofMissing: true } : {}),
    ...(autodebit ? { autodebit: true } : {}),
    total: toMoney(offer.totalMinor, account.currency),
    instalments: agreedInstalments(journal, offer, account.currency),
    terms: termsOf(account, offer, account.currency),
  });
  restForPlan(journal);
  drawConsequences(journal);
  return planId;
}

/** An offer is valid for longer than until its first instalment: one that fell due before it was agreed gets days, and costs no more. */
function agreedInstalments({ account, setting }: Journal, offer: PlanOffer, currency: string): AgreedInstalment[] {
  const today = localDate(setting.now, account.timeZone);
  return offer.instalments.map((row) => ({
    dueDate: row.dueDate > today ? row.dueDate : addDays(today, setting.ladder.plan.noticeDays),
    amount: toMoney(row.amountMinor, currency),
    ...(row.interestMinor === 0 ? {} : { interest: toMoney(row.interestMinor, currency) }),
    ...(row.feesMinor === 0 ? {} : { fees: toMoney(row.feesMinor, currency) }),
  }));
}

/** What art. 70 of the Chinese order asks an agreement to contain; elsewhere it is as good a list as any. */
function termsOf(account: Account, offer: PlanOffer, currency: string): PlanTerms {
  const money = (minor: number) => toMoney(minor, currency);
  const { components } = account.facts;
  const { rate, waived } = offer;
  return {
    key: offer.key,
    policy: ARRANGEMENTS.version,
    debt: {
      overdue: money(overdueMinor(account)),
      balance: money(balanceMinor(account)),
      ...(components === undefined
        ? {}
        : {
            components: {
              principal: money(components.principalMinor),
              interest: money(components.interestMinor),
              fees: money(components.feesMinor),
            },
          }),
    },
    cycle: offer.instalments.length === 1 ? 'once' : 'monthly',
    method: offer.method,
    startsOn: offer.startsOn,
    ...(rate === undefined
      ? {}
      : { interest: { annualRate: annualRateOf(rate.micros), dayCount: rate.dayCount, effectiveRate: offer.effectiveRate } }),
    principal: money(offer.principalMinor),
    interestTotal: money(offer.interestMinor),
    feesTotal: money(offer.feesMinor),
    ...(waived.interestMinor + waived.feesMinor === 0
      ? {}
      : { waived: { interest: money(waived.interestMinor), fees: money(waived.feesMinor) } }),
    noNewCredit: true,
    conditions: ARRANGEMENTS.conditions,
  };
}
