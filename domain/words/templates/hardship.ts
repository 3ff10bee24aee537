import { HELP, type Template } from '../template.ts';
import { EVERYWHERE, FAST_CHANNELS } from './shared.ts';

/** The answer to a customer who said that they cannot pay: it asks for papers, and for nothing else. */
export const HARDSHIP_DOCUMENTS = {
  id: 'hardship-documents',
  version: '1',
  purpose: 'reply',
  stages: ['reminder', 'call', 'plan', 'field-visit', 'legal'],
  channels: FAST_CHANNELS,
  parts: { short: ['sender', 'account', 'date', 'hotline'], long: ['sender', 'account', 'date', 'hotline', 'help'] },
  slots: [...EVERYWHERE, 'deadline'],
  optional: [],
  segments: { typical: 3, long: 4 },
  texts: {
    'zh-CN': {
      short:
        '{opening}我们已了解您目前的困难，您尾号{accountRef}的账户正在由专人了解情况，期间不会要求您还款。请在{deadline}前提供近三个月收入证明、情况变化的证明（如离职或医疗证明）和其他债务清单，以便为您找到合适的还款安排。请致电{hotline}。',
      subject: '关于您反映的还款困难',
      preheader: '我们已收到您反映的情况，需要您提供一些资料。',
      body: [
        '我们是{bankName}客户服务团队。感谢您告诉我们目前的困难。您尾号{accountRef}的账户正在由专人了解情况，期间不会要求您还款。',
        '请在{deadline}前提供以下资料：近三个月的收入证明；情况变化的证明，如离职证明、医疗证明或灾害证明；其他债务的清单和每月必要支出。没有的资料可以不提供，请告诉我们原因。',
        '我们会看哪些安排适合您，例如延期还款、分期还款或降低利率，由专人决定后告诉您。',
        HELP,
      ],
    },
    'zh-TW': {
      short:
        '{opening}我們已了解您目前的困難，您末四碼{accountRef}的帳戶正由專人了解情況，期間不會要求您繳款。請在{deadline}前提供近三個月收入證明、情況變化的證明（如離職或醫療證明）和其他債務清單，以便為您找到合適的還款方案。請致電{hotline}。',
      subject: '關於您反映的繳款困難',
      preheader: '我們已收到您反映的情況，需要您提供一些資料。',
      body: [
        '我們是{bankName}客戶服務團隊。感謝您告訴我們目前的困難。您末四碼{accountRef}的帳戶正由專人了解情況，期間不會要求您繳款。',
        '請在{deadline}前提供以下資料：近三個月的收入證明；情況變化的證明，如離職證明、醫療證明或災害證明；其他債務的清單和每月必要支出。沒有的資料可以不提供，請告訴我們原因。',
        '我們會看哪些方案適合您，例如延期繳款、分期繳款或調降利率，由專人決定後告訴您。',
        HELP,
      ],
    },
    en: {
      short:
        '{opening}thank you for telling us that things are hard. Somebody is looking at your account ending {accountRef}; until then we ask you for no payment. Please send us by {deadline}: proof of income of three months, of what has changed, and a list of other loans. We look for an arrangement that fits. Questions? Call {hotline}.',
      subject: 'You told us that it is hard for you to pay',
      preheader: 'We have heard you, and need a few papers.',
      body: [
        'This is the customer service team of {bankName}. Thank you for telling us how things stand. Somebody is looking at your account ending {accountRef}; until then we ask you for no payment.',
        'Please send us by {deadline}: proof of your income in the last three months; proof of what has changed, such as the end of a job, an illness or a disaster; a list of other loans and of what you need each month. If you do not have one of them, tell us why.',
        'We will see which arrangement fits, such as paying later, in instalments or at a lower rate; a person decides and tells you.',
        HELP,
      ],
    },
  },
} as const satisfies Template;
