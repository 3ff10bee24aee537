import type { Slots } from '../../../domain/words/template.ts';

/** Every slot with a value as long as they commonly get. */
export const TYPICAL_SLOTS: Slots = {
  customerName: '欧阳小明',
  bankName: '上海浦江银行',
  accountRef: 'acc-100123456',
  hotline: '400-820-1234',
  paymentLink: 'https://pay.example.com/r/8f3k2m9q',
  overdue: { amountMinor: 1_234_567, currency: 'CNY' },
  balance: { amountMinor: 12_345_678, currency: 'CNY' },
  items: [
    { kind: 'due', dueDate: '2026-02-01', amountMinor: 617_283, currency: 'CNY' },
    { kind: 'due', dueDate: '2026-03-01', amountMinor: 617_284, currency: 'CNY' },
  ],
  dueDate: '2026-02-01',
  daysPastDue: 128,
  deadline: '2026-12-31',
  promised: { amountMinor: 500_000, currency: 'CNY' },
  promiseDate: '2026-03-20',
  instalment: { amountMinor: 205_761, currency: 'CNY' },
  instalmentDate: '2026-04-01',
  visitDate: '2026-05-12',
};

/** The same bank writing English: its name and the customer's in Latin letters. */
export const TYPICAL_ENGLISH_SLOTS: Slots = { ...TYPICAL_SLOTS, customerName: 'Alexander Ouyang', bankName: 'Shanghai Pujiang Bank' };
