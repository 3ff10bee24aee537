import * as z from 'zod';
import { isFinal } from '../../domain/endings.ts';
import { ACCOUNT_STATUSES, CHANNELS, DELIVERY_STATUSES, FLAGS, LEGAL_STATUSES } from '../../domain/model.ts';
import { amountProblem, toMinor } from '../../domain/money.ts';
import { allPacks } from '../../domain/policy/packs/registry.ts';
import { caseImported } from './case-imported.ts';
import { contactReported } from './contacts.ts';
import { holdFields } from './hold.ts';
import { outcomeBody } from './outcome.ts';
import { id, instant, localDate, money, moneyNotNegative, moneyPositive, reason, recordNumber, reference, timeZone } from './values.ts';

/**
 * The events a bank puts on the bus (contract section 2), one schema each. Fields may be added to the contract: unknown ones are let
 * through unread.
 */

const arrears = z
  .array(z.object({ dueDate: localDate, amount: moneyNotNegative }))
  .min(1)
  .max(120)
  .refine(
    (rows) => rows.every((row, index) => index === 0 || row.dueDate >= (rows[index - 1]?.dueDate ?? '')),
    'must be ordered, oldest first',
  );

const accountOverdue = z
  .object({
    accountId: id,
    customerId: id,
    product: z.string().min(1).max(64),
    dueDate: localDate,
    overdue: moneyNotNegative,
    minimumDue: moneyNotNegative,
    balance: money,
    asOf: instant,
    arrears: arrears.optional(),
    components: z.object({ principal: money, interest: money, fees: money }).optional(),
    terms: z
      .object({
        annualRate: z.string().regex(/^\d+(\.\d{1,6})?$/, 'must be a decimal fraction such as 0.1825'),
        dayCount: z.enum(['ACT/365', 'ACT/360', '30/360', 'ACT/ACT']),
      })
      .optional(),
    affordability: z.object({ income: moneyNotNegative, expenses: moneyNotNegative }).optional(),
    risk: z
      .object({
        score: z.number().optional(),
        timesOverdueLast12Months: z.int().min(0).max(366).optional(),
        willingness: z.string().max(32).optional(),
        ability: z.string().max(32).optional(),
      })
      .optional(),
    parties: z
      .array(z.object({ customerId: id, role: z.enum(['joint', 'guarantor', 'supplementary']), liable: z.boolean() }))
      .max(20)
      .optional(),
    flags: z.array(z.enum(FLAGS)).max(10).optional(),
    timeZone: timeZone.optional(),
  })
  .superRefine((event, context) => {
    const { currency } = event.overdue;
    const others: [string, string | undefined][] = [
      ['minimumDue', event.minimumDue.currency],
      ['balance', event.balance.currency],
      ...(event.arrears ?? []).map((row, index): [string, string] => [`arrears.${index}.amount`, row.amount.currency]),
      ...Object.entries(event.affordability ?? {}).map(([name, part]): [string, string] => [`affordability.${name}`, part.currency]),
      ...Object.entries(event.components ?? {}).map(([name, part]): [string, string] => [`components.${name}`, part.currency]),
    ];
    for (const [path, other] of others) {
      if (other !== currency)
        context.addIssue({ code: 'custom', message: `an account has one currency: ${currency}`, path: [...path.split('.'), 'currency'] });
    }
    const parts = event.components;
    // An amount that is none has its own issue; it cannot be added up.
    if (
      parts === undefined ||
      [parts.principal, parts.interest, parts.fees, event.balance].some((part) => amountProblem(part) !== undefined)
    )
      return;
    if (toMinor(parts.principal) + toMinor(parts.interest) + toMinor(parts.fees) !== toMinor(event.balance)) {
      context.addIssue({ code: 'custom', message: 'principal, interest and fees must add up to the balance', path: ['components'] });
    }
  });

const balanceUpdated = z
  .object({ accountId: id, overdue: moneyNotNegative, balance: money, asOf: instant, arrears: arrears.optional() })
  .superRefine((event, context) => {
    if (event.balance.currency !== event.overdue.currency) {
      context.addIssue({
        code: 'custom',
        message: `an account has one currency: ${event.overdue.currency}`,
        path: ['balance', 'currency'],
      });
    }
  });

/** A code, so that nothing of the address itself gets where codes go. */
const area = z.string().regex(/^[A-Z0-9-]{1,12}$/, 'must be 1-12 characters of A-Z 0-9 -, a code of the region');

const customerUpdated = z.object({
  customerId: id,
  name: z.string().min(1).max(200),
  locale: z.string().regex(/^[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*$/, 'must be a language tag such as zh-CN'),
  timeZone,
  // Without its pack every contact would be denied, and the case would climb on what is impossible.
  jurisdiction: z.enum(allPacks().map((pack) => pack.id) as [string, ...string[]], { error: 'must be the id of a policy pack' }),
  contactPoints: z
    .array(
      z.object({
        id,
        channel: z.enum(CHANNELS),
        // One that its channel cannot have is no reason to lose the rest: it is kept, named, and never used.
        address: z.string().min(1).max(500).trim(),
        owner: z.enum(['self', 'work', 'third-party']),
        consent: z.boolean().optional(),
        area: area.optional(),
      }),
    )
    .max(50)
    .refine((points) => new Set(points.map((point) => point.id)).size === points.length, 'contact points must have different ids'),
  preferences: z
    .object({
      windows: z
        .array(z.string().regex(/^\d{2}:\d{2}-\d{2}:\d{2}$/, 'must be HH:MM-HH:MM'))
        .max(20)
        .default([]),
      inconvenient: z
        .array(z.string().regex(/^\d{2}:\d{2}-\d{2}:\d{2}$/, 'must be HH:MM-HH:MM'))
        .max(20)
        .default([]),
      optedOut: z.array(z.enum(CHANNELS)).max(10).default([]),
    })
    .default({ windows: [], inconvenient: [], optedOut: [] }),
  asOf: instant,
});

const paymentReceived = z.object({
  paymentId: id,
  accountId: id,
  amount: moneyPositive,
  paidAt: instant,
  postedAt: instant.optional(),
  state: z.enum(['posted', 'pending']).default('posted'),
  method: z.string().max(64).optional(),
});

const statementIssued = z
  .object({
    statementId: id,
    accountId: id,
    customerId: id,
    statementBalance: money,
    minimumDue: moneyNotNegative,
    dueDate: localDate,
    issuedAt: instant,
    autopay: z.boolean().default(false),
  })
  .superRefine((event, context) => {
    const { currency } = event.statementBalance;
    if (event.minimumDue.currency !== currency)
      context.addIssue({ code: 'custom', message: `an account has one currency: ${currency}`, path: ['minimumDue', 'currency'] });
  });

const paymentReversed = z.object({ paymentId: id, accountId: id, reversedAt: instant, reason: reason.optional() });

export const holdPlaced = z.object(holdFields).refine((event) => (event.accountId === undefined) !== (event.customerId === undefined), {
  path: ['accountId'],
  message: 'a hold names either an account or a customer',
});

const holdReleased = z.object({ holdId: id, releasedAt: instant });

const deliveryReported = z.object({
  contactId: id,
  status: z.enum(DELIVERY_STATUSES),
  at: instant,
  proofRef: reference.optional(),
});

const accountStatusChanged = z
  .object({ accountId: id, status: z.enum(ACCOUNT_STATUSES), at: instant, reference: recordNumber, retracted: z.literal(true).optional() })
  .refine(({ status, retracted }) => retracted === undefined || isFinal(status), {
    path: ['retracted'],
    message: 'is said of what ends a case; an account that was placed is recalled, and one that was recalled is placed',
  });

const legalStatusReported = z.object({ accountId: id, status: z.enum(LEGAL_STATUSES), at: instant, reference: recordNumber.optional() });

const planAnswered = z.object({ planId: id, at: instant, reason: reason.optional() });

const taskOutcomeReported = z.object({ taskId: id }).and(outcomeBody);

/** Schema by `DetailType`; anything else from a bank is a schema error. */
export const INBOUND = {
  AccountOverdue: accountOverdue,
  BalanceUpdated: balanceUpdated,
  CustomerUpdated: customerUpdated,
  PaymentReceived: paymentReceived,
  PaymentReversed: paymentReversed,
  StatementIssued: statementIssued,
  HoldPlaced: holdPlaced,
  HoldReleased: holdReleased,
  PlanBooked: planAnswered,
  PlanRejected: planAnswered,
  TaskOutcomeReported: taskOutcomeReported,
  ContactReported: contactReported,
  DeliveryReported: deliveryReported,
  AccountStatusChanged: accountStatusChanged,
  LegalStatusReported: legalStatusReported,
  CaseImported: caseImported,
} as const;
export type InboundType = keyof typeof INBOUND;
export type Inbound<T extends InboundType> = z.infer<(typeof INBOUND)[T]>;

/** Instants that say when something happened: more than 24 h ahead of now they are rejected. */
export const HAPPENED: Readonly<Record<InboundType, readonly string[]>> = {
  AccountOverdue: ['asOf'],
  BalanceUpdated: ['asOf'],
  CustomerUpdated: ['asOf'],
  PaymentReceived: ['paidAt', 'postedAt'],
  PaymentReversed: ['reversedAt'],
  StatementIssued: ['issuedAt'],
  HoldPlaced: ['placedAt'],
  HoldReleased: ['releasedAt'],
  PlanBooked: ['at'],
  PlanRejected: ['at'],
  TaskOutcomeReported: ['at'],
  ContactReported: ['at'],
  DeliveryReported: ['at'],
  AccountStatusChanged: ['at'],
  LegalStatusReported: ['at'],
  // Everything else in it lies no later.
  CaseImported: ['asOf'],
};

/** What EventBridge delivers to the intake queue. */
export const envelope = z.object({
  id: z.string().min(1).max(128),
  source: z.string(),
  'detail-type': z.string(),
  time: z.string().optional(),
  detail: z.record(z.string(), z.unknown()),
});
