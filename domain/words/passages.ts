import { consequenceSentence } from './consequences.ts';
import { ACCOUNTS_MAX, formatAmount, formatDate, formatSlot, formatText, InvalidSlot, ITEMS_MAX, slotOf, totalsOf } from './format.ts';
import { isAboutSeveral, type Scope, say } from './message.ts';
import { PHRASES } from './phrases.ts';
import type { AccountLine, Amount, Block, Item } from './template.ts';

/** One line of a table; a total stands out. */
export interface Row {
  readonly label: string;
  readonly value: string;
  readonly total?: true;
}

/** A piece of a long text with all its words in place. E-mail, letter and plain text each lay it out in their own way. */
export type Passage =
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'table'; readonly heading: string; readonly rows: readonly Row[] }
  | { readonly kind: 'list'; readonly heading: string; readonly lines: readonly string[] }
  | { readonly kind: 'pay'; readonly heading: string; readonly link: string; readonly button: string };

/** The passages of a body. What has nothing to say here (no consequence, no word for this track) is left out. */
export function passagesOf(body: readonly Block[], scope: Scope): readonly Passage[] {
  return body.flatMap((block) => (typeof block === 'string' ? paragraph(block, scope) : BLOCKS[block.block](scope)));
}

function paragraph(message: string, scope: Scope): readonly Passage[] {
  const text = say(message, scope).trim();
  return text === '' ? [] : [{ kind: 'paragraph', text }];
}

const BLOCKS: Readonly<Record<Exclude<Block, string>['block'], (scope: Scope) => readonly Passage[]>> = {
  figures: (scope) => (isAboutSeveral(scope.slots) ? accountsTable(scope) : itemsTable(scope)),
  statement: (scope) => {
    const phrases = PHRASES[scope.locale];
    return [
      {
        kind: 'table',
        heading: phrases.statement,
        rows: [
          amountRow(phrases.statementBalance, slotOf('statementBalance', scope.slots), scope),
          amountRow(phrases.minimumDue, slotOf('minimumDue', scope.slots), scope),
          { label: phrases.dueDate, value: formatDate(slotOf('dueDate', scope.slots), scope.locale) },
        ],
      },
    ];
  },
  offers: (scope) => {
    const { offers, offerRow } = PHRASES[scope.locale];
    const rows = slotOf('offers', scope.slots).map(({ count, firstDate, first }) =>
      amountRow(say(offerRow, scope, { count, date: formatDate(firstDate, scope.locale) }), first, scope),
    );
    return [{ kind: 'table', heading: offers, rows }];
  },
  // The bank collects the amount itself: a link beside it would invite to pay twice.
  pay: (scope) => {
    if (scope.slots.autopay === true) return [];
    const { pay, payButton } = PHRASES[scope.locale];
    return [{ kind: 'pay', heading: pay, link: String(formatSlot('paymentLink', scope.slots, scope.locale)), button: payButton }];
  },
  consequences: (scope) => {
    const lines = slotOf('consequences', scope.slots).map((id) => consequenceSentence(id, scope.locale));
    return lines.length === 0 ? [] : [{ kind: 'list', heading: PHRASES[scope.locale].consequences, lines }];
  },
  help: (scope) => paragraph(PHRASES[scope.locale].help, scope),
  basis: (scope) => paragraph(PHRASES[scope.locale].basis, scope),
  rights: (scope) => {
    const { rights, rightsList } = PHRASES[scope.locale];
    return [{ kind: 'list', heading: rights, lines: rightsList.map((line) => say(line, scope)) }];
  },
};

function amountRow(label: string, amount: Amount, scope: Scope): Row {
  return { label, value: formatAmount(amount, scope.locale) };
}

/** The first rows as they are, the rest as a number: a letter has an end. */
function rowsOf<T>(all: readonly T[], max: number, scope: Scope, write: (row: T) => Row): readonly Row[] {
  const rows = all.slice(0, max).map(write);
  const more = all.length - rows.length;
  return more > 0 ? [...rows, { label: say(PHRASES[scope.locale].moreRows, scope, { count: more }), value: '' }] : rows;
}

function itemsTable(scope: Scope): readonly Passage[] {
  const { locale, slots } = scope;
  const phrases = PHRASES[locale];
  const { components } = slots;
  const items = slotOf('items', slots);
  if (items.length === 0) throw new InvalidSlot('items: at least one is needed');
  const label = (item: Item) => say(phrases.itemRow, scope, { date: formatDate(item.dueDate, locale) });
  const rows: Row[] = [
    ...rowsOf(items, ITEMS_MAX.long, scope, (item) => amountRow(label(item), item, scope)),
    { ...amountRow(phrases.overdueTotal, slotOf('overdue', slots), scope), total: true },
    amountRow(phrases.balance, slotOf('balance', slots), scope),
    ...(components === undefined
      ? []
      : [
          amountRow(phrases.principal, components.principal, scope),
          amountRow(phrases.interest, components.interest, scope),
          amountRow(phrases.fees, components.fees, scope),
        ]),
  ];
  return [{ kind: 'table', heading: phrases.items, rows }];
}

function accountsTable(scope: Scope): readonly Passage[] {
  const { locale, slots } = scope;
  const phrases = PHRASES[locale];
  const accounts = slotOf('accounts', slots);
  const label = (line: AccountLine) =>
    say(phrases.accountRow, scope, { ref: formatText('accounts', line.accountRef), date: formatDate(line.dueDate, locale) });
  const rows: Row[] = [
    ...rowsOf(accounts, ACCOUNTS_MAX.long, scope, (line) => amountRow(label(line), line.overdue, scope)),
    ...totalsOf(accounts).map((total): Row => ({ ...amountRow(phrases.accountsTotal, total, scope), total: true })),
  ];
  return [{ kind: 'table', heading: say(phrases.accounts, scope), rows }];
}

// ---- plain text ----------------------------------------------------------------------------------------------------------

/** The text part of an e-mail, and the body of a letter: passages parted by an empty line. */
export function plainText(passages: readonly Passage[], locale: Scope['locale']): string {
  return passages.map((passage) => plain(passage, locale === 'en' ? ': ' : '：')).join('\n\n');
}

function plain(passage: Passage, colon: string): string {
  switch (passage.kind) {
    case 'paragraph':
      return passage.text;
    case 'table':
      return [passage.heading, ...passage.rows.map(({ label, value }) => (value === '' ? label : `${label}${colon}${value}`))].join('\n');
    case 'list':
      return [passage.heading, ...passage.lines.map((line) => `- ${line}`)].join('\n');
    case 'pay':
      return `${passage.heading}${colon}${passage.link}`;
  }
}
