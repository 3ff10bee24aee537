import type { Entry, EntryType } from '../../domain/entries.ts';
import type { HoldKind } from '../../domain/model.ts';

/**
 * A journey as its customer sees it: what they owe, what was agreed, what was sent to them and what they paid. Nothing of how the bank
 * thinks of them: no stage, track, score, pressure, task, review or plan for a suit.
 */

const TOLD = [
  'accountId',
  'customerId',
  'caseId',
  'status',
  'daysPastDue',
  'overdue',
  'balance',
  'promise',
  'plan',
  'planRequest',
  'closeReason',
  'recovery',
] as const;

/** Holds that a customer asked for or was told of; the others are between the bank and somebody else. */
const TOLD_HOLDS: ReadonlySet<HoldKind> = new Set([
  'dispute',
  'complaint',
  'hardship-review',
  'negotiation',
  'breathing-space',
  'disaster',
]);

/** What of an entry a customer sees: the members named here, beside its type, time and number. */
const TOLD_ENTRIES: Readonly<Partial<Record<EntryType, readonly string[]>>> = {
  AccountOverdue: ['dueDate', 'overdue', 'minimumDue', 'balance'],
  BalanceUpdated: ['overdue', 'balance'],
  PaymentReceived: ['paymentId', 'amount', 'paidAt', 'state'],
  PaymentReversed: ['paymentId', 'reversedAt'],
  ContactSent: ['contactId', 'channel'],
  PromiseRecorded: ['promiseId', 'amount', 'date'],
  PromiseKept: ['promiseId', 'paid'],
  PromiseBroken: ['promiseId', 'paid'],
  PlanRequested: ['requestId', 'kind', 'months', 'total', 'perMonth'],
  PlanAgreed: ['planId', 'offerId', 'kind', 'agreedAt', 'total', 'instalments'],
  InstalmentDue: ['planId', 'index', 'dueDate', 'amount'],
  InstalmentPaid: ['planId', 'index', 'paid'],
  InstalmentMissed: ['planId', 'index', 'paid'],
  PlanBroken: ['planId', 'paid', 'short'],
  PlanCompleted: ['planId', 'paid'],
  LegalNoticeServed: [],
  AccountCured: ['overdue'],
};

/** The bank's view of a journey, as the API answers it, cut down to the customer's. */
export function customerView(journey: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const holds = (journey.holds as readonly { readonly kind: HoldKind }[]).filter(({ kind }) => TOLD_HOLDS.has(kind));
  const timeline = (journey.timeline as readonly Entry[]).flatMap((entry) => {
    const members = TOLD_ENTRIES[entry.type];
    const toAnother = 'role' in entry && entry.role !== undefined;
    return members === undefined || toAnother ? [] : [pick(entry, ['seq', 'at', 'type', ...members])];
  });
  return { ...pick(journey, TOLD), holds, timeline };
}

function pick(from: object, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(from).filter(([name]) => names.includes(name)));
}
