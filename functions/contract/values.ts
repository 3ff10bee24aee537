import * as z from 'zod';
import { isLocalDate, isTimeZone, toInstant, toMillis } from '../../domain/calendar.ts';
import { amountProblem, type Money, toMinor } from '../../domain/money.ts';

/** The contract's conventions (section 1) as schemas: money, instants, dates, ids. */

export const id = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1-64 characters of A-Z a-z 0-9 _ -');

/** An instant, normalised so that equal instants are equal text. */
export const instant = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?Z$/, 'must be an ISO 8601 UTC instant such as 2026-03-02T01:30:00Z')
  .refine(exists, 'must be an instant that exists')
  .transform((value) => toInstant(toMillis(value)));

function exists(value: string): boolean {
  try {
    toMillis(value);
    return true;
  } catch {
    return false;
  }
}

/** Whoever works for the bank, by the name that it gives them. */
export const person = z.string().min(1).max(128);

export const localDate = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, 'must be an ISO local date such as 2026-03-01')
  .refine(isLocalDate, 'must be a date that exists');

export const timeZone = z.string().max(64).refine(isTimeZone, 'must be an IANA time zone such as Asia/Shanghai');

const rawMoney = z.strictObject({ amount: z.string().max(24), currency: z.string().max(3) });

/** Money whose sign may be anything, as balances have it. */
export const money = rawMoney.superRefine((value, context) => {
  const problem = amountProblem(value);
  if (problem !== undefined)
    context.addIssue({ code: 'custom', message: problem, path: problem.startsWith('currency') ? ['currency'] : ['amount'] });
});

const atLeast = (least: (minor: number) => boolean, rule: string) =>
  money.superRefine((value: Money, context) => {
    if (amountProblem(value) === undefined && !least(toMinor(value))) context.addIssue({ code: 'custom', message: rule, path: ['amount'] });
  });

/** What is overdue or due: zero or more. */
export const moneyNotNegative = atLeast((minor) => minor >= 0, 'must not be negative');
/** A payment or a promise: more than zero. */
export const moneyPositive = atLeast((minor) => minor > 0, 'must be more than zero');

export const reason = z.string().max(500);
/**
 * The record of whoever said something, on a timeline that keeps it for ever: an id of the bank's, or the docket number of a court in
 * mainland China such as （2026）沪0115民初12345号. Words are refused, since they could name somebody.
 */
export const recordNumber = z
  .string()
  .regex(
    /^([A-Za-z0-9][A-Za-z0-9._:/-]{0,127}|[（(]\d{4}[）)]\p{Script=Han}{1,2}\d{0,6}\p{Script=Han}{1,4}\d{1,8}号)$/u,
    'must be a record number: letters, digits and . _ : / -',
  );
/**
 * Where a recording, a letter or a photograph lies: an id, a URI or a key, on a timeline that keeps it for ever. It has no blanks and no
 * letters beyond ASCII, so that it is no sentence, and no `@` and no leading `+`, so that it is no e-mail address and no telephone number.
 */
export const reference = z
  .string()
  .regex(
    /^[A-Za-z0-9/][A-Za-z0-9._:/#?=&%+-]{0,255}$/,
    'must be a reference of 1-256 characters of A-Z a-z 0-9 . _ : / # ? = & % + -, a letter, digit or / first',
  );
