import { HOUR, toInstant, toMillis } from '../../domain/calendar.ts';
import type { ContactPoint, ContactRow, Governor } from '../../domain/customer.ts';
import { decide } from '../../domain/decide/decide.ts';
import { gateVerdict, type PlannedContact } from '../../domain/decide/world.ts';
import type { Draft } from '../../domain/entries.ts';
import type { Case, MessageChannel } from '../../domain/model.ts';
import { withContactRows } from '../../domain/record/contacts.ts';
import type { Journal } from '../../domain/record/journal.ts';
import { tellParty } from '../../domain/record/parties.ts';
import { contactOf } from '../../domain/reducer/parties.ts';
import { askAgain, comeBack, deliverableUntil, retryAfter } from '../../domain/sending/pauses.ts';
import { asHandedOver } from '../../domain/strategy/accounts.ts';
import { sendingFor } from '../../domain/strategy/flags.ts';
import { bankNameIn } from '../../domain/words/bank-name.ts';
import { hashOfText, keptText } from '../../domain/words/kept.ts';
import { optOutOf } from '../../domain/words/opt-out.ts';
import { type Rendered, render } from '../../domain/words/render.ts';
import { accountLines, namedOffers, slotsOf } from '../../domain/words/slots.ts';
import type { TemplateId } from '../../domain/words/templates.ts';
import { endingOf, type HandedOver, type Letter, type Provider, reasonOf, wordsOf } from '../adapters/providers.ts';
import type { SendingSwitch } from '../adapters/sending-switch.ts';
import { type Item, keyItem, S, text } from '../adapters/table.ts';
import type { Deployment } from '../contract/deployment.ts';
import type { Turn } from '../contract/turn.ts';
import { type Addressee, addresseeOf } from '../protocol/addressee.ts';
import { giveContactBack, type RecordPorts, recordContact, recordShared } from '../protocol/contact-record.ts';
import { contactIdOf, profileKey, textKey } from '../protocol/items.ts';
import { keptItem } from '../protocol/keeping.ts';
import { type Bar, jurisdictionOf, openWay } from '../protocol/open-way.ts';
import type { SendingControls } from '../protocol/sending-controls.ts';
import type { SendingRate } from '../protocol/sending-rate.ts';
import { tellOthers } from '../protocol/shared-contacts.ts';
import { type Acted, type CaseView, commitAct, DecideAgain, journalOf, type TurnPorts, untilAfter, viewForAct } from '../protocol/turns.ts';

export interface SendPorts extends TurnPorts, RecordPorts {
  readonly providers: Readonly<Partial<Record<MessageChannel, Provider>>>;
  readonly sending: SendingSwitch;
  readonly controls: SendingControls;
  readonly rate: SendingRate;
  readonly words: Deployment['words'];
  /** Text messages leave by AWS, which heeds an answer of STOP. */
  readonly textsAnswerable: boolean;
  /** A fresh salt for the hash of a text: kept with the text, gone with it. */
  readonly newSalt: () => string;
}

/** A message that the gate allows, with everything that goes on its way. */
interface Message {
  readonly contact: PlannedContact;
  readonly contactId: string;
  readonly to: Addressee;
  readonly point: ContactPoint;
  readonly address: string;
  readonly rendered: Rendered;
  /** For the headers of an e-mail, where the pack wants it to say how to stop them. */
  readonly unsubscribe?: string | undefined;
  readonly salt: string;
  /** The gate's rule that let it pass. */
  readonly rule: string;
  /** The ledger of whom it is to, with this contact in it. */
  readonly governor: Governor;
}

/** With sending off, or without an address, how long until it is looked at again: nobody lifts either in a hurry. */
const BLOCKED_WAIT_MILLIS = 6 * HOUR;
/** A stop is lifted by people who wait for what it held back. */
const STOPPED_WAIT_MILLIS = HOUR;
/** What waits for a failing provider comes back spread over so long once it is tried again. */
const BREAKER_SPREAD_MILLIS = 5 * 60_000;

/**
 * Sends the message that is due: gate, reserve, hand over, record (protocol.md section 3, "Send"). A retry never repeats the provider
 * call: it finds the reservation and decides again.
 *
 * @throws DecideAgain where the case moved, or the contact exists already
 */
export async function sendContact(turn: Turn, ports: SendPorts): Promise<Acted> {
  const view = await viewForAct(ports, turn, 'send', [profileKey(turn.customerId)]);
  const { account } = view.head;
  const mode = sendingFor(account, await ports.sending.mode(account.facts.product, ports.now));
  if (mode === 'off') return withhold(ports, turn, view, view.proposal.contact, 'sending is off', ports.now + BLOCKED_WAIT_MILLIS);
  const { contact, bar } = await openWay(ports.controls, view, mode === 'on', ports.now);
  if (bar !== undefined) return withhold(ports, turn, view, contact, bar.why, backFrom(ports, view, contact, bar));
  const to = await addresseeOf(ports, view, contact, view.more[0]);
  const point = to?.record.governor.points.find((row) => row.id === contact.contactPointId);
  const address = to?.profile?.addresses?.M?.[contact.contactPointId]?.S;
  // The addresses of a customer may have been erased while the case runs: nothing can go, and nothing is gained by asking at once.
  if (to === undefined || point === undefined || address === undefined)
    return withhold(ports, turn, view, contact, 'the address is gone', ports.now + BLOCKED_WAIT_MILLIS);
  const verdict = gateVerdict(to.world, contact.channel, point, contact.purpose, ports.now);
  if (verdict.decision !== 'allow') throw new DecideAgain(`The gate says ${verdict.decision}: ${verdict.rule}`);

  const contactId = contactIdOf(view.world.current, contact);
  const { rendered, unsubscribe } = compose(ports, view, contact, contactId, to);
  const governor = withContactRows(to.record.governor, [contactRow(view, contact, point.addressKey, ports.now)], ports.now);
  if (mode === 'shadow') return shadow(ports, turn, view, contact, to, governor);

  const waits = await whileFull(ports, turn, view, contact);
  if (waits !== undefined) return waits;
  const message = { contact, contactId, to, point, address, rendered, unsubscribe, salt: ports.newSalt(), rule: verdict.rule, governor };
  await reserve(ports, turn, view, message);
  return handOver(ports, turn, view, message);
}

function compose(
  ports: SendPorts,
  view: CaseView,
  contact: PlannedContact,
  contactId: string,
  to: Addressee,
): { readonly rendered: Rendered; readonly unsubscribe: string | undefined } {
  const { world } = view;
  const channel = contact.channel as MessageChannel;
  const locale = to.record.governor.locale ?? ports.deployment.locale;
  const jurisdiction = jurisdictionOf(to.world);
  const optOut = optOutOf({ channel, contactId, jurisdiction, locale }, ports.words, ports.textsAnswerable, ports.now);
  const slots = {
    ...slotsOf(world, contact.template, text(to.profile, 'name') ?? '', {
      ...ports.words,
      bankName: bankNameIn(ports.words.bankName, locale),
    }),
    accounts: accountLines(world, contact.alsoAbout),
    ...(optOut === undefined ? {} : { unsubscribe: optOut.sentence }),
  };
  return { rendered: render(contact.template as TemplateId, channel, locale, slots, contact.track), unsubscribe: optOut?.address };
}

/** When a message comes back that found every way barred. */
function backFrom(ports: SendPorts, view: CaseView, contact: PlannedContact, { restsUntil }: Bar): number {
  if (restsUntil === undefined) return ports.now + STOPPED_WAIT_MILLIS;
  // One that fails only now and then rests for a minute each time: the longer this goes on, the less often it is asked.
  const rested = comeBack(contactIdOf(view.world.current, contact), restsUntil, BREAKER_SPREAD_MILLIS);
  return Math.max(again(ports, view, contact), rested);
}

function again(ports: SendPorts, { world: { current } }: CaseView, contact: PlannedContact): number {
  const withheld = withheldOf(current, contact);
  const since = withheld?.key === contact.key ? toMillis(withheld.since) : ports.now;
  return askAgain(contactIdOf(current, contact), since, ports.now);
}

/** The channel's rate does not count against the customer, since nothing is reserved yet. */
async function whileFull(ports: SendPorts, turn: Turn, view: CaseView, contact: PlannedContact): Promise<Acted | undefined> {
  const channel = contact.channel as MessageChannel;
  if (await ports.rate.take(channel, contactIdOf(view.world.current, contact), ports.now)) return undefined;
  return withhold(ports, turn, view, contact, `as many messages go by ${channel} as may`, again(ports, view, contact));
}

function contactRow(view: CaseView, contact: PlannedContact, addressKey: string, now: number): ContactRow {
  return {
    id: contactIdOf(view.world.current, contact),
    at: toInstant(now),
    channel: contact.channel,
    kind: 'attempt',
    contactPointId: contact.contactPointId,
    addressKey,
    accountId: view.head.accountId,
    purpose: contact.purpose,
    ...(contact.alsoAbout === undefined ? {} : { alsoAbout: contact.alsoAbout }),
  };
}

function withheldOf(current: Case, { to }: PlannedContact): Case['withheld'] {
  return to === undefined ? current.withheld : current.parties?.[to.customerId]?.withheld;
}

/** The message waits: the timeline says so once for a reason, and the case looks again. */
async function withhold(ports: SendPorts, turn: Turn, view: CaseView, contact: PlannedContact, why: string, until: number): Promise<Acted> {
  const { current } = view.world;
  const withheld = withheldOf(current, contact);
  if (withheld?.key !== contact.key || withheld.why !== why) {
    const journal = journalOf(view);
    const { key, channel, template } = contact;
    journal.add({ type: 'ContactWithheld', contactId: contactIdOf(current, contact), key, channel, template, why, ...contact.to });
    await commitAct(ports, turn, view, journal);
  }
  return { until: toInstant(contact.to === undefined ? until : Math.min(until, untilForCustomer(view))) };
}

/** What holds a message to another party back does not hold back what is planned for the customer. */
function untilForCustomer({ world }: CaseView): number {
  const { parties: _parties, ...alone } = world;
  return decide(alone).until;
}

/** Decided and recorded, counted like a message, and handed to nobody. */
async function shadow(
  ports: SendPorts,
  turn: Turn,
  view: CaseView,
  contact: PlannedContact,
  to: Addressee,
  governor: Governor,
): Promise<Acted> {
  const journal = journalTo(view, contact, to);
  const { key, channel, template, purpose, contactPointId } = contact;
  const { current, today } = view.world;
  const contactId = contactIdOf(current, contact);
  journal.add({
    type: 'ContactSuppressed',
    contactId,
    key,
    channel,
    template,
    why: 'sending is shadow',
    stage: current.stage,
    purpose,
    contactPointId,
    onDate: today,
    ...spoken(contact),
  });
  if (purpose === 'plan-offer') journal.add({ type: 'PlanOffered', offerIds: offersNamed(view), how: 'shadow' });
  const { account } = await commitAct(ports, turn, view, journal, {
    ...judgedBy(view, contact, to, asHandedOver(governor, contactId)),
  });
  await tellOthers(ports, turn.customerId, contact.alsoAbout ?? []);
  return { until: untilAfter(ports, view, account, governor) };
}

async function reserve(ports: SendPorts, turn: Turn, view: CaseView, message: Message): Promise<void> {
  const { contact, contactId, to, governor, rendered, salt, rule } = message;
  const { current } = view.world;
  const journal = journalTo(view, contact, to);
  const { key, channel, contactPointId, template, purpose } = contact;
  journal.add({
    type: 'ContactReserved',
    contactId,
    key,
    channel,
    contactPointId,
    template,
    purpose,
    stage: current.stage,
    rule,
    ...spoken(contact),
  });
  const kept = keptText(rendered);
  const stored: Item = {
    ...keyItem(textKey(view.head.accountId, current.caseId, key)),
    body: S(kept.body),
    salt: S(salt),
    ...(kept.subject === undefined ? {} : { subject: S(kept.subject) }),
    ...keptItem(journal),
  };
  await commitAct(ports, turn, view, journal, {
    ...judgedBy(view, contact, to, governor),
    facts: [{ Put: { TableName: ports.table.name, Item: stored } }],
  });
}

/** What a reservation is written into: where it is another party's, by what of their record, before it. */
function journalTo(view: CaseView, contact: PlannedContact, { record }: Addressee): Journal {
  const journal = journalOf(view);
  if (contact.to !== undefined) tellParty(journal, contact.to, record.governor);
  return journal;
}

/** Everything that a contact was judged by, as it was read: it counts for whom it is to, and the customer's holds stop it all the same. */
function judgedBy(view: CaseView, contact: PlannedContact, { record }: Addressee, next: Governor) {
  return {
    governor: { record, next },
    unmoved: spokenFor(view, contact),
    ...(contact.to === undefined ? {} : { unmovedGovernor: view.governor }),
  };
}

/** What the timeline says of a contact's words: which of its texts, for which other accounts, and to which party. */
function spoken({
  text: words,
  alsoAbout,
  to,
}: PlannedContact): Pick<Draft<'ContactReserved'>, 'text' | 'alsoAbout' | 'customerId' | 'role'> {
  return { ...(words === undefined ? {} : { text: words }), ...(alsoAbout === undefined ? {} : { alsoAbout }), ...to };
}

/** The other accounts that a message names: what it says of them must still be so when it is reserved. */
function spokenFor({ others }: CaseView, { alsoAbout }: PlannedContact) {
  return others
    .filter(({ account }) => alsoAbout?.includes(account.accountId))
    .map(({ account, version }) => ({ accountId: account.accountId, version }));
}

/**
 * Calls the provider, the very next call after the reservation, and records how it ended. A refusal is an answer; a provider that is too
 * busy took nothing; an unknown end (a timeout) leaves the reservation in doubt.
 */
async function handOver(ports: SendPorts, turn: Turn, view: CaseView, message: Message): Promise<Acted> {
  const channel = message.contact.channel as MessageChannel;
  const provider = ports.providers[channel];
  if (provider === undefined) return fail(ports, turn, view, message, 'NoProvider');
  let handed: HandedOver;
  try {
    handed = await provider(letterOf(view, message));
  } catch (error) {
    const ending = endingOf(error);
    if (ending === 'refused') {
      const acted = await fail(ports, turn, view, message, reasonOf(error));
      await ports.controls.answered(channel);
      return acted;
    }
    // Given back before the breaker is told: whoever dies in between has lost nothing.
    const acted = ending === 'not-taken' ? await putOff(ports, turn, view, message, reasonOf(error)) : undefined;
    await ports.controls.failed(channel, ports.clock());
    if (acted === undefined) throw new DecideAgain('It is not known whether the provider took the message');
    return acted;
  }
  const { key, alsoAbout } = message.contact;
  const drafts = sentDrafts(view, message, handed);
  const account =
    alsoAbout === undefined
      ? await recordContact(ports, turn, key, drafts)
      : await recordShared(ports, turn, { key, contactId: message.contactId }, drafts);
  await tellOthers(ports, turn.customerId, alsoAbout ?? []);
  await ports.controls.answered(channel);
  return { until: untilAfter(ports, view, account, message.governor) };
}

async function fail(ports: SendPorts, turn: Turn, view: CaseView, message: Message, error: string): Promise<Acted> {
  const { key } = message.contact;
  const account = await recordContact(ports, turn, key, [
    { type: 'ContactFailed', contactId: message.contactId, key, error, ...message.contact.to },
  ]);
  return { until: untilAfter(ports, view, account, message.governor) };
}

/** Nobody took it: the same contact goes again after a pause, a few times; then the attempt has failed. */
async function putOff(ports: SendPorts, turn: Turn, view: CaseView, message: Message, error: string): Promise<Acted> {
  const { contact, contactId } = message;
  const { key } = contact;
  const deferrals = contactOf(view.world.current, key)?.contact.deferrals ?? 0;
  const again = retryAfter(contactId, deferrals, ports.now);
  if (again === undefined) return fail(ports, turn, view, message, error);
  const draft = { type: 'ContactDeferred', contactId, key, error, notBefore: toInstant(again), ...contact.to } as const;
  const { account, governor } = await giveContactBack(ports, turn, key, draft);
  return { until: untilAfter(ports, view, account, governor) };
}

function letterOf(view: CaseView, { contact, contactId, address, rendered, unsubscribe }: Message): Letter {
  return {
    ...wordsOf(rendered),
    channel: contact.channel as MessageChannel,
    to: address,
    ...(unsubscribe === undefined ? {} : { unsubscribe }),
    labels: { accountId: view.head.accountId, stage: view.world.current.stage, template: contact.template, contactId },
  };
}

/** What the timeline says of a message that was handed over; of one that waits for the bank's gateway, also what that may do with it. */
function sentDrafts(view: CaseView, { contact, contactId, to, point, rendered, salt }: Message, handed: HandedOver): Draft[] {
  const { key, channel, template, purpose, contactPointId } = contact;
  const { world } = view;
  const { locale, version } = rendered;
  const drafts: Draft[] = [
    {
      type: 'ContactSent',
      contactId,
      key,
      channel,
      template: `${template}@${version}`,
      locale,
      bodyHash: hashOfText(salt, keptText(rendered)),
      providerRef: handed.ref,
      onDate: world.today,
      ...contact.to,
    },
  ];
  if (handed.byGateway) {
    const allows = (at: number) => gateVerdict(to.world, channel, point, purpose, at).decision === 'allow';
    const notAfter = toInstant(deliverableUntil(channel as MessageChannel, world.now, allows));
    const textRef = handed.ref;
    const asked = { contactId, key, channel, contactPointId, template, version, locale, textRef, notAfter };
    drafts.push({ type: 'DeliveryRequested', ...asked, ...contact.to });
  }
  if (purpose === 'plan-offer') drafts.push({ type: 'PlanOffered', offerIds: offersNamed(view), how: channel });
  return drafts;
}

/** The ids of the offers that the text of an offering message names. */
function offersNamed({ world }: CaseView): string[] {
  return namedOffers(world).map(({ offerId }) => offerId);
}
