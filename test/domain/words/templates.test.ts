import { describe, expect, it } from 'vitest';
import { render } from '../../../domain/words/render.ts';
import { LOCALES, type Locale, type SlotName } from '../../../domain/words/template.ts';
import { TEMPLATES } from '../../../domain/words/templates.ts';
import { TYPICAL_ENGLISH_SLOTS, TYPICAL_SLOTS } from './typical-slots.ts';

const IDS = [
  'reminder-first',
  'reminder-again',
  'call-missed',
  'plan-offer',
  'promise-tomorrow',
  'plan-instalment-due',
  'plan-instalment-missed',
  'visit-before',
  'overdue-continuing',
  'legal-formal-notice',
];

const AMOUNT_SLOTS: readonly SlotName[] = ['overdue', 'promised', 'instalment'];

const CHANNELS = ['sms', 'email'] as const;

const BANNED: Readonly<Record<Locale, readonly RegExp[]>> = {
  'zh-CN': [
    /刑|犯罪|诈骗|恶意|坐牢|拘留|逮捕|报警|公安|警察/u,
    /限制出境|出境|高消费|失信|老赖|黑名单|征信|冻结|查封|强制|扣押/u,
    /单位|雇主|同事|公司|家人|家属|亲属|亲戚|父母|配偶|朋友|邻居|村委|居委/u,
    /债务人|欠债|欠款人|拖欠|催收|追讨|曝光|公布|耻/u,
    /后果|最后通牒|最后机会|立即|马上|务必|勿谓/u,
  ],
  en: [
    /crimin|fraud|prison|jail|arrest|police|prosecut/i,
    /exit ban|travel ban|blacklist|credit record|credit report|freeze|seiz|enforce/i,
    /employer|workplace|colleague|family|relative|parents|spouse|friend|neighbou?r/i,
    /debt|delinquen|default|fail(ed|ure)? to|collect|shame|expose|publish/i,
    /consequence|final (warning|chance|demand)|last chance|immediately|must\b|pay at once|or else/i,
  ],
};

const slotsFor = (locale: Locale) => (locale === 'en' ? TYPICAL_ENGLISH_SLOTS : TYPICAL_SLOTS);

function slotNames(text: string): string[] {
  return [...text.matchAll(/\{([^{}]*)\}/g)].map((match) => match[1] ?? '');
}

/** GSM 03.38 with its extension table: https://docs.aws.amazon.com/sms-voice/latest/userguide/sms-limitations-character.html */
const GSM =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const GSM_EXTENDED = '^{}\\[~]|€';

function smsSegments(text: string): number {
  const characters = [...text];
  if (characters.every((character) => GSM.includes(character) || GSM_EXTENDED.includes(character))) {
    const septets = characters.reduce((sum, character) => sum + (GSM_EXTENDED.includes(character) ? 2 : 1), 0);
    return septets <= 160 ? 1 : Math.ceil(septets / 153);
  }
  return text.length <= 70 ? 1 : Math.ceil(text.length / 67);
}

const TEXTS = TEMPLATES.flatMap((template) =>
  LOCALES.flatMap((locale) =>
    CHANNELS.map((channel) => {
      const text = template[channel][locale];
      const whole = 'subject' in text ? `${text.subject}\n${text.body}` : text.body;
      return { name: `${template.id} ${channel} ${locale}`, template, locale, channel, whole, body: text.body };
    }),
  ),
);

describe('the set of templates', () => {
  it('has exactly the agreed ids', () => {
    expect(TEMPLATES.map(({ id }) => id).sort()).toEqual([...IDS].sort());
  });

  it.each(TEMPLATES)('$id uses each slot it declares in every locale, and declares each it uses', (template) => {
    for (const locale of LOCALES) {
      const { subject, body } = template.email[locale];
      const used = new Set(slotNames(`${template.sms[locale].body}${subject}${body}`));

      expect([...used].sort()).toEqual([...template.slots].sort());
    }
  });

  it.each(TEMPLATES)('$id asks for the same slots in both locales of a channel, so that no language is told less', (template) => {
    const optional = new Set(['customerName', 'bankName']);
    for (const channel of CHANNELS) {
      const [first, second] = LOCALES.map((locale) =>
        [...new Set(slotNames(template[channel][locale].body))].filter((name) => !optional.has(name)).sort(),
      );
      expect(first).toEqual(second);
    }
  });
});

describe.each(TEXTS)('$name', ({ template, locale, channel, whole, body }) => {
  it('says who writes about which account, what amount, how to pay and where to call', () => {
    const names = slotNames(body);

    expect(names).toEqual(expect.arrayContaining(['bankName', 'accountRef', 'paymentLink', 'hotline']));
    expect(names.some((name) => (AMOUNT_SLOTS as readonly string[]).includes(name))).toBe(true);
  });

  it('neither threatens nor shames, and drags in nobody else', () => {
    for (const phrase of BANNED[locale]) expect(whole).not.toMatch(phrase);
  });

  it('renders without a brace left over', () => {
    const { body: text, subject, html } = render(template.id, channel, locale, slotsFor(locale));

    expect(`${text}${subject ?? ''}${html ?? ''}`).not.toMatch(/[{}]/);
    expect(subject === undefined).toBe(channel === 'sms');
    expect(html === undefined).toBe(channel === 'sms');
  });
});

describe('the list of banned phrases', () => {
  it.each([
    ['zh-CN', '如不还款将追究刑事责任'],
    ['zh-CN', '我们将联系您的单位和家人'],
    ['zh-CN', '否则后果自负'],
    ['en', 'We will inform your employer'],
    ['en', 'Failure to pay may lead to criminal charges'],
    ['en', 'This is your final warning'],
  ] as const)('catches (%s) %s', (locale, threat) => {
    expect(BANNED[locale].some((phrase) => phrase.test(threat))).toBe(true);
  });
});

describe('text messages', () => {
  it.each(TEXTS.filter(({ channel }) => channel === 'sms'))('$name fits three segments', ({ template, locale }) => {
    const { body } = render(template.id, 'sms', locale, slotsFor(locale));

    expect(smsSegments(body)).toBeLessThanOrEqual(3);
  });

  it('counts segments by encoding', () => {
    expect(smsSegments('a'.repeat(160))).toBe(1);
    expect(smsSegments('a'.repeat(161))).toBe(2);
    expect(smsSegments('€'.repeat(80))).toBe(1);
    expect(smsSegments('字'.repeat(70))).toBe(1);
    expect(smsSegments(`${'a'.repeat(70)}字`)).toBe(2);
    expect(smsSegments('字'.repeat(202))).toBe(4);
  });
});

describe('what single templates must say', () => {
  it.each(LOCALES)('the first message lists the items of the amount (%s)', (locale) => {
    for (const channel of CHANNELS) expect(slotNames(REMINDER[channel][locale].body)).toContain('items');
  });

  it.each(LOCALES)('the formal notice names amount, due date, deadline and the review, and how to object (%s)', (locale) => {
    const words = { 'zh-CN': [/正式通知/, /复核/, /异议/, /法律程序/], en: [/formal notice/i, /review/, /object/, /legal proceedings/] }[
      locale
    ];
    for (const channel of CHANNELS) {
      const { body } = NOTICE[channel][locale];

      expect(slotNames(body)).toEqual(expect.arrayContaining(['overdue', 'dueDate', 'deadline']));
      for (const word of words) expect(body).toMatch(word);
    }
  });

  it.each(LOCALES)('the offer says how to ask and until when (%s)', (locale) => {
    for (const channel of CHANNELS) expect(slotNames(OFFER[channel][locale].body)).toEqual(expect.arrayContaining(['deadline', 'hotline']));
  });

  it('only the formal notice speaks of legal proceedings', () => {
    const others = TEXTS.filter(({ template }) => template.id !== 'legal-formal-notice');

    for (const { whole } of others) expect(whole).not.toMatch(/法律|诉讼|起诉|法院|律师|legal|court|lawyer|proceeding|lawsuit/i);
  });
});

function byId(id: string) {
  const found = TEMPLATES.find((template) => template.id === id);
  if (found === undefined) throw new Error(`No template ${id}`);
  return found;
}
const REMINDER = byId('reminder-first');
const NOTICE = byId('legal-formal-notice');
const OFFER = byId('plan-offer');
