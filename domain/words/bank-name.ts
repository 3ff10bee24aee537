import { localeFor } from './locale.ts';
import type { Locale } from './template.ts';

/** The bank's name: one for every language, or each language's own. In a Latin text, one Chinese name makes three SMS of one. */
export type BankName = string | Readonly<Record<Locale, string>>;

/** @param locale a BCP 47 tag; see {@link localeFor} for what it falls back to. */
export function bankNameIn(name: BankName, locale: string): string {
  return typeof name === 'string' ? name : name[localeFor(locale)];
}
