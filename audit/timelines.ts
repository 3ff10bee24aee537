import type { CustomerRecord, Moment, Setting, State, Wishes } from './facts.ts';
import type { CustomersOwn, Line, StoredAccount, StoredCustomer } from './stored.ts';
import { contactsOf, contactsWith, type ToldContact } from './timeline-contacts.ts';
import { duesOf, settingsOf, statesOf } from './timeline-states.ts';

/** What no timeline says: how the deployment is configured. */
export type Deployment = Pick<Setting, 'jurisdiction' | 'role' | 'house'>;

export type ToldRecord = CustomerRecord & { readonly contacts: readonly ToldContact[] };

/** What a table holds of accounts and customers. */
export interface Stored {
  readonly accounts: readonly StoredAccount[];
  readonly customers: ReadonlyMap<string, StoredCustomer>;
  readonly own: CustomersOwn;
}

/** Rebuilds every customer from the timelines of the accounts. */
export function recordsOf({ accounts, customers, own }: Stored, deployment: Deployment): ToldRecord[] {
  const touching = new Map<string, StoredAccount[]>([...customers.keys()].map((customerId) => [customerId, []]));
  for (const account of accounts) {
    for (const customerId of partiesOf(account)) touching.set(customerId, [...(touching.get(customerId) ?? []), account]);
  }
  return [...touching].map(([customerId, some]) => recordOf(customerId, some, customers.get(customerId), own, deployment));
}

/** The account's customer, and whoever else was contacted about it. */
function partiesOf({ lines }: StoredAccount): Set<string> {
  return new Set(lines.flatMap(({ customerId }) => (typeof customerId === 'string' ? [customerId] : [])));
}

function customerOf({ lines }: StoredAccount): unknown {
  return lines.find(({ type }) => ['AccountOverdue', 'StatementIssued', 'JourneyOpened'].includes(type))?.customerId;
}

function recordOf(
  customerId: string,
  touching: readonly StoredAccount[],
  customer: StoredCustomer | undefined,
  unattached: CustomersOwn,
  deployment: Deployment,
): ToldRecord {
  const own = touching.filter((account) => customerOf(account) === customerId);
  const contacts = touching.flatMap((account) =>
    contactsOf(account, customer).filter((contact) => (contact.customerId ?? customerOf(account)) === customerId),
  );
  const aboutNone = contactsWith(customerId, unattached, customer);
  const wishes = own.flatMap((account) => wishesOf(account, customer));
  return {
    customerId,
    contacts: onceEach([...aboutNone, ...contacts]),
    settings: own.flatMap((account) => settingsOf(account, deployment)),
    wishes,
    states: [...own.flatMap((account) => statesOf(account, customer)), ...refusalsOf(wishes, customer)],
    dues: own.flatMap(duesOf),
    pressureApprovals: own.flatMap(pressureApprovalsOf),
  };
}

/**
 * Each contact once. One about no account has copies on timelines; of an attempt that a dialler and a person reported, the person's word
 * is better. A reservation is not its report's copy: it stands until the report.
 */
function onceEach(contacts: readonly ToldContact[]): ToldContact[] {
  const once = new Map<string, ToldContact>();
  for (const contact of contacts) {
    const id = contact.contactId === undefined ? `own ${contact.id}` : contact.contactId;
    const first = once.get(id);
    const isBetter = first !== undefined && first.accountId !== undefined && contact.customerId === undefined;
    if (first === undefined || isBetter) once.set(id, contact);
  }
  return [...once.values()];
}

/** The wishes as they are now hold since the customer's record last changed; earlier ones are not kept. */
function wishesOf(account: StoredAccount, customer: StoredCustomer | undefined): Wishes[] {
  if (customer?.asOf === undefined) return [];
  const { windows, inconvenient } = customer.wishes;
  const told = account.lines.findLast((line) => line.type === 'CustomerUpdated');
  const from = told === undefined ? { at: customer.asOf } : momentOf(account, told);
  return [{ from, accountId: account.accountId, windows, inconvenient, outsideHours: false }];
}

/** Channels that the customer does not want, and addresses to whose use consent was refused. */
function refusalsOf(wishes: readonly Wishes[], customer: StoredCustomer | undefined): State[] {
  const channels = (customer?.wishes.optedOut ?? []).map((channel) => ({ name: 'opted-out', channel }) as State);
  const addresses = (customer?.points ?? [])
    .filter(({ consent }) => consent === false)
    .map(({ channel, addressKey }) => ({ name: 'unusable-address', channel, addressKey, detail: 'no consent' }) as State);
  return wishes.flatMap(({ from, accountId }) =>
    [...channels, ...addresses].map((state) => ({
      ...state,
      ...(from === undefined ? {} : { from }),
      ...(accountId === undefined ? {} : { accountId }),
    })),
  );
}

function pressureApprovalsOf(account: StoredAccount): Moment[] {
  return account.lines.filter((line) => line.type === 'Approved' && line.subject === 'pressure').map((line) => momentOf(account, line));
}

function momentOf({ accountId }: StoredAccount, { at, seq }: Line): Moment {
  return { at, accountId, seq };
}
