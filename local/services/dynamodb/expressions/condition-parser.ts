import type { Lexer, Token } from './lexer.ts';
import { type Placeholders, parsePath, parseValueReference } from './paths.ts';
import type { Comparator, Condition, Operand, Path } from './syntax.ts';

/** How many operands each function of conditions takes. */
const ARITY: Record<string, number> = {
  attribute_exists: 1,
  attribute_not_exists: 1,
  attribute_type: 2,
  begins_with: 2,
  contains: 2,
  size: 1,
};
const COMPARATORS = new Set(['=', '<>', '<', '<=', '>', '>=']);

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-expression-parameters */
const OPERATORS_MAX = 300;
const IN_OPERANDS_MAX = 100;
const DEPTH_MAX = 300;

/**
 * Parses a condition, filter or key condition.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
 */
export function parseCondition(lexer: Lexer, placeholders: Placeholders): Condition {
  const condition = new ConditionParser(lexer, placeholders).parse();
  lexer.expectEnd();
  return condition;
}

class ConditionParser {
  readonly #lexer: Lexer;
  readonly #placeholders: Placeholders;
  /** Conditions that stand in parentheses of their own: a second pair around one is refused. */
  readonly #parenthesized = new Set<Condition>();
  #operators = 0;
  #depth = 0;

  constructor(lexer: Lexer, placeholders: Placeholders) {
    this.#lexer = lexer;
    this.#placeholders = placeholders;
  }

  parse(): Condition {
    this.#depth += 1;
    if (this.#depth > DEPTH_MAX) throw this.#lexer.error('The expression is nested too deeply;');
    const condition = this.#chain('or', 'OR', () => this.#chain('and', 'AND', () => this.#negation()));
    this.#depth -= 1;
    return condition;
  }

  #chain(kind: 'and' | 'or', keyword: string, part: () => Condition): Condition {
    const all = [part()];
    while (this.#lexer.takeKeyword(keyword)) {
      this.#operator();
      all.push(part());
    }
    return all.length === 1 ? (all[0] as Condition) : { kind, all };
  }

  #negation(): Condition {
    let negated = false;
    while (this.#lexer.takeKeyword('NOT')) {
      this.#operator();
      negated = !negated;
    }
    const condition = this.#primary();
    return negated ? { kind: 'not', condition } : condition;
  }

  #primary(): Condition {
    if (this.#lexer.peek().text === '(') return this.#parentheses();
    const token = this.#lexer.peek();
    if (token.kind === 'word' && this.#lexer.peek(1).text === '(' && token.text !== 'size') return this.#predicate(token);
    return this.#comparison();
  }

  #parentheses(): Condition {
    this.#lexer.expect('(');
    const condition = this.parse();
    if (this.#parenthesized.has(condition)) throw this.#lexer.error('The expression has redundant parentheses;');
    this.#lexer.expect(')');
    this.#parenthesized.add(condition);
    return condition;
  }

  #predicate(token: Token): Condition {
    const name = token.text;
    const operands = this.#call(name);
    const [first, second] = operands as [Operand, Operand];
    switch (name) {
      case 'attribute_exists':
      case 'attribute_not_exists':
        return { kind: 'exists', path: this.#path(first, name), expected: name === 'attribute_exists' };
      case 'attribute_type':
        return { kind: 'type', value: first, type: second };
      case 'begins_with':
      case 'contains':
        return { kind: name, value: first, part: second };
      default:
        throw this.#lexer.error(`Invalid function name; function: ${name}`);
    }
  }

  #call(name: string): Operand[] {
    if (!Object.hasOwn(ARITY, name)) throw this.#lexer.error(`Invalid function name; function: ${name}`);
    this.#operator();
    this.#lexer.next();
    this.#lexer.expect('(');
    const operands = [this.#operand()];
    while (this.#lexer.take(',')) operands.push(this.#operand());
    this.#lexer.expect(')');
    if (operands.length !== ARITY[name])
      throw this.#lexer.error(
        `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${operands.length}`,
      );
    return operands;
  }

  #comparison(): Condition {
    const left = this.#operand();
    const token = this.#lexer.peek();
    if (token.kind === 'symbol' && COMPARATORS.has(token.text)) {
      this.#operator();
      this.#lexer.next();
      return { kind: 'compare', comparator: token.text as Comparator, left, right: this.#operand() };
    }
    if (this.#lexer.takeKeyword('BETWEEN')) {
      this.#operator();
      const low = this.#operand();
      if (!this.#lexer.takeKeyword('AND')) throw this.#lexer.unexpected();
      return { kind: 'between', value: left, low, high: this.#operand() };
    }
    if (this.#lexer.takeKeyword('IN')) return this.#membership(left);
    throw this.#lexer.unexpected();
  }

  #membership(value: Operand): Condition {
    this.#operator();
    this.#lexer.expect('(');
    const list = [this.#operand()];
    while (this.#lexer.take(',')) list.push(this.#operand());
    this.#lexer.expect(')');
    if (list.length > IN_OPERANDS_MAX)
      throw this.#lexer.error(
        `Incorrect number of operands for operator or function; operator or function: IN, number of operands: ${list.length}`,
      );
    return { kind: 'in', value, list };
  }

  #operand(): Operand {
    const token = this.#lexer.peek();
    if (token.kind === 'value') return parseValueReference(this.#lexer, this.#placeholders);
    if (token.kind === 'word' && this.#lexer.peek(1).text === '(') return this.#size(token);
    return parsePath(this.#lexer, this.#placeholders);
  }

  /** `size` is the only function that may stand where a value does. */
  #size(token: Token): Operand {
    const [of] = this.#call(token.text);
    if (token.text !== 'size' || of === undefined || of.kind === 'size')
      throw this.#lexer.error(`The function is not allowed to be used this way in an expression; function: ${token.text}`);
    return { kind: 'size', of };
  }

  #path(operand: Operand, name: string): Path {
    if (operand.kind !== 'path') throw this.#lexer.error(`Operator or function requires a document path; operator or function: ${name}`);
    return operand;
  }

  #operator(): void {
    this.#operators += 1;
    if (this.#operators > OPERATORS_MAX)
      throw this.#lexer.error(`The expression contains too many operators; operator count: ${this.#operators}`);
  }
}
