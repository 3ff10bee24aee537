import { hasGone } from '../../domain/contact-points/delivery.ts';
import { afterDelivery, type DeliveryNews, findingOn, type Route, withFinding } from '../../domain/contact-points/health.ts';
import type { AddressFinding, Governor } from '../../domain/customer.ts';
import type { Channel } from '../../domain/model.ts';
import type { PartyRole } from '../../domain/policy/parties.ts';
import { type DeliveryReport, isNews, type ReportedContact, recordDelivery } from '../../domain/record/delivery.ts';
import { Contradiction } from '../../domain/record/journal.ts';
import { asHandedOver } from '../../domain/strategy/accounts.ts';
import { type Item, type Key, type Table, text } from '../adapters/table.ts';
import type { Inbound } from '../contract/inbound-events.ts';
import { contactKey, subjectFactKey } from '../protocol/items.ts';
import { type Ports, type Signalled, signal } from '../protocol/signal.ts';
import { tellOfAddress } from './answered-for.ts';

/** Deliveries, as the bank's gateway and our providers report them: what became of a message, and what it says of the address. */

/** A message of ours and whose it is. */
export interface StoredContact extends ReportedContact {
  readonly accountId: string;
  /** Whom it was to. */
  readonly customerId?: string;
  /** Of the party of the account that it was to, where that is not its customer. */
  readonly role?: PartyRole;
}

/** The message that is known by this key; undefined where we handed none over under it. */
export async function findContact(table: Table, key: Key): Promise<StoredContact | undefined> {
  return readContact(await table.get(key));
}

function readContact(item: Item | undefined): StoredContact | undefined {
  const contactId = text(item, 'contactId');
  const accountId = text(item, 'accountId');
  if (contactId === undefined || accountId === undefined) return undefined;
  const customerId = text(item, 'customerId');
  const caseId = text(item, 'caseId');
  const role = text(item, 'partyRole') as PartyRole | undefined;
  return {
    contactId,
    accountId,
    key: text(item, 'contactKey') ?? '',
    channel: text(item, 'channel') as Channel,
    ...(customerId === undefined ? {} : { customerId }),
    ...(caseId === undefined ? {} : { caseId }),
    ...(role === undefined ? {} : { role }),
  };
}

/**
 * Takes a report of the bank's gateway. A contact's item is written before anything is handed over, so a report that is quicker than our
 * own recording finds it; an id that has none is not ours.
 *
 * @throws Contradiction
 */
export async function takeDeliveryReported(ports: Ports, event: Inbound<'DeliveryReported'>): Promise<Signalled> {
  const { contactId, status, at, proofRef } = event;
  const contact = await findContact(ports.table, contactKey(contactId));
  if (contact === undefined) throw new Contradiction('contactId', 'must name a contact that we asked to deliver');
  return takeDelivery(ports, contact, { status, at, how: 'gateway', ...(proofRef === undefined ? {} : { proofRef }) });
}

/**
 * Records a report on the account, also when its case has ended, and teaches the customer's governor in the same transaction. Where it
 * changes what comes next it wakes the case: a message that did not arrive is followed by another way. One that nobody knew to have gone
 * counts from now on for the other accounts that it spoke for.
 *
 * @throws ReusedId where the same status was reported otherwise before
 */
export async function takeDelivery(ports: Ports, contact: StoredContact, report: DeliveryReport): Promise<Signalled> {
  const { accountId, customerId, role, ...reported } = contact;
  const to = customerId === undefined || role === undefined ? {} : { customerId, role };
  const { status, at, proofRef, finding } = report;
  const kind = finding === 'complained' ? 'Complaint' : `Delivery#${status}`;
  const id = contact.contactId;
  let taught = false;
  const done = await signal(ports, {
    accountId,
    ...(customerId === undefined ? {} : { customerId }),
    fact: { key: subjectFactKey(`ACCOUNT#${accountId}`, kind, id), content: { status, at, proofRef } },
    apply: ({ journal, governor }) => {
      const learnt = governor === undefined ? undefined : learn(governor, contact, report);
      const next =
        learnt === undefined || !hasGone({ delivery: report }) ? learnt?.governor : asHandedOver(learnt.governor, contact.contactId);
      const changesWays = learnt !== undefined && learnt.governor.findings !== governor?.findings;
      taught = changesWays;
      const quiet = changesWays || isNews(journal, contact, report) ? {} : ({ quiet: true } as const);
      recordDelivery(journal, { ...reported, ...to }, report, learnt?.finding);
      return { ...quiet, ...(next === undefined ? {} : { governor: next }) };
    },
  });
  // Of a repeat nobody knows here what the first taught, which may have ended before it told anybody.
  const teaches = done.kind === 'recorded' ? taught : !hasArrived(report);
  if (teaches && customerId !== undefined) await tellOfAddress(ports, customerId, `${id}#${status}`, accountId);
  return done;
}

/** What every message comes to that nothing is wrong with: a repeat of it is nobody's news. */
function hasArrived({ status, finding }: DeliveryReport): boolean {
  return finding === undefined && (status === 'accepted' || status === 'delivered');
}

/**
 * The address is the one that the ledger's row names: a contact point may have another by now. A row that aged out of the ledger is too
 * old to teach anything.
 */
function learn(
  governor: Governor,
  contact: StoredContact,
  report: DeliveryReport,
): { governor: Governor; finding: AddressFinding | undefined } {
  const addressKey = governor.contacts.find((row) => row.id === contact.contactId)?.addressKey;
  if (addressKey === undefined) return { governor, finding: undefined };
  const route: Route = { channel: contact.channel, addressKey };
  const news: DeliveryNews = { contactId: contact.contactId, status: report.status, at: report.at };
  const told = report.finding === undefined ? governor : withFinding(governor, route, report.finding);
  const next = report.ownFault ? told : afterDelivery(told, route, news);
  const found = findingOn(next.findings, route);
  return { governor: next, finding: found === findingOn(governor.findings, route) ? undefined : found };
}
