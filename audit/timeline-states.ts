import { dayNumber, localTime } from './clock.ts';
import type { Due, Moment, Setting, State, StateName } from './facts.ts';
import { type Line, ownerOf, type StoredAccount, type StoredCustomer } from './stored.ts';

/** What was so of an account, from when to when, as its timeline tells it. */

function momentOf({ accountId }: StoredAccount, { at, seq }: Line): Moment {
  return { at, accountId, seq };
}

/** From which entry to which a state stands. */
interface Span {
  readonly name: StateName;
  readonly begins: string;
  readonly ends: readonly string[];
  /** The member that says which of several of its kind an entry is about. */
  readonly id?: string;
}

const SPANS: readonly Span[] = [
  { name: 'closed', begins: 'JourneyClosed', ends: ['JourneyOpened'] },
  // Nothing more may happen from the word that ends a case on, which comes before its machine closes it.
  { name: 'closed', begins: 'CaseEnded', ends: ['JourneyOpened'] },
  { name: 'cured', begins: 'AccountCured', ends: ['CureReversed', 'JourneyOpened'] },
  { name: 'arranged', begins: 'PlanAgreed', ends: ['PlanBroken', 'PlanCompleted', 'PlanEnded', 'JourneyOpened'] },
  { name: 'arranged', begins: 'PlanReopened', ends: ['PlanBroken', 'PlanCompleted', 'PlanEnded', 'JourneyOpened'] },
  { name: 'plan', begins: 'PlanAgreed', ends: ['PlanBroken', 'PlanCompleted', 'PlanEnded', 'JourneyOpened'] },
  { name: 'plan', begins: 'PlanReopened', ends: ['PlanBroken', 'PlanCompleted', 'PlanEnded', 'JourneyOpened'] },
  { name: 'promised', begins: 'PromiseRecorded', ends: ['PromiseKept', 'PromiseBroken', 'PromiseEnded', 'JourneyOpened'], id: 'promiseId' },
  { name: 'promised', begins: 'PromiseReopened', ends: ['PromiseKept', 'PromiseBroken', 'PromiseEnded', 'JourneyOpened'], id: 'promiseId' },
];

/** The states that a hold of a kind is, where the law has a name for it. */
const LAW: Readonly<Record<string, StateName>> = {
  'cease-contact': 'cease-written',
  represented: 'represented',
  bankruptcy: 'bankrupt',
  deceased: 'deceased',
  'breathing-space': 'breathing-space',
};

/** What an outcome says of the address that was used, and whether of one channel only. */
const FINDINGS: Readonly<Record<string, 'address' | 'channel'>> = {
  'number-dead': 'address',
  'wrong-number': 'address',
  moved: 'address',
  'address-invalid': 'address',
  'do-not-call': 'channel',
  'opted-out': 'channel',
  bounced: 'channel',
  complained: 'channel',
};

export function statesOf(account: StoredAccount, customer: StoredCustomer | undefined): State[] {
  const { accountId, lines } = account;
  const spans = SPANS.flatMap((span) =>
    lines
      .filter((line) => line.type === span.begins)
      .map((line) => {
        const end = lines.find(
          (row) =>
            row.seq > line.seq &&
            span.ends.includes(row.type) &&
            (span.id === undefined || row.type === 'JourneyOpened' || row[span.id] === line[span.id]),
        );
        return { name: span.name, accountId, from: momentOf(account, line), ...(end === undefined ? {} : { to: momentOf(account, end) }) };
      }),
  );
  return [...spans, ...holdsOf(account), ...placementsOf(account), ...quietTimesOf(account), ...findingsOf(account, customer)];
}

/** A hold ends when its release is known, whatever time the release gives, or when it expires. */
function holdsOf(account: StoredAccount): State[] {
  return account.lines
    .filter((line) => line.type === 'HoldPlaced')
    .flatMap((line) => {
      const release = account.lines.find((row) => row.seq > line.seq && row.type === 'HoldReleased' && row.holdId === line.holdId);
      const ends: Moment[] = release === undefined ? [] : [momentOf(account, release)];
      if (typeof line.expiresAt === 'string') ends.push({ at: line.expiresAt });
      const [to] = ends.sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
      const placedAt = String(line.placedAt);
      const from = Date.parse(placedAt) > Date.parse(line.at) ? { at: placedAt } : momentOf(account, line);
      const kind = String(line.kind);
      const law = LAW[kind];
      const held = { accountId: account.accountId, from, detail: kind, ...(to === undefined ? {} : { to }) };
      return [{ name: 'held', ...held } as const, ...(law === undefined ? [] : [{ name: law, ...held }])];
    });
}

/** While an agency works the account nobody else does: from the core's word that it is placed to its next newer one, whatever that says. */
function placementsOf(account: StoredAccount): State[] {
  const words = account.lines.filter((line) => line.type === 'AccountStatusChanged');
  const isLater = (one: Line, other: Line): boolean => Date.parse(String(one.changedAt)) > Date.parse(String(other.changedAt));
  return words
    .filter((line) => line.status === 'placed' && !words.some((row) => row.seq < line.seq && isLater(row, line)))
    .map((line) => {
      const next = words.find((row) => row.seq > line.seq && isLater(row, line));
      const changedAt = String(line.changedAt);
      const from = Date.parse(changedAt) > Date.parse(line.at) ? { at: changedAt } : momentOf(account, line);
      const to = next === undefined ? {} : { to: momentOf(account, next) };
      return { name: 'placed', accountId: account.accountId, from, ...to };
    });
}

/** The customer said that it is paid, or a payment is on its way. */
function quietTimesOf(account: StoredAccount): State[] {
  const { accountId, lines } = account;
  return lines.flatMap((line): State[] => {
    const quiet = { name: 'quiet', accountId, from: momentOf(account, line) } as const;
    if (typeof line.quietUntil === 'string' && line.late !== true) return [{ ...quiet, to: { at: line.quietUntil } }];
    if (line.type !== 'PaymentReceived' || line.state !== 'pending' || line.reversedAt !== undefined) return [];
    // Of two entries about one payment the booking stands, whichever came first.
    const isSettled = (row: Line): boolean => row.paymentId === line.paymentId && row.seq !== line.seq && row.type !== 'PaymentReversed';
    if (lines.some((row) => isSettled(row) && row.seq < line.seq)) return [];
    const end = lines.find((row) => row.seq > line.seq && row.paymentId === line.paymentId);
    const elapsed = pendingUntil(String(line.paidAt), zoneAt(account, line.seq));
    return [
      {
        ...quiet,
        to: end === undefined || Date.parse(end.at) > elapsed ? { at: new Date(elapsed).toISOString() } : momentOf(account, end),
      },
    ];
  });
}

const PENDING_BUSINESS_DAYS = 3;

/** The end of the third day after the payment that is no Saturday or Sunday. Holidays would only make it later. */
function pendingUntil(paidAt: string, zone: string): number {
  let days = 0;
  let at = Date.parse(paidAt);
  let { day } = localTime(at, zone);
  // By quarters of an hour, the smallest step between the zones' midnights.
  at -= at % 900_000;
  for (;;) {
    at += 900_000;
    const local = localTime(at, zone);
    if (local.day === day) continue;
    if (days === PENDING_BUSINESS_DAYS) return at;
    day = local.day;
    if (local.weekday < 6) days += 1;
  }
}

function findingsOf(account: StoredAccount, customer: StoredCustomer | undefined): State[] {
  // Contact points of two customers may have one id.
  const isAboutThem = (line: Line): boolean => (line.customerId ?? ownerOf(account)) === (customer?.customerId ?? ownerOf(account));
  return account.lines.filter(isAboutThem).flatMap((line): State[] => {
    const found = line.type === 'DeliveryReported' ? line.finding : reportsContact(line) ? line.outcome : undefined;
    const scope = FINDINGS[String(found)];
    const reserved = account.lines.find((row) => row.type === 'ContactReserved' && row.contactId === line.contactId);
    const id = line.contactPointId ?? (line.type === 'DeliveryReported' ? reserved?.contactPointId : undefined);
    const point = customer?.points.find((row) => row.id === id);
    if (scope === undefined || point === undefined) return [];
    const state = { name: 'unusable-address', from: momentOf(account, line), addressKey: point.addressKey, detail: String(found) } as const;
    return [scope === 'address' ? state : { ...state, channel: point.channel as NonNullable<State['channel']> }];
  });
}

function reportsContact({ type }: Line): boolean {
  return type === 'TaskOutcomeReported' || type === 'ContactReported';
}

// ---- where the customer is, and what is due --------------------------------------------------------------------------------

interface Place {
  readonly own?: string;
  readonly account?: string;
  readonly customer?: string;
  readonly jurisdiction?: string;
}

/**
 * The account's zone and the customer's, and the customer's jurisdiction, after every entry that says something of them.
 *
 * @param partyId of another party of the account, whose own place counts as soon as the timeline tells it
 */
export function settingsOf(
  account: StoredAccount,
  deployment: Pick<Setting, 'jurisdiction' | 'role' | 'house'>,
  partyId?: string,
): Setting[] {
  const ofParty = account.lines.some((line) => isPartys(line, partyId));
  let place: Place = {};
  let asOf = '';
  const settings: Setting[] = [];
  for (const line of account.lines) {
    if (line.type === 'AccountOverdue' && newer(line.asOf, asOf)) {
      asOf = String(line.asOf);
      const { own: _earlier, ...rest } = place;
      place = { ...rest, account: String(line.timeZone), ...(typeof line.ownTimeZone === 'string' ? { own: line.ownTimeZone } : {}) };
    } else if (line.type === 'StatementIssued' && place.account === undefined) {
      place = { ...place, account: String(line.timeZone) };
    } else if (line.type === 'CustomerUpdated') {
      const customer = String(line.timeZone);
      const theirs = ofParty ? {} : { customer, jurisdiction: String(line.jurisdiction) };
      place = { ...place, account: place.own ?? customer, ...theirs };
    } else if (isPartys(line, partyId)) {
      const { customer: _zone, jurisdiction: _place, ...rest } = place;
      place = {
        ...rest,
        ...(typeof line.timeZone === 'string' ? { customer: line.timeZone } : {}),
        ...(typeof line.jurisdiction === 'string' ? { jurisdiction: line.jurisdiction } : {}),
      };
    } else continue;
    settings.push({
      from: momentOf(account, line),
      accountId: account.accountId,
      jurisdiction: place.jurisdiction ?? deployment.jurisdiction,
      zones: [...new Set([place.account, place.customer].filter((zone) => zone !== undefined))],
      role: deployment.role,
      house: deployment.house,
    });
  }
  return settings;
}

function isPartys(line: Line, partyId: string | undefined): boolean {
  return partyId !== undefined && line.type === 'PartyUpdated' && line.customerId === partyId;
}

export function zoneAt(account: StoredAccount, seq: number): string {
  const settings = settingsOf(account, { jurisdiction: '', role: 'first-party', house: false });
  return settings.findLast((setting) => (setting.from?.seq ?? 0) < seq)?.zones[0] ?? 'UTC';
}

function newer(asOf: unknown, than: string): boolean {
  return than === '' || Date.parse(String(asOf)) > Date.parse(than);
}

/** The oldest due date of each newer figure. */
export function duesOf(account: StoredAccount): Due[] {
  let asOf = '';
  return account.lines.flatMap((line): Due[] => {
    if (line.type !== 'AccountOverdue' && line.type !== 'BalanceUpdated') return [];
    const arrears = line.arrears as readonly { readonly dueDate: string }[] | undefined;
    const dueDate = arrears?.[0]?.dueDate ?? line.dueDate;
    if (typeof dueDate !== 'string' || Number.isNaN(dayNumber(dueDate)) || !newer(line.asOf, asOf)) return [];
    asOf = String(line.asOf);
    return [{ accountId: account.accountId, from: momentOf(account, line), dueDate }];
  });
}
