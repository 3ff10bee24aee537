import { HOUR, toMillis } from '../../domain/calendar.ts';
import { isActive } from '../../domain/holds.ts';
import type { Account, HoldKind } from '../../domain/model.ts';
import { isConfidential } from '../../domain/strategy/flags.ts';
import { text } from '../adapters/table.ts';
import { ROUTE_SCOPES, SCOPES, type Scope, taskScopes } from '../contract/scopes.ts';
import { id, instant } from '../contract/values.ts';
import { governorKey, headKey, readGovernor, readHead, taskKey } from '../protocol/items.ts';
import type { Ports } from '../protocol/signal.ts';
import type { Caller } from './caller.ts';
import { Conflict, Forbidden, RuleBroken } from './problem.ts';

/** Whether a caller may ask what it asks, before anything is read for the answer or written. */

/** What a request is about, as far as the scopes look at it. */
export interface Asked {
  readonly route: string;
  readonly path: Readonly<Record<string, string | undefined>>;
  readonly body: unknown;
}

/** As what a caller is let in: a customer sees and does less than the people of the bank, the desk nothing that is confidential. */
export type Admitted = 'bank' | 'desk' | 'customer';

/** Acts on a task as what it asks for: not merely on the queue's list. */
const TASK_ACTS: ReadonlySet<string> = new Set([
  'GET /tasks/{taskId}',
  'POST /tasks/{taskId}/claim',
  'POST /tasks/{taskId}/release',
  'POST /tasks/{taskId}/attempts',
  'POST /tasks/{taskId}/outcome',
]);

/**
 * Lets a caller in, as what it is let in.
 *
 * @throws Forbidden naming the rule; RuleBroken where a customer asks for what only the bank may say, Conflict where they asked before
 */
export async function admit(ports: Ports, caller: Caller, asked: Asked): Promise<Admitted> {
  if (caller.kind === 'system') return 'bank';
  const { route, path, body } = asked;
  if (caller.subject === undefined) throw new Forbidden('TOKEN.SUBJECT', 'The token names nobody: it has no claim sub.');
  const wanted = ROUTE_SCOPES[route] ?? [];
  if (!holdsOneOf(caller.scopes, wanted)) throw missing(wanted);
  if (
    !holdsOneOf(
      caller.scopes,
      wanted.filter((scope) => scope !== 'customer'),
    )
  ) {
    const account = await ownAccountOnly(ports, caller.customerId, idIn(path.accountId));
    onlyWhatCustomersSay(route, body, ports.now);
    if (route === 'POST /accounts/{accountId}/holds') onlyOneOfAKind(account, body, ports.now);
    return 'customer';
  }
  if (TASK_ACTS.has(route)) await ownTaskOnly(ports, caller.scopes, idIn(path.taskId));
  if (holdsOneOf(caller.scopes, aboveTheDesk(SCOPES))) return 'bank';
  for (const accountId of await accountsIn(ports, asked)) await notConfidential(ports, accountId);
  return 'desk';
}

/** What is no id names nothing: it is malformed, and the route says so. */
function idIn(value: unknown): string | undefined {
  return id.safeParse(value).data;
}

/** The accounts that a request is about; of a check that names none these are the customer's open ones. */
async function accountsIn(ports: Ports, { route, path, body }: Asked): Promise<readonly string[]> {
  const said = (route === 'POST /contacts/check' ? (body ?? {}) : path) as Readonly<Record<string, unknown>>;
  const accountId = idIn(said.accountId);
  const customerId = idIn(said.customerId);
  if (accountId !== undefined) return [accountId];
  if (customerId === undefined) return [];
  return readGovernor(customerId, await ports.table.get(governorKey(customerId))).governor.openCases.map((row) => row.accountId);
}

function holdsOneOf(scopes: readonly Scope[], wanted: readonly Scope[]): boolean {
  return wanted.some((scope) => scopes.includes(scope));
}

function missing(wanted: readonly Scope[]): Forbidden {
  if (wanted.length === 0) return new Forbidden('SCOPE.ROUTE', 'No token opens this route; systems of the bank call it.');
  return new Forbidden('SCOPE.ROUTE', `This needs one of the scopes ${wanted.join(', ')}.`);
}

/** Another customer's account and one that does not exist get the same answer: ids cannot be tried out. */
async function ownAccountOnly(ports: Ports, customerId: string | undefined, accountId: string | undefined): Promise<Account> {
  const refused = new Forbidden('SCOPE.OWN_ACCOUNTS', "A customer's token opens the customer's own accounts only.");
  if (customerId === undefined || accountId === undefined) throw refused;
  const { account } = readHead(accountId, await ports.table.get(headKey(accountId)));
  if (account.customerId !== customerId) throw refused;
  return account;
}

async function ownTaskOnly(ports: Ports, scopes: readonly Scope[], taskId: string | undefined): Promise<void> {
  const task = taskId === undefined ? undefined : await ports.table.get(taskKey(taskId));
  // What does not exist is answered as that.
  if (task === undefined) return;
  const [queue, objective] = [text(task, 'queue') ?? '', text(task, 'objective') ?? ''];
  const { confidential } = JSON.parse(text(task, 'facts') ?? '{}') as { confidential?: true };
  const wanted = confidential === true ? aboveTheDesk(taskScopes(queue, objective)) : taskScopes(queue, objective);
  if (!holdsOneOf(scopes, wanted))
    throw new Forbidden('SCOPE.TASK', `A ${queue} task (${objective}) needs one of the scopes ${wanted.join(', ')}.`);
}

/** The accounts of colleagues, and of those whom a named team looks after: that team has more than a collector's scope. */
function aboveTheDesk(scopes: readonly Scope[]): readonly Scope[] {
  return scopes.filter((scope) => scope !== 'collector' && scope !== 'customer');
}

async function notConfidential(ports: Ports, accountId: string): Promise<void> {
  const { account } = readHead(accountId, await ports.table.get(headKey(accountId)));
  if (isConfidential(account))
    throw new Forbidden('SCOPE.CONFIDENTIAL', `This account needs one of the scopes ${aboveTheDesk(SCOPES).join(', ')}.`);
}

/** The holds that a customer places by a word of their own; the others follow from what a bank, a court or a register knows. */
const CUSTOMER_HOLDS: readonly HoldKind[] = ['dispute', 'complaint', 'hardship-review'];

/** A clock that runs slow is no false statement. */
const CUSTOMER_CLOCK_HOURS = 24;

/** What a customer says begins now: an earlier beginning would take back days past due, or count payments of before. */
function onlyWhatCustomersSay(route: string, body: unknown, now: number): void {
  const said = (typeof body === 'object' && body !== null ? body : {}) as Readonly<Record<string, unknown>>;
  if (route === 'POST /accounts/{accountId}/holds') {
    if (typeof said.kind === 'string' && !(CUSTOMER_HOLDS as readonly string[]).includes(said.kind))
      throw new RuleBroken(`must be one of ${CUSTOMER_HOLDS.join(', ')}: others are not a customer's to place`, 'kind');
    for (const field of ['placedAt', 'expiresAt'])
      if (said[field] !== undefined) throw new RuleBroken("must not be given: a customer's hold begins now and the bank reviews it", field);
  }
  const agreedAt = route === 'POST /accounts/{accountId}/plans' ? instant.safeParse(said.agreedAt) : undefined;
  // One that is no instant at all is malformed, as it is from anybody.
  if (agreedAt?.success === true && now - toMillis(agreedAt.data) > CUSTOMER_CLOCK_HOURS * HOUR)
    throw new RuleBroken(`must lie at most ${CUSTOMER_CLOCK_HOURS} hours back`, 'agreedAt');
}

/** Each hold stays with the account for ever: a customer's button pressed a thousand times must not fill its item. */
function onlyOneOfAKind({ holds }: Account, body: unknown, now: number): void {
  const { kind, holdId } = (body ?? {}) as Readonly<Record<string, unknown>>;
  if (holds.some((hold) => hold.kind === kind && hold.holdId !== holdId && isActive(hold, now)))
    throw new Conflict('A hold of this kind is in force already.');
}
