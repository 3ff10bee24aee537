import { TRACKS } from '../domain/model.ts';
import { CONSEQUENCE_IDS } from '../domain/words/consequences.ts';
import { escapeHtml as esc } from '../domain/words/email.ts';
import type { Finding } from '../domain/words/lint/finding.ts';
import { TYPICAL_SLOTS } from '../domain/words/samples.ts';
import type { Script } from '../domain/words/scripts/script.ts';
import { type SaidScript, sayScript } from '../domain/words/scripts/scripts.ts';
import { LOCALES, type Locale } from '../domain/words/template.ts';

/** What people say on calls and at the door, for the page of all messages. */

/** One script as a section of the page; one that the lint could not say shows its findings alone. */
export function scriptSection(script: Script, findings: readonly Finding[], listOf: (findings: readonly Finding[]) => string): string {
  const id = `script-${script.id}`;
  const cannotBeSaid = findings.some(({ rule }) => rule !== 'before-identity' && !rule.startsWith('banned-'));
  return [
    `<section class="template" id="${id}" data-template="${id}">`,
    `<h2><a href="#${id}">${esc(id)}</a> <small>version ${esc(script.version)}</small></h2>`,
    '<p>Said by a person: a call or a visit. Nothing of the account comes before the identity check.</p>',
    listOf(findings),
    ...(cannotBeSaid ? [] : LOCALES).map((locale) => language(script, locale, id)),
    '</section>',
  ].join('');
}

function language(script: Script, locale: Locale, id: string): string {
  const cards = variantsOf(script, locale).map(({ labels, said }) => card(said, labels));
  return `<div class="locale" id="${id}-${locale}" data-locale="${locale}"><h3><a href="#${id}-${locale}">${locale}</a></h3><div class="cards script">${cards.join('')}</div></div>`;
}

/** Tracks that hear the same share a card. */
function variantsOf(script: Script, locale: Locale): readonly { readonly labels: string[]; readonly said: SaidScript }[] {
  const found = new Map<string, { labels: string[]; said: SaidScript }>();
  for (const track of TRACKS) {
    const said = sayScript(script, locale, track, { ...TYPICAL_SLOTS[locale], consequences: CONSEQUENCE_IDS });
    const key = JSON.stringify(said);
    const same = found.get(key);
    if (same === undefined) found.set(key, { labels: [track], said });
    else same.labels.push(track);
  }
  return [...found.values()].map(({ labels, said }) => ({ said, labels: labels.length === TRACKS.length ? ['all tracks'] : labels }));
}

function card(said: SaidScript, labels: readonly string[]): string {
  const parts = said.sections.map(({ heading, lines }) => {
    const texts = lines.map(({ kind, text }) =>
      kind === 'say' ? `<p class="message" lang="${said.locale}">${esc(text)}</p>` : `<p><em>${esc(text)}</em></p>`,
    );
    return `<h5>${esc(heading)}</h5>${texts.join('')}`;
  });
  return `<article><h5>${labels.map((label) => `<span>${esc(label)}</span>`).join(' ')}</h5>${parts.join('')}</article>`;
}
