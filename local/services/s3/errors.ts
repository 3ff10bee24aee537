import { AwsError } from '../../kernel/errors.ts';

/**
 * An error as S3 answers it: a code without a suffix, elements of its own in the document, and sometimes headers, which are all
 * that a `HEAD` shows (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html).
 */
export class S3Error extends AwsError {
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: string, message: string, status: number, extra: Record<string, unknown> = {}, headers: Record<string, string> = {}) {
    super(code, message, status, extra);
    this.headers = headers;
  }
}

export function noSuchBucket(BucketName: string): S3Error {
  return new S3Error('NoSuchBucket', 'The specified bucket does not exist', 404, { BucketName });
}

export function noSuchKey(Key: string, headers: Record<string, string> = {}): S3Error {
  return new S3Error('NoSuchKey', 'The specified key does not exist.', 404, { Key }, headers);
}

export function noSuchVersion(Key: string, VersionId: string): S3Error {
  return new S3Error('NoSuchVersion', 'The specified version does not exist.', 404, { Key, VersionId });
}

export function invalidArgument(message: string, ArgumentName: string, ArgumentValue: unknown): S3Error {
  return new S3Error('InvalidArgument', message, 400, { ArgumentName, ArgumentValue: String(ArgumentValue) });
}

export function invalidRequest(message: string): S3Error {
  return new S3Error('InvalidRequest', message, 400);
}

export function accessDenied(why: string): S3Error {
  return new S3Error('AccessDenied', why, 403);
}

export function preconditionFailed(Condition: string): S3Error {
  return new S3Error('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412, { Condition });
}

export function malformedXml(): S3Error {
  return new S3Error('MalformedXML', 'The XML you provided was not well-formed or did not validate against our published schema', 400);
}

/** What this S3 does not offer; `what` names it. */
export function notImplemented(what: string): S3Error {
  return new S3Error('NotImplemented', `The embedded cloud's S3 has no ${what}.`, 501);
}
