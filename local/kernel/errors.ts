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

/**
 * The connection to a service was lost before it answered: nobody knows what became of the call. Its code is the one by which Step
 * Functions tells of it (https://docs.aws.amazon.com/step-functions/latest/dg/bp-lambda-serviceexception.html).
 */
export class ConnectionLost extends AwsError {
  constructor(service: string) {
    super('SdkClientException', `The connection to ${service} was lost before it answered.`, 500);
  }
}

/** Something in the template, the definition or the environment that this cloud cannot run: said at start, in one line. */
export class UnsupportedError extends Error {
  override readonly name = 'UnsupportedError';
}
