import type { Word } from '../../domain/account-words.ts';
import { contractDaysPastDue, daysPastDue, openCase, statusOf } from '../../domain/case-status.ts';
import { isRetracted } from '../../domain/endings.ts';
import type { Entry } from '../../domain/entries.ts';
import { isActive } from '../../domain/holds.ts';
import { balanceMinor, overdueMinor } from '../../domain/ledger.ts';
import { limitationOf } from '../../domain/limitation.ts';
import type { Account, AccountStatus, Case } from '../../domain/model.ts';
import { moneyOf } from '../../domain/money.ts';
import { wishSeen } from '../../domain/plans/wish.ts';
import { LADDER } from '../../domain/policy/ladder.ts';
import { settingFor } from '../../domain/record/setting.ts';
import { emptyAccount } from '../../domain/reducer/account.ts';
import { reduce } from '../../domain/reducer/reduce.ts';
import { scoreOf } from '../../domain/score/score.ts';
import { whatWouldChange } from '../../domain/strategy/changes.ts';
import { pressureOf } from '../../domain/strategy/pressure.ts';
import { recoveryOf } from '../../domain/strategy/recovery.ts';
import { text } from '../adapters/table.ts';
import { headKey, readHead } from '../protocol/items.ts';
import { type TurnPorts, viewCase } from '../protocol/turns.ts';
import { planView } from './plan-view.ts';
import { NotFound } from './problem.ts';

/** Which case is asked for, the latest where none is named; `ownOnly`: not one of an earlier customer of the account. */
interface Wanted {
  readonly caseId: string | undefined;
  readonly ownOnly: boolean;
}

/** `GET /accounts/{accountId}/journey`: the latest case, or an earlier one as it stood when it closed. */
export async function journeyOf(ports: TurnPorts, accountId: string, { caseId, ownOnly }: Wanted): Promise<Record<string, unknown>> {
  const head = readHead(accountId, await ports.table.get(headKey(accountId)));
  const latest = head.account.case;
  if (latest === undefined) throw new NotFound('No journey was ever opened for this account.');
  const entries = await timelineOf(ports, accountId);
  const wanted = caseId ?? latest.caseId;
  const account = wanted === latest.caseId ? head.account : accountAtEndOf(accountId, entries, wanted);
  const current = account?.case;
  if (ownOnly && customerOf(entries, wanted) !== head.account.customerId) throw new NotFound('This account has no such case.');
  if (account === undefined || current === undefined) throw new NotFound('This account has no such case.');
  const ahead = openCase(account) === undefined ? {} : await outlook(ports, account);
  const told = { ...facts(account, current, ports.now), ...asked(ports, account, current), ...ahead, ...recovery(ports, account, current) };
  return { ...told, timeline: entriesOfCase(entries, wanted) };
}

/** Whose case it was: an account may have got another customer since. */
function customerOf(entries: readonly Entry[], caseId: string): string | undefined {
  const opened = entries.find((entry): entry is Entry<'JourneyOpened'> => entry.type === 'JourneyOpened' && entry.caseId === caseId);
  return opened?.customerId;
}

/** How the customer's credit record recovers: while something is overdue, and once it was paid. */
function recovery({ deployment, now }: TurnPorts, account: Account, current: Case): Record<string, unknown> {
  const found = current.status === 'open' || current.curedAt !== undefined ? recoveryOf(account, current, { deployment, now }) : undefined;
  return found === undefined ? {} : { recovery: found };
}

/** What the customer asked for by themselves, and what became of it. */
function asked({ deployment, now }: TurnPorts, account: Account, current: Case): Record<string, unknown> {
  const planRequest = wishSeen(account, current, settingFor(deployment, account, now));
  return planRequest === undefined ? {} : { planRequest };
}

/** Of an open case: the track by what is known now, what comes next, when, why not yet, what would change it, and how long a suit is in time. */
async function outlook(ports: TurnPorts, account: Account): Promise<Record<string, unknown>> {
  const view = await viewCase(ports, account.accountId, account.customerId ?? '');
  if (!('decision' in view)) return {};
  const limitation = limitationOf(view.head.account, ports.deployment, ports.now);
  return {
    ...(limitation === undefined ? {} : { limitation }),
    track: view.world.track,
    score: scoreOf(view.world),
    next: { ...view.decision.next, changes: whatWouldChange(view.world) },
  };
}

function facts(account: Account, current: Case, now: number): Record<string, unknown> {
  const status = statusOf(account, LADDER, now);
  const ended = status === 'cured' || status === 'closed';
  const promise = current.promises.find((row) => row.status === 'open') ?? current.promises.at(-1);
  const holds = account.holds.filter((hold) => isActive(hold, now));
  const closeReason = current.closeReason ?? current.ending?.reason;
  return {
    accountId: account.accountId,
    customerId: account.customerId,
    caseId: current.caseId,
    status,
    ...(ended ? {} : { stage: current.stage }),
    track: current.track ?? 'standard',
    pressure: pressureOf(current),
    daysPastDue: ended ? 0 : daysPastDue(account, now),
    contractDaysPastDue: ended ? 0 : contractDaysPastDue(account, now),
    overdue: moneyOf(account, overdueMinor(account)),
    balance: moneyOf(account, balanceMinor(account)),
    holds: holds.map(({ holdId, kind, placedAt, expiresAt }) => ({
      holdId,
      kind,
      placedAt,
      ...(expiresAt === undefined ? {} : { expiresAt }),
    })),
    ...(promise === undefined
      ? {}
      : {
          promise: {
            promiseId: promise.promiseId,
            amount: moneyOf(account, promise.amountMinor),
            date: promise.date,
            status: promise.status,
          },
        }),
    ...(current.plan === undefined ? {} : { plan: planView(current, account, now) }),
    ...(account.standing === undefined ? {} : { accountStatus: standingOf(account, account.standing) }),
    ...(account.suit === undefined ? {} : { legal: said(account.suit) }),
    ...(current.takenOver === undefined ? {} : { imported: current.takenOver }),
    ...(closeReason === undefined ? {} : { closeReason }),
    ...(current.previousCaseId === undefined ? {} : { previousCaseId: current.previousCaseId }),
  };
}

/** The core's newest word on the account, and when that was taken back. */
function standingOf(account: Account, word: Word<AccountStatus>): object {
  const { status, at } = word;
  const retractedAt = isRetracted(account, status, at) ? account.retracted?.[status] : undefined;
  return { ...said(word), ...(retractedAt === undefined ? {} : { retractedAt }) };
}

/** A word from outside, without what is remembered beside it. */
function said({ status, at, reference }: Word<string>): Word<string> {
  return { status, at, ...(reference === undefined ? {} : { reference }) };
}

async function timelineOf(ports: TurnPorts, accountId: string): Promise<Entry[]> {
  const items = await ports.table.list(headKey(accountId).pk, 'T#');
  return items.map((item) => {
    const { previousHash: _chain, ...entry } = JSON.parse(text(item, 'entry') ?? '{}') as Entry & { previousHash: string };
    return entry as Entry;
  });
}

/**
 * A case's own entries, and what was said of the account from just before it opened until it closed. The receipt of the payment that
 * ended it goes out after its end, and belongs to it all the same.
 */
function entriesOfCase(entries: readonly Entry[], caseId: string): Entry[] {
  const opened = entries.findIndex((entry) => entry.type === 'JourneyOpened' && entry.caseId === caseId);
  const closed = entries.findIndex((entry) => entry.type === 'JourneyClosed' && entry.caseId === caseId);
  const at = entries[opened]?.at;
  const isOfCase = (entry: Entry, index: number): boolean => {
    if (entry.caseId !== undefined) return entry.caseId === caseId;
    const beforeEnd = closed < 0 || index <= closed;
    return beforeEnd && (index >= opened || entry.at === at);
  };
  const receipts = receiptsOf(entries, entries.filter(isOfCase));
  return entries.filter((entry, index) => isOfCase(entry, index) || ('contactId' in entry && receipts.has(entry.contactId)));
}

/** The messages that acknowledge a payment told of in a case. */
function receiptsOf(entries: readonly Entry[], ofCase: readonly Entry[]): ReadonlySet<unknown> {
  const paid = new Set(ofCase.flatMap((entry) => (entry.type === 'PaymentReceived' ? [entry.paymentId] : [])));
  const acknowledges = (entry: Entry) =>
    'notice' in entry && entry.notice?.kind === 'payment-acknowledgement' && paid.has(entry.notice.about);
  return new Set(entries.flatMap((entry) => ('contactId' in entry && acknowledges(entry) ? [entry.contactId] : [])));
}

function accountAtEndOf(accountId: string, entries: readonly Entry[], caseId: string): Account | undefined {
  let account = emptyAccount(accountId);
  for (const entry of entries) {
    account = reduce(account, entry);
    if (entry.type === 'JourneyClosed' && entry.caseId === caseId) return account;
  }
  return undefined;
}
