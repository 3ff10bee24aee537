import { holding } from '../contact-points/delivery.ts';
import type { Entry } from '../entries.ts';
import type { Channel, DeliveryStatus, Instant, Purpose } from '../model.ts';
import { DEMANDS, isSpokenTo } from '../reducer/interruptions.ts';
import { recipientIn } from '../reducer/parties.ts';

/** What the timeline says of the messages of one case, and of the customer's having received a demand. */

/** The text of a message as it was rendered; absent once it has expired. The salt makes its hash on the timeline. */
export interface KeptText {
  readonly subject?: string;
  readonly body: string;
  readonly salt: string;
}

interface Told {
  readonly contactId: string;
  /** Whom it was to, where that was another party of the account than its customer. */
  readonly customerId?: string;
  readonly role?: string;
  readonly key: string;
  readonly channel: Channel;
  readonly contactPointId: string;
  readonly template: string;
  readonly purpose: Purpose;
  readonly seq: number;
  readonly reservedAt: Instant;
  readonly status: 'reserved' | 'sent' | 'failed' | 'lost' | 'suppressed' | 'deferred';
  readonly sentAt?: Instant;
  readonly providerRef?: string;
  readonly bodyHash?: string;
  readonly deliveries: readonly {
    readonly seq: number;
    readonly status: DeliveryStatus;
    readonly at: Instant;
    readonly how: string;
    readonly proofRef?: string;
  }[];
}

/** A demand whose receipt is confirmed: by a report of its delivery that no later one takes back, or because it was spoken. */
export interface EffectiveDemand {
  readonly seq: number;
  readonly at: Instant;
  readonly by: 'delivery' | 'conversation';
  readonly channel?: Channel;
  readonly contactId?: string;
  readonly taskId?: string;
  readonly proofRef?: string;
}

/** Collects the messages and the effective demands of one case, entry by entry. */
export class CaseContacts {
  readonly #caseId: string;
  readonly #customerId: string | undefined;
  readonly #contacts = new Map<string, Told>();
  readonly #spoken: EffectiveDemand[] = [];

  constructor(caseId: string, customerId: string | undefined) {
    this.#caseId = caseId;
    this.#customerId = customerId;
  }

  get contacts(): readonly Told[] {
    return [...this.#contacts.values()];
  }

  get demands(): readonly EffectiveDemand[] {
    return [...this.#spoken, ...this.contacts.flatMap((told) => deliveredDemand(told) ?? [])];
  }

  take(entry: Entry): void {
    if (entry.caseId !== this.#caseId || ('notice' in entry && entry.notice !== undefined)) return;
    if (entry.type === 'ContactReserved' || entry.type === 'ContactSuppressed') this.#begin(entry);
    else if (entry.type === 'ContactSent') {
      const { at, providerRef, bodyHash } = entry;
      this.#change(entry.contactId, { status: 'sent', sentAt: at, providerRef, bodyHash });
    } else if (entry.type === 'ContactFailed') this.#change(entry.contactId, { status: 'failed' });
    else if (entry.type === 'ContactLost') this.#change(entry.contactId, { status: 'lost' });
    else if (entry.type === 'ContactDeferred') this.#change(entry.contactId, { status: 'deferred' });
    else if (entry.type === 'DeliveryReported') this.#deliver(entry);
    else if (entry.type === 'TaskOutcomeReported') this.#hear(entry);
    else if (entry.type === 'ContactReported') this.#hearReported(entry);
  }

  #begin(entry: Entry<'ContactReserved' | 'ContactSuppressed'>): void {
    const { contactId, key, channel, contactPointId, template, purpose, seq, at } = entry;
    const status = entry.type === 'ContactReserved' ? 'reserved' : 'suppressed';
    const to = recipientIn(entry);
    this.#contacts.set(contactId, {
      contactId,
      ...to,
      key,
      channel,
      contactPointId,
      template,
      purpose,
      seq,
      reservedAt: at,
      status,
      // Handed over anew after a deferral: what was reported of it stays.
      deliveries: this.#contacts.get(contactId)?.deliveries ?? [],
    });
  }

  #change(contactId: string, change: Partial<Told>): void {
    const told = this.#contacts.get(contactId);
    if (told !== undefined) this.#contacts.set(contactId, { ...told, ...change });
  }

  #deliver({ seq, contactId, status, reportedAt, how, proofRef }: Entry<'DeliveryReported'>): void {
    const told = this.#contacts.get(contactId);
    if (told === undefined) return;
    const proof = proofRef === undefined ? {} : { proofRef };
    this.#change(contactId, { deliveries: [...told.deliveries, { seq, status, at: reportedAt, how, ...proof }] });
  }

  #hear({ seq, reportedAt, outcome, taskId, contactPointId, recordingRef }: Entry<'TaskOutcomeReported'>): void {
    if (contactPointId === undefined || !isSpokenTo(outcome)) return;
    const proof = recordingRef === undefined ? {} : { proofRef: recordingRef };
    this.#spoken.push({ seq, at: reportedAt, by: 'conversation', taskId, ...proof });
  }

  #hearReported({ seq, reportedAt, kind, direction, outcome, customerId, channel, contactId }: Entry<'ContactReported'>): void {
    const demanded = kind === 'conversation' && direction === 'outbound' && customerId === this.#customerId && isSpokenTo(outcome);
    if (demanded) this.#spoken.push({ seq, at: reportedAt, by: 'conversation', channel, contactId });
  }
}

/** One message is one demand, however often its arrival was reported; one that came back is none, and one to another is theirs. */
function deliveredDemand({ contactId, role, channel, purpose, deliveries }: Told): EffectiveDemand | undefined {
  if (role !== undefined) return undefined;
  const report = deliveries.reduce<Told['deliveries'][number] | undefined>(holding, undefined);
  if (report?.status !== 'delivered' || !DEMANDS.has(purpose)) return undefined;
  const { seq, at, proofRef } = report;
  return { seq, at, by: 'delivery', channel, contactId, ...(proofRef === undefined ? {} : { proofRef }) };
}

/** Between two effective demands: 最高人民法院、最高人民检察院 法释〔2018〕19号, art. 7 of the interpretation as amended. */
const APART_DAYS = 30;
const DAY = 86_400_000;

/**
 * What the pack says of the demands, as evidence: whether two whose receipt is confirmed lie thirty days apart. Nothing else reads it, and
 * no message may speak of it.
 */
export function demandsBody(demands: readonly EffectiveDemand[]): Record<string, unknown> {
  const sorted = [...demands].sort((one, other) => Date.parse(one.at) - Date.parse(other.at) || one.seq - other.seq);
  const [first] = sorted;
  const second = first && sorted.find(({ at }) => Date.parse(at) - Date.parse(first.at) >= APART_DAYS * DAY);
  return {
    rule: '法释〔2018〕19号, art. 7: demands whose receipt is confirmed, 30 days apart',
    effective: sorted,
    twoThirtyDaysApart: second !== undefined,
    ...(first === undefined || second === undefined ? {} : { pair: [first.seq, second.seq] }),
  };
}

/** Members of entries that refer to things kept elsewhere, and what these are. */
const REFERENCES: Readonly<Record<string, string>> = {
  recordingRef: 'recording',
  proofRef: 'proof',
  notesRef: 'notes',
  textRef: 'message',
  photoRefs: 'photo',
  signatureRef: 'signature',
  evidence: 'evidence',
};

/** What an entry refers to: recordings, letters, proofs. A reference that ends in `#sha256=…` brings the hash of what it names. */
export function referencesIn(entry: Entry): readonly Record<string, unknown>[] {
  // Its text is with the account that it was sent for.
  if (entry.type === 'ContactShared') return [{ kind: 'shared-message', seq: entry.seq, ref: entry.contactId, ledBy: entry.ledBy }];
  return Object.entries(REFERENCES).flatMap(([member, kind]) => {
    const value = (entry as unknown as Readonly<Record<string, unknown>>)[member];
    if (value === undefined) return [];
    return (Array.isArray(value) ? value : [value]).map((found) => ({ kind, seq: entry.seq, ...referred(found) }));
  });
}

const WITH_HASH = /#sha256=([0-9a-f]{64})$/;

/** What a visit brings says itself what it is. */
function referred(found: unknown): Record<string, unknown> {
  if (typeof found !== 'string') return found as Record<string, unknown>;
  const sha256 = WITH_HASH.exec(found)?.[1];
  return { ref: found, ...(sha256 === undefined ? {} : { sha256 }) };
}
