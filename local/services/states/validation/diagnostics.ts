import { AwsError } from '../../../kernel/errors.ts';

type Code =
  | 'INVALID_JSON_DESCRIPTION'
  | 'SCHEMA_VALIDATION_FAILED'
  | 'MISSING_TRANSITION_TARGET'
  | 'MISSING_END_STATE'
  | 'DUPLICATE_STATE_NAME'
  | 'INVALID_JSONATA_EXPRESSION'
  | 'UNSUPPORTED_JSONATA_EXPRESSION';

/** One thing that is wrong, and where. */
interface Diagnostic {
  readonly code: Code;
  readonly message: string;
  readonly path: string | undefined;
}

const SHOWN_MAX = 10;

/** What is wrong with a definition, in the words of `CreateStateMachine` where they are known. */
export class Diagnostics {
  readonly #found: Diagnostic[] = [];

  add(code: Code, message: string, path?: string): void {
    this.#found.push({ code, message, path });
  }

  any(): boolean {
    return this.#found.length > 0;
  }

  all(): readonly Diagnostic[] {
    return this.#found;
  }

  /** The most common kind: the definition's form is not that of the language. */
  schema(message: string, path: string): void {
    this.add('SCHEMA_VALIDATION_FAILED', message, path);
  }

  throwIfAny(): void {
    if (this.#found.length === 0) return;
    // AWS says 'at null' of what is wrong nowhere in particular: https://github.com/floci-io/floci/issues/2735.
    const texts = this.#found.map(({ code, message, path }) => `${code}: ${message} at ${path ?? null}`);
    const shown = texts.slice(0, SHOWN_MAX).join(', ');
    const more = this.#found.length > SHOWN_MAX ? `, and ${this.#found.length - SHOWN_MAX} more` : '';
    throw new AwsError('InvalidDefinition', `Invalid State Machine Definition: '${shown}${more}'`);
  }
}
