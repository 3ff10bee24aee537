import { readFileSync } from 'node:fs';

/**
 * A second reading of what the demo must count, from the definition of the replay alone. It shares no code with the application or
 * the demo: its own reading of the file, its own arithmetic, no events and no clock. Accounts never touch each other, so each is told as
 * the sorted list of what happened to it.
 */

export interface IndependentCount {
  accounts: number;
  events: number;
  rejected: number;
  opened: number;
  curedByPayment: number;
  curedByBalance: number;
  openAtEnd: number;
}

interface Happening {
  /** Hours since the first of April, in months of 31 days: only the order matters. */
  readonly when: number;
  readonly what: 'says-overdue' | 'says-nothing-overdue' | 'pays';
  readonly cents: bigint;
}

export function independentCount(file: string): IndependentCount {
  const total: IndependentCount = { accounts: 0, events: 0, rejected: 0, opened: 0, curedByPayment: 0, curedByBalance: 0, openAtEnd: 0 };
  const [head = '', ...lines] = readFileSync(file, 'utf8').split(/\r?\n/);
  const names = head.split(',');
  for (const line of lines) {
    if (line === '') continue;
    const cells = line.split(',');
    const row = Object.fromEntries(names.map((name, index) => [name, BigInt(cells[index] ?? '')]));
    countAccount(happeningsOf(row), total);
  }
  return total;
}

function happeningsOf(row: Record<string, bigint>): Happening[] {
  const cell = (name: string): bigint => {
    const value = row[name];
    if (value === undefined) throw new Error(`no column ${name}`);
    return value;
  };
  const list: Happening[] = [];
  let toldOverdue = false;
  for (let k = 6; k >= 1; k -= 1) {
    const monthStart = (6 - k) * 31 * 24;
    const paid = cell(`PAY_AMT${k}`);
    if (paid > 0n) {
      const day = 1n + ((cell('ID') * 7n + BigInt(k) * 11n) % 27n);
      list.push({ when: monthStart + Number(day) * 24 + 4, what: 'pays', cents: paid * 100n });
    }
    const months = cell(k === 1 ? 'PAY_0' : `PAY_${k}`);
    const when = monthStart + 21 * 24 + 1;
    if (months >= 1n) {
      list.push({ when, what: 'says-overdue', cents: overdueCents(cell(`BILL_AMT${k}`), months) });
      toldOverdue = true;
    } else if (toldOverdue) {
      list.push({ when, what: 'says-nothing-overdue', cents: 0n });
      toldOverdue = false;
    }
  }
  return list.sort((one, other) => one.when - other.when);
}

function overdueCents(bill: bigint, months: bigint): bigint {
  if (bill <= 0n) return 0n;
  const cents = bill * 100n;
  // A twentieth of the bill, to the whole unit, halves up: bill / 20 + 1/2, rounded down.
  const twentieth = ((bill + 10n) / 20n) * 100n;
  const asked = months * (twentieth > 100_000n ? twentieth : 100_000n);
  return asked < cents ? asked : cents;
}

function countAccount(happenings: readonly Happening[], total: IndependentCount): void {
  total.accounts += 1;
  total.events += 1 + happenings.length;
  let owed: bigint | undefined;
  for (const { what, cents } of happenings) {
    if (what === 'says-overdue') {
      if (cents === 0n) total.rejected += 1;
      else {
        if (owed === undefined) total.opened += 1;
        // The bank's figure has every earlier payment in it.
        owed = cents;
      }
    } else if (owed !== undefined) {
      if (what === 'says-nothing-overdue') {
        total.curedByBalance += 1;
        owed = undefined;
      } else if (cents >= owed) {
        total.curedByPayment += 1;
        owed = undefined;
      } else owed -= cents;
    }
  }
  if (owed !== undefined) total.openAtEnd += 1;
}
