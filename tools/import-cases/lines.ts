import { createHash } from 'node:crypto';
import { checkHold } from '../../domain/record/bank-facts.ts';
import { Contradiction } from '../../domain/record/journal.ts';
import { caseImported } from '../../functions/contract/case-imported.ts';

/** The lines of a file of imports, checked as the application will check them. */

/** What is wrong with a line: where, and the rule; never the value, which may be about a person. */
export interface BadLine {
  readonly line: number;
  readonly field: string;
  readonly rule: string;
}

/** EventBridge takes no larger entry: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevent-size.html */
const DETAIL_BYTES_MAX = 250_000;
/** As the application has it for instants that say when something happened. */
const AHEAD_MAX_MILLIS = 24 * 3_600_000;

/** Checks line after line; what makes two lines of one file contradict each other is found too. */
export class ImportLines {
  readonly #now: number;
  readonly #imports = new Map<string, { readonly line: number; readonly hash: string }>();
  readonly #accounts = new Map<string, { readonly line: number; readonly importId: string }>();

  /** @param now epoch milliseconds: nothing may have happened later */
  constructor(now: number) {
    this.#now = now;
  }

  /** @returns what is wrong, or undefined where the line may be sent */
  check(line: number, text: string): BadLine | undefined {
    const bad = (field: string, rule: string): BadLine => ({ line, field, rule });
    let detail: unknown;
    try {
      detail = JSON.parse(text);
    } catch {
      return bad('line', 'must be a JSON object');
    }
    const result = caseImported.safeParse(detail);
    if (!result.success) {
      const [issue] = result.error.issues;
      return bad(issue?.path.join('.') || 'line', issue?.message ?? 'is malformed');
    }
    if (Buffer.byteLength(text) > DETAIL_BYTES_MAX) return bad('line', `must be at most ${DETAIL_BYTES_MAX} bytes`);
    const { importId, accountId, asOf, holds } = result.data;
    if (Date.parse(asOf) > this.#now + AHEAD_MAX_MILLIS) return bad('asOf', 'must not lie more than 24 hours ahead');
    for (const [index, { kind, placedAt, expiresAt }] of holds.entries()) {
      const broken = brokenBy(() => checkHold({ kind, placedAt, ...(expiresAt === undefined ? {} : { expiresAt }) }));
      if (broken !== undefined) return bad(`holds.${index}.${broken.field}`, broken.rule);
    }
    const hash = createHash('sha256').update(JSON.stringify(result.data)).digest('hex');
    const same = this.#imports.get(importId);
    if (same !== undefined && same.hash !== hash) return bad('importId', `line ${same.line} has the same id with other content`);
    const other = this.#accounts.get(accountId);
    if (other !== undefined && other.importId !== importId) return bad('accountId', `line ${other.line} imports this account already`);
    this.#imports.set(importId, { line, hash });
    this.#accounts.set(accountId, { line, importId });
    return undefined;
  }
}

function brokenBy(check: () => void): Contradiction | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof Contradiction) return error;
    throw error;
  }
}
