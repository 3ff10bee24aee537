import type { Template } from '../template.ts';

export const REMINDER_FIRST = {
  id: 'reminder-first',
  version: '1',
  purpose: 'collection',
  stages: ['reminder', 'call', 'plan', 'field-visit', 'legal'],
  slots: ['customerName', 'bankName', 'accountRef', 'overdue', 'items', 'balance', 'paymentLink', 'hotline'],
  sms: {
    'zh-CN': {
      body: '【{bankName}】{customerName}您好，这里是{bankName}客户服务。您的账户{accountRef}逾期{overdue}（{items}），账户余额{balance}。还款：{paymentLink} 如已还款请忽略。有疑问或困难请致电{hotline}。',
    },
    en: {
      body: '{bankName} customer service, about your {bankName} account {accountRef}: {overdue} is overdue ({items}). Balance {balance}. To pay: {paymentLink} If you have paid, please ignore this. Questions or difficulty paying? Call {hotline}.',
    },
  },
  email: {
    'zh-CN': {
      subject: '{bankName}：您的账户有一笔逾期款项',
      body: `{customerName}，您好！

我们是{bankName}客户服务团队，就您在{bankName}的账户{accountRef}与您联系。

该账户的逾期金额为{overdue}，明细如下：{items}。账户余额为{balance}。

您可以通过以下方式还款：{paymentLink}

如您已经还款，请忽略本邮件。如您对金额有疑问，或还款有困难，请致电客服热线{hotline}，我们愿意与您商量还款安排。

{bankName}`,
    },
    en: {
      subject: '{bankName}: an amount on your account is overdue',
      body: `Dear {customerName},

This is the customer service team of {bankName}, writing about your {bankName} account {accountRef}.

The amount overdue is {overdue}, made up as follows: {items}. The balance of the account is {balance}.

You can pay here: {paymentLink}

If you have already paid, please ignore this message. If you have a question about the amount, or find it hard to pay, please call us on {hotline}: we can talk about an arrangement.

{bankName}`,
    },
  },
} as const satisfies Template;

export const REMINDER_AGAIN = {
  id: 'reminder-again',
  version: '1',
  purpose: 'collection',
  stages: ['reminder', 'call'],
  slots: ['customerName', 'bankName', 'accountRef', 'overdue', 'dueDate', 'paymentLink', 'hotline'],
  sms: {
    'zh-CN': {
      body: '【{bankName}】{customerName}您好，您在{bankName}的账户{accountRef}仍逾期{overdue}，最早到期日{dueDate}。还款：{paymentLink} 如已还款请忽略。有疑问或困难请致电{hotline}。',
    },
    en: {
      body: '{bankName} customer service: {overdue} on your account {accountRef} is still overdue, the oldest part due on {dueDate}. To pay: {paymentLink} If you have paid, please ignore this. Questions or difficulty paying? Call {hotline}.',
    },
  },
  email: {
    'zh-CN': {
      subject: '{bankName}：您的账户仍有逾期款项',
      body: `{customerName}，您好！

我们是{bankName}客户服务团队。您的账户{accountRef}仍逾期{overdue}，最早到期日为{dueDate}。

您可以通过以下方式还款：{paymentLink}

如您已经还款，请忽略本邮件。如您对金额有疑问，或还款有困难，请致电客服热线{hotline}。

{bankName}`,
    },
    en: {
      subject: '{bankName}: your account is still overdue',
      body: `Dear {customerName},

This is the customer service team of {bankName}. On your account {accountRef}, {overdue} is still overdue, the oldest part of it due on {dueDate}.

You can pay here: {paymentLink}

If you have already paid, please ignore this message. If you have a question about the amount, or find it hard to pay, please call us on {hotline}.

{bankName}`,
    },
  },
} as const satisfies Template;

export const OVERDUE_CONTINUING = {
  id: 'overdue-continuing',
  version: '1',
  purpose: 'collection',
  stages: ['plan', 'field-visit', 'legal'],
  slots: ['customerName', 'bankName', 'accountRef', 'overdue', 'dueDate', 'daysPastDue', 'paymentLink', 'hotline'],
  sms: {
    'zh-CN': {
      body: '【{bankName}】{customerName}您好，您在{bankName}的账户{accountRef}逾期{overdue}，最早到期日{dueDate}，已逾期{daysPastDue}天。还款：{paymentLink} 如需商量还款安排或对金额有疑问，请致电{hotline}。',
    },
    en: {
      body: '{bankName} customer service: {overdue} on your account {accountRef} is overdue, the oldest part due on {dueDate}, {daysPastDue} days ago. To pay: {paymentLink} To talk about an arrangement or to query the amount, call {hotline}.',
    },
  },
  email: {
    'zh-CN': {
      subject: '{bankName}：您的账户已逾期{daysPastDue}天',
      body: `{customerName}，您好！

我们是{bankName}客户服务团队。您的账户{accountRef}逾期{overdue}，最早到期日为{dueDate}，目前已逾期{daysPastDue}天。

您可以通过以下方式还款：{paymentLink}

如您暂时无法全额还款，我们可以与您商量还款安排；如您对金额有异议，我们会核对。请致电客服热线{hotline}。

{bankName}`,
    },
    en: {
      subject: '{bankName}: your account is {daysPastDue} days overdue',
      body: `Dear {customerName},

This is the customer service team of {bankName}. On your account {accountRef}, {overdue} is overdue; the oldest part of it was due on {dueDate}, {daysPastDue} days ago.

You can pay here: {paymentLink}

If you cannot pay all of it now, we can talk about an arrangement; if you disagree with the amount, we will check it. Please call us on {hotline}.

{bankName}`,
    },
  },
} as const satisfies Template;
