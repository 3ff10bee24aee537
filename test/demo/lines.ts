/** Lines of a portfolio file: an account that owes nothing and pays nothing, apart from what is said. */

const MONTHS = [1, 2, 3, 4, 5, 6];
const NAMES = [
  'ID',
  'LIMIT_BAL',
  ...MONTHS.map((k) => (k === 1 ? 'PAY_0' : `PAY_${k}`)),
  ...MONTHS.map((k) => `BILL_AMT${k}`),
  ...MONTHS.map((k) => `PAY_AMT${k}`),
];

export const HEADER = NAMES.join(',');

export function line(id: number, cells: Readonly<Record<string, number | string>> = {}): string {
  const values: Readonly<Record<string, number | string>> = { ID: id, LIMIT_BAL: 20_000, ...cells };
  return NAMES.map((name) => values[name] ?? 0).join(',');
}
