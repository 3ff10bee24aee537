import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { auditByCustomer, type TableReader } from '../audit/by-customer.ts';
import type { Report } from '../audit/report.ts';
import { plainItem, READ } from '../audit/source.ts';
import type { Item } from '../audit/stored.ts';
import type { Cloud } from '../local/cloud.ts';
import { AgreementCount } from './agreement-count.ts';
import { ContactCount } from './contact-count.ts';
import { EvidenceCount } from './evidence.ts';
import type { Counts, DemoResult } from './result.ts';

/** What the independent checker says of everything that was stored. */
export interface AuditCounts {
  /** Contacts that somebody answers for, each asked about every rule that concerns it. */
  judged: number;
  /** By rule: how many contacts it was asked about. */
  asked: Counts;
  /** By rule; empty where every contact kept them all. */
  violations: Counts;
  /** Contacts that were made without asking the gate. */
  ungated: number;
  /** By rule about acts that are no contacts: how many entries it was asked about. */
  actsAsked: Counts;
  /** The same of those that broke it; empty where none did. */
  actViolations: Counts;
  /** Suits that were handed over, and what their timelines lack of what must come before. */
  suits: number;
  suitsLacking: number;
  /** Accounts whose timeline proves itself by its hashes, and those whose does not. */
  timelinesProven: number;
  timelinesUnproven: number;
  /** The first of what is wrong, as sentences. */
  problems: string[];
}

/** As the application is configured for the embedded cloud. */
const DEPLOYMENT = { jurisdiction: 'CN', role: 'first-party', house: true } as const;
const PROBLEMS_MAX = 10;

/**
 * Judges all contacts in a cloud's table by the checker that shares no code with the application, counts what the timelines tell, and
 * verifies every evidence pack that they name.
 */
export async function auditTable(
  cloud: Pick<Cloud, 'call' | 'outputs'>,
): Promise<Pick<DemoResult, 'audit' | 'contacts' | 'agreements' | 'evidence'>> {
  const [contacts, agreements, evidence] = [new ContactCount(), new AgreementCount(), new EvidenceCount()];
  const report = await auditByCustomer(readerOf(cloud), DEPLOYMENT, (account) => {
    contacts.add(account);
    agreements.add(account);
    evidence.add(account);
  });
  const verified = await evidence.verify(cloud);
  return { audit: countsOf(report), contacts: contacts.counts, agreements: agreements.counts, evidence: verified };
}

function countsOf({ accounts, judged, rules, violations, ungated, unproven, referrals, conduct }: Report): AuditCounts {
  const broken = rules.filter((row) => row.violations > 0);
  const problems = [
    ...unproven.map(({ accountId, why }) => `The timeline of ${accountId} does not prove itself: ${why}`),
    ...violations.map(({ rule, customerId, contactId, at, why }) => `${rule}: ${contactId} with ${customerId} at ${at}: ${why}`),
    ...referrals.problems.map(({ accountId, at, why }) => `The suit of ${accountId} was handed over at ${at}: ${why}`),
    ...conduct.problems.map(
      ({ rule, accountId, seq, at, type, why }) => `${rule}: entry ${seq} (${type}) of ${accountId} at ${at}: ${why}`,
    ),
    ...ungated.map(({ customerId, contactId, at }) => `Nobody asked the gate: ${contactId} with ${customerId} at ${at}`),
  ];
  return {
    judged,
    asked: Object.fromEntries(rules.map(({ rule, checked }) => [rule, checked])),
    violations: Object.fromEntries(broken.map((row) => [row.rule, row.violations])),
    ungated: ungated.length,
    actsAsked: Object.fromEntries(conduct.rules.map(({ rule, checked }) => [rule, checked])),
    actViolations: Object.fromEntries(conduct.rules.filter((row) => row.violations > 0).map((row) => [row.rule, row.violations])),
    suits: referrals.count,
    suitsLacking: referrals.problems.length,
    timelinesProven: accounts - unproven.length,
    timelinesUnproven: unproven.length,
    problems: problems.slice(0, PROBLEMS_MAX),
  };
}

function readerOf(cloud: Pick<Cloud, 'call' | 'outputs'>): TableReader {
  const { CaseTableName } = cloud.outputs();
  const table = { TableName: CaseTableName, ConsistentRead: true, ProjectionExpression: READ.ProjectionExpression };
  const { ExpressionAttributeNames } = READ;
  return {
    scan: () => pagesOf(cloud, 'Scan', { ...table, ...READ }),
    partition: async (pk) => {
      const ofKey = { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': { S: pk } } };
      const items: Item[] = [];
      for await (const item of pagesOf(cloud, 'Query', { ...table, ExpressionAttributeNames, ...ofKey })) items.push(item);
      return items;
    },
  };
}

interface Page {
  readonly Items?: readonly Record<string, AttributeValue>[];
  readonly LastEvaluatedKey?: unknown;
}

async function* pagesOf(cloud: Pick<Cloud, 'call'>, operation: 'Scan' | 'Query', input: object): AsyncGenerator<Item> {
  let start: object = {};
  for (;;) {
    const { Items = [], LastEvaluatedKey } = await cloud.call<Page & Record<string, unknown>>('dynamodb', operation, {
      ...input,
      ...start,
    });
    for (const item of Items) yield plainItem(item);
    if (LastEvaluatedKey === undefined) return;
    start = { ExclusiveStartKey: LastEvaluatedKey };
  }
}
