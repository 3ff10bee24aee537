import { describe, expect, it } from 'vitest';
import type { Item } from '../../audit/stored.ts';
import { auditTable } from '../../demo/audit.ts';
import type { Cloud } from '../../local/cloud.ts';
import { message, outcome, overdue, TableBuilder } from '../audit/table.ts';
import { aTable, aWorld } from '../local/dynamodb/world.ts';

const MORNING = '2026-03-02T01:30:00Z';
const NOON = '2026-03-06T04:00:00Z';
const NIGHT = '2026-03-06T15:00:00Z';

/** The demo's closing look at a cloud's table, on tables with and without something wrong in them. */

/** A cloud that has nothing but the table. */
function cloudWith(items: readonly Item[]): Pick<Cloud, 'call' | 'outputs'> {
  const world = aWorld();
  world.call('CreateTable', aTable('cases', 'pk,sk'));
  for (const item of items) world.call('PutItem', { TableName: 'cases', Item: typed(item) });
  return {
    call: async <T>(_service: string, operation: string, input: Record<string, unknown>) => world.call(operation, input) as T,
    outputs: () => ({ CaseTableName: 'cases' }),
  };
}

const typed = (item: Item) =>
  Object.fromEntries(
    Object.entries(item).map(([name, value]) => [name, typeof value === 'number' ? { N: String(value) } : { S: String(value) }]),
  );

/** So many customers with an account each, and a message to each of them. */
function aPortfolio(customers: number, messageAt: string): TableBuilder {
  const table = new TableBuilder();
  for (let number = 1; number <= customers; number += 1) {
    const [accountId, customerId] = [`acc-${number}`, `cus-${number}`];
    table
      .customer(customerId)
      .entries(accountId, MORNING, overdue({ customerId }), { ...opened, customerId })
      .entries(accountId, messageAt, message());
  }
  return table;
}

const opened = {
  type: 'JourneyOpened',
  caseId: 'c-1',
  customerId: 'cus-1',
  overdue: { amount: '6250.00', currency: 'CNY' },
  dueDate: '2026-02-18',
  onDate: '2026-03-02',
  policy: 'p',
} as const;

describe('the audit at the end of the demo', () => {
  it('goes through the whole table and finds nothing where nothing is wrong', async () => {
    // Prepare: more than one page of a scan.
    const cloud = cloudWith([...aPortfolio(300, NOON).build(), padding(600), padding(601), padding(602)]);
    // Act
    const { audit, contacts } = await auditTable(cloud);
    // Assess
    expect(audit).toMatchObject({ judged: 300, violations: {}, ungated: 0, timelinesProven: 300, timelinesUnproven: 0, problems: [] });
    expect(audit.asked['CN.HOURS']).toBe(300);
    expect(contacts.perCase).toEqual({ 0: 300 });
  });

  it('names the contacts that broke a rule, the first few', async () => {
    // Prepare
    const cloud = cloudWith(aPortfolio(12, NIGHT).build());
    // Act
    const { audit } = await auditTable(cloud);
    // Assess
    expect(audit.violations).toEqual({ 'CN.HOURS': 12, 'HOUSE.HOURS': 12 });
    expect(audit.problems).toHaveLength(10);
    expect(audit.problems[0]).toMatch(/^CN\.HOURS: acc-\d+:3 with cus-\d+ at 2026-03-06T15:00:00Z: /);
  });

  it('names contacts that nobody asked the gate for', async () => {
    // Prepare
    const table = aPortfolio(1, NOON).entries('acc-1', NOON, outcome(NOON, { ungated: true }));
    // Act
    const { audit } = await auditTable(cloudWith(table.build()));
    // Assess
    expect(audit).toMatchObject({ violations: {}, ungated: 1 });
    expect(audit.problems).toEqual([`Nobody asked the gate: acc-1:4 with cus-1 at ${NOON}`]);
  });

  it('counts what was done beside contacts, and names an act that broke a rule', async () => {
    // Prepare
    const skipped = { type: 'StageEntered', caseId: 'c-1', stage: 'legal', why: 'w', onDate: '2026-03-06', rise: true } as const;
    const table = aPortfolio(1, NOON).entries('acc-1', NOON, skipped);
    // Act
    const { audit } = await auditTable(cloudWith(table.build()));
    // Assess
    expect(audit.violations).toEqual({});
    expect(audit.actViolations).toMatchObject({ 'STAGE.ENTRY': 1 });
    expect(audit.actsAsked).toMatchObject({ 'STAGE.ENTRY': 1, 'CASE.ONE': 1 });
    expect(audit.problems.join('\n')).toContain(
      `STAGE.ENTRY: entry 4 (StageEntered) of acc-1 at ${NOON}: the case began in the legal stage`,
    );
  });

  it('names a suit that lacks a gate', async () => {
    // Prepare
    const referral = { type: 'LegalReferred', caseId: 'c-1', approvedBy: 'li', evidenceHash: 'h', evidenceRef: 's3://evidence/p' } as const;
    const table = aPortfolio(1, NOON).entries('acc-1', NOON, referral);
    // Act
    const { audit } = await auditTable(cloudWith(table.build()));
    // Assess
    expect(audit.problems).toContain(`The suit of acc-1 was handed over at ${NOON}: no named person confirmed the intent`);
  });

  it('names a timeline that was changed behind the application', async () => {
    // Prepare
    const items = aPortfolio(2, NOON).build();
    const forged = items.map((item) =>
      item.pk === 'ACCOUNT#acc-2' && item.sk === 'T#0000000003' ? { ...item, hash: 'f'.repeat(64) } : item,
    );
    // Act
    const { audit } = await auditTable(cloudWith(forged));
    // Assess
    expect(audit).toMatchObject({ timelinesProven: 1, timelinesUnproven: 1 });
    expect(audit.problems).toEqual(['The timeline of acc-2 does not prove itself: entry 3 was changed after it was written']);
  });
});

/** An item that is none of the audit's business and takes much room. */
const padding = (number: number): Item => ({ pk: `TASK#t-${number}`, sk: '#TASK', facts: 'x'.repeat(380_000) });
