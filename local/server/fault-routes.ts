import { Hono } from 'hono';
import type { Cloud } from '../cloud.ts';
import type { FaultRule } from '../services/faults/rules.ts';
import { answerJsonBody } from './json-body.ts';
import { problem } from './problem.ts';

const EXAMPLE = '{ "service": "dynamodb", "match": { "operation": "PutItem", "count": 1 }, "effect": "throttle" }';

/** What shall go wrong with calls: faults are listed, added and deleted. */
export function faultRoutes({ faults }: Pick<Cloud, 'faults'>): Hono {
  const routes = new Hono();
  routes.get('/', (context) => context.json(faults.list()));
  routes.post('/', (context) =>
    answerJsonBody(context.req, EXAMPLE, (rule) => Response.json(faults.add(rule as FaultRule), { status: 201 })),
  );
  routes.delete('/', (context) => {
    faults.clear();
    return context.body(null, 204);
  });
  routes.delete('/:id', (context) => {
    const id = context.req.param('id');
    return /^\d{1,15}$/.test(id) && faults.delete(Number(id))
      ? context.body(null, 204)
      : problem(404, 'Not found', `There is no fault ${id}.`);
  });
  return routes;
}
