import type { CustomerRecord, Moment, Setting, State, Wishes } from './facts.ts';
import type { FewerYears } from './limitation.ts';
import { againstParty } from './parties.ts';
import { type CustomersOwn, type Line, ownerOf, type StoredAccount, type StoredCustomer } from './stored.ts';
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
  return [...touching].map(([customerId, some]) => recordOf(customerId, some, customers, own, deployment));
}

/** The account's customer, and whoever else was contacted about it. */
function partiesOf({ lines }: StoredAccount): Set<string> {
  return new Set(lines.flatMap(({ customerId }) => (typeof customerId === 'string' ? [customerId] : [])));
}

function recordOf(
  customerId: string,
  touching: readonly StoredAccount[],
  customers: ReadonlyMap<string, StoredCustomer>,
  unattached: CustomersOwn,
  deployment: Deployment,
): ToldRecord {
  const customer = customers.get(customerId);
  const own = touching.filter((account) => ownerOf(account) === customerId);
  const others = touching.filter((account) => ownerOf(account) !== customerId);
  const contacts = touching.flatMap((account) =>
    contactsOf(account, customer)
      .filter((contact) => (contact.customerId ?? ownerOf(account)) === customerId)
      .map((contact) => withParty(contact, customerId, account, customers.get(String(ownerOf(account))))),
  );
  const aboutNone = contactsWith(customerId, unattached, customer);
  const wishes = [
    ...own.map((account) => wishesOf(account, customer)),
    ...others.map((account) => toldWishes(account, (line) => line.type === 'PartyUpdated' && line.customerId === customerId)),
  ];
  return {
    customerId,
    contacts: onceEach([...aboutNone, ...contacts]),
    settings: [
      ...own.flatMap((account) => settingsOf(account, deployment)),
      ...others.flatMap((account) => settingsOf(account, deployment, customerId)),
    ],
    wishes: inOrder(wishes.flat()),
    // What stops contact about an account stops it with everybody.
    states: [
      ...touching.flatMap((account) => statesOf(account, customer)),
      ...wishes.flatMap((list) => refusalsOf(list, customer)),
      ...(others.length === 0 ? [] : heldByThemselves(customer)),
    ],
    dues: touching.flatMap(duesOf),
    pressureApprovals: own.flatMap(pressureApprovalsOf),
  };
}

/** What is against a contact with somebody who is not the account's customer. What others reported is theirs to answer for. */
function withParty(contact: ToldContact, customerId: string, account: StoredAccount, primary: StoredCustomer | undefined): ToldContact {
  const line = account.lines.find(({ seq }) => seq === contact.seq);
  const against = line === undefined || contact.reported ? undefined : againstParty(customerId, line, account, primary);
  return against === undefined ? contact : { ...contact, isParty: true, ...against };
}

/** Holds on a customer stand on the timelines of their own accounts; those on a party of other accounts on none of these. */
function heldByThemselves(customer: StoredCustomer | undefined): State[] {
  return (customer?.holds ?? []).flatMap(({ kind, placedAt, recordedAt, expiresAt, releasedAt }): State[] => {
    if (recordedAt === undefined) return [];
    const from = { at: Date.parse(placedAt) > Date.parse(recordedAt) ? placedAt : recordedAt };
    const [end] = [expiresAt, releasedAt].filter((at) => at !== undefined).sort((one, other) => Date.parse(one) - Date.parse(other));
    return [{ name: 'held', from, detail: kind, ...(end === undefined ? {} : { to: { at: end } }) }];
  });
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
  const told = toldWishes(account, ({ type }) => type === 'CustomerUpdated');
  if (told.length > 0) return told;
  if (customer?.asOf === undefined) return [];
  const last = account.lines.findLast(({ type }) => type === 'CustomerUpdated');
  const from = last === undefined ? { at: customer.asOf } : momentOf(account, last);
  return [{ from, accountId, ...customer.wishes, outsideHours: false }];
}

function toldWishes(account: StoredAccount, tells: (line: Line) => boolean): Told[] {
  return account.lines.filter(tells).flatMap((line): Told[] => {
    const wishes = line.wishes as StoredCustomer['wishes'] | undefined;
    if (wishes === undefined) return [];
    const asOf = typeof line.asOf === 'string' ? { asOf: line.asOf } : {};
    return [{ from: momentOf(account, line), ...asOf, accountId: account.accountId, ...wishes, outsideHours: false }];
  });
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
