import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { planRejectionCode } from '../../domain/codes.ts';
import { type Agreement, recordPlanAgreed } from '../../domain/plans/agreement.ts';
import type { PlanOffer } from '../../domain/plans/offers.ts';
import { type AskedPlan, recordPlanRequested } from '../../domain/plans/wish.ts';
import { Contradiction, type Journal } from '../../domain/record/journal.ts';
import { recordPlanBooked, recordPlanRejected } from '../../domain/record/plans.ts';
import { keyItem, S, text } from '../adapters/table.ts';
import type { Inbound } from '../contract/inbound-events.ts';
import { bankFactKey, subjectFactKey } from '../protocol/items.ts';
import { type Ports, type Signalled, signal } from '../protocol/signal.ts';
import { notesPut, wordsBeside } from './notes.ts';

/** A customer, or somebody for them, agrees an offered arrangement. The same agreement again answers the same. */
export function takePlanAgreed(ports: Ports, accountId: string, agreement: Agreement): Promise<Signalled> {
  return signal(ports, {
    accountId,
    fact: { key: subjectFactKey(`ACCOUNT#${accountId}`, 'PlanAgreed', agreement.offerId), content: agreement },
    apply: ({ journal }) => {
      const planId = recordPlanAgreed(journal, agreement);
      return { items: [planPut(ports, accountId, planId)] };
    },
  });
}

/** What was asked for may be agreed at once: nothing was written. */
class OfferedAlready extends Error {
  override readonly name = 'OfferedAlready';
  readonly offer: PlanOffer;

  constructor(offer: PlanOffer) {
    super('Nobody has to approve this');
    this.offer = offer;
  }
}

/**
 * A customer asks for an arrangement that a person has to approve. The same request again is known by its id.
 *
 * @returns the offer where nobody has to approve it; undefined once the request is on record
 * @throws Refusal, ReusedId
 */
export async function takePlanRequested(ports: Ports, accountId: string, asked: AskedPlan): Promise<PlanOffer | undefined> {
  try {
    await signal(ports, {
      accountId,
      fact: { key: subjectFactKey(`ACCOUNT#${accountId}`, 'PlanRequested', asked.requestId), content: asked },
      apply: ({ journal }) => {
        const offered = recordPlanRequested(journal, asked);
        if (offered !== undefined) throw new OfferedAlready(offered.offer);
        return {};
      },
    });
    return undefined;
  } catch (error) {
    if (error instanceof OfferedAlready) return error.offer;
    throw error;
  }
}

/** The core answers by the plan's id alone: whose it is. */
function planPut(ports: Ports, accountId: string, planId: string): TransactWriteItem {
  return { Put: { TableName: ports.table.name, Item: { ...keyItem(bankFactKey('plan', planId)), accountId: S(accountId) } } };
}

/** @throws Contradiction: plans have their ids from us, so that one nobody agreed is a mistake and not early */
async function accountOfPlan(ports: Ports, planId: string): Promise<string> {
  const accountId = text(await ports.table.get(bankFactKey('plan', planId)), 'accountId');
  if (accountId === undefined) throw new Contradiction('planId', 'must name a plan that was agreed');
  return accountId;
}

/** The core booked what was agreed. */
export async function takePlanBooked(ports: Ports, event: Inbound<'PlanBooked'>): Promise<Signalled> {
  const accountId = await accountOfPlan(ports, event.planId);
  return signal(ports, {
    accountId,
    fact: { key: subjectFactKey(`ACCOUNT#${accountId}`, 'PlanBooked', `${event.planId}#${event.at}`), content: event },
    apply: ({ journal }) => {
      const { notesRef, items } = words(ports, journal, event, {});
      recordPlanBooked(journal, { planId: event.planId, at: event.at, notesRef });
      return { items };
    },
  });
}

/** The core would not book it: the plan ends and collection goes on. */
export async function takePlanRejected(ports: Ports, event: Inbound<'PlanRejected'>): Promise<Signalled> {
  const accountId = await accountOfPlan(ports, event.planId);
  const { planId, at } = event;
  return signal(ports, {
    accountId,
    fact: { key: subjectFactKey(`ACCOUNT#${accountId}`, 'PlanRejected', `${planId}#${at}`), content: event },
    apply: ({ journal }) => {
      const reason = event.reason === undefined ? undefined : planRejectionCode(event.reason);
      const { notesRef, items } = words(ports, journal, event, reason === undefined ? {} : { reason });
      recordPlanRejected(journal, { planId, at, reason, notesRef });
      return { items };
    },
  });
}

/** What the bank says in its own words stays beside the timeline, for as long as notes do. */
function words(
  ports: Ports,
  journal: Journal,
  { planId, at, reason }: Inbound<'PlanBooked'>,
  codes: Readonly<Record<string, string>>,
): { readonly notesRef?: string; readonly items: readonly TransactWriteItem[] } {
  const said = wordsBeside({ reason }, codes);
  if (said === undefined) return { items: [] };
  const notesRef = `${planId}#${at}`;
  return { notesRef, items: [notesPut(ports, journal, notesRef, said)] };
}
