import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { Party } from '../../domain/account-facts.ts';
import { openCase } from '../../domain/case-status.ts';
import type { PartyChange } from '../../domain/entries.ts';
import { settingFor } from '../../domain/record/setting.ts';
import { recipientOf } from '../../domain/strategy/parties.ts';
import { keyItem, S, text } from '../adapters/table.ts';
import { ANSWERS, answersKey, governorKey, headKey, readGovernor, readHead, subjectFactKey } from '../protocol/items.ts';
import { type Ports, signal } from '../protocol/signal.ts';

/**
 * For which accounts a person answers beside their customer: an item for each, under the person, written with the figure that names them. What
 * changes in the person's own record is told to those of them whose case may speak to the person.
 */

/** Nobody vouches for more; of somebody who does, the cases beyond these see a change when they next look (docs/ladder.md). */
const ACCOUNTS_MAX = 50;

/** The items of the parties that a figure names, for its transaction: whoever is found there later was named before the case read their record. */
export function answersPuts({ table }: Pick<Ports, 'table'>, accountId: string, parties: readonly Party[] = []): TransactWriteItem[] {
  const named = new Set(parties.filter(({ role, liable }) => liable && role !== 'supplementary').map(({ customerId }) => customerId));
  return [...named].map((customerId) => ({
    Put: { TableName: table.name, Item: { ...keyItem(answersKey(customerId, accountId)), accountId: S(accountId) } },
  }));
}

/**
 * Tells the accounts that a person answers for, after the person's record was written: protocol.md section 3, "Signal", as for a hold on a
 * customer. Each has its own copy of the fact, so a repeat tells none twice, and wakes again.
 *
 * @param change what has changed, and by which fact
 * @param told the account that has heard of it by that fact itself
 */
export async function tellAnsweredFor(
  ports: Ports,
  customerId: string,
  change: { readonly what: PartyChange; readonly id: string },
  told?: string,
): Promise<void> {
  const named = await ports.table.list(`CUSTOMER#${customerId}`, ANSWERS, { limit: ACCOUNTS_MAX });
  for (const item of named.slice(0, ACCOUNTS_MAX)) {
    const accountId = text(item, 'accountId');
    if (accountId === undefined || accountId === told) continue;
    // A case that comes so far later reads the record as it is then.
    const { account } = readHead(accountId, await ports.table.get(headKey(accountId)));
    const current = openCase(account);
    const { ladder } = settingFor(ports.deployment, account, ports.now);
    const party = current === undefined ? undefined : recipientOf(account, current, ladder, customerId);
    if (party === undefined) continue;
    await signal(ports, {
      accountId,
      fact: { key: subjectFactKey(`ACCOUNT#${accountId}`, `Party#${change.what}`, `${customerId}#${change.id}`), content: change },
      apply: ({ journal }) => {
        journal.add({ type: 'PartyChanged', ...party, what: change.what });
        return {};
      },
    });
  }
}

/**
 * Something was learnt of an address of the customer's: the customer's other open cases may have no way left, or another, and so may the
 * cases of others that the customer answers for. Nothing is entered on the customer's own accounts, whose gate reads the address itself.
 *
 * @param told the account on whose timeline it stands
 */
export async function tellOfAddress(ports: Ports, customerId: string, id: string, told: string): Promise<void> {
  const { governor } = readGovernor(customerId, await ports.table.get(governorKey(customerId)));
  for (const { accountId } of governor.openCases) {
    if (accountId === told) continue;
    await signal(ports, {
      accountId,
      fact: { key: subjectFactKey(`ACCOUNT#${accountId}`, 'Address', `${customerId}#${id}`), content: { id } },
      apply: () => ({}),
    });
  }
  await tellAnsweredFor(ports, customerId, { what: 'address', id }, told);
}
