import { expect, it } from 'vitest';
import { consoleApp, startShop, visitorOf } from './console-app.ts';

const ARN = encodeURIComponent('arn:aws:states:us-east-1:000000000000:execution:shop-order:o-waits');
const PAGES = [
  '/',
  '/console/machines',
  '/console/machine?name=shop-order',
  '/console/activity?name=shop-packing',
  '/console/executions?text=o',
  `/console/execution?arn=${ARN}`,
  '/console/tables',
  '/console/table?name=orders',
  '/console/table?name=orders&key=o-waits',
  '/console/inbox?text=o',
  '/console/message?id=1',
  '/console/queues',
  '/console/queue?name=shop-inbox',
  '/console/queue?name=shop-dead',
  '/console/events?source=shop',
  '/console/functions',
  '/console/function?name=shop-write',
  '/console/changes',
];

/** The same days with the same seed, with somebody looking at every page at every turn or with nobody. */
async function run(assembly: string, looking: boolean) {
  const cloud = await startShop(assembly, { seed: 21 });
  const visitor = visitorOf(cloud);
  const look = async () => {
    if (looking) for (const path of PAGES) expect((await visitor.get(path)).status).toBeLessThan(500);
  };
  await look();
  for (let hour = 0; hour < 30; hour += 5) {
    // The page is asked for while work is under way, too.
    const moving = cloud.advance('PT5H');
    await look();
    await moving;
    await cloud.call('events', 'PutEvents', {
      Entries: [
        {
          EventBusName: 'shop-bus',
          Source: 'shop',
          DetailType: 'Ordered',
          Detail: JSON.stringify({ order: `o-${hour}`, parcels: [hour] }),
        },
      ],
    });
    await look();
  }
  await cloud.advance('P2D');
  await look();
  const { executions } = await cloud.call<{ executions: { executionArn: string }[] }>('states', 'ListExecutions', {
    stateMachineArn: cloud.outputs().MachineArn,
  });
  const histories = await Promise.all(
    executions.map(({ executionArn }) => cloud.call('states', 'GetExecutionHistory', { executionArn, maxResults: 1000 })),
  );
  const queues = await Promise.all(
    ['shop-inbox', 'shop-dead'].map((QueueUrl) => cloud.call('sqs', 'GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] })),
  );
  const facts = {
    outbox: cloud.outbox(),
    events: cloud.events(),
    counters: cloud.counters(),
    capacity: cloud.services.dynamodb.counts(),
    failures: cloud.kernel.failures(),
    timers: cloud.kernel.timers(1000),
    next: [cloud.kernel.random(), cloud.kernel.uuid()],
    executions,
    histories,
    queues,
  };
  await cloud.close();
  return facts;
}

it('a day with the console open is the day without it: reads change nothing, and throw no dice', async () => {
  const assembly = consoleApp();
  const alone = await run(assembly, false);
  const watched = await run(assembly, true);
  expect(watched).toEqual(alone);
  expect(alone.outbox.length).toBeGreaterThan(8);
});
