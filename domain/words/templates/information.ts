import { BASIS, FIGURES, HELP, PAY, RIGHTS, STATEMENT, type Template } from '../template.ts';
import { ALL_CHANNELS, DEMAND_PARTS, EVERYWHERE, FAST_CHANNELS, FIGURE_OPTIONS, FIGURE_SLOTS } from './shared.ts';

/** Messages that tell rather than ask: before the due date, of a payment, of the customer's rights, of a report. */

/** Three days before the due date, and on it; where the bank debits the amount itself, it asks to have the funds ready. */
export const PRE_DUE = {
  id: 'pre-due',
  version: '1',
  purpose: 'pre-due',
  stages: [],
  channels: FAST_CHANNELS,
  parts: { short: DEMAND_PARTS, long: [...DEMAND_PARTS, 'date'] },
  slots: [...EVERYWHERE, 'statementBalance', 'minimumDue', 'dueDate', 'daysToDue', 'autopay', 'paymentLink'],
  optional: [],
  segments: { typical: 2, long: 4 },
  texts: {
    'zh-CN': {
      short:
        '{opening}您尾号{accountRef}的账户本期应还{statementBalance}（最低还款{minimumDue}），{daysToDue, plural, =0 {今天到期} other {{dueDate}到期}}。{autopay, select, yes {您已设置自动还款，请确保扣款账户资金充足。} other {还款：{paymentLink} 如已还款请忽略。}}咨询请致电{hotline}。',
      subject: '{daysToDue, plural, =0 {今天是您尾号{accountRef}账户的还款日} other {您尾号{accountRef}账户的还款日快到了}}',
      preheader: '{autopay, select, yes {您已设置自动还款，请确保扣款账户资金充足。} other {如已还款请忽略。}}',
      body: [
        '我们是{bankName}客户服务团队。您尾号{accountRef}的账户{daysToDue, plural, =0 {今天是本期账单的到期还款日} other {本期账单将于{dueDate}到期}}。',
        STATEMENT,
        '{autopay, select, yes {您已设置自动还款，请在扣款前确保扣款账户资金充足。} other {}}',
        PAY,
        '{autopay, select, yes {} other {如您已经还款，请忽略本邮件。}}如有疑问，请致电客服热线{hotline}。',
      ],
    },
    'zh-TW': {
      short:
        '{opening}您末四碼{accountRef}的帳戶本期應繳{statementBalance}（最低應繳{minimumDue}），{daysToDue, plural, =0 {今天截止} other {{dueDate}截止}}。{autopay, select, yes {您已設定自動扣繳，請確認扣款帳戶餘額充足。} other {繳款：{paymentLink} 若已繳款請忽略。}}洽詢請致電{hotline}。',
      subject: '{daysToDue, plural, =0 {今天是您末四碼{accountRef}帳戶的繳款截止日} other {您末四碼{accountRef}帳戶的繳款截止日快到了}}',
      preheader: '{autopay, select, yes {您已設定自動扣繳，請確認扣款帳戶餘額充足。} other {若已繳款請忽略。}}',
      body: [
        '我們是{bankName}客戶服務團隊。您末四碼{accountRef}的帳戶{daysToDue, plural, =0 {今天是本期帳單的繳款截止日} other {本期帳單將於{dueDate}到期}}。',
        STATEMENT,
        '{autopay, select, yes {您已設定自動扣繳，請在扣款前確認扣款帳戶餘額充足。} other {}}',
        PAY,
        '{autopay, select, yes {} other {若您已繳款，請忽略本郵件。}}如有疑問，請致電客服專線{hotline}。',
      ],
    },
    en: {
      short:
        '{opening}your statement for account ending {accountRef} is due {daysToDue, plural, =0 {today} other {on {dueDate}}}: {statementBalance}, minimum payment {minimumDue}. {autopay, select, yes {It is debited automatically; please make sure the funds are there.} other {To pay: {paymentLink} If you have paid, please ignore this.}} Questions? Call {hotline}.',
      subject:
        '{daysToDue, plural, =0 {Your payment for the account ending {accountRef} is due today} other {Your payment for the account ending {accountRef} is due soon}}',
      preheader:
        '{autopay, select, yes {It is debited automatically; please make sure the funds are there.} other {If you have already paid, please ignore this message.}}',
      body: [
        'This is the customer service team of {bankName}. The statement for your account ending {accountRef} is due {daysToDue, plural, =0 {today} other {on {dueDate}}}.',
        STATEMENT,
        '{autopay, select, yes {The payment is debited automatically. Please make sure that the funds are there before it is.} other {}}',
        PAY,
        '{autopay, select, yes {} other {If you have already paid, please ignore this message. }}If you have a question, please call us on {hotline}.',
      ],
    },
  },
} as const satisfies Template;

/** An answer to a payment, not a demand: what came, and whether anything is still overdue. */
export const PAYMENT_RECEIVED = {
  id: 'payment-received',
  version: '1',
  purpose: 'payment-acknowledgement',
  stages: ['reminder', 'call', 'plan', 'field-visit', 'legal'],
  channels: FAST_CHANNELS,
  parts: { short: ['sender', 'account', 'amount', 'date', 'hotline'], long: ['sender', 'account', 'amount', 'date', 'hotline'] },
  slots: [...EVERYWHERE, 'received', 'receivedDate', 'overdue'],
  optional: [],
  segments: { typical: 2, long: 3 },
  texts: {
    'zh-CN': {
      short:
        '{opening}我们已收到您尾号{accountRef}的账户{receivedDate}的还款{received}，谢谢！{stillOverdue, select, yes {该账户目前逾期{overdue}。} other {该账户目前没有逾期款项。}}如有疑问请致电{hotline}。',
      subject: '我们已收到您的还款',
      preheader: '谢谢！如有疑问，请致电客服热线。',
      body: [
        '我们是{bankName}客户服务团队。我们已收到您尾号{accountRef}的账户{receivedDate}的还款{received}，谢谢！',
        '{stillOverdue, select, yes {计入这笔还款后，该账户目前逾期{overdue}。} other {该账户目前没有逾期款项。}}',
        '如与您的记录不符，或有其他疑问，请致电客服热线{hotline}。',
      ],
    },
    'zh-TW': {
      short:
        '{opening}我們已收到您末四碼{accountRef}的帳戶{receivedDate}的繳款{received}，謝謝！{stillOverdue, select, yes {該帳戶目前逾期{overdue}。} other {該帳戶目前沒有逾期款項。}}如有疑問請致電{hotline}。',
      subject: '我們已收到您的繳款',
      preheader: '謝謝！如有疑問，請致電客服專線。',
      body: [
        '我們是{bankName}客戶服務團隊。我們已收到您末四碼{accountRef}的帳戶{receivedDate}的繳款{received}，謝謝！',
        '{stillOverdue, select, yes {計入這筆繳款後，該帳戶目前逾期{overdue}。} other {該帳戶目前沒有逾期款項。}}',
        '如與您的紀錄不符，或有其他疑問，請致電客服專線{hotline}。',
      ],
    },
    en: {
      short:
        '{opening}thank you. We have received your payment of {received} to your account ending {accountRef}, made on {receivedDate}. {stillOverdue, select, yes {{overdue} is overdue on the account at present.} other {Nothing is overdue on the account.}} Questions? Call {hotline}.',
      subject: 'We have received your payment',
      preheader: 'Thank you. If you have a question, please call our customer service.',
      body: [
        'This is the customer service team of {bankName}. Thank you: we have received your payment of {received} to your account ending {accountRef}, made on {receivedDate}.',
        '{stillOverdue, select, yes {With this payment taken into account, {overdue} is overdue on the account at present.} other {Nothing is overdue on the account.}}',
        'If this differs from your own records, or if you have another question, please call us on {hotline}.',
      ],
    },
  },
} as const satisfies Template;

/** Before a case goes on: how arrears work, and what a customer can do. It names no consequence. */
export const EDUCATION = {
  id: 'education',
  version: '1',
  purpose: 'collection',
  stages: ['reminder', 'call', 'plan'],
  channels: ALL_CHANNELS,
  parts: { short: [...DEMAND_PARTS, 'object', 'help'], long: [...DEMAND_PARTS, 'items', 'balance', 'object', 'help'] },
  slots: [...EVERYWHERE, ...FIGURE_SLOTS, 'paymentLink', 'asOf'],
  optional: FIGURE_OPTIONS,
  segments: { typical: 3, long: 5 },
  texts: {
    'zh-CN': {
      short:
        '{opening}{several, select, yes {您有{accountCount}个账户逾期：{accounts}，合计{totals}。} other {您尾号{accountRef}的账户逾期{overdue}。}}您可以核对账目、提出异议、申请还款安排，也可以选择方便的联系时间，请致电{hotline}。还款请只走官方渠道，不要转账给个人：{paymentLink}',
      subject: '账户逾期时，您可以这样做',
      preheader: '核对账目、提出异议、申请还款安排，我们都可以协助。',
      body: [
        '我们是{bankName}客户服务团队。{several, select, yes {您的{accountCount}个账户有款项逾期。} other {您尾号{accountRef}的账户目前逾期{overdue}。}}我们想向您说明逾期是怎样计算的，以及您可以怎样处理。',
        '逾期从到期还款日的次日起按天计算，直到逾期款项还清；您的还款先用于偿还最早到期的款项。利息和费用按账户合同的约定计算，您可以随时向我们查询计算方法。',
        '您可以告诉我们希望在什么时间、通过什么方式联系您。',
        '请只通过我行官方渠道还款。不要把款项转给任何个人，也不要向任何人提供密码或验证码。',
        FIGURES,
        PAY,
        RIGHTS,
      ],
    },
    'zh-TW': {
      short:
        '{opening}{several, select, yes {您有{accountCount}個帳戶逾期：{accounts}，合計{totals}。} other {您末四碼{accountRef}的帳戶逾期{overdue}。}}您可以核對帳目、提出異議、申請還款方案，也可以選擇方便的聯繫時間，請致電{hotline}。繳款請只走官方管道，不要轉帳給個人：{paymentLink}',
      subject: '帳戶逾期時，您可以這樣做',
      preheader: '核對帳目、提出異議、申請還款方案，我們都可以協助。',
      body: [
        '我們是{bankName}客戶服務團隊。{several, select, yes {您的{accountCount}個帳戶有款項逾期。} other {您末四碼{accountRef}的帳戶目前逾期{overdue}。}}我們想向您說明逾期是怎樣計算的，以及您可以怎樣處理。',
        '逾期從繳款截止日的次日起按日計算，直到逾期款項繳清；您的繳款會先用於最早到期的款項。利息與費用依帳戶契約的約定計算，您可以隨時向我們查詢計算方式。',
        '您可以告訴我們希望在什麼時間、以什麼方式聯繫您。',
        '請只透過本行官方管道繳款。不要把款項轉給任何個人，也不要向任何人提供密碼或驗證碼。',
        FIGURES,
        PAY,
        RIGHTS,
      ],
    },
    en: {
      short:
        '{opening}{several, select, yes {{accountCount} of your accounts are overdue (ending {accounts}), {totals} in all.} other {{overdue} on your account ending {accountRef} is overdue.}} You can check the account, object, ask for an arrangement, and choose when we contact you: call {hotline}. Please pay through our own channels only, never to a private person: {paymentLink}',
      subject: 'What you can do when an account is overdue',
      preheader: 'Checking the account, objecting, asking for an arrangement: we can help with each.',
      body: [
        'This is the customer service team of {bankName}. {several, select, yes {Amounts on {accountCount} of your accounts are overdue.} other {On your account ending {accountRef}, {overdue} is overdue.}} We would like to explain how this works and what you can do.',
        'An account counts as overdue from the day after its due date until the overdue amount is paid; a payment goes to the oldest amount first. Interest and charges follow from your account agreement, and you can ask us at any time how they are worked out.',
        'You can tell us at which times and in which way you would like us to contact you.',
        'Please pay through our own channels only. Do not pay to a private person, and give nobody your password or a verification code.',
        FIGURES,
        PAY,
        RIGHTS,
      ],
    },
  },
} as const satisfies Template;

/** Once a case, before the day on which the account's standing is reported: the law wants it said first. */
export const BUREAU_NOTICE = {
  id: 'bureau-notice',
  version: '1',
  purpose: 'statutory-notice',
  stages: ['reminder', 'call', 'plan', 'field-visit', 'legal'],
  channels: ['sms', 'email', 'post', 'in-app'],
  parts: {
    short: [...DEMAND_PARTS, 'date', 'object'],
    long: [...DEMAND_PARTS, 'items', 'balance', 'date', 'object', 'help'],
  },
  slots: [...EVERYWHERE, ...FIGURE_SLOTS, 'reportingDate', 'paymentLink', 'asOf'],
  optional: ['components'],
  segments: { typical: 3, long: 5 },
  texts: {
    'zh-CN': {
      short:
        '{opening}我行将于{reportingDate}按规定向征信机构报送账户信息。您尾号{accountRef}的账户目前逾期{overdue}，届时仍未还清的，逾期信息将一并报送。还款：{paymentLink} 如已还款请忽略。核对或提出异议请致电{hotline}。',
      subject: '关于账户信息报送的告知',
      preheader: '如对账户信息有疑问或异议，请致电客服热线。',
      body: [
        '我们是{bankName}客户服务团队。我行将于{reportingDate}按规定向征信机构报送账户信息，现提前告知您。',
        '您尾号{accountRef}的账户目前逾期{overdue}，明细如下。如到报送时仍未还清，逾期信息将一并报送。',
        FIGURES,
        BASIS,
        PAY,
        RIGHTS,
        HELP,
      ],
    },
    'zh-TW': {
      short:
        '{opening}本行將於{reportingDate}依規定向信用資料機構報送帳戶資訊。您末四碼{accountRef}的帳戶目前逾期{overdue}，屆時若仍未繳清，逾期資訊將一併報送。繳款：{paymentLink} 若已繳款請忽略。核對或提出異議請致電{hotline}。',
      subject: '關於帳戶資訊報送的告知',
      preheader: '若對帳戶資訊有疑問或異議，請致電客服專線。',
      body: [
        '我們是{bankName}客戶服務團隊。本行將於{reportingDate}依規定向信用資料機構報送帳戶資訊，在此提前告知您。',
        '您末四碼{accountRef}的帳戶目前逾期{overdue}，明細如下。若到報送時仍未繳清，逾期資訊將一併報送。',
        FIGURES,
        BASIS,
        PAY,
        RIGHTS,
        HELP,
      ],
    },
    en: {
      short:
        '{opening}on {reportingDate} we report to the credit bureau how accounts are being paid. {overdue} on your account ending {accountRef} is overdue; if it is still unpaid then, the report will include it. To pay: {paymentLink} If you have paid, please ignore this. To check or object: {hotline}.',
      subject: 'What we are about to report about your account',
      preheader: 'If you have a question or an objection, please call our customer service.',
      body: [
        'This is the customer service team of {bankName}. On {reportingDate} we report to the credit bureau how accounts are being paid, and we want you to know beforehand.',
        'On your account ending {accountRef}, {overdue} is overdue, as listed below. If it is still unpaid when we report, the report will include it.',
        FIGURES,
        BASIS,
        PAY,
        RIGHTS,
        HELP,
      ],
    },
  },
} as const satisfies Template;
