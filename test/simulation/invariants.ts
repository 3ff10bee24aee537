import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Entry } from '../../domain/entries.ts';
import { balanceMinor, overdueMinor } from '../../domain/ledger.ts';
import type { Account } from '../../domain/model.ts';
import { emptyAccount } from '../../domain/reducer/account.ts';
import { replay } from '../../domain/timeline.ts';
import { checkConduct } from './conduct.ts';
import { checkContacts } from './contact-check.ts';
import { owedBy } from './ledger-check.ts';
import type { BusEvent, PlainItem, Snapshot } from './snapshot.ts';
import { accountsOf, type GovernorState, governorsOf, type StoredAccount } from './stored.ts';

/** Something that the design says can never be (design.md section 3, by its numbers). */
export interface Broken {
  readonly invariant: number;
  readonly subject: string;
  readonly why: string;
}

export interface CheckOptions {
  /** Words that must be nowhere but in the customers' own records: names, numbers, addresses. */
  readonly personal?: readonly string[];
  /** A queue was made to hand over twice, or a function to die before it knew that it had sent. */
  readonly lettersRepeat?: boolean;
}

const OURS = 'overdue-journeys';
/** As long as SQS keeps a message at most (infra/stacks/data.ts); whoever looks later finds the rejection in the table alone. */
const LETTERS_KEPT_MILLIS = 14 * 86_400_000;

/**
 * Checks what is stored and what can be seen of an application at rest against the invariants. The gate's rules are recomputed by the
 * contact checker, the ledger and the order of acts here, from their text; only the replay of a timeline uses the application's own
 * reducer, because that it gives the header is the invariant.
 */
export function brokenInvariants(snapshot: Snapshot, options: CheckOptions = {}): Broken[] {
  const broken: Broken[] = [];
  const complain = (invariant: number, subject: string, why: string) => void broken.push({ invariant, subject, why });
  const accounts = accountsOf(snapshot);
  const governors = governorsOf(snapshot);
  const rejected = rejections(snapshot);
  const tasks = tasksOf(snapshot);
  for (const account of accounts) {
    checkConduct(account, complain);
    checkMoney(account, snapshot, rejected, complain);
    checkOwner(account, snapshot, governors, complain);
    checkTasks(account, tasks, complain);
    checkChain(account, complain);
    checkPublished(account, snapshot, complain);
  }
  checkContacts(snapshot, complain);
  checkInbound(snapshot, accounts, governors, { rejected, lettersRepeat: options.lettersRepeat === true }, complain);
  checkPrivacy(snapshot, options.personal ?? [], complain);
  return broken;
}

/** What every commit keeps, whatever is under way and whoever has died: the invariants that the table alone can show. */
export function brokenRecords(items: Snapshot['items']): Broken[] {
  const broken: Broken[] = [];
  const complain = (invariant: number, subject: string, why: string) => void broken.push({ invariant, subject, why });
  const tasks = tasksOf({ items });
  for (const account of accountsOf({ items })) {
    checkConduct(account, complain);
    checkTasks(account, tasks, complain);
    checkChain(account, complain);
  }
  checkContacts({ items }, complain);
  return broken;
}

type Complain = (invariant: number, subject: string, why: string) => void;

/** The tasks, open and closed, of all accounts. */
function tasksOf({ items }: Pick<Snapshot, 'items'>): Snapshot['items'] {
  return items.filter((item) => item.sk === '#TASK');
}

/** The inbound events that were rejected, by their own ids: as everybody was told, since the table forgets them after two weeks. */
function rejections({ items, events }: Snapshot): Set<string> {
  const told = events.filter((event) => event.source === OURS && event['detail-type'] === 'EventRejected');
  return new Set([...remembered({ items }), ...told.map((event) => String(event.detail.eventId).slice('rejected:'.length))]);
}

/** Those that the table still holds. */
function remembered({ items }: Pick<Snapshot, 'items'>): Set<string> {
  return new Set(items.filter((item) => item.sk === '#REJECTED').map((item) => String(item.eventId)));
}

/** Invariant 3. */
function checkMoney(account: StoredAccount, { events }: Snapshot, rejected: Set<string>, complain: Complain): void {
  const state = JSON.parse(String(account.head.state)) as Account;
  const own = events.filter(
    (event) =>
      event.source !== OURS &&
      event.detail.accountId === account.accountId &&
      !rejected.has(event.id) &&
      !rejected.has(`payment-${String(event.detail.paymentId)}`),
  );
  const owed = owedBy(own);
  const held = { overdue: overdueMinor(state), balance: balanceMinor(state) };
  if (held.overdue !== owed.overdue || held.balance !== owed.balance)
    complain(3, account.accountId, `owes ${JSON.stringify(owed)} by the facts, ${JSON.stringify(held)} by the record`);
}

/** Invariant 4: exactly one execution runs for an open case, the one that the head names, and it waits for a time to come. */
function checkOwner(account: StoredAccount, snapshot: Snapshot, governors: Map<string, GovernorState>, complain: Complain): void {
  const { accountId, head } = account;
  const running = snapshot.executions.filter(
    (execution) => execution.status === 'RUNNING' && (JSON.parse(execution.input) as { accountId?: string }).accountId === accountId,
  );
  const names = running.map((execution) => execution.name);
  const listed = governors.get(String((JSON.parse(String(head.state)) as Account).customerId))?.openCases ?? [];
  const isListed = listed.some((row) => row.accountId === accountId && row.caseId === head.caseId);
  if (listed.filter((row) => row.accountId === accountId).length > 1) complain(4, accountId, 'is listed twice with its customer');
  if (head.caseStatus !== 'open') {
    if (names.length > 0) complain(4, accountId, `no case is open and ${names.join(', ')} runs`);
    const { import: waiting } = JSON.parse(String(head.state)) as Account;
    if (head.waitToken !== undefined || head.sweepAt !== waiting?.waitsUntil) complain(4, accountId, 'waits for something after its end');
    if (isListed) complain(4, accountId, 'is listed with its customer after its end');
    return;
  }
  if (!isListed) complain(4, accountId, 'has an open case that its customer does not list');
  if (names.length !== 1 || names[0] !== head.execName || running[0]?.machine !== head.execMachine)
    complain(4, accountId, `is owned by ${String(head.execName)}, and ${names.join(', ') || 'nothing'} runs`);
  if (head.stage !== head.execMachine) complain(4, accountId, `is in ${String(head.stage)} and worked by ${String(head.execMachine)}`);
  if (head.waitToken === undefined) complain(4, accountId, 'has no wait');
  else if (head.waitSignals !== head.signals) complain(4, accountId, `waits without having seen ${String(head.signals)} signals`);
  else if (Date.parse(String(head.waitUntil)) <= snapshot.now) complain(4, accountId, `waited until ${String(head.waitUntil)}`);
}

/** Invariant 5, and that the queues say what the case says. */
function checkTasks({ accountId, head }: StoredAccount, all: Snapshot['items'], complain: Complain): void {
  const current = (JSON.parse(String(head.state)) as Account).case;
  const tasks = all.filter((item) => item.accountId === accountId);
  const open = tasks.filter((item) => item.taskStatus === 'open').map((item) => String(item.taskId));
  const known = current?.status === 'open' ? current.tasks.map((task) => task.taskId) : [];
  if (!isDeepStrictEqual(open.sort(), [...known].sort()))
    complain(5, accountId, `the queues hold ${open.join(', ')}, the case ${known.join(', ')}`);
  if (tasks.some((item) => String(item.taskQueue) !== `${String(item.queue)}#${String(item.taskStatus)}`))
    complain(5, accountId, 'a task lies in the wrong queue');
  if (current === undefined || current.status === 'open') return;
  if (current.tasks.length > 0) complain(5, accountId, 'the closed case has open tasks');
  if (current.promises.some((promise) => promise.status === 'open')) complain(5, accountId, 'the closed case has open promises');
  if (current.plan?.status === 'active') complain(5, accountId, 'the closed case has a running arrangement');
}

/** Invariant 8. */
function checkChain({ accountId, head, lines, chain }: StoredAccount, complain: Complain): void {
  let previous = '0'.repeat(64);
  for (const [index, { text, hash }] of chain.entries()) {
    const line = lines[index];
    if (line?.seq !== index + 1) complain(8, accountId, `entry ${index + 1} is missing`);
    if (line?.previousHash !== previous) complain(8, accountId, `entry ${index + 1} does not follow the one before it`);
    if (createHash('sha256').update(text).digest('hex') !== hash) complain(8, accountId, `entry ${index + 1} has another hash`);
    previous = hash;
  }
  if (head.version !== chain.length) complain(8, accountId, `version ${String(head.version)} with ${chain.length} entries`);
  if (head.headHash !== previous) complain(8, accountId, 'the head names another last entry');
  const entries = lines.map(({ previousHash: _chain, ...entry }) => entry as unknown as Entry);
  const replayed: unknown = JSON.parse(JSON.stringify(replay(emptyAccount(accountId), entries)));
  if (!isDeepStrictEqual(replayed, JSON.parse(String(head.state)))) complain(8, accountId, `replayed it is ${difference(replayed, head)}`);
}

function difference(replayed: unknown, head: PlainItem): string {
  const stored = JSON.parse(String(head.state)) as Record<string, unknown>;
  const other = replayed as Record<string, unknown>;
  const names = [...new Set([...Object.keys(stored), ...Object.keys(other)])].filter(
    (name) => !isDeepStrictEqual(stored[name], other[name]),
  );
  return names.map((name) => `${name}: ${JSON.stringify(other[name])} for ${JSON.stringify(stored[name])}`).join('; ');
}

const SILENT = [
  'AccountOverdue',
  'BalanceUpdated',
  'StatementIssued',
  'PaymentReceived',
  'PaymentReversed',
  'HoldPlaced',
  'HoldReleased',
  'CustomerUpdated',
  'CaseImported',
  'CaseTakenOver',
  'AccountStatusChanged',
  'LegalStatusReported',
];

/** Every event out is an entry, and the journey's own entries are events out in their order (design section 2, the timeline is the truth). */
function checkPublished({ accountId, lines }: StoredAccount, { events }: Snapshot, complain: Complain): void {
  const out = events.filter(
    (event) => event.source === OURS && event.detail.accountId === accountId && event['detail-type'] !== 'EventRejected',
  );
  const seqs = out.map((event) => Number(event.detail.seq));
  for (const event of out) {
    const line = lines[Number(event.detail.seq) - 1];
    if (line?.type !== event['detail-type'] || event.detail.eventId !== `${line.caseId ?? accountId}:${line.seq}`)
      complain(7, accountId, `${event['detail-type']} ${String(event.detail.eventId)} was said and did not happen`);
  }
  for (const line of lines) {
    if (
      [
        'JourneyOpened',
        'StageEntered',
        'ContactSent',
        'TaskOpened',
        'TaskClosed',
        'AccountCured',
        'JourneyClosed',
        'LegalReferred',
        'AccountActionAdvised',
      ].includes(line.type)
    ) {
      if (!seqs.includes(line.seq)) complain(7, accountId, `${line.type} ${line.seq} happened and was not said`);
    } else if (SILENT.includes(line.type) && seqs.includes(line.seq)) complain(7, accountId, `${line.type} ${line.seq} was said`);
  }
  const first = seqs.filter((seq, index) => seqs.indexOf(seq) === index);
  if (first.some((seq, index) => index > 0 && seq < (first[index - 1] ?? 0)))
    complain(7, accountId, `events out of order: ${first.join(' ')}`);
}

/** Invariant 7: each event that came in is on its subject's record, or rejected and in the dead-letter queue once. */
function checkInbound(
  snapshot: Snapshot,
  accounts: readonly StoredAccount[],
  governors: Map<string, GovernorState>,
  { rejected, lettersRepeat }: { readonly rejected: Set<string>; readonly lettersRepeat: boolean },
  complain: Complain,
): void {
  const letters = snapshot.deadLetters.map((body) => letterId(body));
  const said = snapshot.events.filter((event) => event['detail-type'] === 'EventRejected').map((event) => String(event.detail.eventId));
  for (const event of snapshot.events.filter((row) => row.source !== OURS)) {
    const copies = letters.filter((id) => id === event.id).length;
    if (rejected.has(event.id)) {
      const isKept = snapshot.now - Date.parse(event.time) < LETTERS_KEPT_MILLIS;
      if ((copies === 0 && isKept) || (copies > 1 && !lettersRepeat))
        complain(7, event.id, `rejected, and ${copies} times in the dead-letter queue`);
      if (!said.includes(`rejected:${event.id}`)) complain(7, event.id, 'rejected, and nobody was told');
      continue;
    }
    // What was recorded, and whose function then failed five times, is there too.
    if (copies > 0 && !lettersRepeat) complain(7, event.id, `${event['detail-type']} is in the dead-letter queue without a rejection`);
    if (!isRecorded(event, snapshot, accounts, governors)) complain(7, event.id, `${event['detail-type']} is on nobody's record`);
  }
}

function letterId(body: string): string {
  try {
    return String((JSON.parse(body) as { id?: unknown }).id);
  } catch {
    return '';
  }
}

function isRecorded(
  event: BusEvent,
  { items }: Snapshot,
  accounts: readonly StoredAccount[],
  governors: Map<string, GovernorState>,
): boolean {
  const { detail, 'detail-type': type } = event;
  const has = (name: string) =>
    accounts.some(
      (account) => account.lines.some((line) => line.type === type && line[name] === detail[name]) && concerns(account, detail),
    );
  switch (type) {
    case 'AccountOverdue':
    case 'BalanceUpdated':
      return accounts.some(
        (account) => concerns(account, detail) && account.lines.some((line) => line.type === type && sameTime(line.asOf, detail.asOf)),
      );
    case 'PaymentReceived':
    case 'PaymentReversed':
      return has('paymentId');
    case 'StatementIssued':
      return has('statementId');
    case 'HoldPlaced':
      return has('holdId') || (governors.get(String(detail.customerId))?.holds.some((hold) => hold.holdId === detail.holdId) ?? false);
    case 'HoldReleased':
      return items.some((item) => item.pk === `FACT#hold-released#${String(detail.holdId)}`);
    case 'CustomerUpdated':
      return items.some((item) => item.pk === `CUSTOMER#${String(detail.customerId)}` && item.sk.startsWith('FACT#CustomerUpdated#'));
    case 'TaskOutcomeReported':
      return has('taskId');
    case 'DeliveryReported':
      return accounts.some(({ lines }) =>
        lines.some((line) => line.type === type && line.contactId === detail.contactId && line.status === detail.status),
      );
    case 'AccountStatusChanged':
    case 'LegalStatusReported': {
      const entry = detail.retracted === true ? 'AccountStatusRetracted' : type;
      return accounts.some(
        (account) =>
          concerns(account, detail) &&
          account.lines.some((line) => line.type === entry && sameTime(line.changedAt ?? line.reportedAt ?? line.retractedAt, detail.at)),
      );
    }
    case 'PlanBooked':
    case 'PlanRejected':
      return accounts.some(({ lines }) =>
        lines.some((line) => line.type === type && line.planId === detail.planId && sameTime(line.bookedAt ?? line.rejectedAt, detail.at)),
      );
    case 'CaseImported':
      return has('importId');
    case 'ContactReported':
      return items.some((item) => item.pk === `FACT#contact#${String(detail.contactId)}`);
    default:
      return false;
  }
}

function concerns(account: StoredAccount, detail: BusEvent['detail']): boolean {
  return detail.accountId === undefined || detail.accountId === account.accountId;
}

function sameTime(one: unknown, other: unknown): boolean {
  return Date.parse(String(one)) === Date.parse(String(other));
}

/** Items that hold personal data by design; everything else in the table, and everything that leaves it, holds none. */
function holdsPersonalData({ pk, sk }: PlainItem): boolean {
  return sk === 'PROFILE' || sk.startsWith('TEXT#') || sk.startsWith('NOTES#') || pk.startsWith('REJECTED#');
}

/** Invariant 9. */
function checkPrivacy(snapshot: Snapshot, personal: readonly string[], complain: Complain): void {
  const places: [string, readonly string[]][] = [
    ['execution history', snapshot.executions.flatMap((execution) => [execution.name, execution.input, execution.history])],
    ['events out', snapshot.events.filter((event) => event.source === OURS).map((event) => JSON.stringify(event))],
    ['logs', snapshot.logs],
    ['table', snapshot.items.filter((item) => !holdsPersonalData(item)).map((item) => JSON.stringify(item))],
  ];
  for (const [place, texts] of places) {
    for (const word of personal) if (texts.some((text) => text.includes(word))) complain(9, place, `holds ${word}`);
  }
}
