import { InvalidMatcher } from './invalid-matcher.ts';

/**
 * A pattern in which `*` stands for any number of characters, `\*` and `\\` for the characters themselves. The pieces between the stars are
 * looked for one after another, each where it comes first: no text takes longer than it is long times the pattern.
 */
export function compileWildcard(pattern: string): (text: string) => boolean {
  const [first = '', ...others] = piecesOf(pattern);
  const last = others.pop();
  if (last === undefined) return (text) => text === first;
  return (text) => {
    if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
    const end = text.length - last.length;
    let position = first.length;
    for (const piece of others) {
      const found = text.indexOf(piece, position);
      if (found < 0 || found + piece.length > end) return false;
      position = found + piece.length;
    }
    return true;
  };
}

/** The literal texts before, between and behind the stars. */
function piecesOf(pattern: string): string[] {
  const pieces = [''];
  for (let index = 0; index < pattern.length; index += 1) {
    const character = pattern[index] as string;
    if (character === '*') {
      if (pattern[index + 1] === '*') throw new InvalidMatcher(`Consecutive wildcard characters at pos ${index + 1}`);
      pieces.push('');
      continue;
    }
    let literal = character;
    if (character === '\\') {
      index += 1;
      literal = pattern[index] ?? '';
      if (literal !== '*' && literal !== '\\') throw new InvalidMatcher(`Invalid escape character at pos ${index}`);
    }
    pieces[pieces.length - 1] += literal;
  }
  return pieces;
}
