import type { ConfigInput } from './schema.ts';

/**
 * A shared AWS account with invented customers. Sending starts switched off: whoever tests with a real number turns it on for one
 * product, knowingly.
 */
export const dev: ConfigInput = {
  prefix: 'overdue-journeys',
  eventBusName: 'overdue-journeys',
  bankAccountIds: [],
  sending: { default: 'off', products: {} },
  sender: { email: 'notices@dev.bank.example', sesIdentity: 'dev.bank.example' },
  deployment: {
    timeZone: 'Asia/Shanghai',
    locale: 'zh-CN',
    words: {
      bankName: { 'zh-CN': '示例银行（测试）', 'zh-TW': '示例銀行（測試）', en: 'Example Bank (test)' },
      hotline: '400-000-0000',
      paymentLink: 'https://pay.dev.bank.example',
    },
    houseOverlay: true,
    visits: true,
  },
  // A locked pack would stand in the way of deleting the stack for longer.
  evidence: { lockedDays: 1 },
  deletionProtection: false,
  removalPolicy: 'destroy',
  logRetentionDays: 14,
};
