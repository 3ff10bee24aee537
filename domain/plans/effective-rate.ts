/**
 * The effective annual rate of what is paid back for an amount: the yearly rate x at which the amounts, each divided by (1 + x) to the
 * power of its days over 365, add up to what was owed at the start. No amount is computed from it; it is shown.
 *
 * @see https://eur-lex.europa.eu/eli/dir/2023/2225/oj annex III, the equation of the annual percentage rate of charge
 */

const TURNS_MAX = 50;
const CLOSE_ENOUGH = 1e-9;

interface Paid {
  readonly amountMinor: number;
}

/**
 * @param from epoch day of the amount; `days` those of the rows
 * @returns a decimal fraction of four digits, `0.0000` where nothing is paid beyond the amount
 */
export function effectiveRate(amountMinor: number, from: number, days: readonly number[], rows: readonly Paid[]): string {
  const total = rows.reduce((sum, row) => sum + row.amountMinor, 0);
  if (total <= amountMinor || amountMinor <= 0) return (0).toFixed(4);
  // Newton's steps on the daily intensity: the value falls and is convex, so that from below each step stays below.
  let intensity = 0;
  for (let turn = 0; turn < TURNS_MAX; turn += 1) {
    const { value, slope } = presentValue(intensity, from, days, rows);
    const step = (value - amountMinor) / slope;
    intensity += step;
    if (step < CLOSE_ENOUGH * intensity) break;
  }
  return (Math.exp(intensity * 365) - 1).toFixed(4);
}

/** What the rows are worth at the start, and how fast that falls. Months have few lengths: one power each. */
function presentValue(intensity: number, from: number, days: readonly number[], rows: readonly Paid[]): { value: number; slope: number } {
  const powers: number[] = [];
  let [value, slope, discount, before] = [0, 0, 1, from];
  for (const [index, row] of rows.entries()) {
    const day = days[index] ?? before;
    const gap = day - before;
    powers[gap] ??= Math.exp(-intensity * gap);
    discount *= powers[gap];
    value += row.amountMinor * discount;
    slope += row.amountMinor * discount * (day - from);
    before = day;
  }
  return { value, slope };
}
