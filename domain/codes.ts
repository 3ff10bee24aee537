/**
 * What a bank may say in its own words and a timeline may not keep: an entry can never be changed, so it holds one of the codes here, and
 * the words stay beside it in an item that expires.
 */

export const CALL_OUTCOMES = [
  'promise',
  'paid-already',
  'plan-requested',
  'hardship',
  'dispute',
  'refused',
  'reached-no-commitment',
  'no-answer',
  'voicemail',
  'busy',
  'number-dead',
  'wrong-number',
  'third-party-answered',
  'call-back',
  'do-not-call',
  'complaint',
  'vulnerable',
  'deceased',
] as const;
export const VISIT_OUTCOMES = [
  'met-promise',
  'met-plan-requested',
  'met-paid',
  'met-refused',
  'hardship',
  'not-home',
  'third-party-met',
  'moved',
  'address-invalid',
  'visit-refused',
  'unsafe',
  'deceased',
] as const;

/** Outcomes of a contact that others report: those of calls and visits, and what diallers and gateways say. */
const REPORTED_OUTCOMES = [
  ...CALL_OUTCOMES,
  ...VISIT_OUTCOMES,
  'reached',
  'answered',
  'delivered',
  'not-connected',
  'not_connected',
  'limited-message',
  'voicemail_lcm',
] as const;
export type ReportedOutcome = (typeof REPORTED_OUTCOMES)[number] | Other;

const ACTOR_KINDS = ['own-staff', 'agency', 'branch', 'dialler', 'customer'] as const;
type ActorKind = (typeof ACTOR_KINDS)[number];
/** Who makes a contact: the kind, with a number where the bank gives its agencies and branches numbers. */
export type ActorCode = ActorKind | `${ActorKind}-${number}` | Other;

const HOLD_REASONS = ['customer-request', 'representative', 'court-order', 'regulator', 'bank-decision'] as const;
/** The last three are ours: a hold that an outcome of a task or of a reported contact placed, or whoever ended a case. */
export type HoldReason = (typeof HOLD_REASONS)[number] | 'task-outcome' | 'contact-outcome' | 'case-closed' | Other;

const REVERSAL_REASONS = [
  'insufficient-funds',
  'account-closed',
  'recalled',
  'charged-back',
  'refused',
  'duplicate',
  'wrong-account',
  'wrong-amount',
  'fraud',
] as const;
export type ReversalReason = (typeof REVERSAL_REASONS)[number] | Other;

const PLAN_REJECTIONS = [
  'terms',
  'limit',
  'credit-decision',
  'account-closed',
  'account-blocked',
  'duplicate',
  'documents-missing',
] as const;
export type PlanRejection = (typeof PLAN_REJECTIONS)[number] | Other;

/** Why an account is overdue, as the customer says it. What each leads to is policy (`reasons` of the ladder). */
export const REASONS_FOR_ARREARS = [
  'forgot',
  'technical',
  'abroad',
  'cash-flow',
  'income-reduced',
  'unemployment',
  'illness',
  'bereavement',
  'separation',
  'business-failure',
  'over-indebted',
  'disaster',
  'dispute',
  'unwilling',
] as const;
export type ReasonForArrears = (typeof REASONS_FOR_ARREARS)[number] | Other;

type Other = 'other';

function codeIn<T extends string>(codes: readonly T[], said: string): T | Other {
  return codes.find((code) => code === said) ?? 'other';
}

export function outcomeCode(said: string): ReportedOutcome {
  return codeIn(REPORTED_OUTCOMES, said);
}

/** Of one that names itself by more than a number the kind is what stays. */
export function actorCode(said: string): ActorCode {
  const kind = ACTOR_KINDS.find((known) => said === known || said.startsWith(`${known}-`));
  if (kind === undefined) return 'other';
  const number = /^\d{1,6}$/.exec(said.slice(kind.length + 1))?.[0];
  return number === undefined ? kind : (`${kind}-${number}` as ActorCode);
}

export function reasonForArrearsCode(said: string): ReasonForArrears {
  return codeIn(REASONS_FOR_ARREARS, said);
}

export function holdReasonCode(said: string): HoldReason {
  return codeIn(HOLD_REASONS, said);
}

export function reversalReasonCode(said: string): ReversalReason {
  return codeIn(REVERSAL_REASONS, said);
}

const PAYMENT_METHOD = /^[A-Za-z0-9_-]{1,32}$/;

/** Banks name the ways to pay as they like: what looks like a name of one stays, words of people do not. */
export function paymentMethodCode(said: string): string {
  return PAYMENT_METHOD.test(said) ? said : 'other';
}

export function planRejectionCode(said: string): PlanRejection {
  return codeIn(PLAN_REJECTIONS, said);
}
