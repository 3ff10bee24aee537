import { expect, it } from 'vitest';
import { local } from '../../infra/config/local.ts';
import { aSystem } from './cloud.ts';
import { configured } from './configured.ts';
import { aCustomer, anOverdue } from './events.ts';

it('a product that is called later is called later, and another one is not', async () => {
  // Prepare
  const facts = { reportsToBureau: false, suspendsCard: false, placesWithAgencies: false };
  const products = { ...local.deployment.products, 'credit-card': { ...facts, ladder: { fromDaysPastDue: { call: 10 } } } };
  const system = await aSystem({ assembly: configured({ products }) });
  await system.put('CustomerUpdated', aCustomer());
  await system.put('CustomerUpdated', aCustomer({ customerId: 'cus-2' }));
  await system.put('AccountOverdue', anOverdue());
  await system.put('AccountOverdue', anOverdue({ accountId: 'acc-2', customerId: 'cus-2', product: 'loan' }));
  const stages = async () => [(await system.journey('acc-1')).stage, (await system.journey('acc-2')).stage];

  // Act
  await system.advanceTo('2026-03-10T04:00:00Z');
  const onDayNine = await stages();
  await system.advanceTo('2026-03-11T04:00:00Z');

  // Assess
  expect([onDayNine, await stages()]).toEqual([
    ['reminder', 'call'],
    ['call', 'call'],
  ]);
});
