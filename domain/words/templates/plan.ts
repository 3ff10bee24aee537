import type { Template } from '../template.ts';

export const PLAN_OFFER = {
  id: 'plan-offer',
  version: '1',
  purpose: 'plan-offer',
  stages: ['call', 'plan', 'field-visit', 'legal'],
  slots: ['customerName', 'bankName', 'accountRef', 'overdue', 'deadline', 'paymentLink', 'hotline'],
  sms: {
    'zh-CN': {
      body: '【{bankName}】{customerName}您好，您在{bankName}的账户{accountRef}逾期{overdue}，可申请分期还款安排，{deadline}（含）前有效。申请或确认请致电{hotline}；也可全额还款：{paymentLink} 。',
    },
    en: {
      body: '{bankName} customer service: {overdue} on your account {accountRef} is overdue. You can pay it in instalments. To ask for this arrangement or agree to it, call {hotline} by {deadline}. To pay in full: {paymentLink}',
    },
  },
  email: {
    'zh-CN': {
      subject: '{bankName}：您可以申请分期还款安排',
      body: `{customerName}，您好！

我们是{bankName}客户服务团队。您的账户{accountRef}目前逾期{overdue}。如一次还清有困难，您可以申请分期还款安排。

申请方式：请在{deadline}（含）前致电客服热线{hotline}。我们会说明每期金额、还款日和总额，由您决定是否同意；您确认后安排才生效。

您也可以随时全额还款：{paymentLink}

{bankName}`,
    },
    en: {
      subject: '{bankName}: you can pay in instalments',
      body: `Dear {customerName},

This is the customer service team of {bankName}. On your account {accountRef}, {overdue} is overdue. If it is hard to pay all of it at once, you can ask for an arrangement and pay in instalments.

How to ask: please call us on {hotline} by {deadline}. We will tell you each instalment, its date and the total, and you decide; the arrangement begins only when you agree to it.

You can also pay in full at any time: {paymentLink}

{bankName}`,
    },
  },
} as const satisfies Template;

export const PLAN_INSTALMENT_DUE = {
  id: 'plan-instalment-due',
  version: '1',
  purpose: 'plan-servicing',
  stages: ['reminder', 'call', 'plan', 'field-visit', 'legal'],
  slots: ['customerName', 'bankName', 'accountRef', 'instalment', 'instalmentDate', 'paymentLink', 'hotline'],
  sms: {
    'zh-CN': {
      body: '【{bankName}】{customerName}您好，您在{bankName}的账户{accountRef}还款安排的下一期{instalment}将于{instalmentDate}到期。还款：{paymentLink} 如已还款请忽略。如有困难请致电{hotline}。',
    },
    en: {
      body: '{bankName} customer service: the next instalment of your arrangement for account {accountRef}, {instalment}, is due on {instalmentDate}. To pay: {paymentLink} If you have paid, please ignore this. Difficulty paying? Call {hotline}.',
    },
  },
  email: {
    'zh-CN': {
      subject: '{bankName}：您的还款安排下一期将于{instalmentDate}到期',
      body: `{customerName}，您好！

我们是{bankName}客户服务团队。您的账户{accountRef}还款安排的下一期{instalment}将于{instalmentDate}到期。

您可以通过以下方式还款：{paymentLink}

如您已经还款，请忽略本邮件。如按期还款有困难，请尽早致电客服热线{hotline}。

{bankName}`,
    },
    en: {
      subject: '{bankName}: your next instalment is due on {instalmentDate}',
      body: `Dear {customerName},

This is the customer service team of {bankName}. The next instalment of your arrangement for account {accountRef}, {instalment}, is due on {instalmentDate}.

You can pay here: {paymentLink}

If you have already paid, please ignore this message. If it will be hard to pay on time, please call us early on {hotline}.

{bankName}`,
    },
  },
} as const satisfies Template;

export const PLAN_INSTALMENT_MISSED = {
  id: 'plan-instalment-missed',
  version: '1',
  purpose: 'plan-servicing',
  stages: ['reminder', 'call', 'plan', 'field-visit', 'legal'],
  slots: ['customerName', 'bankName', 'accountRef', 'instalment', 'instalmentDate', 'deadline', 'paymentLink', 'hotline'],
  sms: {
    'zh-CN': {
      body: '【{bankName}】{customerName}您好，您在{bankName}的账户{accountRef}还款安排中{instalmentDate}到期的{instalment}尚未收到。{deadline}（含）前还款，安排继续有效。还款：{paymentLink} 如有困难请致电{hotline}。',
    },
    en: {
      body: '{bankName} customer service: the instalment of {instalment} for account {accountRef}, due on {instalmentDate}, is overdue. If it is paid by {deadline} your arrangement goes on. To pay: {paymentLink} Difficulty paying? Call {hotline}.',
    },
  },
  email: {
    'zh-CN': {
      subject: '{bankName}：您的还款安排有一期尚未收到',
      body: `{customerName}，您好！

我们是{bankName}客户服务团队。您的账户{accountRef}还款安排中，{instalmentDate}到期的{instalment}尚未收到。

如该期在{deadline}（含）前还清，安排继续有效；否则安排终止，账户按原约定的还款要求处理。

您可以通过以下方式还款：{paymentLink}

如按期还款有困难，请致电客服热线{hotline}，我们可以一起看看是否需要调整。

{bankName}`,
    },
    en: {
      subject: '{bankName}: an instalment of your arrangement is overdue',
      body: `Dear {customerName},

This is the customer service team of {bankName}. The instalment of {instalment} for account {accountRef}, due on {instalmentDate}, has not reached us.

If it is paid by {deadline}, your arrangement goes on; otherwise the arrangement ends and the original terms of the account apply again.

You can pay here: {paymentLink}

If it is hard to pay, please call us on {hotline}: we can look together at whether the arrangement should change.

{bankName}`,
    },
  },
} as const satisfies Template;
