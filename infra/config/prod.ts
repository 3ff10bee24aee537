import type { ConfigInput } from './schema.ts';

/**
 * Real accounts. The bank replaces the example names, addresses and links, adds the accounts of its core systems, its token issuer
 * and its alarm address before the first deployment (docs/runbooks/deploy.md). Sending starts switched off, so that the first files
 * can be checked in the timeline before any customer hears of them.
 */
export const prod: ConfigInput = {
  prefix: 'overdue-journeys',
  eventBusName: 'overdue-journeys',
  bankAccountIds: [],
  sending: { default: 'off', products: {} },
  sender: { email: 'notices@bank.example', sesIdentity: 'bank.example' },
  deployment: {
    timeZone: 'Asia/Shanghai',
    locale: 'zh-CN',
    words: {
      bankName: { 'zh-CN': '示例银行', 'zh-TW': '示例銀行', en: 'Example Bank' },
      hotline: '400-000-0000',
      paymentLink: 'https://pay.bank.example',
    },
    houseOverlay: true,
    visits: true,
  },
  // Nobody can end such a lock early: try with GOVERNANCE elsewhere first.
  evidence: { mode: 'COMPLIANCE' },
  deletionProtection: true,
  removalPolicy: 'retain',
  // Long enough to look back over a whole stage of the ladder.
  logRetentionDays: 90,
};
