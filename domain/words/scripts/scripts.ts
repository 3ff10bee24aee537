import type { Objective, Track } from '../../model.ts';
import { type ConsequenceId, consequenceSentence } from '../consequences.ts';
import { say, scopeOf } from '../message.ts';
import type { Locale, Slots } from '../template.ts';
import { AGREE_A_PLAN, VISIT } from './arrange.ts';
import { UNDERSTAND_HARDSHIP } from './hardship.ts';
import { CALL_BACK, RECOVER } from './recover.ts';
import { SCRIPT_SLOTS, type Script, SECTIONS, type Section } from './script.ts';

/** All scripts, in about the order in which a case meets them. */
export const SCRIPTS: readonly Script[] = [RECOVER, CALL_BACK, AGREE_A_PLAN, UNDERSTAND_HARDSHIP, VISIT];

/** The script of an objective; undefined where nobody is spoken to. */
export function scriptFor(objective: Objective): Script | undefined {
  return SCRIPTS.find((script) => script.id === objective);
}

const HEADINGS: Readonly<Record<Locale, Readonly<Record<Section, string>>>> = {
  'zh-CN': {
    opening: '开场',
    elsewhere: '不是本人时',
    identity: '核对身份',
    purpose: '说明来意',
    listening: '倾听',
    options: '可以选择的办法',
    consequences: '如果持续逾期（如实说明）',
    closing: '结束',
  },
  'zh-TW': {
    opening: '開場',
    elsewhere: '不是本人時',
    identity: '核對身分',
    purpose: '說明來意',
    listening: '傾聽',
    options: '可以選擇的方式',
    consequences: '若持續逾期（如實說明）',
    closing: '結束',
  },
  en: {
    opening: 'Opening',
    elsewhere: 'If it is somebody else',
    identity: 'Who am I speaking with',
    purpose: 'What it is about',
    listening: 'Listen',
    options: 'What the customer can do',
    consequences: 'If the account stays overdue (as it is)',
    closing: 'Closing',
  },
};

/** A script with all its words in place, for one customer. */
export interface SaidScript {
  readonly script: string;
  readonly version: string;
  readonly locale: Locale;
  readonly sections: readonly {
    readonly section: Section;
    readonly heading: string;
    /** To be said, or a note to whoever speaks. */
    readonly lines: readonly { readonly kind: 'say' | 'note'; readonly text: string }[];
  }[];
}

export type ScriptSlots = Pick<Slots, (typeof SCRIPT_SLOTS)[number]> & { readonly consequences: readonly ConsequenceId[] };

/**
 * A script for one customer.
 *
 * @param promises whether a promise would still be taken
 * @throws MissingSlot, InvalidSlot where a value is not there or may not be said
 */
export function sayScript(script: Script, locale: Locale, track: Track, slots: Partial<ScriptSlots>, promises = true): SaidScript {
  // A script has no channel of its own: its lint knows none of the names that ask for one.
  const scope = scopeOf({ locale, channel: 'im', track, slots }, SCRIPT_SLOTS);
  const text = script.texts[locale];
  const sections = SECTIONS.map((section) => {
    const lines =
      section === 'consequences'
        ? (slots.consequences ?? []).map((id) => ({ kind: 'say' as const, text: consequenceSentence(id, locale) }))
        : text[section]
            .filter((line) => promises || !('offers' in line))
            .map((line) =>
              'say' in line ? { kind: 'say' as const, text: say(line.say, scope) } : { kind: 'note' as const, text: say(line.note, scope) },
            );
    return { section, heading: HEADINGS[locale][section], lines };
  });
  return { script: script.id, version: script.version, locale, sections: sections.filter(({ lines }) => lines.length > 0) };
}
