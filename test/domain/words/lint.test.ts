import { describe, expect, it } from 'vitest';
import { lintTemplate, missingInLetter } from '../../../domain/words/lint/lint.ts';
import { BANNED, BANNED_KINDS, type BannedKind } from '../../../domain/words/lint/phrases.ts';
import { render } from '../../../domain/words/render.ts';
import { TYPICAL_SLOTS } from '../../../domain/words/samples.ts';
import { LOCALES, type Locale, type Template, type TemplateText } from '../../../domain/words/template.ts';
import { templateOf } from '../../../domain/words/templates.ts';

/** Templates with one fault each: what the lint does not find here it finds nowhere. */

const GOOD = templateOf('reminder-again');

function withText(locale: Locale, change: (text: TemplateText) => Partial<TemplateText>, template: Template = GOOD): Template {
  const text = template.texts[locale];
  return { ...template, texts: { ...template.texts, [locale]: { ...text, ...change(text) } } };
}

const inEvery = (change: (text: TemplateText) => Partial<TemplateText>, template: Template = GOOD): Template =>
  LOCALES.reduce((changed, locale) => withText(locale, change, changed), template);

const adding = (locale: Locale, words: string, template: Template = GOOD): Template =>
  withText(locale, ({ short, body }) => ({ short: `${short}${words}`, body: [...body, words] }), template);

/** The rules that find something, and where. */
function found(template: Template): { readonly rules: readonly string[]; readonly locales: readonly string[] } {
  const findings = lintTemplate(template);
  return { rules: [...new Set(findings.map(({ rule }) => rule))].sort(), locales: [...new Set(findings.map(({ locale }) => locale))] };
}

it('the template that the faults are planted in has none', () => {
  expect(lintTemplate(GOOD)).toEqual([]);
});

const THREATS: Readonly<Record<BannedKind, Readonly<Record<Locale, string>>>> = {
  threat: { 'zh-CN': '否则后果自负。', 'zh-TW': '否則後果自負。', en: ' This is your final warning.' },
  shame: { 'zh-CN': '您将被列入黑名单。', 'zh-TW': '您將被列入黑名單。', en: ' We will publish your name.' },
  crime: { 'zh-CN': '将追究刑事责任。', 'zh-TW': '將移送警察偵辦。', en: ' You may face criminal charges.' },
  'exit-ban': { 'zh-CN': '您将被限制出境。', 'zh-TW': '您將被限制出境。', en: ' An exit ban may follow.' },
  seizure: { 'zh-CN': '我们将查封您的财产。', 'zh-TW': '我們將查封您的財產。', en: ' We will seize your property.' },
  employer: { 'zh-CN': '我们将联系您的单位。', 'zh-TW': '我們將聯繫您的雇主。', en: ' We will inform your employer.' },
  family: { 'zh-CN': '我们将通知您的家人。', 'zh-TW': '我們將通知您的家屬。', en: ' We will tell your family.' },
  label: { 'zh-CN': '您是债务人。', 'zh-TW': '您是債務人。', en: ' You are a defaulter.' },
  pressure: { 'zh-CN': '请立即还款。', 'zh-TW': '請立即繳款。', en: ' Pay immediately.' },
};

describe.each(Object.keys(BANNED_KINDS) as BannedKind[])('a phrase of the kind %s', (kind) => {
  it.each(LOCALES)('is found in %s, in every channel', (locale) => {
    const findings = lintTemplate(adding(locale, THREATS[kind][locale]));

    const own = findings.filter(({ rule }) => rule === `banned-${kind}`);
    expect(new Set(own.map(({ channel }) => channel))).toEqual(new Set(GOOD.channels));
    expect(new Set(findings.map((finding) => finding.locale))).toEqual(new Set([locale]));
    expect(own[0]).toMatchObject({ template: 'reminder-again', severity: 'error', sentence: expect.stringContaining(BANNED_KINDS[kind]) });
  });

  it('has words in every language', () => {
    for (const locale of LOCALES) expect(BANNED[locale][kind].source).not.toBe('(?:)');
  });
});

describe('a subject', () => {
  it('is read for banned phrases too', () => {
    expect(found(withText('en', () => ({ subject: 'Final warning' }))).rules).toContain('banned-threat');
  });

  it.each(['overdue', 'consequences'])('must not mention {%s}, nor may what stands beside it', (name) => {
    expect(found(withText('en', () => ({ subject: `About {${name}}` }))).rules).toEqual(['in-view']);
    expect(found(withText('en', () => ({ preheader: `About {${name}}` }))).rules).toEqual(['in-view']);
  });

  it('must not hold a line break', () => {
    expect(found(withText('en', () => ({ subject: 'Hello\nBcc: everybody' }))).rules).toEqual(['line-break']);
  });

  it('is better short', () => {
    const findings = lintTemplate(withText('en', () => ({ subject: `A payment reminder${', which goes on'.repeat(5)}` })));

    expect(new Set(findings.map(({ rule, severity }) => `${severity} ${rule}`))).toEqual(new Set(['warning subject-length']));
  });
});

describe('a required part', () => {
  it.each([
    ['hotline', '{hotline}', '400'],
    ['amount', '{overdue}', 'an amount'],
    ['account', '{accountRef}', 'one'],
    ['date', '{dueDate}', 'lately'],
  ])('is missed: %s', (part, slot, instead) => {
    const findings = lintTemplate(inEvery(({ short }) => ({ short: short.replaceAll(slot, instead) })));

    expect(findings.map(({ rule }) => rule)).toContain('required-part');
    expect(findings.map(({ sentence }) => sentence).join()).toContain(`does not say its ${part}`);
    expect(findings.map(({ channel }) => channel)).not.toContain('email');
  });

  it('is missed: how to pay, in the text and in the e-mail', () => {
    const silent = inEvery(({ short, body }) => ({
      short: short.replace('{paymentLink}', ''),
      body: body.filter((block) => typeof block === 'string' || block.block !== 'pay'),
    }));
    const slots = GOOD.slots.filter((name) => name !== 'paymentLink');

    const findings = lintTemplate({ ...silent, slots }).filter(({ rule }) => rule === 'required-part');

    expect(new Set(findings.map(({ channel }) => channel))).toEqual(new Set(GOOD.channels));
    expect(findings.every(({ sentence }) => sentence.includes('payment'))).toBe(true);
  });

  it('is missed: an account of several', () => {
    const silent = withText('en', ({ short }) => ({ short: short.replace('(ending {accounts}), {totals} in all', 'for {totals}') }));

    expect(found(silent)).toEqual({ rules: ['required-part'], locales: ['en'] });
  });

  it('is missed: the decision in a notice before a suit', () => {
    const notice = templateOf('legal-formal-notice');
    const silent = withText('en', ({ short }) => ({ short: short.replace(/If neither.*review\./, '') }), notice);

    expect(lintTemplate(silent).map(({ sentence }) => sentence)).toEqual(
      expect.arrayContaining(['The text does not say its decision (usual).']),
    );
  });

  it.each(LOCALES)('of a letter is missed: %s', (locale) => {
    const slots = TYPICAL_SLOTS[locale];
    const letter = render('reminder-again', 'post', locale, slots).body;

    expect(missingInLetter(letter, locale, slots)).toEqual([]);
    expect(missingInLetter(slots.customerName, locale, slots)).toEqual(['basis', 'rights', 'objection', 'evidence', 'contact', 'seal']);
    expect(missingInLetter(letter.replaceAll(slots.customerName, ''), locale, slots)).toEqual(['name']);
  });
});

describe('an unsafe or undeclared slot', () => {
  it.each([
    ['an address with a slot in it', 'See https://bank.example.com/{accountRef} for more.'],
    ['an address of its own', 'See www.bank.example.com for more.'],
    ['a link that runs on', 'Pay: {paymentLink}.'],
    ['an amount through a float', 'You pay {overdue, number}.'],
    ['a date through a time zone', 'It was due {dueDate, date, long}.'],
    ['markup', 'You <b>should</b> pay.'],
  ])('is found: %s', (_, words) => {
    expect(found(withText('en', ({ short }) => ({ short: `${short} ${words}` })))).toEqual({ rules: ['unsafe-slot'], locales: ['en'] });
  });

  it('is found: a link inside a paragraph, where a block belongs', () => {
    expect(found(withText('en', ({ body }) => ({ body: [...body, 'Pay at {paymentLink} today.'] }))).rules).toEqual(['unsafe-slot']);
  });

  it('is found: one that the template does not declare', () => {
    const findings = lintTemplate(withText('en', ({ short }) => ({ short: `${short} {visitDate}` })));

    expect(findings).toEqual([
      expect.objectContaining({ rule: 'undeclared-slot', locale: 'en', sentence: expect.stringContaining('visitDate') }),
    ]);
  });

  it('is found: one that no text mentions', () => {
    const findings = lintTemplate({ ...GOOD, slots: [...GOOD.slots, 'visitDate'] });

    expect(findings).toEqual([expect.objectContaining({ rule: 'unused-slot', sentence: expect.stringContaining('visitDate') })]);
  });

  it.each([
    ['{track, select, frist {Hello.} other {}}', 'unknown-choice'],
    ['{track, select, firstTime {Hello.}}', 'syntax'],
    ['{overdue', 'syntax'],
  ])('is found in %s', (words, rule) => {
    expect(found(adding('en', words)).rules).toEqual([rule]);
  });
});

describe('a language', () => {
  it.each(LOCALES)('that is missing is found: %s', (locale) => {
    const { [locale]: _, ...texts } = GOOD.texts;

    expect(found({ ...GOOD, texts: texts as Template['texts'] })).toEqual({ rules: ['locale'], locales: [locale] });
  });

  it('with an empty text is found', () => {
    expect(found(withText('zh-TW', () => ({ short: ' ' }))).rules).toContain('empty');
    expect(found(withText('zh-TW', () => ({ body: [] }))).rules).toContain('empty');
  });

  it('that is told less than another is found', () => {
    const less = withText('zh-TW', ({ short }) => ({ short: short.replace('，最早到期日{dueDate}', '') }));

    expect(found(less)).toEqual({ rules: ['told-less'], locales: ['zh-TW'] });
  });

  it.each([
    ['zh-CN', '帳戶'],
    ['zh-TW', '账户'],
  ] as const)('%s in the other script is found', (locale, words) => {
    expect(found(adding(locale, words))).toEqual({ rules: ['script'], locales: [locale] });
  });
});

describe('a consequence', () => {
  it.each([
    ['zh-CN', '我们会报送征信机构。'],
    ['zh-CN', '您的卡片将被停用。'],
    ['zh-TW', '本行將委託他人處理。'],
    ['zh-TW', '本行將提起訴訟。'],
    ['en', ' Your credit report will show it.'],
    ['en', ' We will go to court.'],
  ] as const)('is found where nobody asked whether it is true (%s: %s)', (locale, words) => {
    expect(found(adding(locale, words))).toEqual({ rules: ['untrue-consequence'], locales: [locale] });
  });

  it('may be named in the notice that is sent only where it is true', () => {
    const notice = templateOf('bureau-notice');

    expect(found(adding('en', ' The credit bureau keeps it.', notice)).rules).toEqual([]);
    expect(found(adding('en', ' We will go to court.', notice)).rules).toEqual(['untrue-consequence']);
  });
});

describe('a text message', () => {
  it('over its budget is found, with usual and with long values', () => {
    const long = withText('zh-CN', ({ short }) => ({ short: `${short}${'谢谢您。'.repeat(40)}` }));

    const sentences = lintTemplate(long).map(({ sentence }) => sentence);

    expect(sentences).toContainEqual(expect.stringMatching(/^\d segments \(UCS-2\) where 4 are allowed \(usual\)\.$/));
    expect(sentences).toContainEqual(expect.stringMatching(/^\d segments \(UCS-2\) where 6 are allowed \(long values\)\.$/));
  });

  it('is held to the budget that its template declares', () => {
    expect(found({ ...GOOD, segments: { typical: 2, long: 6 } })).toEqual({ rules: ['sms-length'], locales: [...LOCALES] });
    expect(found({ ...GOOD, segments: { typical: 4, long: 4 } }).rules).toEqual(['sms-length']);
  });

  it('in English that GSM-7 cannot carry is found', () => {
    const findings = lintTemplate(withText('en', ({ short }) => ({ short: `${short} It’s fine.` })));

    expect(findings.map(({ rule }) => rule)).toContain('sms-encoding');
    expect(findings.every(({ channel }) => channel === 'sms')).toBe(true);
  });
});

describe('what is left over', () => {
  it('is found: a brace, two blanks, an empty bracket', () => {
    expect(found(withText('en', ({ short }) => ({ short: `${short} '{'overdue'}'` }))).rules).toEqual(['left-over']);
    expect(found(withText('en', ({ short }) => ({ short: `${short}  Thanks.` }))).rules).toEqual(['spacing']);
    expect(found(withText('zh-CN', ({ short }) => ({ short: `${short}（）` }))).rules).toEqual(['spacing']);
  });
});
