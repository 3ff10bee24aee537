import type { ApiAnswer, System } from './cloud.ts';

/** Contacts that diallers, branches and agencies ask for and report, with safe defaults. */

export interface Checked {
  readonly decision: string;
  readonly rule: string;
  readonly why: string;
  readonly notBefore?: string;
  readonly contactPointId?: string;
  readonly attemptId?: string;
  readonly expiresAt?: string;
  readonly field?: string;
}

export function check(system: System, change: object = {}): Promise<ApiAnswer<Checked>> {
  return system.api('POST', '/contacts/check', { customerId: 'cus-1', accountId: 'acc-1', channel: 'voice', ...change });
}

export function aContact(system: System, change: object = {}): Record<string, unknown> {
  return {
    contactId: 'con-1',
    customerId: 'cus-1',
    accountId: 'acc-1',
    contactPointId: 'cp-2',
    channel: 'voice',
    direction: 'outbound',
    kind: 'attempt',
    at: system.now(),
    actor: 'agency-7',
    outcome: 'no-answer',
    ...change,
  };
}

/** The customer as the gate sees it. */
export async function governor(system: System, customerId = 'cus-1') {
  const { Item } = await system.cloud.call<{ Item: { state: { S: string } } }>('dynamodb', 'GetItem', {
    TableName: system.cloud.outputs().CaseTableName,
    Key: { pk: { S: `CUSTOMER#${customerId}` }, sk: { S: 'GOVERNOR' } },
  });
  return JSON.parse(Item.state.S) as { contacts: Record<string, unknown>[]; findings: Record<string, string> };
}
