import { epochDay } from '../calendar.ts';
import { toMoney } from '../money.ts';
import type { Amount, Item, Locale, SlotName, Slots } from './template.ts';

const TEXT_LENGTH_MAX = 300;

/** A slot that a text needs and that has no value. */
export class MissingSlot extends Error {
  override readonly name = 'MissingSlot';
}

/** A slot with a value that must not be written to a customer. */
export class InvalidSlot extends Error {
  override readonly name = 'InvalidSlot';
}

const DAY = 86_400_000;
// The currency's code is written out in English, since a sign alone (¥, $) does not say whose it is.
const AMOUNTS = {
  'zh-CN': { locale: 'zh-CN', currencyDisplay: 'symbol' },
  en: { locale: 'en-GB', currencyDisplay: 'code' },
} as const;
const amountFormats = new Map<string, Intl.NumberFormat>();
const dateFormats: Readonly<Record<Locale, Intl.DateTimeFormat>> = {
  'zh-CN': new Intl.DateTimeFormat('zh-CN', { dateStyle: 'long', timeZone: 'UTC' }),
  en: new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }),
};
const COMPONENTS = {
  'zh-CN': { principal: '本金', interest: '利息', fees: '费用' },
  en: { principal: 'principal', interest: 'interest', fees: 'fees' },
} as const;

function formatAmount(value: Amount, locale: Locale): string {
  const { amount, currency } = toMoney(value.amountMinor, value.currency);
  const key = `${locale} ${currency}`;
  let format = amountFormats.get(key);
  if (format === undefined) {
    const digits = amount.split('.')[1]?.length ?? 0;
    const { locale: tag, currencyDisplay } = AMOUNTS[locale];
    format = new Intl.NumberFormat(tag, {
      style: 'currency',
      currency,
      currencyDisplay,
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    });
    amountFormats.set(key, format);
  }
  // The decimal string is formatted exactly, a number would be rounded above 2^53. A no-break space would cost an SMS half its length.
  return format.format(amount as Intl.StringNumericLiteral).replaceAll('\u00a0', ' ');
}

function formatDate(date: string, locale: Locale): string {
  return dateFormats[locale].format(epochDay(date) * DAY);
}

function formatItem(item: Item, locale: Locale): string {
  const amount = formatAmount(item, locale);
  if (item.kind !== 'due')
    return locale === 'zh-CN' ? `${COMPONENTS[locale][item.kind]}${amount}` : `${COMPONENTS[locale][item.kind]} ${amount}`;
  const date = formatDate(item.dueDate, locale);
  return locale === 'zh-CN' ? `${date}到期${amount}` : `${amount} due ${date}`;
}

function formatItems(items: readonly Item[], locale: Locale, max: number): string {
  if (items.length === 0) throw new InvalidSlot('items: at least one is needed');
  const shown = items.slice(0, max).map((item) => formatItem(item, locale));
  const rest = items.length - shown.length;
  if (rest > 0) shown.push(locale === 'zh-CN' ? `另有${rest}项` : `${rest} more`);
  return shown.join(locale === 'zh-CN' ? '，' : ', ');
}

/** Line breaks and other control characters could forge a header or a second message. */
function formatText(name: SlotName, value: string): string {
  const text = value.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  if (text === '' || text.length > TEXT_LENGTH_MAX) throw new InvalidSlot(`${name}: must be 1 to ${TEXT_LENGTH_MAX} characters`);
  return text;
}

function formatLink(value: string): string {
  if (!/^https:\/\/[\x21-\x7e]+$/.test(value) || value.length > TEXT_LENGTH_MAX || !URL.canParse(value)) {
    throw new InvalidSlot(`paymentLink: must be an https address of at most ${TEXT_LENGTH_MAX} characters`);
  }
  return value;
}

/**
 * The value of a slot as a customer of this locale reads it.
 *
 * @param itemsMax how many items are listed before the rest is only counted.
 * @throws MissingSlot, InvalidSlot; RangeError for a date or amount that is none.
 */
export function formatSlot(name: SlotName, slots: Partial<Slots>, locale: Locale, itemsMax: number): string {
  const value = slots[name];
  if (value === undefined) throw new MissingSlot(`${name}: the text needs it`);
  if (name === 'paymentLink') return formatLink(String(value));
  if (name === 'dueDate' || name === 'deadline' || name === 'promiseDate' || name === 'instalmentDate' || name === 'visitDate') {
    return formatDate(String(value), locale);
  }
  if (typeof value === 'string') return formatText(name, value);
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value) || value < 0) throw new InvalidSlot(`${name}: must be a whole number of days, not negative`);
    return String(value);
  }
  return 'amountMinor' in value ? formatAmount(value, locale) : formatItems(value, locale, itemsMax);
}
