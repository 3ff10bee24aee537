import { describe, expect, it } from 'vitest';
import { ROUTE_SCOPES } from '../../functions/contract/scopes.ts';
import { ROUTES } from '../../functions/serve-api/serve-api.ts';
import { loadConfig } from '../../infra/config/index.ts';
import { parseConfig } from '../../infra/config/schema.ts';
import { everything, type Json, readable, resourcesOf, resourceWith, synthesize, type Template } from './synthesized.ts';

const { app } = synthesize();
const routesOf = (name: string): { key: string; authorization: unknown; scheme: unknown }[] => {
  const api = resourceWith('AWS::ApiGatewayV2::Api', 'Name', `overdue-journeys-${name}`, app);
  const routes = resourcesOf('AWS::ApiGatewayV2::Route', app).filter(({ Properties }) => readable(Properties.ApiId) === `<${api.id}>`);
  return routes.map(({ Properties }) => ({
    key: String(Properties.RouteKey),
    authorization: Properties.AuthorizationType,
    scheme: Properties.AuthorizerId === undefined ? undefined : readable(Properties.AuthorizerId),
  }));
};

describe('the two ways in', () => {
  it('have the same routes, all that the function answers and no others', () => {
    const keys = routesOf('systems-api').map(({ key }) => key);
    expect(keys).toEqual(routesOf('api').map(({ key }) => key));
    expect(keys.sort()).toEqual(Object.keys(ROUTES).sort());
    expect(keys).toContain('GET /accounts/{accountId}/journey');
  });

  it('lead to the same function', () => {
    const handler = resourceWith('AWS::Lambda::Function', 'FunctionName', 'overdue-journeys-serve-api', app);
    const integrations = resourcesOf('AWS::ApiGatewayV2::Integration', app).map(({ Properties }) => readable(Properties.IntegrationUri));
    expect(integrations).toEqual([`<${handler.id}.Arn>`, `<${handler.id}.Arn>`]);
    expect(Number(handler.Properties.Timeout)).toBeLessThan(30);
  });

  it('ask everybody who they are: systems by IAM, people by a token of our issuer', () => {
    expect(new Set(routesOf('systems-api').map(({ authorization }) => authorization))).toEqual(new Set(['AWS_IAM']));
    expect(new Set(routesOf('api').map(({ authorization }) => authorization))).toEqual(new Set(['JWT']));
    const [authorizer] = resourcesOf('AWS::ApiGatewayV2::Authorizer', app);
    expect(new Set(routesOf('api').map(({ scheme }) => scheme))).toEqual(new Set([`<${authorizer?.id}>`]));
    expect(authorizer?.Properties.JwtConfiguration).toEqual({ Audience: ['overdue-journeys'], Issuer: 'https://login.bank.example' });
  });

  it('ask a token for one of the scopes of the route, each as the issuer writes it; systems have none', () => {
    // Act
    const deployment = { ...everything.deployment, tokens: { scopePrefix: 'collections/' } };
    const { app: prefixed } = synthesize(parseConfig('test', { ...everything, deployment }));
    const scopesOf = (name: string, template: Template) => {
      const api = resourceWith('AWS::ApiGatewayV2::Api', 'Name', `overdue-journeys-${name}`, template);
      const routes = resourcesOf('AWS::ApiGatewayV2::Route', template).filter(
        ({ Properties }) => readable(Properties.ApiId) === `<${api.id}>`,
      );
      return Object.fromEntries(routes.map(({ Properties }) => [String(Properties.RouteKey), Properties.AuthorizationScopes]));
    };
    // Assess
    expect(scopesOf('api', app)).toEqual(Object.fromEntries(Object.keys(ROUTES).map((route) => [route, ROUTE_SCOPES[route]])));
    expect(new Set(Object.values(scopesOf('systems-api', app)))).toEqual(new Set([undefined]));
    expect(scopesOf('api', prefixed)['POST /stops']).toEqual(['collections/supervisor', 'collections/approver']);
  });

  it('are throttled, and logged without address, caller or path', () => {
    const stages = resourcesOf('AWS::ApiGatewayV2::Stage', app);
    expect(stages).toHaveLength(2);
    for (const { Properties } of stages) {
      expect(Properties.DefaultRouteSettings).toMatchObject({ ThrottlingRateLimit: 100, ThrottlingBurstLimit: 200 });
      const { Format } = Properties.AccessLogSettings as Json;
      expect(Object.values(JSON.parse(String(Format))).sort()).toEqual([
        '$context.authorizer.error',
        '$context.integrationErrorMessage',
        '$context.requestId',
        '$context.requestTime',
        '$context.responseLatency',
        '$context.routeKey',
        '$context.status',
      ]);
    }
  });
});

it('without an issuer there is no token API, and no output that promises one', () => {
  // Act
  const { app: dev } = synthesize(loadConfig('dev'));
  // Assess
  expect(resourcesOf('AWS::ApiGatewayV2::Api', dev).map(({ Properties }) => Properties.Name)).toEqual(['overdue-journeys-systems-api']);
  expect(Object.keys(dev.Outputs)).toContain('SystemsApiUrl');
  expect(Object.keys(dev.Outputs)).not.toContain('ApiUrl');
});
