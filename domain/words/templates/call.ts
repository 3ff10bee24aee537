import type { Template } from '../template.ts';

export const CALL_MISSED = {
  id: 'call-missed',
  version: '1',
  purpose: 'collection',
  stages: ['call', 'plan', 'field-visit', 'legal'],
  slots: ['customerName', 'bankName', 'accountRef', 'overdue', 'paymentLink', 'hotline'],
  sms: {
    'zh-CN': {
      body: '【{bankName}】{customerName}您好，{bankName}客户服务近日曾致电您，未能接通。您的账户{accountRef}逾期{overdue}。还款：{paymentLink} 如已还款请忽略。您可在方便时致电{hotline}。',
    },
    en: {
      body: '{bankName} customer service: we tried to reach you by phone about your account {accountRef}. {overdue} is overdue. To pay: {paymentLink} If you have paid, please ignore this. You can call us at a time that suits you: {hotline}.',
    },
  },
  email: {
    'zh-CN': {
      subject: '{bankName}：我们曾致电您',
      body: `{customerName}，您好！

我们是{bankName}客户服务团队，近日曾就您的账户{accountRef}致电您，未能接通。

该账户的逾期金额为{overdue}。您可以通过以下方式还款：{paymentLink}

如您已经还款，请忽略本邮件。您也可以在方便时致电客服热线{hotline}，告诉我们何时联系您合适。

{bankName}`,
    },
    en: {
      subject: '{bankName}: we tried to reach you',
      body: `Dear {customerName},

This is the customer service team of {bankName}. We tried to reach you by phone about your account {accountRef}.

The amount overdue is {overdue}. You can pay here: {paymentLink}

If you have already paid, please ignore this message. You can also call us at a time that suits you, on {hotline}, and tell us when we may reach you.

{bankName}`,
    },
  },
} as const satisfies Template;

export const PROMISE_TOMORROW = {
  id: 'promise-tomorrow',
  version: '1',
  purpose: 'promise-reminder',
  stages: ['reminder', 'call', 'plan', 'field-visit', 'legal'],
  slots: ['customerName', 'bankName', 'accountRef', 'promised', 'promiseDate', 'paymentLink', 'hotline'],
  sms: {
    'zh-CN': {
      body: '【{bankName}】{customerName}您好，{bankName}客户服务提醒您：按您的约定，账户{accountRef}将于{promiseDate}还款{promised}。还款：{paymentLink} 如已还款请忽略。如有变化请致电{hotline}。',
    },
    en: {
      body: '{bankName} customer service, a reminder: you told us you would pay {promised} to your account {accountRef} on {promiseDate}. To pay: {paymentLink} If you have paid, please ignore this. If your plans have changed, call {hotline}.',
    },
  },
  email: {
    'zh-CN': {
      subject: '{bankName}：提醒您约定的还款日{promiseDate}',
      body: `{customerName}，您好！

我们是{bankName}客户服务团队。按您与我们的约定，您的账户{accountRef}将于{promiseDate}还款{promised}。

您可以通过以下方式还款：{paymentLink}

如您已经还款，请忽略本邮件。如情况有变化，请致电客服热线{hotline}。

{bankName}`,
    },
    en: {
      subject: '{bankName}: the payment you arranged for {promiseDate}',
      body: `Dear {customerName},

This is the customer service team of {bankName}. You told us that you would pay {promised} to your account {accountRef} on {promiseDate}.

You can pay here: {paymentLink}

If you have already paid, please ignore this message. If your plans have changed, please call us on {hotline}.

{bankName}`,
    },
  },
} as const satisfies Template;
