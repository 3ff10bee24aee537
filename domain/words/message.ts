import { IntlMessageFormat } from 'intl-messageformat';
import type { MessageChannel, Track } from '../model.ts';
import { formatSlot, formatTotals } from './format.ts';
import { PHRASES } from './phrases.ts';
import type { Locale, SlotName, Slots } from './template.ts';

/** Who hears a message how, and what it may say. */
interface Circumstances {
  readonly locale: Locale;
  readonly channel: MessageChannel;
  readonly track: Track;
  /** Those that the template declares, and no others. */
  readonly slots: Partial<Slots>;
}

/** What a message is said with. */
export interface Scope extends Circumstances {
  /** Everything that a message may name, formatted when it is asked for. */
  readonly values: Readonly<Record<string, string | number>>;
}

/** ICU's keys of a choice are words without a dash. */
export const TRACK_KEYS = {
  standard: 'standard',
  'first-time': 'firstTime',
  light: 'light',
  'long-term': 'longTerm',
  evasive: 'evasive',
  hardship: 'hardship',
} as const satisfies Record<Track, string>;

export const CHANNEL_KEYS = {
  sms: 'sms',
  email: 'email',
  push: 'push',
  'in-app': 'inApp',
  im: 'im',
  post: 'post',
} as const satisfies Record<MessageChannel, string>;

/**
 * Names that messages may use beside the slots. Choices: `track`, `channel`; `several` (the message is about more than one account),
 * `warns` (there are consequences to name), `stillOverdue`, each `yes` or `no`. Values: `opening` of a short text, `accountCount`, and
 * `totals` of all accounts.
 */
export const DERIVED_NAMES = ['track', 'channel', 'several', 'warns', 'stillOverdue', 'opening', 'accountCount', 'totals'] as const;
type DerivedName = (typeof DERIVED_NAMES)[number];

const yesNo = (condition: boolean): string => (condition ? 'yes' : 'no');

const DERIVED: Readonly<Record<DerivedName, (scope: Scope) => string | number>> = {
  track: ({ track }) => TRACK_KEYS[track],
  channel: ({ channel }) => CHANNEL_KEYS[channel],
  several: ({ slots }) => yesNo(isAboutSeveral(slots)),
  warns: ({ slots }) => yesNo((slots.consequences?.length ?? 0) > 0),
  stillOverdue: ({ slots }) => yesNo((slots.overdue?.amountMinor ?? 0) > 0),
  opening: (scope) => say(PHRASES[scope.locale].opening, scope),
  accountCount: ({ slots }) => slots.accounts?.length ?? 1,
  totals: ({ locale, slots }) => formatTotals(slots.accounts ?? [], locale),
};

/** Whether the message speaks for more than one account of the customer. */
export function isAboutSeveral(slots: Partial<Slots>): boolean {
  return (slots.accounts?.length ?? 0) > 1;
}

// Messages are constants of the code: there are a few hundred, and a process says a handful of them.
const compiled = new Map<string, IntlMessageFormat>();

function compile(message: string, locale: Locale): IntlMessageFormat {
  const key = `${locale} ${message}`;
  let found = compiled.get(key);
  if (found === undefined) {
    // A `<` is a letter like others: what becomes HTML is escaped as a whole.
    found = new IntlMessageFormat(message, locale, undefined, { ignoreTag: true });
    compiled.set(key, found);
  }
  return found;
}

/**
 * An ICU message as plain text. A slot is only asked for where the chosen branch mentions it.
 *
 * @param more values of this message alone, such as those of one row.
 * @throws MissingSlot, InvalidSlot; RangeError for a date or amount that is none; FormatError for a name that is not declared.
 */
export function say(message: string, scope: Scope, more?: Readonly<Record<string, string | number>>): string {
  const values = more === undefined ? scope.values : Object.assign(Object.create(scope.values), more);
  return String(compile(message, scope.locale).format(values));
}

/** @param declared the names that messages may use; any other is an error. */
export function scopeOf(circumstances: Circumstances, declared: readonly SlotName[]): Scope {
  const values: Record<string, string | number> = {};
  const scope: Scope = { ...circumstances, values };
  const define = (name: string, get: () => string | number) => Object.defineProperty(values, name, { get });
  for (const name of declared) define(name, () => formatSlot(name, scope.slots, scope.locale));
  for (const name of DERIVED_NAMES) define(name, () => DERIVED[name](scope));
  return scope;
}

/** The parsed message, for whoever checks it. @throws SyntaxError */
export function syntaxOf(message: string, locale: Locale): ReturnType<IntlMessageFormat['getAst']> {
  return compile(message, locale).getAst();
}
