import { describe, expect, it } from 'vitest';
import { TRACKS } from '../../../domain/model.ts';
import { lintScript } from '../../../domain/words/lint/scripts.ts';
import { TYPICAL_SLOTS } from '../../../domain/words/samples.ts';
import { RECOVER } from '../../../domain/words/scripts/recover.ts';
import { BEFORE_IDENTITY, SCRIPT_IDS, type Script, type ScriptLine, type Section } from '../../../domain/words/scripts/script.ts';
import { type SaidScript, SCRIPTS, sayScript, scriptFor } from '../../../domain/words/scripts/scripts.ts';
import { LOCALES } from '../../../domain/words/template.ts';

const SLOTS = { ...TYPICAL_SLOTS['zh-CN'], consequences: ['interest-and-charges', 'bureau-report'] as const };

function textOf(said: SaidScript, ...sections: readonly Section[]): string {
  return said.sections
    .filter(({ section }) => sections.includes(section))
    .flatMap(({ lines }) => lines.map(({ text }) => text))
    .join('\n');
}

describe('every script', () => {
  it.each(SCRIPTS)('$id is without fault in every language and on every track', (script) => {
    expect(lintScript(script)).toEqual([]);
  });

  it('is there for every objective that asks for a conversation, and for no other', () => {
    expect(SCRIPTS.map(({ id }) => id)).toEqual([...SCRIPT_IDS]);
    expect(SCRIPT_IDS.map((id) => scriptFor(id)?.id)).toEqual([...SCRIPT_IDS]);
    expect(scriptFor('review-hold')).toBeUndefined();
  });

  it.each(SCRIPTS.flatMap(({ id }) => LOCALES.map((locale) => ({ id, locale }))))(
    '$id in $locale says no fact of the account before the identity is checked, and all of it after',
    ({ id, locale }) => {
      const script = SCRIPTS.find((row) => row.id === id) as Script;
      for (const track of TRACKS) {
        const said = sayScript(script, locale, track, { ...TYPICAL_SLOTS[locale], consequences: [] });
        expect(textOf(said, ...BEFORE_IDENTITY)).not.toMatch(/3456|12,345/);
        expect(textOf(said, 'purpose')).toMatch(/3456/);
        expect(said.sections.map(({ section }) => section)).toEqual([...BEFORE_IDENTITY, 'purpose', 'listening', 'options', 'closing']);
      }
    },
  );
});

describe('a script said to one customer', () => {
  it('names what follows only where it is true of the account', () => {
    expect(textOf(sayScript(RECOVER, 'zh-CN', 'standard', SLOTS), 'consequences')).toBe(
      '按照账户合同的约定，未还款项可能继续产生利息和相关费用。\n我行每月按规定向征信机构报送账户的还款情况，其中包括逾期信息。',
    );
  });

  it('bends with the track', () => {
    const said = TRACKS.map((track) => textOf(sayScript(RECOVER, 'en', track, { ...TYPICAL_SLOTS.en, consequences: [] }), 'purpose'));
    expect(new Set(said).size).toBe(3);
    expect(said[TRACKS.indexOf('first-time')]).toContain('slipped your mind');
  });

  it('offers a promise while one would be taken', () => {
    const offered = [true, false].map((promises) => textOf(sayScript(RECOVER, 'zh-CN', 'standard', SLOTS, promises), 'options'));
    expect(offered.map((text) => text.includes('您可以约定还款日期'))).toEqual([true, false]);
  });

  it('is refused where a value is missing', () => {
    const { customerName: _name, ...nameless } = SLOTS;
    expect(() => sayScript(RECOVER, 'zh-CN', 'standard', nameless)).toThrow('customerName');
  });
});

describe('the lint of scripts', () => {
  function withLine(section: Exclude<Section, 'consequences'>, line: ScriptLine, base: Script = RECOVER): Script {
    return { ...base, texts: { ...base.texts, en: { ...base.texts.en, [section]: [line] } } };
  }

  it.each([
    { fault: 'a fact before the identity check', rule: 'before-identity', planted: withLine('opening', { say: 'It is about {overdue}.' }) },
    { fault: 'the subject before the identity check', rule: 'before-identity', planted: withLine('elsewhere', { say: 'It is overdue.' }) },
    { fault: 'a threat', rule: 'banned-threat', planted: withLine('options', { say: 'This is your last chance.' }) },
    { fault: 'pressure in a note', rule: 'banned-pressure', planted: withLine('closing', { note: 'Insist on paying immediately.' }) },
    { fault: 'a consequence of its own', rule: 'untrue-consequence', planted: withLine('options', { say: 'We may go to court.' }) },
    { fault: 'a name that no slot has', rule: 'undeclared-slot', planted: withLine('purpose', { say: 'It is {channel}.' }) },
    { fault: 'an amount formatted by ICU', rule: 'unsafe-slot', planted: withLine('purpose', { say: '{overdue, number}' }) },
    { fault: 'a message that is none', rule: 'syntax', planted: withLine('purpose', { say: '{overdue' }) },
    {
      fault: 'an empty section',
      rule: 'empty',
      planted: { ...RECOVER, texts: { ...RECOVER.texts, en: { ...RECOVER.texts.en, listening: [] } } },
    },
    {
      fault: 'a language left out',
      rule: 'locale',
      planted: { ...RECOVER, texts: { ...RECOVER.texts, en: undefined } } as unknown as Script,
    },
  ])('finds $fault', ({ rule, planted }) => {
    expect(lintScript(planted)).toMatchObject([{ template: 'recover', locale: 'en', rule }]);
  });
});
