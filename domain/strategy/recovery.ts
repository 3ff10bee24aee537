import { addMonths, localDate, toMillis } from '../calendar.ts';
import type { Account, Case, LocalDate } from '../model.ts';
import { BUREAU_ENTRY_YEARS } from '../policy/hardship.ts';
import type { Setting } from '../record/journal.ts';
import { productFacts } from './reporting.ts';

/** How a customer's credit record recovers: what was or will be reported, and when it ends. What is not known is not said. */
export interface Recovery {
  /** Whether a reporting day passed while the account was overdue. */
  readonly reported: boolean;
  /** The reporting day that shows the account as it stands now: overdue, or, once cured, settled. */
  readonly nextReportOn: LocalDate;
  /** When the entry ends, where the arrears were reported and have ended and the pack's term is known. */
  readonly endsOn?: LocalDate;
  /** Sentences for a person, in the order of what to do. */
  readonly steps: readonly string[];
}

/** The path back for an account; undefined where its product is not reported to a bureau. */
export function recoveryOf(
  account: Account,
  current: Pick<Case, 'openedOn' | 'curedAt'>,
  setting: Pick<Setting, 'deployment' | 'now'>,
): Recovery | undefined {
  const product = productFacts({ account, setting });
  const day = product?.reportsToBureau === true ? product.reportingDay : undefined;
  if (day === undefined) return undefined;
  const today = localDate(setting.now, account.timeZone);
  const curedOn = current.curedAt === undefined ? undefined : localDate(toMillis(current.curedAt), account.timeZone);
  // Overdue on the reporting day itself is reported; paid on it is in time.
  const reported = reportOnOrAfter(current.openedOn, day) < (curedOn ?? today);
  const nextReportOn = reportOnOrAfter(curedOn ?? today, day);
  const years = BUREAU_ENTRY_YEARS[account.jurisdiction ?? setting.deployment.jurisdiction];
  const endsOn = reported && curedOn !== undefined && years !== undefined ? addMonths(curedOn, 12 * years) : undefined;
  return { reported, nextReportOn, ...(endsOn === undefined ? {} : { endsOn }), steps: stepsOf(reported, curedOn, nextReportOn, endsOn) };
}

/** The first reporting day from a date on. */
function reportOnOrAfter(date: LocalDate, day: number): LocalDate {
  const sameMonth = `${date.slice(0, 8)}${String(day).padStart(2, '0')}`;
  return sameMonth < date ? addMonths(sameMonth, 1) : sameMonth;
}

function stepsOf(reported: boolean, curedOn: LocalDate | undefined, nextReportOn: LocalDate, endsOn: LocalDate | undefined): string[] {
  const objection = 'What is reported wrongly is put right on objection, by the bank or by the bureau';
  if (curedOn === undefined) {
    const first = reported
      ? `Once everything overdue is paid, the next report says so; the earliest is that of ${nextReportOn}`
      : `Paid by ${nextReportOn}, nothing overdue is reported`;
    return [first, 'An arrangement that is kept stops new arrears', objection];
  }
  if (!reported) return ['Nothing overdue was reported'];
  const ends = endsOn === undefined ? [] : [`The entry ends on ${endsOn}`];
  return [`The report of ${nextReportOn} shows the account as settled`, ...ends, objection];
}
