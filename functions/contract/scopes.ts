/**
 * Who may do what with a token: the scopes of the contract (section 4), by route and by task. One table for both sides: `infra/` puts a
 * route's scopes on the route, where API Gateway asks for one of them, and the function asks again and looks closer.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
 */

export const SCOPES = ['collector', 'supervisor', 'approver', 'counsel', 'customer'] as const;
export type Scope = (typeof SCOPES)[number];

const STAFF = ['collector', 'supervisor', 'approver', 'counsel'] as const satisfies readonly Scope[];
const DESK = ['collector', 'supervisor'] as const satisfies readonly Scope[];
const DECIDERS = ['supervisor', 'approver'] as const satisfies readonly Scope[];

/**
 * The scopes of each route, by its key; any one of them is enough. A route that is not here is closed to every token. A customer is let
 * in for their own accounts only.
 */
export const ROUTE_SCOPES: Readonly<Record<string, readonly Scope[]>> = {
  'GET /accounts/{accountId}/journey': [...STAFF, 'customer'],
  'GET /accounts/{accountId}/plan-offers': [...STAFF, 'customer'],
  'POST /accounts/{accountId}/plans': [...DESK, 'customer'],
  'POST /accounts/{accountId}/plan-requests': [...DESK, 'customer'],
  'POST /accounts/{accountId}/holds': [...STAFF, 'customer'],
  // What stops contact protects the customer: whoever collects does not lift it.
  'DELETE /holds/{holdId}': ['supervisor', 'approver', 'counsel'],
  'GET /tasks': STAFF,
  'GET /tasks/{taskId}': STAFF,
  'POST /tasks/{taskId}/claim': STAFF,
  'POST /tasks/{taskId}/release': STAFF,
  'POST /tasks/{taskId}/reassign': ['supervisor'],
  'POST /tasks/{taskId}/assign': ['supervisor'],
  'POST /tasks/{taskId}/attempts': DESK,
  'POST /tasks/{taskId}/outcome': STAFF,
  'POST /contacts/check': DESK,
  'GET /stops': STAFF,
  'POST /stops': DECIDERS,
  'POST /stops/{stopId}/lift': DECIDERS,
  'POST /cases/{caseId}/close': ['approver', 'counsel'],
  'POST /cases/{caseId}/reopen': ['approver', 'counsel'],
};

/** Who works a queue, and who claims from it. */
const QUEUE_SCOPES: Readonly<Record<string, readonly Scope[]>> = {
  call: DESK,
  'field-visit': DESK,
  'data-quality': DESK,
  'plan-review': DECIDERS,
  'case-review': DECIDERS,
  'legal-review': ['approver', 'counsel'],
};

/** Objectives that somebody else decides than the rest of their queue. */
const OBJECTIVE_SCOPES: Readonly<Record<string, readonly Scope[]>> = {
  'approve-visit': DECIDERS,
  // A suit is a named person's intent first, and counsel's approval last.
  'confirm-intent': DECIDERS,
  'approve-referral': ['counsel'],
  // Above what a supervisor may give up.
  'approve-waiver': ['approver'],
  // Whoever spoke with the customer knows where the recording is.
  'obtain-proof': DESK,
  'review-field-visit': ['approver'],
  // Whether anybody may be sent there again.
  'review-visit': ['approver'],
  'review-legal': ['approver', 'counsel'],
  // Whoever asks counsel, or counsel.
  'review-suit': [...DECIDERS, 'counsel'],
};

/** Whose task it is; nobody's, where the table knows neither objective nor queue. */
export function taskScopes(queue: string, objective: string): readonly Scope[] {
  return OBJECTIVE_SCOPES[objective] ?? QUEUE_SCOPES[queue] ?? [];
}
