import { localDate, toInstant } from '../../domain/calendar.ts';
import type { ContactPoint, ContactRow } from '../../domain/customer.ts';
import type { Draft, Notice } from '../../domain/entries.ts';
import type { MessageChannel, Purpose, Stage } from '../../domain/model.ts';
import { noticeZone } from '../../domain/notices/facts.ts';
import type { Way } from '../../domain/notices/way.ts';
import { takeOverPlace } from '../../domain/record/consequences.ts';
import { withContactRows } from '../../domain/record/contacts.ts';
import { Journal, type Setting } from '../../domain/record/journal.ts';
import { settingFor } from '../../domain/record/setting.ts';
import { deliverableUntil } from '../../domain/sending/pauses.ts';
import { stopFor } from '../../domain/sending/stops.ts';
import { sendingFor } from '../../domain/strategy/flags.ts';
import { bankNameIn } from '../../domain/words/bank-name.ts';
import { hashOfText, keptText } from '../../domain/words/kept.ts';
import { optOutOf } from '../../domain/words/opt-out.ts';
import { type Rendered, render } from '../../domain/words/render.ts';
import { accountRefOf } from '../../domain/words/slots.ts';
import type { Slots } from '../../domain/words/template.ts';
import type { TemplateId } from '../../domain/words/templates.ts';
import { endingOf, type HandedOver, type Letter, type Provider, reasonOf, wordsOf } from '../adapters/providers.ts';
import type { SendingSwitch } from '../adapters/sending-switch.ts';
import { type Item, keyItem, S, type Table, text } from '../adapters/table.ts';
import type { Deployment } from '../contract/deployment.ts';
import { commit } from '../protocol/commit.ts';
import { contactKey, type GovernorRecord, governorKey, type Head, headKey, readGovernor, readHead, textKey } from '../protocol/items.ts';
import { keptItem } from '../protocol/keeping.ts';
import type { SendingControls } from '../protocol/sending-controls.ts';
import type { SendingRate } from '../protocol/sending-rate.ts';

/** Messages outside the journey: the same gate, the same reservation, the same providers, and no execution behind them. */

export interface NoticePorts {
  readonly table: Table;
  readonly deployment: Setting['deployment'];
  readonly words: Deployment['words'];
  /** Text messages leave by AWS, which heeds an answer of STOP. */
  readonly textsAnswerable: boolean;
  readonly providers: Readonly<Partial<Record<MessageChannel, Provider>>>;
  readonly sending: SendingSwitch;
  readonly controls: SendingControls;
  readonly rate: SendingRate;
  readonly newSalt: () => string;
  readonly clock: () => number;
  readonly now: number;
}

/** A message that may go now, with everything that goes on its way. */
export interface OutgoingNotice {
  readonly head: Head;
  readonly governor: GovernorRecord;
  readonly profile: Item | undefined;
  readonly contactId: string;
  readonly key: string;
  readonly notice: Notice;
  readonly template: TemplateId;
  readonly purpose: Purpose;
  readonly stage: Stage;
  readonly slots: Partial<Slots>;
  readonly channel: MessageChannel;
  readonly point: ContactPoint;
  readonly rule: string;
  /** Marks the notice's own item as being sent, in the reservation's transaction; its condition lets one sender through. */
  readonly marking: NonNullable<Parameters<typeof commit>[1]['facts']>;
  /** Whether the gate would still let it go at a later instant: how long a gateway may take. */
  readonly allows: (at: number) => boolean;
}

/**
 * `barred`: the channel is stopped, or its provider rests. `blocked`: sending is off, the channel is full, or the address is gone. `moved`:
 * somebody else changed the account or the customer meanwhile. Nothing was written then. `not-taken`: the provider was too busy, and the
 * reservation was given back.
 */
export type NoticeEnd = 'sent' | 'shadow' | 'failed' | 'in-doubt' | 'not-taken' | 'moved' | 'blocked' | 'barred';

const RECORD_TRIES_MAX = 10;

/** Reserves, hands over once, records. A retry never repeats the provider's call: the notice's own item tells it. */
export async function handOverNotice(ports: NoticePorts, outgoing: OutgoingNotice): Promise<NoticeEnd> {
  const address = outgoing.profile?.addresses?.M?.[outgoing.point.id]?.S;
  const { account } = outgoing.head;
  const mode = sendingFor(account, await ports.sending.mode(account.facts.product, ports.now));
  if (address === undefined || mode === 'off') return 'blocked';
  if (await isBarred(ports, outgoing)) return 'barred';
  if (!(await ports.rate.take(outgoing.channel, outgoing.contactId, ports.now))) return 'blocked';
  const { template, channel, contactId, slots } = outgoing;
  const locale = outgoing.governor.governor.locale ?? ports.deployment.locale;
  const asked = { channel, contactId, locale, jurisdiction: jurisdictionOf(ports, outgoing) };
  const optOut = optOutOf(asked, ports.words, ports.textsAnswerable, ports.now);
  const bankName = bankNameIn(ports.words.bankName, locale);
  const rendered = render(template, channel, locale, {
    ...slots,
    bankName,
    ...(optOut === undefined ? {} : { unsubscribe: optOut.sentence }),
  });
  const salt = ports.newSalt();
  if (!(await reserve(ports, outgoing, rendered, salt, mode === 'shadow'))) return 'moved';
  return mode === 'shadow' ? 'shadow' : call(ports, outgoing, rendered, salt, { address, unsubscribe: optOut?.address });
}

/**
 * Hands a notice over by the first way that is open and not barred.
 *
 * @param wayBut the way by other channels than those named
 * @returns how it ended, `barred` where every open way is; or why no way is open, where none was to begin with
 */
export async function byOpenWay(
  wayBut: (barred: readonly MessageChannel[]) => Way,
  handOver: (way: Extract<Way, { kind: 'open' }>) => Promise<NoticeEnd>,
): Promise<NoticeEnd | Exclude<Way, { kind: 'open' }>> {
  const barred: MessageChannel[] = [];
  for (;;) {
    const way = wayBut(barred);
    if (way.kind !== 'open') return barred.length === 0 ? way : 'barred';
    const ended = await handOver(way);
    if (ended !== 'barred') return ended;
    // One channel fewer each round.
    barred.push(way.channel);
  }
}

function jurisdictionOf(ports: NoticePorts, { governor }: OutgoingNotice): string {
  return governor.governor.jurisdiction ?? ports.deployment.jurisdiction;
}

async function isBarred(ports: NoticePorts, outgoing: OutgoingNotice): Promise<boolean> {
  const { channel, template } = outgoing;
  const jurisdiction = jurisdictionOf(ports, outgoing);
  if (stopFor(await ports.controls.stops(ports.now), { channel, template, jurisdiction }) !== undefined) return true;
  return (await ports.controls.closedUntil(channel, ports.now)) !== undefined;
}

function named({ contactId, key, notice }: OutgoingNotice) {
  return { contactId, key, notice };
}

/** Of a shadow the same is counted, and nothing is to be handed over. */
async function reserve(ports: NoticePorts, outgoing: OutgoingNotice, rendered: Rendered, salt: string, shadow: boolean): Promise<boolean> {
  const { head, governor, channel, point, template, purpose, stage, rule, contactId, key } = outgoing;
  const journal = new Journal(head.account, settingFor(ports.deployment, head.account, ports.now, governor.governor));
  // By the timeline alone it must be seen where the customer was taken to be.
  takeOverPlace(journal, governor.governor.customerId);
  const contact = { ...named(outgoing), channel, contactPointId: point.id, template, purpose, stage };
  const onDate = localDate(ports.now, journal.account.timeZone);
  if (shadow) journal.add({ ...contact, type: 'ContactSuppressed', why: 'sending is shadow', onDate });
  else journal.add({ ...contact, type: 'ContactReserved', rule });
  const row: ContactRow = {
    id: contactId,
    at: toInstant(ports.now),
    channel,
    kind: 'attempt',
    contactPointId: point.id,
    addressKey: point.addressKey,
    accountId: head.accountId,
    purpose,
  };
  const kept = keptText(rendered);
  const stored: Item = {
    ...keyItem(textKey(head.accountId, 'notice', key)),
    body: S(kept.body),
    salt: S(salt),
    ...(kept.subject === undefined ? {} : { subject: S(kept.subject) }),
    ...keptItem(journal),
  };
  const outcome = await commit(ports.table, {
    head,
    journal,
    now: ports.now,
    signal: false,
    governor: { record: governor, next: withContactRows(governor.governor, [row], ports.now) },
    facts: [...outgoing.marking, { Put: { TableName: ports.table.name, Item: stored } }],
  });
  return outcome.ok;
}

async function call(
  ports: NoticePorts,
  outgoing: OutgoingNotice,
  rendered: Rendered,
  salt: string,
  to: { readonly address: string; readonly unsubscribe: string | undefined },
): Promise<NoticeEnd> {
  const { channel } = outgoing;
  let handed: HandedOver;
  try {
    const provider = ports.providers[channel];
    if (provider === undefined) throw new Error('NoProvider');
    handed = await provider(letterOf(outgoing, rendered, to));
  } catch (error) {
    const ending = endingOf(error);
    const failed = { ...named(outgoing), type: 'ContactFailed', error: reasonOf(error) } as const;
    if (ending === 'refused') await ports.controls.answered(channel);
    else await ports.controls.failed(channel, ports.clock());
    if (ending === 'in-doubt') {
      await record(ports, outgoing, [{ ...named(outgoing), type: 'ContactLost' }]);
      return 'in-doubt';
    }
    await record(ports, outgoing, [failed], ending === 'not-taken');
    return ending === 'not-taken' ? 'not-taken' : 'failed';
  }
  await record(ports, outgoing, sentDrafts(outgoing, rendered, salt, handed, ports.now));
  await ports.controls.answered(channel);
  return 'sent';
}

function letterOf(
  { channel, contactId, head, stage, template }: OutgoingNotice,
  rendered: Rendered,
  { address, unsubscribe }: { readonly address: string; readonly unsubscribe: string | undefined },
): Letter {
  return {
    ...wordsOf(rendered),
    channel,
    to: address,
    ...(unsubscribe === undefined ? {} : { unsubscribe }),
    labels: { accountId: head.accountId, stage, template, contactId },
  };
}

function sentDrafts(outgoing: OutgoingNotice, rendered: Rendered, salt: string, handed: HandedOver, now: number): Draft[] {
  const { channel, template, point, head, governor, allows } = outgoing;
  const { locale, version } = rendered;
  const drafts: Draft[] = [
    {
      ...named(outgoing),
      type: 'ContactSent',
      channel,
      template: `${template}@${version}`,
      locale,
      bodyHash: hashOfText(salt, keptText(rendered)),
      providerRef: handed.ref,
      onDate: localDate(now, noticeZone(head.account, governor.governor)),
    },
  ];
  if (handed.byGateway) {
    const notAfter = toInstant(deliverableUntil(channel, now, allows));
    const asked = { channel, contactPointId: point.id, template, version, locale, textRef: handed.ref, notAfter };
    drafts.push({ ...named(outgoing), ...asked, type: 'DeliveryRequested' });
  }
  return drafts;
}

/** On the current version, whoever moved it; with the reservation given back to the caps where nothing left. */
async function record(ports: NoticePorts, outgoing: OutgoingNotice, drafts: readonly Draft[], giveBack = false): Promise<void> {
  const { accountId } = outgoing.head;
  const { customerId } = outgoing.governor.governor;
  for (let attempt = 1; attempt <= RECORD_TRIES_MAX; attempt += 1) {
    const [headItem, governorItem] = await ports.table.snapshot([headKey(accountId), governorKey(customerId)]);
    const head = readHead(accountId, headItem);
    const governor = readGovernor(customerId, governorItem);
    const now = ports.clock();
    const journal = new Journal(head.account, settingFor(ports.deployment, head.account, now));
    for (const draft of drafts) journal.add(draft);
    const contacts = governor.governor.contacts.filter((row) => row.id !== outgoing.contactId);
    const given = giveBack ? { governor: { record: governor, next: { ...governor.governor, contacts } } } : {};
    if ((await commit(ports.table, { head, journal, now, signal: false, ...given })).ok) return;
  }
  throw new Error(`The account changed under every one of ${RECORD_TRIES_MAX} tries to record a notice`);
}

/**
 * Settles a notice whose sender died between its reservation and its record: what became of it is not known, and it is not sent again.
 *
 * @returns whether there was anything to settle
 */
export async function settleNotice(ports: NoticePorts, accountId: string, lost: Draft<'ContactLost'>): Promise<boolean> {
  for (let attempt = 1; attempt <= RECORD_TRIES_MAX; attempt += 1) {
    const [contact, headItem] = await ports.table.snapshot([contactKey(lost.contactId), headKey(accountId)]);
    if (text(contact, 'contactStatus') !== 'reserved') return false;
    const head = readHead(accountId, headItem);
    const journal = new Journal(head.account, settingFor(ports.deployment, head.account, ports.now));
    journal.add(lost);
    if ((await commit(ports.table, { head, journal, now: ports.now, signal: false })).ok) return true;
  }
  throw new Error(`The account changed under every one of ${RECORD_TRIES_MAX} tries to settle a notice`);
}

/** The words that every text has, of a customer and an account; the bank's name follows the language in which it is said. */
export function commonSlots(ports: NoticePorts, head: Head, profile: Item | undefined): Partial<Slots> {
  const { hotline, paymentLink } = ports.words;
  return { hotline, paymentLink, customerName: text(profile, 'name') ?? '', accountRef: accountRefOf(head.accountId) };
}
