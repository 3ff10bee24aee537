import type { Template } from '../template.ts';

export const VISIT_BEFORE = {
  id: 'visit-before',
  version: '1',
  purpose: 'collection',
  stages: ['field-visit', 'legal'],
  slots: ['customerName', 'bankName', 'accountRef', 'overdue', 'visitDate', 'paymentLink', 'hotline'],
  sms: {
    'zh-CN': {
      body: '【{bankName}】{customerName}您好，{bankName}客户服务人员拟于{visitDate}拜访您，当面沟通账户{accountRef}的逾期款项{overdue}。您可以更改时间地点或谢绝拜访，请致电{hotline}。还款：{paymentLink} 。',
    },
    en: {
      body: '{bankName} customer service: our staff would like to visit you on {visitDate} to talk about {overdue} overdue on your account {accountRef}. To choose another time or place, or to decline, call {hotline}. To pay: {paymentLink}',
    },
  },
  email: {
    'zh-CN': {
      subject: '{bankName}：拟于{visitDate}拜访您',
      body: `{customerName}，您好！

我们是{bankName}客户服务团队。您的账户{accountRef}目前逾期{overdue}。我们拟于{visitDate}拜访您，当面了解情况并商量还款安排。来访人员会出示工作证件，未经您同意不会进入您的住所。

您可以更改时间或地点，也可以谢绝拜访，请致电客服热线{hotline}。

如您希望现在还款：{paymentLink}

{bankName}`,
    },
    en: {
      subject: '{bankName}: we would like to visit you on {visitDate}',
      body: `Dear {customerName},

This is the customer service team of {bankName}. On your account {accountRef}, {overdue} is overdue. We would like to visit you on {visitDate}, to hear how things stand and to talk about an arrangement. Our staff will show proof of who they are and will not enter your home unless you agree.

You can choose another time or place, or decline the visit: please call us on {hotline}.

If you prefer to pay now: {paymentLink}

{bankName}`,
    },
  },
} as const satisfies Template;

/**
 * Says what a notice before legal proceedings owes the customer: the amount, why, by when, what was decided, how to check and to
 * object. It names no consequence but the one that a named person decided.
 */
export const LEGAL_FORMAL_NOTICE = {
  id: 'legal-formal-notice',
  version: '1',
  purpose: 'formal-notice',
  stages: ['legal'],
  slots: ['customerName', 'bankName', 'accountRef', 'overdue', 'items', 'balance', 'dueDate', 'deadline', 'paymentLink', 'hotline'],
  sms: {
    'zh-CN': {
      body: '【{bankName}】正式通知：{customerName}，您在{bankName}的账户{accountRef}逾期{overdue}，最早到期日{dueDate}。请于{deadline}（含）前付清或商定还款安排；到期两者皆无的，本行已决定转入法律程序，转交前须经复核。还款：{paymentLink} 核对或提出异议请致电{hotline}。',
    },
    en: {
      body: 'Formal notice from {bankName}: {overdue} on your account {accountRef} is overdue, the oldest part due on {dueDate}. Please pay it or agree an arrangement by {deadline}. Otherwise, subject to review, we have decided to refer it to legal proceedings. To pay: {paymentLink} To check or object: {hotline}.',
    },
  },
  email: {
    'zh-CN': {
      subject: '{bankName}：关于您账户逾期款项的正式通知',
      body: `{customerName}，您好！

这是{bankName}就您的账户{accountRef}发出的正式通知。

截至本通知发出之日，该账户逾期金额为{overdue}，最早的到期日为{dueDate}，明细如下：{items}。账户余额为{balance}。上述金额依据您与{bankName}的账户合同计算。

请于{deadline}（含）前付清逾期金额{overdue}，或与我们商定还款安排。还款方式：{paymentLink}

如到期未付清且未商定安排，本行已决定将此事转入法律程序；转交前须经复核。

您有权核对账目、了解金额的计算依据，也有权提出异议并提供证据。请致电客服热线{hotline}；收到异议后我们会核实并答复。

如您还款有困难，仍可申请还款安排，请致电{hotline}。

{bankName}`,
    },
    en: {
      subject: '{bankName}: formal notice about the overdue amount on your account',
      body: `Dear {customerName},

This is a formal notice from {bankName} about your account {accountRef}.

At the date of this notice {overdue} is overdue, the oldest part of it due on {dueDate}, made up as follows: {items}. The balance of the account is {balance}. These amounts follow from your account agreement with {bankName}.

Please pay the overdue amount of {overdue}, or agree an arrangement with us, by {deadline}. You can pay here: {paymentLink}

If by then it is neither paid nor covered by an arrangement, we have decided to refer the matter to legal proceedings; the referral is subject to a review first.

You have the right to check the account and to know how the amounts were worked out, and the right to object and to give evidence. Please call us on {hotline}; we will look into an objection and answer it.

If it is hard for you to pay, you can still ask for an arrangement on {hotline}.

{bankName}`,
    },
  },
} as const satisfies Template;
