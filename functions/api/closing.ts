import type { Ending } from '../../domain/account-words.ts';
import { toInstant } from '../../domain/calendar.ts';
import type { Account } from '../../domain/model.ts';
import { recordClosing, recordEndingWithdrawn } from '../../domain/record/endings.ts';
import { text } from '../adapters/table.ts';
import type { CloseBody, ReopenBody } from '../contract/closing.ts';
import { caseKey, headKey, readHead, subjectFactKey } from '../protocol/items.ts';
import { type Ports, signal } from '../protocol/signal.ts';
import { Conflict, NotFound } from './problem.ts';

/**
 * `POST /cases/{caseId}/close`: a person, or a system for one, ends a case. What was open in it ends in the same transaction, and nothing
 * may happen in it from then on; its machine closes it a moment later. The same again answers the same, whoever asks.
 *
 * @throws NotFound, Conflict where the case has ended for another reason, or as cured
 */
export async function closeCase(ports: Ports, caseId: string, { by, ...said }: CloseBody): Promise<unknown> {
  const known = await ports.table.get(caseKey(caseId));
  const accountId = text(known, 'accountId');
  if (accountId === undefined) throw new NotFound(`There is no case ${caseId}.`);
  const { account } = readHead(accountId, await ports.table.get(headKey(accountId)));
  const before = endedAs(account, caseId);
  if (before?.reason === said.reason && before.reference === said.reference) return closedView(account.accountId, caseId, before);
  const ending: Ending = { ...said, endedAt: toInstant(ports.now), ...(by === undefined ? {} : { by }) };
  const factKey = subjectFactKey(`ACCOUNT#${accountId}`, 'CaseClosed', caseId);
  await signal(ports, {
    accountId,
    fact: { key: factKey, content: said, body: ending },
    apply: ({ journal }) => {
      recordClosing(journal, caseId, ending);
      return {};
    },
  });
  // Another request of the same content may have come first: its answer is this one's.
  const recorded = text(await ports.table.get(factKey), 'body');
  if (recorded === undefined) throw new Conflict('The case has ended meanwhile.');
  return closedView(accountId, caseId, JSON.parse(recorded) as Ending);
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
  const recorded = text(await ports.table.get(factKey), 'body') ?? '{}';
  return { accountId, caseId, ...(JSON.parse(recorded) as object) };
}
