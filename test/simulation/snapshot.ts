import type { Cloud } from '../../local/cloud.ts';

/** An item of the case table, with plain values for DynamoDB's typed ones. */
export type PlainItem = Readonly<Record<string, unknown>> & { readonly pk: string; readonly sk: string };

export interface SeenExecution {
  readonly arn: string;
  /** The machine's name without the deployment's prefix: the stage. */
  readonly machine: string;
  readonly name: string;
  readonly status: string;
  readonly input: string;
  /** The names of the states entered, in order. */
  readonly states: readonly string[];
  /** Everything that the history shows, as text. */
  readonly history: string;
}

export interface BusEvent {
  readonly id: string;
  readonly source: string;
  readonly 'detail-type': string;
  /** When it was put on the bus. */
  readonly time: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Everything there is to see of a running application at one instant, with nothing going on. */
export interface Snapshot {
  readonly now: number;
  readonly items: readonly PlainItem[];
  readonly executions: readonly SeenExecution[];
  readonly events: readonly BusEvent[];
  readonly deadLetters: readonly string[];
  readonly logs: readonly string[];
}

const STAGES = ['Reminder', 'Call', 'Plan', 'FieldVisit', 'Legal'];

/** Looks at a cloud as an operator could: scans the table, lists executions and their histories, reads bus, dead letters and logs. */
export async function takeSnapshot(cloud: Cloud): Promise<Snapshot> {
  await cloud.settle();
  const executions: SeenExecution[] = [];
  const outputs = cloud.outputs();
  for (const stage of STAGES) executions.push(...(await executionsOf(cloud, outputs[`${stage}StateMachineArn`] ?? '')));
  const logs = Object.keys(cloud.counters().functions).flatMap((name) => cloud.services.lambda.logs(name).map((line) => line.text));
  return {
    now: cloud.now(),
    items: await scan(cloud),
    executions,
    events: cloud.events() as BusEvent[],
    deadLetters: await deadLettersOf(cloud),
    logs,
  };
}

/** The table as it stands at this moment, in the middle of whatever is under way: no job has its turn between two pages. */
export function itemsNow(cloud: Cloud): PlainItem[] {
  const items: PlainItem[] = [];
  let start: unknown;
  do {
    const from = start === undefined ? {} : { ExclusiveStartKey: start };
    const page = cloud.services.dynamodb.look('Scan', { TableName: cloud.outputs().CaseTableName, ...from }) as unknown as Page;
    for (const item of page.Items) items.push(plain({ M: item }) as PlainItem);
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
  return items;
}

interface Page {
  readonly Items: readonly Record<string, Record<string, unknown>>[];
  readonly LastEvaluatedKey?: unknown;
}

async function scan(cloud: Cloud): Promise<PlainItem[]> {
  const items: PlainItem[] = [];
  let start: unknown;
  do {
    const page = await cloud.call<Page>('dynamodb', 'Scan', {
      TableName: cloud.outputs().CaseTableName,
      ConsistentRead: true,
      ...(start === undefined ? {} : { ExclusiveStartKey: start }),
    });
    for (const item of page.Items) items.push(plain({ M: item }) as PlainItem);
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
  return items;
}

function plain(value: Record<string, unknown>): unknown {
  const [[type, content] = ['NULL', true]] = Object.entries(value);
  if (type === 'N') return Number(content);
  if (type === 'M')
    return Object.fromEntries(
      Object.entries(content as Record<string, Record<string, unknown>>).map(([key, member]) => [key, plain(member)]),
    );
  if (type === 'L') return (content as Record<string, unknown>[]).map(plain);
  return type === 'NULL' ? undefined : content;
}

interface ListedExecution {
  readonly executionArn: string;
  readonly name: string;
}

async function executionsOf(cloud: Cloud, machineArn: string): Promise<SeenExecution[]> {
  const listed: ListedExecution[] = [];
  let nextToken: string | undefined;
  do {
    const page = await cloud.call<{ executions: ListedExecution[]; nextToken?: string }>('states', 'ListExecutions', {
      stateMachineArn: machineArn,
      maxResults: 1000,
      ...(nextToken === undefined ? {} : { nextToken }),
    });
    listed.push(...page.executions);
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  const seen: SeenExecution[] = [];
  for (const { executionArn: arn, name } of listed.reverse()) {
    const { status, input } = await cloud.call<{ status: string; input: string }>('states', 'DescribeExecution', { executionArn: arn });
    const events = await historyOf(cloud, arn);
    const states = events.flatMap((event) => event.stateEnteredEventDetails?.name ?? []);
    const machine = machineArn.slice(machineArn.lastIndexOf(':overdue-journeys-') + ':overdue-journeys-'.length);
    seen.push({ arn, machine, name, status, input, states, history: JSON.stringify(events) });
  }
  return seen;
}

interface HistoryEvent {
  readonly type: string;
  readonly stateEnteredEventDetails?: { readonly name: string };
}

async function historyOf(cloud: Cloud, executionArn: string): Promise<HistoryEvent[]> {
  const events: HistoryEvent[] = [];
  let nextToken: string | undefined;
  do {
    const page = await cloud.call<{ events: HistoryEvent[]; nextToken?: string }>('states', 'GetExecutionHistory', {
      executionArn,
      maxResults: 1000,
      ...(nextToken === undefined ? {} : { nextToken }),
    });
    events.push(...page.events);
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return events;
}

interface QueuedMessage {
  readonly Body: string;
  readonly ReceiptHandle: string;
}

/** A dead letter is read once and then looked at again at once: looking changes nothing. */
async function deadLettersOf(cloud: Cloud): Promise<string[]> {
  const QueueUrl = cloud.outputs().DeadLetterQueueUrl;
  const seen: QueuedMessage[] = [];
  for (;;) {
    const { Messages: messages = [] } = await cloud.call<{ Messages?: QueuedMessage[] }>('sqs', 'ReceiveMessage', {
      QueueUrl,
      MaxNumberOfMessages: 10,
      VisibilityTimeout: 60,
    });
    seen.push(...messages);
    if (messages.length === 0) break;
  }
  for (const { ReceiptHandle } of seen)
    await cloud.call('sqs', 'ChangeMessageVisibility', { QueueUrl, ReceiptHandle, VisibilityTimeout: 0 });
  return seen.map((message) => message.Body);
}
