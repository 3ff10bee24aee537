import { describe, expect, it } from 'vitest';
import type { Account } from '../../../domain/model.ts';
import { recordPlanAgreed } from '../../../domain/plans/agreement.ts';
import { catalogueOn, findOffer, offersOn } from '../../../domain/plans/offers.ts';
import { noOfferReason } from '../../../domain/plans/standing.ts';
import { recordHoldPlaced, recordPaymentReceived } from '../../../domain/record/bank-facts.ts';
import { Journal, Refusal } from '../../../domain/record/journal.ts';
import { emptyAccount } from '../../../domain/reducer/account.ts';
import { anAccount, cny } from '../../builders/account.ts';
import { aSetting } from '../../builders/setting.ts';

const TODAY = '2026-03-02';
const AGREED_AT = '2026-03-02T01:30:00Z';

function agree(account: Account, offerId: string, now = AGREED_AT): Journal {
  const journal = new Journal(account, aSetting({ now }));
  recordPlanAgreed(journal, { offerId, agreedAt: now, channel: 'voice' });
  return journal;
}

function firstOffer(account: Account, onDate = TODAY): string {
  const [offer] = offersOn(account, aSetting(), onDate);
  if (offer === undefined) throw new Error('There is no offer');
  return offer.offerId;
}

function refusalOf(act: () => unknown): Refusal {
  try {
    act();
  } catch (error) {
    if (error instanceof Refusal) return error;
  }
  throw new Error('Nothing was refused');
}

describe('offers', () => {
  const account = anAccount().owing('1000.00').build();

  it('are interest-free instalments of what is overdue, the first after a week and then monthly', () => {
    expect(
      offersOn(account, aSetting(), TODAY).map(({ kind, validUntil, instalments, totalMinor }) => ({
        kind,
        validUntil,
        instalments: instalments.map(({ dueDate, amountMinor }) => ({ dueDate, amountMinor })),
        totalMinor,
      })),
    ).toEqual([
      {
        kind: 'instalments',
        validUntil: '2026-03-16',
        totalMinor: 100_000,
        instalments: [
          { dueDate: '2026-03-09', amountMinor: 33_333 },
          { dueDate: '2026-04-09', amountMinor: 33_333 },
          { dueDate: '2026-05-09', amountMinor: 33_334 },
        ],
      },
      {
        kind: 'instalments',
        validUntil: '2026-03-16',
        totalMinor: 100_000,
        instalments: ['2026-03-09', '2026-04-09', '2026-05-09', '2026-06-09', '2026-07-09', '2026-08-09'].map((dueDate, index) => ({
          dueDate,
          amountMinor: index === 5 ? 16_670 : 16_666,
        })),
      },
    ]);
  });

  it('fall on the last day of a shorter month', () => {
    const [offer] = offersOn(account, aSetting(), '2026-01-24');
    expect(offer?.instalments.map((row) => row.dueDate)).toEqual(['2026-01-31', '2026-02-28', '2026-03-31']);
  });

  it('keep their ids while the facts stay, and get others when they change', () => {
    expect(offersOn(account, aSetting(), TODAY)).toEqual(offersOn(anAccount().owing('1000.00').build(), aSetting(), TODAY));
    const ids = new Set(
      [account, anAccount().owing('1000.01').build(), anAccount().called('acc-2').owing('1000.00').build()].map((row) => firstOffer(row)),
    );
    ids.add(firstOffer(account, '2026-03-03'));
    expect(ids.size).toBe(4);
  });

  it('can be agreed up to the last day on which they are valid', () => {
    const offerId = firstOffer(account);
    expect(findOffer(account, aSetting(), '2026-03-16', offerId)?.instalments[0]?.dueDate).toBe('2026-03-09');
    expect(findOffer(account, aSetting(), '2026-03-17', offerId)).toBeUndefined();
    expect(findOffer(account, aSetting(), '2026-03-01', offerId)).toBeUndefined();
  });

  it.each<[string, Account]>([
    ['No case is open', emptyAccount('acc-1')],
    ['too small', anAccount().owing('199.99').build()],
    ['already running', agree(account, firstOffer(account)).account],
    ['Nothing is overdue', paid(account, '1000.00')],
    ['was broken', broken(account)],
  ])('are refused with the reason: %s', (reason, refused) => {
    expect(noOfferReason(refused, aSetting())).toContain(reason);
    expect(offersOn(refused, aSetting(), TODAY)).toEqual([]);
    expect(refusalOf(() => agree(refused, 'o-1')).status).toBe(409);
  });

  it('that were never made, or made for another amount, are not to be agreed', () => {
    const refusal = refusalOf(() => agree(account, 'o-unknown'));
    expect([refusal.status, refusal.field]).toEqual([422, 'offerId']);
    expect(refusalOf(() => agree(paid(account, '100.00'), firstOffer(account))).status).toBe(422);
    expect(refusalOf(() => agree(account, firstOffer(account), '2026-03-20T01:30:00Z')).status).toBe(422);
  });
});

function paid(account: Account, amount: string): Account {
  const journal = new Journal(account, aSetting());
  recordPaymentReceived(journal, { paymentId: 'p', amount: cny(amount), paidAt: AGREED_AT, postedAt: AGREED_AT, state: 'posted' });
  return journal.account;
}

function broken(account: Account): Account {
  const journal = agree(account, firstOffer(account));
  const planId = journal.account.case?.plan?.planId ?? '';
  journal.add({ type: 'PlanBroken', planId, index: 0, paid: cny('0.00'), short: cny('333.33') });
  return journal.account;
}

describe('an agreement', () => {
  it('closes what is open for contact and for a suit, ends the promises, and leaves reviews', () => {
    const journal = new Journal(anAccount().build(), aSetting());
    const open = (
      queue: 'call' | 'field-visit' | 'legal-review' | 'case-review',
      objective: 'recover' | 'visit' | 'approve-referral' | 'review-pressure',
    ) => journal.add({ type: 'TaskOpened', taskId: `t-${queue}`, queue, objective, stage: 'legal', dueAt: AGREED_AT, priority: 1 });
    open('call', 'recover');
    open('field-visit', 'visit');
    open('legal-review', 'approve-referral');
    open('case-review', 'review-pressure');
    journal.add({ type: 'PromiseRecorded', promiseId: 'pr', taskId: 't', amount: cny('1.00'), date: '2026-03-09' });

    recordPlanAgreed(journal, { offerId: firstOffer(journal.account), agreedAt: AGREED_AT, channel: 'voice' });

    expect(journal.account.case?.tasks.map((task) => task.taskId)).toEqual(['t-case-review']);
    expect(journal.account.case?.promises.map((promise) => promise.status)).toEqual(['ended']);
    expect(journal.account.case?.plan?.status).toBe('active');
  });

  it.each(['CNY', 'TWD'])(
    'needs one supervisor for a longer pause that gives nothing up, also in a currency without limits: %s',
    (currency) => {
      const owing = { ...anAccount().firstTimer().build(), currency };
      const longer = catalogueOn(owing, aSetting(), TODAY).find(({ key }) => key === 'deferral-2');
      expect(longer?.needs).toEqual({ role: 'supervisor', people: 1 });
    },
  );

  it('is possible while a hold lasts: the customer asks for it', () => {
    const journal = new Journal(anAccount().build(), aSetting());
    recordHoldPlaced(journal, { holdId: 'h', kind: 'negotiation', placedAt: AGREED_AT });
    expect(agree(journal.account, firstOffer(journal.account)).account.case?.plan?.status).toBe('active');
  });
});
