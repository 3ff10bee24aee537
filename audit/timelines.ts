import type { CustomerRecord, Moment, Setting, State, Wishes } from './facts.ts';
import type { Line, StoredAccount, StoredCustomer } from './stored.ts';
import { contactsOf, type ToldContact } from './timeline-contacts.ts';
import { duesOf, settingsOf, statesOf } from './timeline-states.ts';

/** What no timeline says: how the deployment is configured. */
export type Deployment = Pick<Setting, 'jurisdiction' | 'role' | 'house'>;

export type ToldRecord = CustomerRecord & { readonly contacts: readonly ToldContact[] };

/** Rebuilds every customer from the timelines of the accounts. */
export function recordsOf(
  accounts: readonly StoredAccount[],
  customers: ReadonlyMap<string, StoredCustomer>,
  deployment: Deployment,
): ToldRecord[] {
  const owned = new Map<string, StoredAccount[]>();
  for (const account of accounts) {
    for (const customerId of partiesOf(account)) owned.set(customerId, [...(owned.get(customerId) ?? []), account]);
  }
  return [...owned].map(([customerId, own]) => recordOf(customerId, own, customers.get(customerId), deployment));
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
  deployment: Deployment,
): ToldRecord {
  const own = touching.filter((account) => customerOf(account) === customerId);
  const contacts = touching.flatMap((account) =>
    contactsOf(account, customer).filter((contact) => (contact.customerId ?? customerOf(account)) === customerId),
  );
  const wishes = own.flatMap((account) => wishesOf(account, customer));
  return {
    customerId,
    contacts: onceEach(contacts),
    settings: own.flatMap((account) => settingsOf(account, deployment)),
    wishes,
    states: [...own.flatMap((account) => statesOf(account, customer)), ...optOutsOf(wishes, customer)],
    dues: own.flatMap(duesOf),
    pressureApprovals: own.flatMap(pressureApprovalsOf),
  };
}

/** A contact about several accounts is on the timeline of each, under one id. */
function onceEach(contacts: readonly ToldContact[]): ToldContact[] {
  const once = new Map<string, ToldContact>();
  for (const contact of contacts) {
    const id = contact.contactId ?? contact.id;
    const first = once.get(id);
    const { accountId } = contact;
    if (first === undefined) once.set(id, contact);
    else if (accountId !== undefined) once.set(id, { ...first, alsoAbout: [...(first.alsoAbout ?? []), accountId] });
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

function optOutsOf(wishes: readonly Wishes[], customer: StoredCustomer | undefined): State[] {
  return wishes.flatMap(({ from, accountId }) =>
    (customer?.wishes.optedOut ?? []).map((channel) => ({
      name: 'opted-out' as const,
      channel: channel as NonNullable<State['channel']>,
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
