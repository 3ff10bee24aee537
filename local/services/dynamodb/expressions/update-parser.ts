import type { Lexer } from './lexer.ts';
import { type Placeholders, parsePath, parseValueReference } from './paths.ts';
import type { Assigned, UpdateAction } from './syntax.ts';

type Section = UpdateAction['kind'];
const SECTIONS: readonly Section[] = ['SET', 'REMOVE', 'ADD', 'DELETE'];

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html */
export function parseUpdate(lexer: Lexer, placeholders: Placeholders): readonly UpdateAction[] {
  const actions: UpdateAction[] = [];
  const seen = new Set<Section>();
  while (lexer.peek().kind !== 'end') {
    const section = SECTIONS.find((name) => lexer.atKeyword(name));
    if (section === undefined) throw lexer.unexpected();
    if (seen.has(section)) throw lexer.error(`The "${section}" section can only be used once in an update expression;`);
    seen.add(section);
    lexer.next();
    do actions.push(parseAction(lexer, placeholders, section));
    while (lexer.take(','));
  }
  return actions;
}

function parseAction(lexer: Lexer, placeholders: Placeholders, kind: Section): UpdateAction {
  const path = parsePath(lexer, placeholders);
  switch (kind) {
    case 'SET':
      lexer.expect('=');
      return { kind, path, value: parseAssigned(lexer, placeholders) };
    case 'REMOVE':
      return { kind, path };
    default:
      return { kind, path, value: parseValueReference(lexer, placeholders) };
  }
}

function parseAssigned(lexer: Lexer, placeholders: Placeholders): Assigned {
  const left = parseOperand(lexer, placeholders);
  const sign = lexer.peek().text;
  if (sign !== '+' && sign !== '-') return left;
  lexer.next();
  return { kind: sign, left, right: parseOperand(lexer, placeholders) };
}

function parseOperand(lexer: Lexer, placeholders: Placeholders): Assigned {
  const token = lexer.peek();
  if (token.kind === 'value') return parseValueReference(lexer, placeholders);
  if (lexer.take('(')) {
    const inner = parseAssigned(lexer, placeholders);
    lexer.expect(')');
    return inner;
  }
  if (token.kind === 'word' && lexer.peek(1).text === '(') return parseFunction(lexer, placeholders);
  return parsePath(lexer, placeholders);
}

function parseFunction(lexer: Lexer, placeholders: Placeholders): Assigned {
  const name = lexer.next().text;
  if (name !== 'if_not_exists' && name !== 'list_append') throw lexer.error(`Invalid function name; function: ${name}`);
  lexer.expect('(');
  const operands = [parseAssigned(lexer, placeholders)];
  while (lexer.take(',')) operands.push(parseAssigned(lexer, placeholders));
  lexer.expect(')');
  const [left, right] = operands;
  if (left === undefined || right === undefined || operands.length > 2)
    throw lexer.error(
      `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${operands.length}`,
    );
  if (name === 'list_append') return { kind: name, left, right };
  if (left.kind !== 'path') throw lexer.error(`Operator or function requires a document path; operator or function: ${name}`);
  return { kind: name, path: left, otherwise: right };
}
