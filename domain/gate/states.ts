import type { AddressFinding } from '../model.ts';
import type { GraceProvision } from '../policy/packs/pack.ts';
import type { ContactRequest, GateFacts, Verdict } from './types.ts';

type Denied = Extract<Verdict, { decision: 'deny' }>;

export function deny(rule: string, why: string): Denied {
  return { decision: 'deny', rule, why };
}

const FINDINGS: Readonly<Record<AddressFinding, string>> = {
  'number-dead': 'The number does not exist any more',
  'wrong-number': 'The number belongs to somebody else',
  'opted-out': 'The customer does not want to be contacted at this address',
  bounced: 'Messages to this address came back',
  complained: 'The customer reported a message to this address as unwanted',
  'address-invalid': 'The address does not exist',
  moved: 'The customer does not live there any more',
  undeliverable: 'Several messages in a row did not arrive at this address',
  malformed: 'The address cannot be one of this channel',
};

/** How the case stands. An agreed plan leaves room for what serves it and for the reminder the customer asked for with a promise. */
function standingDenies({ purpose }: ContactRequest, { standing }: GateFacts): Denied | undefined {
  if (standing.cured) return deny('STATE.CURED', 'Nothing is overdue any more');
  if (!standing.caseOpen) return deny('STATE.CLOSED', 'The case is closed');
  if (standing.heldBy !== undefined) return deny('STATE.HELD', `A hold stops contact: ${standing.heldBy}`);
  if (standing.arranged && purpose !== 'plan-servicing' && purpose !== 'promise-reminder') {
    return deny('STATE.ARRANGED', 'An agreed plan is being kept');
  }
  // What serves an arrangement, and answers to the customer, speak of what was agreed, not of the figure.
  if (standing.figureStale && (purpose === 'collection' || purpose === 'formal-notice' || purpose === 'statutory-notice')) {
    return deny('STATE.STALE', 'The newest figure of the account is too old to collect on');
  }
  return undefined;
}

/** What is known of the address, and whether it may be used at all. */
function pointDenies({ channel, point }: ContactRequest, { findings, wishes }: GateFacts): Denied | undefined {
  if (point.channel !== channel) return deny('POINT.CHANNEL', `The contact point is for ${point.channel}, not for ${channel}`);
  const finding = findings[point.addressKey];
  if (finding !== undefined) return deny('POINT.FINDING', FINDINGS[finding]);
  if (wishes.optedOut.includes(channel)) return deny('POINT.OPTED-OUT', `The customer does not want to be contacted by ${channel}`);
  if (point.consent === false) return deny('POINT.CONSENT', 'The customer refused consent to the use of this address');
  if (point.owner === 'third-party') return deny('POINT.THIRD-PARTY', 'Collection is from the customer only, not from third parties');
  if (point.owner === 'work' && channel !== 'voice') {
    return deny('POINT.WORK', "At a place of work only a person's voice is used, which asks for the customer and names no debt");
  }
  return undefined;
}

/** The first state without a known end that forbids the contact whatever the time; undefined when none does. */
export function stateDenies(request: ContactRequest, facts: GateFacts, graces: readonly GraceProvision[]): Denied | undefined {
  const denied = standingDenies(request, facts);
  if (denied !== undefined) return denied;
  if (request.purpose !== 'plan-servicing') {
    const grace = graces.find(({ days }) => facts.standing.daysPastDue <= days);
    if (grace !== undefined) return deny(grace.rule, grace.text);
  }
  return pointDenies(request, facts);
}
