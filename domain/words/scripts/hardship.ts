import type { Script } from './script.ts';
import { CALL_FRAME, OPTIONS } from './shared.ts';

/** The customer may not be able to pay: the aim is to understand, and to name the relief there is. */
export const UNDERSTAND_HARDSHIP: Script = {
  id: 'understand-hardship',
  version: '1',
  texts: {
    'zh-CN': {
      ...CALL_FRAME['zh-CN'],
      purpose: [
        { say: '给您来电，是想了解您的情况，看看我们能怎样协助。您尾号{accountRef}的账户目前有{overdue}还没有还上，从{dueDate}算起。' },
        { say: '今天不急着定下还款，先听听您说。' },
      ],
      listening: [
        { say: '是什么情况让还款变得困难？从什么时候开始的？' },
        { say: '您估计这种情况会持续多久？' },
        { say: '扣除必要的生活开支以后，每月还能拿出多少？没有也没关系。' },
        { note: '客户提到疾病、丧亲或情绪低落时，放慢节奏，按需要登记；只记与还款有关的内容。' },
      ],
      options: [
        OPTIONS['zh-CN'].hardship,
        { say: '登记之后会有专人审核，您可能需要提供一些证明；可以申请的有延期、分期或减轻费用。' },
        OPTIONS['zh-CN'].plan,
        OPTIONS['zh-CN'].promise,
        OPTIONS['zh-CN'].dispute,
      ],
    },
    'zh-TW': {
      ...CALL_FRAME['zh-TW'],
      purpose: [
        { say: '致電給您，是想了解您的情況，看看我們能怎樣協助。您末四碼{accountRef}的帳戶目前有{overdue}還沒有繳上，從{dueDate}算起。' },
        { say: '今天不急著定下繳款，先聽聽您說。' },
      ],
      listening: [
        { say: '是什麼情況讓繳款變得困難？從什麼時候開始的？' },
        { say: '您估計這種情況會持續多久？' },
        { say: '扣除必要的生活開支以後，每月還能拿出多少？沒有也沒關係。' },
        { note: '客戶提到疾病、喪親或情緒低落時，放慢節奏，視需要登記；只記與繳款有關的內容。' },
      ],
      options: [
        OPTIONS['zh-TW'].hardship,
        { say: '登記之後會有專人審核，您可能需要提供一些證明；可以申請的有展期、分期或減輕費用。' },
        OPTIONS['zh-TW'].plan,
        OPTIONS['zh-TW'].promise,
        OPTIONS['zh-TW'].dispute,
      ],
    },
    en: {
      ...CALL_FRAME.en,
      purpose: [
        {
          say: 'I am calling to understand how things stand for you and what we could do to help. {overdue} on your account ending {accountRef}, due since {dueDate}, has not been paid.',
        },
        { say: 'Nothing has to be settled today. I would like to listen first.' },
      ],
      listening: [
        { say: 'What has made it hard to pay, and since when?' },
        { say: 'How long do you expect it to last?' },
        { say: 'After what you need to live on, how much is left each month? It is all right if there is nothing.' },
        { note: 'At a word of illness, loss or distress slow down, and record it where it matters. Note only what has to do with paying.' },
      ],
      options: [
        OPTIONS.en.hardship,
        {
          say: 'Once it is noted, somebody reviews it, and may ask you for a few documents. There may be a deferral, instalments or lower charges.',
        },
        OPTIONS.en.plan,
        OPTIONS.en.promise,
        OPTIONS.en.dispute,
      ],
    },
  },
};
