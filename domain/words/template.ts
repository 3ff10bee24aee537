import type { LocalDate, MessageChannel, Purpose, Stage } from '../model.ts';
import type { ConsequenceId } from './consequences.ts';

export const LOCALES = ['zh-CN', 'zh-TW', 'en'] as const;
export type Locale = (typeof LOCALES)[number];

export interface Amount {
  readonly amountMinor: number;
  /** ISO 4217. */
  readonly currency: string;
}

/** One line of what is asked for: an amount fallen due. */
export interface Item extends Amount {
  readonly dueDate: LocalDate;
}

/** One of several overdue accounts of a customer. */
export interface AccountLine {
  readonly accountRef: string;
  readonly overdue: Amount;
  /** The oldest due date that is not paid. */
  readonly dueDate: LocalDate;
}

/** An arrangement that the customer may choose: so many monthly instalments, or one payment later. */
export interface OfferLine {
  readonly count: number;
  readonly first: Amount;
  readonly firstDate: LocalDate;
}

/** Everything a text may mention. A template declares which of them it needs, and which it mentions only where they are known. */
export interface Slots {
  readonly customerName: string;
  readonly bankName: string;
  /** The last characters of the account's number; never all of it. */
  readonly accountRef: string;
  readonly hotline: string;
  /** An `https:` address. */
  readonly paymentLink: string;
  /** Zero where nothing is overdue (an acknowledged payment). */
  readonly overdue: Amount;
  readonly balance: Amount;
  /** What the balance consists of. */
  readonly components: { readonly principal: Amount; readonly interest: Amount; readonly fees: Amount };
  /** What the overdue amount consists of; at least one. */
  readonly items: readonly Item[];
  /** All overdue accounts of the customer, the message's own first. One or none is as good as absent. */
  readonly accounts: readonly AccountLine[];
  /** What the customer may choose from; at least one. */
  readonly offers: readonly OfferLine[];
  /** The oldest due date that is not paid; before it, the date by which to pay. */
  readonly dueDate: LocalDate;
  /** Calendar days since `dueDate`, as the customer counts them. */
  readonly daysPastDue: number;
  /** What follows where the account stays overdue, as far as it is true of this account; may be empty. */
  readonly consequences: readonly ConsequenceId[];
  /** The day on which the account's standing goes to the credit bureau. */
  readonly reportingDate: LocalDate;
  /** The last day of whatever the text gives time for: an offer, a missed instalment, the notice period. */
  readonly deadline: LocalDate;
  readonly promised: Amount;
  readonly promiseDate: LocalDate;
  readonly instalment: Amount;
  readonly instalmentDate: LocalDate;
  /** The first day of the week in which a visit is made. */
  readonly visitDate: LocalDate;
  readonly statementBalance: Amount;
  readonly minimumDue: Amount;
  /** Calendar days until `dueDate`; 0 is the day itself. */
  readonly daysToDue: number;
  /** The bank debits the amount itself. */
  readonly autopay: boolean;
  /** A payment that was booked. */
  readonly received: Amount;
  readonly receivedDate: LocalDate;
  /** The local date on which the figures are stated. */
  readonly asOf: LocalDate;
  /** A sentence, in the customer's language, on how to stop messages of this kind, where the pack asks for one. */
  readonly unsubscribe: string;
}

export type SlotName = keyof Slots;

/**
 * A paragraph as an ICU message, or one of the passages that are the same in every text and laid out by the form: a table of what is
 * overdue, of a statement, of what is offered; how to pay; what follows; whom to ask; the rights of the customer; what the amounts rest on.
 */
export type Block = string | { readonly block: 'figures' | 'statement' | 'offers' | 'pay' | 'consequences' | 'help' | 'rights' | 'basis' };
export const FIGURES = { block: 'figures' } as const satisfies Block;
export const STATEMENT = { block: 'statement' } as const satisfies Block;
export const OFFERS = { block: 'offers' } as const satisfies Block;
export const PAY = { block: 'pay' } as const satisfies Block;
export const CONSEQUENCES = { block: 'consequences' } as const satisfies Block;
export const HELP = { block: 'help' } as const satisfies Block;
export const RIGHTS = { block: 'rights' } as const satisfies Block;
export const BASIS = { block: 'basis' } as const satisfies Block;

/** One language of a template. All strings are ICU messages over the slots and the names that {@link ./message.ts} derives. */
export interface TemplateText {
  /** The whole of a text message, an in-app and an instant message. */
  readonly short: string;
  /** Of an e-mail, after the bank's name; title in the app, heading of a letter. Other people may see it. */
  readonly subject: string;
  /** What a mail client shows beside the subject. Other people may see it too. */
  readonly preheader: string;
  /** Between greeting and signature, which every e-mail and letter has. */
  readonly body: readonly Block[];
}

/** What a text must say, as the lint looks for it in the rendered text. */
export const PARTS = [
  'sender',
  'account',
  'amount',
  'items',
  'balance',
  'offers',
  'payment',
  'hotline',
  'date',
  'days-past-due',
  'help',
  'object',
  'decision',
] as const;
export type Part = (typeof PARTS)[number];

/** A message as data: who may get it, how, what it must say, and the words. */
export interface Template {
  readonly id: string;
  readonly version: string;
  readonly purpose: Purpose;
  /** The stages it is written for; none where there is no case. */
  readonly stages: readonly Stage[];
  /** The channels it may go by. */
  readonly channels: readonly MessageChannel[];
  readonly parts: { readonly short: readonly Part[]; readonly long: readonly Part[] };
  /** Needed: without a value there is no message. */
  readonly slots: readonly SlotName[];
  /** Mentioned where they have a value. */
  readonly optional: readonly SlotName[];
  /** How many SMS segments it may take with usual values, and with long ones. */
  readonly segments: { readonly typical: number; readonly long: number };
  readonly texts: Readonly<Record<Locale, TemplateText>>;
}
