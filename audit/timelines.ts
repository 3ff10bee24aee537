import type { CustomerRecord, Moment, Setting, State, Wishes } from './facts.ts';
import type { FewerYears } from './limitation.ts';
import type { CustomersOwn, Line, StoredAccount, StoredCustomer } from './stored.ts';
import { contactsOf, contactsWith, type ToldContact } from './timeline-contacts.ts';
import { duesOf, settingsOf, statesOf } from './timeline-states.ts';

/** What no timeline says: how the deployment is configured. */
export type Deployment = Pick<Setting, 'jurisdiction' | 'role' | 'house'> & {
  /** The bank's own, shorter limitations. */
  readonly fewerYears?: readonly FewerYears[];
};

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
  const wishes = own.map((account) => wishesOf(account, customer));
  return {
    customerId,
    contacts: onceEach([...aboutNone, ...contacts]),
    // A guarantor may have no account of their own: the place of the one they answer for is what is known then.
    settings: (own.length > 0 ? own : touching).flatMap((account) => settingsOf(account, deployment)),
    wishes: inOrder(wishes.flat()),
    states: [...own.flatMap((account) => statesOf(account, customer)), ...wishes.flatMap((list) => refusalsOf(list, customer))],
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

type Told = Wishes & { readonly optedOut: readonly string[] };

/** The wishes after every entry that says them. Where none does, those of now hold since the customer's record last changed. */
function wishesOf(account: StoredAccount, customer: StoredCustomer | undefined): Told[] {
  const { accountId } = account;
  const updates = account.lines.filter((line) => line.type === 'CustomerUpdated');
  const told = updates.flatMap((line): Told[] => {
    const wishes = line.wishes as StoredCustomer['wishes'] | undefined;
    if (wishes === undefined) return [];
    const asOf = typeof line.asOf === 'string' ? { asOf: line.asOf } : {};
    return [{ from: momentOf(account, line), ...asOf, accountId, ...wishes, outsideHours: false }];
  });
  if (told.length > 0) return told;
  if (customer?.asOf === undefined) return [];
  const last = updates.at(-1);
  const from = last === undefined ? { at: customer.asOf } : momentOf(account, last);
  return [{ from, accountId, ...customer.wishes, outsideHours: false }];
}

/** From when on a wish of one account's list is not one any more: as soon as a newer record may have been known. */
function endOf(wishes: Told, own: readonly Told[], holds: (later: Told) => boolean): Pick<State, 'to'> {
  const next = own.slice(own.indexOf(wishes) + 1).find((later) => !holds(later));
  if (next === undefined) return {};
  const at = next.asOf ?? next.from?.at;
  return at === undefined ? {} : { to: { at } };
}

/** Channels that the customer does not want, and addresses to whose use consent was refused. */
function refusalsOf(own: readonly Told[], customer: StoredCustomer | undefined): State[] {
  const of = ({ from, accountId }: Wishes): Pick<State, 'from' | 'accountId'> => ({
    ...(from === undefined ? {} : { from }),
    ...(accountId === undefined ? {} : { accountId }),
  });
  const channels = own.flatMap((wishes) =>
    wishes.optedOut.map(
      (channel): State => ({
        name: 'opted-out',
        channel: channel as NonNullable<State['channel']>,
        ...of(wishes),
        ...endOf(wishes, own, ({ optedOut }) => optedOut.includes(channel)),
      }),
    ),
  );
  const last = own.at(-1);
  if (last === undefined) return channels;
  const refused = (customer?.points ?? []).filter(({ consent }) => consent === false);
  return [
    ...channels,
    ...refused.map(
      ({ channel, addressKey }) => ({ name: 'unusable-address', channel, addressKey, detail: 'no consent', ...of(last) }) as State,
    ),
  ];
}

/** Of one customer over all accounts, in the order of the bank's records. */
function inOrder(wishes: readonly Wishes[]): readonly Wishes[] {
  const at = ({ asOf, from }: Wishes) => Date.parse(asOf ?? from?.at ?? '') || 0;
  return [...wishes].sort((one, other) => at(one) - at(other));
}

function pressureApprovalsOf(account: StoredAccount): Moment[] {
  return account.lines.filter((line) => line.type === 'Approved' && line.subject === 'pressure').map((line) => momentOf(account, line));
}

function momentOf({ accountId }: StoredAccount, { at, seq }: Line): Moment {
  return { at, accountId, seq };
}
