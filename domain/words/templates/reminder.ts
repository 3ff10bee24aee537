import { CONSEQUENCES, FIGURES, HELP, PAY, type Template } from '../template.ts';
import {
  ALL_CHANNELS,
  DEMAND_PARTS,
  EVERYWHERE,
  FIGURE_OPTIONS,
  FIGURE_SLOTS,
  FIRST_WORD,
  ITEMISED_PARTS,
  LATER_WORD,
  PREHEADER,
} from './shared.ts';

/** The first message of a case says who writes, for whom, the itemised amount, how to pay, and where to call. */
export const REMINDER_FIRST = {
  id: 'reminder-first',
  version: '2',
  purpose: 'collection',
  stages: ['reminder', 'call', 'plan', 'field-visit', 'legal'],
  channels: ALL_CHANNELS,
  parts: { short: [...DEMAND_PARTS, 'items', 'balance', 'help'], long: ITEMISED_PARTS },
  slots: [...EVERYWHERE, ...FIGURE_SLOTS, 'paymentLink', 'consequences', 'asOf'],
  optional: FIGURE_OPTIONS,
  segments: { typical: 3, long: 5 },
  texts: {
    'zh-CN': {
      short:
        '{opening}{several, select, yes {您有{accountCount}个账户逾期：{accounts}，合计{totals}。} other {{track, select, firstTime {可能您一时没有留意，} light {可能您一时没有留意，} other {}}您尾号{accountRef}的账户逾期{overdue}（{items}），账户余额{balance}。}}还款：{paymentLink} 如已还款请忽略。有疑问或还款有困难请致电{hotline}。',
      subject: '{several, select, yes {您名下账户的还款提醒} other {尾号{accountRef}账户的还款提醒}}',
      preheader: PREHEADER['zh-CN'],
      body: [
        '我们是{bankName}客户服务团队，{several, select, yes {就您在我行的{accountCount}个账户与您联系。这些账户有款项逾期，明细如下。} other {就您在我行尾号{accountRef}的账户与您联系。该账户目前逾期{overdue}，明细如下。}}',
        FIRST_WORD['zh-CN'],
        FIGURES,
        PAY,
        CONSEQUENCES,
        HELP,
      ],
    },
    'zh-TW': {
      short:
        '{opening}{several, select, yes {您有{accountCount}個帳戶逾期：{accounts}，合計{totals}。} other {{track, select, firstTime {可能您一時沒有留意，} light {可能您一時沒有留意，} other {}}您末四碼{accountRef}的帳戶逾期{overdue}（{items}），帳戶餘額{balance}。}}繳款：{paymentLink} 若已繳款請忽略。有疑問或繳款有困難請致電{hotline}。',
      subject: '{several, select, yes {您名下帳戶的繳款提醒} other {末四碼{accountRef}帳戶的繳款提醒}}',
      preheader: PREHEADER['zh-TW'],
      body: [
        '我們是{bankName}客戶服務團隊，{several, select, yes {就您在本行的{accountCount}個帳戶與您聯繫。這些帳戶有款項逾期，明細如下。} other {就您在本行末四碼{accountRef}的帳戶與您聯繫。該帳戶目前逾期{overdue}，明細如下。}}',
        FIRST_WORD['zh-TW'],
        FIGURES,
        PAY,
        CONSEQUENCES,
        HELP,
      ],
    },
    en: {
      short:
        '{opening}{several, select, yes {you have {accountCount} overdue accounts with us (ending {accounts}), {totals} in all.} other {{overdue} is overdue on your account ending {accountRef} ({items}). Balance {balance}.}} {track, select, firstTime {It may have slipped your mind. } light {It may have slipped your mind. } other {}}To pay: {paymentLink} If you have paid, please ignore this. Questions or difficulty paying? Call {hotline}.',
      subject:
        '{several, select, yes {A payment reminder for your accounts} other {A payment reminder for your account ending {accountRef}}}',
      preheader: PREHEADER.en,
      body: [
        'This is the customer service team of {bankName}, writing about {several, select, yes {your {accountCount} accounts with us. Amounts on them are overdue, as listed below.} other {your account ending {accountRef} with us. {overdue} is overdue at present, as listed below.}}',
        FIRST_WORD.en,
        FIGURES,
        PAY,
        CONSEQUENCES,
        HELP,
      ],
    },
  },
} as const satisfies Template;

export const REMINDER_AGAIN = {
  id: 'reminder-again',
  version: '2',
  purpose: 'collection',
  stages: ['reminder', 'call'],
  channels: ALL_CHANNELS,
  parts: { short: [...DEMAND_PARTS, 'date', 'help'], long: [...ITEMISED_PARTS, 'date'] },
  slots: [...EVERYWHERE, ...FIGURE_SLOTS, 'dueDate', 'paymentLink', 'consequences', 'asOf'],
  optional: FIGURE_OPTIONS,
  segments: { typical: 4, long: 6 },
  texts: {
    'zh-CN': {
      short:
        '{opening}{several, select, yes {您仍有{accountCount}个账户逾期：{accounts}，合计{totals}。} other {您尾号{accountRef}的账户仍逾期{overdue}，最早到期日{dueDate}。}}{warns, select, yes {如持续逾期：{consequences}。} other {}}还款：{paymentLink} 如已还款请忽略。有疑问或还款有困难请致电{hotline}。',
      subject: '{several, select, yes {再次提醒：您名下账户的还款} other {再次提醒：尾号{accountRef}账户的还款}}',
      preheader: PREHEADER['zh-CN'],
      body: [
        '我们是{bankName}客户服务团队。{several, select, yes {您的{accountCount}个账户仍有款项逾期。} other {您尾号{accountRef}的账户仍逾期{overdue}，最早到期日为{dueDate}。}}明细如下。',
        FIRST_WORD['zh-CN'],
        FIGURES,
        PAY,
        CONSEQUENCES,
        HELP,
      ],
    },
    'zh-TW': {
      short:
        '{opening}{several, select, yes {您仍有{accountCount}個帳戶逾期：{accounts}，合計{totals}。} other {您末四碼{accountRef}的帳戶仍逾期{overdue}，最早到期日{dueDate}。}}{warns, select, yes {若持續逾期：{consequences}。} other {}}繳款：{paymentLink} 若已繳款請忽略。有疑問或繳款有困難請致電{hotline}。',
      subject: '{several, select, yes {再次提醒：您名下帳戶的繳款} other {再次提醒：末四碼{accountRef}帳戶的繳款}}',
      preheader: PREHEADER['zh-TW'],
      body: [
        '我們是{bankName}客戶服務團隊。{several, select, yes {您的{accountCount}個帳戶仍有款項逾期。} other {您末四碼{accountRef}的帳戶仍逾期{overdue}，最早到期日為{dueDate}。}}明細如下。',
        FIRST_WORD['zh-TW'],
        FIGURES,
        PAY,
        CONSEQUENCES,
        HELP,
      ],
    },
    en: {
      short:
        '{opening}{several, select, yes {{accountCount} of your accounts are still overdue (ending {accounts}), {totals} in all.} other {{overdue} on your account ending {accountRef} is still overdue, the oldest part due on {dueDate}.}} {warns, select, yes {If it stays overdue: {consequences}. } other {}}To pay: {paymentLink} If you have paid, please ignore this. Questions or difficulty paying? Call {hotline}.',
      subject:
        '{several, select, yes {Another payment reminder for your accounts} other {Another payment reminder for your account ending {accountRef}}}',
      preheader: PREHEADER.en,
      body: [
        'This is the customer service team of {bankName}. {several, select, yes {Amounts on {accountCount} of your accounts are still overdue.} other {On your account ending {accountRef}, {overdue} is still overdue, the oldest part due on {dueDate}.}} The details are listed below.',
        FIRST_WORD.en,
        FIGURES,
        PAY,
        CONSEQUENCES,
        HELP,
      ],
    },
  },
} as const satisfies Template;

export const OVERDUE_CONTINUING = {
  id: 'overdue-continuing',
  version: '2',
  purpose: 'collection',
  stages: ['call', 'plan', 'field-visit', 'legal'],
  channels: ALL_CHANNELS,
  parts: { short: [...DEMAND_PARTS, 'date', 'days-past-due', 'help'], long: [...ITEMISED_PARTS, 'date', 'days-past-due'] },
  slots: [...EVERYWHERE, ...FIGURE_SLOTS, 'dueDate', 'daysPastDue', 'paymentLink', 'consequences', 'asOf'],
  optional: FIGURE_OPTIONS,
  segments: { typical: 4, long: 6 },
  texts: {
    'zh-CN': {
      short:
        '{opening}{several, select, yes {您有{accountCount}个账户逾期：{accounts}，合计{totals}。} other {您尾号{accountRef}的账户逾期{overdue}，最早到期日{dueDate}，已逾期{daysPastDue}天。}}{warns, select, yes {如持续逾期：{consequences}。} other {}}还款：{paymentLink} 商量还款安排或核对金额请致电{hotline}。',
      subject: '{several, select, yes {关于您名下账户的逾期情况} other {关于您尾号{accountRef}账户的逾期情况}}',
      preheader: PREHEADER['zh-CN'],
      body: [
        '我们是{bankName}客户服务团队。{several, select, yes {您的{accountCount}个账户有款项逾期。} other {您尾号{accountRef}的账户逾期{overdue}，最早到期日为{dueDate}，至今已逾期{daysPastDue}天。}}明细如下。',
        LATER_WORD['zh-CN'],
        FIGURES,
        PAY,
        CONSEQUENCES,
        HELP,
      ],
    },
    'zh-TW': {
      short:
        '{opening}{several, select, yes {您有{accountCount}個帳戶逾期：{accounts}，合計{totals}。} other {您末四碼{accountRef}的帳戶逾期{overdue}，最早到期日{dueDate}，已逾期{daysPastDue}天。}}{warns, select, yes {若持續逾期：{consequences}。} other {}}繳款：{paymentLink} 商量還款方案或核對金額請致電{hotline}。',
      subject: '{several, select, yes {關於您名下帳戶的逾期情形} other {關於您末四碼{accountRef}帳戶的逾期情形}}',
      preheader: PREHEADER['zh-TW'],
      body: [
        '我們是{bankName}客戶服務團隊。{several, select, yes {您的{accountCount}個帳戶有款項逾期。} other {您末四碼{accountRef}的帳戶逾期{overdue}，最早到期日為{dueDate}，至今已逾期{daysPastDue}天。}}明細如下。',
        LATER_WORD['zh-TW'],
        FIGURES,
        PAY,
        CONSEQUENCES,
        HELP,
      ],
    },
    en: {
      short:
        '{opening}{several, select, yes {{accountCount} of your accounts are overdue (ending {accounts}), {totals} in all.} other {{overdue} on your account ending {accountRef} is overdue, the oldest part due on {dueDate}, {daysPastDue, plural, one {# day} other {# days}} ago.}} {warns, select, yes {If it stays overdue: {consequences}. } other {}}To pay: {paymentLink} To talk about an arrangement or to check the amount, call {hotline}.',
      subject:
        '{several, select, yes {About the overdue amounts on your accounts} other {About the overdue amount on your account ending {accountRef}}}',
      preheader: PREHEADER.en,
      body: [
        'This is the customer service team of {bankName}. {several, select, yes {Amounts on {accountCount} of your accounts are overdue.} other {On your account ending {accountRef}, {overdue} is overdue; the oldest part was due on {dueDate}, {daysPastDue, plural, one {# day} other {# days}} ago.}} The details are listed below.',
        LATER_WORD.en,
        FIGURES,
        PAY,
        CONSEQUENCES,
        HELP,
      ],
    },
  },
} as const satisfies Template;
