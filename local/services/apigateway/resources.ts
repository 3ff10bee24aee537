import { createHash } from 'node:crypto';
import {
  booleanProperty,
  numberProperty,
  type Resource,
  type ResourceHandler,
  refuseUnknown,
  unsupported,
} from '../../template/resource.ts';
import { functionNameOf } from '../lambda/lambda-service.ts';
import type { ApiGatewayService } from './apigateway-service.ts';
import { type Authorizer, isIdentitySource } from './authorize.ts';
import { type CorsConfiguration, corsProblem } from './cors.ts';

/** What the routes need of an integration. */
interface Integration {
  readonly functionName: string;
  readonly timeoutMilliseconds: number;
}

/** The HTTP API resource types. Integrations and authorizers are looked up by the routes that name them. */
export function apiHandlers(gateway: ApiGatewayService): ResourceHandler[] {
  const integrations = new Map<string, Integration>();
  const authorizers = new Map<string, Authorizer>();
  return [
    apiHandler(gateway),
    integrationHandler(integrations),
    authorizerHandler(authorizers),
    routeHandler(gateway, integrations, authorizers),
    stageHandler(gateway),
  ];
}

function stageHandler(gateway: ApiGatewayService): ResourceHandler {
  return {
    type: 'AWS::ApiGatewayV2::Stage',
    honoured: ['ApiId', 'StageName', 'StageVariables'],
    inert: {
      AccessLogSettings: 'requests are not logged here',
      AutoDeploy: 'the template is what runs',
      DefaultRouteSettings: 'requests are not throttled here',
      DeploymentId: 'the template is what runs',
      Description: 'nothing reads it',
      RouteSettings: 'requests are not throttled here',
      Tags: 'nothing reads tags',
    },
    provision({ properties }) {
      const name = String(properties.StageName);
      const variables = Object.entries((properties.StageVariables ?? {}) as object).map(([key, value]) => [key, String(value)]);
      gateway.addStage(String(properties.ApiId), name, Object.fromEntries(variables));
      return { ref: name };
    },
  };
}

function apiHandler(gateway: ApiGatewayService): ResourceHandler {
  return {
    type: 'AWS::ApiGatewayV2::Api',
    honoured: ['CorsConfiguration', 'Name', 'ProtocolType'],
    inert: {
      Description: 'nothing reads it',
      DisableExecuteApiEndpoint: 'there is one way in',
      Tags: 'nothing reads tags',
    },
    provision(resource, { baseUrl }) {
      if (resource.properties.ProtocolType !== 'HTTP') throw unsupported(resource, 'only HTTP APIs are supported by the embedded cloud');
      const id = shortId(resource);
      gateway.createApi(id, String(resource.properties.Name), corsOf(resource));
      return { ref: id, attributes: { ApiEndpoint: `${baseUrl}/api`, ApiId: id } };
    },
  };
}

const CORS = ['AllowCredentials', 'AllowHeaders', 'AllowMethods', 'AllowOrigins', 'ExposeHeaders', 'MaxAge'];

function corsOf(resource: Resource): CorsConfiguration | undefined {
  const given = resource.properties.CorsConfiguration as Record<string, unknown> | undefined;
  if (given === undefined) return undefined;
  refuseUnknown(resource, 'CorsConfiguration', given, CORS);
  const list = (name: string) => [given[name] ?? []].flat().map(String);
  const cors: CorsConfiguration = {
    allowOrigins: list('AllowOrigins'),
    allowMethods: list('AllowMethods'),
    allowHeaders: list('AllowHeaders'),
    exposeHeaders: list('ExposeHeaders'),
    allowCredentials: booleanProperty(given.AllowCredentials, false),
    ...(given.MaxAge !== undefined && { maxAge: numberProperty(resource, 'CorsConfiguration.MaxAge', given.MaxAge, 0) }),
  };
  const problem = corsProblem(cors);
  if (problem !== undefined) throw unsupported(resource, `CorsConfiguration.${problem}`);
  return cors;
}

const TIMEOUT_MILLISECONDS_MIN = 50;
const TIMEOUT_MILLISECONDS_MAX = 30_000;

function integrationHandler(integrations: Map<string, Integration>): ResourceHandler {
  return {
    type: 'AWS::ApiGatewayV2::Integration',
    honoured: [
      'ApiId',
      'IntegrationSubtype',
      'IntegrationType',
      'IntegrationUri',
      'PayloadFormatVersion',
      'RequestParameters',
      'TimeoutInMillis',
    ],
    inert: {
      ConnectionType: 'functions are in this process',
      CredentialsArn: 'every caller on this machine may do everything',
      Description: 'nothing reads it',
      IntegrationMethod: 'functions are always invoked by POST',
    },
    provision(resource) {
      const {
        IntegrationSubtype: subtype,
        IntegrationType: type,
        IntegrationUri: uri,
        PayloadFormatVersion: version,
      } = resource.properties;
      if (subtype !== undefined)
        throw unsupported(resource, `integration subtype ${String(subtype)} is not supported by the embedded cloud`);
      if (resource.properties.RequestParameters !== undefined)
        throw unsupported(resource, 'property RequestParameters is not supported by the embedded cloud');
      if (type !== 'AWS_PROXY' || version !== '2.0')
        throw unsupported(resource, 'only Lambda proxy integrations with payload format 2.0 are supported');
      const functionArn = /(arn:aws:lambda:[^/]*)/.exec(String(uri))?.[1] ?? String(uri);
      const id = shortId(resource);
      const timeoutMilliseconds = numberProperty(
        resource,
        'TimeoutInMillis',
        resource.properties.TimeoutInMillis,
        TIMEOUT_MILLISECONDS_MAX,
      );
      if (timeoutMilliseconds < TIMEOUT_MILLISECONDS_MIN || timeoutMilliseconds > TIMEOUT_MILLISECONDS_MAX)
        throw unsupported(resource, `TimeoutInMillis must be ${TIMEOUT_MILLISECONDS_MIN} to ${TIMEOUT_MILLISECONDS_MAX}`);
      integrations.set(id, { functionName: functionNameOf(functionArn), timeoutMilliseconds });
      return { ref: id, attributes: { IntegrationId: id } };
    },
  };
}

const OF_FUNCTIONS = [
  'AuthorizerCredentialsArn',
  'AuthorizerPayloadFormatVersion',
  'AuthorizerResultTtlInSeconds',
  'AuthorizerUri',
  'EnableSimpleResponses',
];

function authorizerHandler(authorizers: Map<string, Authorizer>): ResourceHandler {
  return {
    type: 'AWS::ApiGatewayV2::Authorizer',
    honoured: ['ApiId', 'AuthorizerType', 'IdentitySource', 'JwtConfiguration', 'Name'],
    inert: Object.fromEntries(OF_FUNCTIONS.map((name) => [name, 'only of authorizers that are functions, which are refused'])),
    provision(resource) {
      const { properties } = resource;
      if (properties.AuthorizerType !== 'JWT')
        throw unsupported(resource, `authorizer type ${String(properties.AuthorizerType)} is not supported by the embedded cloud`);
      const sources = [properties.IdentitySource ?? []].flat().map(String);
      const foreign = sources.find((source) => !isIdentitySource(source));
      if (foreign !== undefined) throw unsupported(resource, `identity source ${foreign} is no header or query parameter`);
      const jwt = (properties.JwtConfiguration ?? {}) as { Issuer?: string; Audience?: string[] };
      const id = shortId(resource);
      authorizers.set(id, {
        type: 'JWT',
        ...(jwt.Issuer !== undefined && { issuer: jwt.Issuer }),
        ...(jwt.Audience !== undefined && { audience: jwt.Audience }),
        ...(sources.length > 0 && { identitySource: sources }),
      });
      return { ref: id, attributes: { AuthorizerId: id } };
    },
  };
}

function routeHandler(
  gateway: ApiGatewayService,
  integrations: ReadonlyMap<string, Integration>,
  authorizers: ReadonlyMap<string, Authorizer>,
): ResourceHandler {
  return {
    type: 'AWS::ApiGatewayV2::Route',
    honoured: ['ApiId', 'AuthorizationScopes', 'AuthorizationType', 'AuthorizerId', 'RouteKey', 'Target'],
    inert: { OperationName: 'nothing reads it' },
    provision(resource) {
      const { properties } = resource;
      const integration = integrations.get(String(properties.Target).replace('integrations/', ''));
      if (integration === undefined) throw unsupported(resource, `its target ${String(properties.Target)} is no integration`);
      gateway.addRoute(String(properties.ApiId), String(properties.RouteKey), {
        ...integration,
        authorizer: authorizerOf(resource, authorizers),
      });
      return { ref: shortId(resource), attributes: { RouteId: shortId(resource) } };
    },
  };
}

function authorizerOf(resource: Resource, authorizers: ReadonlyMap<string, Authorizer>): Authorizer {
  const { AuthorizationType: type = 'NONE', AuthorizerId: id, AuthorizationScopes: scopes } = resource.properties;
  if (type === 'NONE' || type === 'AWS_IAM') return { type };
  const authorizer = authorizers.get(String(id));
  if (type !== 'JWT' || authorizer === undefined)
    throw unsupported(resource, `authorization type ${String(type)} is not supported by the embedded cloud`);
  return { ...authorizer, ...(Array.isArray(scopes) && { scopes: scopes.map(String) }) };
}

/** Ten characters, as API Gateway's ids, and the same at every start. */
function shortId(resource: Resource): string {
  const hash = createHash('sha256').update(`${resource.stack}/${resource.logicalId}`).digest('hex');
  return BigInt(`0x${hash.slice(0, 15)}`)
    .toString(36)
    .padStart(10, '0')
    .slice(-10);
}
