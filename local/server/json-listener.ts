import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Cloud } from '../cloud.ts';
import { BODY_BYTES_MAX, REQUEST_ID } from './limits.ts';
import type { Say } from './request-log.ts';
import { isSignedForS3 } from './s3/address.ts';
import { answerAws, needsTime, tooLargeFor } from './wire.ts';

/** Whether a request is of AWS's JSON protocols, which are most of what comes over the port. */
export function isJsonProtocol({ method, url = '/', headers }: IncomingMessage): boolean {
  const question = url.indexOf('?');
  const query = question < 0 ? '' : url.slice(question + 1);
  return method === 'POST' && headers['x-amz-target'] !== undefined && !isSignedForS3(headers.authorization, query);
}

/**
 * Answers a request of AWS's JSON protocols on Node's own request and response, as `httpFront` answers the others: after a commit.
 * Making them into those of the web's `fetch` costs more than the whole call of a service.
 */
export async function answerJsonProtocol(cloud: Cloud, request: IncomingMessage, response: ServerResponse, say?: Say): Promise<void> {
  const headers = request.headers as Record<string, string>;
  const body = await textOf(request);
  if (body === undefined) {
    const refused = tooLargeFor({ path: '/', headers }, say);
    response.writeHead(refused.status, { ...refused.headers, connection: 'close' }).end(refused.body);
    return;
  }
  const asked = answerAws(cloud.kernel, { method: 'POST', path: '/', headers, body }, 'client', say);
  const answer = await (needsTime(request.headers['x-amz-target']) ? asked : cloud.track(asked));
  await cloud.kernel.store.committed();
  response.writeHead(answer.status, {
    ...answer.headers,
    'x-amzn-requestid': REQUEST_ID,
    'content-length': Buffer.byteLength(answer.body),
  });
  response.end(answer.body);
}

/** The body as text; undefined where it is larger than the largest, and then read no further. */
function textOf(request: IncomingMessage): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let size = 0;
  return new Promise((resolve, reject) => {
    request.on('data', (part: Buffer) => {
      size += part.length;
      if (size <= BODY_BYTES_MAX) parts.push(part);
      else resolve(undefined);
    });
    request.on('end', () => resolve((parts.length === 1 ? parts[0] : Buffer.concat(parts))?.toString('utf8')));
    request.on('error', reject);
    // It closes after every request: an error, which walks the stack, is made only for one that is not whole.
    request.on('close', () => {
      if (!request.complete) reject(new Error('The client went away.'));
    });
  });
}
