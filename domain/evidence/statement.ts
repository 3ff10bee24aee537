import { contractDaysPastDue, daysPastDue } from '../case-status.ts';
import type { Entry } from '../entries.ts';
import { balanceMinor, overdueMinor, remainingArrears } from '../ledger.ts';
import type { Account, Case } from '../model.ts';
import { moneyOf } from '../money.ts';

/** The statement of account: every figure and movement of money in the order it was recorded, and what the ledger makes of them. */

/** The members of an entry that a row of the statement shows, by the entries that move money or say how much there is. */
const ROWS: Readonly<Partial<Record<Entry['type'], readonly string[]>>> = {
  AccountOverdue: ['asOf', 'dueDate', 'overdue', 'minimumDue', 'balance', 'components', 'arrears'],
  BalanceUpdated: ['asOf', 'overdue', 'balance', 'arrears'],
  StatementIssued: ['statementId', 'issuedAt', 'statementBalance', 'minimumDue', 'dueDate'],
  PaymentReceived: ['paymentId', 'amount', 'paidAt', 'postedAt', 'state', 'method', 'reversedAt'],
  PaymentReversed: ['paymentId', 'reversedAt', 'reason', 'payment'],
  PaymentRejected: ['paymentId', 'rule'],
  PlanAgreed: ['planId', 'kind', 'agreedAt', 'total', 'instalments', 'terms'],
  InstalmentPaid: ['planId', 'index', 'paid'],
  InstalmentMissed: ['planId', 'index', 'paid'],
  InstalmentReopened: ['planId', 'index'],
  PlanBroken: ['planId', 'index', 'paid', 'short'],
  PlanCompleted: ['planId', 'paid', 'waived'],
  PlanReopened: ['planId'],
};

/** One row, with overdue amount and balance after it; undefined for an entry that is not about money. */
export function statementRow(entry: Entry, after: Account): Record<string, unknown> | undefined {
  const members = ROWS[entry.type];
  if (members === undefined) return undefined;
  const facts = entry as unknown as Readonly<Record<string, unknown>>;
  return {
    seq: entry.seq,
    recordedAt: entry.at,
    what: entry.type,
    ...Object.fromEntries(members.flatMap((name) => (facts[name] === undefined ? [] : [[name, facts[name]]]))),
    after: totals(after),
  };
}

/** How the account stands at the last entry. */
export function statementBody(account: Account, current: Case | undefined, at: number, asOf: string): Record<string, unknown> {
  const { plan } = current ?? {};
  const { components } = account.facts;
  const money = (amountMinor: number) => moneyOf(account, amountMinor);
  return {
    asOf,
    ...totals(account),
    arrears: remainingArrears(account).map(({ dueDate, amountMinor }) => ({ dueDate, amount: money(amountMinor) })),
    daysPastDue: daysPastDue(account, at),
    contractDaysPastDue: contractDaysPastDue(account, at),
    ...(components === undefined
      ? {}
      : {
          componentsAsOf: account.factsAsOf,
          components: {
            principal: money(components.principalMinor),
            interest: money(components.interestMinor),
            fees: money(components.feesMinor),
          },
        }),
    ...(plan === undefined
      ? {}
      : {
          plan: {
            planId: plan.planId,
            status: plan.status,
            agreedAt: plan.agreedAt,
            total: money(plan.totalMinor),
            instalments: plan.instalments.map(({ dueDate, amountMinor, status }) => ({ dueDate, amount: money(amountMinor), status })),
          },
        }),
  };
}

function totals(account: Account): Record<string, unknown> {
  return { overdue: moneyOf(account, overdueMinor(account)), balance: moneyOf(account, balanceMinor(account)) };
}
