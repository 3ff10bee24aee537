import { CONSEQUENCES, FIGURES, HELP, PAY, type Template } from '../template.ts';
import {
  ALL_CHANNELS,
  DEMAND_PARTS,
  EVERYWHERE,
  FAST_CHANNELS,
  FIGURE_OPTIONS,
  FIGURE_SLOTS,
  ITEMISED_PARTS,
  LATER_WORD,
  PREHEADER,
} from './shared.ts';

/** After calls that reached nobody; it says that we rang, so it goes only where we did. */
export const CALL_MISSED = {
  id: 'call-missed',
  version: '2',
  purpose: 'collection',
  stages: ['call', 'plan', 'field-visit', 'legal'],
  channels: ALL_CHANNELS,
  parts: { short: DEMAND_PARTS, long: ITEMISED_PARTS },
  slots: [...EVERYWHERE, ...FIGURE_SLOTS, 'paymentLink', 'consequences', 'asOf'],
  optional: FIGURE_OPTIONS,
  segments: { typical: 3, long: 5 },
  texts: {
    'zh-CN': {
      short:
        '{opening}我们近日曾致电您，未能接通。{several, select, yes {您有{accountCount}个账户逾期：{accounts}，合计{totals}。} other {您尾号{accountRef}的账户逾期{overdue}。}}还款：{paymentLink} 如已还款请忽略。您可在方便时致电{hotline}。',
      subject: '我们曾致电您',
      preheader: PREHEADER['zh-CN'],
      body: [
        '我们是{bankName}客户服务团队，近日曾就您尾号{accountRef}的账户致电您，未能接通。{several, select, yes {您共有{accountCount}个账户有款项逾期，} other {该账户目前逾期{overdue}，}}明细如下。',
        LATER_WORD['zh-CN'],
        FIGURES,
        PAY,
        '您可以在方便时致电{hotline}，也可以告诉我们什么时间联系您合适。',
        CONSEQUENCES,
        HELP,
      ],
    },
    'zh-TW': {
      short:
        '{opening}我們近日曾致電您，未能接通。{several, select, yes {您有{accountCount}個帳戶逾期：{accounts}，合計{totals}。} other {您末四碼{accountRef}的帳戶逾期{overdue}。}}繳款：{paymentLink} 若已繳款請忽略。您可在方便時致電{hotline}。',
      subject: '我們曾致電您',
      preheader: PREHEADER['zh-TW'],
      body: [
        '我們是{bankName}客戶服務團隊，近日曾就您末四碼{accountRef}的帳戶致電您，未能接通。{several, select, yes {您共有{accountCount}個帳戶有款項逾期，} other {該帳戶目前逾期{overdue}，}}明細如下。',
        LATER_WORD['zh-TW'],
        FIGURES,
        PAY,
        '您可以在方便時致電{hotline}，也可以告訴我們什麼時間聯繫您合適。',
        CONSEQUENCES,
        HELP,
      ],
    },
    en: {
      short:
        '{opening}we tried to reach you by phone. {several, select, yes {{accountCount} of your accounts are overdue (ending {accounts}), {totals} in all.} other {{overdue} on your account ending {accountRef} is overdue.}} To pay: {paymentLink} If you have paid, please ignore this. You can call us at a time that suits you: {hotline}.',
      subject: 'We tried to reach you by phone',
      preheader: PREHEADER.en,
      body: [
        'This is the customer service team of {bankName}. We tried to reach you by phone about your account ending {accountRef}. {several, select, yes {Amounts on {accountCount} of your accounts are overdue,} other {{overdue} is overdue at present,}} as listed below.',
        LATER_WORD.en,
        FIGURES,
        PAY,
        'You can call us at a time that suits you, on {hotline}, and tell us when we may reach you.',
        CONSEQUENCES,
        HELP,
      ],
    },
  },
} as const satisfies Template;

export const PROMISE_TOMORROW = {
  id: 'promise-tomorrow',
  version: '2',
  purpose: 'promise-reminder',
  stages: ['reminder', 'call', 'plan', 'field-visit', 'legal'],
  channels: FAST_CHANNELS,
  parts: { short: [...DEMAND_PARTS, 'date'], long: [...DEMAND_PARTS, 'date'] },
  slots: [...EVERYWHERE, 'promised', 'promiseDate', 'paymentLink'],
  optional: [],
  segments: { typical: 2, long: 4 },
  texts: {
    'zh-CN': {
      short:
        '{opening}温馨提醒：按您的约定，尾号{accountRef}的账户将于{promiseDate}还款{promised}。还款：{paymentLink} 如已还款请忽略。如有变化请致电{hotline}。',
      subject: '您约定的还款日{promiseDate}快到了',
      preheader: '如情况有变化，请致电客服热线。',
      body: [
        '我们是{bankName}客户服务团队。按您与我们的约定，您尾号{accountRef}的账户将于{promiseDate}还款{promised}。',
        PAY,
        '如您已经还款，请忽略本邮件。如情况有变化，请致电客服热线{hotline}，我们可以重新商量。',
      ],
    },
    'zh-TW': {
      short:
        '{opening}貼心提醒：依您的約定，末四碼{accountRef}的帳戶將於{promiseDate}繳款{promised}。繳款：{paymentLink} 若已繳款請忽略。如有變動請致電{hotline}。',
      subject: '您約定的繳款日{promiseDate}快到了',
      preheader: '若情況有變動，請致電客服專線。',
      body: [
        '我們是{bankName}客戶服務團隊。依您與我們的約定，您末四碼{accountRef}的帳戶將於{promiseDate}繳款{promised}。',
        PAY,
        '若您已繳款，請忽略本郵件。若情況有變動，請致電客服專線{hotline}，我們可以重新商量。',
      ],
    },
    en: {
      short:
        '{opening}a reminder. You told us you would pay {promised} to your account ending {accountRef} on {promiseDate}. To pay: {paymentLink} If you have paid, please ignore this. If your plans have changed, call {hotline}.',
      subject: 'The payment you planned for {promiseDate}',
      preheader: 'If your plans have changed, please call our customer service.',
      body: [
        'This is the customer service team of {bankName}. You told us that you would pay {promised} to your account ending {accountRef} on {promiseDate}.',
        PAY,
        'If you have already paid, please ignore this message. If your plans have changed, please call us on {hotline}: we can talk about it again.',
      ],
    },
  },
} as const satisfies Template;
