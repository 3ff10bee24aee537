import { decide } from '../../domain/decide/decide.ts';
import { gateFacts, type PlannedContact, type Proposal, type World } from '../../domain/decide/world.ts';
import { CHANNELS, type MessageChannel } from '../../domain/model.ts';
import { stopFor } from '../../domain/sending/stops.ts';
import { worldOfContact } from '../../domain/strategy/parties.ts';
import type { SendingControls } from './sending-controls.ts';

/** What keeps a message from its channel now. */
export interface Bar {
  readonly why: string;
  /** Until when its provider rests, epoch milliseconds; absent where a person has stopped it. */
  readonly restsUntil?: number;
}

/** Which pack's stops whoever is contacted falls under. */
export function jurisdictionOf(world: World): string {
  return gateFacts(world, world.now, undefined).jurisdiction;
}

/**
 * The way that a message that is due goes: the one that was decided on, or, where a stop or a resting provider bars that, the next of the
 * same step that is open, as the decision would be without the barred channels. Only where it could go at once: what another channel may
 * carry tomorrow waits for the better one.
 *
 * @param asksProviders false where nothing is handed over
 * @returns with `bar` where every way is barred: the contact that was decided on, and what bars that
 */
export async function openWay(
  controls: SendingControls,
  { world, proposal }: { readonly world: World; readonly proposal: Extract<Proposal, { kind: 'send' }> },
  asksProviders: boolean,
  now: number,
): Promise<{ readonly contact: PlannedContact; readonly bar?: Bar }> {
  const bar = await barOf(controls, world, proposal.contact, asksProviders, now);
  if (bar === undefined) return { contact: proposal.contact };
  const barred = [proposal.contact.channel];
  // Each round bars one channel more.
  while (barred.length < CHANNELS.length) {
    const other = decide({ ...world, barred }).proposal;
    if (other.kind !== 'send' || other.act !== proposal.act || other.contact.key !== proposal.contact.key) break;
    if ((await barOf(controls, world, other.contact, asksProviders, now)) === undefined) return { contact: other.contact };
    barred.push(other.contact.channel);
  }
  return { contact: proposal.contact, bar };
}

async function barOf(
  controls: SendingControls,
  world: World,
  contact: PlannedContact,
  asksProviders: boolean,
  now: number,
): Promise<Bar | undefined> {
  const { channel, template } = contact;
  const jurisdiction = jurisdictionOf(worldOfContact(world, contact));
  const stop = stopFor(await controls.stops(now), { channel, template, jurisdiction });
  if (stop !== undefined) return { why: `stopped by ${stop.stopId}` };
  const restsUntil = asksProviders ? await controls.closedUntil(channel as MessageChannel, now) : undefined;
  return restsUntil === undefined ? undefined : { why: `the provider of ${channel} fails`, restsUntil };
}
