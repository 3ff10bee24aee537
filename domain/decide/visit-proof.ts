import { daysBetween, HOUR, localDate, toMillis } from '../calendar.ts';
import { isDelivered, isUndelivered } from '../contact-points/delivery.ts';
import { findingOn } from '../contact-points/health.ts';
import type { AddressFinding } from '../customer.ts';
import type { Contact, LocalDate, Tries } from '../model.ts';
import type { Ladder } from '../policy/ladder.ts';
import { ownPoints, type World } from './world.ts';

/**
 * The proof that the remote channels are exhausted (docs/ladder.md): what was tried, when, on which number. It stands on the timeline with
 * the request for a visit, and before whoever approves it. Ids, dates and counts: no personal data.
 */
export interface ExhaustionProof {
  /** The customer's own numbers that may be used, each with what was tried on it. */
  readonly numbers: readonly ({ readonly contactPointId: string } & Partial<Tries>)[];
  /** The own numbers that need not be tried, with what stands against each. */
  readonly unusable?: Readonly<Record<string, AddressFinding>>;
  /** Messages that arrived, came back, or had the time to. */
  readonly messages: number;
  /** The last day on which the customer was spoken to, about whichever account. */
  readonly lastConversationOn?: LocalDate;
}

export function proofOf(world: World): ExhaustionProof {
  const findings = world.governor?.findings ?? {};
  const own = ownPoints(world, 'voice').map((point) => ({ id: point.id, finding: findingOn(findings, point) }));
  const unusable = own.flatMap(({ id, finding }): [string, AddressFinding][] => (finding === undefined ? [] : [[id, finding]]));
  const lastConversationOn = lastSpokenOn(world);
  return {
    numbers: own.filter(({ finding }) => finding === undefined).map(({ id }) => ({ contactPointId: id, ...world.current.tries[id] })),
    ...(unusable.length === 0 ? {} : { unusable: Object.fromEntries(unusable) }),
    messages: endedMessages(world),
    ...(lastConversationOn === undefined ? {} : { lastConversationOn }),
  };
}

/** What a proof lacks, as sentences. */
export function missingFrom(proof: ExhaustionProof, rules: Ladder['fieldVisit'], today: LocalDate): string[] {
  const missing = proof.numbers.flatMap((number) => missingOn(number, rules) ?? []);
  if (proof.messages < rules.messages) missing.push(`fewer than ${rules.messages} messages were delivered or came back`);
  const { lastConversationOn } = proof;
  if (lastConversationOn !== undefined && daysBetween(lastConversationOn, today) < rules.quietDaysAfterConversation)
    missing.push(`the customer was spoken to in the last ${rules.quietDaysAfterConversation} days`);
  return missing;
}

function missingOn(
  { contactPointId, days = 0, firstDate, lastDate, evening, weekend }: ExhaustionProof['numbers'][number],
  { triedDays, triedSpanDays }: Ladder['fieldVisit'],
): string | undefined {
  if (firstDate === undefined || lastDate === undefined || days < triedDays)
    return `number ${contactPointId} was not tried on ${triedDays} days`;
  if (daysBetween(firstDate, lastDate) < triedSpanDays) return `the tries of number ${contactPointId} do not span ${triedSpanDays} days`;
  if (!evening) return `number ${contactPointId} was not tried in the evening`;
  return weekend ? undefined : `number ${contactPointId} was not tried at a weekend`;
}

/** The case knows of its own conversations, the customer's ledger of those about other accounts and in earlier cases. */
function lastSpokenOn({ account, current, governor }: World): LocalDate | undefined {
  const told = (governor?.contacts ?? []).filter((row) => row.kind === 'conversation' && row.pendingUntil === undefined);
  const instants = [...told.map((row) => row.at), ...(current.lastConversationAt === undefined ? [] : [current.lastConversationAt])];
  return instants
    .map((at) => localDate(toMillis(at), account.timeZone))
    .sort()
    .at(-1);
}

/** Messages whose end is known: reported as delivered or come back, or taken by the provider 72 hours ago without a report. */
function endedMessages(world: World): number {
  const tooYoung = world.current.contacts.filter((contact) => counts(contact) && (messageEnds(world, contact) ?? 0) > world.now).length;
  const sent = Object.values(world.current.sentByStage).reduce((sum, count) => sum + count, 0);
  return sent - tooYoung;
}

/** Answers, and notices that the law asks for, are no step of the ladder: the case counts none of them. */
function counts({ purpose }: Contact): boolean {
  return purpose !== 'statutory-notice' && purpose !== 'reply';
}

/** From when on the end of a message is known; undefined for one that was not sent. */
export function messageEnds(world: World, contact: Contact): number | undefined {
  if (contact.sentAt === undefined) return undefined;
  if (isDelivered(contact) || isUndelivered(contact)) return toMillis(contact.sentAt);
  return toMillis(contact.sentAt) + world.setting.ladder.legal.deliveredAfterHours * HOUR;
}
