import type { Channel, Contact } from './facts.ts';
import { contactsIn } from './imports.ts';
import type { CustomersOwn, Line, StoredAccount, StoredCustomer } from './stored.ts';

/** The contacts that the record tells of, whoever made them. */

type Point = Pick<Contact, 'contactPointId' | 'addressKey' | 'atWork' | 'onlyNumber' | 'target'>;

/** What is known of a contact point from the customer's record. A point that was replaced since is known by its id alone. */
function pointOf(customer: StoredCustomer | undefined, id: unknown): Point {
  if (typeof id !== 'string') return {};
  const points = customer?.points ?? [];
  const point = points.find((row) => row.id === id);
  const hasOwnNumber = points.some(({ channel, owner }) => channel === 'voice' && owner === 'self');
  return {
    contactPointId: id,
    addressKey: point?.addressKey ?? id,
    ...(point?.owner === 'work' ? { atWork: true, onlyNumber: !hasOwnNumber } : {}),
    ...(point?.owner === 'third-party' ? { target: 'third-party' } : {}),
  };
}

const NOBODY_ANSWERED = ['no-answer', 'voicemail', 'busy', 'number-dead', 'wrong-number', 'third-party-answered'];
const NOBODY_MET = ['not-home', 'third-party-met', 'moved', 'address-invalid', 'unsafe'];
/** How the outcome of a call counts by the rules, where it is told apart from others. */
const COUNTS_AS: Readonly<Record<string, string>> = {
  'number-dead': 'not-connected',
  not_connected: 'not-connected',
  'not-connected': 'not-connected',
  voicemail: 'voicemail',
  voicemail_lcm: 'limited-message',
  'limited-message': 'limited-message',
};

function outcomeOf(outcome: unknown): Pick<Contact, 'outcome'> {
  const told = COUNTS_AS[String(outcome)];
  return told === undefined ? {} : { outcome: told };
}

/** A contact as an account's timeline tells it, with what the report says of it beside the rules. */
export interface ToldContact extends Contact {
  readonly said?: string;
  /** Who was contacted, where it may have been another party than the account's customer. */
  readonly customerId?: string;
  /** The id that several records of one contact have in common. */
  readonly contactId?: string;
}

export function contactsOf(account: StoredAccount, customer: StoredCustomer | undefined): ToldContact[] {
  return account.lines.flatMap((line): ToldContact[] => {
    const base = { id: `${account.accountId}:${line.seq}`, accountId: account.accountId, seq: line.seq };
    const point = pointOf(customer, line.contactPointId);
    switch (line.type) {
      case 'ContactReserved':
      case 'ContactSuppressed':
        return [{ ...base, ...point, ...messageOf(line, account) }];
      case 'AttemptReserved':
        return [{ ...base, ...point, ...attemptOf(line, account) }];
      case 'TaskOutcomeReported': {
        const report = outcomeReported(line, account);
        return report === undefined ? [] : [{ ...base, ...point, ...report }];
      }
      case 'ContactReported':
        return [{ ...base, ...point, ...reportedOf(line) }];
      case 'CaseImported':
        return importedOf(line, account, customer);
      default:
        return [];
    }
  });
}

/** Made elsewhere before the case came here: they count from then on, and are not ours to judge. */
function importedOf(line: Line, { accountId }: StoredAccount, customer: StoredCustomer | undefined): ToldContact[] {
  return contactsIn(line).map(({ contactId, channel, kind, at, direction, outcome, contactPointId }, index) => ({
    id: `${accountId}:${line.seq}#${index + 1}`,
    accountId,
    seq: line.seq,
    ...pointOf(customer, contactPointId),
    at,
    recordedAt: line.at,
    channel: channel as Channel,
    kind: kind === 'conversation' ? 'conversation' : 'attempt',
    purpose: 'collection',
    customerId: String(line.customerId),
    reported: true,
    ...(contactId === undefined ? {} : { contactId }),
    ...(direction === 'inbound' ? { direction } : {}),
    ...outcomeOf(outcome),
  }));
}

/** Contacts about no account in particular, which the customer's own record holds. */
export function contactsWith(customerId: string, { attempts, reports }: CustomersOwn, customer: StoredCustomer | undefined): ToldContact[] {
  const reserved = attempts
    .filter((attempt) => attempt.customerId === customerId)
    .map((attempt): ToldContact => {
      const { attemptId, contactPointId, channel, purpose, actor, reservedAt, expiresAt } = attempt;
      const report = reports.find(({ event }) => event.contactId === attemptId);
      return {
        id: attemptId,
        ...pointOf(customer, contactPointId),
        channel: channel as Channel,
        kind: 'attempt',
        purpose,
        at: reservedAt,
        reservedAt,
        pendingUntil: report === undefined ? expiresAt : earlierOf(report.recordedAt, expiresAt),
        ...(actor === undefined ? {} : { actor }),
      };
    });
  const told = reports
    .filter(({ event }) => event.customerId === customerId)
    .map((report): ToldContact => {
      const { event, recordedAt, contactPointId, gated } = report;
      const isAsked = gated || event.direction === 'inbound';
      const line = {
        ...event,
        seq: 0,
        at: recordedAt,
        type: 'ContactReported',
        reportedAt: event.at,
        ...(isAsked ? {} : { ungated: true }),
      };
      return { id: String(event.contactId), ...pointOf(customer, contactPointId), ...reportedOf(line) };
    });
  return [...reserved, ...told];
}

function messageOf(line: Line, { lines }: StoredAccount): Omit<ToldContact, 'id'> {
  const alsoAbout = Array.isArray(line.alsoAbout) ? { alsoAbout: line.alsoAbout.map(String) } : {};
  const to = typeof line.customerId === 'string' ? { customerId: line.customerId } : {};
  const message = {
    at: line.at,
    channel: line.channel as Channel,
    kind: 'attempt',
    purpose: String(line.purpose),
    ...alsoAbout,
    ...to,
  } as const;
  // The provider was too busy: the reservation was given back, and the message went again under one of its own.
  const next = lines.find(
    (row) => row.seq > line.seq && row.contactId === line.contactId && ['ContactDeferred', 'ContactReserved'].includes(row.type),
  );
  return next?.type === 'ContactDeferred' ? { ...message, reservedAt: line.at, pendingUntil: next.at } : message;
}

/** Permission to dial or to set out. It counts until it is reported, and then the report does; or until it runs out. */
function attemptOf(line: Line, { lines }: StoredAccount): Omit<ToldContact, 'id'> {
  const report = lines.find((row) => row.seq > line.seq && attemptIdOf(row) === line.attemptId);
  const expiresAt = String(line.expiresAt);
  return {
    at: line.at,
    reservedAt: line.at,
    pendingUntil: report === undefined ? expiresAt : earlierOf(report.at, expiresAt),
    channel: line.channel as Channel,
    kind: 'attempt',
    purpose: String(line.purpose),
    ...(typeof line.actor === 'string' ? { actor: line.actor } : {}),
    ...(typeof line.customerId === 'string' ? { customerId: line.customerId } : {}),
  };
}

/** The reservation that a report settles. */
function attemptIdOf(line: Line): unknown {
  if (line.type === 'TaskOutcomeReported') return line.attemptId;
  return line.type === 'ContactReported' ? line.contactId : undefined;
}

/** A call or a visit that was made; reviews report outcomes too, and are no contacts. */
function outcomeReported(line: Line, { lines }: StoredAccount): Omit<ToldContact, 'id'> | undefined {
  const attempt = lines.find((row) => row.type === 'AttemptReserved' && row.attemptId === line.attemptId && line.attemptId !== undefined);
  if (attempt === undefined && line.ungated !== true) return undefined;
  const task = lines.find((row) => row.type === 'TaskOpened' && row.taskId === line.taskId);
  const isVisit = task?.queue === 'field-visit';
  const missed = (isVisit ? NOBODY_MET : NOBODY_ANSWERED).includes(String(line.outcome));
  return {
    at: laterOf(String(line.reportedAt), attempt?.at),
    recordedAt: line.at,
    channel: isVisit ? 'visit' : 'voice',
    kind: missed ? 'attempt' : 'conversation',
    purpose: typeof attempt?.purpose === 'string' ? attempt.purpose : 'collection',
    said: String(line.outcome),
    actor: String(line.by),
    ...(typeof line.attemptId === 'string' ? { contactId: line.attemptId } : {}),
    ...outcomeOf(line.outcome),
    ...answeredFor(line),
  };
}

function reportedOf(line: Line): Omit<ToldContact, 'id'> {
  return {
    at: String(line.reportedAt),
    recordedAt: line.at,
    channel: line.channel as Channel,
    kind: line.kind as Contact['kind'],
    purpose: 'collection',
    customerId: String(line.customerId),
    contactId: String(line.contactId),
    actor: String(line.actor),
    said: String(line.outcome),
    ...(line.direction === 'inbound' ? { direction: 'inbound' } : {}),
    ...outcomeOf(line.outcome),
    ...answeredFor(line),
  };
}

/** A report is not judged: its reservation was, and without one nobody had asked. */
function answeredFor(line: Line): Pick<ToldContact, 'reported' | 'ungated'> {
  return line.ungated === true ? { reported: true, ungated: true } : { reported: true };
}

/** A contact made under a reservation counts from the reservation on, whatever the report's clock said. */
function laterOf(at: string, reservedAt: string | undefined): string {
  return reservedAt !== undefined && Date.parse(at) < Date.parse(reservedAt) ? reservedAt : at;
}

function earlierOf(one: string, other: string): string {
  return Date.parse(one) < Date.parse(other) ? one : other;
}
