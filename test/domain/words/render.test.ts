import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MESSAGE_CHANNELS, TRACKS } from '../../../domain/model.ts';
import { InvalidSlot, MissingSlot } from '../../../domain/words/format.ts';
import { localeFor } from '../../../domain/words/locale.ts';
import { render } from '../../../domain/words/render.ts';
import { severalAccounts, TYPICAL_SLOTS } from '../../../domain/words/samples.ts';
import { LOCALES, type Slots } from '../../../domain/words/template.ts';
import { TEMPLATES } from '../../../domain/words/templates.ts';

const withSlots = (slots: Partial<Slots>, locale: keyof typeof TYPICAL_SLOTS = 'en'): Partial<Slots> => ({
  ...TYPICAL_SLOTS[locale],
  ...slots,
});

describe('locale', () => {
  it.each([
    ['zh-CN', 'zh-CN'],
    ['zh', 'zh-CN'],
    ['zh-SG', 'zh-CN'],
    ['zh-Hans-HK', 'zh-CN'],
    ['zh-Hant', 'zh-TW'],
    ['zh-Hant-TW', 'zh-TW'],
    ['zh-TW', 'zh-TW'],
    ['ZH_hk', 'zh-TW'],
    ['zh-MO', 'zh-TW'],
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
    const slots = { overdue: { amountMinor: 125_000, currency: 'CNY' }, dueDate: '2026-03-01' };

    expect(render('reminder-again', 'sms', 'zh-CN', withSlots(slots, 'zh-CN')).body).toContain('仍逾期¥1,250.00，最早到期日2026年3月1日');
    expect(render('reminder-again', 'sms', 'zh-TW', withSlots(slots, 'zh-TW')).body).toContain('仍逾期CN¥1,250.00，最早到期日2026年3月1日');
    expect(render('reminder-again', 'sms', 'en', withSlots(slots)).body).toContain(
      'CNY 1,250.00 on your account ending 3456 is still overdue, the oldest part due on 1 March 2026',
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

  it.each([
    { amountMinor: 123_400, text: 'NT$1,234，' },
    { amountMinor: 123_450, text: 'NT$1,234.50，' },
  ])('$amountMinor cents of Taiwan are $text', ({ amountMinor, text }) => {
    const { body } = render('reminder-again', 'sms', 'zh-TW', withSlots({ overdue: { amountMinor, currency: 'TWD' } }, 'zh-TW'));

    expect(body).toContain(`仍逾期${text}`);
  });

  it('lists two items in a text message and counts the rest', () => {
    const items = [1, 2, 3, 4, 5].map((month) => ({ dueDate: `2026-0${month}-01`, amountMinor: 100, currency: 'CNY' }));

    const { body } = render('reminder-first', 'sms', 'en', withSlots({ items }));

    expect(body).toContain('(CNY 1.00 due 1 January 2026, CNY 1.00 due 1 February 2026, 3 more)');
  });

  it('lists all items in an e-mail, with the balance by what it consists of', () => {
    const { body, html } = render('reminder-first', 'email', 'zh-CN', TYPICAL_SLOTS['zh-CN']);

    expect(body).toContain(
      '2026年2月1日到期：¥6,172.83\n2026年3月1日到期：¥6,172.84\n逾期金额合计：¥12,345.67\n账户余额：¥123,456.78\n其中本金：¥118,723.40\n其中利息：¥4,123.38\n其中费用：¥610.00',
    );
    for (const amount of ['¥6,172.83', '¥12,345.67', '¥123,456.78', '¥118,723.40', '¥4,123.38', '¥610.00']) expect(html).toContain(amount);
  });

  it('says nothing of components that are not known', () => {
    const { components: _, ...slots } = TYPICAL_SLOTS['zh-CN'];

    expect(render('reminder-first', 'email', 'zh-CN', slots).body).not.toMatch(/本金|利息：|费用：/);
  });

  it.each([
    [1, '1 day ago'],
    [2, '2 days ago'],
    [1128, '1,128 days ago'],
  ])('%i days past due are "%s"', (daysPastDue, text) => {
    expect(render('overdue-continuing', 'sms', 'en', withSlots({ daysPastDue })).body).toContain(`, ${text}.`);
  });

  it('says which template, version and locale it was', () => {
    expect(render('plan-offer', 'email', 'zh-HK', TYPICAL_SLOTS['zh-TW'])).toMatchObject({
      template: 'plan-offer',
      version: '3',
      locale: 'zh-TW',
    });
  });
});

describe('several accounts', () => {
  const ABOUT_ALL = ['reminder-first', 'reminder-again', 'overdue-continuing', 'call-missed', 'education'] as const;

  it.each(ABOUT_ALL)('%s lists each with what is overdue, and a total a currency', (template) => {
    const slots = withSlots({ accounts: severalAccounts('en') });

    const sms = render(template, 'sms', 'en', slots).body;
    const email = render(template, 'email', 'en', slots).body;

    expect(sms).toContain('ending 3456: CNY 12,345.67, 7788: CNY 2,100.00, 9012: USD 350.50');
    expect(sms).toContain('CNY 14,445.67 + USD 350.50 in all');
    expect(email).toContain(
      'Account ending 7788, due 15 February 2026: CNY 2,100.00\nAccount ending 9012, due 1 March 2026: USD 350.50\nOverdue in all: CNY 14,445.67\nOverdue in all: USD 350.50',
    );
  });

  it('counts those that a text message has no room for', () => {
    const [line] = severalAccounts('en');
    const accounts = [1, 2, 3, 4, 5].flatMap((number) => (line === undefined ? [] : [{ ...line, accountRef: `000${number}` }]));

    expect(render('call-missed', 'sms', 'en', withSlots({ accounts })).body).toContain('0003: CNY 12,345.67, 2 more)');
  });

  it.each(ABOUT_ALL)('%s with one account alone is the same as without the list', (template) => {
    const accounts = severalAccounts('en').slice(0, 1);

    for (const channel of MESSAGE_CHANNELS) {
      expect(render(template, channel, 'en', withSlots({ accounts }))).toEqual(render(template, channel, 'en', TYPICAL_SLOTS.en));
    }
  });

  it('leaves a notice about one account alone', () => {
    const slots = withSlots({ accounts: severalAccounts('en') });

    expect(render('legal-formal-notice', 'email', 'en', slots)).toEqual(render('legal-formal-notice', 'email', 'en', TYPICAL_SLOTS.en));
  });
});

describe('tracks', () => {
  it('bend the words and never the facts', () => {
    const figures = (text: string) => text.match(/[\d,.]*\d/g);
    const all = TRACKS.map((track) => render('reminder-first', 'email', 'en', TYPICAL_SLOTS.en, track));

    expect(new Set(all.map(({ body }) => body)).size).toBe(5);
    for (const { body } of all) expect(figures(body)).toEqual(figures(all[0]?.body ?? ''));
  });

  it('give a customer in hardship the arrangement first', () => {
    const { body } = render('plan-offer', 'email', 'zh-CN', TYPICAL_SLOTS['zh-CN'], 'hardship');

    expect(body).toContain('您每月能够负担多少');
    expect(render('plan-offer', 'email', 'zh-CN', TYPICAL_SLOTS['zh-CN']).body).not.toContain('您每月能够负担多少');
  });
});

describe('channels', () => {
  it('a push message says nothing of money until it is opened', () => {
    const { title, body, detail } = render('reminder-first', 'push', 'zh-CN', TYPICAL_SLOTS['zh-CN']);

    expect([title, body]).toEqual(['上海浦江银行', '您有一条关于账户的消息，请打开手机银行查看。']);
    expect(detail).toContain('¥12,345.67');
  });

  it('only a text message carries the signature in front', () => {
    const [sms, chat] = (['sms', 'im'] as const).map((channel) => render('reminder-again', channel, 'zh-CN', TYPICAL_SLOTS['zh-CN']).body);

    expect(sms).toMatch(/^【上海浦江银行】欧阳小明您好，您尾号/);
    expect(chat).toMatch(/^欧阳小明您好，这里是上海浦江银行客户服务。您尾号/);
  });

  it('an in-app message has a title', () => {
    expect(render('reminder-again', 'in-app', 'en', TYPICAL_SLOTS.en).title).toBe('Another payment reminder for your account ending 3456');
  });

  it('a letter names the parts that the law asks for', () => {
    const { subject, body, html } = render('overdue-continuing', 'post', 'zh-CN', TYPICAL_SLOTS['zh-CN']);

    expect(subject).toBe('关于您尾号3456账户的逾期情况');
    for (const part of [
      '日期：2026年4月10日',
      '欧阳小明',
      '账户余额：¥123,456.78',
      '账户合同',
      '您的权利和义务',
      '提供证据',
      '400-820-1234',
      '（盖章）',
    ])
      expect(body).toContain(part);
    expect(html).toBeUndefined();
  });

  it('a letter that already has them does not say them twice', () => {
    const { body } = render('legal-formal-notice', 'post', 'en', TYPICAL_SLOTS.en);

    expect(body.split('Your rights and duties')).toHaveLength(2);
    expect(body.split('follow from your account agreement')).toHaveLength(2);
  });

  it('refuses a channel that a template is not written for', () => {
    expect(() => render('legal-formal-notice', 'push', 'en', TYPICAL_SLOTS.en)).toThrow('legal-formal-notice is not written for push');
  });

  it('says at the end of an e-mail or a text message how to end them, where the pack asks for it', () => {
    const slots = withSlots({ unsubscribe: 'Reply STOP to end these messages.' });

    expect(render('reminder-again', 'sms', 'en', slots).body).toMatch(/ Reply STOP to end these messages\.$/);
    expect(render('reminder-again', 'email', 'en', slots).body).toMatch(/\nReply STOP to end these messages\.$/);
    expect(render('reminder-again', 'email', 'en', slots).html).toContain('Reply STOP to end these messages.');
    expect(render('reminder-again', 'im', 'en', slots).body).not.toContain('STOP');
  });
});

describe('what a message turns on', () => {
  it('asks for the funds, and for no second payment, where the bank debits the amount itself', () => {
    const { body, html } = render('pre-due', 'email', 'en', withSlots({ autopay: true }));

    expect(body).toContain('Please make sure that the funds are there');
    expect(`${body}${html}`).not.toContain('https://pay.example.com');
    expect(render('pre-due', 'email', 'en', TYPICAL_SLOTS.en).body).toContain('How to pay: https://pay.example.com/r/8f3k2m9q');
  });

  it('needs no payment link there', () => {
    const { paymentLink: _, ...slots } = withSlots({ autopay: true });

    expect(render('pre-due', 'sms', 'en', slots).body).toContain('make sure the funds are there');
  });

  it('says "today" on the due date and the date before it', () => {
    expect(render('pre-due', 'sms', 'en', withSlots({ daysToDue: 0 })).body).toContain('is due today:');
    expect(render('pre-due', 'sms', 'en', withSlots({ daysToDue: 3 })).body).toContain('is due on 1 February 2026:');
  });

  it.each([
    [0, 'Nothing is overdue on the account.'],
    [1, 'CNY 0.01 is overdue on the account at present.'],
  ])('acknowledges a payment with %i minor units left, and demands nothing', (amountMinor, text) => {
    const { body } = render('payment-received', 'sms', 'en', withSlots({ overdue: { amountMinor, currency: 'CNY' } }));

    expect(body).toContain(`received your payment of CNY 3,000.00 to your account ending 3456, made on 9 April 2026. ${text}`);
    expect(body).not.toMatch(/To pay|https:/);
  });

  it('names consequences where there are some, and has no empty heading where there are none', () => {
    const some = render('reminder-again', 'email', 'en', withSlots({ consequences: ['interest-and-charges'] })).body;
    const none = render('reminder-again', 'email', 'en', withSlots({ consequences: [] })).body;

    expect(some).toContain('If the account stays overdue\n- Under your account agreement, interest and charges may continue');
    expect(none).not.toContain('If the account stays overdue');
    expect(render('reminder-again', 'sms', 'en', withSlots({ consequences: [] })).body).not.toContain('If it stays');
  });
});

describe('bad values', () => {
  it.each(['bankName', 'overdue', 'dueDate', 'paymentLink', 'consequences'] as const)('a missing %s is an error that names it', (name) => {
    const { [name]: _, ...rest } = TYPICAL_SLOTS['zh-CN'];

    expect(() => render('reminder-again', 'email', 'zh-CN', rest)).toThrow(MissingSlot);
    expect(() => render('reminder-again', 'email', 'zh-CN', rest)).toThrow(name);
  });

  it('does not miss what the text does not mention', () => {
    const { visitDate: _, ...rest } = TYPICAL_SLOTS.en;

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
    expect(() => render('overdue-continuing', 'sms', 'zh-CN', withSlots(slots, 'zh-CN'))).toThrow(InvalidSlot);
    expect(() => render('overdue-continuing', 'email', 'zh-CN', withSlots(slots, 'zh-CN'))).toThrow(InvalidSlot);
  });

  it.each([{ dueDate: '2026-02-30' }, { overdue: { amountMinor: 0.5, currency: 'CNY' } }])('%j is refused', (slots) => {
    expect(() => render('overdue-continuing', 'sms', 'zh-CN', withSlots(slots, 'zh-CN'))).toThrow(RangeError);
  });

  it('an empty list of items is refused', () => {
    for (const channel of ['sms', 'email'] as const)
      expect(() => render('reminder-first', channel, 'en', withSlots({ items: [] }))).toThrow(InvalidSlot);
  });

  it('an unknown template is refused', () => {
    expect(() => render('no.such' as 'plan-offer', 'sms', 'en', TYPICAL_SLOTS.en)).toThrow('no.such');
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
    const bankName = "Bank\r\nBcc: all {balance} $& $1 '{'";

    const { subject } = render('reminder-first', 'email', 'en', withSlots({ bankName }));

    expect(subject).toBe("Bank Bcc: all {balance} $& $1 '{': A payment reminder for your account ending 3456");
  });

  it('never lets a tag into the HTML part, whatever the name, the bank or an account is called', () => {
    const tags = (text: string): number => {
      const accounts = severalAccounts('zh-CN').map((line) => ({ ...line, accountRef: text }));
      const slots = withSlots({ customerName: text, bankName: text, hotline: text, unsubscribe: text, accounts }, 'zh-CN');
      return (render('reminder-first', 'email', 'zh-CN', slots).html ?? '').split(/[<>"]/).length;
    };
    const clean = tags('x');

    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 100, unit: 'grapheme' }), (text) => {
        expect(tags(`x${text}`)).toBe(clean);
      }),
      { numRuns: 50 },
    );
  });
});

describe('every template', () => {
  const ALL = TEMPLATES.flatMap((template) =>
    LOCALES.flatMap((locale) => template.channels.map((channel) => ({ template, locale, channel }))),
  );

  it.each(ALL)('$template.id says in $locale by $channel what each channel has', ({ template, locale, channel }) => {
    const { subject, title, html, detail } = render(template.id, channel, locale, TYPICAL_SLOTS[locale]);

    expect(subject !== undefined).toBe(channel === 'email' || channel === 'post');
    expect(title !== undefined).toBe(channel === 'push' || channel === 'in-app');
    expect(html !== undefined).toBe(channel === 'email');
    expect(detail !== undefined).toBe(channel === 'push');
    expect(`${subject}${title}`).not.toMatch(/[\r\n]/);
  });
});
