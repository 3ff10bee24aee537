import type { Script } from './script.ts';
import { CALL_FRAME, OPTIONS } from './shared.ts';

/** The account is overdue and nothing is agreed: the aim is a payment, or a day for one. */
export const RECOVER: Script = {
  id: 'recover',
  version: '1',
  texts: {
    'zh-CN': {
      ...CALL_FRAME['zh-CN'],
      purpose: [
        {
          say: '给您来电，是因为您尾号{accountRef}的账户有{overdue}在{dueDate}到期，到今天还没有入账。{track, select, firstTime {可能只是一时没有留意。} light {可能只是一时没有留意。} evasive {我们希望听听您的情况，一起商量解决办法。} other {}}',
        },
      ],
      listening: [
        { say: '请问您是否已经还款？如果已经还了，请告诉我日期和方式，我来核对。' },
        { say: '方便告诉我没有按时还款的原因吗？' },
        { note: '让客户把话说完，记下原因代码；不评论，不争辩。' },
      ],
      options: [
        { say: '您可以通过手机银行还款，也可以用我们发给您的还款链接。' },
        OPTIONS['zh-CN'].promise,
        OPTIONS['zh-CN'].plan,
        OPTIONS['zh-CN'].hardship,
        OPTIONS['zh-CN'].dispute,
      ],
    },
    'zh-TW': {
      ...CALL_FRAME['zh-TW'],
      purpose: [
        {
          say: '致電給您，是因為您末四碼{accountRef}的帳戶有{overdue}於{dueDate}到期，到今天還沒有入帳。{track, select, firstTime {可能只是一時沒有留意。} light {可能只是一時沒有留意。} evasive {我們希望聽聽您的情況，一起商量解決方式。} other {}}',
        },
      ],
      listening: [
        { say: '請問您是否已經繳款？若已繳款，請告訴我日期與方式，我來核對。' },
        { say: '方便告訴我沒有按時繳款的原因嗎？' },
        { note: '讓客戶把話說完，記下原因代碼；不評論，不爭辯。' },
      ],
      options: [
        { say: '您可以透過行動銀行繳款，也可以用我們寄給您的繳款連結。' },
        OPTIONS['zh-TW'].promise,
        OPTIONS['zh-TW'].plan,
        OPTIONS['zh-TW'].hardship,
        OPTIONS['zh-TW'].dispute,
      ],
    },
    en: {
      ...CALL_FRAME.en,
      purpose: [
        {
          say: 'I am calling because {overdue} on your account ending {accountRef} fell due on {dueDate}, and we have not received it yet.{track, select, firstTime { It may simply have slipped your mind.} light { It may simply have slipped your mind.} evasive { We would like to hear how things stand and to find a way that works for you.} other {}}',
        },
      ],
      listening: [
        { say: 'Have you paid already? If so, please tell me when and how, and I will check.' },
        { say: 'May I ask what kept you from paying by that day?' },
        { note: 'Let the customer finish, and note the reason by its code. Do not comment, and do not argue.' },
      ],
      options: [
        { say: 'You can pay in the app, or by the link in our messages.' },
        OPTIONS.en.promise,
        OPTIONS.en.plan,
        OPTIONS.en.hardship,
        OPTIONS.en.dispute,
      ],
    },
  },
};

/**
 * The customer asked to be called at this time: said first of all, and the rest as in any other call. No amount is part of it: the call is
 * made also where the core's figure is too old to be told.
 */
export const CALL_BACK: Script = {
  id: 'call-back',
  version: '2',
  texts: {
    'zh-CN': {
      ...RECOVER.texts['zh-CN'],
      opening: [
        { say: '您好，这里是{bankName}客户服务，请问您是{customerName}本人吗？您约我们这个时间回电。' },
        { say: '本次通话会录音。现在方便说话吗？' },
      ],
      purpose: [
        { say: '这次通话是关于您尾号{accountRef}的账户。' },
        { note: '客户问起金额时，按任务中的数字回答；任务中没有数字时，说明正在核对，请客户在手机银行查看。' },
      ],
    },
    'zh-TW': {
      ...RECOVER.texts['zh-TW'],
      opening: [
        { say: '您好，這裡是{bankName}客戶服務，請問您是{customerName}本人嗎？您約我們這個時間回電。' },
        { say: '本次通話會錄音。現在方便說話嗎？' },
      ],
      purpose: [
        { say: '這次通話是關於您末四碼{accountRef}的帳戶。' },
        { note: '客戶問起金額時，按任務中的數字回答；任務中沒有數字時，說明正在核對，請客戶在行動銀行查看。' },
      ],
    },
    en: {
      ...RECOVER.texts.en,
      opening: [
        { say: 'Good day, this is {bankName} customer service. Am I speaking with {customerName}? You asked us to call at this time.' },
        { say: 'This call is recorded. Is this a good time to talk?' },
      ],
      purpose: [
        { say: 'This is about your account ending {accountRef}.' },
        {
          note: 'If the customer asks for amounts, give those of the task. Where it has none, say that they are being checked, and that the app shows them.',
        },
      ],
    },
  },
};
