/**
 * The effective annual rate of what is paid back for an amount: the yearly rate x at which the amounts, each divided by (1 + x) to the
 * power of its days over 365, add up to what was owed at the start. No amount is computed from it; it is shown.
 *
 * @see https://eur-lex.europa.eu/eli/dir/2023/2225/oj annex III, the equation of the annual percentage rate of charge
 */

const TURNS_MAX = 50;
/** Of the yearly rate; what is left after a step is about its square. */
const CLOSE_ENOUGH = 1e-5;

interface Paid {
  readonly amountMinor: number;
}

/**
 * @param from epoch day of the amount; `days` those of the rows
 * @param about the nominal yearly rate, if there is one: from there it is not far
 * @returns a decimal fraction of four digits, `0.0000` where nothing is paid beyond the amount
 */
export function effectiveRate(amountMinor: number, from: number, days: readonly number[], rows: readonly Paid[], about = 0): string {
  const total = rows.reduce((sum, row) => sum + row.amountMinor, 0);
  if (total <= amountMinor || amountMinor <= 0) return (0).toFixed(4);
  // Newton's steps on the daily intensity: the value falls and is convex, so that after the first each stays below the root.
  let intensity = (12 * Math.log1p(about / 12)) / 365;
  for (let turn = 0; turn < TURNS_MAX; turn += 1) {
    const { value, slope } = presentValue(intensity, from, days, rows);
    const step = (value - amountMinor) / slope;
    intensity += step;
    if (Math.abs(step) < CLOSE_ENOUGH / 365) break;
  }
  return (Math.exp(intensity * 365) - 1).toFixed(4);
}

/** What the rows are worth at the start, and how fast that falls. Months have few lengths: one power each. */
function presentValue(intensity: number, from: number, days: readonly number[], rows: readonly Paid[]): { value: number; slope: number } {
  let [value, slope, discount, before] = [0, 0, 1, from];
  // From month to month the length is mostly one of two, 30 and 31.
  let [gap, power, otherGap, otherPower] = [0, 1, 0, 1];
  let index = 0;
  for (const row of rows) {
    const day = days[index] ?? before;
    index += 1;
    if (day - before !== gap) {
      [gap, power, otherGap, otherPower] = [otherGap, otherPower, gap, power];
      if (day - before !== gap) [gap, power] = [day - before, Math.exp(-intensity * (day - before))];
    }
    discount *= power;
    value += row.amountMinor * discount;
    slope += row.amountMinor * discount * (day - from);
    before = day;
  }
  return { value, slope };
}
