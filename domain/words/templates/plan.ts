import { FIGURES, OFFERS, PAY, type Template } from '../template.ts';
import { ALL_CHANNELS, DEMAND_PARTS, EVERYWHERE, FIGURE_SLOTS, PREHEADER } from './shared.ts';

export const PLAN_OFFER = {
  id: 'plan-offer',
  version: '3',
  purpose: 'plan-offer',
  stages: ['call', 'plan', 'field-visit', 'legal'],
  channels: ALL_CHANNELS,
  parts: { short: [...DEMAND_PARTS, 'offers', 'date'], long: [...DEMAND_PARTS, 'offers', 'items', 'balance', 'date'] },
  slots: [...EVERYWHERE, ...FIGURE_SLOTS, 'offers', 'deadline', 'paymentLink', 'asOf'],
  optional: ['components'],
  segments: { typical: 2, long: 4 },
  texts: {
    'zh-CN': {
      short:
        '{opening}您尾号{accountRef}的账户逾期{overdue}，可以申请{offers}，{deadline}（含）前有效。申请或确认请致电{hotline}；也可一次还清：{paymentLink}',
      subject: '您可以申请分期还款',
      preheader: '每期金额和还款日由您确认后才生效，请致电客服热线了解。',
      body: [
        '我们是{bankName}客户服务团队。您尾号{accountRef}的账户目前逾期{overdue}。如一次还清有困难，您可以申请{offers}。',
        '{track, select, hardship {您不需要独自面对：请告诉我们您每月能够负担多少，我们一起看看怎样安排合适。} other {}}',
        '申请方式：请在{deadline}（含）前致电客服热线{hotline}。我们会说明每期金额、还款日和总额，由您决定是否同意；您确认后安排才生效。',
        OFFERS,
        FIGURES,
        '如您希望一次还清，也可以随时办理。',
        PAY,
      ],
    },
    'zh-TW': {
      short:
        '{opening}您末四碼{accountRef}的帳戶逾期{overdue}，可以申請{offers}，{deadline}（含）前有效。申請或確認請致電{hotline}；也可一次繳清：{paymentLink}',
      subject: '您可以申請分期還款',
      preheader: '每期金額與繳款日由您確認後才生效，請致電客服專線了解。',
      body: [
        '我們是{bankName}客戶服務團隊。您末四碼{accountRef}的帳戶目前逾期{overdue}。若一次繳清有困難，您可以申請{offers}。',
        '{track, select, hardship {您不需要獨自面對：請告訴我們您每月能夠負擔多少，我們一起看看怎樣安排合適。} other {}}',
        '申請方式：請在{deadline}（含）前致電客服專線{hotline}。我們會說明每期金額、繳款日與總額，由您決定是否同意；您確認後方案才生效。',
        OFFERS,
        FIGURES,
        '若您希望一次繳清，也可以隨時辦理。',
        PAY,
      ],
    },
    en: {
      short:
        '{opening}{overdue} on your account ending {accountRef} is overdue. You can ask to pay it {offers}. To ask for this arrangement or agree to it, call {hotline} by {deadline}. To pay in full: {paymentLink}',
      subject: 'You can ask to pay in instalments',
      preheader: 'You see every instalment first, and nothing begins before you agree to it.',
      body: [
        'This is the customer service team of {bankName}. On your account ending {accountRef}, {overdue} is overdue. If it is hard to pay all of it in one payment, you can ask for an arrangement and pay {offers}.',
        '{track, select, hardship {You do not have to sort this out alone: tell us what you can afford each month, and we will look together at what suits.} other {}}',
        'How to ask: please call us on {hotline} by {deadline}. We will tell you each instalment, its date and the total, and you decide; the arrangement begins only when you agree to it.',
        OFFERS,
        FIGURES,
        'You can also pay in full at any time.',
        PAY,
      ],
    },
  },
} as const satisfies Template;

export const PLAN_INSTALMENT_DUE = {
  id: 'plan-instalment-due',
  version: '2',
  purpose: 'plan-servicing',
  stages: ['reminder', 'call', 'plan', 'field-visit', 'legal'],
  channels: ALL_CHANNELS,
  parts: { short: [...DEMAND_PARTS, 'date'], long: [...DEMAND_PARTS, 'date'] },
  slots: [...EVERYWHERE, 'instalment', 'instalmentDate', 'paymentLink', 'asOf'],
  optional: [],
  segments: { typical: 2, long: 4 },
  texts: {
    'zh-CN': {
      short:
        '{opening}您尾号{accountRef}的账户还款安排的下一期{instalment}将于{instalmentDate}到期。还款：{paymentLink} 如已还款请忽略。如有困难请致电{hotline}。',
      subject: '您的下一期还款将于{instalmentDate}到期',
      preheader: '如按期还款有困难，请尽早致电客服热线。',
      body: [
        '我们是{bankName}客户服务团队。您尾号{accountRef}的账户还款安排的下一期{instalment}将于{instalmentDate}到期。',
        PAY,
        '如您已经还款，请忽略本{channel, select, post {函} other {邮件}}。如按期还款有困难，请尽早致电客服热线{hotline}。',
      ],
    },
    'zh-TW': {
      short:
        '{opening}您末四碼{accountRef}的帳戶還款方案的下一期{instalment}將於{instalmentDate}到期。繳款：{paymentLink} 若已繳款請忽略。若有困難請致電{hotline}。',
      subject: '您的下一期款項將於{instalmentDate}到期',
      preheader: '若按期繳款有困難，請儘早致電客服專線。',
      body: [
        '我們是{bankName}客戶服務團隊。您末四碼{accountRef}的帳戶還款方案的下一期{instalment}將於{instalmentDate}到期。',
        PAY,
        '若您已繳款，請忽略本{channel, select, post {函} other {郵件}}。若按期繳款有困難，請儘早致電客服專線{hotline}。',
      ],
    },
    en: {
      short:
        '{opening}the next instalment of your arrangement for account ending {accountRef}, {instalment}, is due on {instalmentDate}. To pay: {paymentLink} If you have paid, please ignore this. Difficulty paying? Call {hotline}.',
      subject: 'Your next instalment is due on {instalmentDate}',
      preheader: 'If it will be hard to pay on time, please call us early.',
      body: [
        'This is the customer service team of {bankName}. The next instalment of your arrangement for the account ending {accountRef}, {instalment}, is due on {instalmentDate}.',
        PAY,
        'If you have already paid, please ignore this {channel, select, post {letter} other {message}}. If it will be hard to pay on time, please call us early on {hotline}.',
      ],
    },
  },
} as const satisfies Template;

export const PLAN_INSTALMENT_MISSED = {
  id: 'plan-instalment-missed',
  version: '2',
  purpose: 'plan-servicing',
  stages: ['reminder', 'call', 'plan', 'field-visit', 'legal'],
  channels: ALL_CHANNELS,
  parts: { short: [...DEMAND_PARTS, 'date'], long: [...DEMAND_PARTS, 'date'] },
  slots: [...EVERYWHERE, 'instalment', 'instalmentDate', 'deadline', 'paymentLink', 'asOf'],
  optional: [],
  segments: { typical: 3, long: 4 },
  texts: {
    'zh-CN': {
      short:
        '{opening}您尾号{accountRef}的账户还款安排中，{instalmentDate}到期的{instalment}尚未收到。{deadline}（含）前还款，安排继续有效。还款：{paymentLink} 如有困难请致电{hotline}。',
      subject: '您的还款安排有一期尚未收到',
      preheader: PREHEADER['zh-CN'],
      body: [
        '我们是{bankName}客户服务团队。您尾号{accountRef}的账户还款安排中，{instalmentDate}到期的{instalment}尚未收到。',
        '如该期在{deadline}（含）前还清，安排继续有效；否则安排终止，账户恢复原来的还款约定。',
        PAY,
        '如还款有困难，请致电客服热线{hotline}，我们可以一起看看是否需要调整。',
      ],
    },
    'zh-TW': {
      short:
        '{opening}您末四碼{accountRef}的帳戶還款方案中，{instalmentDate}到期的{instalment}尚未收到。{deadline}（含）前繳款，方案繼續有效。繳款：{paymentLink} 若有困難請致電{hotline}。',
      subject: '您的還款方案有一期尚未收到',
      preheader: PREHEADER['zh-TW'],
      body: [
        '我們是{bankName}客戶服務團隊。您末四碼{accountRef}的帳戶還款方案中，{instalmentDate}到期的{instalment}尚未收到。',
        '若該期在{deadline}（含）前繳清，方案繼續有效；否則方案終止，帳戶恢復原來的繳款約定。',
        PAY,
        '若繳款有困難，請致電客服專線{hotline}，我們可以一起看看是否需要調整。',
      ],
    },
    en: {
      short:
        '{opening}the instalment of {instalment} for your account ending {accountRef}, due on {instalmentDate}, has not reached us. If it is paid by {deadline}, your arrangement goes on. To pay: {paymentLink} Difficulty paying? Call {hotline}.',
      subject: 'An instalment of your arrangement has not reached us',
      preheader: PREHEADER.en,
      body: [
        'This is the customer service team of {bankName}. The instalment of {instalment} for your account ending {accountRef}, due on {instalmentDate}, has not reached us.',
        'If it is paid by {deadline}, your arrangement goes on; otherwise the arrangement ends and the original terms of the account apply again.',
        PAY,
        'If it is hard to pay, please call us on {hotline}: we can look together at whether the arrangement should change.',
      ],
    },
  },
} as const satisfies Template;
