import { MESSAGE_CHANNELS, type MessageChannel } from '../../model.ts';
import type { Locale, Part, SlotName } from '../template.ts';

/** Pieces that several templates are made of. */

export const ALL_CHANNELS: readonly MessageChannel[] = MESSAGE_CHANNELS;
/** For what would come too late by post. */
export const FAST_CHANNELS = ['sms', 'email', 'push', 'in-app', 'im'] as const satisfies readonly MessageChannel[];

/** Every text names them: who writes, to whom, about which account, and where to ask. */
export const EVERYWHERE = ['customerName', 'bankName', 'accountRef', 'hotline'] as const satisfies readonly SlotName[];
/** What the table of overdue amounts shows. */
export const FIGURE_SLOTS = ['overdue', 'items', 'balance'] as const satisfies readonly SlotName[];
export const FIGURE_OPTIONS = ['components', 'accounts'] as const satisfies readonly SlotName[];

/** Of every message that asks for a payment. */
export const DEMAND_PARTS = ['sender', 'account', 'amount', 'payment', 'hotline'] as const satisfies readonly Part[];
export const ITEMISED_PARTS = [...DEMAND_PARTS, 'items', 'balance', 'help'] as const satisfies readonly Part[];

/** A word to the customer in the first days: it bends with the track, and `standard` has none. */
export const FIRST_WORD: Readonly<Record<Locale, string>> = {
  'zh-CN':
    '{track, select, firstTime {可能您只是一时没有留意，现在还款即可。} light {可能您只是一时没有留意，现在还款即可。} longTerm {我们希望了解您的情况，和您一起找到合适的解决办法。} evasive {我们希望与您取得联系，听听您的情况，一起商量解决办法。} hardship {如果您目前还款有困难，可以先与我们联系，一起看看能申请哪些还款安排。} other {}}',
  'zh-TW':
    '{track, select, firstTime {可能您只是一時沒有留意，現在繳款即可。} light {可能您只是一時沒有留意，現在繳款即可。} longTerm {我們希望了解您的情況，和您一起找到合適的解決方式。} evasive {我們希望與您取得聯繫，聽聽您的情況，一起商量解決方式。} hardship {若您目前繳款有困難，可以先與我們聯繫，一起看看能申請哪些還款方案。} other {}}',
  en: '{track, select, firstTime {It may simply have slipped your mind: you can pay now.} light {It may simply have slipped your mind: you can pay now.} longTerm {We would like to hear how things stand and to find a way that works for you.} evasive {We would like to get in touch with you, hear how things stand, and find a way that works for you.} hardship {If paying is hard for you at present, talk to us first: we can look together at which arrangements you can ask for.} other {}}',
};

/** The same later on, when it can no longer be a slip of the mind. */
export const LATER_WORD: Readonly<Record<Locale, string>> = {
  'zh-CN':
    '{track, select, evasive {我们希望与您取得联系，听听您的情况，一起商量解决办法。} hardship {如果您目前还款有困难，可以先与我们联系，一起看看能申请哪些还款安排。} firstTime {如果是我们能够协助解决的问题，请告诉我们。} light {如果是我们能够协助解决的问题，请告诉我们。} other {我们希望了解您的情况，和您一起找到合适的解决办法。}}',
  'zh-TW':
    '{track, select, evasive {我們希望與您取得聯繫，聽聽您的情況，一起商量解決方式。} hardship {若您目前繳款有困難，可以先與我們聯繫，一起看看能申請哪些還款方案。} firstTime {若有我們能夠協助之處，請告訴我們。} light {若有我們能夠協助之處，請告訴我們。} other {我們希望了解您的情況，和您一起找到合適的解決方式。}}',
  en: '{track, select, evasive {We would like to get in touch with you, hear how things stand, and find a way that works for you.} hardship {If paying is hard for you at present, talk to us first: we can look together at which arrangements you can ask for.} firstTime {If there is a problem that we can help with, please tell us.} light {If there is a problem that we can help with, please tell us.} other {We would like to hear how things stand and to find a way that works for you.}}',
};

/** Beside the subject in a mail client, where others may read it too. */
export const PREHEADER: Readonly<Record<Locale, string>> = {
  'zh-CN': '如已处理请忽略；有疑问或需要帮助，请致电客服热线。',
  'zh-TW': '若已處理請忽略；有疑問或需要協助，請致電客服專線。',
  en: 'If this is settled already, please ignore it. Questions? Call our customer service.',
};
