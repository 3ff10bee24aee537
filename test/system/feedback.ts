import { expect } from 'vitest';
import type { AddressFinding } from '../../domain/customer.ts';
import type { Entry } from '../../domain/entries.ts';
import type { Journey, System } from './cloud.ts';

/** What a provider or the bank's gateway reports of a message, and what the customer's record then holds. */

type Sent = Entry<'ContactSent'>;

/** Lets providers say nothing of messages: what is reported is what the test reports. */
export function silenceProviders(system: System): void {
  for (const service of ['ses', 'sns'] as const) system.cloud.delivery.add({ service, outcome: 'none' });
}

/** The messages of a timeline, in order. */
export function sentOn(journey: Journey): readonly Sent[] {
  return journey.timeline.filter((entry): entry is Sent => entry.type === 'ContactSent');
}

/** The newest message of an account. */
export async function lastSent(system: System, accountId = 'acc-1'): Promise<Sent> {
  const last = sentOn(await system.journey(accountId)).at(-1);
  if (last === undefined) throw new Error(`No message was sent for ${accountId}`);
  return last;
}

/** The bank's gateway reports on a message. */
export async function report(system: System, contactId: string, status: string, change: object = {}): Promise<void> {
  await system.put('DeliveryReported', { contactId, status, at: system.now(), ...change }, 'bank.gateway');
}

/** Hands the function a provider's feedback, as AWS would. @returns whether it was taken in */
export async function tellFeedback(system: System, event: object): Promise<boolean> {
  const answer = await system.cloud.call<{ FunctionError?: string }>('lambda', 'Invoke', {
    FunctionName: 'overdue-journeys-take-in-feedback',
    Payload: JSON.stringify(event),
  });
  await system.cloud.settle();
  return answer.FunctionError === undefined;
}

/** The reports on a timeline, as they were taken. */
export function reportsOn(journey: Journey): readonly { status: string; how: string; finding?: string }[] {
  return journey.timeline.flatMap((entry) =>
    entry.type === 'DeliveryReported'
      ? [{ status: entry.status, how: entry.how, ...(entry.finding === undefined ? {} : { finding: entry.finding }) }]
      : [],
  );
}

/** What is known of each contact point's address on its channel, by contact point. */
export async function findings(system: System, customerId = 'cus-1'): Promise<Readonly<Record<string, AddressFinding>>> {
  const { Item: item } = await system.cloud.call<{ Item?: { state: { S: string } } }>('dynamodb', 'GetItem', {
    TableName: system.cloud.outputs().CaseTableName,
    Key: { pk: { S: `CUSTOMER#${customerId}` }, sk: { S: 'GOVERNOR' } },
  });
  expect(item).toBeDefined();
  const { points, findings: known } = JSON.parse(item?.state.S ?? '{}') as {
    points: readonly { id: string; channel: string; addressKey: string }[];
    findings: Record<string, AddressFinding>;
  };
  return Object.fromEntries(
    points.flatMap(({ id, channel, addressKey }) => {
      const finding = known[addressKey] ?? known[`${channel}|${addressKey}`];
      return finding === undefined ? [] : [[id, finding]];
    }),
  );
}
