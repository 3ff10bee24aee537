import { CONSEQUENCE_IDS } from './consequences.ts';
import type { AccountLine, Amount, Locale, Slots, Template } from './template.ts';

/** Values to try templates with, for the lint, the page of all templates, and tests. None is a real person's. */

const cny = (amountMinor: number): Amount => ({ amountMinor, currency: 'CNY' });

const USUAL: Slots = {
  customerName: '欧阳小明',
  bankName: '上海浦江银行',
  accountRef: '3456',
  hotline: '400-820-1234',
  paymentLink: 'https://pay.example.com/r/8f3k2m9q',
  overdue: cny(1_234_567),
  balance: cny(12_345_678),
  components: { principal: cny(11_872_340), interest: cny(412_338), fees: cny(61_000) },
  items: [
    { dueDate: '2026-02-01', ...cny(617_283) },
    { dueDate: '2026-03-01', ...cny(617_284) },
  ],
  accounts: [{ accountRef: '3456', overdue: cny(1_234_567), dueDate: '2026-02-01' }],
  offers: [
    { count: 3, first: cny(411_522), firstDate: '2026-04-17' },
    { count: 6, first: cny(205_761), firstDate: '2026-04-17' },
    { count: 12, first: cny(102_880), firstDate: '2026-04-17' },
  ],
  dueDate: '2026-02-01',
  daysPastDue: 68,
  consequences: ['interest-and-charges', 'bureau-report', 'card-suspension', 'agency-placement'],
  reportingDate: '2026-04-20',
  deadline: '2026-12-31',
  promised: cny(500_000),
  promiseDate: '2026-03-20',
  instalment: cny(205_761),
  instalmentDate: '2026-04-01',
  visitDate: '2026-05-12',
  statementBalance: cny(1_860_000),
  minimumDue: cny(186_000),
  daysToDue: 3,
  autopay: false,
  received: cny(300_000),
  receivedDate: '2026-04-09',
  asOf: '2026-04-10',
  unsubscribe: '如不希望再收到此类邮件，请致电客服热线。',
};

function without<N extends keyof Slots>(slots: Slots, ...names: readonly N[]): Omit<Slots, N> {
  return Object.fromEntries(Object.entries(slots).filter(([name]) => !names.includes(name as N))) as Omit<Slots, N>;
}

/** What a customer of this locale usually has: one account, and no word on how to unsubscribe. */
export const TYPICAL_SLOTS: Readonly<Record<Locale, Omit<Slots, 'accounts' | 'unsubscribe'>>> = {
  'zh-CN': without(USUAL, 'accounts', 'unsubscribe'),
  'zh-TW': inTaiwan(without(USUAL, 'accounts', 'unsubscribe')),
  en: { ...without(USUAL, 'accounts', 'unsubscribe'), customerName: 'Alexander Ouyang', bankName: 'Shanghai Pujiang Bank' },
};

function inTaiwan<S extends Partial<Slots>>(slots: S): S {
  const money = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(money);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).map(([name, inner]) => [name, money(inner)]);
    const { amountMinor } = value as Partial<Amount>;
    // Whole dollars, as bills there are.
    if (amountMinor !== undefined) entries.push(['currency', 'TWD'], ['amountMinor', Math.round(amountMinor / 100) * 100]);
    return Object.fromEntries(entries);
  };
  return { ...(money(slots) as S), customerName: '歐陽小明', bankName: '臺北淡江銀行', hotline: '02-2820-1234' };
}

const LONG_NAMES: Readonly<Record<Locale, Pick<Slots, 'customerName' | 'bankName'>>> = {
  'zh-CN': { customerName: '买买提·阿不都热合曼·吐尔逊', bankName: '长江三角洲城市商业银行信用卡中心' },
  'zh-TW': { customerName: '歐陽·瑪莉亞·伊莉莎白', bankName: '臺灣海峽城市商業銀行信用卡處' },
  en: { customerName: 'Wolfeschlegelsteinhausen Bergerdorff', bankName: 'Yangtze River Delta City Commercial Bank Cards' },
};

/** The longest that values commonly get: a long name and link, nine digits before the point, more items than a text lists. */
function longSlots(locale: Locale): Omit<Slots, 'accounts' | 'unsubscribe'> {
  const slots = TYPICAL_SLOTS[locale];
  const { currency } = slots.overdue;
  const cents = (amountMinor: number): Amount => ({ amountMinor, currency });
  const long = cents(98_765_432_100);
  return {
    ...slots,
    ...LONG_NAMES[locale],
    hotline: '+86 21 6888 1234 9876',
    paymentLink: 'https://payments.cards.example-bank.com/overdue/r/8f3k2m9qx7v2',
    overdue: long,
    balance: long,
    components: { principal: cents(long.amountMinor - 200_000), interest: cents(150_000), fees: cents(50_000) },
    items: [10, 11, 12].map((month) => ({ dueDate: `2026-${month}-28`, ...cents(long.amountMinor / 3) })),
    offers: [3, 6, 12].map((count) => ({ count, first: cents(Math.floor(long.amountMinor / count)), firstDate: '2026-12-28' })),
    dueDate: '2026-10-28',
    daysPastDue: 1128,
    consequences: ['interest-and-charges', 'bureau-report', 'card-suspension', 'agency-placement', 'legal-proceedings'],
    promised: long,
    instalment: long,
    statementBalance: long,
    minimumDue: long,
    received: long,
  };
}

/** Three overdue accounts in two currencies. */
export function severalAccounts(locale: Locale): readonly AccountLine[] {
  const { overdue, dueDate } = TYPICAL_SLOTS[locale];
  return [
    { accountRef: '3456', overdue, dueDate },
    { accountRef: '7788', overdue: { ...overdue, amountMinor: 210_000 }, dueDate: '2026-02-15' },
    { accountRef: '9012', overdue: { amountMinor: 35_050, currency: 'USD' }, dueDate: '2026-03-01' },
  ];
}

/** One way in which a template can turn out, by what is known of the customer. */
export interface Variant {
  readonly name: string;
  readonly slots: Partial<Slots>;
}

/** Every turn that a template's texts take by their slots; the first is the usual one. */
export function variantsOf(template: Template, locale: Locale): readonly Variant[] {
  const typical = TYPICAL_SLOTS[locale];
  const knows = (name: keyof Slots): boolean => template.slots.includes(name) || template.optional.includes(name);
  const variants: Variant[] = [{ name: 'usual', slots: typical }];
  const add = (name: string, slots: Partial<Slots>) => variants.push({ name, slots: { ...typical, ...slots } });
  if (knows('accounts')) add('several accounts', { accounts: severalAccounts(locale) });
  if (knows('consequences')) {
    add('no consequences', { consequences: [] });
    add('suit intended', { consequences: CONSEQUENCE_IDS });
  }
  if (knows('daysToDue')) add('on the due date', { daysToDue: 0 });
  if (knows('autopay')) add('autopay', { autopay: true });
  if (knows('received')) add('nothing overdue', { overdue: { ...typical.overdue, amountMinor: 0 } });
  variants.push({ name: 'long values', slots: longSlots(locale) });
  return variants;
}
