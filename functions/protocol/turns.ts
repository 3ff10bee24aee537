import { DAY, toInstant, toMillis } from '../../domain/calendar.ts';
import { ownedCase } from '../../domain/case-status.ts';
import type { Governor } from '../../domain/customer.ts';
import { type Decision, decide } from '../../domain/decide/decide.ts';
import { type Proposal, type World, worldOf } from '../../domain/decide/world.ts';
import type { Account } from '../../domain/model.ts';
import { type Deployment, Journal, type Setting } from '../../domain/record/journal.ts';
import { settingFor } from '../../domain/record/setting.ts';
import type { OtherAccount } from '../../domain/strategy/accounts.ts';
import { partiesInReach } from '../../domain/strategy/parties.ts';
import { trackChange } from '../../domain/strategy/tracks.ts';
import type { Item, Key, Table } from '../adapters/table.ts';
import type { Turn } from '../contract/turn.ts';
import { type Change, commit } from './commit.ts';
import { type GovernorRecord, governorKey, type Head, headKey, readGovernor, readHead } from './items.ts';

/**
 * The state has moved since Decide: the machine catches this name and decides again (protocol.md section 3). Nothing was done.
 */
export class DecideAgain extends Error {
  override readonly name = 'DecideAgain';
}

export interface TurnPorts {
  readonly table: Table;
  readonly deployment: Deployment;
  readonly now: number;
}

/** A case as one invocation sees it: one picture of head and governor, and the decision for this instant. */
export interface CaseView {
  readonly head: Head;
  readonly governor: GovernorRecord;
  readonly setting: Setting;
  readonly world: World;
  readonly decision: Decision;
  /** The customer's other accounts with an open case, read after the picture: a message that speaks for them checks their versions. */
  readonly others: readonly OtherAccount[];
  /** The records of the other parties of the account that may be written to now, read after the picture too: a message to one checks theirs. */
  readonly parties: readonly GovernorRecord[];
  readonly more: readonly (Item | undefined)[];
}

/** An execution is renewed before its own limits: a year, and 25,000 events of history (https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html). */
const EXECUTION_DAYS_MAX = 300;

/** Reads head and governor in one picture and decides; of an account without an open case, the head alone. */
export async function viewCase(
  ports: TurnPorts,
  accountId: string,
  customerId: string,
  more: readonly Key[] = [],
): Promise<CaseView | { readonly head: Head }> {
  const [headItem, governorItem, ...rest] = await ports.table.snapshot([headKey(accountId), governorKey(customerId), ...more]);
  const head = readHead(accountId, headItem);
  const governor = readGovernor(customerId, governorItem);
  const current = ownedCase(head.account);
  if (current === undefined) return { head };
  const setting = settingFor(ports.deployment, head.account, ports.now, governor.governor);
  const others = await othersOf(ports, governor.governor, accountId);
  const alone = worldOf(head.account, current, governor.governor, setting, others);
  const parties = await partiesOf(ports, alone);
  const world = withParties(alone, parties);
  return { head, governor, setting, world, decision: renewed(head, world, decide(world)), others, parties, more: rest };
}

/** A figure names at most twenty, and most accounts have none: of those nothing is read. */
async function partiesOf(ports: TurnPorts, world: World): Promise<readonly GovernorRecord[]> {
  const inReach = partiesInReach(world);
  if (inReach.length === 0) return [];
  const items = await ports.table.snapshot(inReach.map((party) => governorKey(party.customerId)));
  return inReach.map((party, index) => readGovernor(party.customerId, items[index]));
}

function withParties(world: World, parties: readonly GovernorRecord[]): World {
  if (world.account.facts.parties === undefined) return world;
  return { ...world, parties: parties.map(({ governor }) => governor) };
}

/** Nobody has more; of somebody who does, the first ones share their messages and the others speak for themselves. */
const OTHERS_MAX = 10;

async function othersOf(ports: TurnPorts, governor: Governor, accountId: string): Promise<readonly OtherAccount[]> {
  const open = governor.openCases.filter((row) => row.accountId !== accountId).slice(0, OTHERS_MAX);
  if (open.length === 0) return [];
  const heads = await ports.table.snapshot(open.map((row) => headKey(row.accountId)));
  return open.map((row, index) => {
    const { account, version } = readHead(row.accountId, heads[index]);
    return { account, version };
  });
}

/** A wait in an old execution becomes a hand-over to itself. */
function renewed(head: Head, world: World, decision: Decision): Decision {
  const old = head.execSince !== undefined && world.now - toMillis(head.execSince) > EXECUTION_DAYS_MAX * DAY;
  if (!old || decision.proposal.kind !== 'wait') return decision;
  const why = `The execution is older than ${EXECUTION_DAYS_MAX} days`;
  return { ...decision, proposal: { kind: 'hand-over', act: 'hand-over', at: world.now, to: world.current.stage, move: 'fall', why } };
}

/**
 * The view for an act that Decide chose: the same account at the same version, owned by the same execution, and still the same act by
 * this invocation's own now.
 *
 * @throws DecideAgain where anything moved
 */
export async function viewForAct<K extends Proposal['kind']>(
  ports: TurnPorts,
  turn: Turn,
  kind: K,
  more: readonly Key[] = [],
): Promise<CaseView & { readonly proposal: Extract<Proposal, { kind: K }> }> {
  const view = await viewCase(ports, turn.accountId, turn.customerId, more);
  const { head } = view;
  if (!('decision' in view) || head.execN !== turn.execN) throw new DecideAgain('The case is closed or belongs to another execution');
  if (head.version !== turn.version) throw new DecideAgain(`The case moved from version ${turn.version} to ${head.version}`);
  const { proposal } = view.decision;
  if (proposal.kind !== kind || proposal.act !== turn.act) throw new DecideAgain(`Now ${proposal.act} is due, not ${turn.act}`);
  return { ...view, proposal: proposal as Extract<Proposal, { kind: K }> };
}

/** Until when to wait after an act: what the case as it is now asks for next, strictly after now. */
export function untilAfter(ports: TurnPorts, view: CaseView, account: Account, changed = view.governor.governor): string {
  const current = ownedCase(account);
  if (current === undefined) return toInstant(ports.now + 1000);
  // The ledger that changed is the customer's, or that of a party who was written to.
  const isPartys = changed.customerId !== view.governor.governor.customerId;
  const governor = isPartys ? view.governor.governor : changed;
  const parties = view.parties.map((row) => (row.governor.customerId === changed.customerId ? { ...row, governor: changed } : row));
  const next = decide(withParties(worldOf(account, current, governor, { ...view.setting, governor }, view.others), parties));
  // Something more is due at once: the shortest wait, so that the act in hand keeps its four transitions.
  return toInstant(next.proposal.kind === 'wait' ? next.until : ports.now + 1000);
}

/** What an act writes into; a change of track that bent the act goes before it. */
export function journalOf(view: CaseView): Journal {
  const journal = new Journal(view.head.account, view.setting);
  for (const change of trackChange(view.world)) journal.add(change);
  return journal;
}

/**
 * Commits an act on the version and the signals that Decide read, as the execution that owns the case.
 *
 * @param more what goes with it: a start, a closing, the governor, further items
 * @throws DecideAgain where anything moved meanwhile; nothing was written then
 */
export async function commitAct(
  ports: TurnPorts,
  turn: Turn,
  view: CaseView,
  journal: Journal,
  more: Pick<Change, 'start' | 'closing' | 'governor' | 'facts' | 'unmoved' | 'unmovedGovernor'> = {},
): Promise<Head> {
  const owner = { execN: turn.execN, signals: turn.signals };
  const outcome = await commit(ports.table, { head: view.head, journal, now: ports.now, signal: false, owner, ...more });
  if (!outcome.ok) throw new DecideAgain(`The ${outcome.failed} moved before ${turn.act} was committed`);
  return outcome.head;
}

/** What an act hands on: Decide's turn with the new deadline, never newer signals. */
export interface Acted {
  readonly until: string;
}
