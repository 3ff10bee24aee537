import type { ConfigInput } from './schema.ts';

/** The embedded cloud and the demo: everything on, nothing kept, addresses from the reserved `example` domain. */
export const local: ConfigInput = {
  prefix: 'overdue-journeys',
  eventBusName: 'overdue-journeys',
  bankAccountIds: [],
  // For `AUTH=on`: the embedded cloud's own issuer signs tokens in this one's name.
  jwt: { issuer: 'https://login.bank.example', audience: ['overdue-journeys'] },
  sending: { default: 'on', products: {} },
  sender: { email: 'notices@bank.example', sesIdentity: 'bank.example', smsSenderId: 'EXAMPLEBANK', smsStatusLog: 'created' },
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
    products: { '*': { reportsToBureau: true, reportingDay: 25, suspendsCard: true, placesWithAgencies: false } },
  },
  deletionProtection: false,
  removalPolicy: 'destroy',
  logRetentionDays: 7,
};
