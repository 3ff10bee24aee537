import { DAY, HOUR, toInstant } from '../../domain/calendar.ts';
import { gateVerdict, type PlannedContact } from '../../domain/decide/world.ts';
import type { Account, ContactRow, Governor, MessageChannel } from '../../domain/model.ts';
import { LADDER } from '../../domain/policy/ladder.ts';
import { withContactRows } from '../../domain/record/contacts.ts';
import { Journal } from '../../domain/record/journal.ts';
import { sha256 } from '../../domain/timeline.ts';
import { type Rendered, render } from '../../domain/words/render.ts';
import { slotsOf } from '../../domain/words/slots.ts';
import type { TemplateId } from '../../domain/words/templates.ts';
import type { Provider } from '../adapters/providers.ts';
import type { SendingSwitch } from '../adapters/sending-switch.ts';
import { type Item, keyItem, N, S, text } from '../adapters/table.ts';
import type { Turn } from '../contract/turn.ts';
import { commit } from '../protocol/commit.ts';
import { contactIdOf, headKey, profileKey, readHead, textKey } from '../protocol/items.ts';
import { type Acted, type CaseView, commitAct, DecideAgain, type TurnPorts, untilAfter, viewForAct } from '../protocol/turns.ts';

export interface SendPorts extends TurnPorts {
  readonly providers: Readonly<Partial<Record<MessageChannel, Provider>>>;
  readonly sending: SendingSwitch;
  readonly words: { readonly bankName: string; readonly hotline: string; readonly paymentLink: string };
  /** A fresh salt for the hash of a text: kept with the text, gone with it. */
  readonly newSalt: () => string;
  /** Read again after the provider answered: recording has a now of its own. */
  readonly clock: () => number;
}

const TEXT_KEPT_DAYS = 5 * 365;
const RECORD_TRIES_MAX = 10;
/** With sending off, or without an address, how long until it is looked at again. */
const BLOCKED_WAIT_HOURS = 6;

/**
 * Sends the message that is due: gate, reserve, hand over, record (protocol.md section 3, "Send"). A retry never repeats the provider
 * call: it finds the reservation and decides again.
 *
 * @throws DecideAgain where the case moved, or the contact exists already
 */
export async function sendContact(turn: Turn, ports: SendPorts): Promise<Acted> {
  const view = await viewForAct(ports, turn, 'send', [profileKey(turn.customerId)]);
  const { contact } = view.proposal;
  const point = view.governor.governor.points.find((row) => row.id === contact.contactPointId);
  const address = view.more[0]?.addresses?.M?.[contact.contactPointId]?.S;
  // The addresses of a customer may have been erased while the case runs: nothing can go, and nothing is gained by asking at once.
  if (point === undefined || address === undefined) return withhold(ports, turn, view, contact, 'the address is gone');
  const verdict = gateVerdict(view.world, contact.channel, point, contact.purpose, ports.now);
  if (verdict.decision !== 'allow') throw new DecideAgain(`The gate says ${verdict.decision}: ${verdict.rule}`);

  const mode = await ports.sending.mode(view.head.account.facts.product, ports.now);
  if (mode === 'off') return withhold(ports, turn, view, contact, 'sending is off');
  const rendered = render(
    contact.template as TemplateId,
    contact.channel as MessageChannel,
    view.governor.governor.locale ?? ports.deployment.locale,
    slotsOf(view.world, contact.template, text(view.more[0], 'name') ?? '', ports.words),
  );
  const governor = withContactRows(view.governor.governor, [contactRow(view, contact, point.addressKey, ports.now)], ports.now);
  if (mode === 'shadow') return shadow(ports, turn, view, contact, governor);

  const salt = ports.newSalt();
  await reserve(ports, turn, view, { contact, governor, rendered, salt, rule: verdict.rule });
  const providerRef = await handOver(ports, view, contact, address, rendered);
  const account =
    typeof providerRef === 'string'
      ? await recordSent(ports, turn, view, { contact, rendered, salt, providerRef })
      : await recordFailed(ports, turn, contact, providerRef.error);
  return { until: untilAfter(ports, view, account, governor) };
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
  };
}

/** The message waits: the timeline says so once, with the reason, and the case looks again. */
async function withhold(ports: SendPorts, turn: Turn, view: CaseView, contact: PlannedContact, why: string): Promise<Acted> {
  const { current } = view.world;
  if (current.withheldKey !== contact.key) {
    const journal = new Journal(view.head.account, view.setting);
    const { key, channel, template } = contact;
    journal.add({ type: 'ContactWithheld', contactId: contactIdOf(current, contact), key, channel, template, why });
    await commitAct(ports, turn, view, journal);
  }
  return { until: toInstant(ports.now + BLOCKED_WAIT_HOURS * HOUR) };
}

/** Decided and recorded, counted like a message, and handed to nobody. */
async function shadow(ports: SendPorts, turn: Turn, view: CaseView, contact: PlannedContact, governor: Governor): Promise<Acted> {
  const journal = new Journal(view.head.account, view.setting);
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
  });
  if (purpose === 'plan-offer') journal.add({ type: 'PlanOffered', offerIds: [], how: 'shadow' });
  const { account } = await commitAct(ports, turn, view, journal, { governor: { record: view.governor, next: governor } });
  return { until: untilAfter(ports, view, account, governor) };
}

async function reserve(
  ports: SendPorts,
  turn: Turn,
  view: CaseView,
  message: {
    readonly contact: PlannedContact;
    readonly governor: Governor;
    readonly rendered: Rendered;
    readonly salt: string;
    readonly rule: string;
  },
): Promise<void> {
  const { contact, governor, rendered, salt, rule } = message;
  const { current } = view.world;
  const journal = new Journal(view.head.account, view.setting);
  const { key, channel, contactPointId, template, purpose } = contact;
  journal.add({
    type: 'ContactReserved',
    contactId: contactIdOf(current, contact),
    key,
    channel,
    contactPointId,
    template,
    purpose,
    stage: current.stage,
    rule,
  });
  const stored: Item = {
    ...keyItem(textKey(view.head.accountId, current.caseId, key)),
    body: S(rendered.body),
    salt: S(salt),
    ...(rendered.subject === undefined ? {} : { subject: S(rendered.subject) }),
    expiresAt: N(Math.floor((ports.now + TEXT_KEPT_DAYS * DAY) / 1000)),
  };
  await commitAct(ports, turn, view, journal, {
    governor: { record: view.governor, next: governor },
    facts: [{ Put: { TableName: ports.table.name, Item: stored } }],
  });
}

/** The very next call after the reservation. A refusal is an answer; an unknown end (a timeout) leaves the reservation in doubt. */
async function handOver(
  ports: SendPorts,
  view: CaseView,
  contact: PlannedContact,
  address: string,
  rendered: Rendered,
): Promise<string | { error: string }> {
  const { current } = view.world;
  const labels = {
    accountId: view.head.accountId,
    stage: current.stage,
    template: contact.template,
    contactId: contactIdOf(current, contact),
  };
  const provider = ports.providers[contact.channel as MessageChannel];
  if (provider === undefined) return { error: 'NoProvider' };
  try {
    return await provider({
      to: address,
      body: rendered.body,
      ...(rendered.subject === undefined ? {} : { subject: rendered.subject }),
      ...(rendered.html === undefined ? {} : { html: rendered.html }),
      labels,
    });
  } catch (error) {
    if (!isRefusal(error)) throw new DecideAgain('It is not known whether the provider took the message');
    return { error: (error as Error).name.slice(0, 64) };
  }
}

/** The provider answered and took nothing: every 4xx of its own. Anything else may have been taken. */
function isRefusal(error: unknown): boolean {
  const { $fault: fault, $metadata: metadata } = error as { $fault?: string; $metadata?: { httpStatusCode?: number } };
  const status = metadata?.httpStatusCode ?? 0;
  return fault === 'client' && status >= 400 && status < 500;
}

async function recordSent(
  ports: SendPorts,
  turn: Turn,
  view: CaseView,
  message: { readonly contact: PlannedContact; readonly rendered: Rendered; readonly salt: string; readonly providerRef: string },
): Promise<Account> {
  const { contact, rendered, salt, providerRef } = message;
  const contactId = contactIdOf(view.world.current, contact);
  const { key, channel, template, purpose } = contact;
  // The hash proves the text that is kept beside the timeline; once text and salt have gone it says nothing of it.
  const bodyHash = sha256(`${salt}\n${rendered.subject ?? ''}\n${rendered.body}`);
  const { locale } = rendered;
  return record(ports, turn, key, (journal) => {
    journal.add({
      type: 'ContactSent',
      contactId,
      key,
      channel,
      template: `${template}@${rendered.version}`,
      locale,
      bodyHash,
      providerRef,
      onDate: view.world.today,
    });
    if (purpose === 'plan-offer') journal.add({ type: 'PlanOffered', offerIds: [], how: channel });
  });
}

function recordFailed(ports: SendPorts, turn: Turn, contact: PlannedContact, error: string): Promise<Account> {
  return record(ports, turn, contact.key, (journal) => {
    journal.add({ type: 'ContactFailed', contactId: `${turn.caseId}-${contact.key}`, key: contact.key, error });
  });
}

/** On the current version, whoever moved it: what left must be on the timeline even if the case was cured or moved on meanwhile. */
async function record(ports: SendPorts, turn: Turn, key: string, write: (journal: Journal) => void): Promise<Account> {
  for (let attempt = 1; attempt <= RECORD_TRIES_MAX; attempt += 1) {
    const head = readHead(turn.accountId, await ports.table.get(headKey(turn.accountId)));
    const contact = head.account.case?.contacts.find((row) => row.key === key);
    if (contact?.status !== 'reserved') throw new DecideAgain(`The contact is ${contact?.status ?? 'gone'}`);
    const journal = new Journal(head.account, { now: ports.clock(), ladder: LADDER, deployment: ports.deployment });
    write(journal);
    const outcome = await commit(ports.table, { head, journal, now: journal.setting.now, signal: false });
    if (outcome.ok) return outcome.head.account;
  }
  throw new Error(`The account changed under every one of ${RECORD_TRIES_MAX} tries to record a message`);
}
