import { Hono } from 'hono';
import type { Cloud } from '../cloud.ts';
import { formatInstant } from '../duration.ts';
import { AwsError } from '../kernel/errors.ts';
import { deliveryRoutes } from './delivery-routes.ts';
import { faultRoutes } from './fault-routes.ts';
import { issuerRoutes } from './issuer-routes.ts';
import { problem } from './problem.ts';
import { snapshotRoutes } from './snapshot-routes.ts';

/** The cloud's own routes: its clock, and what left it. */
export function localRoutes(cloud: Cloud): Hono {
  const routes = new Hono();
  routes.get('/clock', (context) => context.json({ now: formatInstant(cloud.now()) }));
  routes.post('/clock', async (context) => moveClock(cloud, await context.req.text()));
  routes.get('/outbox', (context) => jsonArray(cloud, cloud.services.outbox.pages(context.req.query('accountId'))));
  routes.get('/events', (context) => jsonArray(cloud, cloud.services.events.events(context.req.query('accountId'))));
  routes.get('/health', (context) =>
    context.json({ status: 'ok', clock: cloud.kernel.clock, now: formatInstant(cloud.now()), failures: cloud.kernel.failures().length }),
  );
  routes.get('/logs', (context) => {
    const name = context.req.query('function');
    if (name === undefined) return context.json({ functions: Object.keys(cloud.services.lambda.invocations()) });
    if (!cloud.services.lambda.has(name)) return problem(404, 'Not found', `There is no function ${name}.`);
    return context.json(cloud.services.lambda.logs(name).map((line) => ({ at: formatInstant(line.at), text: line.text })));
  });
  routes.route('/delivery', deliveryRoutes(cloud));
  routes.route('/faults', faultRoutes(cloud));
  routes.route('/issuer', issuerRoutes(cloud));
  routes.route('/', snapshotRoutes(cloud));
  routes.all('*', () =>
    problem(
      404,
      'Not found',
      'The embedded cloud has clock, outbox, events, delivery, faults, issuer, snapshots, logs and health under /_local.',
    ),
  );
  return routes;
}

async function moveClock(cloud: Cloud, text: string): Promise<Response> {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return problem(400, 'Malformed request', 'The body must be JSON: { "advance": "P3DT4H" } or { "to": "2026-03-05T00:00:00Z" }.');
  }
  const { advance, to, ...rest } = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  if ((typeof advance === 'string') === (typeof to === 'string') || Object.keys(rest).length > 0)
    return problem(400, 'Malformed request', 'Exactly one of advance (an ISO 8601 duration) and to (an instant) must be given, as text.');
  try {
    const { fired } = await (typeof advance === 'string' ? cloud.advance(advance) : cloud.advanceTo(String(to)));
    return Response.json({ now: formatInstant(cloud.now()), fired });
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    // What was malformed names its field; the rest is about where the clock stands.
    return /^(advance|to) must/.test(error.message)
      ? problem(400, 'Malformed request', error.message)
      : problem(409, 'The clock cannot move so', error.message);
  }
}

/** A list of any length, written page by page. */
function jsonArray(cloud: Cloud, pages: Generator<unknown[]>): Response {
  let separator = '[';
  const body = new ReadableStream({
    pull(controller) {
      const page = pages.next();
      // What a client is shown must not be gone after the end of the process.
      cloud.kernel.store.commit();
      if (page.done === true) {
        controller.enqueue(Buffer.from(separator === '[' ? '[]' : ']'));
        controller.close();
        return;
      }
      controller.enqueue(Buffer.from(separator + page.value.map((item) => JSON.stringify(item)).join(',')));
      separator = ',';
    },
  });
  return new Response(body, { headers: { 'content-type': 'application/json' } });
}
