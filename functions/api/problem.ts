/** RFC 9457 problem details, and the errors that become them. */
export class Problem extends Error {
  override readonly name: string = 'Problem';
  readonly status: number;
  readonly title: string;
  readonly field: string | undefined;
  /** Further members of the document (RFC 9457, section 3.2). */
  readonly members: Readonly<Record<string, unknown>> = {};
  readonly headers: Readonly<Record<string, string>> = {};

  constructor(status: number, title: string, detail: string, field?: string) {
    super(detail);
    this.status = status;
    this.title = title;
    this.field = field;
  }
}

export class NotFound extends Problem {
  override readonly name = 'NotFound';
  constructor(detail: string) {
    super(404, 'Not found', detail);
  }
}

export class Malformed extends Problem {
  override readonly name = 'Malformed';
  constructor(detail: string, field?: string) {
    super(400, 'Malformed request', detail, field);
  }
}

/** The state does not allow what was asked; `rule` is the rule's name, where it has one. */
export class Conflict extends Problem {
  override readonly name = 'Conflict';
  override readonly members: Readonly<Record<string, unknown>>;

  constructor(detail: string, field?: string, rule?: string) {
    super(409, 'The state does not allow this', detail, field);
    this.members = rule === undefined ? {} : { rule };
  }
}

/** What was asked breaks a rule of the field; `rule` is its name, where it has one. */
export class RuleBroken extends Problem {
  override readonly name = 'RuleBroken';
  override readonly members: Readonly<Record<string, unknown>>;

  constructor(detail: string, field?: string, rule?: string) {
    super(422, 'A rule forbids this', detail, field);
    this.members = rule === undefined ? {} : { rule };
  }
}

/** The caller is known and may not: a scope is missing, or it is about somebody else's account or task. */
export class Forbidden extends Problem {
  override readonly name = 'Forbidden';
  override readonly members: Readonly<Record<string, unknown>>;

  constructor(rule: string, detail: string) {
    super(403, 'Not allowed', detail);
    this.members = { rule };
  }
}

/** The gate said no: its word goes with the document. */
export class ContactNotAllowed extends Problem {
  override readonly name = 'ContactNotAllowed';
  override readonly members: Readonly<Record<string, unknown>>;

  constructor(detail: string, members: Readonly<Record<string, unknown>>) {
    super(409, 'This contact may not be made now', detail);
    this.members = members;
  }
}

/** Too many at once about one thing: nothing was done, and the same request may be sent again. */
export class TryAgain extends Problem {
  override readonly name = 'TryAgain';
  override readonly headers = { 'retry-after': '1' };

  constructor(detail: string) {
    super(503, 'Busy', detail);
  }
}

export interface Answer {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

export function answer(body: unknown): Answer {
  return { statusCode: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

export function problemAnswer(problem: Problem): Answer {
  const { status, title, message, field, members, headers } = problem;
  const body = { type: 'about:blank', title, status, detail: message, ...(field === undefined ? {} : { field }), ...members };
  return { statusCode: status, headers: { 'content-type': 'application/problem+json', ...headers }, body: JSON.stringify(body) };
}
