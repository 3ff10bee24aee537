import type { Channel, ContactRow } from '../../domain/model.ts';
import { checkLedger, type Stop } from './gate-checker.ts';
import type { GovernorState, Line, StoredAccount } from './stored.ts';

/** Invariant 2: the contacts of each customer, as the timelines tell them, against the rules recomputed. */
export function checkContacts(
  accounts: readonly StoredAccount[],
  governors: ReadonlyMap<string, GovernorState>,
  complain: (invariant: number, subject: string, why: string) => void,
): void {
  for (const [customerId, governor] of governors) {
    const own = accounts.filter((account) =>
      account.lines.some((line) => line.type === 'AccountOverdue' && line.customerId === customerId),
    );
    const rows = own.flatMap((account) => rowsOf(account, governor));
    const ungated = new Set(
      own.flatMap((account) => account.lines.filter((line) => line.ungated === true).map((line) => rowId(account, line))),
    );
    const zones = own.map((account) => String((JSON.parse(String(account.head.state)) as { timeZone: string }).timeZone));
    const violations = checkLedger(rows, {
      jurisdiction: governor.jurisdiction ?? 'CN',
      timeZones: [...new Set([...zones, ...(governor.timeZone === undefined ? [] : [governor.timeZone])])],
      house: true,
      windows: governor.wishes.windows,
      inconvenient: governor.wishes.inconvenient,
      optedOut: governor.wishes.optedOut as readonly Channel[],
      stops: own.flatMap(quietTimes),
      work: governor.points.filter((point) => point.owner === 'work').map((point) => point.addressKey),
      judged: (row) => !ungated.has(row.id),
    });
    for (const { rule, rowId: id, at, why } of violations) complain(2, `${customerId} ${id} at ${at}`, `${rule}: ${why}`);
  }
}

function rowId(account: StoredAccount, line: Line): string {
  return `${account.accountId}:${line.seq}`;
}

const NOT_ANSWERED = ['no-answer', 'voicemail', 'busy', 'number-dead', 'wrong-number', 'third-party-answered'];
const NOT_MET = ['not-home', 'third-party-met', 'moved', 'address-invalid', 'unsafe'];

function rowsOf(account: StoredAccount, governor: GovernorState): ContactRow[] {
  const addressKey = (point: unknown) => governor.points.find((row) => row.id === point)?.addressKey ?? String(point);
  return account.lines.flatMap((line): ContactRow[] => {
    const base = { id: rowId(account, line), accountId: account.accountId, contactPointId: String(line.contactPointId) };
    const key = addressKey(line.contactPointId);
    if (line.type === 'ContactReserved' || line.type === 'ContactSuppressed') {
      const { channel, purpose } = line as unknown as Pick<ContactRow, 'channel' | 'purpose'>;
      return [{ ...base, at: line.at, channel, kind: 'attempt', addressKey: key, purpose }];
    }
    if (line.type !== 'TaskOutcomeReported' || line.ungated !== true) return [];
    const task = account.lines.find((row) => row.type === 'TaskOpened' && row.taskId === line.taskId);
    const missed = [...NOT_ANSWERED, ...NOT_MET].includes(String(line.outcome));
    return [
      {
        ...base,
        at: String(line.reportedAt),
        channel: task?.queue === 'field-visit' ? 'visit' : 'voice',
        kind: missed ? 'attempt' : 'conversation',
        addressKey: key,
        purpose: 'collection',
      },
    ];
  });
}

/** The times for which the customer said it is paid, as the timeline dates them. */
function quietTimes(account: StoredAccount): Stop[] {
  return account.lines
    .filter((line) => line.quietUntil !== undefined && line.late !== true)
    .map((line) => ({ accountId: account.accountId, from: line.at, to: String(line.quietUntil), why: 'quiet' }));
}
