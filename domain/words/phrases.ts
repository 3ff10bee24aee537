import type { Locale } from './template.ts';

/** What every text of a language says in the same words, as ICU messages. */
export interface Phrases {
  /** How a short text begins: who writes to whom. */
  readonly opening: string;
  /** A push notification: it lies on a locked screen where anybody may read it, so it says nothing of money. */
  readonly push: string;
  readonly emailSubject: string;
  readonly greeting: string;
  readonly hotline: string;
  readonly items: string;
  readonly accounts: string;
  readonly accountRow: string;
  readonly itemRow: string;
  readonly moreRows: string;
  readonly overdueTotal: string;
  readonly accountsTotal: string;
  readonly balance: string;
  readonly principal: string;
  readonly interest: string;
  readonly fees: string;
  readonly statement: string;
  readonly statementBalance: string;
  readonly minimumDue: string;
  readonly dueDate: string;
  readonly offers: string;
  readonly offerRow: string;
  readonly pay: string;
  readonly payButton: string;
  readonly consequences: string;
  readonly help: string;
  readonly basis: string;
  readonly rights: string;
  readonly rightsList: readonly string[];
  readonly letterDate: string;
  readonly letterTo: string;
  readonly letterAccount: string;
  readonly seal: string;
}

export const PHRASES: Readonly<Record<Locale, Phrases>> = {
  'zh-CN': {
    opening: '{channel, select, sms {【{bankName}】{customerName}您好，} other {{customerName}您好，这里是{bankName}客户服务。}}',
    push: '您有一条关于账户的消息，请打开手机银行查看。',
    emailSubject: '{bankName}：',
    greeting: '{customerName}，您好！',
    hotline: '客服热线：{hotline}',
    items: '逾期明细',
    accounts: '您的逾期账户（共{accountCount}个）',
    accountRow: '尾号{ref}，{date}到期',
    itemRow: '{date}到期',
    moreRows: '其余{count}项',
    overdueTotal: '逾期金额合计',
    accountsTotal: '逾期金额合计',
    balance: '账户余额',
    principal: '其中本金',
    interest: '其中利息',
    fees: '其中费用',
    statement: '本期账单',
    statementBalance: '本期应还总额',
    minimumDue: '最低还款额',
    dueDate: '到期还款日',
    offers: '您可以选择的方案及首期金额',
    offerRow: '{count, plural, =1 {{date}一次还清} other {分{count}期，首期{date}}}',
    pay: '如何还款',
    payButton: '前往还款',
    consequences: '如果持续逾期',
    help: '如您已经还款，请忽略本{channel, select, post {函} other {邮件}}。如您对金额有疑问，我们会为您核对；如还款有困难，我们可以与您商量还款安排。请致电客服热线{hotline}。',
    basis: '以上金额依据您与{bankName}的账户合同，按截至{asOf}的记录计算。',
    rights: '您的权利和义务',
    rightsList: [
      '您可以核对账目，并了解金额的计算依据。',
      '如您对金额或逾期情况有异议，可以提出并提供证据，我们会核实并答复您。',
      '如还款有困难，您可以申请还款安排。',
      '按照账户合同的约定，到期款项应按时偿还。',
      '以上事项请致电客服热线{hotline}。',
    ],
    letterDate: '日期：{asOf}',
    letterTo: '收件人：{customerName}',
    letterAccount: '账户：尾号{accountRef}',
    seal: '{bankName}（盖章）',
  },
  'zh-TW': {
    opening: '{channel, select, sms {【{bankName}】{customerName}您好，} other {{customerName}您好，這裡是{bankName}客戶服務。}}',
    push: '您有一則關於帳戶的訊息，請開啟行動銀行查看。',
    emailSubject: '{bankName}：',
    greeting: '{customerName}您好：',
    hotline: '客服專線：{hotline}',
    items: '逾期明細',
    accounts: '您的逾期帳戶（共{accountCount}個）',
    accountRow: '末四碼{ref}，{date}到期',
    itemRow: '{date}到期',
    moreRows: '其餘{count}項',
    overdueTotal: '逾期金額合計',
    accountsTotal: '逾期金額合計',
    balance: '帳戶餘額',
    principal: '其中本金',
    interest: '其中利息',
    fees: '其中費用',
    statement: '本期帳單',
    statementBalance: '本期應繳總額',
    minimumDue: '最低應繳金額',
    dueDate: '繳款截止日',
    offers: '您可以選擇的方案及首期金額',
    offerRow: '{count, plural, =1 {{date}一次還清} other {分{count}期，首期{date}}}',
    pay: '如何繳款',
    payButton: '前往繳款',
    consequences: '若持續逾期',
    help: '若您已繳款，請忽略本{channel, select, post {函} other {郵件}}。若您對金額有疑問，我們會為您核對；若繳款有困難，我們可以與您商量還款方案。請致電客服專線{hotline}。',
    basis: '以上金額依據您與{bankName}的帳戶契約，按截至{asOf}的紀錄計算。',
    rights: '您的權利與義務',
    rightsList: [
      '您可以核對帳目，並了解金額的計算依據。',
      '若您對金額或逾期情形有異議，可以提出並提供證據，我們會查明並答覆您。',
      '若繳款有困難，您可以申請還款方案。',
      '依照帳戶契約的約定，到期款項應按時繳納。',
      '以上事項請致電客服專線{hotline}。',
    ],
    letterDate: '日期：{asOf}',
    letterTo: '收件人：{customerName}',
    letterAccount: '帳戶：末四碼{accountRef}',
    seal: '{bankName}（用印）',
  },
  en: {
    opening: '{bankName} customer service: ',
    push: 'You have a message about your account. Open the app to read it.',
    emailSubject: '{bankName}: ',
    greeting: 'Dear {customerName},',
    hotline: 'Customer service: {hotline}',
    items: 'What is overdue',
    accounts: 'Your {accountCount} overdue accounts',
    accountRow: 'Account ending {ref}, due {date}',
    itemRow: 'Due {date}',
    moreRows: '{count} more',
    overdueTotal: 'Overdue in all',
    accountsTotal: 'Overdue in all',
    balance: 'Balance of the account',
    principal: 'of which principal',
    interest: 'of which interest',
    fees: 'of which fees',
    statement: 'Your statement',
    statementBalance: 'Statement balance',
    minimumDue: 'Minimum payment',
    dueDate: 'Payment due date',
    offers: 'The arrangements you can choose from, with the first instalment',
    offerRow: '{count, plural, =1 {One payment on {date}} other {{count} monthly instalments, the first on {date}}}',
    pay: 'How to pay',
    payButton: 'Pay now',
    consequences: 'If the account stays overdue',
    help: 'If you have already paid, please ignore this {channel, select, post {letter} other {message}}. If you have a question about the amount, we will check it with you. If it is hard to pay, we can talk about an arrangement. Please call us on {hotline}.',
    basis: 'These amounts follow from your account agreement with {bankName} and our records as of {asOf}.',
    rights: 'Your rights and duties',
    rightsList: [
      'You can check the account and ask how the amounts were worked out.',
      'If you disagree with an amount or with what is overdue, you can object and give evidence. We will look into it and answer you.',
      'If it is hard for you to pay, you can ask for an arrangement.',
      'Under the account agreement, amounts are to be paid by their due dates.',
      'For any of this, please call us on {hotline}.',
    ],
    letterDate: 'Date: {asOf}',
    letterTo: 'To: {customerName}',
    letterAccount: 'Account: ending {accountRef}',
    seal: '{bankName} (seal)',
  },
};
