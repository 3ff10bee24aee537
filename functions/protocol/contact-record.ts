import type { Governor } from '../../domain/customer.ts';
import type { Draft } from '../../domain/entries.ts';
import type { Account } from '../../domain/model.ts';
import { type Deployment, Journal } from '../../domain/record/journal.ts';
import { settingFor } from '../../domain/record/setting.ts';
import { contactOf } from '../../domain/reducer/parties.ts';
import { asHandedOver } from '../../domain/strategy/accounts.ts';
import type { Table } from '../adapters/table.ts';
import type { Turn } from '../contract/turn.ts';
import { commit } from './commit.ts';
import { governorKey, headKey, readGovernor, readHead } from './items.ts';
import { DecideAgain } from './turns.ts';

export interface RecordPorts {
  readonly table: Table;
  readonly deployment: Deployment;
  /** Read again after the provider answered: recording has a now of its own. */
  readonly clock: () => number;
}

const TRIES_MAX = 10;

/**
 * Records how a reserved contact ended (protocol.md section 3, "Send", step 4): on the current version, whoever moved it, because what
 * left must be on the timeline even if the case was cured or moved on meanwhile.
 *
 * @throws DecideAgain where the contact is not reserved any more
 */
export async function recordContact(ports: RecordPorts, turn: Turn, key: string, drafts: readonly Draft[]): Promise<Account> {
  for (let attempt = 1; attempt <= TRIES_MAX; attempt += 1) {
    const head = readHead(turn.accountId, await ports.table.get(headKey(turn.accountId)));
    const journal = new Journal(head.account, settingFor(ports.deployment, head.account, ports.clock()));
    write(journal, key, drafts);
    const outcome = await commit(ports.table, { head, journal, now: journal.setting.now, signal: false });
    if (outcome.ok) return outcome.head.account;
  }
  throw moving();
}

/** The same for a message that left and spoke for other accounts too: from now on it counts for them, which the ledger tells them. */
export async function recordShared(
  ports: RecordPorts,
  turn: Turn,
  contact: { readonly key: string; readonly contactId: string },
  drafts: readonly Draft[],
): Promise<Account> {
  return (await recordWithLedger(ports, turn, contact.key, drafts, (governor) => asHandedOver(governor, contact.contactId))).account;
}

/**
 * The same for a contact that its provider did not take: nothing left, so the reservation is given back to the caps with the record.
 *
 * @throws DecideAgain where the contact is not reserved any more
 */
export function giveContactBack(
  ports: RecordPorts,
  turn: Turn,
  key: string,
  draft: Draft<'ContactDeferred'>,
): Promise<{ readonly account: Account; readonly governor: Governor }> {
  // The caps are those of whom it was to.
  return recordWithLedger(ports, { ...turn, customerId: draft.customerId ?? turn.customerId }, key, [draft], (governor) => ({
    ...governor,
    contacts: governor.contacts.filter((row) => row.id !== draft.contactId),
  }));
}

async function recordWithLedger(
  ports: RecordPorts,
  turn: Pick<Turn, 'accountId' | 'customerId'>,
  key: string,
  drafts: readonly Draft[],
  change: (governor: Governor) => Governor,
): Promise<{ readonly account: Account; readonly governor: Governor }> {
  for (let attempt = 1; attempt <= TRIES_MAX; attempt += 1) {
    const [headItem, governorItem] = await ports.table.snapshot([headKey(turn.accountId), governorKey(turn.customerId)]);
    const head = readHead(turn.accountId, headItem);
    const record = readGovernor(turn.customerId, governorItem);
    const next = change(record.governor);
    const journal = new Journal(head.account, settingFor(ports.deployment, head.account, ports.clock()));
    write(journal, key, drafts);
    const outcome = await commit(ports.table, { head, journal, now: journal.setting.now, signal: false, governor: { record, next } });
    if (outcome.ok) return { account: outcome.head.account, governor: next };
  }
  throw moving();
}

function write(journal: Journal, key: string, drafts: readonly Draft[]): void {
  const contact = contactOf(journal.account.case, key)?.contact;
  if (contact?.status !== 'reserved') throw new DecideAgain(`The contact is ${contact?.status ?? 'gone'}`);
  for (const draft of drafts) journal.add(draft);
}

function moving(): Error {
  return new Error(`The account changed under every one of ${TRIES_MAX} tries to record a message`);
}
