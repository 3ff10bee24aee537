import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { expect, it } from 'vitest';
import { audit, isClean } from '../../audit/report.ts';
import type { Item } from '../../audit/stored.ts';
import { clientConfig } from '../../local/services/lambda/sdk-seam.ts';
import { erase, heldAbout } from '../../tools/erase-customer/held.ts';
import type { System } from './cloud.ts';
import { aCustomer, aHold, anOverdue, aPayment, PERSONAL } from './events.ts';
import { anAccountToCall, walk } from './walk.ts';

/** What is held about a customer in words goes when an operator erases it, and nothing else. */

const WORDS = 'says the neighbour of number 12';
const TABLE = 'overdue-journeys-cases';
const clientOf = (system: System) => new DynamoDBClient(clientConfig(system.cloud.kernel, 'operator') as object);

/** A case with messages, a call's notes, a hold's reason and an odd payment, cured and closed; another customer beside it. */
async function aClosedCase(): Promise<System> {
  const { system, taskId } = await anAccountToCall();
  await system.put('CustomerUpdated', aCustomer({ customerId: 'cus-2', name: 'Somebody Else' }));
  await system.put('AccountOverdue', anOverdue({ accountId: 'acc-2', customerId: 'cus-2', asOf: system.now() }));
  await system.report(taskId, 'reached-no-commitment', { notes: WORDS });
  await walk(system, { accountId: 'acc-2', until: ({ timeline }) => timeline.some(({ type }) => type === 'ContactSent') });
  await system.put('HoldPlaced', aHold({ placedAt: system.now(), reason: WORDS }));
  await system.put('PaymentReceived', aPayment({ paidAt: system.now(), method: WORDS }));
  await system.put('HoldReleased', { holdId: 'hold-1', releasedAt: system.now() });
  expect(await system.journey()).toMatchObject({ status: 'cured' });
  return system;
}

const forgotten = (system: System, asOf = system.now()) =>
  system.put('CustomerUpdated', aCustomer({ name: 'erased', contactPoints: [], asOf }));

async function holding(system: System, words: readonly string[], mine = (_item: Item) => true): Promise<string[]> {
  const { items } = await system.snapshot();
  return items
    .filter((item) => mine(item as unknown as Item) && words.some((word) => JSON.stringify(item).includes(word)))
    .map(({ pk, sk }) => `${pk} ${sk}`);
}

it('nothing goes while a case is open or an address is known', async () => {
  const { system } = await anAccountToCall();

  const { hindrances } = await heldAbout(clientOf(system), TABLE, 'cus-1');

  expect(hindrances).toEqual([
    'account acc-1 has an open case',
    'the customer has 4 contact points: have the core send a CustomerUpdated without any first',
  ]);
  expect(await heldAbout(clientOf(system), TABLE, 'cus-9')).toMatchObject({ keys: [], hindrances: ['there is no customer cus-9'] });
});

it('what is held goes, timelines prove themselves still, and others keep theirs', async () => {
  // Prepare
  const system = await aClosedCase();
  await forgotten(system);
  const before = await system.journey();
  const words = [...PERSONAL, WORDS, 'erased'];
  const others = async () =>
    (await system.snapshot()).items.filter(({ pk, sk }) => /acc-2|cus-2/.test(pk) && /TEXT#|PROFILE/.test(sk)).length;
  const othersBefore = await others();

  // Act
  const held = await heldAbout(clientOf(system), TABLE, 'cus-1');
  const found = await holding(system, [WORDS]);
  const count = await erase(clientOf(system), TABLE, held);

  // Assess
  expect(found.length).toBeGreaterThan(2);
  expect(held).toMatchObject({ accounts: ['acc-1'], hindrances: [] });
  expect(held.keys.some(({ sk }) => sk.startsWith('TEXT#'))).toBe(true);
  expect(count).toBe(held.keys.length);
  expect(await holding(system, words, ({ pk }) => !/acc-2|cus-2/.test(pk))).toEqual([]);
  expect(othersBefore).toBeGreaterThan(1);
  expect(await others()).toBe(othersBefore);
  expect(await system.journey()).toEqual(before);
  const { items } = await system.snapshot();
  expect(isClean(audit(items as unknown as Item[], { jurisdiction: 'CN', role: 'first-party', house: true }))).toBe(true);
  expect(await heldAbout(clientOf(system), TABLE, 'cus-1')).toMatchObject({ keys: [], hindrances: [] });
});

it('a profile that the core sends meanwhile stays', async () => {
  const system = await aClosedCase();
  await forgotten(system);
  const held = await heldAbout(clientOf(system), TABLE, 'cus-1');
  await system.advance('PT1H');
  await system.put('CustomerUpdated', aCustomer({ asOf: system.now() }));

  await expect(erase(clientOf(system), TABLE, held)).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });

  expect(await holding(system, PERSONAL, ({ pk }) => pk === 'CUSTOMER#cus-1')).toEqual(['CUSTOMER#cus-1 PROFILE']);
});

it('an account that falls overdue after the erasure has a case that asks for the customer, and sends nothing', async () => {
  // Prepare
  const system = await aClosedCase();
  await forgotten(system);
  await erase(clientOf(system), TABLE, await heldAbout(clientOf(system), TABLE, 'cus-1'));
  const sent = system.outbox('acc-1').length;

  // Act
  await system.advance('P3D');
  await system.put('AccountOverdue', anOverdue({ dueDate: '2026-03-08', asOf: system.now() }));
  await system.advance('P12D');

  // Assess
  expect(await system.journey()).toMatchObject({ status: 'open' });
  expect(system.outbox('acc-1')).toHaveLength(sent);
  expect((await system.tasks('data-quality')).map(({ accountId }) => accountId)).toEqual(['acc-1']);
});

it('what was reported of a person about the account of another goes too', async () => {
  // Prepare
  const system = await aClosedCase();
  const contact = {
    contactId: 'con-7',
    customerId: 'cus-3',
    accountId: 'acc-1',
    channel: 'voice',
    direction: 'inbound',
    kind: 'conversation',
  };
  await system.put('CustomerUpdated', aCustomer({ customerId: 'cus-3', contactPoints: [] }));
  await system.put('ContactReported', { ...contact, at: system.now(), actor: 'branch', outcome: WORDS });

  // Act
  const held = await heldAbout(clientOf(system), TABLE, 'cus-3');

  // Assess
  expect(held.accounts).toEqual([]);
  expect(held.keys.map(({ pk, sk }) => `${pk} ${sk}`)).toEqual(['ACCOUNT#acc-1 NOTES#contact#con-7', 'CUSTOMER#cus-3 PROFILE']);
});
