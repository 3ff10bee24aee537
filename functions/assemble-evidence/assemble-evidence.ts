import type { Entry } from '../../domain/entries.ts';
import type { KeptText } from '../../domain/evidence/contacts.ts';
import { EvidenceBuilder } from '../../domain/evidence/evidence.ts';
import type { SealedPack } from '../../domain/evidence/pack.ts';
import { Journal } from '../../domain/record/journal.ts';
import type { EvidenceStore } from '../adapters/evidence-store.ts';
import { type Item, number, text } from '../adapters/table.ts';
import type { Turn } from '../contract/turn.ts';
import { entryKey, headKey, textKey } from '../protocol/items.ts';
import { type Acted, type CaseView, commitAct, journalOf, type TurnPorts, untilAfter, viewForAct } from '../protocol/turns.ts';

export interface EvidencePorts extends TurnPorts {
  readonly store: EvidenceStore;
}

/**
 * Builds the evidence of a case from its timeline as Decide read it, puts it under lock, and records where it lies and its hash: for counsel
 * before the referral, and as the record of the suit before the case closes. Whoever
 * dies after the put leaves a pack that no timeline names; the next try builds the same one and finds it there.
 *
 * @throws DecideAgain where anything moved meanwhile
 */
export async function assembleEvidence(turn: Turn, ports: EvidencePorts): Promise<Acted> {
  const view = await viewForAct(ports, turn, 'record');
  const { version, headHash } = view.head;
  const { bytes, manifestHash, lines } = await packOf(view, ports);
  const { caseId } = view.world.current;
  const packRef = await ports.store.put(`evidence/${caseId}/${version}-${manifestHash}.jsonl`, bytes);
  const closing = turn.act === 'assemble-record';
  // A case that ends is on the track it was on.
  const journal = closing ? new Journal(view.head.account, view.setting) : journalOf(view);
  const pack = { upTo: version, headHash, manifestHash, packRef, lines, bytes: bytes.length };
  journal.add({ type: 'EvidenceAssembled', ...pack, ...(closing ? { closing } : {}) });
  const { account } = await commitAct(ports, turn, view, journal);
  return { until: untilAfter(ports, view, account) };
}

async function packOf(view: CaseView, ports: EvidencePorts): Promise<SealedPack> {
  const { accountId, version: upTo, headHash, account } = view.head;
  const { caseId } = view.world.current;
  const builder = new EvidenceBuilder({ accountId, customerId: account.customerId, caseId, upTo, headHash }, ports.deployment);
  const last = entryKey(accountId, upTo).sk;
  for await (const item of pages(ports, headKey(accountId).pk, 'T#')) {
    // Entries that came after the head was read are not in this pack.
    if ((text(item, 'sk') ?? '') > last) break;
    builder.take(JSON.parse(text(item, 'entry') ?? '{}') as Entry & { previousHash: string }, text(item, 'hash') ?? '');
  }
  return builder.seal(await textsOf(ports, accountId, caseId));
}

/** As many as a page of DynamoDB holds of entries: what is in memory beside the pack. */
const PAGE_ITEMS = 500;

async function* pages({ table }: EvidencePorts, pk: string, prefix: string): AsyncGenerator<Item> {
  let after: string | undefined;
  for (;;) {
    const items = await table.list(pk, prefix, { limit: PAGE_ITEMS, ...(after === undefined ? {} : { after }) });
    yield* items;
    after = text(items.at(-1), 'sk');
    if (items.length < PAGE_ITEMS) return;
  }
}

/** The texts of the case's messages that have not expired, by contact key. */
async function textsOf(ports: EvidencePorts, accountId: string, caseId: string): Promise<Map<string, KeptText>> {
  const { pk, sk: prefix } = textKey(accountId, caseId, '');
  const texts = new Map<string, KeptText>();
  for await (const item of pages(ports, pk, prefix)) {
    // DynamoDB takes its time with what has expired; what is kept for its case has no end yet.
    const until = number(item, 'expiresAt');
    if (until !== undefined && until * 1000 <= ports.now) continue;
    const subject = text(item, 'subject');
    texts.set((text(item, 'sk') ?? '').slice(prefix.length), {
      ...(subject === undefined ? {} : { subject }),
      body: text(item, 'body') ?? '',
      salt: text(item, 'salt') ?? '',
    });
  }
  return texts;
}
