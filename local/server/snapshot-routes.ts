import { Hono } from 'hono';
import type { Cloud } from '../cloud.ts';
import { formatInstant } from '../duration.ts';
import { AwsError, UnsupportedError } from '../kernel/errors.ts';
import { answerJsonBody } from './json-body.ts';
import { problem } from './problem.ts';

const EXAMPLE = '{ "name": "before-the-weekend" }';

/** Snapshots by name: `POST /snapshot`, `POST /restore`, `GET /snapshots`, `DELETE /snapshots/<name>`. */
export function snapshotRoutes(cloud: Cloud): Hono {
  const routes = new Hono();
  routes.post('/snapshot', (context) =>
    answerJsonBody(context.req, EXAMPLE, async (body) => Response.json(await cloud.snapshots.save(nameOf(body)), { status: 201 })),
  );
  routes.post('/restore', (context) =>
    answerJsonBody(context.req, EXAMPLE, async (body) => {
      const name = nameOf(body);
      try {
        await cloud.snapshots.restore(name);
      } catch (error) {
        if (error instanceof UnsupportedError) return problem(409, 'Conflict', error.message);
        throw error;
      }
      return Response.json({ name, now: formatInstant(cloud.now()) });
    }),
  );
  routes.get('/snapshots', (context) => context.json(cloud.snapshots.list()));
  routes.delete('/snapshots/:name', (context) => {
    const name = context.req.param('name');
    return cloud.snapshots.delete(name) ? context.body(null, 204) : problem(404, 'Not found', `There is no snapshot ${name}.`);
  });
  return routes;
}

function nameOf(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new AwsError('ValidationException', `The body must be an object: ${EXAMPLE}`);
  const { name, ...rest } = body as Record<string, unknown>;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) throw new AwsError('ValidationException', `The body must have no member ${unknown}; it may have name`);
  return name;
}
