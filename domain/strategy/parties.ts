import type { Party } from '../account-facts.ts';
import { addDays, DAY, localDate, startOfDay, toMillis } from '../calendar.ts';
import { isUndelivered } from '../contact-points/delivery.ts';
import { findingOn } from '../contact-points/health.ts';
import type { ContactPoint, Governor } from '../customer.ts';
import { proposeSeries } from '../decide/messages.ts';
import { verdictForOthers } from '../decide/rests.ts';
import { messageEnds, missingFrom, proofOf } from '../decide/visit-proof.ts';
import { ownPoints, type PlannedContact, type Proposal, type World } from '../decide/world.ts';
import type { Verdict } from '../gate/types.ts';
import { activeHold } from '../holds.ts';
import { missingIn } from '../minima.ts';
import {
  type Account,
  type Case,
  type Channel,
  MESSAGE_CHANNELS,
  type MessageChannel,
  type Purpose,
  STAGES,
  type Stage,
} from '../model.ts';
import type { Ladder } from '../policy/ladder.ts';
import type { PartyRule } from '../policy/parties.ts';
import { isWrittenDemand } from '../reducer/contacts.ts';
import { caseToldTo, PARTIES_KEPT, type Recipient } from '../reducer/parties.ts';
import { sha256 } from '../timeline.ts';
import { messageChannels } from './channels.ts';
import { paced, rulesOf } from './tracks.ts';

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

/** A party whom the case may have something to say to, in the stage where it stands: what changes for them may change what comes next. */
export function recipientOf(
  account: Pick<Account, 'facts'>,
  { stage }: Pick<Case, 'stage'>,
  { parties: { rules } }: Pick<Ladder, 'parties'>,
  customerId: string,
): Recipient | undefined {
  const party = partyOf(account, customerId);
  const rule = party?.liable ? rules[party.role] : undefined;
  if (party === undefined || rule === undefined || isBelow(stage, rule)) return undefined;
  return { customerId, role: party.role };
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
  const refusal = ruleRefusal(world, party);
  if (refusal !== undefined) return refusal;
  if (record === undefined || !record.known)
    return { decision: 'wait', rule: 'PARTY.NO-RECORD', why: 'The bank has not sent the record of this party yet' };
  return undefined;
}

/** The same, as far as the account says it. */
function ruleRefusal(world: World, party: Party): PartyRefusal | undefined {
  const rule = world.setting.ladder.parties.rules[party.role];
  if (rule === undefined)
    return { decision: 'never', rule: 'PARTY.THIRD', why: `A ${party.role} holder is a third party: nothing is said to them` };
  if (!party.liable) return { decision: 'never', rule: 'PARTY.NOT-LIABLE', why: 'This party does not answer for the account' };
  const first = primaryFirst(world, rule);
  return first === undefined ? undefined : { decision: 'wait', rule: 'PARTY.PRIMARY-FIRST', why: `${rule.why}: ${first}` };
}

/** What the account's own customer has yet to have heard or had. */
function primaryFirst(world: World, rule: PartyRule): string | undefined {
  const { account, current, daysPastDue, setting, today } = world;
  if (isBelow(current.stage, rule)) return `the case is in the stage ${current.stage}`;
  if (daysPastDue < rule.minimumDaysPastDue) return `the account is ${daysPastDue} days past due`;
  const reached = arrivedDemands(world);
  if (reached < rule.writtenDemands && !(rule.orExhausted && isOutOfReach(world)))
    return `${reached} written demands have reached the customer`;
  return rule.afterOffer ? missingIn('plan', current, { today, timeZone: account.timeZone, ladder: setting.ladder }) : undefined;
}

/** Written demands of the account's own customer that arrived or had the time to; those that came back are not counted at all. */
function arrivedDemands(world: World): number {
  return world.current.writtenDemands - demandsOnTheirWay(world).length;
}

/** When each demand to the customer that is on its way will have had its time. Epoch milliseconds. */
function demandsOnTheirWay(world: World): readonly number[] {
  return world.current.contacts
    .filter((contact) => isWrittenDemand(contact) && !isUndelivered(contact))
    .map((contact) => messageEnds(world, contact) ?? 0)
    .filter((ends) => ends > world.now);
}

/** The customer was tried by everything there is, or nothing there is can be used. */
function isOutOfReach(world: World): boolean {
  const { governor, setting, today } = world;
  if (governor === undefined || !governor.known) return false;
  const own = governor.points.filter((point) => point.owner === 'self' && (point.channel === 'voice' || isMessageChannel(point.channel)));
  if (own.every((point) => findingOn(governor.findings, point) !== undefined)) return true;
  return missingFrom(proofOf(world), setting.ladder.fieldVisit, today).length === 0;
}

function isMessageChannel(channel: Channel): boolean {
  return (MESSAGE_CHANNELS as readonly Channel[]).includes(channel);
}

// ---- what a party is judged by ---------------------------------------------------------------------------------------------------

/**
 * The case as a contact with a party is judged and decided: by their own place, points, wishes, holds and counts, and by what they were told
 * of it. What stops contact about the account stands; how its customer is treated, and what a person allowed with the customer, does not.
 */
export function worldOfParty(world: World, party: Party, record: Governor): World {
  const { jurisdiction: _place, case: kept, ...account } = world.account;
  const { pressureApprovedAt: _customers, ...known } = kept ?? world.current;
  const holds = [...record.holds, ...(world.governor?.holds ?? [])];
  const { parties: _parties, target: _target, ...rest } = world;
  return {
    ...rest,
    account: { ...account, case: known, ...(record.jurisdiction === undefined ? {} : { jurisdiction: record.jurisdiction }) },
    current: caseToldTo(world.current, party.customerId),
    governor: { ...record, holds },
    hold: activeHold([...world.account.holds, ...holds], world.now),
    track: 'standard',
    others: [],
    ...(party.role === 'guarantor' ? { target: 'guarantor' } : {}),
  };
}

/** The same for a message that was planned, whoever it is to. */
export function worldOfContact(world: World, { to }: Pick<PlannedContact, 'to'>): World {
  const party = to === undefined ? undefined : partyOf(world.account, to.customerId);
  const record = world.parties?.find(({ customerId }) => customerId === to?.customerId);
  return party === undefined || record === undefined ? world : worldOfParty(world, party, record);
}

/**
 * The word on a contact with a party: first what the ladder would itself wait for about the account, then the party's own gate. No contact
 * with them counts for the account's customer, nor the other way round.
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
  return verdictForOthers(worldOfParty(world, party, record), request.channel, request.point, request.purpose, at);
}

// ---- messages ----------------------------------------------------------------------------------------------------------------------

/** The parties whom nothing of the account keeps from being written to: whether their own record does, is to be read there. */
export function partiesInReach(world: World): readonly Party[] {
  const { account, current } = world;
  const told = current.parties ?? {};
  const seen = new Set([account.customerId]);
  return (account.facts.parties ?? []).filter((party) => {
    const known = told[party.customerId] !== undefined || Object.keys(told).length < PARTIES_KEPT;
    if (seen.has(party.customerId) || !known) return false;
    seen.add(party.customerId);
    return ruleRefusal(world, party) === undefined;
  });
}

/**
 * The messages that are due or planned for the other parties of an account, those first that nothing held back; and when to look again where
 * only time or their own record stands in the way. After everything that is due for the customer.
 */
export function proposePartyMessages(world: World): readonly Proposal[] {
  const { parties } = world;
  if (parties === undefined) return [];
  const proposals = partiesInReach(world).map((party) => forParty(world, party, parties));
  const waitsAlready = ({ proposal, held }: Planned) => Number(proposal.kind === 'send' && held === proposal.contact.key);
  return [
    ...proposals.sort((one, other) => waitsAlready(one) - waitsAlready(other)).map(({ proposal }) => proposal),
    ...untilInReach(world),
  ];
}

interface Planned {
  readonly proposal: Proposal;
  /** The message of this party that found no way when it was last tried. */
  readonly held: string | undefined;
}

const wait = (at: number, why: string): Proposal => ({ kind: 'wait', act: 'wait', at, why });

function forParty(world: World, party: Party, records: readonly Governor[]): Planned {
  const { setting, now } = world;
  const held = world.current.parties?.[party.customerId]?.withheld?.key;
  const record = records.find(({ customerId }) => customerId === party.customerId);
  // In reach since the picture was taken: the next look has it.
  if (record === undefined) return { held, proposal: wait(now + 1000, `The record of a ${party.role} is to be read`) };
  const look = now + setting.ladder.parties.lookEveryDays * DAY;
  if (!record.known) return { held, proposal: wait(look, `The bank has not sent the record of a ${party.role} yet`) };
  const proposal = proposeToParty(world, party, record) ?? wait(look, `Nothing can be sent to a ${party.role} at present`);
  // A record that changes wakes the case; caps that fill and findings that age do not.
  return { held, proposal: proposal.kind === 'wait' && proposal.at > look ? wait(look, proposal.why) : proposal };
}

function proposeToParty(world: World, party: Party, record: Governor): Proposal | undefined {
  const rule = world.setting.ladder.parties.rules[party.role];
  if (rule === undefined) return undefined;
  const { customerId, role } = party;
  const theirs = worldOfParty(world, party, record);
  const { stage, stageEnteredAt, lastMessageAt, sentByStage } = theirs.current;
  const number = Object.values(sentByStage).reduce((sum, count) => sum + count, 1);
  // What lets the customer be left alone for longer holds here too; that the customer is evasive is no reason to write to others more often.
  const days = paced(world.setting.ladder.messageEveryDays[stage], Math.max(1, rulesOf(world).messagePace));
  const { timeZone } = world.account;
  const from =
    lastMessageAt === undefined
      ? toMillis(stageEnteredAt)
      : startOfDay(addDays(localDate(toMillis(lastMessageAt), timeZone), days), timeZone);
  const usable = messageChannels(theirs).filter((channel) => ownPoints(theirs, channel).length > 0);
  const proposal = proposeSeries(theirs, {
    // Ids of customers may be as long as a contact's whole id.
    step: `party-${sha256(customerId).slice(0, 12)}-${number}`,
    template: [rule.template],
    purpose: 'collection',
    // Where calls are made the machine's one way of sending is the message instead of a call.
    act: stage === 'call' ? 'send-message-instead' : 'send-message',
    from,
    why: number === 1 ? `A ${role} is told: ${rule.why}` : `The next message to a ${role}`,
    channels: usable.map((_, index) => usable[(index + number - 1) % usable.length] as MessageChannel),
    againAfterDays: days,
  });
  return proposal?.kind === 'send' ? { ...proposal, contact: { ...proposal.contact, to: { customerId, role } } } : proposal;
}

/** When time alone brings a party into reach, of a stage that is reached: a day past due, a demand that will have arrived, an answer's days. */
function untilInReach(world: World): readonly Proposal[] {
  const { account, current, setting, now } = world;
  const rules = (account.facts.parties ?? []).flatMap((party) => {
    const rule = party.liable ? setting.ladder.parties.rules[party.role] : undefined;
    return rule === undefined || isBelow(current.stage, rule) ? [] : [rule];
  });
  return rules
    .flatMap((rule) => nextStep(world, rule))
    .filter((at) => at > now)
    .map((at) => wait(at, 'Another party of the account may be told from then on'));
}

function isBelow(stage: Stage, { fromStage }: PartyRule): boolean {
  return STAGES.indexOf(stage) < STAGES.indexOf(fromStage);
}

function nextStep(world: World, rule: PartyRule): readonly number[] {
  const { account, current, daysPastDue, setting, today } = world;
  const { timeZone } = account;
  if (daysPastDue < rule.minimumDaysPastDue) return [startOfDay(addDays(today, rule.minimumDaysPastDue - daysPastDue), timeZone)];
  if (arrivedDemands(world) < rule.writtenDemands) return demandsOnTheirWay(world);
  const { planOfferedAt } = current;
  if (!rule.afterOffer || planOfferedAt === undefined) return [];
  return [startOfDay(addDays(localDate(toMillis(planOfferedAt), timeZone), setting.ladder.plan.answerDays), timeZone)];
}
