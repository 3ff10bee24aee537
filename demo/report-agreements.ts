import { byNumber, type Cell, type Row, rows } from './report-rows.ts';
import { type Counts, type DemoResult, total } from './result.ts';

/** The closing table's part about what was agreed and followed through. All of it hangs on the script. */

const PROMISE_FATES = ['kept', 'part-kept', 'broken', 'ended', 'open'];
const PLAN_FATES = ['active', 'completed', 'broken', 'ended', 'rejected'];

/** Every fate has its line, also where none met it. */
function fates(counts: Counts, names: readonly string[]): Row[] {
  return names.map((name): Row => [`  ${name}`, counts[name] ?? 0]);
}

function sumOf(list: readonly Counts[]): Counts {
  const sum: Counts = {};
  for (const counts of list) for (const [name, count] of Object.entries(counts)) sum[name] = (sum[name] ?? 0) + count;
  return sum;
}

export function promiseRows({ agreements: { promises, promiseParts } }: DemoResult): Row[] {
  const several = Object.entries(promiseParts).filter(([parts]) => Number(parts) > 1);
  return [
    ['promises recorded, each part of one', total(promises)],
    ...fates(promises, PROMISE_FATES),
    ['customers’ words that had several parts', total(Object.fromEntries(several))],
  ];
}

export function planRows({ agreements: { plans, instalments, bookings }, desk }: DemoResult): Row[] {
  const kinds = Object.entries(plans).sort(([one], [other]) => one.localeCompare(other, 'en', { numeric: true }));
  const inFull = (counts: Counts): Cell =>
    Object.entries(byNumber(counts))
      .map(([fate, count]) => `${count} ${fate}`)
      .join(', ');
  return [
    ['arrangements asked for', desk.plansAsked],
    ['  of them such as need an approval', desk.plansAskedForApproval],
    ['plans agreed', total(sumOf(kinds.map(([, counts]) => counts)))],
    ...fates(sumOf(kinds.map(([, counts]) => counts)), PLAN_FATES),
    ...kinds.map(([kind, counts]): Row => [`by kind: ${kind}`, inFull(counts)]),
    ...rows(byNumber(bookings), 'at the core: '),
    ['instalments whose day came', instalments.due ?? 0],
    ['instalments paid, some before their day', instalments.paid ?? 0],
    ['instalments missed', instalments.missed ?? 0],
    ['  made good later', instalments['made good late'] ?? 0],
  ];
}

export function legalRows({ agreements: { told, advised, papersAsked }, evidence, eventsOut, desk, scripted }: DemoResult): Row[] {
  const count = (name: string) => eventsOut[name] ?? 0;
  return [
    ['cases held', count('JourneyHeld')],
    ['customers in hardship asked for papers', papersAsked],
    ['formal notices served', count('LegalNoticeServed')],
    ['evidence packs written', evidence.written],
    ['  verified offline, all of them tried', evidence.verified],
    ['  read by counsel before the approval', desk.evidenceRead],
    ['referred to court', count('LegalReferred')],
    ...rows(told, 'told by the '),
    ['actions advised to the core', total(advised)],
    ...rows(byNumber(advised), '  '),
    ['events of core and courts, not in the portfolio’s', total(scripted)],
    ...rows(scripted, '  '),
  ];
}

export function deskRows({ desk }: DemoResult): Row[] {
  return [
    ['tasks claimed', desk.claims],
    ['  given back', desk.releases],
    ['  given to somebody else by a supervisor', desk.reassigned],
    ['found closed when their turn came', desk.closedMeanwhile],
    ['let pass by the gate', desk.attempts],
    ['put off', desk.attemptsDeferred],
    ['refused', desk.attemptsDenied],
    ['scripts read by who had the task', desk.scriptsRead],
    ['visits assigned to two people', desk.visitsAssigned],
  ];
}
