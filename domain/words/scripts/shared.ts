import type { Locale } from '../template.ts';
import type { ScriptLine, ScriptText } from './script.ts';

/** What every conversation has in common, by language. */

const say = (text: string): ScriptLine => ({ say: text });
const note = (text: string): ScriptLine => ({ note: text });

type Common = Pick<ScriptText, 'opening' | 'elsewhere' | 'identity' | 'closing'>;

export const CALL_FRAME: Readonly<Record<Locale, Common>> = {
  'zh-CN': {
    opening: [
      say('您好，这里是{bankName}客户服务，请问您是{customerName}本人吗？'),
      say('本次通话会录音。现在方便说话吗？'),
      note('对方表示不便时，约定回电时间，登记为约定回电。'),
    ],
    elsewhere: [
      say('请转告{customerName}：{bankName}客户服务来过电话，方便时请致电{hotline}。谢谢您。'),
      note('接听的不是本人，或转入语音信箱时，只说上面这一句，不说来意，不打听本人的情况。'),
    ],
    identity: [
      say('为保护您的信息，请先核对身份：请告诉我您证件号码的最后四位。'),
      note('不索取密码、验证码或完整证件号码。核对不上时，请对方致电{hotline}，通话到此为止。'),
    ],
    closing: [
      say('我复述一下我们谈定的内容，请您听听是否准确。'),
      say('有任何疑问，请致电{hotline}。谢谢您，再见。'),
      note('登记结果和原因代码；谈定的金额和日期逐项登记。'),
    ],
  },
  'zh-TW': {
    opening: [
      say('您好，這裡是{bankName}客戶服務，請問您是{customerName}本人嗎？'),
      say('本次通話會錄音。現在方便說話嗎？'),
      note('對方表示不便時，約定回電時間，登記為約定回電。'),
    ],
    elsewhere: [
      say('請轉告{customerName}：{bankName}客戶服務來過電話，方便時請致電{hotline}。謝謝您。'),
      note('接聽的不是本人，或轉入語音信箱時，只說上面這一句，不說來意，不打聽本人的情形。'),
    ],
    identity: [
      say('為保護您的資訊，請先核對身分：請告訴我您證件號碼的最後四碼。'),
      note('不索取密碼、驗證碼或完整證件號碼。核對不符時，請對方致電{hotline}，通話到此為止。'),
    ],
    closing: [
      say('我複述一下我們談妥的內容，請您聽聽是否正確。'),
      say('有任何疑問，請致電{hotline}。謝謝您，再見。'),
      note('登記結果與原因代碼；談妥的金額與日期逐項登記。'),
    ],
  },
  en: {
    opening: [
      say('Good day, this is {bankName} customer service. Am I speaking with {customerName}?'),
      say('This call is recorded. Is this a good time to talk?'),
      note('If it is not, agree a time to call back and record it as a call-back.'),
    ],
    elsewhere: [
      say('Please tell {customerName} that {bankName} customer service called, and that our number is {hotline}. Thank you.'),
      note('To anybody else, and to a voicemail, say this one sentence. Do not say what it is about, and ask nothing about the customer.'),
    ],
    identity: [
      say(
        'To protect your information I would first like to check who I am speaking with. Please tell me the last four characters of your identity document.',
      ),
      note(
        'Never ask for a password, a code or the whole number. If it does not match, ask the person to call {hotline} and end the call.',
      ),
    ],
    closing: [
      say('Let me repeat what we have agreed. Please tell me whether I have it right.'),
      say('If you have any questions, please call us on {hotline}. Thank you, and goodbye.'),
      note('Record the outcome and the reason by its code, and every amount with its date.'),
    ],
  },
};

/** At the door: who comes shows who they are, and says nothing to anybody else. */
export const VISIT_FRAME: Readonly<Record<Locale, Common>> = {
  'zh-CN': {
    opening: [
      say('您好，我们是{bankName}的工作人员，这是我们的证件。请问{customerName}在吗？'),
      note('两人同行，先出示证件；未经同意不进门，对方请我们离开就离开。'),
    ],
    elsewhere: [
      say('请转告{customerName}：{bankName}的工作人员来过，方便时请致电{hotline}。谢谢您。'),
      note('应门的不是本人时，只说上面这一句，不说来意，不留任何写有账户内容的纸张。'),
    ],
    identity: [
      say('请问您是{customerName}本人吗？为保护您的信息，请先核对身份：请告诉我您证件号码的最后四位。'),
      note('核对不上时，留下热线号码{hotline}后离开。'),
    ],
    closing: [
      say('我复述一下我们谈定的内容，请您听听是否准确。'),
      say('有任何疑问，请致电{hotline}。打扰了，谢谢您。'),
      note('离开后登记结果、时间和原因代码；感到不安全时先离开，再登记。'),
    ],
  },
  'zh-TW': {
    opening: [
      say('您好，我們是{bankName}的工作人員，這是我們的證件。請問{customerName}在嗎？'),
      note('兩人同行，先出示證件；未經同意不進門，對方請我們離開就離開。'),
    ],
    elsewhere: [
      say('請轉告{customerName}：{bankName}的工作人員來過，方便時請致電{hotline}。謝謝您。'),
      note('應門的不是本人時，只說上面這一句，不說來意，不留任何寫有帳戶內容的紙張。'),
    ],
    identity: [
      say('請問您是{customerName}本人嗎？為保護您的資訊，請先核對身分：請告訴我您證件號碼的最後四碼。'),
      note('核對不符時，留下專線號碼{hotline}後離開。'),
    ],
    closing: [
      say('我複述一下我們談妥的內容，請您聽聽是否正確。'),
      say('有任何疑問，請致電{hotline}。打擾了，謝謝您。'),
      note('離開後登記結果、時間與原因代碼；感到不安全時先離開，再登記。'),
    ],
  },
  en: {
    opening: [
      say('Good day, we are from {bankName}, and here are our passes. Is {customerName} at home?'),
      note('Go in pairs and show the passes first. Do not enter without consent, and leave when asked to.'),
    ],
    elsewhere: [
      say('Please tell {customerName} that staff of {bankName} came by, and that our number is {hotline}. Thank you.'),
      note('To anybody else say this one sentence. Do not say what it is about, and leave no paper that shows anything of the account.'),
    ],
    identity: [
      say('Are you {customerName}? To protect your information, please tell me the last four characters of your identity document first.'),
      note('If it does not match, leave the number {hotline} and go.'),
    ],
    closing: [
      say('Let me repeat what we have agreed. Please tell me whether I have it right.'),
      say('If you have any questions, please call us on {hotline}. Thank you for your time.'),
      note('Record outcome, time and reason after leaving. If you feel unsafe, leave first and record it then.'),
    ],
  },
};

/** What may be agreed, said as choices of the customer. */
export const OPTIONS: Readonly<Record<Locale, Readonly<Record<'promise' | 'plan' | 'hardship' | 'dispute', ScriptLine>>>> = {
  'zh-CN': {
    promise: { say: '您可以约定还款日期和金额，最晚到{deadline}，也可以分几次还。您看哪一天合适？', offers: 'promise' },
    plan: say('如果一次还清有困难，我们可以看看有哪些还款安排可以选择，每月金额和日期都会先跟您说清楚。'),
    hardship: say('如果您因为失业、疾病或收入减少而还款困难，我可以为您登记困难情况；核实期间我们不再就此打扰您。'),
    dispute: say('如果您对金额有异议，我现在就登记，核实清楚后答复您。'),
  },
  'zh-TW': {
    promise: { say: '您可以約定繳款日期與金額，最晚到{deadline}，也可以分幾次繳。您看哪一天合適？', offers: 'promise' },
    plan: say('若一次繳清有困難，我們可以看看有哪些還款方案可以選擇，每月金額與日期都會先向您說明。'),
    hardship: say('若您因失業、疾病或收入減少而繳款困難，我可以為您登記困難情形；查核期間我們不再就此打擾您。'),
    dispute: say('若您對金額有異議，我現在就登記，查明後答覆您。'),
  },
  en: {
    promise: {
      say: 'You can name a day and an amount, up to {deadline}, also in several parts. Which day would suit you?',
      offers: 'promise',
    },
    plan: say(
      'If it is hard to pay all of it at one time, we can look at the arrangements there are. I will tell you every monthly amount and date first.',
    ),
    hardship: say(
      'If paying is hard because of lost work, illness or a lower income, I can note that for you. While we look into it we will not contact you about it.',
    ),
    dispute: say('If you disagree with the amount, I will note it now, and you will have an answer once we have looked into it.'),
  },
};
