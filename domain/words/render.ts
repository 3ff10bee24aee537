import type { MessageChannel } from '../model.ts';
import { formatSlot } from './format.ts';
import type { Locale, SlotName, Slots, Template } from './template.ts';
import { type TemplateId, templateOf } from './templates.ts';

export interface Rendered {
  readonly template: string;
  readonly version: string;
  readonly locale: Locale;
  /** E-mail only. */
  readonly subject?: string;
  /** Plain text. */
  readonly body: string;
  /** E-mail only: the same text as HTML. */
  readonly html?: string;
}

const SLOT = /\{(\w+)\}/g;
const SHORT_ITEMS_MAX = 2;
const LONG_ITEMS_MAX = 36;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

/** Simplified Chinese for every Chinese locale, English for all that have no text of their own. */
export function localeFor(tag: string | undefined): Locale {
  return tag !== undefined && /^zh([-_]|$)/i.test(tag) ? 'zh-CN' : 'en';
}

function isDeclared(name: string, template: Template): name is SlotName {
  return (template.slots as readonly string[]).includes(name);
}

/** Fills each `{slot}` once; braces in a value stay text. */
function fill(text: string, value: (name: string) => string): string {
  return text.replace(SLOT, (_, name: string) => value(name));
}

/**
 * The message of a template for one customer.
 *
 * @param locale a BCP 47 tag; see {@link localeFor} for what it falls back to.
 * @param slots may hold more than the template needs.
 * @throws MissingSlot when a slot of the text has no value, InvalidSlot when its value may not be sent; RangeError for an unknown
 * template, or a date or amount that is none.
 */
export function render(templateId: TemplateId, channel: MessageChannel, locale: string | undefined, slots: Partial<Slots>): Rendered {
  const template = templateOf(templateId);
  const chosen = localeFor(locale);
  const long = channel === 'email' || channel === 'post';
  const value = (name: string): string => {
    if (!isDeclared(name, template)) throw new RangeError(`Template ${template.id} does not declare the slot ${name}`);
    return formatSlot(name, slots, chosen, long ? LONG_ITEMS_MAX : SHORT_ITEMS_MAX);
  };
  const meta = { template: template.id, version: template.version, locale: chosen };
  if (!long) return { ...meta, body: fill(template.sms[chosen].body, value) };
  const { subject, body } = template.email[chosen];
  return { ...meta, subject: fill(subject, value), body: fill(body, value), html: toHtml(body, chosen, value) };
}

function toHtml(body: string, locale: Locale, value: (name: string) => string): string {
  const paragraphs = body.split('\n\n').map((paragraph) => {
    const filled = fill(escapeHtml(paragraph), (name) => {
      const text = escapeHtml(value(name));
      return name === 'paymentLink' ? `<a href="${text}">${text}</a>` : text;
    });
    return `<p>${filled}</p>`;
  });
  return `<!doctype html><html lang="${locale}"><meta charset="utf-8"><body>${paragraphs.join('')}</body></html>`;
}
