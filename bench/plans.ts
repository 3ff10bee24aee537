import type { Account } from '../domain/model.ts';
import { catalogueOn } from '../domain/plans/offers.ts';
import { LADDER } from '../domain/policy/ladder.ts';
import { recordAccountOverdue } from '../domain/record/bank-facts.ts';
import { Journal, type Setting } from '../domain/record/journal.ts';
import { emptyAccount } from '../domain/reducer/account.ts';
import type { Row } from './table.ts';

const NOW = Date.parse('2026-03-04T03:00:00Z');
const SETS = 5000;
/** The best round counts: the others waited for somebody else's work. */
const ROUNDS = 5;
const ON_DATE = '2026-03-04';

const SETTING: Setting = {
  now: NOW,
  ladder: LADDER,
  deployment: {
    timeZone: 'Asia/Shanghai',
    jurisdiction: 'CN',
    locale: 'zh-CN',
    house: true,
    visits: true,
    role: 'first-party',
    channels: ['sms', 'email'],
    products: {},
  },
};

/** Whatever a customer may agree or ask for, with every schedule, total cost and effective rate, interest by actual days. */
export function planRows(): Row[] {
  return [
    setsOf('of a customer of whom little is known', { willingness: 'unknown', ability: 'unknown' }),
    setsOf('of one who wants to pay and cannot', { willingness: 'willing', ability: 'unable' }),
  ];
}

function setsOf(whose: string, risk: { readonly willingness: string; readonly ability: string }): Row {
  const accounts = Array.from({ length: 50 }, (_, index) => accountOf(index, risk));
  const round = () => {
    const startedAt = performance.now();
    for (let index = 0; index < SETS; index += 1) catalogueOn(accounts[index % accounts.length] as Account, SETTING, ON_DATE);
    return SETS / ((performance.now() - startedAt) / 1000);
  };
  const best = Math.max(...Array.from({ length: ROUNDS }, round));
  const set = catalogueOn(accounts[0] as Account, SETTING, ON_DATE);
  const instalments = set.reduce((sum, offer) => sum + offer.instalments.length, 0);
  return {
    what: `plans: offer sets a second ${whose}, ${set.length} offers of ${instalments} instalments`,
    measured: best.toFixed(0),
    aim: '> 20,000',
  };
}

function accountOf(index: number, risk: { readonly willingness: string; readonly ability: string }): Account {
  const money = (amount: string) => ({ amount, currency: 'CNY' });
  const journal = new Journal(emptyAccount(`acc-${index}`), SETTING);
  recordAccountOverdue(journal, {
    customerId: `cus-${index}`,
    product: 'credit-card',
    dueDate: '2026-02-01',
    overdue: money(`${8000 + index * 37}.45`),
    minimumDue: money('800.00'),
    balance: money(`${18_000 + index * 41}.90`),
    asOf: '2026-03-04T01:00:00Z',
    components: { principal: money(`${17_000 + index * 41}.90`), interest: money('910.00'), fees: money('90.00') },
    terms: { annualRate: '0.1825', dayCount: 'ACT/365' },
    risk: { timesOverdueLast12Months: 2, ...risk },
  });
  return journal.account;
}
