import type { Party } from '../account-facts.ts';
import type { ContactPoint, Governor } from '../customer.ts';
import { verdictForOthers } from '../decide/rests.ts';
import { gateFacts, quietEnds, type World } from '../decide/world.ts';
import { judge } from '../gate/gate.ts';
import type { Verdict } from '../gate/types.ts';
import { type Account, type Channel, type Purpose, STAGES } from '../model.ts';
import { PARTY_RULES, type PartyRule } from '../policy/parties.ts';

/** Joint holders and guarantors: who may be contacted about an account beside its customer, from when, and by whose caps. */

/** Why a party may not be contacted now. `never` does not pass by itself; `wait` does, as the case goes on. */
export interface PartyRefusal {
  readonly decision: 'never' | 'wait';
  readonly rule: 'PARTY.UNKNOWN' | 'PARTY.THIRD' | 'PARTY.NOT-LIABLE' | 'PARTY.PRIMARY-FIRST' | 'PARTY.NO-RECORD';
  readonly why: string;
}

/** The party of an account by its customer's id. */
export function partyOf(account: Pick<Account, 'facts'>, customerId: string): Party | undefined {
  return account.facts.parties?.find((party) => party.customerId === customerId);
}

/**
 * Why a party may not be contacted about a case; undefined where only the gate is left to ask. What stops contact about the account
 * stops it with everybody.
 *
 * @param world of the account's own customer
 * @param record the party's own record: points, wishes, caps and holds of their own
 */
export function partyRefusal(world: World, party: Party | undefined, record: Governor | undefined): PartyRefusal | undefined {
  if (party === undefined) return { decision: 'never', rule: 'PARTY.UNKNOWN', why: 'Nobody of this id is party to the account' };
  const rule = PARTY_RULES[party.role];
  if (rule === undefined)
    return { decision: 'never', rule: 'PARTY.THIRD', why: `A ${party.role} holder is a third party: nothing is said to them` };
  if (!party.liable) return { decision: 'never', rule: 'PARTY.NOT-LIABLE', why: 'This party does not answer for the account' };
  const first = primaryFirst(world, rule);
  if (first !== undefined) return { decision: 'wait', rule: 'PARTY.PRIMARY-FIRST', why: `${rule.why}: ${first}` };
  if (record === undefined || !record.known)
    return { decision: 'wait', rule: 'PARTY.NO-RECORD', why: 'The bank has not sent the record of this party yet' };
  return undefined;
}

/** What the account's own customer has yet to have heard or had. */
function primaryFirst({ current, daysPastDue }: World, rule: PartyRule): string | undefined {
  if (STAGES.indexOf(current.stage) < STAGES.indexOf(rule.fromStage)) return `the case is in the stage ${current.stage}`;
  if (daysPastDue < rule.minimumDaysPastDue) return `the account is ${daysPastDue} days past due`;
  if (current.writtenDemands < rule.writtenDemands) return `${current.writtenDemands} written demands were sent`;
  return rule.afterNotice && current.legal.noticeServedAt === undefined ? 'no formal notice was served' : undefined;
}

/**
 * The word on a contact with a party: first what the ladder would itself wait for about the account, then the party's own gate, by
 * their own place, points, wishes, holds and counts. No contact with them counts for the account's customer, nor the other way round.
 */
export function verdictForParty(
  world: World,
  party: Party,
  record: Governor,
  request: { readonly channel: Channel; readonly point: ContactPoint; readonly purpose: Purpose },
  at: number,
): Verdict {
  const refusal = partyRefusal(world, party, record);
  if (refusal !== undefined) return { decision: 'deny', rule: refusal.rule, why: refusal.why };
  const { accountId, jurisdiction: _primarys, ...own } = world.account;
  const account = { ...own, accountId, ...(record.jurisdiction === undefined ? {} : { jurisdiction: record.jurisdiction }) };
  const theirs: World = { ...world, account, governor: { ...record, holds: [...record.holds, ...(world.governor?.holds ?? [])] } };
  const rests = verdictForOthers(theirs, request.channel, request.point, request.purpose, at);
  if (party.role !== 'guarantor' || rests.decision === 'deny') return rests;
  // Whether a pack lets anybody but the customer be asked: the joint holder is a customer, the guarantor is not.
  const asGuarantor = { ...request, accountId, target: 'guarantor' as const };
  const verdict = judge(asGuarantor, gateFacts(theirs, at, quietEnds(theirs)), at);
  return verdict.decision === 'allow' ? rests : verdict;
}
