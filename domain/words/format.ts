import { epochDay } from '../calendar.ts';
import { toMoney } from '../money.ts';
import { consequenceClause } from './consequences.ts';
import type { AccountLine, Amount, Item, Locale, OfferLine, SlotName, Slots } from './template.ts';

const TEXT_LENGTH_MAX = 300;
/** Rows that a list shows before the rest is only counted. */
export const ITEMS_MAX = { short: 2, long: 36 } as const;
export const ACCOUNTS_MAX = { short: 3, long: 36 } as const;

/** A slot that a text needs and that has no value. */
export class MissingSlot extends Error {
  override readonly name = 'MissingSlot';
}

/** A slot with a value that must not be written to a customer. */
export class InvalidSlot extends Error {
  override readonly name = 'InvalidSlot';
}

const DAY = 86_400_000;
const dateFormats: Readonly<Record<Locale, Intl.DateTimeFormat>> = {
  'zh-CN': new Intl.DateTimeFormat('zh-CN', { dateStyle: 'long', timeZone: 'UTC' }),
  'zh-TW': new Intl.DateTimeFormat('zh-TW', { dateStyle: 'long', timeZone: 'UTC' }),
  en: new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }),
};
const amountFormats = new Map<string, Intl.NumberFormat>();

function amountFormat(currency: string, locale: Locale, digits: number): Intl.NumberFormat {
  const key = `${locale} ${currency}`;
  let format = amountFormats.get(key);
  if (format === undefined) {
    // In English the currency's code is written out, since a sign alone (¥, $) does not say whose it is. The locale of Taiwan writes its
    // dollar as a bare $, which its banks do not: the mainland's locale tells it apart.
    const tag = locale === 'en' ? 'en-GB' : currency === 'TWD' ? 'zh-CN' : locale;
    format = new Intl.NumberFormat(tag, {
      style: 'currency',
      currency,
      currencyDisplay: locale === 'en' ? 'code' : 'symbol',
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
      // Taiwan's bills are in whole dollars.
      trailingZeroDisplay: locale === 'zh-TW' && currency === 'TWD' ? 'stripIfInteger' : 'auto',
    });
    amountFormats.set(key, format);
  }
  return format;
}

/**
 * An amount as a customer of this locale reads it, exactly.
 *
 * @throws RangeError for an amount or currency that is none.
 */
export function formatAmount(value: Amount, locale: Locale): string {
  const { amount, currency } = toMoney(value.amountMinor, value.currency);
  const format = amountFormat(currency, locale, amount.split('.')[1]?.length ?? 0);
  // The decimal string is formatted exactly, a number would be rounded above 2^53. A no-break space would cost an SMS half its length.
  return format.format(amount as Intl.StringNumericLiteral).replaceAll('\u00a0', ' ');
}

/** @throws RangeError for a date that is none. */
export function formatDate(date: string, locale: Locale): string {
  return dateFormats[locale].format(epochDay(date) * DAY);
}

/** Line breaks and other control characters could forge a header or a second message. */
export function formatText(name: SlotName, value: string): string {
  const text = value.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  if (text === '' || text.length > TEXT_LENGTH_MAX) throw new InvalidSlot(`${name}: must be 1 to ${TEXT_LENGTH_MAX} characters`);
  return text;
}

function formatLink(name: SlotName, value: string): string {
  if (!/^https:\/\/[\x21-\x7e]+$/.test(value) || value.length > TEXT_LENGTH_MAX || !URL.canParse(value)) {
    throw new InvalidSlot(`${name}: must be an https address of at most ${TEXT_LENGTH_MAX} characters`);
  }
  return value;
}

function checkCount(name: SlotName, value: number): number {
  if (!Number.isSafeInteger(value) || value < 0) throw new InvalidSlot(`${name}: must be a whole number of days, not negative`);
  return value;
}

// ---- lists on one line ---------------------------------------------------------------------------------------------------

interface ListWords {
  readonly item: (amount: string, date: string) => string;
  readonly account: (ref: string, amount: string) => string;
  readonly more: (count: number) => string;
  readonly instalments: (counts: string) => string;
  readonly later: (date: string) => string;
  readonly comma: string;
  readonly clauses: string;
}

const LIST_WORDS: Readonly<Record<Locale, ListWords>> = {
  'zh-CN': {
    item: (amount, date) => `${date}到期${amount}`,
    account: (ref, amount) => `尾号${ref}逾期${amount}`,
    more: (count) => `另有${count}项`,
    instalments: (counts) => `分${counts}期还款`,
    later: (date) => `延至${date}还款`,
    comma: '，',
    clauses: '；',
  },
  'zh-TW': {
    item: (amount, date) => `${date}到期${amount}`,
    account: (ref, amount) => `末四碼${ref}逾期${amount}`,
    more: (count) => `另有${count}項`,
    instalments: (counts) => `分${counts}期還款`,
    later: (date) => `延至${date}還款`,
    comma: '，',
    clauses: '；',
  },
  en: {
    item: (amount, date) => `${amount} due ${date}`,
    account: (ref, amount) => `${ref}: ${amount}`,
    more: (count) => `${count} more`,
    instalments: (counts) => `in ${counts} instalments`,
    later: (date) => `in one payment on ${date}`,
    comma: ', ',
    clauses: '; ',
  },
};

function inline<T>(name: SlotName, rows: readonly T[], locale: Locale, max: number, write: (row: T, words: ListWords) => string): string {
  if (rows.length === 0) throw new InvalidSlot(`${name}: at least one is needed`);
  const words = LIST_WORDS[locale];
  const shown = rows.slice(0, max).map((row) => write(row, words));
  if (rows.length > max) shown.push(words.more(rows.length - max));
  return shown.join(words.comma);
}

const itemInline = (item: Item, locale: Locale, words: ListWords) =>
  words.item(formatAmount(item, locale), formatDate(item.dueDate, locale));

const accountInline = (line: AccountLine, locale: Locale, words: ListWords) =>
  words.account(formatText('accounts', line.accountRef), formatAmount(line.overdue, locale));

/** What several accounts owe together, one amount a currency. */
export function totalsOf(accounts: readonly AccountLine[]): readonly Amount[] {
  const sums = new Map<string, number>();
  for (const { overdue } of accounts) sums.set(overdue.currency, (sums.get(overdue.currency) ?? 0) + overdue.amountMinor);
  return [...sums].map(([currency, amountMinor]) => ({ amountMinor, currency }));
}

export function formatTotals(accounts: readonly AccountLine[], locale: Locale): string {
  return totalsOf(accounts)
    .map((total) => formatAmount(total, locale))
    .join(locale === 'en' ? ' + ' : '＋');
}

/** What there is to choose from: `in 3, 6 or 12 instalments`. */
function choices(offers: readonly OfferLine[], locale: Locale): string {
  if (offers.length === 0) throw new InvalidSlot('offers: at least one is needed');
  const words = LIST_WORDS[locale];
  const either = new Intl.ListFormat(locale === 'en' ? 'en-GB' : locale, { type: 'disjunction' });
  const counts = [...new Set(offers.map(({ count }) => count))].filter((count) => count > 1).sort((one, other) => one - other);
  const later = offers.filter(({ count }) => count === 1).map(({ firstDate }) => words.later(formatDate(firstDate, locale)));
  return either.format([...(counts.length === 0 ? [] : [words.instalments(either.format(counts.map(String)))]), ...later]);
}

// ---- slots ---------------------------------------------------------------------------------------------------------------

/**
 * The value of a slot as a customer of this locale reads it, on one line; days stay a number, for the plural, and a flag is `yes` or
 * `no`, for a choice.
 *
 * @throws MissingSlot, InvalidSlot; RangeError for a date or amount that is none.
 */
export function formatSlot(name: SlotName, slots: Partial<Slots>, locale: Locale): string | number {
  switch (name) {
    case 'items':
      return inline(name, slotOf(name, slots), locale, ITEMS_MAX.short, (item, words) => itemInline(item, locale, words));
    case 'accounts':
      return inline(name, slotOf(name, slots), locale, ACCOUNTS_MAX.short, (line, words) => accountInline(line, locale, words));
    case 'offers':
      return choices(slotOf(name, slots), locale);
    case 'consequences':
      return slotOf(name, slots)
        .map((id) => consequenceClause(id, locale))
        .join(LIST_WORDS[locale].clauses);
    case 'components':
      throw new RangeError('components: are written as a table only');
    case 'autopay':
      return slotOf(name, slots) ? 'yes' : 'no';
    case 'daysPastDue':
    case 'daysToDue':
      return checkCount(name, slotOf(name, slots));
    case 'paymentLink':
      return formatLink(name, slotOf(name, slots));
    case 'customerName':
    case 'bankName':
    case 'accountRef':
    case 'hotline':
    case 'unsubscribe':
      return formatText(name, slotOf(name, slots));
    case 'dueDate':
    case 'reportingDate':
    case 'deadline':
    case 'promiseDate':
    case 'instalmentDate':
    case 'visitDate':
    case 'receivedDate':
    case 'asOf':
      return formatDate(slotOf(name, slots), locale);
    default:
      return formatAmount(slotOf(name, slots), locale);
  }
}

/** @throws MissingSlot */
export function slotOf<N extends SlotName>(name: N, slots: Partial<Slots>): Slots[N] {
  const value = slots[name];
  if (value === undefined) throw new MissingSlot(`${name}: the text needs it`);
  return value as Slots[N];
}
