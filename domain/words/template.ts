import type { LocalDate, Purpose, Stage } from '../model.ts';

export const LOCALES = ['zh-CN', 'en'] as const;
export type Locale = (typeof LOCALES)[number];

export interface Amount {
  readonly amountMinor: number;
  /** ISO 4217. */
  readonly currency: string;
}

/** One line of what is asked for: an instalment fallen due, or a component of it. */
export type Item =
  | ({ readonly kind: 'due'; readonly dueDate: LocalDate } & Amount)
  | ({ readonly kind: 'principal' | 'interest' | 'fees' } & Amount);

/** Everything a text may mention. A template declares which of them it needs. */
export interface Slots {
  readonly customerName: string;
  readonly bankName: string;
  /** How the customer knows the account; never a full card number. */
  readonly accountRef: string;
  readonly hotline: string;
  /** An `https:` address. */
  readonly paymentLink: string;
  readonly overdue: Amount;
  readonly balance: Amount;
  /** What the overdue amount consists of; at least one. */
  readonly items: readonly Item[];
  /** The oldest due date that is not paid. */
  readonly dueDate: LocalDate;
  readonly daysPastDue: number;
  /** The last day of whatever the text gives time for: an offer, a missed instalment, the notice period. */
  readonly deadline: LocalDate;
  readonly promised: Amount;
  readonly promiseDate: LocalDate;
  readonly instalment: Amount;
  readonly instalmentDate: LocalDate;
  readonly visitDate: LocalDate;
}

export type SlotName = keyof Slots;

export interface SmsText {
  readonly body: string;
}

/** Paragraphs are parted by an empty line; the HTML part is made from the same text. */
export interface EmailText {
  readonly subject: string;
  readonly body: string;
}

/** What the customer reads, with `{slot}` where a value goes. There is nothing else to it: no conditions, no code. */
export interface Template {
  readonly id: string;
  readonly version: string;
  readonly purpose: Purpose;
  /** The stages it is written for. */
  readonly stages: readonly Stage[];
  readonly slots: readonly SlotName[];
  readonly sms: Readonly<Record<Locale, SmsText>>;
  readonly email: Readonly<Record<Locale, EmailText>>;
}
