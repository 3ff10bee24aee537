import * as z from 'zod';
import { addDays, toMillis } from '../../domain/calendar.ts';
import { CHANNELS, STAGES } from '../../domain/model.ts';
import { NOTICE_KINDS } from '../../domain/take-over/import.ts';
import { holdFields } from './hold.ts';
import { id, instant, localDate, moneyNotNegative, moneyPositive, recordNumber } from './values.ts';

/**
 * The detail of `CaseImported`: a case that ran elsewhere (docs/contract.md, "Taking over a case"). The lists have limits, since one
 * transaction takes the whole of it.
 */

const CONTACTS_MAX = 300;
const PROMISES_MAX = 20;
const INSTALMENTS_MAX = 60;
const HOLDS_MAX = 5;
const NOTICES_MAX = 20;
const PROMISE_DAYS_MAX = 366;

const contact = z.object({
  contactId: id.optional(),
  channel: z.enum(CHANNELS),
  kind: z.enum(['attempt', 'conversation']),
  at: instant,
  direction: z.enum(['inbound', 'outbound']).default('outbound'),
  /** Known ones count as elsewhere; words are not kept. */
  outcome: z.string().min(1).max(64).optional(),
  contactPointId: id.optional(),
});

const promise = z.object({ amount: moneyPositive, date: localDate, recordedAt: instant, paid: moneyNotNegative.optional() });

const instalment = z.object({ dueDate: localDate, amount: moneyPositive, status: z.enum(['open', 'paid']) });

const plan = z.object({
  planId: id,
  kind: z.enum(['instalments', 'deferral', 'reduced-rate', 'waiver', 'settlement']),
  agreedAt: instant,
  channel: id,
  proofRef: recordNumber.optional(),
  instalments: z.array(instalment).min(1).max(INSTALMENTS_MAX),
});

const hold = z.object(holdFields);

const notice = z.object({ kind: z.enum(NOTICE_KINDS), at: instant, how: z.enum(CHANNELS).optional(), proofRef: recordNumber.optional() });

const shape = z.object({
  importId: id,
  accountId: id,
  customerId: id,
  asOf: instant,
  openedAt: instant,
  stage: z.enum(STAGES),
  contacts: z.array(contact).max(CONTACTS_MAX),
  promises: z.array(promise).max(PROMISES_MAX),
  plan: plan.optional(),
  holds: z.array(hold).max(HOLDS_MAX),
  notices: z.array(notice).max(NOTICES_MAX),
});
type Shape = z.infer<typeof shape>;

/** Names what is wrong: where, and the rule. */
type Complain = (path: readonly (string | number)[], message: string) => void;

export const caseImported = shape.superRefine((event, context) => {
  const complain: Complain = (path, message) => context.addIssue({ code: 'custom', message, path: [...path] });
  checkTimes(event, complain);
  checkIds(event, complain);
  checkPromises(event, complain);
  checkPlan(event, complain);
  checkHolds(event, complain);
});

/** Everything happened by the time of the import. */
function checkTimes({ asOf, openedAt, contacts, promises, plan: running, holds, notices }: Shape, complain: Complain): void {
  const named: [readonly (string | number)[], string | undefined][] = [
    [['openedAt'], openedAt],
    ...contacts.map(({ at }, index): [(string | number)[], string] => [['contacts', index, 'at'], at]),
    ...promises.map(({ recordedAt }, index): [(string | number)[], string] => [['promises', index, 'recordedAt'], recordedAt]),
    [['plan', 'agreedAt'], running?.agreedAt],
    ...holds.map(({ placedAt }, index): [(string | number)[], string] => [['holds', index, 'placedAt'], placedAt]),
    ...notices.map(({ at }, index): [(string | number)[], string] => [['notices', index, 'at'], at]),
  ];
  for (const [path, at] of named)
    if (at !== undefined && toMillis(at) > toMillis(asOf)) complain(path, 'must not be later than asOf: an import tells what was');
}

function checkIds({ contacts, holds }: Shape, complain: Complain): void {
  const seen = new Set<string>();
  for (const [index, { contactId }] of contacts.entries()) {
    if (contactId !== undefined && seen.has(contactId)) complain(['contacts', index, 'contactId'], 'must be different for each contact');
    if (contactId !== undefined) seen.add(contactId);
  }
  for (const [index, { holdId }] of holds.entries())
    if (holds.findIndex((other) => other.holdId === holdId) < index)
      complain(['holds', index, 'holdId'], 'must be different for each hold');
}

function checkPromises({ promises, plan: running }: Shape, complain: Complain): void {
  const currency = promises[0]?.amount.currency ?? running?.instalments[0]?.amount.currency;
  for (const [index, { amount, date, recordedAt, paid }] of promises.entries()) {
    if (amount.currency !== currency) complain(['promises', index, 'amount', 'currency'], `an account has one currency: ${currency}`);
    if (paid !== undefined && paid.currency !== amount.currency)
      complain(['promises', index, 'paid', 'currency'], `an account has one currency: ${currency}`);
    // The local date may be a day off the date in UTC.
    const recordedOn = recordedAt.slice(0, 10);
    if (date < addDays(recordedOn, -1)) complain(['promises', index, 'date'], 'must not lie before the promise was recorded');
    if (date > addDays(recordedOn, PROMISE_DAYS_MAX))
      complain(['promises', index, 'date'], `must lie at most ${PROMISE_DAYS_MAX} days after the promise was recorded`);
  }
  for (const [index, { amount }] of (running?.instalments ?? []).entries())
    if (amount.currency !== currency)
      complain(['plan', 'instalments', index, 'amount', 'currency'], `an account has one currency: ${currency}`);
}

function checkPlan({ plan: running }: Shape, complain: Complain): void {
  if (running === undefined) return;
  for (const [index, row] of running.instalments.entries()) {
    const before = running.instalments[index - 1];
    const path = ['plan', 'instalments', index] as const;
    if (before !== undefined && row.dueDate <= before.dueDate)
      complain([...path, 'dueDate'], 'must be later than that of the instalment before');
    if (before?.status === 'open' && row.status === 'paid') complain([...path, 'status'], 'must not be paid while an earlier one is open');
  }
  if (running.instalments.every(({ status }) => status === 'paid'))
    complain(['plan', 'instalments'], 'one at least must be open: a plan that is paid runs no more');
}

function checkHolds({ accountId, customerId, holds }: Shape, complain: Complain): void {
  for (const [index, row] of holds.entries()) {
    if (row.accountId !== undefined && row.customerId !== undefined)
      complain(['holds', index, 'accountId'], 'a hold names either an account or a customer');
    if (row.accountId !== undefined && row.accountId !== accountId)
      complain(['holds', index, 'accountId'], 'must be the account of the import');
    if (row.customerId !== undefined && row.customerId !== customerId)
      complain(['holds', index, 'customerId'], 'must be the customer of the import');
  }
}
