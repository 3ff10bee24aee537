import { describe, expect, it } from 'vitest';
import { render } from '../../../domain/words/render.ts';
import { severalAccounts, TYPICAL_SLOTS } from '../../../domain/words/samples.ts';
import { LOCALES, type Slots } from '../../../domain/words/template.ts';
import { TEMPLATES } from '../../../domain/words/templates.ts';

const htmlOf = (slots: Partial<Slots> = {}, locale: (typeof LOCALES)[number] = 'en') =>
  render('overdue-continuing', 'email', locale, { ...TYPICAL_SLOTS[locale], ...slots }).html ?? '';

/** What is read of an HTML text, without its head and what clients hide. */
function wordsOf(html: string): string {
  return html
    .replace(/<head>.*<\/head>|<div style="display:none[^>]*>.*?<\/div>|<!--.*?-->/gs, '')
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ');
}

describe('the HTML part', () => {
  it.each(LOCALES)('says its language and direction in %s', (locale) => {
    expect(htmlOf({}, locale)).toContain(`<html lang="${locale}" dir="ltr">`);
  });

  it.each(TEMPLATES)('of $id loads nothing from elsewhere, runs nothing, and stays below what clients cut', ({ id }) => {
    for (const locale of LOCALES) {
      const html = render(id, 'email', locale, TYPICAL_SLOTS[locale]).html ?? '';

      expect(html).not.toMatch(/<img|<script|<link|url\(|@import|@font-face|src=|\son\w+=/i);
      expect(new TextEncoder().encode(html).length).toBeLessThan(100_000);
    }
  });

  it.each(TEMPLATES)('of $id says the same words as its text part', ({ id }) => {
    for (const locale of LOCALES) {
      const { body, html } = render(id, 'email', locale, TYPICAL_SLOTS[locale]);
      const read = wordsOf(html ?? '').replace(/\s/g, '');

      for (const line of body.split('\n')) {
        const parts = line.replace(/^- /, '').split(/(?<=\S)[：:]\s*(?=\S)/);
        for (const part of parts) expect(read).toContain(part.replace(/\s/g, '').replace(/^\/\//, ''));
      }
    }
  });

  it('balances its tags', () => {
    const html = htmlOf({ accounts: severalAccounts('en') }).replace(/<!--.*?-->/gs, '');

    for (const tag of ['table', 'tr', 'td', 'th', 'p', 'ul', 'li', 'h1', 'h2', 'a', 'div', 'body', 'html'])
      expect(html.match(new RegExp(`<${tag}[ >]`, 'g'))?.length).toBe(html.match(new RegExp(`</${tag}>`, 'g'))?.length);
  });

  it('leads to the payment page and nowhere else, and shows where', () => {
    const targets = [...htmlOf().matchAll(/href="([^"]*)"/g)].map(([, target]) => target);

    expect(new Set(targets)).toEqual(new Set(['https://pay.example.com/r/8f3k2m9q', 'tel:4008201234']));
    expect(wordsOf(htmlOf())).toContain('https://pay.example.com/r/8f3k2m9q');
  });

  it.each([
    ['+86 (21) 6888-1234', 'tel:+862168881234'],
    ['400-820-1234', 'tel:4008201234'],
  ])('lets %s be called', (hotline, target) => {
    expect(htmlOf({ hotline })).toContain(`<a href="${target}" style="color:inherit;white-space:nowrap">${hotline}</a>`);
  });

  it.each(['400 820 1234 "extension" 2', 'javascript:alert(1)', '1'])('makes no link of %s', (hotline) => {
    expect(htmlOf({ hotline })).not.toMatch(/tel:|href="javascript/);
  });

  it('is laid out by tables that a screen reader passes over, and by one that it reads', () => {
    const tables = htmlOf().match(/<table[^>]*>/g) ?? [];

    expect(tables.filter((table) => !table.includes('role="presentation"'))).toHaveLength(1);
    expect(htmlOf()).toContain('<th scope="row"');
  });

  it('has dark colours for clients that ask', () => {
    expect(htmlOf()).toContain('<meta name="color-scheme" content="light dark">');
    expect(htmlOf()).toMatch(/@media \(prefers-color-scheme:dark\)\{.*\.ink\{color:#\w+!important\}/);
  });

  it('begins with a preview that names no amount', () => {
    const preview = /<div style="display:none[^>]*>(.*?)&#847;/s.exec(htmlOf())?.[1];

    expect(preview).toBe('If this is settled already, please ignore it. Questions? Call our customer service.');
  });
});
