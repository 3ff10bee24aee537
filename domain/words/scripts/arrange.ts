import type { Script } from './script.ts';
import { CALL_FRAME, OPTIONS, VISIT_FRAME } from './shared.ts';

/** Overdue for longer: the aim is an arrangement that the customer can keep. */
export const AGREE_A_PLAN: Script = {
  id: 'agree-a-plan',
  version: '1',
  texts: {
    'zh-CN': {
      ...CALL_FRAME['zh-CN'],
      purpose: [
        {
          say: '给您来电，是想和您商量尾号{accountRef}的账户。目前逾期{overdue}，最早一笔在{dueDate}到期，已经{daysPastDue}天。{track, select, longTerm {我们希望和您一起找到长期可行的办法。} evasive {我们希望听听您的情况，一起商量解决办法。} other {}}',
        },
      ],
      listening: [
        { say: '您目前的收入和支出大概是怎样的？每月可以拿出多少来还款？' },
        { say: '每月哪一天还款对您比较方便？' },
        { note: '按客户自己说的金额来选方案，不劝客户答应做不到的数目。' },
      ],
      options: [
        OPTIONS['zh-CN'].plan,
        OPTIONS['zh-CN'].promise,
        OPTIONS['zh-CN'].hardship,
        OPTIONS['zh-CN'].dispute,
        { note: '只说系统列出的方案；需要审批的，说明审批之后才能确认。' },
      ],
    },
    'zh-TW': {
      ...CALL_FRAME['zh-TW'],
      purpose: [
        {
          say: '致電給您，是想與您商量末四碼{accountRef}的帳戶。目前逾期{overdue}，最早一筆於{dueDate}到期，已經{daysPastDue}天。{track, select, longTerm {我們希望與您一起找到長期可行的方式。} evasive {我們希望聽聽您的情況，一起商量解決方式。} other {}}',
        },
      ],
      listening: [
        { say: '您目前的收入與支出大概是怎樣的？每月可以拿出多少來繳款？' },
        { say: '每月哪一天繳款對您比較方便？' },
        { note: '依客戶自己說的金額來選方案，不勸客戶答應做不到的數目。' },
      ],
      options: [
        OPTIONS['zh-TW'].plan,
        OPTIONS['zh-TW'].promise,
        OPTIONS['zh-TW'].hardship,
        OPTIONS['zh-TW'].dispute,
        { note: '只說畫面上列出的方案；需要核准的，說明核准之後才能確認。' },
      ],
    },
    en: {
      ...CALL_FRAME.en,
      purpose: [
        {
          say: 'I am calling to find a way forward for your account ending {accountRef}. {overdue} is overdue; the oldest amount fell due on {dueDate}, {daysPastDue} days ago.{track, select, longTerm { We would like to find something that works for you over a longer time.} evasive { We would like to hear how things stand and to find a way that works for you.} other {}}',
        },
      ],
      listening: [
        { say: 'What do you have coming in and going out each month, and how much of it could go towards this account?' },
        { say: 'Which day of the month suits you best?' },
        { note: 'Choose by the amount that the customer names. Do not talk anybody into more than they can pay.' },
      ],
      options: [
        OPTIONS.en.plan,
        OPTIONS.en.promise,
        OPTIONS.en.hardship,
        OPTIONS.en.dispute,
        {
          note: 'Name the arrangements that the system lists and no others. Where one needs approval, say that it stands only once approved.',
        },
      ],
    },
  },
};

/** At the door: the same aim, where no other way was left. */
export const VISIT: Script = {
  id: 'visit',
  version: '1',
  texts: {
    'zh-CN': {
      ...VISIT_FRAME['zh-CN'],
      purpose: [
        {
          say: '我们来访，是因为多次没有联系上您。您尾号{accountRef}的账户目前逾期{overdue}，最早一笔在{dueDate}到期，已经{daysPastDue}天。',
        },
      ],
      listening: [
        { say: '您目前的情况怎么样？有什么我们可以协助的吗？' },
        { say: '以后怎样联系您比较方便？' },
        { note: '听客户说，记下原因代码；不收现金，不取任何物品。' },
      ],
      options: AGREE_A_PLAN.texts['zh-CN'].options,
    },
    'zh-TW': {
      ...VISIT_FRAME['zh-TW'],
      purpose: [
        {
          say: '我們來訪，是因為多次沒有聯繫上您。您末四碼{accountRef}的帳戶目前逾期{overdue}，最早一筆於{dueDate}到期，已經{daysPastDue}天。',
        },
      ],
      listening: [
        { say: '您目前的情形如何？有什麼我們可以協助的嗎？' },
        { say: '以後怎樣聯繫您比較方便？' },
        { note: '聽客戶說，記下原因代碼；不收現金，不取任何物品。' },
      ],
      options: AGREE_A_PLAN.texts['zh-TW'].options,
    },
    en: {
      ...VISIT_FRAME.en,
      purpose: [
        {
          say: 'We are here because we could not reach you in other ways. {overdue} is overdue on your account ending {accountRef}; the oldest amount fell due on {dueDate}, {daysPastDue} days ago.',
        },
      ],
      listening: [
        { say: 'How do things stand for you, and what could we help with?' },
        { say: 'What is the best way to reach you from now on?' },
        { note: 'Listen, and note the reason by its code. Take no cash and no things.' },
      ],
      options: AGREE_A_PLAN.texts.en.options,
    },
  },
};
