import { hash } from 'node:crypto';

/** The lower-case hexadecimal MD5 that SQS and S3 answer with; not used for security. */
export function md5(text: string): string {
  return hash('md5', text);
}
