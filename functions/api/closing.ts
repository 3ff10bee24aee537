import type { Ending } from '../../domain/account-words.ts';
import { toInstant } from '../../domain/calendar.ts';
import type { Governor } from '../../domain/customer.ts';
import { isActive } from '../../domain/holds.ts';
import type { Account } from '../../domain/model.ts';
import { recordHoldPlaced } from '../../domain/record/bank-facts.ts';
import { recordClosing, recordEndingWithdrawn } from '../../domain/record/endings.ts';
import type { Journal } from '../../domain/record/journal.ts';
import { text } from '../adapters/table.ts';
import type { CloseBody, ReopenBody } from '../contract/closing.ts';
import type { Inbound } from '../contract/inbound-events.ts';
import { placedKey, placingOnCustomer, releasedKey, takeHoldReleased, tellOpenCases } from '../facts/holds.ts';
import { caseKey, headKey, readHead, subjectFactKey } from '../protocol/items.ts';
import { type Applied, type Ports, signal } from '../protocol/signal.ts';
import { Conflict, NotFound } from './problem.ts';

/**
 * `POST /cases/{caseId}/close`: a person, or a system for one, ends a case. What was open in it ends in the same transaction, and nothing
 * may happen in it from then on; its machine closes it a moment later. The same again answers the same, whoever asks. That the customer has
 * died stops contact about all their accounts: the hold is the customer's with the ending, and a repeat tells the accounts again.
 *
 * @throws NotFound, Conflict where the case has ended for another reason, or as cured
 */
export async function closeCase(ports: Ports, caseId: string, { by, ...said }: CloseBody): Promise<unknown> {
  const known = await ports.table.get(caseKey(caseId));
  const accountId = text(known, 'accountId');
  if (accountId === undefined) throw new NotFound(`There is no case ${caseId}.`);
  const { account } = readHead(accountId, await ports.table.get(headKey(accountId)));
  const before = endedAs(account, caseId);
  if (before?.reason === said.reason && before.reference === said.reference) return closed(ports, account, caseId, before);
  const ending: Ending = { ...said, endedAt: toInstant(ports.now), ...(by === undefined ? {} : { by }) };
  const factKey = subjectFactKey(`ACCOUNT#${accountId}`, 'CaseClosed', caseId);
  await signal(ports, {
    accountId,
    fact: { key: factKey, content: said, body: ending },
    needsGovernor: said.reason === 'deceased',
    apply: ({ journal, governor }) => {
      recordClosing(journal, caseId, ending);
      return said.reason === 'deceased' && governor !== undefined ? holding(ports, journal, governor, deathOf(caseId, ending)) : {};
    },
  });
  // Another request of the same content may have come first: its answer is this one's.
  const recorded = text(await ports.table.get(factKey), 'body');
  if (recorded === undefined) throw new Conflict('The case has ended meanwhile.');
  return closed(ports, account, caseId, JSON.parse(recorded) as Ending);
}

const CAUSE = { reason: 'case-closed' } as const;

const holdOf = (caseId: string): string => `${caseId}-deceased`;

/** The hold that a death places; of one that was known before there is a hold already. */
function deathOf(caseId: string, { endedAt }: Ending) {
  return { holdId: holdOf(caseId), kind: 'deceased', placedAt: endedAt } as const satisfies Inbound<'HoldPlaced'>;
}

function holding(ports: Ports, journal: Journal, governor: Governor, death: ReturnType<typeof deathOf>): Applied {
  if (governor.holds.some((hold) => hold.kind === 'deceased' && isActive(hold, ports.now))) return {};
  recordHoldPlaced(journal, { ...death, customerWide: true, ...CAUSE });
  const { next, fact } = placingOnCustomer(ports, death, governor);
  return { governor: next, items: [fact] };
}

/** The answer, once all accounts of a customer who has died know of it. */
async function closed(ports: Ports, { accountId, customerId }: Account, caseId: string, ending: Ending): Promise<unknown> {
  if (customerId !== undefined && (await ports.table.get(placedKey(holdOf(caseId)))) !== undefined)
    await tellOpenCases(ports, deathOf(caseId, ending), customerId, { accountId, cause: CAUSE });
  return closedView(accountId, caseId, ending);
}

/** How the account's latest case ended, where it is this one. */
function endedAs({ case: current }: Account, caseId: string): Ending | undefined {
  return current?.caseId === caseId ? current.ending : undefined;
}

function closedView(accountId: string, caseId: string, { reason, endedAt, reference, by }: Ending): unknown {
  return {
    accountId,
    caseId,
    status: 'closed',
    closeReason: reason,
    closedAt: endedAt,
    ...(reference === undefined ? {} : { reference }),
    ...(by === undefined ? {} : { by }),
  };
}

/**
 * `POST /cases/{caseId}/reopen`: somebody else than the person who ended a case takes that back. The ended case stays as it is; what is
 * overdue opens the next one, in the same transaction. The same again answers the same, whoever asks.
 *
 * @throws NotFound; Refusal 409, 422 as `recordEndingWithdrawn`; ReusedId where it was taken back under another reference
 */
export async function reopenCase(ports: Ports, caseId: string, { by, reference }: ReopenBody): Promise<unknown> {
  const accountId = text(await ports.table.get(caseKey(caseId)), 'accountId');
  if (accountId === undefined) throw new NotFound(`There is no case ${caseId}.`);
  const said = { reference, ...(by === undefined ? {} : { by }) };
  const factKey = subjectFactKey(`ACCOUNT#${accountId}`, 'CaseReopened', caseId);
  await signal(ports, {
    accountId,
    fact: { key: factKey, content: { reference }, body: { ...said, reopenedAt: toInstant(ports.now) } },
    apply: ({ journal }) => {
      recordEndingWithdrawn(journal, caseId, said);
      return {};
    },
  });
  const recorded = JSON.parse(text(await ports.table.get(factKey), 'body') ?? '{}') as { readonly reopenedAt?: string };
  await liftDeath(ports, caseId, recorded.reopenedAt ?? toInstant(ports.now));
  return { accountId, caseId, ...recorded };
}

/** That the customer has died was the error: what it had placed on them ends with it. */
async function liftDeath(ports: Ports, caseId: string, at: string): Promise<void> {
  const holdId = holdOf(caseId);
  const [placed, released] = await ports.table.snapshot([placedKey(holdId), releasedKey(holdId)]);
  if (placed !== undefined) await takeHoldReleased(ports, { holdId, releasedAt: text(released, 'releasedAt') ?? at });
}
