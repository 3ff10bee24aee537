import type { Lexer } from './lexer.ts';
import { isReserved } from './reserved-words.ts';
import type { Path, PathPart, ValueReference } from './syntax.ts';

/** What a parser notes about the placeholders it met; shared by all parts of one expression. */
export class Placeholders {
  readonly names = new Set<string>();
  readonly values = new Set<string>();
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.Attributes.html */
export function parsePath(lexer: Lexer, placeholders: Placeholders): Path {
  const parts: PathPart[] = [parseName(lexer, placeholders)];
  for (;;) {
    if (lexer.take('.')) parts.push(parseName(lexer, placeholders));
    else if (lexer.take('[')) {
      const index = lexer.peek();
      if (index.kind !== 'number') throw lexer.unexpected();
      lexer.next();
      lexer.expect(']');
      parts.push(Number(index.text));
    } else return { kind: 'path', parts };
  }
}

function parseName(lexer: Lexer, placeholders: Placeholders): string {
  const token = lexer.peek();
  if (token.kind !== 'word' && token.kind !== 'name') throw lexer.unexpected();
  if (token.kind === 'name') placeholders.names.add(token.text);
  else if (isReserved(token.text)) throw lexer.error(`Attribute name is a reserved keyword; reserved keyword: ${token.text}`);
  lexer.next();
  return token.text;
}

export function parseValueReference(lexer: Lexer, placeholders: Placeholders): ValueReference {
  const token = lexer.peek();
  if (token.kind !== 'value') throw lexer.unexpected();
  lexer.next();
  placeholders.values.add(token.text);
  return { kind: 'value', name: token.text };
}

export function parseProjection(lexer: Lexer, placeholders: Placeholders): readonly Path[] {
  const paths = [parsePath(lexer, placeholders)];
  while (lexer.take(',')) paths.push(parsePath(lexer, placeholders));
  lexer.expectEnd();
  return paths;
}
