import type { PlannedContact, World } from '../../domain/decide/world.ts';
import { worldOfContact } from '../../domain/strategy/parties.ts';
import type { Item } from '../adapters/table.ts';
import { type GovernorRecord, profileKey } from './items.ts';
import type { CaseView, TurnPorts } from './turns.ts';

/** Whom a message goes to: the account's customer, or another party of the account. */
export interface Addressee {
  /** Their own record: its caps are the ones that count, and its version the one that must not have moved. */
  readonly record: GovernorRecord;
  readonly profile: Item | undefined;
  /** The case as a contact with them is judged. */
  readonly world: World;
}

/**
 * Reads whom a message goes to. A party's name and addresses are read after their record: where both changed in between, the record's version
 * tells, and nothing is reserved.
 *
 * @param profile of the account's customer, from the picture
 * @returns undefined where the party's record was not read
 */
export async function addresseeOf(
  ports: TurnPorts,
  view: CaseView,
  { to }: PlannedContact,
  profile: Item | undefined,
): Promise<Addressee | undefined> {
  if (to === undefined) return { record: view.governor, profile, world: view.world };
  const record = view.parties.find(({ governor }) => governor.customerId === to.customerId);
  if (record === undefined) return undefined;
  return { record, profile: await ports.table.get(profileKey(to.customerId)), world: worldOfContact(view.world, { to }) };
}
