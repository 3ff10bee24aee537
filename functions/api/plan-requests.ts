import * as z from 'zod';
import { localDate } from '../../domain/calendar.ts';
import { openCase } from '../../domain/case-status.ts';
import { REASONS_FOR_ARREARS } from '../../domain/codes.ts';
import type { Account } from '../../domain/model.ts';
import { toMinor } from '../../domain/money.ts';
import { catalogueOn, type PlanOffer } from '../../domain/plans/offers.ts';
import { wishSeen } from '../../domain/plans/wish.ts';
import { settingFor } from '../../domain/record/setting.ts';
import { id, moneyPositive, person } from '../contract/values.ts';
import { takePlanRequested } from '../facts/plan.ts';
import { headKey, readHead } from '../protocol/items.ts';
import type { Ports } from '../protocol/signal.ts';
import { NotFound, RuleBroken } from './problem.ts';

/** `POST /accounts/{accountId}/plan-requests`: a customer asks for an arrangement. */

const MONTHS_MAX = 60;

export const planRequestBody = z.object({
  requestId: id,
  kind: z.enum(['instalments', 'deferral', 'reduced-rate', 'waiver', 'settlement']),
  months: z.int().min(1).max(MONTHS_MAX).optional(),
  amountPerMonth: moneyPositive.optional(),
  // A code: words would stay on the timeline for ever.
  reasonForArrears: z.enum([...REASONS_FOR_ARREARS, 'other']).optional(),
  by: person.optional(),
});

/**
 * Takes a request, and answers how it stands; where nobody has to approve what was asked for, with the offer that may be agreed at once.
 *
 * @throws NotFound; RuleBroken where the amount is in another currency; Refusal, ReusedId
 */
export async function requestPlan(ports: Ports, accountId: string, body: z.infer<typeof planRequestBody>): Promise<unknown> {
  const { account: before } = await accountOf(ports, accountId);
  if (before.case === undefined) throw new NotFound('No journey was ever opened for this account.');
  const { amountPerMonth, ...asked } = body;
  if (amountPerMonth !== undefined && amountPerMonth.currency !== before.currency)
    throw new RuleBroken(`an account has one currency: ${before.currency}`, 'amountPerMonth.currency');
  const perMonth = amountPerMonth === undefined ? {} : { perMonthMinor: toMinor(amountPerMonth) };
  const offer = await takePlanRequested(ports, accountId, { ...asked, ...perMonth });
  const { account } = await accountOf(ports, accountId);
  const of = { accountId, caseId: account.case?.caseId, requestId: asked.requestId };
  return offer === undefined ? { ...of, ...requestView(ports, account, asked) } : { ...of, state: 'offered', ...offerView(offer) };
}

async function accountOf(ports: Ports, accountId: string): Promise<{ readonly account: Account }> {
  return readHead(accountId, await ports.table.get(headKey(accountId)));
}

/** One of an earlier case, or of very long ago, is over. */
function requestView(ports: Ports, account: Account, { requestId, kind }: { readonly requestId: string; readonly kind: string }): object {
  const setting = settingFor(ports.deployment, account, ports.now);
  const seen = account.case === undefined ? undefined : wishSeen(account, account.case, setting, requestId);
  if (seen === undefined) return { state: 'lapsed', kind };
  const wish = openCase(account)?.planRequests?.wishes?.find((row) => row.requestId === requestId);
  const offer =
    seen.state === 'approved'
      ? catalogueOn(account, setting, localDate(ports.now, account.timeZone)).find(
          ({ key, needs }) => key === wish?.key && needs === undefined,
        )
      : undefined;
  return { ...seen, ...(offer === undefined ? {} : offerView(offer)) };
}

function offerView({ offerId, kind, months, validUntil }: PlanOffer): object {
  return { offerId, kind, months, validUntil };
}
