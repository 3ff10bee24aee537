import type { MiddlewareHandler } from 'hono';
import { problem } from './problem.ts';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Lets only this machine's own pages and tools in. A name that somebody pointed at the loopback address is not this cloud's
 * (DNS rebinding), and a page of another origin may not make the reader's browser write here: browsers send `Origin` with every
 * such request, tools send none (https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Origin).
 */
export function ownPagesOnly(): MiddlewareHandler {
  return async (context, next) => {
    const host = context.req.header('host') ?? new URL(context.req.url).host;
    if (!isLoopbackName(host))
      return problem(403, 'Foreign host', `This cloud answers for localhost and 127.0.0.1, not for ${JSON.stringify(host.slice(0, 100))}.`);
    if (!SAFE.has(context.req.method) && isForeign(host, context.req.header('origin'), context.req.header('sec-fetch-site')))
      return problem(403, 'Foreign origin', 'Only pages of this cloud may write here.');
    await next();
    return undefined;
  };
}

/** `localhost`, names below it and the loopback addresses, with or without a port. */
export function isLoopbackName(host: string): boolean {
  return /^(localhost|[\w.-]+\.localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i.test(host);
}

function isForeign(host: string, origin: string | undefined, site: string | undefined): boolean {
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true;
  return origin !== undefined && origin !== `http://${host}`;
}
