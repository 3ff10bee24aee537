import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import { HOUR, toMillis } from '../../domain/calendar.ts';
import { Contradiction, Refusal } from '../../domain/record/journal.ts';
import { envelope, HAPPENED, INBOUND, type Inbound, type InboundType } from '../contract/inbound-events.ts';
import { takeContactReported } from '../facts/contacts.ts';
import { type CustomerPorts, takeCustomerUpdated } from '../facts/customer.ts';
import { takeDeliveryReported } from '../facts/delivery.ts';
import { takeHoldPlaced, takeHoldReleased } from '../facts/holds.ts';
import { takeCaseImported } from '../facts/import.ts';
import { takeAccountOverdue, takeBalanceUpdated, takePaymentReceived, takePaymentReversed } from '../facts/money.ts';
import { ClaimedByAnother, takeOutcome, UnknownTask } from '../facts/outcome.ts';
import { takePlanBooked, takePlanRejected } from '../facts/plan.ts';
import { takeAccountStatusChanged, takeLegalStatusReported } from '../facts/standing.ts';
import { takeStatementIssued } from '../facts/statement.ts';
import { type Rejection, reject } from '../protocol/reject.ts';
import { ReusedId } from '../protocol/signal.ts';

/** The event is not acceptable: which field, which rule. Never carries the value, which may be personal data. */
class Unacceptable extends Error {
  override readonly name = 'Unacceptable';
  readonly field: string;
  readonly rule: string;

  constructor(field: string, rule: string) {
    super(`${field}: ${rule}`);
    this.field = field;
    this.rule = rule;
  }
}

/** How many subjects of a batch are worked beside each other; events about one subject keep their order. */
const CONCURRENCY_MAX = 5;
const AHEAD_MAX_MILLIS = 24 * HOUR;

/**
 * Takes a batch of bank events in. Each ends in an entry of its subject's record, a recorded duplicate, or a rejection; a record that
 * could not be finished goes back to the queue, and only that one.
 */
export async function takeInEvents(records: readonly SQSRecord[], ports: IntakePorts): Promise<SQSBatchResponse> {
  const bySubject = new Map<string, SQSRecord[]>();
  for (const record of records) {
    const subject = subjectOf(record.body);
    bySubject.set(subject, [...(bySubject.get(subject) ?? []), record]);
  }
  const failures: { itemIdentifier: string }[] = [];
  const lanes = [...bySubject.values()];
  const work = async () => {
    for (let lane = lanes.shift(); lane !== undefined; lane = lanes.shift()) {
      for (const record of lane) {
        try {
          await takeInOne(record, ports);
        } catch (error) {
          ports.report(record.messageId, error);
          failures.push({ itemIdentifier: record.messageId });
        }
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(CONCURRENCY_MAX, lanes.length) }, work));
  return { batchItemFailures: failures };
}

function subjectOf(body: string): string {
  try {
    const { detail } = JSON.parse(body) as {
      detail?: { accountId?: unknown; customerId?: unknown; contactId?: unknown; planId?: unknown };
    };
    return String(detail?.accountId ?? detail?.customerId ?? detail?.contactId ?? detail?.planId ?? body);
  } catch {
    return body;
  }
}

/** Where an event is told of that goes back to the queue: its message id and the error, never its content. */
export interface IntakePorts extends CustomerPorts {
  readonly report: (messageId: string, error: unknown) => void;
}

async function takeInOne(record: SQSRecord, ports: IntakePorts): Promise<void> {
  const received = parseEnvelope(record);
  try {
    const type = received.type;
    const detail = check(type, received.detail, ports.now);
    await take(type, detail, ports);
  } catch (error) {
    const why = reasonOf(error);
    if (why === undefined) throw error;
    await reject(ports, { ...received.identity, ...why, original: record.body });
  }
}

interface Received {
  readonly identity: Pick<Rejection, 'eventId' | 'detailType' | 'accountId' | 'customerId'>;
  readonly type: string;
  readonly detail: Record<string, unknown>;
}

function parseEnvelope(record: SQSRecord): Received {
  let parsed: unknown;
  try {
    parsed = JSON.parse(record.body);
  } catch {
    parsed = undefined;
  }
  const result = envelope.safeParse(parsed);
  if (!result.success) return { identity: { eventId: record.messageId, detailType: 'unknown' }, type: '', detail: {} };
  const { id, detail } = result.data;
  const type = result.data['detail-type'];
  const named = (name: string) =>
    typeof detail[name] === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(detail[name]) ? { [name]: detail[name] } : {};
  return { identity: { eventId: id, detailType: type.slice(0, 128), ...named('accountId'), ...named('customerId') }, type, detail };
}

/** @throws Unacceptable naming field and rule */
function check(type: string, detail: Record<string, unknown>, now: number): unknown {
  if (!Object.hasOwn(INBOUND, type)) throw new Unacceptable('detail-type', 'must be one of the events of the contract');
  const known = type as InboundType;
  const result = INBOUND[known].safeParse(detail);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new Unacceptable(issue?.path.join('.') || 'detail', issue?.message ?? 'is malformed');
  }
  for (const field of HAPPENED[known]) {
    const at = (result.data as Record<string, unknown>)[field];
    if (typeof at === 'string' && toMillis(at) > now + AHEAD_MAX_MILLIS)
      throw new Unacceptable(field, 'must not lie more than 24 hours ahead');
  }
  return result.data;
}

async function take(type: string, detail: unknown, ports: IntakePorts): Promise<unknown> {
  switch (type as InboundType) {
    case 'AccountOverdue':
      return takeAccountOverdue(ports, detail as Inbound<'AccountOverdue'>);
    case 'BalanceUpdated':
      return takeBalanceUpdated(ports, detail as Inbound<'BalanceUpdated'>);
    case 'PaymentReceived':
      return takePaymentReceived(ports, detail as Inbound<'PaymentReceived'>);
    case 'PaymentReversed':
      return takePaymentReversed(ports, detail as Inbound<'PaymentReversed'>);
    case 'StatementIssued':
      return takeStatementIssued(ports, detail as Inbound<'StatementIssued'>);
    case 'CustomerUpdated':
      return takeCustomerUpdated(ports, detail as Inbound<'CustomerUpdated'>);
    case 'HoldPlaced':
      return takeHoldPlaced(ports, detail as Inbound<'HoldPlaced'>);
    case 'HoldReleased':
      return takeHoldReleased(ports, detail as Inbound<'HoldReleased'>);
    case 'DeliveryReported':
      return takeDeliveryReported(ports, detail as Inbound<'DeliveryReported'>);
    case 'ContactReported':
      return takeContactReported(ports, detail as Inbound<'ContactReported'>);
    case 'AccountStatusChanged':
      return takeAccountStatusChanged(ports, detail as Inbound<'AccountStatusChanged'>);
    case 'LegalStatusReported':
      return takeLegalStatusReported(ports, detail as Inbound<'LegalStatusReported'>);
    case 'CaseImported':
      return takeCaseImported(ports, detail as Inbound<'CaseImported'>);
    case 'PlanBooked':
      return takePlanBooked(ports, detail as Inbound<'PlanBooked'>);
    case 'PlanRejected':
      return takePlanRejected(ports, detail as Inbound<'PlanRejected'>);
    case 'TaskOutcomeReported': {
      const { taskId, ...body } = detail as Inbound<'TaskOutcomeReported'>;
      return takeOutcome(ports, taskId, body);
    }
  }
}

/** Why an event cannot be accepted; undefined for everything that another try may mend. */
function reasonOf(error: unknown): { field: string; rule: string } | undefined {
  if (error instanceof Unacceptable || error instanceof Contradiction) return { field: error.field, rule: error.rule };
  if (error instanceof Refusal) return { field: error.field ?? 'detail', rule: error.message };
  if (error instanceof ReusedId) return { field: 'detail', rule: error.message };
  if (error instanceof ClaimedByAnother) return { field: 'by', rule: 'must be whoever claimed the task' };
  if (error instanceof UnknownTask) return { field: 'taskId', rule: 'unknown task' };
  return undefined;
}
