import type { MessageChannel } from '../model.ts';
import { packFor } from '../policy/packs/registry.ts';
import { localeFor } from './locale.ts';
import type { Locale } from './template.ts';

/** How a customer says that they want no more messages of a kind, where the jurisdiction's pack wants every message to say so. */
export interface OptOut {
  /** For the message itself, in the customer's language. */
  readonly sentence: string;
  /** For the headers of an e-mail: an `https:` or `mailto:` address; absent where the bank has none. */
  readonly address?: string;
}

interface Words {
  readonly reply: string;
  readonly call: (hotline: string) => string;
  readonly visit: (address: string) => string;
}

const WORDS: Readonly<Record<Locale, Words>> = {
  'zh-CN': {
    reply: '回复STOP退订。',
    call: (hotline) => `如不希望再收到此类消息，请致电${hotline}。`,
    visit: (address) => `如不希望再收到此类邮件：${address}`,
  },
  'zh-TW': {
    reply: '回覆STOP取消接收。',
    call: (hotline) => `如不希望再收到此類訊息，請致電${hotline}。`,
    visit: (address) => `如不希望再收到此類郵件：${address}`,
  },
  en: {
    reply: 'Reply STOP to opt out.',
    call: (hotline) => `To receive no more messages like this, call ${hotline}.`,
    visit: (address) => `To receive no more e-mails like this: ${address}`,
  },
};

/**
 * What a message must say about opting out. A text message that leaves by AWS is answered with STOP, which AWS itself heeds; others, and
 * e-mails of a bank without an address for it, name the hotline.
 *
 * @param locale a BCP 47 tag.
 * @param now epoch milliseconds; the pack in force then decides.
 * @returns undefined where the pack asks for nothing
 * @see https://docs.aws.amazon.com/sns/latest/dg/sms_manage.html
 */
export function optOutOf(
  message: { readonly channel: MessageChannel; readonly contactId: string; readonly jurisdiction: string; readonly locale: string },
  words: { readonly hotline: string; readonly unsubscribe?: string | undefined },
  replies: boolean,
  now: number,
): OptOut | undefined {
  const { channel, contactId, jurisdiction } = message;
  if (packFor(jurisdiction, now)?.duties.emailUnsubscribe === undefined) return undefined;
  const said = WORDS[localeFor(message.locale)];
  if (channel === 'sms' && replies) return { sentence: said.reply };
  if (channel !== 'email' || words.unsubscribe === undefined) return { sentence: said.call(words.hotline) };
  const address = addressFor(words.unsubscribe, contactId);
  // A mail address is read by people; the subject that tells the contact stays in the header.
  return { address, sentence: said.visit(address.startsWith('mailto:') ? words.unsubscribe.slice('mailto:'.length) : address) };
}

/** The bank's address with the contact's id in it: whoever receives the request can tell who asks, and for what. */
function addressFor(configured: string, contactId: string): string {
  const [name, value] = [configured.startsWith('mailto:') ? 'subject' : 'contact', encodeURIComponent(contactId)];
  return `${configured}${configured.includes('?') ? '&' : '?'}${name}=${value}`;
}
