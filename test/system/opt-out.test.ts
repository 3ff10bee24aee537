import { expect, it } from 'vitest';
import { local } from '../../infra/config/local.ts';
import { readMime } from '../../local/services/ses/mime.ts';
import { aSystem } from './cloud.ts';
import { configured } from './configured.ts';
import { aCustomer, anOverdue } from './events.ts';

/** An American by one channel alone, overdue for five days, at ten in the morning in New York. */
async function aMessageTo(channel: 'sms' | 'email', address: string) {
  const assembly = configured({ words: { ...local.deployment.words, unsubscribe: 'https://bank.example/stop' } });
  const system = await aSystem({ assembly, start: '2026-03-06T15:00:00Z' });
  const raw: Buffer[] = [];
  system.cloud.kernel.intercept((call, next) => {
    if (call.operation === 'SendRawEmail') raw.push(Buffer.from((call.input.RawMessage as { Data: string }).Data, 'base64'));
    return next();
  });
  const contactPoints = [{ id: 'cp-1', channel, address, owner: 'self', consent: true }];
  const home = { timeZone: 'America/New_York', jurisdiction: 'US', locale: 'en-US' };
  await system.put('CustomerUpdated', aCustomer({ ...home, contactPoints }));
  await system.put('AccountOverdue', anOverdue({ timeZone: home.timeZone }));
  await system.advance('PT10H');
  const [message, ...more] = system.outbox();
  expect(more).toEqual([]);
  return { message, raw };
}

it('an e-mail to the United States says how to stop them, to the reader and to the mail program', async () => {
  const { message, raw } = await aMessageTo('email', 'wang@example.com');
  const { headers } = readMime(raw[0] ?? Buffer.alloc(0));
  const address = /^<(https:\/\/bank\.example\/stop\?contact=[\w-]+)>$/.exec(headers.get('list-unsubscribe') ?? '')?.[1];
  expect(address).toBeDefined();
  expect(headers.get('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
  expect(message?.body).toContain(`To receive no more e-mails like this: ${address}`);
  expect(message).toMatchObject({ channel: 'email', template: 'reminder-first', accountId: 'acc-1', stage: 'reminder' });
});

it('a text message to the United States asks for an answer', async () => {
  const { message } = await aMessageTo('sms', '+12025550123');
  expect(message?.body).toMatch(/Reply STOP to opt out\.$/);
});
