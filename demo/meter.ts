import type { Cloud } from '../local/cloud.ts';
import { type Counts, up, type Work } from './result.ts';
import type { EventOut } from './tally.ts';

/** They look on schedule for what is due, whatever the number of cases. */
const SCHEDULED = ['lambda:overdue-journeys-sweep-cases', 'lambda:overdue-journeys-send-notices'];
const BY_SCHEDULE = '"detail-type":"Scheduled Event"';

/** Watches a cloud's calls as they pass: events out are told at once, because keeping them would take memory. */
export class Meter {
  readonly #cloud: Cloud;
  readonly #tell: (event: EventOut) => void;
  #executions = 0;
  #eventsPut = 0;
  #emails = 0;
  readonly #scheduledCalls: Counts = {};
  #scheduledReads = 0;
  #scheduledReadUnits = 0;

  constructor(cloud: Cloud, tell: (event: EventOut) => void) {
    this.#cloud = cloud;
    this.#tell = tell;
    cloud.kernel.intercept((call, next) => {
      if (call.operation === 'Query' && SCHEDULED.includes(call.origin)) return this.#scheduledRead(next);
      if (call.operation === 'PutEvents') return this.#putEvents(call.input, call.origin, next);
      if (call.operation === 'StartExecution') this.#executions += 1;
      else if (call.operation === 'SendEmail') this.#emails += 1;
      else if (call.operation === 'Invoke') this.#invoke(call.input);
      return next();
    });
  }

  work(): Work {
    const { functions, stateTransitions } = this.#cloud.counters();
    const { reads, writes, readUnits, writeUnits } = this.#cloud.services.dynamodb.counts();
    const calls = Object.entries(functions).map(([name, { invocations }]) => [shortName(name), invocations] as const);
    return {
      executions: this.#executions,
      stateTransitions,
      functionCalls: Object.fromEntries(calls),
      functionErrors: Object.values(functions).reduce((sum, { errors }) => sum + errors, 0),
      tableReads: reads,
      tableWrites: writes,
      readUnits,
      writeUnits,
      scheduledCalls: this.#scheduledCalls,
      scheduledReads: this.#scheduledReads,
      scheduledReadUnits: this.#scheduledReadUnits,
      eventsPut: this.#eventsPut,
      emails: this.#emails,
    };
  }

  /** A call of the table is over when `next` returns, so what it used is the difference. */
  #scheduledRead(next: () => Promise<unknown>): Promise<unknown> {
    const { dynamodb } = this.#cloud.services;
    const before = dynamodb.counts();
    const answer = next();
    const after = dynamodb.counts();
    this.#scheduledReads += after.reads - before.reads;
    this.#scheduledReadUnits += after.readUnits - before.readUnits;
    return answer;
  }

  #invoke({ FunctionName, Payload }: Record<string, unknown>): void {
    if (String(Payload).includes(BY_SCHEDULE)) up(this.#scheduledCalls, shortName(String(FunctionName)));
  }

  async #putEvents(input: Record<string, unknown>, origin: string, next: () => Promise<unknown>): Promise<unknown> {
    const answer = await next();
    const entries = input.Entries as readonly { readonly DetailType: string; readonly Detail: string }[];
    const { Entries: results } = answer as { readonly Entries: readonly { readonly ErrorCode?: string }[] };
    for (const [index, entry] of entries.entries()) {
      if (results[index]?.ErrorCode !== undefined) continue;
      this.#eventsPut += 1;
      if (origin !== 'client') this.#tell({ detailType: entry.DetailType, detail: JSON.parse(entry.Detail) });
    }
    return answer;
  }
}

/** The name of a function without the deployment's prefix, from its name or ARN. */
function shortName(function_: string): string {
  return function_.slice(function_.lastIndexOf(':') + 1).replace('overdue-journeys-', '');
}
