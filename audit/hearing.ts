import type { LocalTime } from './clock.ts';
import type { Contact, CustomerRecord, Moment, Setting, State, Wishes } from './facts.ts';
import type { Pack, Role, Seen } from './rules.ts';

/** One contact before the judge, with what was known when it was begun and nothing that came later. */
export interface Hearing {
  readonly record: CustomerRecord;
  readonly contact: Contact;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly earlier: readonly Seen[];
  readonly setting: Setting;
  readonly wishes: Wishes | undefined;
  readonly pack: Pack;
  /** The contact's instant at every place where the customer may be. */
  readonly local: readonly LocalTime[];
  /** Notes that a rule was asked, and what it has against the contact. */
  readonly rule: (name: string, against: string | undefined) => void;
}

/** Some rules bind agencies and buyers of debt, and not a creditor collecting its own. */
export function binds(rule: { readonly role?: Role }, { setting }: Hearing): boolean {
  return rule.role === undefined || rule.role === setting.role;
}

/** Whether a contact was about an account; one that names no account may have been about any. */
export function isAbout(contact: Contact, accountId: string): boolean {
  return contact.accountId === undefined || contact.accountId === accountId || (contact.alsoAbout?.includes(accountId) ?? false);
}

/** Whether a state stood when the contact was begun, and is of this contact's account, channel and address. */
export function isInForce(state: State, { contact, now }: Pick<Hearing, 'contact' | 'now'>): boolean {
  if (state.accountId !== undefined && !isAbout(contact, state.accountId)) return false;
  if (state.channel !== undefined && state.channel !== contact.channel) return false;
  if (state.addressKey !== undefined && state.addressKey !== contact.addressKey) return false;
  const hasBegun = state.from === undefined || cameBefore(state.from, contact, now, false);
  const hasEnded = state.to !== undefined && cameBefore(state.to, contact, now, true);
  return hasBegun && !hasEnded;
}

export function stands(name: State['name'], hearing: Hearing): boolean {
  return hearing.record.states.some((state) => state.name === name && isInForce(state, hearing));
}

/** The newest of a list in order of time that was there when the contact was begun. */
export function newest<T extends { readonly from?: Moment; readonly accountId?: string }>(
  list: readonly T[],
  contact: Contact,
  now: number,
): T | undefined {
  return list.findLast(
    ({ from, accountId }) =>
      (accountId === undefined || isAbout(contact, accountId)) && (from === undefined || cameBefore(from, contact, now, false)),
  );
}

/**
 * Whether something was recorded before the contact was begun. Of two things of one instant only their timeline says which came first;
 * across timelines nobody can say, and the contact has the benefit of the doubt.
 */
function cameBefore(moment: Moment, contact: Contact, now: number, inDoubt: boolean): boolean {
  const at = Date.parse(moment.at);
  if (at !== now) return at < now;
  if (moment.seq === undefined || contact.seq === undefined || moment.accountId !== contact.accountId) return inDoubt;
  return moment.seq < contact.seq;
}
