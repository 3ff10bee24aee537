/** Header names in lower case. */
export type Headers = Readonly<Record<string, string | undefined>>;

/** A signature names the service it is for: that tells S3's requests, which have no other mark, from all others. */
const SCOPE = /\/s3(?:%2F|\/)aws4_request/i;

/** Whether a request is signed for S3: in its header, or in the address of a presigned link (of signature version 4 or 2). */
export function isSignedForS3(authorization: string | undefined, query: string): boolean {
  if (authorization !== undefined) return SCOPE.test(authorization);
  return (
    /(^|&)X-Amz-Credential=[^&]*%2Fs3%2Faws4_request/i.test(query) || (/(^|&)AWSAccessKeyId=/.test(query) && !/(^|&)Action=/.test(query))
  );
}

/** `bucket.localhost`, `bucket.s3.localhost`: clients address a bucket so where the endpoint is a name and not a number. */
const VIRTUAL_HOST = /^([a-z0-9][a-z0-9.-]{1,61}?[a-z0-9])\.(?:s3\.)?localhost(?::\d+)?$/;

/** The bucket and key in the host and path of a request; both undefined for the service itself. */
export function addressOf(headers: Headers, path: string): { bucket?: string; key?: string } {
  const host = VIRTUAL_HOST.exec(headers.host ?? '')?.[1];
  const bucket = host !== undefined && host !== 's3' ? host : undefined;
  if (bucket !== undefined) return { bucket, ...keyIn(path.slice(1)) };
  const slash = path.indexOf('/', 1);
  if (path.length <= 1) return {};
  if (slash < 0) return { bucket: decodeURIComponent(path.slice(1)) };
  return { bucket: decodeURIComponent(path.slice(1, slash)), ...keyIn(path.slice(slash + 1)) };
}

function keyIn(path: string): { key?: string } {
  return path === '' ? {} : { key: decodeURIComponent(path) };
}
