import type { ProductFacts } from '../record/journal.ts';
import type { Locale } from './template.ts';

export const CONSEQUENCE_IDS = [
  'interest-and-charges',
  'bureau-report',
  'card-suspension',
  'agency-placement',
  'legal-proceedings',
] as const;
export type ConsequenceId = (typeof CONSEQUENCE_IDS)[number];

/** What the product does, and from which day past due by contract a text may say so. */
const FROM_DAY: readonly { readonly id: ConsequenceId; readonly day: number; readonly isTrue: (facts: ProductFacts) => boolean }[] = [
  { id: 'interest-and-charges', day: 4, isTrue: () => true },
  { id: 'bureau-report', day: 4, isTrue: (facts) => facts.reportsToBureau },
  { id: 'card-suspension', day: 31, isTrue: (facts) => facts.suspendsCard },
  { id: 'agency-placement', day: 61, isTrue: (facts) => facts.placesWithAgencies },
];

const NOTHING_KNOWN: ProductFacts = { reportsToBureau: false, suspendsCard: false, placesWithAgencies: false };

/**
 * What follows if an account stays overdue: only what is true of its product at this age, mildest first. A suit is named only once a
 * named person decided on it, whatever the age.
 *
 * @param contractDaysPastDue calendar days since the oldest due date, holds included
 * @param facts of the account's product; absent, nothing is known of it and nothing that depends on it is said
 */
export function consequencesOf(
  contractDaysPastDue: number,
  facts: ProductFacts | undefined,
  intentConfirmed: boolean,
): readonly ConsequenceId[] {
  const known = facts ?? NOTHING_KNOWN;
  const ids = FROM_DAY.filter(({ day, isTrue }) => contractDaysPastDue >= day && isTrue(known)).map(({ id }) => id);
  return intentConfirmed ? [...ids, 'legal-proceedings'] : ids;
}

/** Each as a whole sentence, and as a clause for a text message, where they follow each other after "If it stays unpaid:". */
const WORDS: Readonly<Record<Locale, Readonly<Record<ConsequenceId, { readonly sentence: string; readonly clause: string }>>>> = {
  'zh-CN': {
    'interest-and-charges': {
      sentence: '按照账户合同的约定，未还款项可能继续产生利息和相关费用。',
      clause: '可能继续产生利息和费用',
    },
    'bureau-report': {
      sentence: '我行每月按规定向征信机构报送账户的还款情况，其中包括逾期信息。',
      clause: '逾期信息会按月报送征信机构',
    },
    'card-suspension': { sentence: '账户逾期超过30天的，卡片可能暂停使用。', clause: '卡片可能暂停使用' },
    'agency-placement': { sentence: '我行可能委托合作机构就该账户与您联系。', clause: '我行可能委托合作机构与您联系' },
    'legal-proceedings': {
      sentence: '如未付清也未商定还款安排，我行已决定将此事转入法律程序；转交之前会再次复核。',
      clause: '我行已决定转入法律程序，转交前会再次复核',
    },
  },
  'zh-TW': {
    'interest-and-charges': {
      sentence: '依照帳戶契約的約定，未繳款項可能繼續產生利息及相關費用。',
      clause: '可能繼續產生利息及費用',
    },
    'bureau-report': {
      sentence: '本行每月依規定向信用資料機構報送帳戶的繳款情形，其中包括逾期資訊。',
      clause: '逾期資訊會按月報送信用資料機構',
    },
    'card-suspension': { sentence: '帳戶逾期超過30天時，卡片可能暫停使用。', clause: '卡片可能暫停使用' },
    'agency-placement': { sentence: '本行可能委託合作機構就該帳戶與您聯繫。', clause: '本行可能委託合作機構與您聯繫' },
    'legal-proceedings': {
      sentence: '若未繳清也未商定還款方案，本行已決定將此事轉入法律程序；轉交之前會再次覆核。',
      clause: '本行已決定轉入法律程序，轉交前會再次覆核',
    },
  },
  en: {
    'interest-and-charges': {
      sentence: 'Under your account agreement, interest and charges may continue to be added to the unpaid amount.',
      clause: 'interest and charges may be added',
    },
    'bureau-report': {
      sentence: 'Each month we report to the credit bureau how accounts are being paid, and the report includes overdue amounts.',
      clause: 'overdue amounts are in our monthly report to the credit bureau',
    },
    'card-suspension': {
      sentence: 'While an account is more than 30 days overdue, use of the card may be suspended.',
      clause: 'use of the card may be suspended',
    },
    'agency-placement': {
      sentence: 'We may ask an agency that works for us to contact you about the account.',
      clause: 'an agency that works for us may contact you',
    },
    'legal-proceedings': {
      sentence:
        'Unless the amount is paid or an arrangement is agreed, we have decided to refer the matter to legal proceedings. It will be reviewed once more before that happens.',
      clause: 'we have decided to refer the matter to legal proceedings, subject to one more review',
    },
  },
};

export function consequenceSentence(id: ConsequenceId, locale: Locale): string {
  return WORDS[locale][id].sentence;
}

export function consequenceClause(id: ConsequenceId, locale: Locale): string {
  return WORDS[locale][id].clause;
}
