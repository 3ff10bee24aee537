import { TRACKS } from '../../model.ts';
import type { TRACK_KEYS } from '../message.ts';
import { TYPICAL_SLOTS } from '../samples.ts';
import { BEFORE_IDENTITY, SCRIPT_SLOTS, type Script, type ScriptText, SECTIONS, SLOTS_BEFORE_IDENTITY } from '../scripts/script.ts';
import { type SaidScript, sayScript } from '../scripts/scripts.ts';
import { LOCALES, type Locale } from '../template.ts';
import type { Finding } from './finding.ts';
import { checkMessage } from './syntax.ts';
import { bannedIn, consequencesIn, scriptIn, untidyIn } from './wording.ts';

/** What is wrong with what people say: the rules of messages, and that nothing of the account is heard before the identity is known. */

type Report = (rule: string, sentence: string) => void;

/** Words that tell whoever hears them what the call is about. */
const FACTS: Readonly<Record<Locale, RegExp>> = {
  'zh-CN': /逾期|欠|还款|账单|金额|到期|尾号/u,
  'zh-TW': /逾期|欠|還款|繳款|帳單|金額|到期|末四碼/u,
  en: /overdue|arrears|payment|\bpay\b|amount|\bdue\b|balance|account ending/i,
};

/** A script's own findings; `template` of each is the script's id. */
export function lintScript(script: Script): readonly Finding[] {
  const findings: Finding[] = [];
  for (const locale of LOCALES) {
    const report: Report = (rule, sentence) => {
      const known = findings.some((row) => row.locale === locale && row.rule === rule && row.sentence === sentence);
      if (!known) findings.push({ template: script.id, locale, rule, severity: 'error', sentence });
    };
    // The type says that it is there; a script may come from elsewhere.
    const text = script.texts[locale] as ScriptText | undefined;
    if (text === undefined) report('locale', 'There is no script in this language.');
    else if (checkNames(text, locale, report)) for (const track of TRACKS) checkSaid(script, locale, track, report);
  }
  return findings;
}

/** @returns whether it can be said */
function checkNames(text: ScriptText, locale: Locale, report: Report): boolean {
  let sound = true;
  const wrong: Report = (rule, sentence) => {
    sound = false;
    report(rule, sentence);
  };
  for (const section of SECTIONS) {
    if (section === 'consequences') continue;
    const lines = text[section] as ScriptText['opening'] | undefined;
    if (lines === undefined || lines.length === 0) {
      wrong('empty', `The section ${section} is empty.`);
      continue;
    }
    const early = (BEFORE_IDENTITY as readonly string[]).includes(section);
    const known: readonly string[] = [...(early ? SLOTS_BEFORE_IDENTITY : SCRIPT_SLOTS), 'track'];
    for (const line of lines) {
      for (const name of checkMessage('say' in line ? line.say : line.note, locale, 'script', wrong)) {
        if (known.includes(name)) continue;
        wrong(
          early ? 'before-identity' : 'undeclared-slot',
          `The section ${section} mentions {${name}}${early ? ', which nobody else may hear' : ''}.`,
        );
      }
    }
  }
  return sound;
}

function checkSaid(script: Script, locale: Locale, track: keyof typeof TRACK_KEYS, report: Report): void {
  let said: SaidScript;
  try {
    said = sayScript(script, locale, track, { ...TYPICAL_SLOTS[locale], consequences: [] });
  } catch (error) {
    report('does-not-render', `${track}: ${(error as Error).message}.`);
    return;
  }
  for (const { section, lines } of said.sections) {
    for (const { text } of lines) {
      for (const [rule, sentence] of [
        ...bannedIn(text, locale),
        ...consequencesIn(text, locale, []),
        ...scriptIn(text, locale),
        ...untidyIn(text),
      ])
        report(rule, sentence);
      const fact = (BEFORE_IDENTITY as readonly string[]).includes(section) ? FACTS[locale].exec(text)?.[0] : undefined;
      if (fact !== undefined)
        report('before-identity', `"${fact}" in the section ${section} tells whoever hears it what the call is about.`);
    }
  }
}
