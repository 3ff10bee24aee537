import { toMillis } from '../calendar.ts';
import type { Entry } from '../entries.ts';
import { limitationOf } from '../limitation.ts';
import type { Account, Instant } from '../model.ts';
import { LADDER } from '../policy/ladder.ts';
import { HOUSE_RULES } from '../policy/packs/house.ts';
import { overlaysFor } from '../policy/packs/overlay.ts';
import { packFor } from '../policy/packs/registry.ts';
import type { Deployment } from '../record/journal.ts';
import { emptyAccount } from '../reducer/account.ts';
import { reduce } from '../reducer/reduce.ts';
import { CaseContacts, demandsBody, type KeptText, referencesIn } from './contacts.ts';
import { PACK_FORMAT, type PackLimits, PackWriter, type SealedPack } from './pack.ts';
import { statementBody, statementRow } from './statement.ts';

/** Of which account and case, and up to which entry of its timeline. */
export interface EvidenceSubject {
  readonly accountId: string;
  readonly customerId: string | undefined;
  readonly caseId: string;
  readonly upTo: number;
  readonly headHash: string;
}

/**
 * Builds the evidence of a case from the account's timeline, entry by entry, and the texts that are left of its messages. Nothing else goes
 * in, no clock above all: the same timeline and texts give the same bytes.
 */
export class EvidenceBuilder {
  readonly #subject: EvidenceSubject;
  readonly #deployment: Deployment;
  readonly #writer: PackWriter;
  readonly #contacts: CaseContacts;
  readonly #rows: Record<string, unknown>[] = [];
  readonly #references: Record<string, unknown>[] = [];
  #account: Account;
  #taken = 0;
  #lastHash = '';
  #lastAt: Instant = '';
  #openedAt: Instant = '';
  #openedUnder = '';

  constructor(subject: EvidenceSubject, deployment: Deployment, limits?: PackLimits) {
    this.#subject = subject;
    this.#deployment = deployment;
    this.#writer = new PackWriter(limits);
    this.#contacts = new CaseContacts(subject.caseId, subject.customerId);
    this.#account = emptyAccount(subject.accountId);
    this.#writer.add('pack', { format: PACK_FORMAT, ...subject });
  }

  /** The next entry of the timeline, from the first on, with the hash it is stored under. */
  take(entry: Entry & { readonly previousHash: string }, hash: string): void {
    this.#writer.add('timeline', { hash, entry });
    this.#account = reduce(this.#account, entry);
    this.#contacts.take(entry);
    const row = statementRow(entry, this.#account);
    if (row !== undefined) this.#rows.push(row);
    if (entry.caseId === this.#subject.caseId) this.#references.push(...referencesIn(entry));
    if (entry.type === 'JourneyOpened' && entry.caseId === this.#subject.caseId) {
      this.#openedAt = entry.at;
      this.#openedUnder = entry.policy;
    }
    this.#taken = entry.seq;
    this.#lastHash = hash;
    this.#lastAt = entry.at;
  }

  /**
   * @param texts of the case's messages, by contact key
   * @throws Error where the timeline that was taken is not the one of the head
   */
  seal(texts: ReadonlyMap<string, KeptText>): SealedPack {
    const { upTo, headHash } = this.#subject;
    if (this.#taken !== upTo || this.#lastHash !== headHash)
      throw new Error(`The timeline ends with entry ${this.#taken}, the head with entry ${upTo}`);
    for (const contact of this.#contacts.contacts) {
      // What another party was told is in their name: the pack is of a suit against the customer.
      const text = contact.role === undefined ? texts.get(contact.key) : undefined;
      this.#writer.add('contact', text === undefined ? contact : { ...contact, text });
    }
    for (const reference of this.#references) this.#writer.add('reference', reference);
    this.#writer.add('policies', this.#policies());
    for (const row of this.#rows) this.#writer.add('statement-row', row);
    const at = toMillis(this.#lastAt);
    this.#writer.add('statement', statementBody(this.#account, this.#account.case, at, this.#lastAt));
    this.#writer.add('demands', demandsBody(this.#contacts.demands));
    this.#writer.add('limitation', limitationOf(this.#account, this.#deployment, at) ?? {});
    return this.#writer.seal();
  }

  /** What was in force from the opening of the case to the last entry. */
  #policies(): Record<string, unknown> {
    const { jurisdiction, overlays, role, house } = this.#deployment;
    const where = this.#account.jurisdiction ?? jurisdiction;
    const packs = [this.#openedAt, this.#lastAt].flatMap((at) => packFor(where, toMillis(at)) ?? []);
    return {
      openedUnder: this.#openedUnder,
      ladder: LADDER.version,
      jurisdiction: where,
      packs: [...new Set(packs)].map(({ id, version, effectiveFrom }) => ({ id, version, effectiveFrom })),
      role,
      ...(house ? { house: HOUSE_RULES.version } : {}),
      overlays: overlaysFor(overlays, this.#account.facts.product) ?? [],
    };
  }
}
