import { BASIS, CONSEQUENCES, FIGURES, PAY, RIGHTS, type Template } from '../template.ts';
import { ALL_CHANNELS, DEMAND_PARTS, EVERYWHERE, FIGURE_SLOTS, PREHEADER } from './shared.ts';

export const VISIT_BEFORE = {
  id: 'visit-before',
  version: '3',
  purpose: 'collection',
  stages: ['field-visit', 'legal'],
  channels: ALL_CHANNELS,
  parts: { short: [...DEMAND_PARTS, 'date'], long: [...DEMAND_PARTS, 'items', 'balance', 'date'] },
  slots: [...EVERYWHERE, ...FIGURE_SLOTS, 'visitDate', 'paymentLink', 'asOf'],
  optional: ['components'],
  segments: { typical: 3, long: 4 },
  texts: {
    'zh-CN': {
      short:
        '{opening}我们拟自{visitDate}起一周内拜访您，当面沟通尾号{accountRef}的账户逾期{overdue}一事。您可以更改时间地点或谢绝拜访，请致电{hotline}。还款：{paymentLink}',
      subject: '我们希望自{visitDate}起一周内拜访您',
      preheader: '您可以更改时间地点，也可以谢绝拜访。',
      body: [
        '我们是{bankName}客户服务团队。您尾号{accountRef}的账户目前逾期{overdue}。我们拟自{visitDate}起一周内拜访您，当面了解情况并商量还款安排。',
        '来访人员会出示工作证件，未经您同意不会进入您的住所。您可以更改时间或地点，也可以谢绝拜访，请致电客服热线{hotline}。',
        FIGURES,
        '如您希望现在还款，可以使用以下方式。',
        PAY,
      ],
    },
    'zh-TW': {
      short:
        '{opening}我們擬自{visitDate}起一週內拜訪您，當面溝通末四碼{accountRef}的帳戶逾期{overdue}一事。您可以更改時間地點或婉拒拜訪，請致電{hotline}。繳款：{paymentLink}',
      subject: '我們希望自{visitDate}起一週內拜訪您',
      preheader: '您可以更改時間地點，也可以婉拒拜訪。',
      body: [
        '我們是{bankName}客戶服務團隊。您末四碼{accountRef}的帳戶目前逾期{overdue}。我們擬自{visitDate}起一週內拜訪您，當面了解情況並商量還款方案。',
        '來訪人員會出示工作證件，未經您同意不會進入您的住所。您可以更改時間或地點，也可以婉拒拜訪，請致電客服專線{hotline}。',
        FIGURES,
        '若您希望現在繳款，可以使用以下方式。',
        PAY,
      ],
    },
    en: {
      short:
        '{opening}our staff would like to visit you in the week from {visitDate} to talk about {overdue} overdue on your account ending {accountRef}. To choose another time or place, or to decline, call {hotline}. To pay: {paymentLink}',
      subject: 'We would like to visit you in the week from {visitDate}',
      preheader: 'You can choose another time or place, or decline the visit.',
      body: [
        'This is the customer service team of {bankName}. On your account ending {accountRef}, {overdue} is overdue. We would like to visit you in the week from {visitDate}, to hear how things stand and to talk about an arrangement.',
        'Our staff will show proof of who they are and will not enter your home unless you agree. You can choose another time or place, or decline the visit: please call us on {hotline}.',
        FIGURES,
        'If you prefer to pay now, this is how.',
        PAY,
      ],
    },
  },
} as const satisfies Template;

/**
 * Says what a notice before legal proceedings owes the customer: the amount, why, by when, what was decided, what else may follow, how
 * to check and to object. Not for a push or a chat: its delivery has to be proven.
 */
export const LEGAL_FORMAL_NOTICE = {
  id: 'legal-formal-notice',
  version: '2',
  purpose: 'formal-notice',
  stages: ['legal'],
  channels: ['sms', 'email', 'post'],
  parts: {
    short: [...DEMAND_PARTS, 'date', 'object', 'decision'],
    long: [...DEMAND_PARTS, 'items', 'balance', 'date', 'object', 'decision', 'help'],
  },
  slots: [...EVERYWHERE, ...FIGURE_SLOTS, 'dueDate', 'deadline', 'paymentLink', 'consequences', 'asOf'],
  optional: ['components'],
  segments: { typical: 3, long: 5 },
  texts: {
    'zh-CN': {
      short:
        '{opening}正式通知：您尾号{accountRef}的账户逾期{overdue}，最早到期日{dueDate}。请于{deadline}（含）前付清或与我们商定还款安排；到期两者皆无的，我行已决定转入法律程序，转交前会再次复核。还款：{paymentLink} 核对或提出异议请致电{hotline}。',
      subject: '关于您尾号{accountRef}账户的正式通知',
      preheader: PREHEADER['zh-CN'],
      body: [
        '这是{bankName}就您尾号{accountRef}的账户发出的正式通知。截至{asOf}，该账户逾期{overdue}，最早到期日为{dueDate}，明细如下。',
        FIGURES,
        BASIS,
        '请于{deadline}（含）前付清逾期金额{overdue}，或与我们商定还款安排。',
        PAY,
        '如到期既未付清也未商定还款安排，我行已决定将此事转入法律程序；转交之前会再次复核。',
        CONSEQUENCES,
        RIGHTS,
      ],
    },
    'zh-TW': {
      short:
        '{opening}正式通知：您末四碼{accountRef}的帳戶逾期{overdue}，最早到期日{dueDate}。請於{deadline}（含）前繳清或與我們商定還款方案；到期兩者皆無時，本行已決定轉入法律程序，轉交前會再次覆核。繳款：{paymentLink} 核對或提出異議請致電{hotline}。',
      subject: '關於您末四碼{accountRef}帳戶的正式通知',
      preheader: PREHEADER['zh-TW'],
      body: [
        '這是{bankName}就您末四碼{accountRef}的帳戶發出的正式通知。截至{asOf}，該帳戶逾期{overdue}，最早到期日為{dueDate}，明細如下。',
        FIGURES,
        BASIS,
        '請於{deadline}（含）前繳清逾期金額{overdue}，或與我們商定還款方案。',
        PAY,
        '若到期既未繳清也未商定還款方案，本行已決定將此事轉入法律程序；轉交之前會再次覆核。',
        CONSEQUENCES,
        RIGHTS,
      ],
    },
    en: {
      short:
        '{opening}formal notice. {overdue} on your account ending {accountRef} is overdue, the oldest part due on {dueDate}. Please pay it or agree an arrangement with us by {deadline}. If neither is done by then, we have decided to refer it to legal proceedings, subject to one more review. To pay: {paymentLink} To check or object: {hotline}.',
      subject: 'Formal notice about your account ending {accountRef}',
      preheader: PREHEADER.en,
      body: [
        'This is a formal notice from {bankName} about your account ending {accountRef}. As of {asOf}, {overdue} is overdue, the oldest part of it due on {dueDate}, as listed below.',
        FIGURES,
        BASIS,
        'Please pay the overdue amount of {overdue}, or agree an arrangement with us, by {deadline}.',
        PAY,
        'If by then it is neither paid nor covered by an arrangement, we have decided to refer the matter to legal proceedings. It will be reviewed once more before that happens.',
        CONSEQUENCES,
        RIGHTS,
      ],
    },
  },
} as const satisfies Template;
