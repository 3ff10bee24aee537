import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as z from 'zod';
import { DAY, HOUR, toInstant, toMillis } from '../../domain/calendar.ts';
import { Contradiction, Refusal } from '../../domain/record/journal.ts';
import { type Admitted, admit } from '../api/admission.ts';
import { reservationProblem } from '../api/attempts.ts';
import { callerOf, type TokenRules } from '../api/caller.ts';
import { checkOf } from '../api/check.ts';
import { claimTask, reassignTask, releaseTask, type TaskRequest } from '../api/claims.ts';
import { closeCase, reopenCase } from '../api/closing.ts';
import { customerView } from '../api/customer-journey.ts';
import { journeyOf } from '../api/journey.ts';
import { planRequestBody, requestPlan } from '../api/plan-requests.ts';
import { agreePlan, planBody, planOffers, planOffersQuery } from '../api/plans.ts';
import { type Answer, answer, Conflict, Malformed, NotFound, Problem, problemAnswer, RuleBroken } from '../api/problem.ts';
import { liftStop, listStops, placeStop } from '../api/stops.ts';
import { lookAtTask, type ReadingPorts } from '../api/task-reading.ts';
import { listTasks, reportOutcome } from '../api/tasks.ts';
import { assignVisit } from '../api/visit-assignments.ts';
import { closeBody, reopenBody } from '../contract/closing.ts';
import { attemptBody, checkBody } from '../contract/contacts.ts';
import { holdPlaced } from '../contract/inbound-events.ts';
import { outcomeBody } from '../contract/outcome.ts';
import { liftBody, stopBody } from '../contract/stops.ts';
import { id, instant, person } from '../contract/values.ts';
import { assignmentBody } from '../contract/visits.ts';
import { reserveAttempt } from '../facts/attempts.ts';
import { takeHoldPlaced, takeHoldReleased } from '../facts/holds.ts';
import { ClaimedByAnother, UnknownTask } from '../facts/outcome.ts';
import { bankFactKey, headKey, readHead } from '../protocol/items.ts';
import { type Ports, ReusedId } from '../protocol/signal.ts';

/** The routes of the contract (section 4), by API Gateway's route key. */

interface Request {
  /** Of this one request, given by API Gateway. */
  readonly id: string;
  readonly path: Readonly<Record<string, string | undefined>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly body: unknown;
  /** The token's subject, where the caller came with one: it stands for `by` and `assignee`. */
  readonly subject: string | undefined;
  /** A customer sees and does less than the people of the bank. */
  readonly as: Admitted;
}

type Route = (request: Request, ports: ApiPorts) => Promise<unknown>;

export interface ApiPorts extends ReadingPorts {
  readonly tokens: TokenRules;
}

export const ROUTES: Readonly<Record<string, Route>> = {
  'GET /accounts/{accountId}/journey': async ({ path, query, as }, ports) => {
    const journey = await journeyOf(ports, accountOf(path), { caseId: query.caseId, ownOnly: as === 'customer' });
    return as === 'customer' ? customerView(journey) : journey;
  },
  'GET /tasks': ({ query, as }, ports) => listTasks(ports, query, as !== 'desk'),
  'GET /tasks/{taskId}': (request, ports) => {
    const { by, assignee } = parse(z.object({ by: person.optional(), assignee: person.optional() }), request.query);
    return lookAtTask(ports, taskRequest(request), request.subject ?? by ?? assignee);
  },
  'POST /tasks/{taskId}/claim': (request, ports) => {
    const { assignee } = parse(z.object({ assignee: person }), withSubject(request, 'assignee'));
    return claimTask(ports, taskRequest(request), assignee);
  },
  'POST /tasks/{taskId}/release': (request, ports) => {
    const { assignee } = parse(z.object({ assignee: person.optional() }), withSubject(request, 'assignee') ?? {});
    return releaseTask(ports, taskRequest(request), assignee);
  },
  'POST /tasks/{taskId}/reassign': (request, ports) => {
    const { assignee, by } = parse(z.object({ assignee: person, by: person.optional() }), withSubject(request, 'by'));
    return reassignTask(ports, taskRequest(request), assignee, by);
  },
  'POST /tasks/{taskId}/assign': (request, ports) =>
    assignVisit(ports, taskOf(request.path), parse(assignmentBody, withSubject(request, 'by'))),
  'POST /tasks/{taskId}/attempts': (request, ports) =>
    reserveAttempt(ports, taskOf(request.path), parse(attemptBody, withSubject({ ...request, body: request.body ?? {} }, 'by'))),
  'POST /tasks/{taskId}/outcome': (request, ports) => {
    const body = parse(outcomeBody, withSubject(request, 'by'));
    notAhead(body.at, 'at', ports.now);
    return reportOutcome(ports, taskOf(request.path), body);
  },
  'POST /contacts/check': ({ body }, ports) => {
    const wanted = parse(checkBody, body);
    within(wanted.at, 'at', ports.now);
    return checkOf(ports, wanted);
  },
  'GET /accounts/{accountId}/plan-offers': ({ path, query }, ports) => planOffers(ports, accountOf(path), parse(planOffersQuery, query)),
  'POST /accounts/{accountId}/plans': ({ path, body }, ports) => {
    const agreement = parse(planBody, body);
    notAhead(agreement.agreedAt, 'agreedAt', ports.now);
    return agreePlan(ports, accountOf(path), agreement);
  },
  'POST /accounts/{accountId}/plan-requests': (request, ports) => {
    // A customer is nobody of the bank: their own request has no name on it.
    const own = request.as === 'customer';
    const asked = own ? parse(planRequestBody.omit({ by: true }), request.body) : parse(planRequestBody, withSubject(request, 'by'));
    return requestPlan(ports, accountOf(request.path), asked);
  },
  'POST /accounts/{accountId}/holds': ({ path, body }, ports) => placeHold(ports, accountOf(path), body),
  'POST /cases/{caseId}/close': (request, ports) =>
    closeCase(ports, parse(z.object({ caseId: id }), request.path).caseId, parse(closeBody, withSubject(request, 'by'))),
  'POST /cases/{caseId}/reopen': (request, ports) =>
    reopenCase(ports, parse(z.object({ caseId: id }), request.path).caseId, parse(reopenBody, withSubject(request, 'by'))),
  'GET /stops': ({ query }, ports) => listStops(ports, query),
  'POST /stops': (request, ports) => placeStop(ports, parse(stopBody, withSubject(request, 'by'))),
  'POST /stops/{stopId}/lift': (request, ports) =>
    liftStop(
      ports,
      parse(z.object({ stopId: id }), request.path).stopId,
      parse(liftBody, withSubject({ ...request, body: request.body ?? {} }, 'by')).by,
    ),
  'DELETE /holds/{holdId}': ({ path, query }, ports) => releaseHold(ports, parse(z.object({ holdId: id }), path).holdId, query),
};

/** Answers one request. What a caller did wrong becomes problem details; a fault of ours is thrown, and API Gateway answers 500. */
export async function serveApi(event: APIGatewayProxyEventV2, ports: ApiPorts): Promise<Answer> {
  try {
    const route = ROUTES[event.routeKey];
    if (route === undefined) throw new NotFound(`There is no ${event.routeKey}.`);
    const caller = callerOf(event, ports.tokens);
    const asked = requestOf(event);
    const as = await admit(ports, caller, { ...asked, route: event.routeKey });
    return answer(await route({ ...asked, subject: caller.kind === 'token' ? caller.subject : undefined, as }, ports));
  } catch (error) {
    const problem = problemOf(error);
    if (problem === undefined) throw error;
    return problemAnswer(problem);
  }
}

function requestOf(event: APIGatewayProxyEventV2): Omit<Request, 'subject' | 'as'> {
  return {
    id: event.requestContext.requestId,
    path: event.pathParameters ?? {},
    query: event.queryStringParameters ?? {},
    body: bodyOf(event),
  };
}

function bodyOf(event: APIGatewayProxyEventV2): unknown {
  if (event.body === undefined || event.body === '') return undefined;
  const raw = event.isBase64Encoded ? Buffer.from(event.body, 'base64').toString('utf8') : event.body;
  try {
    return JSON.parse(raw);
  } catch {
    throw new Malformed('The body must be JSON.');
  }
}

function withSubject(request: Request, member: 'by' | 'assignee'): unknown {
  if (request.subject === undefined || typeof request.body !== 'object') return request.body;
  return { ...request.body, [member]: request.subject };
}

/** @throws Malformed naming the first offending field and its rule */
function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const field = issue?.path.join('.');
  throw new Malformed(`${field || 'body'}: ${issue?.message ?? 'is malformed'}`, field || 'body');
}

function accountOf(path: Request['path']): string {
  return parse(z.object({ accountId: id }), path).accountId;
}

function taskRequest({ path, id: requestId }: Pick<Request, 'path' | 'id'>): TaskRequest {
  return { taskId: taskOf(path), requestId };
}

function taskOf(path: Request['path']): string {
  return parse(z.object({ taskId: id }), path).taskId;
}

function notAhead(at: string | undefined, field: string, now: number): void {
  if (at !== undefined && toMillis(at) > now + 24 * HOUR) throw new Malformed(`${field}: must not lie more than 24 hours ahead`, field);
}

/** Contact is planned ahead at most so far: what the gate counts is known no further. */
const PLANNED_DAYS_MAX = 30;

function within(at: string | undefined, field: string, now: number): void {
  if (at === undefined) return;
  if (toMillis(at) < now) throw new Malformed(`${field}: must not lie in the past`, field);
  if (toMillis(at) > now + PLANNED_DAYS_MAX * DAY) throw new Malformed(`${field}: must lie at most ${PLANNED_DAYS_MAX} days ahead`, field);
}

// ---- holds -------------------------------------------------------------------------------------------------------------

const holdBody = z.object({
  holdId: id,
  kind: holdPlaced.shape.kind,
  placedAt: instant.optional(),
  expiresAt: instant.optional(),
  reason: z.string().max(500).optional(),
});

async function placeHold(ports: Ports, accountId: string, body: unknown): Promise<unknown> {
  const { placedAt, ...rest } = parse(holdBody, body);
  notAhead(placedAt, 'placedAt', ports.now);
  const known = await ports.table.get(bankFactKey('hold-placed', rest.holdId));
  // Without a time of its own, a repeat means the hold that it placed the first time.
  const first = placedAt === undefined && known !== undefined ? await placedBefore(ports, accountId, rest.holdId) : undefined;
  const hold = { ...rest, accountId, placedAt: placedAt ?? first ?? toInstant(ports.now) };
  await takeHoldPlaced(ports, hold);
  return hold;
}

async function placedBefore(ports: Ports, accountId: string, holdId: string): Promise<string | undefined> {
  const { account } = readHead(accountId, await ports.table.get(headKey(accountId)));
  return account.holds.find((hold) => hold.holdId === holdId)?.placedAt;
}

async function releaseHold(ports: Ports, holdId: string, query: Request['query']): Promise<unknown> {
  const { releasedAt: at } = parse(z.object({ releasedAt: instant.optional() }), query);
  notAhead(at, 'releasedAt', ports.now);
  const [placed, released] = await ports.table.snapshot([bankFactKey('hold-placed', holdId), bankFactKey('hold-released', holdId)]);
  if (placed === undefined) throw new NotFound(`There is no hold ${holdId}.`);
  const before = released?.body?.S === undefined ? undefined : (JSON.parse(released.body.S) as { releasedAt: string }).releasedAt;
  const releasedAt = at ?? before ?? toInstant(ports.now);
  await takeHoldReleased(ports, { holdId, releasedAt });
  return { holdId, releasedAt };
}

function problemOf(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error;
  if (error instanceof Refusal)
    return error.status === 409
      ? new Conflict(error.message, error.field, error.rule)
      : new RuleBroken(error.message, error.field, error.rule);
  if (error instanceof Contradiction) return new RuleBroken(error.message, error.field);
  if (error instanceof ReusedId) return new Conflict(error.message);
  if (error instanceof UnknownTask) return new NotFound(error.message);
  if (error instanceof ClaimedByAnother) return new Conflict(error.message);
  return reservationProblem(error);
}
