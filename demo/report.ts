import { type Spread, spreadOf } from './contact-count.ts';
import { PRICES } from './prices.ts';
import { deskRows, legalRows, planRows, promiseRows } from './report-agreements.ts';
import { byNumber, type Cell, rows, section } from './report-rows.ts';
import { type Counts, type DemoResult, total } from './result.ts';

/** How the run itself went. */
export interface RunFacts {
  readonly clouds: number;
  readonly wallSeconds: number;
  readonly peakMemoryMegabytes: number;
}

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
    section('Contacts with customers (calls and visits scripted)', contactRows(result)),
    section('Contacts a case', spreadRows(result)),
    section('Judged from the stored record by the independent checker', auditRows(result)),
    section('Messages', messageRows(result)),
    section('Open cases by track', rows(byNumber(result.contacts.tracks))),
    section(
      'Tasks by queue and outcome (scripted)',
      Object.entries(result.tasks).flatMap(([queue, outcomes]) => queueRows(result, queue, outcomes)),
    ),
    section('Tasks left undone until they expired (scripted)', rows(byNumber(result.agreements.expired))),
    section('Before dialling or setting out (scripted)', deskRows(result)),
    section('Why accounts were overdue (scripted)', rows(byNumber(result.agreements.reasons))),
    section('Promises (scripted)', promiseRows(result)),
    section('Plans; paid by the portfolio’s payments alone (scripted)', planRows(result)),
    section('Holds, suits and advice (scripted)', legalRows(result)),
    section('Work for AWS', workRows(result)),
    section(`At list price, ${PRICES.region}, ${PRICES.asOf}, US dollars`, costRows(result)),
    section('This run', [
      ['embedded clouds beside each other', run.clouds],
      ['wall time, s', run.wallSeconds.toFixed(1)],
      ['peak memory, MB', run.peakMemoryMegabytes],
    ]),
  ]
    .filter((text) => text !== '')
    .join('\n');
}

function queueRows(result: DemoResult, queue: string, outcomes: Counts): [string, Cell][] {
  return [[queue, result.tasksOpened[queue] ?? 0], ...rows(byNumber(outcomes), '  ')];
}

const CHANNEL_NAMES: Readonly<Record<string, string>> = { voice: 'calls', visit: 'visits' };
const isMessage = (channel: string) => CHANNEL_NAMES[channel] === undefined;

function contactRows({ contacts: { byChannel, bureauNotices, notices } }: DemoResult): [string, Cell][] {
  const messages = Object.fromEntries(Object.entries(byChannel).filter(([channel]) => isMessage(channel)));
  const others = Object.entries(CHANNEL_NAMES).map(([channel, name]): [string, Cell] => [name, byChannel[channel] ?? 0]);
  const isThanks = (name: string) => name.startsWith('payment-acknowledgement');
  const apart = (name: string, of: (notice: string) => boolean): [string, Cell] => [
    name,
    total(Object.fromEntries(Object.entries(notices).filter(([notice]) => of(notice)))),
  ];
  return [
    ['collection messages', total(messages)],
    ...rows(byNumber(messages), '  '),
    ['  credit bureau notices among them', bureauNotices],
    ...others,
    apart('apart from these: payments acknowledged', isThanks),
    apart('apart from these: reminders before a due date', (notice) => !isThanks(notice)),
  ];
}

function spreadRows({ contacts: { byChannel, ofCuredByChannel, perCase, perCuredCase } }: DemoResult): [string, Cell][] {
  const cured = spreadOf(perCuredCase);
  const spread = (name: string, { cases, mean, p95, max }: Spread, channels: Counts): [string, Cell][] => [
    [`${name}, mean`, mean.toFixed(1)],
    ...Object.entries(byNumber(channels)).map(([channel, count]): [string, Cell] => [
      `  ${CHANNEL_NAMES[channel] ?? channel}`,
      (count / cases).toFixed(1),
    ]),
    ['  at most, in 95 of 100', p95],
    ['  most', max],
  ];
  return [
    ...spread('cured cases', cured, ofCuredByChannel),
    ...spread('all cases', spreadOf(perCase), byChannel),
    ['contacts of all cases, per cured case', (total(byChannel) / Math.max(1, cured.cases)).toFixed(1)],
  ];
}

function auditRows({ audit }: DemoResult): [string, Cell][] {
  return [
    ['contacts checked', audit.judged],
    ['  rules that any of them was asked about', Object.keys(audit.asked).length],
    ['violations', total(audit.violations)],
    ...rows(audit.violations, '  '),
    ['contacts made without asking the gate', audit.ungated],
    ['other acts checked, once for each rule', total(audit.actsAsked)],
    ['  rules that any of them was asked about', Object.keys(audit.actsAsked).length],
    ['acts that broke a rule', total(audit.actViolations)],
    ...rows(audit.actViolations, '  '),
    ['suits handed over', audit.suits],
    ['gates that they lack', audit.suitsLacking],
    ['hash chains verified', audit.timelinesProven],
    ['hash chains broken', audit.timelinesUnproven],
  ];
}

function messageRows({ contacts: { deliveries, setbacks } }: DemoResult): [string, Cell][] {
  return [
    ...Object.entries(byNumber(deliveries)).map(([name, count]): [string, Cell] => [`reported: ${name}`, count]),
    ...Object.entries(byNumber(setbacks)).map(([name, count]): [string, Cell] => [`not sent: ${name}`, count]),
  ];
}

/** What each case takes, without what runs on a schedule, whatever there is. */
export interface PerCase {
  readonly executions: number;
  readonly stateTransitions: number;
  readonly functionCalls: number;
  readonly tableWrites: number;
  readonly tableReads: number;
  readonly dollars: number;
}

/** What runs on a schedule is no case's: it is the same with one case and with a million. */
export function perCase(result: DemoResult): PerCase {
  const { work } = result;
  const cases = Math.max(1, result.opened);
  return {
    executions: work.executions / cases,
    stateTransitions: work.stateTransitions / cases,
    functionCalls: (total(work.functionCalls) - total(work.scheduledCalls)) / cases,
    tableWrites: work.tableWrites / cases,
    tableReads: (work.tableReads - work.scheduledReads) / cases,
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
    ['runs on schedule of all clouds, whatever the cases', total(work.scheduledCalls)],
    ['failed Lambda calls, lost races that were decided again among them', work.functionErrors],
  ];
}

function costs(result: DemoResult): [string, number][] {
  const { work } = result;
  const calls = total(work.functionCalls) - total(work.scheduledCalls);
  const price = PRICES.perMillion;
  const lines: [string, number, number][] = [
    ['state transitions', work.stateTransitions, price.stateTransitions],
    ['Lambda requests', calls, price.functionCalls],
    ['DynamoDB write units', work.writeUnits, price.writeUnits],
    ['DynamoDB read units', work.readUnits - work.scheduledReadUnits, price.readUnits],
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
