import { localTime } from '../clock.ts';
import type { Line } from '../stored.ts';
import { zoneAt } from '../timeline-states.ts';
import { type Ask, DAY_MILLIS, earlierOf, localOf, samePerson, type Told } from './told.ts';

/** What is agreed with customers: nobody gives up the bank's money alone, and nobody calls a word broken before its day. */

interface Money {
  readonly amount: string;
  readonly currency: string;
}

/** Who may give up so much of interest and fees: minor units, and a person of a rank. Above, and in other currencies, two approvers. */
const AUTHORITY: Readonly<Record<string, readonly { readonly upTo: number; readonly rank: string }[]>> = {
  CNY: [
    { upTo: 50_000, rank: 'supervisor' },
    { upTo: 500_000, rank: 'approver' },
  ],
};
const RANKS = ['collector', 'supervisor', 'approver'];
const OF_PRINCIPAL = 'counsel';
const PLANS_MAX = 2;
const AGAIN_AFTER_DAYS = 30;
const AGAIN = 'new-plan';
const PROMISE_GRACE_DAYS = 1;
const CURE_DAYS = 5;
/** While one of these holds an account nothing is arranged with its customer. */
const FORBID = ['deceased', 'bankruptcy', 'fraud'];

export function checkAgreements(told: Told, ask: Ask): void {
  for (const line of told.account.lines) {
    if (line.type === 'PlanAgreed' && line.takenOver === undefined) {
      const before = earlierOf(told, line);
      const { date } = localOf(told, line);
      ask('PLAN.WAIVER', line, sayWaiver(line, before, date));
      ask('PLAN.AGAIN', line, sayAgain(before, date, told));
      ask('PLAN.FORBIDDEN', line, sayForbidden(line, told));
    }
    if (line.type === 'PromiseBroken') ask('PROMISE.EARLY', line, sayPromise(line, told));
    if (line.type === 'PlanBroken') ask('PLAN.EARLY', line, sayBroken(line, told));
  }
}

function minor(money: unknown): number {
  return Number((money as Money | undefined)?.amount.replace('.', '') ?? 0);
}

interface Terms {
  readonly key: string;
  readonly principal: Money;
  readonly debt: { readonly overdue: Money; readonly balance: Money };
  readonly waived?: { readonly interest: Money; readonly fees: Money };
}

/** What is given up was approved for this line of the catalogue, by people who may, and by as many as it takes. */
function sayWaiver(line: Line, before: readonly Line[], date: string): string | undefined {
  const terms = line.terms as Terms | undefined;
  if (terms === undefined) return 'the agreement has no terms';
  const waived = minor(terms.waived?.interest) + minor(terms.waived?.fees);
  const covered = minor(terms.principal) + waived;
  const principal = Math.max(0, Math.min(minor(terms.debt.overdue), minor(terms.debt.balance)) - covered);
  if (waived === 0 && principal === 0) return undefined;
  const approvals = before.filter((row) => row.type === 'PlanApproved' && row.key === terms.key && date <= String(row.until));
  const enough = approvals.filter((row) => minor(row.waived) >= waived);
  if (!enough.some(({ granted }) => granted === true)) return `${waived} minor units were waived without an approval`;
  const asks = enough.flatMap(({ taskId }) => before.find((row) => row.type === 'TaskOpened' && row.taskId === taskId)?.asks ?? []);
  const ranks = asks.map((row) => (row as { readonly authority?: string }).authority ?? '');
  const people = enough.filter((row, index) => !enough.slice(0, index).some((other) => samePerson(other.by, row.by))).length;
  if (principal > 0)
    return ranks.includes(OF_PRINCIPAL) ? undefined : `${principal} minor units of the principal were given up without counsel`;
  const row = AUTHORITY[(terms.principal as Money).currency]?.find(({ upTo }) => waived <= upTo);
  const rank = row?.rank ?? 'approver';
  if (!ranks.some((one) => one === OF_PRINCIPAL || RANKS.indexOf(one) >= RANKS.indexOf(rank)))
    return `${waived} minor units were waived by ${ranks.join(', ') || 'nobody'}, a ${rank} may`;
  return row !== undefined || people >= 2 ? undefined : `${waived} minor units were waived by one person, two may`;
}

/** After a broken arrangement the next one is a person's decision, not at once and not for ever. */
function sayAgain(before: readonly Line[], date: string, told: Told): string | undefined {
  const broken = before.findLast(({ type }) => type === 'PlanBroken');
  if (broken === undefined) return undefined;
  if (before.filter(({ type }) => type === 'PlanAgreed').length >= PLANS_MAX) return `${PLANS_MAX} arrangements were agreed in this case`;
  const granted = before.find(
    (row) => row.type === 'PlanApproved' && row.key === AGAIN && row.granted === true && row.seq > broken.seq && date <= String(row.until),
  );
  if (granted === undefined) return 'an arrangement was broken, and no person approved another one';
  const days = localOf(told, granted).day - localOf(told, broken).day;
  return days >= AGAIN_AFTER_DAYS ? undefined : `another one was approved ${days} days after an arrangement was broken`;
}

function sayForbidden(line: Line, { account }: Told): string | undefined {
  const now = Date.parse(line.at);
  const hold = account.lines.find(
    (row) =>
      row.type === 'HoldPlaced' &&
      row.seq < line.seq &&
      FORBID.includes(String(row.kind)) &&
      Date.parse(String(row.placedAt)) <= now &&
      !(Date.parse(String(row.expiresAt)) <= now) &&
      !account.lines.some((other) => other.type === 'HoldReleased' && other.holdId === row.holdId && other.seq < line.seq),
  );
  return hold === undefined ? undefined : `a hold (${String(hold.kind)}) was in force`;
}

function sayPromise(line: Line, told: Told): string | undefined {
  const promise = told.account.lines.find(
    (row) => row.type === 'PromiseRecorded' && row.promiseId === line.promiseId && row.seq < line.seq,
  );
  if (promise === undefined) return 'no such promise was recorded';
  const days = localOf(told, line).day - Date.parse(`${String(promise.date)}T00:00:00Z`) / DAY_MILLIS;
  return days > PROMISE_GRACE_DAYS ? undefined : `it was for ${String(promise.date)}, and a day of grace follows`;
}

/** An instalment is missed first, and may be made good. */
function sayBroken(line: Line, told: Told): string | undefined {
  const { account } = told;
  const missed = account.lines.findLast(
    (row) => row.type === 'InstalmentMissed' && row.planId === line.planId && row.index === line.index && row.seq < line.seq,
  );
  if (missed === undefined) return 'no missed instalment is on record';
  const { day } = localOf(told, line);
  const since = day - localTime(Date.parse(missed.at), zoneAt(account, missed.seq)).day;
  return since >= CURE_DAYS ? undefined : `the instalment was missed ${since} days before, ${CURE_DAYS} are given`;
}
