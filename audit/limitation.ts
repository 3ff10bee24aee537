import { arrivalOf } from './arrivals.ts';
import { localTime } from './clock.ts';
import type { Line } from './stored.ts';

/**
 * How long a suit may be filed, a second reading: years by jurisdiction, and what of a timeline starts them anew there. A bank's own
 * shorter years (overlays) are not known here.
 */

interface Years {
  readonly years: number;
  readonly anewBy: readonly Kind[];
}

type Kind = 'demand' | 'payment' | 'promise' | 'agreement' | 'suit';

const WRITTEN: readonly Kind[] = ['agreement', 'suit'];
const PAID: readonly Kind[] = ['payment', ...WRITTEN];

const YEARS: Readonly<Record<string, Years>> = {
  // Civil Code arts. 188 and 195: demand, consent to perform (part payment, promise, plan), suit.
  CN: { years: 3, anewBy: ['demand', 'promise', ...PAID] },
  UK: { years: 6, anewBy: PAID },
  AU: { years: 6, anewBy: PAID },
  HK: { years: 6, anewBy: PAID },
  SG: { years: 6, anewBy: PAID },
  // Acknowledgement in writing; a payment needs one too.
  IN: { years: 3, anewBy: WRITTEN },
  EU: { years: 3, anewBy: WRITTEN },
  'EU-GR': { years: 5, anewBy: WRITTEN },
  'EU-RO': { years: 3, anewBy: PAID },
  US: { years: 3, anewBy: [] },
  'US-MA': { years: 6, anewBy: PAID },
};

const UNHEARD = [
  ['no-answer', 'voicemail', 'busy', 'number-dead', 'wrong-number', 'third-party-answered', 'deceased'],
  ['not-home', 'third-party-met', 'moved', 'address-invalid', 'unsafe'],
  ['approve', 'reject', 'return', 'intent-confirmed', 'fixed', 'unreachable'],
].flat();

/** Whether the customer heard what was said. */
function isHeard(outcome: unknown): boolean {
  return !UNHEARD.includes(String(outcome));
}

/** Whether the message that a report is about asked for what is owed. */
function asked({ contactId }: Line, lines: readonly Line[]): boolean {
  const begun = ['ContactReserved', 'ContactSuppressed'];
  const message = lines.find((row) => begun.includes(row.type) && row.contactId === contactId);
  return ['collection', 'plan-offer', 'formal-notice'].includes(String(message?.purpose));
}

/** Whether a conversation was with the account's customer: a guarantor's or a joint holder's word lets no years begin anew here. */
function isOwn({ customerId }: Line, lines: readonly Line[]): boolean {
  return lines.find(({ type }) => ['AccountOverdue', 'StatementIssued', 'JourneyOpened'].includes(type))?.customerId === customerId;
}

/** The last local day on which a suit is in time, by the lines that were on the timeline; undefined where nobody has read the law. */
export function lastDayOf(
  dueDate: string,
  lines: readonly Line[],
  place: { readonly jurisdiction: string; readonly zone: string },
): string | undefined {
  const law = YEARS[place.jurisdiction];
  if (law === undefined) return undefined;
  const dates = lines.flatMap((line) => {
    const found = interruptionIn(line, lines);
    if (found === undefined || !law.anewBy.includes(found.kind)) return [];
    return [localTime(Date.parse(String(found.at)), place.zone).date];
  });
  let last = later(dueDate, law.years);
  for (const date of dates.sort()) if (date >= dueDate && date <= last) last = later(date, law.years);
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
      return { kind: 'agreement', at: line.agreedAt };
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

/** The same day so many years later; of 29 February the 28th where there is none. */
function later(date: string, years: number): string {
  const year = Number(date.slice(0, 4)) + years;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return `${year}${date.endsWith('-02-29') && !leap ? '-02-28' : date.slice(4)}`;
}
