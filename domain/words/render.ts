import type { MessageChannel, Track } from '../model.ts';
import { emailHtml } from './email.ts';
import { formatSlot } from './format.ts';
import { localeFor } from './locale.ts';
import { type Scope, say, scopeOf } from './message.ts';
import { type Passage, passagesOf, plainText } from './passages.ts';
import { PHRASES } from './phrases.ts';
import { BASIS, type Block, type Locale, RIGHTS, type Slots, type Template, type TemplateText } from './template.ts';
import { type TemplateId, templateOf } from './templates.ts';

/** A message with all its words in place. */
export interface Rendered {
  readonly template: string;
  readonly version: string;
  readonly locale: Locale;
  /** E-mail's subject, a letter's heading; one line. */
  readonly subject?: string;
  /** The line above a push or an in-app message. */
  readonly title?: string;
  /** Plain text. */
  readonly body: string;
  /** E-mail only: the same text as HTML. */
  readonly html?: string;
  /** Push only: what the app shows once the customer has opened it. `body` stands on a locked screen and says nothing of money. */
  readonly detail?: string;
}

/**
 * The message of a template for one customer.
 *
 * @param locale a BCP 47 tag; see {@link localeFor} for what it falls back to.
 * @param slots may hold more than the template needs.
 * @param track how the case is treated; the words bend with it, never the facts.
 * @throws MissingSlot when a slot of the text has no value, InvalidSlot when its value may not be sent; RangeError for an unknown
 * template, a channel that it is not written for, or a date or amount that is none.
 */
export function render(
  templateId: TemplateId,
  channel: MessageChannel,
  locale: string | undefined,
  slots: Partial<Slots>,
  track: Track = 'standard',
): Rendered {
  return renderTemplate(templateOf(templateId), channel, localeFor(locale), slots, track);
}

/** The same, of a template at hand. */
export function renderTemplate(template: Template, channel: MessageChannel, locale: Locale, slots: Partial<Slots>, track: Track): Rendered {
  if (!template.channels.includes(channel)) throw new RangeError(`Template ${template.id} is not written for ${channel}`);
  const declared = [...template.slots, ...template.optional, 'unsubscribe'] as const;
  // What a template does not declare does not change it either: a notice about one account stays one beside others.
  const own: Partial<Slots> = Object.fromEntries(declared.map((name) => [name, slots[name]]));
  const scope = scopeOf({ locale, channel, track, slots: own }, declared);
  return { template: template.id, version: template.version, locale, ...FORMS[channel](template, template.texts[locale], scope) };
}

type Form = Pick<Rendered, 'subject' | 'title' | 'body' | 'html' | 'detail'>;

const FORMS: Readonly<Record<MessageChannel, (template: Template, text: TemplateText, scope: Scope) => Form>> = {
  sms: (_, text, scope) => ({ body: short(text, scope) }),
  im: (_, text, scope) => ({ body: short(text, scope) }),
  'in-app': (_, text, scope) => ({ title: say(text.subject, scope), body: short(text, scope) }),
  push: (_, text, scope) => ({
    title: String(formatSlot('bankName', scope.slots, scope.locale)),
    body: PHRASES[scope.locale].push,
    detail: short(text, scope),
  }),
  email: (_, text, scope) => email(text, scope),
  post: letter,
};

function short(text: TemplateText, scope: Scope): string {
  const said = say(text.short, scope);
  const { unsubscribe } = scope.slots;
  return unsubscribe === undefined || scope.channel !== 'sms' ? said : `${said} ${formatSlot('unsubscribe', scope.slots, scope.locale)}`;
}

function email(text: TemplateText, scope: Scope): Form {
  const { locale, slots } = scope;
  const phrases = PHRASES[locale];
  const heading = say(text.subject, scope);
  const passages: readonly Passage[] = [{ kind: 'paragraph', text: say(phrases.greeting, scope) }, ...passagesOf(text.body, scope)];
  const bankName = String(formatSlot('bankName', slots, locale));
  const hotline = String(formatSlot('hotline', slots, locale));
  const footer = [
    say(phrases.hotline, scope),
    ...(slots.unsubscribe === undefined ? [] : [String(formatSlot('unsubscribe', slots, locale))]),
  ];
  return {
    subject: `${say(phrases.emailSubject, scope)}${heading}`,
    body: [plainText(passages, locale), [bankName, ...footer].join('\n')].join('\n\n'),
    html: emailHtml({ locale, heading, preheader: say(text.preheader, scope), bankName, hotline, passages, footer }),
  };
}

/** What a written demand must say in any case: its basis, and the rights and duties (CN S1 article 69). */
const STATUTORY: readonly Exclude<Block, string>[] = [BASIS, RIGHTS];

/** Whether a template asks for a payment, or warns of what follows without one. */
export function isDemand({ purpose }: Template): boolean {
  return purpose === 'collection' || purpose === 'formal-notice' || purpose === 'statutory-notice';
}

/** A letter begins with who writes to whom, when and about what, and ends with the place for the seal. */
function letter(template: Template, text: TemplateText, scope: Scope): Form {
  const { locale, slots } = scope;
  const phrases = PHRASES[locale];
  const there = text.body.flatMap((block) => (typeof block === 'string' ? [] : [block.block]));
  const body = isDemand(template) ? [...text.body, ...STATUTORY.filter(({ block }) => !there.includes(block))] : text.body;
  const heading = say(text.subject, scope);
  const bankName = String(formatSlot('bankName', slots, locale));
  return {
    subject: heading,
    body: [
      [bankName, heading].join('\n'),
      [phrases.letterDate, phrases.letterTo, phrases.letterAccount].map((line) => say(line, scope)).join('\n'),
      say(phrases.greeting, scope),
      plainText(passagesOf(body, scope), locale),
      [say(phrases.seal, scope), say(phrases.hotline, scope)].join('\n'),
    ].join('\n\n'),
  };
}
