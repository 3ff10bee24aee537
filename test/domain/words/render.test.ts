import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidSlot, MissingSlot } from '../../../domain/words/format.ts';
import { localeFor, render } from '../../../domain/words/render.ts';
import type { Slots } from '../../../domain/words/template.ts';
import { TYPICAL_SLOTS } from './typical-slots.ts';

const withSlots = (slots: Partial<Slots>): Slots => ({ ...TYPICAL_SLOTS, ...slots });

describe('locale', () => {
  it.each([
    ['zh-CN', 'zh-CN'],
    ['zh', 'zh-CN'],
    ['zh-Hant-TW', 'zh-CN'],
    ['ZH_hk', 'zh-CN'],
    ['en-GB', 'en'],
    ['zha', 'en'],
    ['de', 'en'],
    ['', 'en'],
    [undefined, 'en'],
  ])('%s is written in %s', (tag, locale) => {
    expect(localeFor(tag)).toBe(locale);
  });
});

describe('values', () => {
  it('writes amounts and dates as the locale does', () => {
    const slots = withSlots({ overdue: { amountMinor: 125_000, currency: 'CNY' }, dueDate: '2026-03-01' });

    expect(render('reminder-again', 'sms', 'zh-CN', slots).body).toContain('仍逾期¥1,250.00，最早到期日2026年3月1日');
    expect(render('reminder-again', 'sms', 'en', slots).body).toContain(
      'CNY 1,250.00 on your account acc-100123456 is still overdue, the oldest part due on 1 March 2026',
    );
  });

  it.each([
    { amountMinor: 1250, currency: 'JPY', text: 'JPY 1,250 ' },
    { amountMinor: 1250, currency: 'KWD', text: 'KWD 1.250 ' },
    { amountMinor: Number.MAX_SAFE_INTEGER, currency: 'CNY', text: 'CNY 90,071,992,547,409.91 ' },
    { amountMinor: 5, currency: 'CNY', text: 'CNY 0.05 ' },
  ])('$amountMinor minor units of $currency are $text', ({ text, ...overdue }) => {
    expect(render('reminder-again', 'sms', 'en', withSlots({ overdue })).body).toContain(`: ${text}`);
  });

  it('lists two items in a text message and counts the rest', () => {
    const items = [1, 2, 3, 4, 5].map(
      (month) => ({ kind: 'due', dueDate: `2026-0${month}-01`, amountMinor: 100, currency: 'CNY' }) as const,
    );

    const { body } = render('reminder-first', 'sms', 'en', withSlots({ items }));

    expect(body).toContain('(CNY 1.00 due 1 January 2026, CNY 1.00 due 1 February 2026, 3 more)');
  });

  it('names components where the amount is split by them', () => {
    const items = [
      { kind: 'principal', amountMinor: 100, currency: 'CNY' } as const,
      { kind: 'fees', amountMinor: 50, currency: 'CNY' } as const,
    ];

    expect(render('reminder-first', 'sms', 'zh-CN', withSlots({ items })).body).toContain('（本金¥1.00，费用¥0.50）');
  });

  it('says which template, version and locale it was', () => {
    expect(render('plan-offer', 'email', 'zh-HK', TYPICAL_SLOTS)).toMatchObject({ template: 'plan-offer', version: '1', locale: 'zh-CN' });
  });
});

describe('bad values', () => {
  it.each(['customerName', 'overdue', 'dueDate', 'paymentLink'] as const)('a missing %s is an error that names it', (name) => {
    const { [name]: _, ...rest } = TYPICAL_SLOTS;

    expect(() => render('reminder-again', 'sms', 'zh-CN', rest)).toThrow(MissingSlot);
    expect(() => render('reminder-again', 'sms', 'zh-CN', rest)).toThrow(name);
  });

  it('does not miss what the text does not mention', () => {
    const { visitDate: _, ...rest } = TYPICAL_SLOTS;

    expect(render('reminder-again', 'sms', 'en', rest).body).not.toBe('');
  });

  it.each([
    { customerName: '' },
    { customerName: ' \n ' },
    { customerName: 'x'.repeat(301) },
    { paymentLink: 'http://pay.example.com' },
    { paymentLink: 'javascript:alert(1)' },
    { paymentLink: 'https://pay.example.com/a b' },
    { daysPastDue: -1 },
    { daysPastDue: 1.5 },
  ])('%j is refused', (slots) => {
    expect(() => render('overdue-continuing', 'sms', 'zh-CN', withSlots(slots))).toThrow(InvalidSlot);
  });

  it.each([{ dueDate: '2026-02-30' }, { overdue: { amountMinor: 0.5, currency: 'CNY' } }])('%j is refused', (slots) => {
    expect(() => render('overdue-continuing', 'sms', 'zh-CN', withSlots(slots))).toThrow(RangeError);
  });

  it('an empty list of items is refused', () => {
    expect(() => render('reminder-first', 'email', 'en', withSlots({ items: [] }))).toThrow(InvalidSlot);
  });

  it('an unknown template is refused', () => {
    expect(() => render('no.such' as 'plan-offer', 'sms', 'en', TYPICAL_SLOTS)).toThrow('no.such');
  });
});

describe('hostile values', () => {
  it('escapes them in HTML and leaves them be in text', () => {
    const customerName = `<img src=x onerror="1"> & 'co'`;

    const { body, html } = render('reminder-first', 'email', 'en', withSlots({ customerName }));

    expect(body).toContain(`Dear ${customerName},`);
    expect(html).toContain('Dear &lt;img src=x onerror=&quot;1&quot;&gt; &amp; &#39;co&#39;,');
    expect(html).not.toContain('<img');
  });

  it('cannot forge a header, a slot or a replacement pattern', () => {
    const bankName = 'Bank\r\nBcc: all {balance} $& $1';

    const { subject } = render('reminder-first', 'email', 'en', withSlots({ bankName }));

    expect(subject).toBe('Bank Bcc: all {balance} $& $1: an amount on your account is overdue');
  });

  it('never lets a tag into the HTML part, whatever the name', () => {
    const empty = render('reminder-first', 'email', 'zh-CN', withSlots({ customerName: 'x' })).html ?? '';
    const tags = (html: string): number => html.split('<').length;

    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 100, unit: 'grapheme' }), (text) => {
        const html = render('reminder-first', 'email', 'zh-CN', withSlots({ customerName: `x${text}` })).html ?? '';

        expect(tags(html)).toBe(tags(empty));
      }),
    );
  });
});
