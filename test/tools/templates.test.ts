import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { MESSAGE_CHANNELS, TRACKS } from '../../domain/model.ts';
import type { Script } from '../../domain/words/scripts/script.ts';
import { SCRIPTS } from '../../domain/words/scripts/scripts.ts';
import { LOCALES, type Template } from '../../domain/words/template.ts';
import { TEMPLATES, templateOf } from '../../domain/words/templates.ts';
import { writeTemplates } from '../../tools/templates.ts';

const folder = mkdtempSync(join(tmpdir(), 'overdue-journeys-templates-'));
afterAll(() => rmSync(folder, { recursive: true }));

function pageOf(templates: readonly Template[], scripts: readonly Script[] = []) {
  const file = join(folder, 'deep', 'templates.html');
  const findings = writeTemplates(templates, scripts, file);
  return { findings, page: readFileSync(file, 'utf8') };
}

describe('the page of all templates', () => {
  const { findings, page } = pageOf(TEMPLATES, SCRIPTS);

  it('has every template in every language, to be linked to and filtered', () => {
    for (const { id, channels } of TEMPLATES) {
      expect(page).toContain(`<section class="template" id="${id}" data-template="${id}">`);
      for (const locale of LOCALES) expect(page).toContain(`<div class="locale" id="${id}-${locale}" data-locale="${locale}">`);
      expect(page).toContain(`<dt>channels</dt><dd>${channels.join(', ')}</dd>`);
    }
    for (const value of [...LOCALES, ...MESSAGE_CHANNELS]) expect(page).toContain(`<option value="${value}">`);
  });

  it('shows every track, and the other turns of a text', () => {
    for (const label of [...TRACKS, 'all tracks', 'several accounts', 'suit intended', 'autopay', 'nothing overdue', 'long values'])
      expect(page).toContain(`<span>${label}</span>`);
  });

  it('counts the segments of text messages, and shows e-mails in frames that run nothing', () => {
    expect(page).toMatch(/<em>\d segments?, UCS-2, \d+ characters<\/em>/);
    expect(page).toMatch(/<em>\d segments?, GSM-7, \d+ characters<\/em>/);
    const frames = page.match(/<iframe [^>]*>/g) ?? [];
    expect(frames.length).toBeGreaterThan(100);
    expect(frames.every((frame) => frame.includes('sandbox="allow-same-origin"') && frame.includes('srcdoc="&lt;!doctype html&gt;'))).toBe(
      true,
    );
  });

  it('has what people say too, in every language', () => {
    for (const { id } of SCRIPTS) {
      expect(page).toContain(`<section class="template" id="script-${id}" data-template="script-${id}">`);
      for (const locale of LOCALES) expect(page).toContain(`<div class="locale" id="script-${id}-${locale}" data-locale="${locale}">`);
    }
  });

  it('is whole in itself, and says that nothing was found', () => {
    expect(page).not.toMatch(/<(link|img)\b|<script src|@import|url\(/);
    expect(findings).toEqual([]);
    expect(page).toContain('0 errors, 0 warnings');
  });
});

describe('a template with a fault', () => {
  const good = templateOf('reminder-again');
  const withEnglish = (short: string): Template => ({ ...good, texts: { ...good.texts, en: { ...good.texts.en, short } } });

  it('is shown with what was found, beside its text', () => {
    const { findings, page } = pageOf([withEnglish(`${good.texts.en.short} Pay immediately.`)]);

    expect(findings.map(({ rule }) => rule)).toContain('banned-pressure');
    expect(page).toContain(
      '<li class="error"><b>error</b> en <code>banned-pressure</code> &quot;immediately&quot; presses for haste.</li>',
    );
    expect(page).toContain('Pay immediately.');
    expect(page).toMatch(/<p class="bad" id="summary">.*[1-9]\d* errors?, 0 warnings/);
  });

  it('that cannot be said is shown without its texts, and its markup as text', () => {
    const { page } = pageOf([withEnglish('See <b>this</b> {unknown}')]);

    expect(page).toContain('<code>undeclared-slot</code>');
    expect(page).not.toContain('<b>this</b>');
    expect(page).not.toContain('class="locale"');
  });
});
