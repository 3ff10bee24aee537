import { beforeAll, describe, expect, it } from 'vitest';
import { sha256 } from '../../domain/timeline.ts';
import { AwsError } from '../../local/kernel/errors.ts';
import { aSystem, type System } from './cloud.ts';
import { configured } from './configured.ts';
import { aCustomer, anOverdue } from './events.ts';
import { types } from './walk.ts';

/** The bank's own gateway delivers what AWS does not: here text messages, push, in-app and instant messages, letters. */

let assembly: string;
beforeAll(() => {
  assembly = configured({
    channels: { sms: 'gateway', email: 'gateway', push: 'gateway', 'in-app': 'gateway', im: 'gateway', post: 'gateway' },
    rates: { email: 1 },
  });
});

const BUCKET = 'overdue-journeys-messages-000000000000-us-east-1';
/** Seven in the evening: the first message of a case that opens now goes at once, and none after half past eight. */
const SEVEN = '2026-03-06T11:00:00Z';

interface Requested {
  readonly at: string;
  readonly eventId: string;
  readonly contactId: string;
  readonly channel: string;
  readonly contactPointId: string;
  readonly template: string;
  readonly version: string;
  readonly textRef: string;
  readonly notAfter: string;
}

function requested(system: System, accountId = 'acc-1'): readonly Requested[] {
  return system
    .events(accountId)
    .filter((event) => event['detail-type'] === 'DeliveryRequested')
    .map((event) => event.detail as unknown as Requested);
}

/** The message as the gateway reads it. */
async function readMessage(system: System, textRef: string): Promise<Record<string, unknown>> {
  const [, Bucket, Key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(textRef) ?? [];
  const { Body: body } = await system.cloud.call<{ Body: Uint8Array }>('s3', 'GetObject', { Bucket, Key });
  return JSON.parse(Buffer.from(body).toString()) as Record<string, unknown>;
}

async function overdue(system: System, customer: Record<string, unknown> = {}): Promise<void> {
  await system.put('CustomerUpdated', aCustomer(customer));
  await system.put('AccountOverdue', anOverdue());
}

describe("the bank's gateway", () => {
  it('is asked to deliver by an event without personal data, and finds address and text where it says', async () => {
    // Prepare
    const system = await aSystem({ assembly, start: SEVEN });

    // Act
    await overdue(system);

    // Assess
    const [request, ...more] = requested(system);
    expect(more).toEqual([]);
    expect(request).toMatchObject({ channel: 'sms', contactPointId: 'cp-1', template: 'reminder-first', locale: 'zh-CN' });
    expect(request?.textRef).toBe(`s3://${BUCKET}/contacts/${request?.contactId}.json`);
    // The house closes at half past eight in the evening; what waits at a carrier is to be with it five minutes before.
    expect(request?.notAfter).toBe('2026-03-06T12:24:59Z');
    const message = await readMessage(system, request?.textRef ?? '');
    expect(message).toMatchObject({ contactId: request?.contactId, accountId: 'acc-1', channel: 'sms', to: '+8613800138000' });
    expect(String(message.body)).toContain('6,250.00');
    expect(system.outbox()).toEqual([]);
  });

  it.each(['push', 'in-app'])('leaves on record all that a customer is shown by %s, and a hash that proves it', async (channel) => {
    // Prepare
    const system = await aSystem({ assembly, start: SEVEN });

    // Act
    await overdue(system, { contactPoints: [{ id: 'cp-5', channel, address: 'device-1', owner: 'self' }] });

    // Assess
    const [request] = requested(system);
    const shown = await readMessage(system, request?.textRef ?? '');
    const { Items: items } = await system.cloud.call<{ Items: readonly Record<string, { S: string }>[] }>('dynamodb', 'Query', {
      TableName: 'overdue-journeys-cases',
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :text)',
      ExpressionAttributeValues: { ':pk': { S: 'ACCOUNT#acc-1' }, ':text': { S: 'TEXT#' } },
    });
    const [{ subject, body, salt } = {}] = items;
    for (const words of [shown.title, shown.body, shown.detail].filter((said) => said !== undefined))
      expect(`${subject?.S}\n${body?.S}`).toContain(String(words));
    expect(body?.S).toContain('6,250.00');
    const sent = (await system.journey()).timeline.find(({ type }) => type === 'ContactSent');
    expect(sent).toMatchObject({ channel, bodyHash: sha256(`${salt?.S}\n${subject?.S}\n${body?.S}`) });
  });

  it('is asked with the record that the message is sent, after it was put there', async () => {
    const system = await aSystem({ assembly, start: SEVEN });
    await overdue(system);
    const { timeline } = await system.journey();
    const about = timeline.filter(({ type }) => ['ContactReserved', 'ContactSent', 'DeliveryRequested'].includes(type));
    expect(about.map(({ type }) => type)).toEqual(['ContactReserved', 'ContactSent', 'DeliveryRequested']);
    expect(about[1]?.at).toBe(about[2]?.at);
    expect(system.said().filter((type) => type === 'ContactSent')).toHaveLength(1);
  });

  it('costs a message one write to its store and one read of the controls, and no transaction', async () => {
    // Prepare
    const system = await aSystem({ assembly, start: SEVEN });
    const calls: string[] = [];
    system.cloud.kernel.intercept((call, next) => {
      if (call.origin.endsWith('send-contact')) calls.push(`${call.service}.${call.operation}`);
      return next();
    });

    // Act
    await overdue(system);
    const first = calls.splice(0);
    await system.put('CustomerUpdated', aCustomer({ customerId: 'cus-2' }));
    await system.put('AccountOverdue', anOverdue({ accountId: 'acc-2', customerId: 'cus-2' }));

    // Assess: the switch and the controls are read now and then; the rest is what reserving and recording take.
    const always = [
      'dynamodb.TransactGetItems',
      'dynamodb.TransactWriteItems',
      's3.PutObject',
      'dynamodb.GetItem',
      'dynamodb.TransactWriteItems',
    ];
    expect(first).toEqual([always[0], 'ssm.GetParameter', 'dynamodb.GetItem', ...always.slice(1)]);
    expect(calls).toEqual(always);
  });

  it('answers with DeliveryReported', async () => {
    // Prepare
    const system = await aSystem({ assembly, start: SEVEN });
    await overdue(system);
    const contactId = requested(system)[0]?.contactId;

    // Act
    await system.put('DeliveryReported', { contactId, status: 'delivered', at: '2026-03-06T11:00:30Z' }, 'bank.gateway');

    // Assess
    expect(types(await system.journey())).toContain('DeliveryReported');
  });

  it('that cannot be reached for a while delays the message and loses nothing', async () => {
    // Prepare
    const system = await aSystem({ assembly, start: SEVEN });
    let puts = 0;
    system.cloud.kernel.intercept((call, next) => {
      if (call.service !== 's3') return next();
      puts += 1;
      // The client itself asks three times.
      if (puts <= 3) throw new AwsError('InternalError', 'We are sorry.', 500);
      return next();
    });

    // Act
    await overdue(system);
    const before = requested(system).length;
    await system.advance('PT10M');

    // Assess
    expect(before).toBe(0);
    expect(types(await system.journey())).toContain('ContactDeferred');
    expect(requested(system)).toHaveLength(1);
  });

  it('is not asked where somebody died between the message and its record, and is asked for the next', async () => {
    // Prepare
    const system = await aSystem({ assembly, start: SEVEN });
    let died = false;
    system.cloud.kernel.intercept(async (call, next) => {
      if (died || call.operation !== 'TransactWriteItems' || !JSON.stringify(call.input).includes('DeliveryRequested')) return next();
      died = true;
      throw new AwsError('Crashed', 'The invocation that made this call is dead.', 400);
    });

    // Act
    await overdue(system);
    const before = requested(system).length;
    await system.advance('PT1H');

    // Assess
    const after = requested(system);
    expect(before).toBe(0);
    expect(after).toHaveLength(1);
    expect(types(await system.journey())).toContain('ContactLost');
    expect((await readMessage(system, after[0]?.textRef ?? '')).contactId).toBe(after[0]?.contactId);
  });

  it('finds nothing any more after a month', async () => {
    // Prepare
    const system = await aSystem({ assembly, start: SEVEN });
    await overdue(system);
    const textRef = requested(system)[0]?.textRef ?? '';
    await system.put('HoldPlaced', { holdId: 'hold-1', accountId: 'acc-1', kind: 'dispute', placedAt: system.now() });

    // Act
    await system.advance('P32D');

    // Assess
    await expect(readMessage(system, textRef)).rejects.toMatchObject({ code: 'NoSuchKey' });
  });
});

it('a rate lets no more messages a second leave, and all of them in the end', async () => {
  // Prepare
  const system = await aSystem({ assembly, start: SEVEN }, { lateWakes: true });
  const contactPoints = [{ id: 'cp-3', channel: 'email', address: 'wang@example.com', owner: 'self', consent: true }];

  // Act
  for (let index = 1; index <= 4; index += 1) {
    const customerId = `cus-${index}`;
    await system.put('CustomerUpdated', aCustomer({ customerId, contactPoints }));
    await system.put('AccountOverdue', anOverdue({ accountId: `acc-${index}`, customerId }));
  }
  const left = () => [1, 2, 3, 4].flatMap((index) => requested(system, `acc-${index}`).map(({ at }) => at.slice(0, 19)));
  const atOnce = left().length;
  await system.advance('PT5M');

  // Assess
  const seconds = left();
  expect(atOnce).toBe(1);
  expect(seconds).toHaveLength(4);
  expect(new Set(seconds).size).toBe(4);
});
