import { FIGURES, HELP, PAY, type Template } from '../template.ts';
import { DEMAND_PARTS, EVERYWHERE, FAST_CHANNELS, FIGURE_SLOTS, ITEMISED_PARTS, LATER_WORD, PREHEADER } from './shared.ts';

/**
 * To the other parties of an account, who answer for it. Each says why it comes to this person. None names the account's customer, what is
 * known of them, or what may follow for them: that is theirs. No letters: what a letter says of rights speaks of the customer's agreement.
 */

/** They name the days past due, so that the same amount can be spoken of again as time passes. */
const PARTY_SLOTS = [...EVERYWHERE, ...FIGURE_SLOTS, 'dueDate', 'daysPastDue', 'paymentLink'] as const;
const PARTS = {
  short: [...DEMAND_PARTS, 'date', 'days-past-due', 'help'],
  long: [...ITEMISED_PARTS, 'date', 'days-past-due'],
} as const;

/** What the demands on parties have in common; each is a text of its own, because what one owes is not what the other does. */
const TO_PARTIES = {
  version: '1',
  purpose: 'collection',
  channels: FAST_CHANNELS,
  parts: PARTS,
  slots: PARTY_SLOTS,
  optional: ['components'],
  segments: { typical: 4, long: 6 },
} as const;

export const OVERDUE_JOINT = {
  id: 'overdue-joint',
  ...TO_PARTIES,
  stages: ['call', 'plan', 'field-visit', 'legal'],
  texts: {
    'zh-CN': {
      short:
        '{opening}您是尾号{accountRef}账户的共同还款人，该账户逾期{overdue}，最早到期日{dueDate}，已逾期{daysPastDue}天。还款：{paymentLink} 商量还款安排或核对金额请致电{hotline}。',
      subject: '关于尾号{accountRef}账户的逾期情况',
      preheader: PREHEADER['zh-CN'],
      body: [
        '我们是{bankName}客户服务团队。您是尾号{accountRef}账户的共同还款人，因此我们与您本人联系。该账户逾期{overdue}，最早到期日为{dueDate}，至今已逾期{daysPastDue}天。明细如下。',
        LATER_WORD['zh-CN'],
        FIGURES,
        PAY,
        HELP,
      ],
    },
    'zh-TW': {
      short:
        '{opening}您是末四碼{accountRef}帳戶的共同借款人，該帳戶逾期{overdue}，最早到期日{dueDate}，已逾期{daysPastDue}天。繳款：{paymentLink} 商量還款方案或核對金額請致電{hotline}。',
      subject: '關於末四碼{accountRef}帳戶的逾期情形',
      preheader: PREHEADER['zh-TW'],
      body: [
        '我們是{bankName}客戶服務團隊。您是末四碼{accountRef}帳戶的共同借款人，因此我們與您本人聯繫。該帳戶逾期{overdue}，最早到期日為{dueDate}，至今已逾期{daysPastDue}天。明細如下。',
        LATER_WORD['zh-TW'],
        FIGURES,
        PAY,
        HELP,
      ],
    },
    en: {
      short:
        '{opening}you answer jointly for the account ending {accountRef}. {overdue} on it is overdue, the oldest part due on {dueDate}, {daysPastDue, plural, one {# day} other {# days}} ago. To pay: {paymentLink} To talk about an arrangement or to check the amount, call {hotline}.',
      subject: 'About the overdue amount on the account ending {accountRef}',
      preheader: PREHEADER.en,
      body: [
        'This is the customer service team of {bankName}. We are writing to you because you answer jointly for the account ending {accountRef}. {overdue} on it is overdue; the oldest part was due on {dueDate}, {daysPastDue, plural, one {# day} other {# days}} ago. The details are listed below.',
        LATER_WORD.en,
        FIGURES,
        PAY,
        HELP,
      ],
    },
  },
} as const satisfies Template;

export const OVERDUE_GUARANTEED = {
  id: 'overdue-guaranteed',
  ...TO_PARTIES,
  stages: ['plan', 'field-visit', 'legal'],
  texts: {
    'zh-CN': {
      short:
        '{opening}您提供担保的尾号{accountRef}账户逾期{overdue}，最早到期日{dueDate}，已逾期{daysPastDue}天。如您选择代为还款：{paymentLink} 核对担保和金额或有困难请致电{hotline}。',
      subject: '关于尾号{accountRef}账户的情况',
      preheader: PREHEADER['zh-CN'],
      body: [
        '我们是{bankName}客户服务团队。您是尾号{accountRef}账户的担保人，因此我们与您本人联系。该账户逾期{overdue}，最早到期日为{dueDate}，至今已逾期{daysPastDue}天。明细如下。',
        '您可以向我们核对担保的范围和金额；如有异议，请告诉我们，我们会核实并答复您。',
        FIGURES,
        PAY,
        HELP,
      ],
    },
    'zh-TW': {
      short:
        '{opening}您提供保證的末四碼{accountRef}帳戶逾期{overdue}，最早到期日{dueDate}，已逾期{daysPastDue}天。若您選擇代為繳款：{paymentLink} 核對保證和金額或有困難請致電{hotline}。',
      subject: '關於末四碼{accountRef}帳戶的情形',
      preheader: PREHEADER['zh-TW'],
      body: [
        '我們是{bankName}客戶服務團隊。您是末四碼{accountRef}帳戶的保證人，因此我們與您本人聯繫。該帳戶逾期{overdue}，最早到期日為{dueDate}，至今已逾期{daysPastDue}天。明細如下。',
        '您可以向我們核對保證的範圍和金額；若有異議，請告訴我們，我們會查明並答覆您。',
        FIGURES,
        PAY,
        HELP,
      ],
    },
    en: {
      short:
        '{opening}{overdue} is overdue on the account ending {accountRef} that you guarantee, the oldest part due on {dueDate}, {daysPastDue, plural, one {# day} other {# days}} ago. If you choose to pay it: {paymentLink} To check the guarantee and the amount, or if it is hard to pay, call {hotline}.',
      subject: 'About the account ending {accountRef}',
      preheader: PREHEADER.en,
      body: [
        'This is the customer service team of {bankName}. We are writing to you because you guarantee the account ending {accountRef}. {overdue} on it is overdue; the oldest part was due on {dueDate}, {daysPastDue, plural, one {# day} other {# days}} ago. The details are listed below.',
        'You can check with us how far your guarantee goes and how the amount was worked out. If you disagree, tell us: we will look into it and answer you.',
        FIGURES,
        PAY,
        HELP,
      ],
    },
  },
} as const satisfies Template;
