import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { Party } from '../../domain/account-facts.ts';
import { toInstant, toMillis } from '../../domain/calendar.ts';
import type { ContactPoint, Governor } from '../../domain/customer.ts';
import { verdictForOthers } from '../../domain/decide/rests.ts';
import type { World } from '../../domain/decide/world.ts';
import type { Verdict } from '../../domain/gate/types.ts';
import { expiryOf, reservedRow } from '../../domain/record/attempts.ts';
import { withContactRows } from '../../domain/record/contacts.ts';
import { Refusal } from '../../domain/record/journal.ts';
import { isAgency, verdictForAgency } from '../../domain/strategy/agencies.ts';
import { answering, isCallBack } from '../../domain/strategy/figures.ts';
import { partyOf, verdictForParty } from '../../domain/strategy/parties.ts';
import { sha256 } from '../../domain/timeline.ts';
import { type Item, keyItem, N, type Table } from '../adapters/table.ts';
import type { CheckBody } from '../contract/contacts.ts';
import { governorPut } from '../protocol/commit.ts';
import { controlsKey, type GovernorRecord, governorKey, type Head, headKey, readGovernor, readHead } from '../protocol/items.ts';
import { type Ports, ReusedId } from '../protocol/signal.ts';
import { attemptKey, attemptPut, readAttempt, type StoredAttempt } from './attempt-facts.ts';
import { checkUnused, pointOf, type Reserved, reserveOn, stillRunning, unlessStopped, untilUndisturbed, worldFor } from './attempts.ts';

/** The gate for whoever makes contact without a task of ours: diallers, branches, agencies. */

export class UnknownSubject extends Error {
  override readonly name = 'UnknownSubject';
}

export interface Checked {
  readonly verdict: Verdict;
  /** The point that was judged; absent where the customer has none for the channel. */
  readonly contactPointId?: string | undefined;
  readonly reserved?: Reserved | undefined;
}

/** So many cases of a customer are looked at where no account is named. */
const CASES_MAX = 50;

/**
 * The gate's answer to a contact with a customer. With an account that account's case decides along with the customer's wishes, holds and
 * counts; without one the contact may go as soon as it may about any of the customer's open cases. With `reserve` an allow takes the
 * slot for ten minutes.
 *
 * @throws UnknownSubject; Refusal (422) where account or contact point are not the customer's; NotAllowed and ReusedId of a repeat; Busy
 */
export function checkContact(ports: Ports, wanted: CheckBody): Promise<Checked> {
  return untilUndisturbed(() => check(ports, wanted));
}

/** @returns the party that the contact is with, where that is not the account's own customer; @throws Refusal (422) where it is neither */
function partyIn(head: Head, customerId: string): Party | undefined {
  if (head.account.customerId === customerId) return undefined;
  const party = partyOf(head.account, customerId);
  if (party === undefined) throw new Refusal(422, 'must be an account of the customer, or one that they are party to', 'accountId');
  return party;
}

/** Head and governor in one picture, for each account that the contact may be about. */
interface Picture {
  readonly governor: GovernorRecord;
  readonly heads: readonly Head[];
  /** The stops in force. */
  readonly controls: Item | undefined;
  readonly known: StoredAttempt | undefined;
  /** The contact is with another party of the account than its customer, who is `primary`. */
  readonly party?: Party;
  readonly primary?: Governor | undefined;
}

async function check(ports: Ports, wanted: CheckBody): Promise<Checked | undefined> {
  const picture = await look(ports, wanted);
  const { governor, known } = picture;
  if (known !== undefined) return repeated(known, wanted, governor.governor, ports.now);
  checkUnused(governor.governor, wanted.attemptId);
  const best = bestOf(judged(ports, picture, wanted));
  if (best === undefined) return { verdict: noCase(governor.governor, wanted) };
  const { verdict, point } = best;
  if (verdict.decision !== 'allow' || !wanted.reserve) return { verdict, contactPointId: point.id };
  const reserved = await reserve(ports, picture, best, wanted);
  return reserved === undefined ? undefined : { verdict, contactPointId: point.id, reserved };
}

/** @throws UnknownSubject, Refusal (422) */
async function look(ports: Ports, { customerId, accountId, attemptId }: CheckBody): Promise<Picture> {
  const about = accountId === undefined ? await openAccounts(ports, customerId) : [accountId];
  const keys = [governorKey(customerId), ...about.map(headKey), controlsKey, ...(attemptId === undefined ? [] : [attemptKey(attemptId)])];
  const items = await ports.table.snapshot(keys);
  if (items[0] === undefined) throw new UnknownSubject(`There is no customer ${customerId}.`);
  const heads = about.map((id, index) => readHead(id, items[index + 1]));
  if (accountId !== undefined) {
    if (heads[0]?.exists !== true) throw new UnknownSubject(`There is no account ${accountId}.`);
  }
  const party = accountId === undefined || heads[0] === undefined ? undefined : partyIn(heads[0], customerId);
  const [controls, known] = items.slice(1 + about.length);
  const picture = { governor: readGovernor(customerId, items[0]), heads, controls, known: readAttempt(known) };
  return party === undefined ? picture : { ...picture, party, primary: await primaryOf(ports, heads[0]) };
}

/** Whose account it is: their holds stop contact with everybody about it. Theirs is another lock, and none of it is written here. */
async function primaryOf(ports: Ports, head: Head | undefined): Promise<Governor | undefined> {
  const customerId = head?.account.customerId;
  return customerId === undefined ? undefined : readGovernor(customerId, await ports.table.get(governorKey(customerId))).governor;
}

async function openAccounts(ports: Ports, customerId: string): Promise<readonly string[]> {
  const { governor } = readGovernor(customerId, await ports.table.get(governorKey(customerId)));
  return governor.openCases.slice(0, CASES_MAX).map((row) => row.accountId);
}

interface Judged {
  readonly head: Head;
  readonly world: World;
  readonly point: ContactPoint;
  readonly verdict: Verdict;
}

function judged(ports: Ports, { governor, heads, controls, party, primary }: Picture, wanted: CheckBody): Judged[] {
  const { channel, purpose, contactPointId, actor: agency } = wanted;
  const at = wanted.at === undefined ? ports.now : toMillis(wanted.at);
  const own = governor.governor.points.filter((point) => point.channel === channel && point.owner !== 'third-party');
  const points = contactPointId === undefined ? own : [pointOf(governor.governor, channel, contactPointId)];
  return heads.flatMap((head) => {
    const world = worldFor(ports, head, party === undefined ? governor.governor : (primary ?? governor.governor));
    if (world === undefined) return [];
    // Whoever dials for a task of ours is judged in the same way (`reserveAttempt`).
    const asked = isCallBack(world, { channel, purpose }, at) ? answering(world) : world;
    return points.map((point) => {
      const word =
        party === undefined
          ? (isAgency(agency) ? verdictForAgency : verdictForOthers)(asked, channel, point, purpose, at)
          : verdictForParty(world, party, governor.governor, { channel, point, purpose }, at);
      const verdict = unlessStopped(word, world, controls, { channel, agency });
      return { head, world, point, verdict };
    });
  });
}

/** What may go soonest; of equals the first. */
function bestOf(all: readonly Judged[]): Judged | undefined {
  const soonest = ({ verdict }: Judged) => {
    if (verdict.decision === 'allow') return Number.NEGATIVE_INFINITY;
    return verdict.decision === 'defer' ? verdict.notBefore : Number.POSITIVE_INFINITY;
  };
  return all.reduce<Judged | undefined>((best, one) => (best === undefined || soonest(one) < soonest(best) ? one : best), undefined);
}

function noCase(governor: Governor, { channel }: CheckBody): Verdict {
  if (!governor.points.some((point) => point.channel === channel && point.owner !== 'third-party'))
    return { decision: 'deny', rule: 'POINT.NONE', why: `No contact point of the customer for ${channel} is known` };
  return { decision: 'deny', rule: 'STATE.CLOSED', why: 'No case is open' };
}

// ---- reservations ----------------------------------------------------------------------------------------------------------

/** @throws ReusedId where the id belongs to another contact, NotAllowed where its time is over */
function repeated(known: StoredAttempt, wanted: CheckBody, governor: Governor, now: number): Checked {
  const { contactPointId, actor, accountId, customerId, channel } = wanted;
  const same =
    known.taskId === undefined &&
    known.customerId === customerId &&
    known.accountId === accountId &&
    known.channel === channel &&
    known.actor === actor &&
    (contactPointId === undefined || known.contactPointId === contactPointId);
  if (!same) throw new ReusedId('an attempt of this id was made for something else');
  const reserved = stillRunning(known, governor, now);
  return { verdict: { decision: 'allow', rule: 'RESERVED', why: 'Reserved before' }, contactPointId: known.contactPointId, reserved };
}

async function reserve(
  ports: Ports,
  { governor }: Picture,
  { head, world, point, verdict }: Judged,
  wanted: CheckBody,
): Promise<Reserved | undefined> {
  const { customerId, accountId, channel, purpose, actor } = wanted;
  const ownId =
    accountId === undefined
      ? `a-${sha256(customerId).slice(0, 24)}-${governor.version + 1}`
      : `${world.current.caseId}-a${head.version + 1}`;
  const attempt: StoredAttempt = {
    attemptId: wanted.attemptId ?? ownId,
    customerId,
    channel,
    contactPointId: point.id,
    addressKey: point.addressKey,
    purpose,
    accountId,
    actor,
    reservedAt: toInstant(ports.now),
    expiresAt: expiryOf(ports.now),
  };
  if (accountId !== undefined) return reserveOn(ports, { head, governor, world }, attempt, verdict.rule);
  // About no account in particular: it stands in the customer's record alone, as long as the case that allowed it is as it was read.
  const next = withContactRows(governor.governor, [reservedRow(attempt)], ports.now);
  const { ok } = await ports.table.write([
    unmoved(ports.table, head),
    attemptPut(ports.table, attempt, ports.now),
    governorPut(ports.table, { record: governor, next }),
  ]);
  return ok ? { attemptId: attempt.attemptId, expiresAt: attempt.expiresAt } : undefined;
}

function unmoved(table: Table, head: Head): TransactWriteItem {
  return {
    ConditionCheck: {
      TableName: table.name,
      Key: keyItem(headKey(head.accountId)),
      ConditionExpression: 'version = :version',
      ExpressionAttributeValues: { ':version': N(head.version) },
    },
  };
}
