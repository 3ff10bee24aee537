/** RFC 9457 problem details, and the errors that become them. */
export class Problem extends Error {
  override readonly name: string = 'Problem';
  readonly status: number;
  readonly title: string;
  readonly field: string | undefined;

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

export class Conflict extends Problem {
  override readonly name = 'Conflict';
  constructor(detail: string) {
    super(409, 'The state does not allow this', detail);
  }
}

export class RuleBroken extends Problem {
  override readonly name = 'RuleBroken';
  constructor(detail: string, field?: string) {
    super(422, 'A rule forbids this', detail, field);
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
  const { status, title, message, field } = problem;
  const body = { type: 'about:blank', title, status, detail: message, ...(field === undefined ? {} : { field }) };
  return { statusCode: status, headers: { 'content-type': 'application/problem+json' }, body: JSON.stringify(body) };
}
