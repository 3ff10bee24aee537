import { CHANNEL_KEYS, DERIVED_NAMES, syntaxOf, TRACK_KEYS } from '../message.ts';
import { type Block, LOCALES, type Locale, type SlotName, type Template, type TemplateText } from '../template.ts';
import type { Finding } from './finding.ts';

/** What can be told from the messages without saying them. */

type Syntax = ReturnType<typeof syntaxOf>;
type Element = Syntax[number];

/** FormatJS numbers its elements, and offers the numbers from a package of its own only. */
const KIND = { literal: 0, argument: 1, number: 2, date: 3, time: 4, select: 5, plural: 6, pound: 7, tag: 8 } as const;

/** Where a message stands, for what it may hold. */
type Place = 'short' | 'subject' | 'preheader' | 'body' | 'script';

/** Slots that each block of a body asks for. */
const BLOCK_SLOTS: Readonly<Record<Exclude<Block, string>['block'], readonly SlotName[]>> = {
  figures: ['overdue', 'items', 'balance', 'components'],
  statement: ['statementBalance', 'minimumDue', 'dueDate'],
  offers: ['offers'],
  pay: ['paymentLink'],
  consequences: ['consequences'],
  help: ['hotline'],
  basis: ['bankName', 'asOf'],
  rights: ['hotline'],
};
/** Every long text has them around its body, a letter the date too. */
const FRAME_SLOTS: readonly SlotName[] = ['customerName', 'bankName', 'accountRef', 'hotline'];
/** What a derived name is made from. */
const DERIVED_SLOTS: Readonly<Record<string, readonly SlotName[]>> = {
  several: ['accounts'],
  accountCount: ['accounts'],
  totals: ['accounts'],
  warns: ['consequences'],
  stillOverdue: ['overdue'],
  opening: ['customerName', 'bankName'],
};
const CHOICES: Readonly<Record<string, readonly string[]>> = {
  track: Object.values(TRACK_KEYS),
  channel: Object.values(CHANNEL_KEYS),
  ...Object.fromEntries(['several', 'warns', 'stillOverdue', 'autopay'].map((name) => [name, ['yes', 'no']])),
};
/** What stands on a screen that others may see says nothing of how much; nor does a list fit into one line. */
const NOT_IN_VIEW: readonly string[] = [
  'overdue',
  'balance',
  'items',
  'accounts',
  'totals',
  'consequences',
  'promised',
  'instalment',
  'statementBalance',
  'minimumDue',
  'received',
  'paymentLink',
  'opening',
];

export type Report = (rule: string, sentence: string) => void;

/** Findings of one template; other checks need not be made where there are some. */
export function syntaxFindings(template: Template): readonly Finding[] {
  const findings: Finding[] = [];
  const used = new Map<Locale, Record<'short' | 'long', Set<string>>>();
  for (const locale of LOCALES) {
    const report: Report = (rule, sentence) => findings.push({ template: template.id, locale, rule, severity: 'error', sentence });
    // The type says that it is there; a template may come from elsewhere.
    const text = template.texts[locale] as TemplateText | undefined;
    if (text === undefined) report('locale', 'There is no text in this language.');
    else used.set(locale, usedNames(template, text, locale, report));
  }
  if (findings.length === 0) compareUse(template, used, findings);
  return findings;
}

function usedNames(template: Template, text: TemplateText, locale: Locale, report: Report): Record<'short' | 'long', Set<string>> {
  const names = { short: new Set<string>(), long: new Set<string>(FRAME_SLOTS) };
  const check = (message: string, place: Place): void => {
    const into = place === 'short' ? names.short : names.long;
    if (message.trim() === '') report('empty', `The ${place} is empty.`);
    for (const name of checkMessage(message, locale, place, report)) into.add(name);
  };
  check(text.short, 'short');
  check(text.subject, 'subject');
  check(text.preheader, 'preheader');
  if (text.body.length === 0) report('empty', 'The body is empty.');
  for (const block of text.body) {
    if (typeof block === 'string') check(block, 'body');
    else for (const name of BLOCK_SLOTS[block.block]) names.long.add(name);
  }
  if (template.channels.includes('post')) names.long.add('asOf');
  const known: readonly string[] = [...template.slots, ...template.optional, ...DERIVED_NAMES];
  for (const name of new Set([...names.short, ...names.long])) {
    if (!known.includes(name) && name !== 'components')
      report('undeclared-slot', `The text mentions ${name}, which the template does not declare.`);
  }
  return names;
}

/** The names that a message mentions; whatever is wrong with it is reported. */
export function checkMessage(message: string, locale: Locale, place: Place, report: Report): readonly string[] {
  let syntax: Syntax;
  try {
    syntax = syntaxOf(message, locale);
  } catch (error) {
    report('syntax', `"${message.slice(0, 40)}…" is no ICU message: ${(error as Error).message}.`);
    return [];
  }
  const names: string[] = [];
  walk(syntax, (element, next) => checkElement(element, next, place, names, report));
  return names.flatMap((name) => [name, ...(DERIVED_SLOTS[name] ?? [])]);
}

function walk(syntax: Syntax, visit: (element: Element, next: Element | undefined) => void): void {
  syntax.forEach((element, index) => {
    visit(element, syntax[index + 1]);
    if ('options' in element) for (const option of Object.values(element.options)) walk(option.value, visit);
    if ('children' in element) walk(element.children, visit);
  });
}

function checkElement(element: Element, next: Element | undefined, place: Place, names: string[], report: Report): void {
  const { type } = element;
  if (type === KIND.pound) return;
  const value = String(element.value);
  if (type === KIND.literal) {
    checkLiteral(value, place, report);
    return;
  }
  names.push(value);
  if (type === KIND.number || type === KIND.date || type === KIND.time)
    report('unsafe-slot', `{${value}} is formatted by ICU: amounts would go through a float, dates through a time zone.`);
  if (type === KIND.tag) report('unsafe-slot', `<${value}> is markup: texts hold none.`);
  if (place !== 'short' && place !== 'body' && place !== 'script' && NOT_IN_VIEW.includes(value))
    report('in-view', `The ${place} may be read by others, and mentions {${value}}.`);
  if (place === 'body' && (value === 'paymentLink' || value === 'items' || value === 'accounts' || value === 'consequences'))
    report('unsafe-slot', `{${value}} stands inside a paragraph: e-mails and letters have a block for it.`);
  // A program that turns addresses into links takes what follows along.
  if (value === 'paymentLink' && next !== undefined && !(next.type === KIND.literal && /^\s/.test(next.value)))
    report('unsafe-slot', 'Something follows {paymentLink} without a blank, and becomes part of the address.');
  if ('options' in element && type === KIND.select) {
    const keys = CHOICES[value] ?? [];
    const strange = Object.keys(element.options).filter((key) => key !== 'other' && !keys.includes(key));
    if (strange.length > 0) report('unknown-choice', `{${value}} is never ${strange.join(' or ')}.`);
  }
}

function checkLiteral(value: string, place: Place, report: Report): void {
  if (/https?:|:\/\/|www\.|mailto:|tel:/i.test(value))
    report('unsafe-slot', `"${value.trim().slice(0, 40)}" holds an address: the only link is {paymentLink}.`);
  if (/[<>]/.test(value)) report('unsafe-slot', 'The text holds < or >: texts hold no markup.');
  if (/[\r\n]/.test(value)) report('line-break', `The ${place} holds a line break: it could end a header or begin a second message.`);
}

/** No language is told less than another, and nothing is declared that no text mentions. */
function compareUse(template: Template, used: ReadonlyMap<Locale, Record<'short' | 'long', Set<string>>>, findings: Finding[]): void {
  // How to address somebody is a language's own matter.
  const own = new Set(['customerName', 'bankName', ...DERIVED_NAMES]);
  for (const form of ['short', 'long'] as const) {
    const all = new Set([...used.values()].flatMap((names) => [...names[form]]));
    for (const [locale, names] of used) {
      for (const name of all) {
        if (names[form].has(name) || own.has(name)) continue;
        const sentence = `The ${form} text mentions ${name} in another language only.`;
        findings.push({ template: template.id, locale, rule: 'told-less', severity: 'error', sentence });
      }
    }
  }
  const mentioned = new Set([...used.values()].flatMap((names) => [...names.short, ...names.long]));
  for (const name of [...template.slots, ...template.optional]) {
    if (mentioned.has(name)) continue;
    const sentence = `The template declares ${name}, and no text mentions it.`;
    findings.push({ template: template.id, locale: LOCALES[0], rule: 'unused-slot', severity: 'error', sentence });
  }
}
