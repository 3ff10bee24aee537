import { PRICES } from './prices.ts';
import type { Counts, DemoResult } from './result.ts';

/** How the run itself went. */
export interface RunFacts {
  readonly clouds: number;
  readonly wallSeconds: number;
  readonly peakMemoryMegabytes: number;
}

type Cell = string | number;

const SWEEP = 'sweep-cases';

/** The closing table. What hangs on the desk's script and not on the portfolio is labelled *scripted*. */
export function report(result: DemoResult, run: RunFacts): string {
  return [
    section('Portfolio', [
      ['accounts', result.accounts],
      ['events from the bank', result.events],
      ['rejected', result.rejected],
      ...rows(result.rejections, '  '),
    ]),
    section('Cases', [
      ['opened', result.opened],
      ['cured by payment', result.curedByPayment],
      ['cured by balance', result.curedByBalance],
      ['open at the end', result.openAtEnd],
      ...rows(result.deepestStages, '  deepest stage '),
    ]),
    section('Messages sent', rows(result.contactsByChannel)),
    section(
      'Tasks by queue and outcome (scripted)',
      Object.entries(result.tasks).flatMap(([queue, outcomes]) => queueRows(result, queue, outcomes)),
    ),
    section('Asked for before dialling or setting out (scripted)', [
      ['let pass by the gate', result.desk.attempts],
      ['put off', result.desk.attemptsDeferred],
      ['refused', result.desk.attemptsDenied],
    ]),
    section('Promises and plans (scripted)', agreements(result)),
    section('Work for AWS', workRows(result)),
    section(`At list price, ${PRICES.region}, ${PRICES.asOf}, US dollars`, costRows(result)),
    section('This run', [
      ['embedded clouds beside each other', run.clouds],
      ['wall time, s', run.wallSeconds.toFixed(1)],
      ['peak memory, MB', run.peakMemoryMegabytes],
    ]),
  ].join('\n');
}

function rows(counts: Counts, prefix = ''): [string, Cell][] {
  return Object.entries(counts).map(([name, count]) => [prefix + name, count]);
}

function queueRows(result: DemoResult, queue: string, outcomes: Counts): [string, Cell][] {
  const byNumber = Object.entries(outcomes).sort((one, other) => other[1] - one[1]);
  return [[queue, result.tasksOpened[queue] ?? 0], ...rows(Object.fromEntries(byNumber), '  ')];
}

function agreements({ eventsOut, desk }: DemoResult): [string, Cell][] {
  const count = (name: string) => eventsOut[name] ?? 0;
  return [
    ['promises recorded', count('PromiseRecorded')],
    ['  kept', count('PromiseKept')],
    ['  broken', count('PromiseBroken')],
    ['plans agreed', desk.plansAgreed],
    ['  completed', count('PlanCompleted')],
    ['  broken', count('PlanBroken')],
    ['cases held', count('JourneyHeld')],
    ['formal notices served', count('LegalNoticeServed')],
    ['referred to court', count('LegalReferred')],
  ];
}

/** What each case takes, without the sweep, which runs whatever there is. */
export interface PerCase {
  readonly executions: number;
  readonly stateTransitions: number;
  readonly functionCalls: number;
  readonly tableWrites: number;
  readonly tableReads: number;
  readonly dollars: number;
}

/** The sweep's own runs are no case's: they are the same with one case and with a million. */
export function perCase(result: DemoResult): PerCase {
  const { work } = result;
  const cases = Math.max(1, result.opened);
  const calls = Object.entries(work.functionCalls).reduce((sum, [name, count]) => sum + (name === SWEEP ? 0 : count), 0);
  return {
    executions: work.executions / cases,
    stateTransitions: work.stateTransitions / cases,
    functionCalls: calls / cases,
    tableWrites: work.tableWrites / cases,
    tableReads: (work.tableReads - work.sweepReads) / cases,
    dollars: costs(result).reduce((sum, [, dollars]) => sum + dollars, 0) / cases,
  };
}

function workRows(result: DemoResult): [string, Cell][] {
  const each = perCase(result);
  const { work } = result;
  return [
    ['executions a case', each.executions.toFixed(1)],
    ['state transitions a case', each.stateTransitions.toFixed(1)],
    ['Lambda calls a case', each.functionCalls.toFixed(1)],
    ['DynamoDB writes a case', each.tableWrites.toFixed(1)],
    ['DynamoDB reads a case', each.tableReads.toFixed(1)],
    ['sweep runs of all clouds, whatever the cases', work.functionCalls[SWEEP] ?? 0],
    ['failed Lambda calls, lost races that were decided again among them', work.functionErrors],
  ];
}

function costs(result: DemoResult): [string, number][] {
  const { work } = result;
  const calls = Object.entries(work.functionCalls).reduce((sum, [name, count]) => sum + (name === SWEEP ? 0 : count), 0);
  const price = PRICES.perMillion;
  const lines: [string, number, number][] = [
    ['state transitions', work.stateTransitions, price.stateTransitions],
    ['Lambda requests', calls, price.functionCalls],
    ['DynamoDB write units', work.writeUnits, price.writeUnits],
    ['DynamoDB read units', work.readUnits - work.sweepReadUnits, price.readUnits],
    ['EventBridge events in and out', work.eventsPut, price.eventsPut],
    ['e-mails', work.emails, price.emails],
  ];
  return lines.map(([name, count, dollars]) => [name, (count / 1e6) * dollars]);
}

function costRows(result: DemoResult): [string, Cell][] {
  const cases = Math.max(1, result.opened);
  return [
    ...costs(result).map(([name, dollars]): [string, Cell] => [`${name}, a case`, (dollars / cases).toFixed(5)]),
    ['all of these, a case', perCase(result).dollars.toFixed(5)],
    ['not in it: SMS (by country), Lambda duration, SQS, storage, logs', ''],
  ];
}

function section(title: string, lines: readonly [string, Cell][]): string {
  const width = Math.max(...lines.map(([name]) => name.length), 34);
  const text = lines.map(([name, value]) => `  ${name.padEnd(width)}  ${format(value).padStart(10)}`.trimEnd());
  return `${title}\n${text.join('\n')}\n`;
}

function format(value: Cell): string {
  return typeof value === 'number' ? value.toLocaleString('en-US') : value;
}
