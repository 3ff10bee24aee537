import type { Line } from '../stored.ts';
import { type Ask, isNamed, type Told } from './told.ts';

/** A case ends for a reason that somebody gave, and leaves nothing open behind it (invariant 5). */

/** Words of the core by which a case ends. */
const STATUSES = ['charged-off', 'written-off', 'sold', 'transferred', 'closed', 'settled', 'deceased', 'bankrupt', 'time-barred'];

interface Open {
  readonly tasks: Set<unknown>;
  readonly promises: Set<unknown>;
  readonly plans: Set<unknown>;
}

/** By what entry something opens and which member names it; and by what it ends. */
const BEGINS: Readonly<Record<string, readonly [keyof Open, string]>> = {
  TaskOpened: ['tasks', 'taskId'],
  PromiseRecorded: ['promises', 'promiseId'],
  PromiseReopened: ['promises', 'promiseId'],
  PlanAgreed: ['plans', 'planId'],
  PlanReopened: ['plans', 'planId'],
};
const ENDS: Readonly<Record<string, readonly [keyof Open, string]>> = {
  TaskClosed: ['tasks', 'taskId'],
  PromiseKept: ['promises', 'promiseId'],
  PromiseBroken: ['promises', 'promiseId'],
  PromiseEnded: ['promises', 'promiseId'],
  PlanBroken: ['plans', 'planId'],
  PlanCompleted: ['plans', 'planId'],
  PlanEnded: ['plans', 'planId'],
};

export function checkClosing({ account: { lines } }: Told, ask: Ask): void {
  let open = nothing();
  let cured = false;
  let ended: Line | undefined;
  for (const line of lines) {
    const [kind, id] = BEGINS[line.type] ?? [];
    if (kind !== undefined && id !== undefined) open[kind].add(line[id]);
    const [over, name] = ENDS[line.type] ?? [];
    if (over !== undefined && name !== undefined) open[over].delete(line[name]);
    if (line.type === 'JourneyOpened') {
      open = nothing();
      cured = false;
      ended = undefined;
    }
    if (line.type === 'AccountCured') cured = true;
    if (line.type === 'CureReversed') cured = false;
    if (line.type === 'CaseEnded') {
      ended = line;
      ask('CLOSE.REASON', line, sayEnded(line, lines));
    }
    if (line.type !== 'JourneyClosed') continue;
    ask('CLOSE.REASON', line, sayClosed(line, cured, ended));
    ask('CLOSE.LEFT_OPEN', line, sayOpen(open));
  }
}

function nothing(): Open {
  return { tasks: new Set(), promises: new Set(), plans: new Set() };
}

function sayOpen(open: Open): string | undefined {
  const left = Object.entries(open).flatMap(([kind, ids]) => (ids.size === 0 ? [] : [`${kind} ${[...ids].join(', ')}`]));
  return left.length === 0 ? undefined : `still open: ${left.join('; ')}`;
}

function sayClosed(line: Line, cured: boolean, ended: Line | undefined): string | undefined {
  if (!isNamed(line.reason)) return 'no reason is given';
  if (ended !== undefined) return line.reason === ended.reason ? undefined : `it had ended as ${String(ended.reason)}`;
  if (line.reason !== 'cured') return `nobody had said that it is ${String(line.reason)}`;
  return cured ? undefined : 'it was not cured';
}

/** The core, the court or a named person said so. */
function sayEnded(line: Line, lines: readonly Line[]): string | undefined {
  const { reason, how, endedAt } = line;
  if (how === 'person') return isNamed(line.by) ? undefined : 'no person is named';
  const said = lines.some(
    (row) =>
      row.seq < line.seq &&
      (how === 'status'
        ? row.type === 'AccountStatusChanged' && row.status === reason && row.changedAt === endedAt
        : row.type === 'LegalStatusReported' && row.status === 'settled' && reason === 'settled' && row.reportedAt === endedAt),
  );
  if (how === 'status' && !STATUSES.includes(String(reason))) return `${String(reason)} is no word of the core`;
  return said ? undefined : `nobody reported that it is ${String(reason)}`;
}
