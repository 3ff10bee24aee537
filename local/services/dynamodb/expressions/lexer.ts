import { validation } from '../errors.ts';

export interface Token {
  /** `word`, `name` (`#n`), `value` (`:v`), `number`, `symbol`, or `end`. */
  readonly kind: 'word' | 'name' | 'value' | 'number' | 'symbol' | 'end';
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const TOKEN = /\s*(?:([A-Za-z][A-Za-z0-9_]*)|(#[A-Za-z0-9_]+)|(:[A-Za-z0-9_]+)|([0-9]+)|(<>|<=|>=|[=<>()[\].,+-]))/y;
const KINDS = ['word', 'name', 'value', 'number', 'symbol'] as const;
const TRAILING_SPACE = /\s*$/y;

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-expression-parameters */
const EXPRESSION_BYTES_MAX = 4096;

/** Splits an expression into tokens, reads them one after another, and words syntax errors as DynamoDB does. */
export class Lexer {
  /** `ConditionExpression`, `UpdateExpression`, …: errors begin with it. */
  readonly parameter: string;
  readonly #text: string;
  readonly #tokens: Token[];
  #position = 0;

  constructor(text: string, parameter: string) {
    this.#text = text;
    this.parameter = parameter;
    if (text.trim() === '') throw this.error('The expression can not be empty;');
    const bytes = Buffer.byteLength(text);
    if (bytes > EXPRESSION_BYTES_MAX) throw this.error(`Expression size has exceeded the maximum allowed size; expression size: ${bytes}`);
    this.#tokens = this.#split();
  }

  peek(ahead = 0): Token {
    return this.#tokens[Math.min(this.#position + ahead, this.#tokens.length - 1)] as Token;
  }

  next(): Token {
    const token = this.peek();
    this.#position += 1;
    return token;
  }

  /** Takes the next token if it is this symbol. */
  take(symbol: string): boolean {
    const token = this.peek();
    if (token.kind !== 'symbol' || token.text !== symbol) return false;
    this.#position += 1;
    return true;
  }

  /** Takes the next token if it is this keyword, in any case. */
  takeKeyword(keyword: string): boolean {
    if (!this.atKeyword(keyword)) return false;
    this.#position += 1;
    return true;
  }

  atKeyword(keyword: string): boolean {
    const token = this.peek();
    return token.kind === 'word' && token.text.toUpperCase() === keyword;
  }

  expect(symbol: string): void {
    if (!this.take(symbol)) throw this.unexpected();
  }

  expectEnd(): void {
    if (this.peek().kind !== 'end') throw this.unexpected();
  }

  error(message: string): Error {
    return validation(`Invalid ${this.parameter}: ${message}`);
  }

  /** The error that the next token cannot stand where it is. */
  unexpected(): Error {
    const token = this.peek();
    const before = this.#tokens[this.#position - 1] ?? token;
    return this.#syntaxError(token.text, before.start, this.peek(1).end);
  }

  #syntaxError(token: string, from: number, to: number): Error {
    return this.error(`Syntax error; token: "${token}", near: "${this.#text.slice(from, to)}"`);
  }

  #split(): Token[] {
    const tokens: Token[] = [];
    let position = 0;
    for (;;) {
      TOKEN.lastIndex = position;
      const match = TOKEN.exec(this.#text);
      if (match === null) break;
      const group = KINDS.findIndex((_, index) => match[index + 1] !== undefined);
      const text = match[group + 1] as string;
      position = TOKEN.lastIndex;
      tokens.push({ kind: KINDS[group] as Token['kind'], text, start: position - text.length, end: position });
    }
    TRAILING_SPACE.lastIndex = position;
    if (!TRAILING_SPACE.test(this.#text)) {
      const start = position + (/^\s*/.exec(this.#text.slice(position))?.[0].length ?? 0);
      throw this.#syntaxError(this.#text[start] as string, tokens.at(-1)?.start ?? start, start + 1);
    }
    tokens.push({ kind: 'end', text: '<EOF>', start: this.#text.length, end: this.#text.length });
    return tokens;
  }
}
