import type { Locale } from '../template.ts';
import { BANNED, BANNED_KINDS, type BannedKind, CONSEQUENCE_WORDS, OTHER_SCRIPT } from './phrases.ts';

/** What no words of ours may hold, whether they are written or said. */

/** A rule's name and what it has to say of a text. */
export type Said = readonly [rule: string, sentence: string, severity?: 'warning'];

export function bannedIn(text: string, locale: Locale): readonly Said[] {
  return (Object.keys(BANNED_KINDS) as BannedKind[]).flatMap((kind) => {
    const found = BANNED[locale][kind].exec(text)?.[0];
    return found === undefined ? [] : [[`banned-${kind}`, `"${found}" ${BANNED_KINDS[kind]}.`] as const];
  });
}

/** @param allowed the consequences that the text may name because it is used only where they are true */
export function consequencesIn(text: string, locale: Locale, allowed: readonly string[]): readonly Said[] {
  return Object.entries(CONSEQUENCE_WORDS[locale]).flatMap(([what, pattern]) => {
    const found = allowed.includes(what) ? undefined : pattern.exec(text)?.[0];
    return found === undefined
      ? []
      : [['untrue-consequence', `"${found}" names a consequence (${what}) without asking whether it is true.`] as const];
  });
}

export function scriptIn(text: string, locale: Locale): readonly Said[] {
  const found = OTHER_SCRIPT[locale]?.exec(text)?.[0];
  return found === undefined ? [] : [['script', `"${found}" is of the other Chinese script.`]];
}

export function untidyIn(text: string): readonly Said[] {
  return [
    ...(/[{}]/.test(text) ? [['left-over', 'A brace is left over.'] as const] : []),
    ...(/ {2}|，。|。。|：。|\s[，。；]|\(\)|（）| [.,;]/.test(text)
      ? [['spacing', 'Two blanks or two stops follow each other, or a bracket is empty.'] as const]
      : []),
  ];
}
