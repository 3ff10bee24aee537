import { expect, it } from 'vitest';
import { segmentsOf } from '../../domain/words/sms.ts';
import { local } from '../../infra/config/local.ts';
import { aSystem } from './cloud.ts';
import { configured } from './configured.ts';
import { aCustomer, anOverdue, aPayment } from './events.ts';

/** The first message of a case, and the thanks for the payment that ends it. */
async function written(change: Record<string, unknown>, assembly?: string): Promise<readonly string[]> {
  const system = await aSystem(assembly === undefined ? {} : { assembly });
  await system.put('CustomerUpdated', aCustomer(change));
  await system.put('AccountOverdue', anOverdue());
  await system.advance('P4D');
  await system.put('PaymentReceived', aPayment({ paidAt: '2026-03-06T01:15:00Z' }));
  await system.advance('P1D');
  return system.outbox().map(({ template, channel, body }) => `${template} ${channel} ${body}`);
}

const CJK = /[\u3000-\u9fff\uff00-\uffef]/;

it.each([
  { locale: 'zh-CN', name: '示例银行' },
  { locale: 'zh-Hant-HK', name: '示例銀行' },
  { locale: 'en-GB', name: 'Example Bank' },
])('a customer who reads $locale hears of $name, in messages of a case and beside it', async ({ locale, name }) => {
  const messages = await written({ locale, name: 'Wang Xiaoming' });

  expect(messages.map((message) => message.split(' ', 2).join(' '))).toEqual(['reminder-first sms', 'payment-received sms']);
  for (const message of messages) expect(message).toContain(name);
});

it('an English text message stays in the alphabet that costs least', async () => {
  const [first = ''] = await written({ locale: 'en', name: 'Wang Xiaoming' });

  expect(first).not.toMatch(CJK);
  expect(segmentsOf(first).encoding).toBe('GSM-7');
});

it('a bank with one name for all languages goes by it in each', async () => {
  const assembly = configured({ words: { ...local.deployment.words, bankName: 'Banco Ejemplo' } });

  for (const message of await written({ locale: 'zh-TW' }, assembly)) expect(message).toContain('Banco Ejemplo');
});
