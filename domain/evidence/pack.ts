import { createHash } from 'node:crypto';
import { canonicalJson, GENESIS } from '../timeline.ts';

/**
 * The form of an evidence pack (docs/adr/0048): one object of lines, each the RFC 8785 text of `{ n, part, previousHash, body }` and a line
 * feed. `previousHash` is the SHA-256 of the line before, without its line feed. The line before the last is the manifest, with the
 * number, part and SHA-256 of every line before it; the last line, the seal, holds the hash of the manifest and nothing else. Whoever
 * has that hash from elsewhere (the timeline, the event, the task) can verify every byte offline.
 */
export const PACK_FORMAT = 'overdue-journeys-evidence/1';

export type PackPart =
  | 'pack'
  | 'timeline'
  | 'contact'
  | 'reference'
  | 'policies'
  | 'statement-row'
  | 'statement'
  | 'demands'
  | 'limitation'
  | 'manifest'
  | 'seal';

/** What a pack may hold: an account with more is a case for people, and the function that builds it stays within its memory. */
export interface PackLimits {
  readonly lines: number;
  readonly bytes: number;
}

/** Some fifty years of daily figures. Building so much takes less than half of the function's 512 MB and a few seconds. */
const PACK_LIMITS: PackLimits = { lines: 50_000, bytes: 24 * 1024 * 1024 };

/** More than a pack may hold. */
class PackTooLarge extends Error {
  override readonly name = 'PackTooLarge';
}

export interface SealedPack {
  readonly bytes: Buffer;
  /** SHA-256 of the manifest's line, hexadecimal: what the timeline keeps. */
  readonly manifestHash: string;
  /** Lines, manifest and seal included. */
  readonly lines: number;
}

/** Writes lines in order and keeps nothing but their bytes and hashes. The same calls give the same bytes. */
export class PackWriter {
  readonly #limits: PackLimits;
  readonly #lines: Buffer[] = [];
  readonly #manifest: { readonly n: number; readonly part: PackPart; readonly sha256: string }[] = [];
  #previous = GENESIS;
  #bytes = 0;

  constructor(limits: PackLimits = PACK_LIMITS) {
    this.#limits = limits;
  }

  /** @throws PackTooLarge where the line would be one too many */
  add(part: PackPart, body: unknown): void {
    const n = this.#lines.length;
    const sha256 = this.#write({ n, part, body });
    this.#manifest.push({ n, part, sha256 });
  }

  /** Adds manifest and seal. */
  seal(): SealedPack {
    const manifestHash = this.#write({ n: this.#lines.length, part: 'manifest', body: { entries: this.#manifest } });
    this.#write({ n: this.#lines.length, part: 'seal' });
    return { bytes: Buffer.concat(this.#lines, this.#bytes), manifestHash, lines: this.#lines.length };
  }

  #write(line: { readonly n: number; readonly part: PackPart; readonly body?: unknown }): string {
    const text = Buffer.from(canonicalJson({ ...line, previousHash: this.#previous }));
    this.#bytes += text.length + 1;
    const { lines, bytes } = this.#limits;
    if (this.#lines.length >= lines) throw new PackTooLarge(`An evidence pack has at most ${lines} lines`);
    if (this.#bytes > bytes) throw new PackTooLarge(`An evidence pack has at most ${bytes} bytes`);
    this.#previous = createHash('sha256').update(text).digest('hex');
    this.#lines.push(Buffer.concat([text, LINE_FEED]));
    return this.#previous;
  }
}

const LINE_FEED = Buffer.from('\n');
