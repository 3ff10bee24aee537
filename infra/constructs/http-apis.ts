import { CfnOutput } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import * as apigateway from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer, HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { ROUTE_SCOPES } from '../../functions/contract/scopes.ts';
import { pascalCase, physicalName } from '../names.ts';
import { encryptedLogGroup } from './encrypted-log-group.ts';
import type { Platform } from './platform.ts';

const { GET, POST, DELETE } = apigateway.HttpMethod;

/** Every route of the API. Both APIs have all of them, with the same function behind. */
const apiRoutes = [
  { method: GET, path: '/accounts/{accountId}/journey' },
  { method: GET, path: '/accounts/{accountId}/plan-offers' },
  { method: POST, path: '/accounts/{accountId}/plans' },
  { method: POST, path: '/accounts/{accountId}/plan-requests' },
  { method: POST, path: '/accounts/{accountId}/holds' },
  { method: DELETE, path: '/holds/{holdId}' },
  { method: GET, path: '/tasks' },
  { method: GET, path: '/tasks/{taskId}' },
  { method: POST, path: '/tasks/{taskId}/claim' },
  { method: POST, path: '/tasks/{taskId}/release' },
  { method: POST, path: '/tasks/{taskId}/reassign' },
  { method: POST, path: '/tasks/{taskId}/assign' },
  { method: POST, path: '/tasks/{taskId}/attempts' },
  { method: POST, path: '/tasks/{taskId}/outcome' },
  { method: POST, path: '/contacts/check' },
  { method: POST, path: '/cases/{caseId}/close' },
  { method: POST, path: '/cases/{caseId}/reopen' },
  { method: GET, path: '/stops' },
  { method: POST, path: '/stops' },
  { method: POST, path: '/stops/{stopId}/lift' },
] as const;

/**
 * The two ways in: systems sign with IAM, people and customers bring a token. The second exists only where somebody is configured to
 * sign tokens.
 */
export class HttpApis extends Construct {
  constructor(scope: Construct, id: string, props: { platform: Platform; handler: lambda.Function }) {
    super(scope, id);
    this.#createApi('SystemsApi', new HttpIamAuthorizer(), props);
    const { jwt } = props.platform.config;
    if (jwt === undefined) return;
    this.#createApi('Api', new HttpJwtAuthorizer('Tokens', jwt.issuer, { jwtAudience: jwt.audience }), props);
  }

  #createApi(id: string, authorizer: apigateway.IHttpRouteAuthorizer, props: { platform: Platform; handler: lambda.Function }): void {
    const { config, key } = props.platform;
    const name = id === 'Api' ? 'api' : 'systems-api';
    const api = new apigateway.HttpApi(this, id, {
      apiName: physicalName(config, name),
      description: id === 'Api' ? 'People and customers, by token' : 'Bank systems, by IAM',
      createDefaultStage: false,
    });
    const integration = new HttpLambdaIntegration(`${pascalCase(name)}Handler`, props.handler, { scopePermissionToRoute: false });
    for (const { method, path } of apiRoutes) {
      const authorizationScopes = id === 'Api' ? scopesOf(`${method} ${path}`, config.deployment.tokens.scopePrefix) : undefined;
      api.addRoutes({ path, methods: [method], integration, authorizer, ...(authorizationScopes && { authorizationScopes }) });
    }
    const stage = new apigateway.HttpStage(this, `${id}Stage`, {
      httpApi: api,
      stageName: '$default',
      autoDeploy: true,
      // A branch of a few hundred collectors stays far below; a script gone wild does not take the intake's share of Lambda.
      throttle: { rateLimit: 100, burstLimit: 200 },
      accessLogSettings: {
        destination: new apigateway.LogGroupLogDestination(
          encryptedLogGroup(this, `${id}Log`, { config, key, owner: '/aws/vendedlogs', name: `access-${name}` }),
        ),
        format: AccessLogFormat.custom(accessLogFormat),
      },
    });
    new CfnOutput(this, `${id}Url`, { value: stage.url, description: id === 'Api' ? 'HTTP API, JWT' : 'HTTP API, IAM' }).overrideLogicalId(
      `${id}Url`,
    );
  }
}

/**
 * What a token needs at the edge: one of the route's scopes. The function asks again, and for the account and the task as well.
 * @throws Error where nobody decided whose route it is: at the edge no scopes would mean every token
 */
function scopesOf(route: string, prefix: string): string[] {
  const scopes = ROUTE_SCOPES[route];
  if (scopes === undefined || scopes.length === 0) throw new Error(`${route} has no scopes in functions/contract/scopes.ts`);
  return scopes.map((scope) => `${prefix}${scope}`);
}

/** The route instead of the path, and neither address nor caller: the log can count and time, and points to nobody. */
const accessLogFormat = JSON.stringify({
  requestId: '$context.requestId',
  at: '$context.requestTime',
  route: '$context.routeKey',
  status: '$context.status',
  latencyMs: '$context.responseLatency',
  authorizerError: '$context.authorizer.error',
  integrationError: '$context.integrationErrorMessage',
});
