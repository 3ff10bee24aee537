/**
 * An error as an AWS service answers it. `code` is the service's own error name (`ResourceNotFoundException`), `status` the
 * HTTP status, `extra` further members of the error document (`CancellationReasons`, `Item`).
 */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  readonly extra: Record<string, unknown>;

  constructor(code: string, message: string, status = 400, extra: Record<string, unknown> = {}) {
    super(message);
    this.name = code;
    this.code = code;
    this.status = status;
    this.extra = extra;
  }
}

/** Something in the template, the definition or the environment that this cloud cannot run: said at start, in one line. */
export class UnsupportedError extends Error {
  override readonly name = 'UnsupportedError';
}
