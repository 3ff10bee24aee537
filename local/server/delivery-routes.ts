import { Hono } from 'hono';
import { AwsError } from '../kernel/errors.ts';
import type { DeliveryRule, DeliveryRules } from '../services/delivery/delivery-rules.ts';
import { problem } from './problem.ts';

/** What shall become of messages: rules are listed, added and deleted. */
export function deliveryRoutes(rules: DeliveryRules): Hono {
  const routes = new Hono();
  routes.get('/', (context) => context.json(rules.list()));
  routes.post('/', async (context) => addRule(rules, await context.req.text()));
  routes.delete('/', (context) => {
    rules.clear();
    return context.body(null, 204);
  });
  routes.delete('/:id', (context) => {
    const id = context.req.param('id');
    return /^\d{1,15}$/.test(id) && rules.delete(Number(id))
      ? context.body(null, 204)
      : problem(404, 'Not found', `There is no delivery rule ${id}.`);
  });
  return routes;
}

function addRule(rules: DeliveryRules, text: string): Response {
  let rule: unknown;
  try {
    rule = JSON.parse(text);
  } catch {
    return problem(
      400,
      'Malformed request',
      'The body must be JSON: { "service": "ses", "match": { "to": "a@b.example" }, "outcome": "bounce" }.',
    );
  }
  try {
    return Response.json(rules.add(rule as DeliveryRule), { status: 201 });
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return problem(400, 'Malformed request', error.message);
  }
}
