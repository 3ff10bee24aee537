import { Hono } from 'hono';
import type { Cloud } from '../cloud.ts';
import { answerJsonBody } from './json-body.ts';

const EXAMPLE = '{ "subject": "anna", "scopes": ["read"] }';

/**
 * The issuer of tokens for the template's JWT authorizers, with the documents that clients and libraries look for
 * (https://openid.net/specs/openid-connect-discovery-1_0.html).
 */
export function issuerRoutes(cloud: Pick<Cloud, 'services'>): Hono {
  const routes = new Hono();
  routes.get('/.well-known/openid-configuration', (context) => {
    const issuer = new URL(context.req.url).origin + context.req.path.replace(/\/\.well-known\/.*$/, '');
    return context.json({
      issuer,
      jwks_uri: `${issuer}/jwks.json`,
      token_endpoint: `${issuer}/token`,
      id_token_signing_alg_values_supported: ['RS256'],
      response_types_supported: ['token'],
      subject_types_supported: ['public'],
    });
  });
  routes.get('/jwks.json', (context) => context.json(cloud.services.apigateway.issuerKeys()));
  routes.post('/token', (context) =>
    answerJsonBody(context.req, EXAMPLE, (body) => Response.json(cloud.services.apigateway.issueToken(body))),
  );
  return routes;
}
