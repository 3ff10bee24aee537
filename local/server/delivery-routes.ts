import { Hono } from 'hono';
import type { Cloud } from '../cloud.ts';
import type { DeliveryRule } from '../services/delivery/delivery-rules.ts';
import { answerJsonBody } from './json-body.ts';
import { problem } from './problem.ts';

const EXAMPLE = '{ "service": "ses", "match": { "to": "a@b.example" }, "outcome": "bounce" }';

/** What shall become of messages: rules are listed, added and deleted. */
export function deliveryRoutes(cloud: Pick<Cloud, 'delivery'>): Hono {
  const routes = new Hono();
  routes.get('/', (context) => context.json(cloud.delivery.list()));
  routes.post('/', (context) =>
    answerJsonBody(context.req, EXAMPLE, (rule) => Response.json(cloud.delivery.add(rule as DeliveryRule), { status: 201 })),
  );
  routes.delete('/', (context) => {
    cloud.delivery.clear();
    return context.body(null, 204);
  });
  routes.delete('/:id', (context) => {
    const id = context.req.param('id');
    return /^\d{1,15}$/.test(id) && cloud.delivery.delete(Number(id))
      ? context.body(null, 204)
      : problem(404, 'Not found', `There is no delivery rule ${id}.`);
  });
  return routes;
}
