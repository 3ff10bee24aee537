import { HELP, OFFERS, type Template } from '../template.ts';
import { EVERYWHERE, FAST_CHANNELS } from './shared.ts';

/** The answers to a customer who asked for an arrangement that a person had to approve: they ask for no payment. */

export const PLAN_REQUEST_APPROVED = {
  id: 'plan-request-approved',
  version: '1',
  purpose: 'reply',
  stages: ['reminder', 'call', 'plan', 'field-visit', 'legal'],
  channels: FAST_CHANNELS,
  parts: { short: ['sender', 'account', 'offers', 'date', 'hotline'], long: ['sender', 'account', 'offers', 'date', 'hotline', 'help'] },
  slots: [...EVERYWHERE, 'offers', 'deadline'],
  optional: [],
  segments: { typical: 2, long: 3 },
  texts: {
    'zh-CN': {
      short:
        '{opening}您尾号{accountRef}的账户申请的还款安排已获批准：您可以{offers}，{deadline}（含）前有效。您确认后安排才生效，请致电{hotline}。',
      subject: '您申请的还款安排已获批准',
      preheader: '由您确认后才生效，请在有效期内与我们联系。',
      body: [
        '我们是{bankName}客户服务团队。您为尾号{accountRef}的账户申请的还款安排已由专人批准：您可以{offers}。',
        OFFERS,
        '这项安排在{deadline}（含）前有效。请致电客服热线{hotline}，我们会说明每期金额、还款日和总额，由您决定是否同意；您确认后安排才生效。',
        HELP,
      ],
    },
    'zh-TW': {
      short:
        '{opening}您末四碼{accountRef}的帳戶申請的還款方案已獲核准：您可以{offers}，{deadline}（含）前有效。您確認後方案才生效，請致電{hotline}。',
      subject: '您申請的還款方案已獲核准',
      preheader: '由您確認後才生效，請在有效期內與我們聯繫。',
      body: [
        '我們是{bankName}客戶服務團隊。您為末四碼{accountRef}的帳戶申請的還款方案已由專人核准：您可以{offers}。',
        OFFERS,
        '這項方案在{deadline}（含）前有效。請致電客服專線{hotline}，我們會說明每期金額、繳款日與總額，由您決定是否同意；您確認後方案才生效。',
        HELP,
      ],
    },
    en: {
      short:
        '{opening}the arrangement that you asked for on your account ending {accountRef} was approved: you can pay {offers}. It begins only when you agree to it: call {hotline} by {deadline}.',
      subject: 'The arrangement that you asked for was approved',
      preheader: 'It begins only when you agree to it.',
      body: [
        'This is the customer service team of {bankName}. The arrangement that you asked for on your account ending {accountRef} was looked at and approved: you can pay {offers}.',
        OFFERS,
        'It can be agreed until {deadline}. Please call us on {hotline}: we will tell you each instalment, its date and the total, and you decide; the arrangement begins only when you agree to it.',
        HELP,
      ],
    },
  },
} as const satisfies Template;

export const PLAN_REQUEST_DECLINED = {
  id: 'plan-request-declined',
  version: '1',
  purpose: 'reply',
  stages: ['reminder', 'call', 'plan', 'field-visit', 'legal'],
  channels: FAST_CHANNELS,
  parts: { short: ['sender', 'account', 'hotline', 'object'], long: ['sender', 'account', 'hotline', 'help', 'object'] },
  slots: [...EVERYWHERE],
  optional: [],
  segments: { typical: 2, long: 3 },
  texts: {
    'zh-CN': {
      short:
        '{opening}您尾号{accountRef}的账户申请的还款安排已由专人审核，这次未能批准。您仍可了解其他安排；如有异议，可申请复核。请致电{hotline}。',
      subject: '您申请的还款安排的审核结果',
      preheader: '您可以了解其他安排，或申请复核。',
      body: [
        '我们是{bankName}客户服务团队。您为尾号{accountRef}的账户申请的还款安排已由专人审核，这次未能批准。',
        '您仍然可以了解其他安排：请致电客服热线{hotline}，告诉我们您每月能够负担多少，我们一起看看怎样安排合适。',
        '如您对结果有异议，或情况有变化，请告诉我们，我们会重新了解。',
        HELP,
      ],
    },
    'zh-TW': {
      short:
        '{opening}您末四碼{accountRef}的帳戶申請的還款方案已由專人審核，這次未能核准。您仍可了解其他方案；若有異議，可申請複核。請致電{hotline}。',
      subject: '您申請的還款方案的審核結果',
      preheader: '您可以了解其他方案，或申請複核。',
      body: [
        '我們是{bankName}客戶服務團隊。您為末四碼{accountRef}的帳戶申請的還款方案已由專人審核，這次未能核准。',
        '您仍然可以了解其他方案：請致電客服專線{hotline}，告訴我們您每月能夠負擔多少，我們一起看看怎樣安排合適。',
        '若您對結果有異議，或情況有變化，請告訴我們，我們將重新了解。',
        HELP,
      ],
    },
    en: {
      short:
        '{opening}somebody looked at the arrangement that you asked for on your account ending {accountRef}, and it could not be approved. Other arrangements may still suit; if you object to the decision, tell us. Call {hotline}.',
      subject: 'The arrangement that you asked for',
      preheader: 'Other arrangements may still suit you, and you can object.',
      body: [
        'This is the customer service team of {bankName}. Somebody looked at the arrangement that you asked for on your account ending {accountRef}, and it could not be approved.',
        'Other arrangements may still suit: please call us on {hotline} and tell us what you can afford each month, and we will look together.',
        'If you object to the decision, or if things have changed, tell us and it is looked at again.',
        HELP,
      ],
    },
  },
} as const satisfies Template;
