import { arrivalOf } from './arrivals.ts';
import { localTime } from './clock.ts';
import type { Line } from './stored.ts';

/** How long a suit may be filed, a second reading: years by jurisdiction, and what of a timeline starts them anew there. */

interface Years {
  /** What a bank calls it where it shortens it. */
  readonly rule: string;
  readonly years: number;
  /** In a part of the jurisdiction that keeps a clock of its own. */
  readonly there?: { readonly zone: string; readonly years: number };
  readonly anewBy: readonly Kind[];
}

/** `signed`: an agreement in writing; `agreement`: one by word of mouth. */
type Kind = 'demand' | 'payment' | 'promise' | 'agreement' | 'signed' | 'suit';

const ANY_WORD: readonly Kind[] = ['agreement', 'signed', 'suit'];
const WRITTEN: readonly Kind[] = ['signed', 'suit'];
const PAID_OR_WRITTEN: readonly Kind[] = ['payment', ...WRITTEN];

const YEARS: Readonly<Record<string, Years>> = {
  // Civil Code arts. 188 and 195: demand, consent to perform (part payment, promise, plan), suit.
  CN: { rule: 'CN.LIMITATION', years: 3, anewBy: ['demand', 'promise', 'payment', ...ANY_WORD] },
  // The common law countries ask for a payment or a writing that is signed.
  UK: { rule: 'UK.LIMITATION', years: 6, anewBy: PAID_OR_WRITTEN },
  AU: { rule: 'AU.LIMITATION', years: 6, there: { zone: 'Australia/Darwin', years: 3 }, anewBy: PAID_OR_WRITTEN },
  HK: { rule: 'HK.LIMITATION', years: 6, anewBy: PAID_OR_WRITTEN },
  SG: { rule: 'SG.LIMITATION', years: 6, anewBy: PAID_OR_WRITTEN },
  'US-MA': { rule: 'US-MA.LIMITATION', years: 6, anewBy: PAID_OR_WRITTEN },
  // Acknowledgement in writing; a payment needs one too.
  IN: { rule: 'IN.LIMITATION', years: 3, anewBy: WRITTEN },
  EU: { rule: 'EU.LIMITATION', years: 3, anewBy: ANY_WORD },
  'EU-GR': { rule: 'GR.LIMITATION', years: 5, anewBy: ANY_WORD },
  'EU-RO': { rule: 'RO.LIMITATION', years: 3, anewBy: ['payment', ...ANY_WORD] },
  US: { rule: 'US.LIMITATION', years: 3, anewBy: [] },
};

/** A bank's own, fewer years for a rule: for one of its products, or for all. */
export interface FewerYears {
  readonly rule: string;
  readonly years: number;
  readonly product?: string;
}

/**
 * Reads `CN.LIMITATION=2`, or `CN.LIMITATION:credit-card=2` for one product.
 *
 * @throws Error that says what is wrong with it
 */
export function fewerYearsIn(text: string): FewerYears {
  const [, rule, product, number] = /^([^:=]+)(?::([^=]+))?=(\d{1,2})$/.exec(text) ?? [];
  if (rule === undefined) throw new Error(`--limitation must be RULE=YEARS or RULE:PRODUCT=YEARS, not ${text}`);
  const law = Object.values(YEARS).find((row) => row.rule === rule);
  if (law === undefined) throw new Error(`--limitation names ${rule}, and there is no such limitation`);
  const years = Number(number);
  if (years < 1 || years > law.years) throw new Error(`--limitation of ${rule} must be 1 to ${law.years} years`);
  return { rule, years, ...(product === undefined ? {} : { product }) };
}

const UNHEARD = [
  ['no-answer', 'voicemail', 'busy', 'number-dead', 'wrong-number', 'third-party-answered', 'deceased'],
  ['not-home', 'third-party-met', 'moved', 'address-invalid', 'unsafe'],
  ['approve', 'reject', 'return', 'intent-confirmed', 'fixed', 'unreachable'],
].flat();

/** Whether the customer heard what was said. */
function isHeard(outcome: unknown): boolean {
  return !UNHEARD.includes(String(outcome));
}

/** Whether the message that a report is about asked the account's customer for what is owed. */
function asked({ contactId }: Line, lines: readonly Line[]): boolean {
  const begun = ['ContactReserved', 'ContactSuppressed'];
  const message = lines.find((row) => begun.includes(row.type) && row.contactId === contactId);
  return message?.role === undefined && ['collection', 'plan-offer', 'formal-notice'].includes(String(message?.purpose));
}

/** Whether a conversation was with the account's customer: a guarantor's or a joint holder's word lets no years begin anew here. */
function isOwn({ customerId }: Line, lines: readonly Line[]): boolean {
  return lines.find(({ type }) => ['AccountOverdue', 'StatementIssued', 'JourneyOpened'].includes(type))?.customerId === customerId;
}

export interface LimitationPlace {
  readonly jurisdiction: string;
  readonly zone: string;
  readonly fewer?: readonly FewerYears[];
}

/** The fewest of those that the law and the bank have for the account. Whatever the product is, where nobody has said it. */
function yearsOf({ rule, years, there }: Years, lines: readonly Line[], { zone, fewer = [] }: LimitationPlace): number {
  const product = lines.findLast(({ type }) => type === 'AccountOverdue')?.product;
  const own = fewer.filter((row) => row.rule === rule && (row.product === undefined || product === undefined || row.product === product));
  return Math.min(years, ...(there?.zone === zone ? [there.years] : []), ...own.map((row) => row.years));
}

/** The last local day on which a suit is in time, by the lines that were on the timeline; undefined where nobody has read the law. */
export function lastDayOf(dueDate: string, lines: readonly Line[], place: LimitationPlace): string | undefined {
  const law = YEARS[place.jurisdiction];
  if (law === undefined) return undefined;
  const years = yearsOf(law, lines, place);
  const dates = lines.flatMap((line) => {
    const found = interruptionIn(line, lines);
    if (found === undefined || !law.anewBy.includes(found.kind)) return [];
    return [localTime(Date.parse(String(found.at)), place.zone).date];
  });
  let last = later(dueDate, years);
  for (const date of dates.sort()) if (date >= dueDate && date <= last) last = later(date, years);
  return last;
}

function interruptionIn(line: Line, lines: readonly Line[]): { readonly kind: Kind; readonly at: unknown } | undefined {
  switch (line.type) {
    case 'PaymentReceived': {
      const undone =
        line.reversedAt !== undefined || lines.some((row) => row.type === 'PaymentReversed' && row.paymentId === line.paymentId);
      return line.state === 'posted' && !undone ? { kind: 'payment', at: line.paidAt } : undefined;
    }
    case 'PromiseRecorded':
      return { kind: 'promise', at: line.recordedAt ?? line.at };
    case 'PlanAgreed':
      return { kind: isSigned(line) ? 'signed' : 'agreement', at: line.agreedAt };
    case 'LegalStatusReported':
      return line.status === 'filed' ? { kind: 'suit', at: line.reportedAt } : undefined;
    case 'LegalNoticeServed':
      return { kind: 'demand', at: line.at };
    case 'DeliveryReported':
      return line === arrivalOf(line.contactId, lines) && asked(line, lines) ? { kind: 'demand', at: line.reportedAt } : undefined;
    case 'TaskOutcomeReported':
      return line.contactPointId !== undefined && isHeard(line.outcome) ? { kind: 'demand', at: line.reportedAt } : undefined;
    case 'ContactReported':
      return line.kind === 'conversation' && line.direction === 'outbound' && isHeard(line.outcome) && isOwn(line, lines)
        ? { kind: 'demand', at: line.reportedAt }
        : undefined;
    default:
      return undefined;
  }
}

/** A telephone leaves no writing, whatever was recorded; a meeting leaves one where its proof is named; a click is one. */
function isSigned({ channel, proofRef, takenOver }: Line): boolean {
  const isByTelephone = channel === 'voice' || channel === 'phone';
  const isMeeting = channel === 'visit' || channel === 'branch';
  return !isByTelephone && (proofRef !== undefined || !(isMeeting || takenOver !== undefined));
}

/** The same day so many years later; of 29 February the 28th where there is none. */
function later(date: string, years: number): string {
  const year = Number(date.slice(0, 4)) + years;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return `${year}${date.endsWith('-02-29') && !leap ? '-02-28' : date.slice(4)}`;
}
