import { readFileSync } from 'node:fs';
import { type CsvError, parse } from 'csv-parse/sync';

/** The months of the data, newest first, as its columns are numbered: 1 is September 2005, 6 is April. */
export const MONTHS = [1, 2, 3, 4, 5, 6] as const;

/** One credit card. The arrays run from month 1 (September) to month 6 (April); amounts are whole TWD. */
export interface PortfolioAccount {
  readonly id: number;
  /** 0 or less: not overdue; n: the oldest unpaid amount is n months late. */
  readonly statuses: readonly number[];
  readonly bills: readonly number[];
  readonly payments: readonly number[];
}

export interface Portfolio {
  readonly accounts: readonly PortfolioAccount[];
  /** What is wrong with the lines that were left out: one sentence each, naming line, column and rule. */
  readonly problems: readonly string[];
}

/** The file cannot be used at all; the message is one line for a person. */
export class PortfolioError extends Error {
  override readonly name = 'PortfolioError';
}

interface Column {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

const AMOUNT_MAX = 1_000_000_000;
/** The id becomes a telephone number of eight digits. */
const ID_MAX = 99_999_999;
const STATUS_MAX = 120;

const statusColumns = MONTHS.map((k): Column => ({ name: k === 1 ? 'PAY_0' : `PAY_${k}`, from: -9, to: STATUS_MAX }));
const billColumns = MONTHS.map((k): Column => ({ name: `BILL_AMT${k}`, from: -AMOUNT_MAX, to: AMOUNT_MAX }));
const paymentColumns = MONTHS.map((k): Column => ({ name: `PAY_AMT${k}`, from: 0, to: AMOUNT_MAX }));
const idColumn: Column = { name: 'ID', from: 1, to: ID_MAX };
const COLUMNS = [idColumn, { name: 'LIMIT_BAL', from: 0, to: AMOUNT_MAX }, ...statusColumns, ...billColumns, ...paymentColumns];

/**
 * Reads a portfolio file. A line that is not as it should be is left out and named; the rest runs.
 *
 * @param accountsMax how many accounts to take, from the top
 * @throws PortfolioError where there is no such file or it is not of this format
 */
export function readPortfolio(file: string, accountsMax = Number.POSITIVE_INFINITY): Portfolio {
  return parsePortfolio(readText(file), file, accountsMax);
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new PortfolioError(`The portfolio ${file} cannot be read: ${code === 'ENOENT' ? 'there is no such file' : code}.`);
  }
}

interface Line {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

export function parsePortfolio(text: string, file: string, accountsMax = Number.POSITIVE_INFINITY): Portfolio {
  const problems: string[] = [];
  const lines = parse(text, {
    bom: true,
    info: true,
    trim: true,
    skip_empty_lines: true,
    relax_column_count: true,
    skip_records_with_error: true,
    on_skip: (error: CsvError | undefined) => {
      problems.push(`line ${error?.lines ?? '?'}: ${error?.message ?? 'cannot be read'}`);
      return undefined;
    },
  }) as unknown as Line[];
  const header = lines[0]?.record ?? [];
  const missing = COLUMNS.filter((column) => !header.includes(column.name));
  if (missing.length > 0)
    throw new PortfolioError(
      `The portfolio ${file} lacks the column${missing.length > 1 ? 's' : ''} ${missing.map(({ name }) => name).join(', ')}.`,
    );
  const accounts: PortfolioAccount[] = [];
  const seen = new Set<number>();
  for (const { record, info } of lines.slice(1)) {
    if (accounts.length >= accountsMax) break;
    const read = readLine(record, header);
    const problem = typeof read === 'string' ? read : seen.has(read.id) ? `ID ${read.id} stands on an earlier line` : undefined;
    if (problem !== undefined || typeof read === 'string') problems.push(`line ${info.lines}: ${problem}`);
    else {
      seen.add(read.id);
      accounts.push(read);
    }
  }
  if (accounts.length === 0 && problems.length === 0) throw new PortfolioError(`The portfolio ${file} holds no accounts.`);
  return { accounts, problems };
}

/** An account, or what is wrong with the line. */
function readLine(record: readonly string[], header: readonly string[]): PortfolioAccount | string {
  if (record.length !== header.length) return `it has ${record.length} columns, the header ${header.length}`;
  const values = new Map<string, number>();
  for (const { name, from, to } of COLUMNS) {
    const text = record[header.indexOf(name)] ?? '';
    const value = /^[+-]?\d{1,12}$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= from && value <= to)) return `${name} must be a whole number from ${from} to ${to}, not "${text.slice(0, 40)}"`;
    values.set(name, value);
  }
  const of = (columns: readonly Column[]) => columns.map(({ name }) => values.get(name) ?? 0);
  return { id: values.get('ID') ?? 0, statuses: of(statusColumns), bills: of(billColumns), payments: of(paymentColumns) };
}
