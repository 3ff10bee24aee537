import { addDays, localDate } from '../calendar.ts';
import { breaksOn } from '../decide/arrangement.ts';
import type { World } from '../decide/world.ts';
import { balanceMinor, overdueMinor, remainingArrears } from '../ledger.ts';
import type { Item, Slots } from './template.ts';

const ACCOUNT_DIGITS = 4;

/** Everything a template may say about a case; each takes what it declares. Time is given by what the text is about. */
export function slotsOf(
  world: World,
  template: string,
  customerName: string,
  words: { readonly bankName: string; readonly hotline: string; readonly paymentLink: string },
): Partial<Slots> {
  const { account, current, setting, today } = world;
  const currency = account.currency ?? '';
  const arrears = remainingArrears(account);
  const amount = (amountMinor: number) => ({ amountMinor, currency });
  const items: Item[] = arrears.map((row) => ({ kind: 'due', dueDate: row.dueDate, amountMinor: row.amountMinor, currency }));
  const promise = current.promises.filter((row) => row.status === 'open').sort((a, b) => (a.date < b.date ? -1 : 1))[0];
  const instalment = current.plan?.instalments.find((row) => row.status !== 'paid');
  const { plan, legal } = setting.ladder;
  const deadline =
    template === 'legal-formal-notice'
      ? addDays(today, legal.noticeDays + Math.ceil(legal.deliveredAfterHours / 24))
      : instalment === undefined
        ? addDays(today, plan.offerValidDays)
        : addDays(breaksOn(instalment, plan.cureDays), -1);
  return {
    ...words,
    customerName,
    accountRef: account.accountId.slice(-ACCOUNT_DIGITS),
    overdue: amount(overdueMinor(account)),
    balance: amount(balanceMinor(account)),
    items,
    dueDate: arrears[0]?.dueDate ?? localDate(world.now, account.timeZone),
    daysPastDue: world.daysPastDue,
    deadline,
    ...(promise === undefined ? {} : { promised: amount(promise.amountMinor), promiseDate: promise.date }),
    ...(instalment === undefined ? {} : { instalment: amount(instalment.amountMinor), instalmentDate: instalment.dueDate }),
  };
}
