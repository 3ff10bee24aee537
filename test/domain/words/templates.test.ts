import { describe, expect, it } from 'vitest';
import { STAGES } from '../../../domain/model.ts';
import { LADDER } from '../../../domain/policy/ladder.ts';
import { lintTemplate } from '../../../domain/words/lint/lint.ts';
import { render } from '../../../domain/words/render.ts';
import { TYPICAL_SLOTS } from '../../../domain/words/samples.ts';
import { LOCALES } from '../../../domain/words/template.ts';
import { TEMPLATE_IDS } from '../../../domain/words/template-ids.ts';
import { TEMPLATES, type TemplateId, templateOf } from '../../../domain/words/templates.ts';

describe('the set of templates', () => {
  it('has exactly the ids that are known elsewhere', () => {
    expect(TEMPLATES.map(({ id }) => id)).toEqual(TEMPLATE_IDS);
  });

  it.each(TEMPLATES)('$id has nothing that the lint finds', (template) => {
    expect(lintTemplate(template)).toEqual([]);
  });

  it.each(STAGES)('holds what the ladder says in the stage %s, for its channels', (stage) => {
    const { texts, channels, letterEveryDays } = LADDER;
    const asked = [...channels[stage], ...(letterEveryDays[stage] === undefined ? [] : (['post'] as const))];

    for (const id of texts[stage]) {
      expect(templateOf(id).stages).toContain(stage);
      expect(templateOf(id).channels).toEqual(expect.arrayContaining(asked));
    }
  });

  it('names every account in what a stage says for several', () => {
    const { texts, firstText } = LADDER;

    for (const id of [firstText, ...Object.values(texts).flat()]) expect(templateOf(id).optional).toContain('accounts');
  });

  it('holds the first text and the notices for the channels that the ladder sends them by', () => {
    expect(templateOf(LADDER.firstText).channels).toEqual(expect.arrayContaining([...LADDER.channels.reminder]));
    expect(templateOf('bureau-notice').channels).toEqual(expect.arrayContaining([...LADDER.bureauNotice.channels]));
    expect(templateOf('legal-formal-notice').channels).toEqual(expect.arrayContaining([...LADDER.noticeChannels]));
  });
});

const whole = (id: TemplateId, channel: 'sms' | 'email' | 'post', locale: (typeof LOCALES)[number]) => {
  const { subject, body } = render(id, channel, locale, TYPICAL_SLOTS[locale]);
  return `${subject}\n${body}`;
};

describe('what single templates must say', () => {
  it.each(LOCALES)('the formal notice: what it is, that it is decided, a review before, a way to object (%s)', (locale) => {
    const words = {
      'zh-CN': [/正式通知/, /决定/, /复核/, /异议/, /法律程序/],
      'zh-TW': [/正式通知/, /決定/, /覆核/, /異議/, /法律程序/],
      en: [/formal notice/i, /decided/, /review/, /object/, /legal proceedings/],
    }[locale];

    for (const channel of ['sms', 'email', 'post'] as const)
      for (const word of words) expect(whole('legal-formal-notice', channel, locale)).toMatch(word);
  });

  it.each(LOCALES)('the notice of the report: when, to whom, of what, and how to object (%s)', (locale) => {
    const words = {
      'zh-CN': [/2026年4月20日/, /征信机构/, /仍未还清/, /异议/],
      'zh-TW': [/2026年4月20日/, /信用資料機構/, /仍未繳清/, /異議/],
      en: [/20 April 2026/, /credit bureau/, /still unpaid/, /object/],
    }[locale];

    for (const channel of ['sms', 'email', 'post'] as const)
      for (const word of words) expect(whole('bureau-notice', channel, locale)).toMatch(word);
  });

  it.each(LOCALES)('an acknowledgement asks for nothing (%s)', (locale) => {
    for (const channel of ['sms', 'email'] as const)
      expect(whole('payment-received', channel, locale)).not.toMatch(/请.*还款|請.*繳款|如何还款|如何繳款|please pay|to pay/i);
  });

  it.each(LOCALES)('the education names no consequence, and the ways to act (%s)', (locale) => {
    const text = whole('education', 'email', locale);

    expect(text).not.toMatch(/征信|信用資料|bureau|停用|暂停|暫停|suspend/);
    for (const word of { 'zh-CN': [/核对/, /异议/, /安排/], 'zh-TW': [/核對/, /異議/, /方案/], en: [/check/, /object/, /arrangement/] }[
      locale
    ])
      expect(text).toMatch(word);
  });
});
