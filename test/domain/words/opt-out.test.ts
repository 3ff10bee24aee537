import { describe, expect, it } from 'vitest';
import { optOutOf } from '../../../domain/words/opt-out.ts';

const NOW = Date.parse('2026-03-02T01:30:00Z');
const words = { hotline: '400-000-0000', unsubscribe: 'https://bank.example/stop' };

function optOut(change: object = {}, own: { hotline: string; unsubscribe?: string } = words, replies = true) {
  const message = { channel: 'email', contactId: 'case-1-reminder_1', jurisdiction: 'US', locale: 'en-US', ...change } as const;
  return optOutOf(message, own, replies, NOW);
}

describe('the way to stop messages', () => {
  it('is said where the pack asks for it, and nowhere else', () => {
    expect(optOut({ jurisdiction: 'US' })).toBeDefined();
    expect(optOut({ jurisdiction: 'CN' })).toBeUndefined();
    expect(optOut({ jurisdiction: 'XX' })).toBeUndefined();
  });

  it.each([
    {
      unsubscribe: 'https://bank.example/stop',
      address: 'https://bank.example/stop?contact=case-1-reminder_1',
      says: '?contact=case-1-reminder_1',
    },
    { unsubscribe: 'https://bank.example/s?a=b', address: 'https://bank.example/s?a=b&contact=case-1-reminder_1', says: '&contact=' },
    { unsubscribe: 'mailto:stop@bank.example', address: 'mailto:stop@bank.example?subject=case-1-reminder_1', says: ' stop@bank.example' },
  ])('by e-mail is $unsubscribe, which is told the contact', ({ unsubscribe, address, says }) => {
    const found = optOut({}, { ...words, unsubscribe });
    expect(found?.address).toBe(address);
    expect(found?.sentence).toContain(says);
  });

  it('is the hotline where the bank has no address, and where nobody reads answers', () => {
    const hotline = { sentence: 'To receive no more messages like this, call 400-000-0000.' };
    expect(optOut({}, { hotline: words.hotline })).toEqual(hotline);
    expect(optOut({ channel: 'sms' }, words, false)).toEqual(hotline);
  });

  it.each([
    { locale: 'en-US', sentence: 'Reply STOP to opt out.' },
    { locale: 'zh-CN', sentence: '回复STOP退订。' },
    { locale: 'zh-Hant', sentence: '回覆STOP取消接收。' },
  ])('by text message is an answer, in $locale', ({ locale, sentence }) => {
    expect(optOut({ channel: 'sms', locale })).toEqual({ sentence });
  });
});
